"""Due dates of a municipality: which of them, whether they are late or soon, and as a line on a screen says them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from nok_portal.tenants.models import Municipality
from plans.days.lateness import soon_until
from plans.enums import DueState
from plans.models import ActivityParty, DueDate, Plan


@dataclass(frozen=True)
class DueLine:
    """A due date with all that a line about it says."""

    due_id: int
    activity_id: int
    plan_id: int
    plan_title: str
    number: str
    title: str
    parties: tuple[str, ...]
    window_from: date
    window_to: date
    label: str
    state: DueState
    organization: str = ""
    reported_at: datetime | None = None
    returned_reason: str = ""


def is_late(today: date) -> Q:
    """days.lateness.due_is_late, asked of the database."""
    return Q(state=DueState.OPEN, window_to__lt=today, ended_before_entry=False)


def is_soon(today: date) -> Q:
    """Open, and its last day is today or one of the days that are soon."""
    return Q(state=DueState.OPEN, window_to__range=(today, soon_until(today)))


def dues_in_force(municipalities: Collection[Municipality]) -> QuerySet[DueDate]:
    """Due dates of plans in force."""
    return DueDate.objects.filter(municipality__in=municipalities, activity__plan__in=Plan.objects.in_force())


def dues_of(
    municipality: Municipality, *, plan: int | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[DueDate]:
    """Due dates of plans in force, or of one plan whatever its state; `first` and `last` bound the last day."""
    found = (
        dues_in_force([municipality])
        if plan is None
        else DueDate.objects.filter(municipality=municipality, activity__plan=plan)
    )
    if first:
        found = found.filter(window_to__gte=first)
    if last:
        found = found.filter(window_to__lte=last)
    return found


def open_dues(municipality: Municipality) -> QuerySet[DueDate]:
    """Days of plans in force that ask for something: neither reported, accepted nor cancelled."""
    return dues_of(municipality).filter(state=DueState.OPEN)


def due_dates(
    municipality: Municipality,
    *,
    plan: int | None = None,
    state: str = "",
    since: date | None = None,
    till: date | None = None,
    late_on: date | None = None,
) -> QuerySet[DueDate]:
    """Due dates of plans that count now, or of one plan whatever its state; ordered by their last day.

    `late_on`: only those that are late on that day.
    """
    found = dues_of(municipality, plan=plan, first=since, last=till).select_related("activity")
    if state:
        found = found.filter(state=state)
    if late_on:
        found = found.filter(is_late(late_on))
    return found.order_by("window_to", "activity__position", "pk")


def due_lines(dues: QuerySet[DueDate]) -> list[DueLine]:
    """What lines about these due dates say, in three queries."""
    links = ActivityParty.objects.select_related("party").order_by("position")
    found = dues.select_related("activity__plan", "organization").prefetch_related(
        Prefetch("activity__party_links", links)
    )
    return [
        DueLine(
            due_id=due.pk,
            activity_id=due.activity_id,
            plan_id=due.activity.plan_id,
            plan_title=due.activity.plan.title,
            number=due.activity.number,
            title=due.activity.title,
            parties=tuple(link.party.name for link in due.activity.party_links.all()),
            window_from=due.window_from,
            window_to=due.window_to,
            label=due.label,
            state=DueState(due.state),
            organization=str(due.organization or ""),
            reported_at=due.reported_at,
            returned_reason=due.returned_reason,
        )
        for due in found
    ]
