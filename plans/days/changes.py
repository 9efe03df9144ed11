"""What a recomputation does to the days of a plan: which come, move, fall away or stay. Pure.

A due date is identified by activity, organization and window. What was reported, accepted or cancelled by a person is
never touched; an open day that holds somebody's work (a returned report, evidence) is cancelled, not deleted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plans.deadlines import Context, Deadline, DueDate, schedule

FELL_AWAY = "День отпал при пересчёте сроков"
_NEAR = 183  # days: a window of another year is the same one moved only when it is as near as this
_SHORT = 92  # days: a window no longer than a quarter belongs to the year of its last day alone
_MOST_PAIRS = 250_000

Link = tuple[int, int | None]  # organization, year or None for every year


class RowState(StrEnum):
    """How a stored day stands towards a recomputation."""

    OPEN = "open"
    REPORTED = "reported"  # or accepted
    CANCELLED = "cancelled"  # by a person
    FALLEN = "fallen"  # cancelled by an earlier recomputation: it comes back with its window


@dataclass(frozen=True)
class Wanted:
    """A day that the words give now; `event` where it counts from one that is no place in the calendar."""

    activity: int
    organization: int | None
    day: DueDate
    event: str = ""

    @property
    def window(self) -> tuple[date, date]:
        return self.day.starts_on, self.day.ends_on


@dataclass(frozen=True)
class Row:
    """A day as it is stored; `has_work`: a report, evidence or a remark hangs on it."""

    due: int
    activity: int
    organization: int | None
    starts_on: date
    ends_on: date
    origin: str
    state: RowState
    has_work: bool = False

    @property
    def window(self) -> tuple[date, date]:
        return self.starts_on, self.ends_on


Pair = tuple[Row, Wanted]


@dataclass(frozen=True)
class Changes:
    """Every row and every wanted day stands in exactly one of these; rows that a person cancelled in none.

    `beside`: added days next to a report whose own window the words no longer give.
    """

    same: tuple[Pair, ...] = ()
    added: tuple[Wanted, ...] = ()
    moved: tuple[Pair, ...] = ()
    back: tuple[Pair, ...] = ()
    gone: tuple[Row, ...] = ()
    cancelled: tuple[Row, ...] = ()
    kept: tuple[Row, ...] = ()
    beside: tuple[Pair, ...] = ()


def wanted_days(activity: int, deadline: Deadline, context: Context, links: Iterable[Link] = ()) -> list[Wanted]:
    """The days of a line, one for each organization that it names for the year of the window.

    A window for whose years no organization is named is the line's own.
    """
    events = {term.event for term in deadline.terms if term.event and not term.anchor}
    links = list(links)
    found = []
    for day in schedule(deadline, context):
        years = years_of_window(day.starts_on, day.ends_on)
        named = sorted({organization for organization, year in links if year is None or year in years})
        event = day.event if day.event in events else ""
        whose: list[int | None] = [*named] or [None]
        found += [Wanted(activity, organization, day, event) for organization in whose]
    return found


def years_of_window(starts_on: date, ends_on: date) -> range:
    """The years for which an organization named under one of them must be done in this window."""
    first = ends_on.year if (ends_on - starts_on).days <= _SHORT else starts_on.year
    return range(first, ends_on.year + 1)


def day_changes(rows: Iterable[Row], wanted: Iterable[Wanted]) -> Changes:
    """What happens to the rows so that the open ones are the wanted days without those that were reported."""
    same, added, moved, back, gone, cancelled, kept, beside = ([] for _ in range(8))  # type: ignore[var-annotated]
    rows_of, wanted_of = defaultdict(list), defaultdict(list)
    for row in rows:
        rows_of[row.activity, row.organization].append(row)
    for one in wanted:
        wanted_of[one.activity, one.organization].append(one)
    for key in {**wanted_of, **rows_of}:
        standing = {row.window: row for row in rows_of[key]}
        missing = []
        for one in wanted_of[key]:
            if one.window not in standing:
                missing.append(one)
                continue
            row = standing.pop(one.window)
            if row.state is RowState.FALLEN:
                back.append((row, one))
            elif row.state is not RowState.CANCELLED:
                same.append((row, one))
        left = [row for row in standing.values() if row.state is RowState.OPEN]
        reported = [row for row in standing.values() if row.state is RowState.REPORTED]
        pairs = moves(left, missing)
        moved += pairs
        taken = {id(one) for _, one in pairs}
        new = [one for one in missing if id(one) not in taken]
        added += new
        beside += moves(reported, new)
        kept += reported
        on_the_move = {row.due for row, _ in pairs}
        for row in left:
            if row.due not in on_the_move:
                (cancelled if row.has_work else gone).append(row)
    return Changes(*(tuple(some) for some in (same, added, moved, back, gone, cancelled, kept, beside)))


def moves(rows: Sequence[Row], wanted: Sequence[Wanted]) -> list[Pair]:
    """Which windows replace which: as many as possible in the order of the days, the nearest ones together.

    A window replaces one of the same year, of another year only when it is near, or counts from the same event.
    """
    if not rows or not wanted or len(rows) * len(wanted) > _MOST_PAIRS:
        return []
    rows = sorted(rows, key=lambda row: (row.ends_on, row.starts_on))
    wanted = sorted(wanted, key=lambda one: (one.day.ends_on, one.day.starts_on))
    # best[i][j]: how many pairs the rows from i and the days from j give, and how many days apart, negative
    best = [[(0, 0)] * (len(wanted) + 1) for _ in range(len(rows) + 1)]
    for i in range(len(rows) - 1, -1, -1):
        for j in range(len(wanted) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], _with_pair(rows[i], wanted[j], best[i + 1][j + 1]))
    pairs, i, j = [], 0, 0
    while i < len(rows) and j < len(wanted):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((rows[i], wanted[j]))
            i, j = i + 1, j + 1
    return pairs


def _with_pair(row: Row, one: Wanted, rest: tuple[int, int]) -> tuple[int, int]:
    if not _may_replace(row, one):
        return (-1, 0)
    return rest[0] + 1, rest[1] - abs((row.ends_on - one.day.ends_on).days)


def _may_replace(row: Row, one: Wanted) -> bool:
    if row.ends_on.year == one.day.ends_on.year or abs((row.ends_on - one.day.ends_on).days) <= _NEAR:
        return True
    return one.event != "" and row.origin == one.day.origin


def organizations_without_days(links: Iterable[Link], days: Iterable[tuple[date, date]]) -> list[Link]:
    """Links of years for which the line has no window at all: their organizations get nothing to do."""
    years = {year for window in days for year in years_of_window(*window)}
    return [link for link in links if link[1] is not None and link[1] not in years]
