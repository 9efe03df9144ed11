"""What a clerk chooses a deadline from: parts of few kinds, marks, and what a day off does to the last day."""

from dataclasses import dataclass
from enum import StrEnum

from nok_portal.common.workdays import TermUnit

from .model import DayOffShift, Flag, Mode, Period, PlaceKind, Years, YearsKind

FIRST_YEAR, LAST_YEAR = 1990, 2099
LAST, FIRST_WORKING, LAST_WORKING = "last", "first_working", "last_working"


class PartKind(StrEnum):
    """What a clerk knows a deadline by."""

    BY = "by"
    DAY = "day"
    RANGE = "range"
    STRETCH = "stretch"
    REPEAT = "repeat"
    EVENT = "event"


class YearsChoice(StrEnum):
    """In which years."""

    EVERY = "every"
    NAMED = "named"
    NEXT = "next"
    PREVIOUS = "previous"
    ASSESSMENT = "assessment"
    AFTER_ASSESSMENT = "after_assessment"
    BEFORE_ASSESSMENT = "before_assessment"


class Placing(StrEnum):
    """What day of its period something that repeats is due."""

    WHOLE = "whole"
    END = "end"
    BY_DAY = "by_day"
    ON_DAY = "on_day"
    BY_WORKING_DAY = "by_working_day"
    ON_WORKING_DAY = "on_working_day"
    BY_WEEKDAY = "by_weekday"
    ON_WEEKDAY = "on_weekday"


YEARS = {
    YearsChoice.EVERY: Years(),
    YearsChoice.NEXT: Years(offset=1),
    YearsChoice.PREVIOUS: Years(offset=-1),
    YearsChoice.ASSESSMENT: Years(YearsKind.ASSESSMENT),
    YearsChoice.AFTER_ASSESSMENT: Years(YearsKind.ASSESSMENT, offset=1),
    YearsChoice.BEFORE_ASSESSMENT: Years(YearsKind.ASSESSMENT, offset=-1),
}
# the stretches of a year that may be chosen, and how many of each there are
STRETCHES = {"month": 12, "quarter": 4, "half_year": 2, "year": 1, "school_year": 1, "season": 4}
# what may repeat beside a day or a stretch
EVERIES = {
    "": "не сказано",
    "day": "ежедневно",
    "week": "еженедельно",
    "month": "ежемесячно",
    "month-2": "раз в 2 месяца",
    "quarter": "ежеквартально",
    "half_year": "раз в полугодие",
    "year": "ежегодно",
    "year-2": "раз в 2 года",
    "year-3": "раз в 3 года",
    "year-4": "раз в 4 года",
    "year-5": "раз в 5 лет",
}
PLACINGS = {
    Placing.WHOLE: (PlaceKind.WHOLE, Mode.DURING),
    Placing.END: (PlaceKind.WHOLE, Mode.BY),
    Placing.BY_DAY: (PlaceKind.DAY, Mode.BY),
    Placing.ON_DAY: (PlaceKind.DAY, Mode.DURING),
    Placing.BY_WORKING_DAY: (PlaceKind.WORKING_DAY, Mode.BY),
    Placing.ON_WORKING_DAY: (PlaceKind.WORKING_DAY, Mode.DURING),
    Placing.BY_WEEKDAY: (PlaceKind.WEEKDAY, Mode.BY),
    Placing.ON_WEEKDAY: (PlaceKind.WEEKDAY, Mode.DURING),
}


@dataclass(frozen=True)
class Part:
    """One part of a deadline; which fields count depends on `kind`, as in the form that fills them.

    Days are '1' … '31', 'last', 'first_working', 'last_working'; no day in a RANGE is the whole month.
    `stretch` is a kind of span and its number, 'month-5', 'quarter-2', 'year-1'. `every` is a period and how many
    of them, 'quarter', 'year-3', or nothing. `where` in the period of a REPEAT: 'all'; 'm0' its first month and so
    on; 'n0' the month after it and so on; 'next' the whole of the following period.
    """

    kind: PartKind
    day: str = ""
    month: int = 0
    day_to: str = ""
    month_to: int = 0
    stretch: str = ""
    how: Mode = Mode.DURING
    years: YearsChoice = YearsChoice.EVERY
    named: str = ""
    until_year: int = 0
    every: str = ""
    period: Period = Period.QUARTER
    count: int = 1
    times: int = 1
    placing: Placing = Placing.WHOLE
    where: str = "all"
    weekday: int = 0
    amount: int | None = None
    unit: TermUnit | None = None
    link: str = ""
    event: str = ""


@dataclass(frozen=True)
class Composition:
    """All that the form says."""

    parts: tuple[Part, ...] = ()
    marks: tuple[Flag, ...] = ()
    day_off: DayOffShift = DayOffShift.STAYS


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field of a part, in words that say what to do."""

    part: int
    field: str
    message: str
