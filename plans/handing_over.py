"""Due dates of a person who leaves the municipality pass to whoever takes over: accounts and curators move."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from nok_portal.accounts import handover
from nok_portal.accounts.models import Membership, User
from nok_portal.audit.services import Told, record_many

from .models import ActivityParty, DueDate, PartyAccount, ResponsibleParty
from .selectors import open_dues


def open_dues_of(membership: Membership) -> int:
    """Open due dates of the parties to which the person's account is linked, or whose curator they are."""
    return _dues(membership).count()


def hand_over_dues(*, membership: Membership, to: Membership, actor: User, at: datetime) -> int:
    """The successor stands behind the same parties from now on; answers how many open due dates that is."""
    passed = open_dues_of(membership)
    linked = PartyAccount.objects.filter(municipality=membership.municipality, user=membership.user)
    parties = list(_parties(membership))
    theirs = PartyAccount.objects.filter(user=to.user).values("party")
    headed = linked.filter(is_head=True).values("party")
    PartyAccount.objects.filter(user=to.user, party__in=headed).update(is_head=True)
    linked.filter(party__in=theirs).delete()
    linked.update(user=to.user)
    ResponsibleParty.objects.filter(municipality=membership.municipality, curator=membership.user).update(
        curator=to.user, version=F("version") + 1
    )
    record_many(
        verb="Передана работа исполнителя",
        about=[
            Told(on=party, before={"person": str(membership.user)}, after={"person": str(to.user)}) for party in parties
        ],
        actor=actor,
        at=at,
    )
    return passed


def _dues(membership: Membership) -> QuerySet[DueDate]:
    assert membership.municipality is not None, "a ministry's role has no plans"
    lines = ActivityParty.objects.filter(party__in=_parties(membership)).values("activity")
    return open_dues(membership.municipality).filter(activity__in=lines)


def _parties(membership: Membership) -> QuerySet[ResponsibleParty]:
    mine = Q(pk__in=PartyAccount.objects.filter(user=membership.user).values("party")) | Q(curator=membership.user)
    return ResponsibleParty.objects.filter(mine, municipality=membership.municipality)


handover.register(
    "plans.dues",
    words=("открытый срок", "открытых срока", "открытых сроков"),
    count=open_dues_of,
    hand_over=hand_over_dues,
)
