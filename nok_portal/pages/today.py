"""What «Сегодня» says to one person: their own work or the municipality's, what waits for them, how the plans stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from nok_portal.common.text import counted, date_in_words
from nok_portal.messaging.selectors.sent import count_failed_lately
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors as plans
from plans.days.lateness import soon_until
from plans.days.process_year import StepState, YearPoint
from plans.models import Plan, PlanImport
from plans.selectors.dues import DueLine
from plans.selectors.events import EventToRecord, events_to_record
from plans.selectors.first_steps import FirstStep, first_steps
from plans.selectors.health import PlanHealth, health_of_plans
from plans.selectors.reporting import returned_to_person, waiting_for_acceptance
from plans.selectors.targets import TargetHealth, targets_at_glance
from plans.selectors.year import process_year

MOST = 200
SHOWN = 5  # lines of a list at once; the rest unfold
_DAYS = ("день", "дня", "дней")
_ON_PHONE = 1  # points before and after the present one that a phone keeps


@dataclass(frozen=True)
class Part:
    """A list of the page: what is seen at once, and what unfolds."""

    shown: Sequence[DueLine] = ()
    rest: Sequence[DueLine] = ()
    count: int = 0

    @classmethod
    def of(cls, lines: Sequence[DueLine], count: int | None = None) -> "Part":
        few = len(lines) <= SHOWN + 1  # a line about one more takes the room of that line
        shown = lines if few else lines[:SHOWN]
        return cls(shown, lines[len(shown) :], len(lines) if count is None else count)


@dataclass(frozen=True)
class LinePoint:
    """A point of the year as includes/year.html draws it."""

    title: str
    term: str
    state: str
    far: bool


@dataclass(frozen=True)
class YearLine:
    """The assessment year; `past` names what a phone folds, `others` are the years beside it."""

    year: int
    points: Sequence[LinePoint]
    past: str
    others: Sequence[int]

    @property
    def year_words(self) -> str:
        return str(self.year)


@dataclass(frozen=True)
class PlanStanding:
    """A plan with what it lacks."""

    health: PlanHealth
    targets: Sequence[TargetHealth]

    @property
    def behind(self) -> int:
        """Target indicators with less than was planned."""
        return sum(one.is_behind for one in self.targets)

    @property
    def without_figure(self) -> int:
        """Those of which nobody has said how a year ended."""
        return sum(one.wants_figure for one in self.targets)

    @property
    def is_whole(self) -> bool:
        return self.health.is_whole and not self.targets


@dataclass(frozen=True)
class Today:
    """The page. `is_own`: late and soon are the person's own due dates, not the municipality's."""

    is_own: bool
    until: date
    has_plans: bool
    late: Part
    soon: Part
    own: int
    returned: Part = field(default_factory=Part)
    reports: Part = field(default_factory=Part)
    imports: Sequence[PlanImport] = ()
    editions: Sequence[Plan] = ()
    events: Sequence[EventToRecord] = ()
    plans: Sequence[PlanStanding] = ()
    year: YearLine | None = None
    steps: Sequence[FirstStep] = ()
    failed_letters: int = 0

    @property
    def waiting(self) -> int:
        """How many things wait for this person's decision."""
        return self.reports.count + self.returned.count + len(self.imports) + len(self.editions)

    @property
    def decisions(self) -> int:
        """How many of them others have brought; what was returned stands by itself."""
        return self.waiting - self.returned.count

    @property
    def has_own(self) -> bool:
        """Whether there is something that the person should report on now."""
        return self.is_own and bool(self.returned.count or self.late.count or self.soon.count)

    @property
    def own_act(self) -> str:
        return "Отчитаться" if self.is_own else ""

    @property
    def own_query(self) -> str:
        """What the calendar is asked for."""
        return "?mine=1" if self.is_own else ""

    @property
    def likely_events(self) -> Sequence[EventToRecord]:
        return [one for one in self.events if one.likely]

    @property
    def other_events(self) -> Sequence[EventToRecord]:
        return [one for one in self.events if not one.likely]


