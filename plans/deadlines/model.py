"""What deadline words mean: the parts of which a `Deadline` is made, all immutable and comparable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from nok_portal.common.workdays import TermUnit, WorkCalendar, default_calendar


class Period(StrEnum):
    """The stretches of time in which people repeat things."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months it has; 0 for days and weeks."""
        return _MONTHS[self]


_MONTHS = {
    Period.DAY: 0,
    Period.WEEK: 0,
    Period.MONTH: 1,
    Period.QUARTER: 3,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
}

_REPEATS = {
    Period.DAY: "daily",
    Period.WEEK: "weekly",
    Period.MONTH: "monthly",
    Period.QUARTER: "quarterly",
    Period.HALF_YEAR: "half_yearly",
    Period.YEAR: "yearly",
}


class Flag(StrEnum):
    """What a deadline says beside, or instead of, days."""

    ONGOING = "ongoing"
    AS_NEEDED = "as_needed"
    ON_REQUEST = "on_request"
    IF_POSSIBLE = "if_possible"
    BY_AGREEMENT = "by_agreement"
    SET_ELSEWHERE = "set_elsewhere"


class SpanKind(StrEnum):
    """A named stretch of a year."""

    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    TEN_DAYS = "ten_days"
    HALF_MONTH = "half_month"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"


@dataclass(frozen=True)
class Span:
    """A named stretch of some year.

    `month` is set for the kinds that lie inside one month and for MONTH itself; `number` says which day,
    working day, week (of seven days from the 1st; −1 is the last one, as of days), ten days, half, season
    (1 is spring), quarter or half-year.
    """

    kind: SpanKind
    number: int = 1
    month: int = 0


class YearsKind(StrEnum):
    """Where the years of a rule come from."""

    PERIOD = "period"
    LISTED = "listed"
    RANGE = "range"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Years:
    """The years of a rule: of the plan's period, named one by one, named as a range, or assessment years.

    `offset` is added to years of the period («года, следующего за отчётным») and to assessment years.
    A RANGE holds its first and last year; 0 stands for an open end, which the plan's period closes.
    """

    kind: YearsKind = YearsKind.PERIOD
    listed: tuple[int, ...] = ()
    offset: int = 0


@dataclass(frozen=True)
class Recurrence:
    """`times` times in every `count` periods."""

    period: Period
    count: int = 1
    times: int = 1

    @property
    def months(self) -> int:
        """The length of what repeats, in months; 0 when days or weeks repeat."""
        return self.period.months * self.count

    @property
    def gives_days(self) -> bool:
        """Daily, weekly, «раз в N лет» and what does not fill a year evenly tell no days."""
        return self.months > 0 and _MONTHS[Period.YEAR] % self.months == 0

    @property
    def repeats(self) -> str:
        """The answer of `explain_deadline`: 'quarterly', 'every 3 years'."""
        return _REPEATS[self.period] if self.count == 1 else f"every {self.count} {self.period}s"


class PlaceKind(StrEnum):
    """What part of a stretch of months a `Place` takes."""

    WHOLE = "whole"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEKDAY = "weekday"


@dataclass(frozen=True)
class Place:
    """A place in, or after, every month, quarter, half-year or year: «до 10 числа месяца, следующего за …».

    It takes `length` months that begin `month` months after `base` begins; so 3 with a quarter as base is
    the month that follows it. `day` counts from 1, from the end it is −1 (−2 is the last but one). `day_to` ends a range of days;
    for «первый понедельник» `day` is 1 and `day_to` the weekday (0 is Monday).
    `base` is None while only a day of an unnamed month is known.
    """

    base: Period | None
    month: int = 0
    length: int = 1
    kind: PlaceKind = PlaceKind.WHOLE
    day: int = 0
    day_to: int = 0


class Mode(StrEnum):
    """How the words relate to the stretch that they name."""

    DURING = "during"
    BY = "by"
    FROM = "from"


@dataclass(frozen=True)
class Rule:
    """One rule that gives windows: a span (or a range of spans) or a place, in some years, perhaps repeated.

    Without span and place the years themselves are the windows, or each `every` period in them.
    `year` and `until_year` fix both ends of a range that names both.
    """

    span: Span | None = None
    until: Span | None = None
    years: Years = Years()
    until_year: int = 0
    place: Place | None = None
    every: Recurrence | None = None
    mode: Mode = Mode.DURING


class Edge(StrEnum):
    """Which end of a calendar stretch starts a term."""

    START = "start"
    END = "end"


@dataclass(frozen=True)
class Term:
    """A term after an event; a negative amount counts back from it, None tells that no length is named.

    `event` holds the plan's words, `link` those that tie it («после», «со дня», «при»). When the event is itself a place in the calendar («после окончания
    квартала»), `anchor` and `edge` say which days those are.
    """

    amount: int | None
    unit: TermUnit | None
    event: str = ""
    link: str = ""
    before: bool = False
    anchor: Rule | None = None
    edge: Edge = Edge.END


class DayOffShift(StrEnum):
    """Where a due day that is a day off moves, when a person so chose for a deadline."""

    STAYS = "stays"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Deadline:
    """The reading of deadline words: rules, terms and flags, and honestly what was not understood."""

    text: str
    rules: tuple[Rule, ...] = ()
    terms: tuple[Term, ...] = ()
    flags: tuple[Flag, ...] = ()
    problems: tuple[str, ...] = ()
    unparsed: str = ""
    day_off_shift: DayOffShift = DayOffShift.STAYS

    @property
    def repeats(self) -> str | None:
        """How often, in the words of `explain_deadline`; None when nothing repeats."""
        for rule in self.rules + tuple(term.anchor for term in self.terms if term.anchor):
            if rule.every:
                return rule.every.repeats
            if rule.place and rule.place.base:
                return _REPEATS[rule.place.base]
        return None

    @property
    def understood(self) -> bool:
        """Whether every word was understood and no date is impossible."""
        return not self.unparsed and not self.problems


@dataclass(frozen=True)
class Context:
    """What days depend on beside the words: the plan's period, assessment years, recorded events, calendar.

    `events` maps the words of an event to the days on which it happened; they need not repeat the
    deadline's words exactly, case and endings are forgiven.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    assessment_years: tuple[int, ...] = ()
    events: Mapping[str, date | tuple[date, ...]] = field(default_factory=dict)
    calendar: WorkCalendar = field(default_factory=default_calendar)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year that the plan's period touches."""
        if self.starts_on is None or self.ends_on is None:
            return ()
        return tuple(range(self.starts_on.year, self.ends_on.year + 1))

    def covers(self, day: date) -> bool:
        """Whether `day` lies inside the plan's period; without a period every day does."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, order=True)
class DueDate:
    """One window in which something must be done; `ends_on` is the due day.

    `origin` tells in Russian which words it came from, `event` names the event of a term.
    """

    starts_on: date
    ends_on: date
    label: str = field(compare=False)
    origin: str = field(compare=False, default="")
    event: str = field(compare=False, default="")
    outside_period: bool = field(compare=False, default=False)
    on_day_off: bool = field(compare=False, default=False)
    provisional: bool = field(compare=False, default=False)
