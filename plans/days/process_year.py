"""The assessment year as a line of steps: what is done, what is present, late or ahead. Pure.

Steps of the process (domain: «The process of one year») that follow each other; what goes on all the time (meetings,
campaigns, monitoring) is no point of the line. Of a step that comes back every year only the due dates of one
assessment year count: each point has a year of its own that begins some months before or after January.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nok_portal.common.workdays import add_months


class StepState(StrEnum):
    """How a point of the line stands; `passed`: over before the plan came into the portal, so nobody can know."""

    DONE = "done"
    REVIEW = "review"
    LATE = "late"
    NOW = "now"
    FUTURE = "future"
    PASSED = "passed"
    WAITING = "waiting"


@dataclass(frozen=True)
class Point:
    """A point of the line: its short words, the process steps (plans.table.steps) that make it up, and how many
    months after January of the assessment year the twelve months begin in which its due dates are looked for.
    """

    key: str
    title: str
    steps: tuple[str, ...]
    begins: int


POINTS = (
    Point("list", "Перечень организаций", ("organization_list", "criteria"), -3),
    Point("contract", "Контракт с оператором", ("operator_contract",), -3),
    Point("informing", "Информирование", ("informing", "survey_forms"), -1),
    Point("survey", "Опрос и обследование", ("survey", "observation", "assessment"), 0),
    Point("report", "Отчёт оператора", ("operator_report",), 3),
    Point("results", "Итоги и рейтинг", ("council_results", "ranking_approval", "proposals"), 5),
    Point("publication", "Публикация итогов", ("publication",), 6),
    Point("sending", "Итоги в учреждения", ("sending_results", "review"), 7),
    Point(
        "remediation",
        "Планы устранения",
        ("remediation_drafted", "remediation_approved", "remediation_published"),
        9,
    ),
)
STEPS_OF_LINE = frozenset(step for point in POINTS for step in point.steps)


@dataclass(frozen=True)
class StepDue:
    """A due date of an activity that means a step; cancelled ones are left out before."""

    step: str
    window_from: date
    window_to: date
    state: str
    ended_before_entry: bool = False
    done_on: date | None = None


@dataclass(frozen=True)
class YearPoint:
    """A point of one assessment year; `day` is when it was done, or the last day that is next."""

    title: str
    state: StepState
    day: date | None
    done: int
    total: int


def span_of_year(point: Point, year: int) -> tuple[date, date]:
    """The first day of the point's twelve months, and the first day after them."""
    first = add_months(date(year, 1, 1), point.begins)
    return first, add_months(first, 12)


def years_in_reach(year: int) -> tuple[date, date]:
    """Between which days a due date can count for the assessment year at all."""
    spans = [span_of_year(point, year) for point in POINTS]
    return min(first for first, _ in spans), max(after for _, after in spans)


def line_of_year(
    dues: Iterable[StepDue], *, year: int, today: date, waiting: Iterable[str] = ()
) -> Sequence[YearPoint]:
    """The points of the year in their order, each once; a point without anything to do is left out.

    `waiting` are steps of which something has no day yet because its event has not happened. Of what is neither
    done, late, reported nor passed, the nearest is present and the rest is ahead.
    """
    by_step: dict[str, list[StepDue]] = {}
    for due in dues:
        by_step.setdefault(due.step, []).append(due)
    waits = set(waiting)
    found = [
        point
        for one in POINTS
        if (point := _point(one, by_step, year=year, today=today, waits=not waits.isdisjoint(one.steps)))
    ]
    ahead = [point.day for point in found if point.state is StepState.FUTURE and point.day]
    nearest = min(ahead, default=None)
    present = next((n for n, one in enumerate(found) if one.state is StepState.FUTURE and one.day == nearest), None)
    return [_as_present(one) if n == present and nearest else one for n, one in enumerate(found)]


def _point(
    point: Point, by_step: Mapping[str, Sequence[StepDue]], *, year: int, today: date, waits: bool
) -> YearPoint | None:
    first, after = span_of_year(point, year)
    dues = [due for step in point.steps for due in by_step.get(step, ()) if first <= due.window_to < after]
    accepted = [due for due in dues if due.state == "accepted"]
    unknown = [due for due in dues if due.state == "open" and due.ended_before_entry]
    open_ones = [due for due in dues if due.state == "open" and not due.ended_before_entry]
    late = [due.window_to for due in open_ones if due.window_to < today]

    def made(state: StepState, day: date | None) -> YearPoint:
        return YearPoint(point.title, state, day, len(accepted), len(dues) - len(unknown))

    if late:
        return made(StepState.LATE, min(late))
    if open_ones:
        return made(StepState.FUTURE, min(due.window_to for due in open_ones))
    if reported := [due.window_to for due in dues if due.state == "reported"]:
        return made(StepState.REVIEW, max(reported))
    if waits:
        return made(StepState.WAITING, None)
    if accepted:
        return made(StepState.DONE, max(due.done_on or due.window_to for due in accepted))
    return made(StepState.PASSED, max(due.window_to for due in unknown)) if unknown else None


def _as_present(point: YearPoint) -> YearPoint:
    return YearPoint(point.title, StepState.NOW, point.day, point.done, point.total)


def year_to_show(years: Iterable[int], today: date) -> int | None:
    """The assessment year a person works on: in January to March still the one before, if there is one.

    The process of a year ends with remediation plans in March of the next. Without the present year the nearest
    one ahead, else the last one.
    """
    known = sorted(set(years))
    wanted = today.year - 1 if today.month <= 3 and today.year - 1 in known else today.year
    return next((year for year in known if year >= wanted), known[-1] if known else None)
