"""Working days of Russia and the terms that are counted in them.

Which days are off: ст. 111 and 112 ТК РФ and the yearly transfers of days off by the Government
(постановления Правительства РФ). How a term runs: ст. 190–193 ГК РФ. The official calendar is known for
`OFFICIAL_YEARS`; any other year is computed from the law alone and is provisional.
"""

import calendar as civil_calendar
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import holidays

from nok_portal.common.text import date_in_words

OFFICIAL_YEARS = range(2016, 2028)
CORRECTIONS_FILE = Path(__file__).with_name("workdays_corrections.json")

_SATURDAY = 5
_NEW_YEAR_HOLIDAYS = tuple((1, day) for day in range(1, 9))
_OTHER_HOLIDAYS = ((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4))
_ONE_DAY = timedelta(days=1)
# how the package names a day off that was moved
_MOVED_FROM = re.compile(r"перенесено с (\d\d)\.(\d\d)\.(\d{4})")
_INSTEAD = " (выходной)"

# Days off by decree of the President, wages kept. They are in no production calendar, and whether a term
# of public law moves over them is disputed: hence a switch. Указы от 25.03.2020 № 206, 02.04.2020 № 239,
# 28.04.2020 № 294, 29.05.2020 № 345, 01.06.2020 № 354, 23.04.2021 № 242, 20.10.2021 № 595.
_PRESIDENTIAL_DAYS_OFF = (
    (date(2020, 3, 30), date(2020, 4, 30)),
    (date(2020, 5, 6), date(2020, 5, 8)),
    (date(2020, 6, 24), date(2020, 6, 24)),
    (date(2020, 7, 1), date(2020, 7, 1)),
    (date(2021, 5, 4), date(2021, 5, 7)),
    (date(2021, 10, 30), date(2021, 11, 7)),
)


class TermUnit(StrEnum):
    """What a term is counted in (ст. 190 ГК РФ)."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """One reading of the production calendar.

    `corrections` says of single days whether they are worked; it overrules everything else.
    `presidential_days_off` makes the non-working days of 2020 and 2021 days off.
    """

    corrections: Mapping[date, bool] = field(default_factory=dict)
    presidential_days_off: bool = False
    _years: dict[int, frozenset[date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked, transfers of days off and our corrections included."""
        return day not in self._days_off(day.year)

    def add_working_days(self, day: date, count: int) -> date:
        """See the function of the same name."""
        if count == 0:
            return self.next_working_day(day)
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        remaining = abs(count)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the nearest working day after it (ст. 193 ГК РФ)."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the nearest working day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def add_term(self, day: date, amount: int, unit: TermUnit | str) -> date:
        """See the function of the same name."""
        unit = TermUnit(unit)
        if unit is TermUnit.WORKING_DAYS:
            return self.add_working_days(day, amount)
        if unit is TermUnit.DAYS:
            end = day + timedelta(days=amount)
        elif unit is TermUnit.WEEKS:
            end = day + timedelta(weeks=amount)
        else:
            end = add_months(day, amount if unit is TermUnit.MONTHS else 12 * amount)
        return self.previous_working_day(end) if amount < 0 else self.next_working_day(end)

    def _days_off(self, year: int) -> frozenset[date]:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._compute_days_off(year)
        return known

    def _compute_days_off(self, year: int) -> frozenset[date]:
        off = set(_official_days_off(year) if year in OFFICIAL_YEARS else _lawful_days_off(year))
        if self.presidential_days_off:
            for first, last in _PRESIDENTIAL_DAYS_OFF:
                off.update(day for day in _days(first, last) if day.year == year)
        for day, worked in self.corrections.items():
            if day.year == year:
                (off.discard if worked else off.add)(day)
        return frozenset(off)


