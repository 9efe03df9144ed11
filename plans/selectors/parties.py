"""Responsible parties: the list, one with its lines, what a merge would change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from nok_portal.accounts.models import Membership
from nok_portal.accounts.selectors import in_russian_order
from nok_portal.audit.selectors import timeline_for
from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import Role
from plans.enums import GROUP_SPHERES, PartyKind
from plans.models import Activity, ActivityParty, PartyAccount, Plan, ResponsibleParty
from plans.party_facts import taken_facts

from .behind import Behind, Person, behind_parties
from .dues import is_late, open_dues
from .lines import Line, lines_of_activities


@dataclass(frozen=True)
class PartyFilter:
    """Whom a person looks for; the fields are those of the address."""

    words: str = ""
    kind: str = ""
    without_people: bool = False
    doubles: bool = False


@dataclass(frozen=True)
class PartyRow:
    """A party in the list: how many lines of plans in force name it, what of them waits, who stands behind."""

    party: ResponsibleParty
    behind: Behind
    lines: int
    open: int
    overdue: int
    next_due: date | None


@dataclass(frozen=True)
class PlanLines:
    """The lines of one plan that name a party."""

    plan: Plan
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class MergePreview:
    """What becomes of lines, people and facts when two parties become one."""

    moves: int
    joined: int
    people: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def parties_of(municipality: Municipality) -> QuerySet[ResponsibleParty]:
    """The parties without the other names that lead to them, by name."""
    return (
        ResponsibleParty.objects.filter(municipality=municipality, merged_into__isnull=True)
        .select_related("organization")
        .order_by(in_russian_order("name"), "pk")
    )


def party_rows(municipality: Municipality, *, today: date) -> list[PartyRow]:
    """All parties of the municipality as the list shows them, in six queries whatever their number."""
    parties = list(parties_of(municipality))
    in_force = ActivityParty.objects.filter(municipality=municipality, activity__plan__in=Plan.objects.in_force())
    lines = dict(in_force.order_by().values_list("party").annotate(Count("activity", distinct=True)))
    dues: dict[int | None, dict[str, Any]] = {
        row["activity__party_links__party"]: dict(row)
        for row in open_dues(municipality)
        .order_by()
        .values("activity__party_links__party")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=is_late(today)),
            next_due=Min("window_to", filter=Q(window_to__gte=today)),
        )
    }
    behind = behind_parties(parties, on=today)
    return [
        PartyRow(
            party=party,
            behind=behind[party.pk],
            lines=lines.get(party.pk, 0),
            open=dues.get(party.pk, {}).get("open", 0),
            overdue=dues.get(party.pk, {}).get("overdue", 0),
            next_due=dues.get(party.pk, {}).get("next_due"),
        )
        for party in parties
    ]


def wanted_rows(rows: Iterable[PartyRow], wanted: PartyFilter, alike: Collection[int] = ()) -> list[PartyRow]:
    """Every word must occur in the name, in any spelling. `alike`: parties that may be doubles."""
    words = fold(wanted.words).split()
    return [
        row
        for row in rows
        if (not wanted.kind or row.party.kind == wanted.kind)
        and (not wanted.without_people or row.behind.is_nobody)
        and (not wanted.doubles or row.party.pk in alike)
        and all(word in row.party.name_key for word in words)
    ]


def plans_with_party(party: ResponsibleParty) -> list[PlanLines]:
    """The lines that name the party, by plan, the latest period first; archived plans are left out."""
    activities = (
        Activity.objects.filter(party_links__party=party, plan__archived_at__isnull=True)
        .select_related("plan__approved_by")
        .order_by("-plan__period_to", "-plan__period_from", "-plan_id", "position")
    )
    found: dict[int, list[Line]] = {}
    for line in lines_of_activities(activities):
        found.setdefault(line.activity.plan_id, []).append(line)
    return [PlanLines(some[0].activity.plan, tuple(some)) for some in found.values()]


def other_names(party: ResponsibleParty) -> list[ResponsibleParty]:
    """Doubles and former names that lead to the party."""
    return list(party.doubles.order_by("name_key"))


def opened_facts(party: ResponsibleParty, *, version: int) -> dict[str, Any]:
    """What has changed since the version, by field, as it was then: keys to other rows by number."""
    opened: dict[str, Any] = {}
    for entry in timeline_for(party).filter(before__version__gte=version).order_by("at", "pk"):
        for name, value in entry.before.items():
            opened.setdefault(name, value)
    return opened


def colleagues_of(municipality: Municipality) -> list[Person]:
    """Everybody with a role in the municipality now, once each, by name."""
    found: dict[int, Person] = {}
    memberships = (
        Membership.objects.current()
        .filter(municipality=municipality, user__is_active=True)
        .select_related("user", "organization")
        .order_by(in_russian_order("user__full_name"), "user_id", "pk")
    )
    for one in memberships:
        post = one.post or Role(one.role).label
        found.setdefault(one.user_id, Person(one.user, post))
    return list(found.values())


def group_label(party: ResponsibleParty) -> str:
    """Which organizations a group means: 'Культура, библиотека'; '' while nobody has said."""
    if party.kind != PartyKind.INSTITUTIONS or not party.group_sphere:
        return ""
    sphere = dict(GROUP_SPHERES)[party.group_sphere]
    return f"{sphere}, {party.group_type}" if party.group_type else sphere


def merge_preview(kept: ResponsibleParty, double: ResponsibleParty) -> MergePreview:
    """What would change, told before it is done."""
    own = ActivityParty.objects.filter(party=kept).values("activity")
    links = ActivityParty.objects.filter(party=double)
    counts = links.aggregate(
        moves=Count("pk", filter=~Q(activity__in=own)), joined=Count("pk", filter=Q(activity__in=own))
    )
    held = PartyAccount.objects.filter(party=kept).values("user")
    joining = PartyAccount.objects.filter(party=double).exclude(user__in=held).select_related("user").order_by("pk")
    return MergePreview(
        moves=counts["moves"],
        joined=counts["joined"],
        people=tuple(str(link.user) for link in joining),
        facts=tuple(_taken_in_words(kept, double)),
    )


def _taken_in_words(kept: ResponsibleParty, double: ResponsibleParty) -> Iterable[tuple[str, str]]:
    taken = taken_facts(kept, double)
    if "kind" in taken:
        yield "Кто это", PartyKind(double.kind).label
    if "organization_id" in taken:
        yield "Учреждение", str(double.organization)
    if "group_sphere" in taken:
        yield "Какие организации", group_label(double)
    if "curator_id" in taken:
        yield "Куратор", str(double.curator)


def organization_choices(municipality: Municipality) -> QuerySet[Organization]:
    """What an institution can be."""
    return Organization.objects.filter(municipality=municipality).listed().in_russian_order()
