"""Ready answers to what was impossible or doubtful in deadline words, so that one press puts it right.

The words stay as they are: an answer is another reading of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from nok_portal.common.text import WEEKDAYS, date_in_words

from .binding import NO_MONTH, ONLY_A_START
from .misprints import answers
from .model import Context, DayOffShift, Deadline, Mode, Period, Rule, Span, SpanKind, Term
from .places import UNNAMED_PERIOD
from .reader import parse
from .schedule import schedule

_MOST = 6
_PERIODS = {
    Period.MONTH: "отчётный период – месяц",
    Period.QUARTER: "отчётный период – квартал",
    Period.HALF_YEAR: "отчётный период – полугодие",
    Period.YEAR: "отчётный период – год",
}
_SHIFTS = {
    DayOffShift.STAYS: "оставить, даже если это выходной",
    DayOffShift.NEXT: "на следующий рабочий день",
    DayOffShift.PREVIOUS: "на предыдущий рабочий день",
}


@dataclass(frozen=True)
class Suggestion:
    """An answer on a button, and what the words mean with it."""

    label: str
    deadline: Deadline


def suggestions(deadline: Deadline) -> list[Suggestion]:
    """Answers to each problem of a deadline, the likeliest first; empty where none is ready."""
    found: dict[str, Suggestion] = {}
    for problem in deadline.problems:
        for label, answer in _answers(deadline, problem):
            # an answer may leave other problems for the next one, but makes none of its own
            left = set(answer.problems)
            if answer != deadline and left <= set(deadline.problems) - {problem}:
                found.setdefault(label, Suggestion(label, answer))
    return list(found.values())[:_MOST]


def day_off_suggestions(deadline: Deadline, context: Context) -> list[Suggestion]:
    """What may be done with a last day that is a day off; empty where none is.

    A term after an event moves by itself and is not asked about.
    """
    staying = replace(deadline, day_off_shift=DayOffShift.STAYS)
    named = replace(staying, terms=())
    if not any(due.on_day_off for due in schedule(named, context)):
        return []
    return [
        Suggestion(label, replace(deadline, day_off_shift=shift))
        for shift, label in _SHIFTS.items()
        if shift is not deadline.day_off_shift
    ]


def _answers(deadline: Deadline, problem: str) -> Iterator[tuple[str, Deadline]]:
    for label, words in answers(deadline.text, problem):
        yield label, replace(parse(words), text=deadline.text, day_off_shift=deadline.day_off_shift)
    settled = replace(deadline, problems=tuple(one for one in deadline.problems if one != problem))
    if problem == UNNAMED_PERIOD:
        for period, label in _PERIODS.items():
            yield label, _with_rules(settled, partial(_of_period, period=period))
    elif problem == NO_MONTH:
        yield from _named_months(settled)
    elif problem == ONLY_A_START:
        end_of_year = Span(SpanKind.DAY, 31, 12)
        yield "до конца года", _with_rules(settled, lambda rule: _from_until(rule, end_of_year))
        yield "в этот день", _with_rules(settled, lambda rule: _from_as(rule, Mode.DURING))
        yield "до этого дня", _with_rules(settled, lambda rule: _from_as(rule, Mode.BY))
    elif ", а не " in problem:
        yield from _near_weekday(settled, problem)
    elif "не называет дня" in problem or "дни не названы" in problem:
        yield "так и понимать", settled


def _with_rules(deadline: Deadline, change: Callable[[Rule], Rule]) -> Deadline:
    def changed(term: Term) -> Term:
        return replace(term, anchor=change(term.anchor)) if term.anchor else term

    return replace(deadline, rules=tuple(map(change, deadline.rules)), terms=tuple(map(changed, deadline.terms)))


def _of_period(rule: Rule, period: Period) -> Rule:
    """The place that was taken to be in or after a quarter, in or after `period`."""
    place = rule.place
    if place is None or place.base is not Period.QUARTER:
        return rule
    quarter = Period.QUARTER.months
    month = place.month - quarter + period.months if place.month >= quarter else min(place.month, period.months - 1)
    length = period.months if place.length == quarter else place.length
    return replace(rule, place=replace(place, base=period, month=month, length=length))


def _named_months(deadline: Deadline) -> Iterator[tuple[str, Deadline]]:
    """A day of an unnamed month: of each one, or of the one after what repeats."""
    repeated = {rule.every.period for rule in deadline.rules if rule.every and rule.every.period.months > 1}
    for period in sorted(repeated, key=lambda one: one.months):
        words = {Period.QUARTER: "квартала", Period.HALF_YEAR: "полугодия", Period.YEAR: "года"}[period]
        after = {Period.QUARTER: "кварталом", Period.HALF_YEAR: "полугодием", Period.YEAR: "годом"}[period]
        yield f"месяца, следующего за {after}", _with_rules(deadline, _in_month(period, period.months))
        yield f"последнего месяца {words}", _with_rules(deadline, _in_month(period, period.months - 1))
    yield "каждого месяца", _with_rules(deadline, _in_month(Period.MONTH, 0))
    if not repeated:
        yield "месяца, следующего за отчётным", _with_rules(deadline, _in_month(Period.MONTH, 1))


def _in_month(base: Period, month: int) -> Callable[[Rule], Rule]:
    def change(rule: Rule) -> Rule:
        if rule.place is None or rule.place.base is not None:
            return rule
        every = rule.every if rule.every and rule.every.period is base else None
        return replace(rule, place=replace(rule.place, base=base, month=month, length=1), every=every)

    return change


def _from_until(rule: Rule, end: Span) -> Rule:
    return replace(rule, mode=Mode.DURING, until=end) if rule.mode is Mode.FROM and not rule.every else rule


def _from_as(rule: Rule, mode: Mode) -> Rule:
    return replace(rule, mode=mode) if rule.mode is Mode.FROM and not rule.every else rule


def _near_weekday(deadline: Deadline, problem: str) -> Iterator[tuple[str, Deadline]]:
    """The date as it is, and the nearest one that has the weekday named."""
    wanted = next((number for number, name in enumerate(WEEKDAYS) if problem.endswith(f"а не {name}")), None)
    for rule in deadline.rules:
        if wanted is None or rule.span is None or rule.span.kind is not SpanKind.DAY or len(rule.years.listed) != 1:
            continue
        try:
            day = date(rule.years.listed[0], rule.span.month, rule.span.number)
        except ValueError:
            continue
        if not problem.startswith(date_in_words(day) + " "):
            continue
        yield date_in_words(day, weekday=True), deadline
        ahead = (wanted - day.weekday()) % 7
        for near in sorted(
            (day + timedelta(days=ahead), day + timedelta(days=ahead - 7)), key=lambda one: abs(one - day)
        ):
            moved = replace(
                rule, span=Span(SpanKind.DAY, near.day, near.month), years=replace(rule.years, listed=(near.year,))
            )
            rules = tuple(moved if one == rule else one for one in deadline.rules)
            yield date_in_words(near, weekday=True), replace(deadline, rules=rules)
        return
