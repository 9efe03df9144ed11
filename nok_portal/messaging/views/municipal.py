"""How a municipality reminds: the settings, what they come to, and the letter as a person would get it."""

from typing import Any, cast
from urllib.parse import urlencode

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces, whole_number
from nok_portal.tenants.access import View, office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from nok_portal.tenants.selectors.places import Change

from ..forms.municipal import MunicipalForm
from ..models.settings import LONGEST_OPENING
from ..people import Contact, Staff
from ..selectors.foretold import Foretold, foretold
from ..selectors.settings import changes_in_words, escalation_people, history_of_settings, settings_of, staff_of
from ..services.digests import preview_digest, send_trial
from ..services.settings import change_reminder_settings, ship_reminder_settings, values_of

# links of the shown letter open beside the portal; nothing in it runs or loads
SANDBOX = ["allow-popups", "allow-popups-to-escape-sandbox"]
# instead of each directive of the portal's own policy
LETTER_POLICY = dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]) | {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": SANDBOX,
}


def frames_of_its_own(view: View) -> View:
    """The page shows a page of the portal in a frame."""
    return cast(View, csp_update({"frame-src": [SELF]})(cast(Any, view)))


def in_a_frame(view: View) -> View:
    """Shown in a frame of the portal only, with its own styles and without anything else."""
    return cast(View, xframe_options_sameorigin(csp_replace(LETTER_POLICY)(cast(Any, view))))