def today_of(request: OfficeRequest, *, today: date, at: datetime, year: int | None = None) -> Today:
    """What this person sees today; as many queries for a long plan as for a short one."""
    municipality, rights = request.municipality, request.rights
    may_accept, may_edit = Right.ACCEPT_REPORTS in rights, Right.EDIT_PLANS in rights
    person = {"user": request.user, "organization_ids": request.standing.organization_ids, "on": today}
    may_have_own = Right.REPORT in rights and request.standing.may_write
    is_own = may_have_own and not may_accept
    mine = plans.dues_of_person(municipality=municipality, **person)
    known = list(plans.plans_of_municipality(municipality))
    in_force = [plan for plan in known if plan.is_in_force]
    if is_own:
        open_ones = mine
    else:
        open_ones = plans.open_dues(municipality)
    order = ("window_to", "activity__position", "pk")
    late = open_ones.filter(plans.is_late(today))
    soon = open_ones.filter(plans.is_soon(today))
    targets = targets_at_glance(municipality, today=today) if in_force else []
    return Today(
        is_own=is_own,
        until=soon_until(today),
        has_plans=bool(known),
        late=Part.of(plans.due_lines(late.order_by(*order)[:MOST]), late.count()),
        soon=Part.of(plans.due_lines(soon.order_by(*order))),
        own=mine.count() if may_have_own and not is_own else 0,
        returned=Part.of(returned_to_person(municipality=municipality, **person)) if may_have_own else Part(),
        reports=Part.of(waiting_for_acceptance(municipality)) if may_accept else Part(),
        imports=plans.unfinished_imports(municipality, at) if may_edit else [],
        editions=[plan for plan in known if plan.is_being_replaced] if may_edit else [],
        events=events_to_record(municipality, today) if may_edit and request.standing.may_write else [],
        plans=[
            PlanStanding(one, [target for target in targets if target.plan.pk == one.plan.pk])
            for one in health_of_plans(in_force, today)
        ],
        year=_year_line(request, today, year),
        steps=first_steps(municipality, rights) if may_edit else [],
        failed_letters=count_failed_lately(municipality, at=at) if Right.MANAGE_PEOPLE in rights else 0,
    )


def _year_line(request: OfficeRequest, today: date, wanted: int | None) -> YearLine | None:
    found = process_year(request.municipality, today, wanted=wanted)
    if found is None:
        return None
    present = next((n for n, one in enumerate(found.points) if one.state is StepState.NOW), None)
    points = [
        LinePoint(
            title=one.title,
            term=_term(one, today),
            state=one.state.value,
            far=_is_far(one, n, present),
        )
        for n, one in enumerate(found.points)
    ]
    folded = [one.title for one in points if one.far and one.state == StepState.DONE]
    return YearLine(
        year=found.year,
        points=points,
        past=", ".join(_small(title) for title in folded),
        others=[year for year in found.years if year != found.year],
    )


def _is_far(point: YearPoint, place: int, present: int | None) -> bool:
    """What a phone folds: everything but what is late and the present one with its neighbours."""
    return present is not None and point.state is not StepState.LATE and abs(place - present) > _ON_PHONE


def _term(point: YearPoint, today: date) -> str:
    """'18 декабря 2025', 'до 1 декабря, осталось 7 дней', 'просрочено на 8 дней', '2 из 3, на проверке'."""
    day = date_in_words(point.day, year=point.day.year != today.year) if point.day else ""
    some = f"{point.done} из {point.total}, " if 0 < point.done < point.total else ""
    match point.state:
        case StepState.DONE:
            return day
        case StepState.PASSED:
            return "до внесения плана"
        case StepState.WAITING:
            return f"{some}ждёт события"
        case StepState.REVIEW:
            return f"{some}на проверке"
    assert point.day is not None
    left = (point.day - today).days
    if point.state is StepState.LATE:
        return f"{some}просрочено на {counted(-left, *_DAYS)}"
    if point.state is StepState.NOW:
        near = {0: "сегодня", 1: "завтра"}.get(left) or f"осталось {counted(left, *_DAYS)}"
        return f"{some}до {day}, {near}"
    return f"{some}до {day}"


def _small(title: str) -> str:
    return title[0].lower() + title[1:]