def read_corrections(path: Path = CORRECTIONS_FILE) -> dict[date, bool]:
    """Our own corrections from a JSON file: `{"working": ["2028-02-19", …], "days_off": […]}`.

    Raises ValueError when a day stands under both headings or is not a date.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    working = {date.fromisoformat(day) for day in data.get("working", ())}
    days_off = {date.fromisoformat(day) for day in data.get("days_off", ())}
    if both := working & days_off:
        raise ValueError(f"День указан и рабочим, и выходным: {min(both):%d.%m.%Y}")
    return dict.fromkeys(working, True) | dict.fromkeys(days_off, False)


_default = WorkCalendar(corrections=read_corrections())


def default_calendar() -> WorkCalendar:
    """The calendar that the functions of this module use."""
    return _default


def use_calendar(work_calendar: WorkCalendar) -> WorkCalendar:
    """Make `work_calendar` the default of this process, for example with corrections read at start.

    Returns the calendar that was the default before, so that a caller can put it back.
    """
    global _default  # one calendar a process, set once at start
    previous, _default = _default, work_calendar
    return previous


def is_working_day(day: date) -> bool:
    """Whether `day` is worked by the production calendar; a working Saturday is a working day."""
    return _default.is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The day on which a term of `count` working days ends that runs from the day after `day`.

    Days off follow the official production calendar, transfers included (ст. 191 ГК РФ). A negative
    count goes back from the day before `day`; 0 is `day` itself, or the next working day if it is off.
    A year whose transfers are not yet published is computed from the law; `is_provisional(year)` tells.
    """
    return _default.add_working_days(day, count)


def add_term(day: date, amount: int, unit: TermUnit | str) -> date:
    """The last day of a term of `amount` units that an event on `day` starts (ст. 190–193 ГК РФ).

    The term runs from the day after the event. Months and years end on the same date, or on the last
    day of a month that has no such date; an end on a day off moves to the next working day. A negative
    amount counts back from the event, and a day off then gives way to the working day before it: the
    time left until the event never gets shorter than it was ordered to be.
    """
    return _default.add_term(day, amount, unit)


def is_provisional(year: int) -> bool:
    """Whether no official calendar of `year` is known here, so that transfers may still change it."""
    return year not in OFFICIAL_YEARS


def about_day(day: date) -> str:
    """What is unusual about a day: 'День России', 'выходной, перенос с 4 января', 'рабочий день'; '' for most.

    A holiday keeps its name; a weekday that is off says from where its day off was moved, a weekend day that is
    worked says so. An ordinary weekend has nothing unusual.
    """
    name, worked = _published_names(day.year).get(day, ""), is_working_day(day)
    if worked:
        return "рабочий день" if day.weekday() >= _SATURDAY or name else ""
    if moved := _MOVED_FROM.search(name):
        from_day = date(int(moved[3]), int(moved[2]), int(moved[1]))
        return f"выходной, перенос с {date_in_words(from_day, year=from_day.year != day.year)}"
    if name.endswith(_INSTEAD):
        return f"выходной за {name.removesuffix(_INSTEAD)}"
    return name or ("" if day.weekday() >= _SATURDAY else "выходной")


def add_months(day: date, count: int) -> date:
    """The same date `count` months away, or the last day of a month that has no such date (ст. 192 ГК РФ)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, last_day_of_month(year, month + 1)))


def last_day_of_month(year: int, month: int) -> int:
    """28, 29, 30 or 31."""
    return civil_calendar.monthrange(year, month)[1]


@cache
def _published_names(year: int) -> Mapping[date, str]:
    published = holidays.country_holidays("RU", years=year, language="ru")
    return {day: name for day, name in published.items() if day.year == year}


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _weekends(year: int) -> set[date]:
    return {day for day in _days(date(year, 1, 1), date(year, 12, 31)) if day.weekday() >= _SATURDAY}


def _official_days_off(year: int) -> set[date]:
    published = holidays.country_holidays("RU", years=year)
    days_off = {day for day in published if day.year == year}
    return (_weekends(year) | days_off) - set(published.weekend_workdays)


def _lawful_days_off(year: int) -> set[date]:
    """Days off that follow from ст. 112 ТК РФ without any act of the Government.

    A day off on which a holiday falls moves to the next working day after the holiday; those of the New
    Year holidays are moved by the Government, so nobody can know them yet.
    """
    holidays_by_law = {date(year, *month_day) for month_day in _NEW_YEAR_HOLIDAYS + _OTHER_HOLIDAYS}
    days_off = _weekends(year) | holidays_by_law
    for month_day in _OTHER_HOLIDAYS:
        moved = date(year, *month_day)
        if moved.weekday() >= _SATURDAY:
            while moved in days_off:
                moved += _ONE_DAY
            days_off.add(moved)
    return days_off
