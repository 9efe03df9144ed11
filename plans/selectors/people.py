"""Whose work it is: which responsible parties a person of the portal stands behind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality, Organization
from plans.enums import EVERY_SPHERE, PartyKind, StandsBehind
from plans.models import ActivityParty, DueDate, PartyAccount, ResponsibleParty

from .behind import Behind, behind_parties
from .dues import open_dues


def parties_of_person(
    *, municipality: Municipality, user_id: int, on: date, organization_ids: Collection[int] = ()
) -> QuerySet[ResponsibleParty]:
    """Parties the person works for; those of their institutions and groups; those whose curator they are, where
    somebody is missing.

    `on`: the day. `organization_ids`: the institutions where the person has a role.
    """
    steps = _steps_in(municipality, user_id, on)
    steps_in = [one.party for one in steps if one.behind.unmanned or not one.behind.manned]
    mine = _is_own(user_id, organization_ids) | Q(pk__in=steps_in)
    return ResponsibleParty.objects.filter(mine, municipality=municipality, merged_into__isnull=True).distinct()


def dues_of_person(
    *, municipality: Municipality, user: User, on: date, organization_ids: Collection[int] = ()
) -> QuerySet[DueDate]:
    """Open due dates that the person is to report; what names an organization only where it is theirs."""
    return only_of_person(
        open_dues(municipality), municipality=municipality, user_id=user.pk, on=on, organization_ids=organization_ids
    )


def only_of_person(
    dues: QuerySet[DueDate],
    *,
    municipality: Municipality,
    user_id: int,
    on: date,
    organization_ids: Collection[int] = (),
) -> QuerySet[DueDate]:
    """Those of the due dates that are the person's work; what names an organization only where it is theirs.

    A curator's are those of which nobody else is told: of a whole party, or of its organizations without people.
    """
    parties = ResponsibleParty.objects.filter(_is_own(user_id, organization_ids), municipality=municipality)
    theirs = _of(Q(party__in=parties.filter(merged_into__isnull=True).values("pk")))
    if organization_ids:
        theirs &= Q(organization__isnull=True) | Q(organization__in=organization_ids)
    for one in _steps_in(municipality, user_id, on):
        lines = _of(Q(party=one.party))
        if one.behind.reason is not StandsBehind.CURATOR:
            lines &= Q(organization__isnull=False) & ~Q(organization__in=one.behind.manned)
        theirs |= lines
    return dues.filter(theirs)


def _is_own(user_id: int, organization_ids: Collection[int]) -> Q:
    """Parties that the person works for, or that mean an institution of theirs."""
    mine = Q(pk__in=PartyAccount.objects.filter(user=user_id).values("party"))
    if organization_ids:
        mine |= Q(organization__in=organization_ids)
        for sphere, kind in Organization.objects.filter(pk__in=organization_ids).values_list(
            "sphere", "organization_type"
        ):
            mine |= Q(kind=PartyKind.INSTITUTIONS, group_sphere__in=(EVERY_SPHERE, sphere), group_type__in=("", kind))
    return mine


@dataclass(frozen=True)
class _StepsIn:
    """A party whose curator the person is, with nobody else behind it or behind some of its organizations."""

    party: int
    behind: Behind


def _steps_in(municipality: Municipality, user_id: int, on: date) -> list[_StepsIn]:
    """As reminders have it (selectors.told); one query for whoever is nobody's curator."""
    parties = ResponsibleParty.objects.filter(municipality=municipality, curator=user_id, merged_into__isnull=True)
    behind = behind_parties(parties, on=on)
    return [_StepsIn(party, one) for party, one in behind.items() if one.reason is not StandsBehind.ACCOUNTS]


def _of(links: Q) -> Q:
    """Of the lines that name the parties."""
    return Q(activity__in=ActivityParty.objects.filter(links).values("activity"))
