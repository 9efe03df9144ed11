"""What was sent to whom and when, for administrators; how the mail does as a whole, for the portal's support."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.scope import scope

from ..kinds import all_kinds
from ..mail_problems import WITHDRAWN, Reason, reason_of
from ..models import OutgoingMail, Reminder

State = OutgoingMail.State
LATELY = timedelta(days=14)  # how long a failure is told without being looked for


@dataclass(frozen=True)
class MailFilter:
    """Words of an address, a name or a subject; a state of OutgoingMail.State; a kind of letter; days, both included."""

    words: str = ""
    state: str = ""
    kind: str = ""
    since: date | None = None
    till: date | None = None


@dataclass(frozen=True)
class MailHealth:
    """How the mail of a portal does: what waits, since when, what was given up lately and why the last time."""

    waiting: int
    waiting_since: datetime | None
    stuck: int
    failed: int
    failed_in: list[tuple[Municipality, int]]
    last_failed_at: datetime | None
    last_reason: Reason | None


def letters_of(municipality: Municipality, wanted: MailFilter) -> QuerySet[OutgoingMail]:
    """Letters of a municipality, newest first, each with its person and `reminder_count`; without their bodies."""
    told = Reminder.objects.filter(mail=OuterRef("pk")).order_by().values("mail").annotate(amount=Count("pk"))
    found = _wanted(municipality, wanted)
    if wanted.state:
        found = found.filter(_in_state(wanted.state))
    return (
        found.select_related("user")
        .defer("html")
        .annotate(reminder_count=Coalesce(Subquery(told.values("amount")), 0))
        .order_by("-created_at", "-pk")
    )


def count_by_state(municipality: Municipality, wanted: MailFilter) -> dict[str, int]:
    """How many letters are in each state and in `all`, whatever state is wanted."""
    states = {state: Count("pk", filter=_in_state(state)) for state in State.values}
    return _wanted(municipality, wanted).order_by().aggregate(**states, all=Count("pk"))


def letters_by_key(municipality: Municipality, keys: Collection[UUID]) -> list[OutgoingMail]:
    """These letters of a municipality, newest first."""
    found = OutgoingMail.objects.filter(municipality=municipality, pk__in=keys).select_related("user").defer("html")
    return list(found.order_by("-created_at", "-pk"))


def _in_state(state: str) -> Q:
    """A letter that was called back is in no list of failures."""
    found = Q(state=state)
    return found & ~Q(error__startswith=WITHDRAWN) if state == State.FAILED else found


def _wanted(municipality: Municipality, wanted: MailFilter) -> QuerySet[OutgoingMail]:
    found = OutgoingMail.objects.filter(municipality=municipality)
    for word in wanted.words.split()[:10]:
        found = found.filter(
            Q(recipient__icontains=word) | Q(subject__icontains=word) | Q(user__full_name__icontains=word)
        )
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.since:
        found = found.filter(created_at__date__gte=wanted.since)
    if wanted.till:
        found = found.filter(created_at__date__lte=wanted.till)
    return found


def reminders_in(mail: OutgoingMail) -> QuerySet[Reminder]:
    """What a letter told."""
    return Reminder.objects.filter(mail=mail).select_related("recipient").order_by("due_on", "pk")


def reminders_of_things(municipality: Municipality, things: Iterable[str]) -> QuerySet[Reminder]:
    """Everybody who was told of these things ('duedate:7'), newest first, each with what became of the letter."""
    # the kinds are all there are: named, they lead the database by its index to the few rows of a thing
    kinds = [one.key for one in all_kinds()]
    found = Reminder.objects.filter(municipality=municipality, kind__in=kinds, thing__in=list(things))
    return found.select_related("recipient").annotate(mail_state=F("mail__state")).order_by("-pk")


def count_failed_lately(municipality: Municipality, *, at: datetime) -> int:
    """How many letters were given up in the last days; one that is sent again is none of them while it waits."""
    return OutgoingMail.objects.filter(_failed_lately(at), municipality=municipality).count()


def mail_health(*, at: datetime) -> MailHealth:
    """The mail of all places: figures and reasons, no addresses and no words; few queries, whatever their number."""
    places = {one.pk: one for one in Municipality.objects.all()}
    regions = Region.objects.values_list("pk", flat=True)
    waiting, failed = Q(state=State.WAITING), _failed_lately(at)
    with scope(readable=places, regions=regions, system=True):
        rows = list(
            OutgoingMail.objects.filter(waiting | failed)
            .values("municipality_id")
            .annotate(
                waiting=Count("pk", filter=waiting),
                since=Min("created_at", filter=waiting),
                stuck=Count("pk", filter=waiting & Q(tries__gt=0)),
                failed=Count("pk", filter=failed),
            )
            .order_by("-failed", "municipality_id")
        )
        last = OutgoingMail.objects.filter(failed).order_by("-next_try_at").values_list("next_try_at", "error").first()
    return MailHealth(
        waiting=sum(row["waiting"] for row in rows),
        waiting_since=min((row["since"] for row in rows if row["since"]), default=None),
        stuck=sum(row["stuck"] for row in rows),
        failed=sum(row["failed"] for row in rows),
        failed_in=[
            (places[row["municipality_id"]], row["failed"])
            for row in rows
            if row["failed"] and row["municipality_id"] in places
        ],
        last_failed_at=last[0] if last else None,
        last_reason=reason_of(last[1]) if last else None,
    )


def _failed_lately(at: datetime) -> Q:
    """By the moment of the last try, which a letter sent again begins anew."""
    return _in_state(State.FAILED) & Q(next_try_at__gt=at - LATELY)