@office_page(Right.MANAGE_SETTINGS)
@frames_of_its_own
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_settings(request: OfficeRequest) -> HttpResponse:
    """Thresholds, hour, opening line, kinds and who hears of lateness; `look` only shows what they would come to."""
    municipality = request.municipality
    staff = staff_of(municipality)
    form = _form(request, staff, request.POST if request.method == "POST" else None)
    conflict: list[Change] | None = None
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        try:
            change_reminder_settings(
                municipality=municipality,
                wishes=form.wishes,
                escalation_people=form.cleaned_data["people"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except StaleVersion:
            conflict, form = _conflict(request, form, staff)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:reminder_settings", municipality.slug)
    return _page(request, form, staff, conflict=conflict)


@office_page(Right.MANAGE_SETTINGS)
@require_POST
def reminder_foretold(request: OfficeRequest) -> HttpResponse:
    """What the typed numbers come to, while they are typed."""
    staff = staff_of(request.municipality)
    form = _form(request, staff, request.POST)
    return render(request, "messaging/_foretold.html", {"foretold": _foretold(request, form, staff)})


@office_page(Right.MANAGE_SETTINGS)
@frames_of_its_own
@require_POST
def reminder_preview(request: OfficeRequest) -> HttpResponse:
    """The letter with the opening line that is being typed."""
    staff = staff_of(request.municipality)
    return render(request, "messaging/_letter_preview.html", _letter(request, staff, request.POST.get("opening", "")))


@office_page(Right.MANAGE_SETTINGS)
@in_a_frame
@require_safe
def reminder_letter(request: OfficeRequest) -> HttpResponse:
    """The HTML part alone, for a frame of the settings: with its own styles, which pages of the portal do not allow."""
    staff = staff_of(request.municipality)
    shown = preview_digest(
        municipality=request.municipality,
        person=_person(request, staff, request.GET.get("person", "")),
        opening=_opening(request.GET.get("opening", "")),
        at=timezone.now(),
    )
    return HttpResponse(shown.html.replace("<head>", '<head><base target="_blank">', 1))


@office_page(Right.MANAGE_SETTINGS)
@frames_of_its_own
@require_POST
def reminder_trial(request: OfficeRequest) -> HttpResponse:
    """Sends the letter that is shown to the person who looks at it; what was typed stays on the page."""
    staff = staff_of(request.municipality)
    mail = send_trial(
        municipality=request.municipality,
        person=_person(request, staff, request.POST.get("person", "")),
        opening=_opening(request.POST.get("opening", "")),
        to=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"Пробное письмо отправлено на {mail.recipient}")
    if request.htmx:
        return render(request, "includes/toasts_oob.html")
    return _page(request, _form(request, staff, request.POST), staff)


@office_page(Right.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_settings_shipped(request: OfficeRequest) -> HttpResponse:
    """Back to what the portal was shipped with, after a question."""
    slug = request.municipality.slug
    if request.method == "POST":
        ship_reminder_settings(municipality=request.municipality, actor=request.user, at=timezone.now())
        messages.success(request, "Настройки напоминаний возвращены")
        return redirect("office:reminder_settings", slug)
    back = reverse("office:reminder_settings", args=[slug])
    return render(request, "confirm.html", {**_shipped_question(request), "back_url": back})


def _page(
    request: OfficeRequest, form: MunicipalForm, staff: Staff, *, conflict: list[Change] | None = None
) -> HttpResponse:
    row = settings_of(request.municipality)
    context = {
        "form": form,
        "conflict": conflict,
        "foretold": _foretold(request, form, staff),
        "history": history_of_settings(row, staff),
        "shipped": _shipped_question(request) if row.pk else None,
        "people": sorted(staff.people.values(), key=lambda one: one.name),
        **_letter(request, staff, form["opening"].value() or ""),
    }
    status = 409 if conflict is not None else 422 if form.errors else 200
    return render(request, "messaging/reminder_settings.html", context, status=status)


def _form(request: OfficeRequest, staff: Staff, data: Any = None) -> MunicipalForm:
    municipality = request.municipality
    return MunicipalForm(data, row=settings_of(municipality), escalation=escalation_people(municipality), staff=staff)


def _conflict(request: OfficeRequest, form: MunicipalForm, staff: Staff) -> tuple[list[Change], MunicipalForm]:
    """What is saved now where it differs from what was typed, and the form with what was typed, which may be saved."""
    row = settings_of(request.municipality)
    saved = values_of(row) | {"escalation": escalation_people(request.municipality)}
    typed = vars(form.wishes) | {"escalation": sorted(form.cleaned_data["people"])}
    data = request.POST.copy()
    data["version"] = str(row.version)
    return changes_in_words(typed, saved, staff), _form(request, staff, data)


def _foretold(request: OfficeRequest, form: MunicipalForm, staff: Staff) -> Foretold | None:
    """What the numbers in the form come to; None while they cannot be read."""
    form.is_valid()
    if form.thresholds is None:
        return None
    return foretold(
        request.municipality,
        thresholds=form.thresholds,
        kinds_off=form.kinds_off,
        escalate_after=form.cleaned_data["escalate_after"],
        above=[staff.people[key].name for key in form.cleaned_data.get("people", ())],
        day=request.municipality.day_of(timezone.now()),
    )


def _letter(request: OfficeRequest, staff: Staff, typed: str) -> dict[str, Any]:
    """The letter to the person chosen, with the opening line typed."""
    municipality, opening = request.municipality, _opening(typed)
    person = _person(request, staff, request.POST.get("person", ""))
    shown = preview_digest(municipality=municipality, person=person, opening=opening, at=timezone.now())
    address = reverse("office:reminder_letter", args=[municipality.slug])
    return {
        "person": person,
        "shown": shown,
        "letter_url": f"{address}?{urlencode({'person': person.user_id, 'opening': opening})}",
    }


def _opening(typed: str) -> str:
    """As it would be saved."""
    return fold_spaces(typed)[:LONGEST_OPENING]


def _person(request: OfficeRequest, staff: Staff, typed: str) -> Contact:
    """Whoever is chosen, else whoever looks at the page."""
    me = Contact(request.user.pk, str(request.user), request.user.email)
    return staff.people.get(whole_number(typed) or request.user.pk, me)


def _shipped_question(request: OfficeRequest) -> dict[str, str]:
    return {
        "title": "Вернуть настройки напоминаний, как было при поставке?",
        "text": "Дни, час и виды станут прежними, вступление и список тех, кому сообщают о просрочке, исчезнут."
        " В истории останется, что было.",
        "url": reverse("office:reminder_settings_shipped", args=[request.municipality.slug]),
        "verb": "Вернуть",
    }
