"""When a person is reminded of a thing that is due on a day. Pure: days in, stages out.

A stage is a number of days from the due day: -30 is thirty days before it, 0 the day itself, 7 a week late.
Reminders go out on working days only, so a stage that falls on a day off goes out later, unless a newer one has
been reached meanwhile: then only that one. What would come too late, on the due day or after it, is told ahead.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from nok_portal.common.workdays import default_calendar, is_working_day

EVE = -1
WORKING_DAYS = ("рабочий день", "рабочих дня", "рабочих дней")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Thresholds:
    """What a municipality may set: days before a due day, days after it, and the pause of what follows; as shipped."""

    before: tuple[int, ...] = (30, 14, 7, 1)
    after: tuple[int, ...] = (1, 7)
    every: int = 14


@dataclass(frozen=True)
class Ladder:
    """The stages of one kind of reminder.

    `before` and `after` are days before and after the due day, `every` the pause between the stages that follow the
    last of `after`, without end; 0: none follow.
    """

    before: tuple[int, ...] = ()
    on_the_day: bool = False
    after: tuple[int, ...] = ()
    every: int = 0

    def reached(self, due_on: date, day: date) -> int | None:
        """The latest stage whose day has come, or None before the first one. What is over is not looked back at:
        stages before the due day count until that day only, and that of the day itself on that day only."""
        passed = (day - due_on).days
        if passed < 0:
            return max((-ahead for ahead in self.before if -ahead <= passed), default=None)
        if passed == 0:
            return 0 if self.on_the_day else None
        latest = max((late for late in self.after if late <= passed), default=None)
        last = max(self.after, default=0)
        if self.every and passed >= last + self.every:
            return passed - (passed - last) % self.every
        return latest

    def farthest(self) -> int:
        """How many days before a due day its first stage lies."""
        return max(self.before, default=0)


def stage_on(
    ladder: Ladder, *, due_on: date, day: date, next_day: date, is_theirs: bool = True, is_news: bool = False
) -> int | None:
    """The stage of which a person is told on `day` who will be told again on `next_day`, or None.

    A due day that comes before their next day, or with it, is told ahead: between the two (Friday, a due day on
    Sunday, Monday) as its eve, on the next of their days (Friday, Monday) by the last stage before it, which would say
    nothing afterwards. That is so also where the day is not one of theirs (`is_theirs`), because the work became
    theirs, the due day was moved there, or they chose another rhythm, after their last one. Of a due day that has come
    already they are told on such a day when they were never told of it (`is_news`). Everything else waits.
    """
    if ladder.before and day < due_on <= next_day:
        return EVE if due_on < next_day else -min(ladder.before)
    return ladder.reached(due_on, day) if is_theirs or (is_news and due_on <= day) else None


def stage_to_tell(stage: int | None, told: Collection[int]) -> int | None:
    """`stage`, unless it or a later one has been told of the same thing and the same due day."""
    return None if stage is None or any(one >= stage for one in told) else stage


@dataclass(frozen=True)
class Rhythm:
    """On which days a person wants reminders: each working day or, once a week, on `weekday` (Monday is 0) or the
    first working day after it."""

    weekday: int | None = None

    def tells_on(self, day: date, *, decided_on: date | None = None) -> bool:
        """Whether something may go out on the day.

        `decided_on`: the day of the last run. A weekly day that no run came on is made up for on the next day that
        one comes on.
        """
        if not is_working_day(day):
            return False
        last = self.last_day(day)
        return last == day or (decided_on is not None and decided_on < last)

    def last_day(self, day: date) -> date:
        """The latest day up to `day` that is one of theirs."""
        calendar = default_calendar()
        if self.weekday is None:
            return calendar.previous_working_day(day)
        nominal = _latest(self.weekday, day)
        while (found := calendar.next_working_day(nominal)) > day:
            nominal -= 7 * _DAY
        return found

    def next_day(self, day: date) -> date:
        """The next day after `day` on which something may go out."""
        calendar = default_calendar()
        if self.weekday is None:
            return calendar.next_working_day(day + _DAY)
        found = calendar.next_working_day(_latest(self.weekday, day))
        return found if found > day else calendar.next_working_day(_latest(self.weekday, day) + 7 * _DAY)


def _latest(weekday: int, day: date) -> date:
    """The weekday's latest date up to `day`."""
    return day - (day.weekday() - weekday) % 7 * _DAY


def working_days_late(due_on: date, day: date) -> int:
    """How many working days after the due day have begun, up to and with `day`; 0 before it is late."""
    days = range(1, min((day - due_on).days, _LATE_ENOUGH) + 1)
    return sum(is_working_day(due_on + ahead * _DAY) for ahead in days)


_LATE_ENOUGH = 400  # days: what is later than that is late by any measure
