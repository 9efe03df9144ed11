"""What the numbers of a municipality come to, said of one due day in words. Pure; the rules are those of reminding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from nok_portal.common.text import MONTHS_GENITIVE, counted, date_in_words
from nok_portal.common.workdays import default_calendar

from .reminding import WORKING_DAYS, Ladder, Rhythm, stage_on, stage_to_tell, working_days_late

_DAY = timedelta(days=1)
_DAILY = Rhythm()
_SHOWN = 2  # of those that go on without end


@dataclass(frozen=True)
class Ladders:
    """The stages that are told of a due day; None where its kind is off."""

    ahead: Ladder | None
    today: Ladder | None
    late: Ladder | None
    escalate_after: int


def told_days(ladder: Ladder, due_on: date, *, till: date) -> list[tuple[date, int]]:
    """The days up to `till` on which somebody with a letter each working day is told, each with its stage."""
    told: list[int] = []
    found: list[tuple[date, int]] = []
    day = default_calendar().next_working_day(due_on - ladder.farthest() * _DAY)
    while day <= till:
        following = _DAILY.next_day(day)
        stage = stage_to_tell(stage_on(ladder, due_on=due_on, day=day, next_day=following), told)
        if stage is not None:
            told.append(stage)
            found.append((day, stage))
        day = following
    return found


def goes_up_on(ladder: Ladder, due_on: date, *, after: int) -> date | None:
    """The day on which those above hear of lateness; None: never, as nobody hears of it."""
    calendar = default_calendar()
    first = min([*ladder.after, *([max(ladder.after, default=0) + ladder.every] if ladder.every else [])], default=None)
    if first is None:
        return None
    day = calendar.next_working_day(due_on + first * _DAY)
    while working_days_late(due_on, day) < after:
        day = calendar.next_working_day(day + _DAY)
    return day


def foretell(ladders: Ladders, due_on: date, *, above: Sequence[str] = ()) -> list[str]:
    """Sentences that say when the portal will remind of a due day, and who will hear of it later; `above` names people
    who always do."""
    said = [_said_ahead(ladders, due_on)]
    if ladders.late is None:
        return [*said, "О просрочке портал не напомнит никому: этот вид отключён."]
    last = max(ladders.late.after, default=0)
    till = due_on + (last + (_SHOWN + 1) * ladders.late.every + 14) * _DAY
    told = told_days(ladders.late, due_on, till=till)
    if not told:
        return [*said, "Если отчёта не будет, о просрочке портал не напомнит никому."]
    listed = [day for day, stage in told if stage <= last]
    going_on = [day for day, stage in told if stage > last][:_SHOWN]
    parts = [days_in_words(listed, year=due_on.year)] if listed else []
    if going_on:
        days = days_in_words(going_on, year=due_on.year, last=", ")
        then = "затем " if listed else ""
        parts.append(f"{then}каждые {counted(ladders.late.every, 'день', 'дня', 'дней')}: {days} и так далее")
    said.append(f"Если отчёта не будет, напомнит {', '.join(parts)}.")
    day = goes_up_on(ladders.late, due_on, after=ladders.escalate_after)
    if day is not None:
        said.append(_said_above(day, ladders.escalate_after, above, year=due_on.year))
    return said


def days_in_words(days: Sequence[date], *, year: int, last: str = " и ") -> str:
    """'2, 17 и 30 ноября', '30 ноября и 1 декабря'; years other than `year` are named."""
    words: list[str] = []
    for (in_year, month), some in groupby(days, key=lambda day: (day.year, day.month)):
        numbers = [str(day.day) for day in some]
        numbers[-1] += f" {MONTHS_GENITIVE[month - 1]}" + (f" {in_year}" if in_year != year else "")
        words += numbers
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _said_ahead(ladders: Ladders, due_on: date) -> str:
    days: set[date] = set()
    for ladder in (ladders.ahead, ladders.today):
        if ladder is not None:
            days |= {day for day, _ in told_days(ladder, due_on, till=due_on)}
    subject = f"О сроке {date_in_words(due_on, weekday=True)}, портал"
    ahead = sorted(day for day in days if day < due_on)
    if due_on not in days:
        return f"{subject} напомнит {days_in_words(ahead, year=due_on.year)}." if ahead else f"{subject} не напомнит."
    if not ahead:
        return f"{subject} напомнит только в сам день."
    return f"{subject} напомнит {days_in_words(ahead, year=due_on.year)}, потом в сам день."


def _said_above(day: date, after: int, above: Sequence[str], *, year: int) -> str:
    who = (
        f"руководитель исполнителя или его куратор, а также {_listed(above)}"
        if above
        else ("руководитель исполнителя или его куратор, а если таких нет, администратор")
    )
    late = counted(after, *WORKING_DAYS)
    return (
        f"{days_in_words([day], year=year).capitalize()}, когда просрочке будет {late} или больше, о ней узнают {who}."
    )


def _listed(words: Sequence[str]) -> str:
    return " и ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
