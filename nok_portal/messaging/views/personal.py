"""A person's own reminders: what comes by letter, how often, and the address of the calendar."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right

from ..digest import note_of
from ..forms.personal import PersonalForm
from ..kinds import all_kinds
from ..selectors.settings import feed_of, personal_settings_of, possible_deputies, settings_of, staff_of
from ..selectors.upcoming import next_letter
from ..services.feeds import close_feed, renew_feed
from ..services.settings import change_personal_reminders
from .working_here import only_working_here

SHOWN = 5  # of the next letter's reminders


@office_page()
@require_http_methods(["GET", "HEAD", "POST"])
def my_reminders(request: OfficeRequest) -> HttpResponse:
    """Where every letter with reminders leads; only what is the person's own is changed here."""
    municipality = request.municipality
    if request.method == "POST":
        only_working_here(request)
    elif not request.standing.works_here:
        return render(request, "messaging/no_reminders.html")
    form, conflict = _form(request, request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            change_personal_reminders(
                municipality=municipality,
                user=request.user,
                wishes=form.wishes,
                sees_people=Right.SEE_PEOPLE in request.rights,
                version=form.cleaned_data["version"],
                at=timezone.now(),
            )
        except StaleVersion as error:
            form, conflict = _form(request, _with_present_version(request)), str(error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:my_reminders", municipality.slug)
    context = {
        "form": form,
        "conflict": conflict,
        "feed": feed_of(municipality, request.user.pk),
        "always": [kind for kind in all_kinds() if not kind.is_declinable],
        **_letter(request),
    }
    return render(
        request, "messaging/my_reminders.html", context, status=409 if conflict else 422 if form.errors else 200
    )


@office_page()
@never_cache
@require_POST
def feed_renew(request: OfficeRequest) -> HttpResponse:
    """Makes an address of the person's calendar and shows it, this once."""
    only_working_here(request)
    address = renew_feed(municipality=request.municipality, user=request.user, at=timezone.now())
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    return render(request, "messaging/feed_made.html", {"address": address, "webcal": webcal})


@office_page()
@require_POST
def feed_close(request: OfficeRequest) -> HttpResponse:
    """The end of the address."""
    only_working_here(request)
    close_feed(municipality=request.municipality, user=request.user, actor=request.user, at=timezone.now())
    messages.success(request, "Адрес календаря закрыт")
    return redirect("office:my_reminders", request.municipality.slug)


def _form(request: OfficeRequest, data: Any = None) -> PersonalForm:
    row = personal_settings_of(request.municipality, request.user.pk)
    sees_people = Right.SEE_PEOPLE in request.rights
    deputies = possible_deputies(staff_of(request.municipality), row, sees_people=sees_people)
    return PersonalForm(data, row=row, deputies=deputies)


def _with_present_version(request: OfficeRequest) -> Any:
    """What was typed, which may be saved over what is saved now."""
    data = request.POST.copy()
    data["version"] = str(personal_settings_of(request.municipality, request.user.pk).version)
    return data


def _letter(request: OfficeRequest) -> dict[str, Any]:
    """What the person would be told now, or who is told in their place."""
    municipality, at = request.municipality, timezone.now()
    letter = next_letter(municipality, user_id=request.user.pk, at=at)
    row, settings = personal_settings_of(municipality, request.user.pk), settings_of(municipality)
    day = municipality.day_of(at)
    deputy = staff_of(municipality).people.get(row.deputy_id) if row.deputy_id else None
    if deputy is not None and personal_settings_of(municipality, deputy.user_id).is_away(day):
        deputy = None
    return {
        "letter": letter,
        "notes": [(one, note_of(one, day=letter.day)) for one in letter.rows[:SHOWN]],
        "more_notes": max(0, len(letter.rows) - SHOWN),
        "hour": settings.hour,
        "municipality_off": settings.kinds_off,
        "pause": row if row.is_away(day) else None,
        "deputy": deputy.name if deputy else "",
    }
