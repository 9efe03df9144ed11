"""Organizations of a line: picked from the register, or taken from the words of the line."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import counted, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.models import Organization
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from nok_portal.tenants.selectors.organizations import OrganizationFilter, organizations_for_list
from plans import selectors
from plans.days.difference import DaysDifference
from plans.enums import PartyKind
from plans.forms.activity_organizations import EVERY, Picked, PickForm, key_of_verb, picked_in
from plans.models import Activity, ResponsibleParty
from plans.selectors.activity_organizations import chosen_organizations
from plans.services import activity_organizations as services
from plans.services.days import days_difference
from plans.views.plan_pages import activity_of
from plans.views.stale import stale_words

_MOST_FOUND = 30


@dataclass(frozen=True)
class Row:
    """An organization on the page with its years."""

    organization: Organization
    years: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """A group party of the line, and how many organizations it would add."""

    party: ResponsibleParty
    count: int


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def picker(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """Pick organizations and years; due dates are shown before they are written."""
    found = activity_of(request, activity_id)
    years = _years_of(found)
    posted = request.method == "POST"
    form = PickForm(request.POST if posted else None, years=years, initial={"year": EVERY})
    stored = [Picked(one.organization.pk, one.years) for one in chosen_organizations(found)]
    picked = picked_in(request.POST, years) if posted else stored
    verb = request.POST.get("do", "")
    picked = _changed(request, found, picked, verb, form.adding if posted else ())
    difference, refusal = DaysDifference(), ""
    version = _version(request) if posted else found.version
    if posted:
        links = [link for one in picked for link in one.links]
        difference = days_difference(found.plan, organizations={found.pk: links})
        seen = not difference or request.POST.get("seen") == difference.stamp
        if verb == "save" and seen:
            try:
                services.set_activity_organizations(
                    activity=found, version=version, links=links, actor=request.user, at=timezone.now()
                )
            except StaleVersion:
                found.refresh_from_db(fields=["version"])
                version, refusal = found.version, stale_words(_standing(found))
            except DomainError as error:
                refusal = str(error)
            else:
                messages.success(request, "Организации строки сохранены")
                return redirect(_back(request, found))
    known = Organization.objects.in_bulk([one.organization for one in picked])
    words = form.cleaned_data["q"] if posted and form.is_valid() and verb == "find" else ""
    context = {
        "activity": found,
        "plan": found.plan,
        "form": form,
        "years": years,
        "rows": [Row(known[one.organization], one.years) for one in picked if one.organization in known],
        "found": _search(request, words, known) if words else None,
        "words": words,
        "groups": _groups(found),
        "difference": difference,
        "shown": posted,
        "refusal": refusal,
        "version": version,
        "back_url": _back(request, found),
    }
    return render(request, "plans/activity_organizations.html", context, status=422 if refusal else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def named(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """«Завести каждой свой срок?»: yes, or not."""
    found = activity_of(request, activity_id)
    key, now = request.POST.get("key", ""), timezone.now()
    try:
        if request.POST.get("do") == "decline":
            services.decline_named_organizations(activity=found, key=key, actor=request.user, at=now)
            messages.success(request, "Сроки остались общими")
        else:
            days = services.accept_named_organizations(
                activity=found, version=_version(request), key=key, actor=request.user, at=now
            )
            count = len(days.added)
            told = f": добавлено {counted(count, 'срок', 'срока', 'сроков')}" if count else ""
            messages.success(request, f"У каждой организации теперь свой срок{told}")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(_back(request, found))


def _changed(
    request: OfficeRequest, activity: Activity, picked: list[Picked], verb: str, adding: tuple[int, ...]
) -> list[Picked]:
    """What stands on the page after the button that was pressed."""
    here = {one.organization for one in picked}
    if verb.startswith("remove-"):
        return [one for one in picked if one.organization != key_of_verb(verb)]
    new: list[int] = []
    if verb.startswith("add-"):
        listed = Organization.objects.filter(municipality=request.municipality).listed()
        new = list(listed.filter(pk=key_of_verb(verb)).values_list("pk", flat=True))
    elif verb.startswith("group-"):
        party = _group_parties(activity).get(key_of_verb(verb))
        if party:
            new = [one.pk for one in selectors.organizations_of(party, on=timezone.localdate())]
    return [*picked, *(Picked(one, adding) for one in new if one not in here)]


def _group_parties(activity: Activity) -> dict[int, ResponsibleParty]:
    links = activity.party_links.filter(party__kind=PartyKind.INSTITUTIONS).exclude(party__group_sphere="")
    return {link.party_id: link.party for link in links.select_related("party").order_by("position")}


def _groups(activity: Activity) -> list[Group]:
    today = timezone.localdate()
    found = [Group(one, len(selectors.organizations_of(one, on=today))) for one in _group_parties(activity).values()]
    return [group for group in found if group.count]


def _search(request: OfficeRequest, words: str, known: dict[int, Organization]) -> list[Organization]:
    found = organizations_for_list(request.municipality, OrganizationFilter(words=words), today=timezone.localdate())
    return [one for one in found[: _MOST_FOUND + len(known)] if one.pk not in known][:_MOST_FOUND]


def _years_of(activity: Activity) -> list[int]:
    """Years that can be ticked: those of the plan, of the line's days, and those chosen already."""
    plan = activity.plan
    years = set(range(plan.period_from.year, plan.period_to.year + 1))
    years |= {day.year for day in activity.due_dates.values_list("window_to", flat=True)}
    years |= {year for year in activity.organization_links.values_list("year", flat=True) if year}
    return sorted(years)


def _standing(activity: Activity) -> str:
    """'Сейчас: Школа № 1 (2026, 2027); Школа № 2.'"""
    chosen = chosen_organizations(activity)
    told = "; ".join(
        one.organization.short_name + (f" ({', '.join(map(str, one.years))})" if one.years else "") for one in chosen
    )
    return f"Сейчас: {told}." if told else "Сейчас не указана ни одна организация."


def _version(request: OfficeRequest) -> int:
    return whole_number(request.POST.get("version", "")) or 0


def _back(request: OfficeRequest, activity: Activity) -> str:
    return f"{reverse('office:plan', args=[request.municipality.slug, activity.plan_id])}?line={activity.pk}"
