"""Reports on due dates: what waits for whom, the list of due dates, the people behind parties."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from nok_portal.accounts.models import Membership, User
from nok_portal.tenants.models import Municipality, Organization
from plans.enums import DueState, PartyKind
from plans.models import DueDate, PartyAccount, Plan, ResponsibleParty

from .dues import DueLine, due_lines, is_late
from .people import dues_of_person

SOON = 14  # days


def dues_in_force(municipality: Municipality) -> QuerySet[DueDate]:
    """Due dates of plans in force, in whatever state."""
    return DueDate.objects.filter(municipality=municipality, activity__plan__in=Plan.objects.in_force())


def waiting_for_acceptance(municipality: Municipality, limit: int | None = None) -> list[DueLine]:
    """Reports that nobody has accepted or returned yet, the longest waiting first."""
    waiting = dues_in_force(municipality).filter(state=DueState.REPORTED)
    return due_lines(waiting.order_by("reported_at", "pk")[:limit])


def returned_to_person(
    *, municipality: Municipality, user: User, organization_ids: Collection[int] = (), limit: int | None = None
) -> list[DueLine]:
    """Reports of the person's own work that were returned, the most urgent first."""
    mine = dues_of_person(municipality=municipality, user=user, organization_ids=organization_ids)
    return due_lines(mine.exclude(returned_reason="").order_by("window_to", "activity__position", "pk")[:limit])


def mine_soon(
    *,
    municipality: Municipality,
    user: User,
    today: date,
    organization_ids: Collection[int] = (),
    days: int = SOON,
    limit: int | None = None,
) -> list[DueLine]:
    """The person's own open due dates that are late or end within `days` days, oldest first; returned ones too."""
    mine = dues_of_person(municipality=municipality, user=user, organization_ids=organization_ids)
    near = mine.filter(is_late(today)) | mine.filter(window_to__range=(today, today + timedelta(days=days)))
    return due_lines(near.order_by("window_to", "activity__position", "pk")[:limit])


def people_of_parties(parties: Iterable[ResponsibleParty]) -> dict[int, set[User]]:
    """Who is told of a party's work, by the party's key: its people, else its institution's, else its curator.

    For a group: the people of all its institutions. Only those who still have a role in the municipality.
    """
    parties = list(parties)
    members = list(
        Membership.objects.current()
        .filter(municipality__in={party.municipality_id for party in parties}, user__is_active=True)
        .select_related("user", "organization")
    )
    users = {member.user_id: member.user for member in members}
    accounts: dict[int, set[User]] = {}
    for party_id, user_id in PartyAccount.objects.filter(party__in=parties).values_list("party_id", "user_id"):
        if user_id in users:
            accounts.setdefault(party_id, set()).add(users[user_id])
    found: dict[int, set[User]] = {}
    for party in parties:
        people = accounts.get(party.pk) or {
            member.user for member in members if member.organization and _works_for(member.organization, party)
        }
        if not people and party.curator_id in users:
            people = {users[party.curator_id]}
        found[party.pk] = people
    return found


def _works_for(organization: Organization, party: ResponsibleParty) -> bool:
    if party.kind == PartyKind.INSTITUTIONS:
        return party.group_sphere == organization.sphere and party.group_type in ("", organization.organization_type)
    return party.organization_id == organization.pk
