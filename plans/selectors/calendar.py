"""Due dates as the calendar shows them: by day, by month, and one day in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import ExtractMonth

from nok_portal.common.text import MONTHS_NOMINATIVE, counted
from plans.enums import DueState
from plans.models import Activity, ActivityParty, DueDate

from .dues import is_late

COUNTED = ("late", "ahead", "reported", "accepted", "cancelled", "before")
LONG = 28  # days from which on a window is told as «до»
# what asks for somebody stands before what is over
_ORDER = (DueState.OPEN, DueState.REPORTED, DueState.ACCEPTED, DueState.CANCELLED)


@dataclass(frozen=True)
class DayLine:
    """An activity with those of its due dates that end on one day: one, or one of each organization."""

    activity: Activity
    dues: tuple[DueDate, ...]

    @property
    def day(self) -> date:
        return self.dues[0].window_to

    @property
    def foremost(self) -> DueDate:
        """The due date whose state the line tells."""
        return min(self.dues, key=_urgency)

    @property
    def is_window(self) -> bool:
        """Whether the day is the end of something long."""
        return any((due.window_to - due.window_from).days >= LONG for due in self.dues)


def day_lines(dues: QuerySet[DueDate], first: date, last: date) -> list[DayLine]:
    """Lines of the days between two, day by day, the most urgent first; in one query."""
    found = dues.filter(window_to__range=(first, last)).select_related("activity")
    needed = ("window_from", "window_to", "state", "ended_before_entry", "returned_reason")
    shown = found.only(*needed, "activity__number", "activity__title", "activity__position")
    return joined(shown.order_by("window_to", "activity__position", "activity", "pk"))


def joined(dues: Iterable[DueDate]) -> list[DayLine]:
    """One line for each activity and day; `dues` come ordered by day and activity."""
    lines = [
        DayLine(same[0].activity, tuple(same))
        for _, found in groupby(dues, key=lambda due: (due.window_to, due.activity_id))
        if (same := list(found))
    ]
    return sorted(lines, key=lambda line: (line.day, *_urgency(line.foremost)))


def dues_of_day(dues: QuerySet[DueDate], day: date) -> list[DueDate]:
    """What ends on the day, in full: plan, section, organization, parties; in two queries."""
    links = ActivityParty.objects.select_related("party").order_by("position")
    found = (
        dues.filter(window_to=day)
        .select_related("activity__plan", "organization")
        .prefetch_related(Prefetch("activity__party_links", links))
        .order_by("activity__plan", "activity__position", "organization__sort_key", "pk")
    )
    return sorted(found, key=lambda due: _urgency(due)[0])


@dataclass(frozen=True)
class MonthCounts:
    """How the due dates of a month stand; `before`: over before the plan came into the portal."""

    month: date
    total: int = 0
    late: int = 0
    reported: int = 0
    accepted: int = 0
    cancelled: int = 0
    before: int = 0

    @property
    def name(self) -> str:
        return MONTHS_NOMINATIVE[self.month.month - 1].capitalize()

    @property
    def in_words(self) -> str:
        """'Из 8 сроков принято 3, на проверке 1, просрочено 1'."""
        dues = counted(self.total, "срока", "сроков", "сроков")
        return f"Из {dues} принято {self.accepted}, на проверке {self.reported}, просрочено {self.late}"

    @property
    def ahead(self) -> int:
        """Open, neither late nor over before the plan came into the portal."""
        return self.total - self.late - self.reported - self.accepted - self.cancelled - self.before


def year_counts(dues: QuerySet[DueDate], year: int, today: date) -> list[MonthCounts]:
    """The twelve months of a year, in one query."""
    rows = (
        dues.filter(window_to__year=year)
        .annotate(month=ExtractMonth("window_to"))
        .values("month")
        .order_by("month")
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=is_late(today)),
            reported=Count("pk", filter=Q(state=DueState.REPORTED)),
            accepted=Count("pk", filter=Q(state=DueState.ACCEPTED)),
            cancelled=Count("pk", filter=Q(state=DueState.CANCELLED)),
            before=Count("pk", filter=Q(state=DueState.OPEN, ended_before_entry=True, window_to__lt=today)),
        )
    )
    found: dict[int, dict[str, Any]] = {row["month"]: dict(row) for row in rows}
    return [MonthCounts(**{**found.get(number, {}), "month": date(year, number, 1)}) for number in range(1, 13)]


def _urgency(due: DueDate) -> tuple[int, bool]:
    return _ORDER.index(DueState(due.state)), due.ended_before_entry
