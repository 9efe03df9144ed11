"""A month as a calendar shows it: weeks from Monday to Sunday, days off, and what is due on which day. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from nok_portal.common.workdays import about_day, is_working_day, last_day_of_month

Item = TypeVar("Item")

MOST_A_DAY = 4  # lines of a day before the rest folds
WEEK = 7


@dataclass(frozen=True)
class Month:
    """One month of one year; months count on over the end of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def moved(self, count: int) -> "Month":
        year, number = divmod(self.year * 12 + self.number - 1 + count, 12)
        return Month(year, number + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, last_day_of_month(self.year, self.number))

    @property
    def grid(self) -> tuple[date, date]:
        """The Monday and the Sunday between which the weeks of the month lie."""
        return (
            self.first - timedelta(days=self.first.weekday()),
            self.last + timedelta(days=WEEK - 1 - self.last.weekday()),
        )

    @property
    def working_days(self) -> int:
        return sum(is_working_day(self.first + timedelta(days=n)) for n in range(self.last.day))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


@dataclass(frozen=True)
class GridDay(Generic[Item]):
    """A day of the grid with what is due on it; `note` says what is unusual about the day."""

    day: date
    is_outside: bool
    is_off: bool
    note: str
    items: tuple[Item, ...]

    @property
    def shown(self) -> tuple[Item, ...]:
        """All of a few; of many one less than fit, so that the line about the rest has room."""
        return self.items if len(self.items) <= MOST_A_DAY else self.items[: MOST_A_DAY - 1]

    @property
    def folded(self) -> int:
        return len(self.items) - len(self.shown)


def weeks_of(
    month: Month, items: Iterable[Item], day_of: Callable[[Item], date]
) -> tuple[tuple[GridDay[Item], ...], ...]:
    """The weeks of the month; each item stands on its day, in the order given. Items of other days are left out."""
    by_day: dict[date, list[Item]] = {}
    for item in items:
        by_day.setdefault(day_of(item), []).append(item)
    monday, sunday = month.grid
    days = [monday + timedelta(days=n) for n in range((sunday - monday).days + 1)]
    cells = [
        GridDay(
            day=day,
            is_outside=Month.of(day) != month,
            is_off=not is_working_day(day),
            note=about_day(day),
            items=tuple(by_day.get(day, ())),
        )
        for day in days
    ]
    return tuple(_chunks(cells))


def _chunks(cells: Sequence[GridDay[Item]]) -> Iterable[tuple[GridDay[Item], ...]]:
    return (tuple(cells[start : start + WEEK]) for start in range(0, len(cells), WEEK))
