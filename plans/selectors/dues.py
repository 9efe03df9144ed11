"""Due dates of a municipality: late, soon, and as a line on a screen says them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from nok_portal.tenants.models import Municipality
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


def overdue(municipality: Municipality, today: date, limit: int | None = None) -> list[DueLine]:
    """Open due dates whose last day is over, oldest first; plans in the archive do not count.

    Neither do days that were over before the plan came into the portal: nobody could report them here.
    """
    dues = open_dues(municipality).filter(is_late(today))
    return due_lines(dues.order_by("window_to", "activity__position", "pk")[:limit])


def due_soon(municipality: Municipality, today: date, days: int = 14, limit: int | None = None) -> list[DueLine]:
    """Open due dates whose last day is today or within `days` days, nearest first."""
    dues = open_dues(municipality).filter(window_to__range=(today, today + timedelta(days=days)))
    return due_lines(dues.order_by("window_to", "activity__position", "pk")[:limit])


def count_overdue(municipality: Municipality, today: date) -> int:
    return open_dues(municipality).filter(is_late(today)).count()


def is_late(today: date) -> Q:
    return Q(window_to__lt=today, ended_before_entry=False)


def open_dues(municipality: Municipality) -> QuerySet[DueDate]:
    """Days of plans in force that ask for something: neither reported, accepted nor cancelled."""
    return DueDate.objects.filter(
        municipality=municipality, state=DueState.OPEN, activity__plan__in=Plan.objects.in_force()
    )


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
    found = DueDate.objects.filter(municipality=municipality).select_related("activity")
    if plan is None:
        found = found.filter(activity__plan__in=Plan.objects.in_force())
    else:
        found = found.filter(activity__plan=plan)
    if state:
        found = found.filter(state=state)
    if since:
        found = found.filter(window_to__gte=since)
    if till:
        found = found.filter(window_to__lte=till)
    if late_on:
        found = found.filter(is_late(late_on), state=DueState.OPEN)
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
