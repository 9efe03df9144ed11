"""How often: «ежеквартально», «не реже одного раза в полугодие», «каждые три года», «по понедельникам»."""

from dataclasses import dataclass

from nok_portal.common.text import plural

from .model import Period, Recurrence
from .numbers import cardinal, value_of
from .tokens import Tokens

_PERIODS = {
    "day": Period.DAY,
    "week": Period.WEEK,
    "month": Period.MONTH,
    "quarter": Period.QUARTER,
    "half_year": Period.HALF_YEAR,
    "year": Period.YEAR,
}
_BY_MONTHS = {period.months: period for period in Period if period.months}
_MONTHS_IN_YEAR = 12
_IN_EACH = {
    Period.DAY: ("день", "дня", "дней"), Period.WEEK: ("неделю", "недели", "недель"),
    Period.MONTH: ("месяц", "месяца", "месяцев"), Period.QUARTER: ("квартал", "квартала", "кварталов"),
    Period.HALF_YEAR: ("полугодие", "полугодия", "полугодий"), Period.YEAR: ("год", "года", "лет"),
}  # fmt: skip
_PLURALS = frozenset({"кварталам", "месяцам", "полугодиям", "годам", "неделям", "дням"})


@dataclass(frozen=True)
class Often:
    """A recurrence, or none when it fits no calendar; `at_most` when only an upper bound is named."""

    recurrence: Recurrence | None
    at_most: bool = False
    problem: str = ""


def in_each(period: Period, count: int = 1) -> str:
    """'квартал', '3 года': what stands after «раз в»."""
    words = plural(count, *_IN_EACH[period])
    return f"{count} {words}" if count > 1 else words


def read_recurrence(t: Tokens, i: int) -> tuple[Often, int] | None:
    """A phrase that tells how often."""
    at_most, j = _bound(t, i)
    bounded = j > i
    if t[j].cat == "every":
        period, j = _PERIODS[str(t[j].value)], j + 1
        counted = cardinal(t, j) if not bounded else None
        if counted and t[counted[1]].cat == "times" and t[counted[1] + 1].form not in ("в", "за"):
            return _often(period, 1, counted[0], at_most=at_most), counted[1] + 1
        return _often(period, 1, 1, at_most=at_most), j
    if found := _times(t, j, at_most=at_most):
        return found
    return None if bounded else _each(t, j)


def _bound(t: Tokens, i: int) -> tuple[bool, int]:
    j, at_most = i, False
    if t[j].form == "не" and t[j + 1].form in ("реже", "менее", "чаще", "более"):
        at_most = t[j + 1].form in ("чаще", "более")
        j += 2
    elif t[j].form == "как" and t[j + 1].form == "минимум":
        j += 2
    elif t[j].form in ("минимум", "максимум"):
        at_most = t[j].form == "максимум"
        j += 1
    elif t[j].form == "хотя" and t[j + 1].form == "бы":
        j += 2
    if j > i:
        if t[j].form == "," and t[j + 1].form == "чем":
            j += 1
        if t[j].form == "чем":
            j += 1
    return at_most, j


def _times(t: Tokens, i: int, *, at_most: bool) -> tuple[Often, int] | None:
    times, j = 1, i
    if t[j].form == "по":
        j += 1
    if t[j].cat == "twice":
        times, j = value_of(t[j]), j + 1
    else:
        if counted := cardinal(t, j):
            times, j = counted
        if t[j].cat != "times" and not (t[j].form == "р" and counted):
            return None
        j += 1
        if times == 1 and t[j].cat == "each" and (each := _each(t, j)):
            return each
    if t[j].cat == "every":
        return _often(_PERIODS[str(t[j].value)], 1, times, at_most=at_most), j + 1
    if t[j].form not in ("в", "во", "за", "/", "на"):
        return None
    j += 1
    while t[j].cat in ("each", "current", "calendar"):
        j += 1
    count = 1
    if counted := cardinal(t, j):
        count, j = counted
    while t[j].cat in ("calendar", "working"):
        j += 1
    if t[j].cat != "unit" or str(t[j].value) not in _PERIODS:
        return None
    return _often(_PERIODS[str(t[j].value)], count, times, at_most=at_most), j + 1


def _each(t: Tokens, i: int) -> tuple[Often, int] | None:
    j = i
    if t[j].form == "по" and t[j + 1].cat != "working":
        if t[j + 1].cat == "weekday" and t[j + 1].form.endswith(("ам", "ям")):
            j += 2
            while t[j].form in (",", "и") and t[j + 1].cat == "weekday":
                j += 2
            return Often(Recurrence(Period.WEEK)), j
        if t[j + 1].cat == "unit" and t[j + 1].form in _PLURALS:
            return Often(Recurrence(_PERIODS[str(t[j + 1].value)])), j + 2
        return None
    if t[j].form in ("в", "по") and t[j + 1].cat == "working" and t[j + 2].form in ("дни", "дням"):
        return Often(Recurrence(Period.DAY)), j + 3
    if t[j].form in ("в", "во") and t[j + 1].form == "течение":
        j += 2
    elif t[j].form in ("в", "во", "за", "на"):
        j += 1
    if t[j].cat != "each":
        return None
    j += 1
    count = 1
    if t[j].cat == "ord" and t[j + 1].cat == "unit" and t[j + 1].value in ("year", "month"):
        return _often(_PERIODS[str(t[j + 1].value)], value_of(t[j]), 1, at_most=False), j + 2
    if (counted := cardinal(t, j)) and t[counted[1]].cat == "unit" and t[counted[1]].value != "quarter":
        count, j = counted
    if t[j].cat == "weekday":
        return Often(Recurrence(Period.WEEK)), j + 1
    while t[j].cat in ("working", "calendar", "reporting", "yearkind"):
        j += 1
    if t[j].cat != "unit" or str(t[j].value) not in _PERIODS or t[j + 1].form in ("плана", "периода"):
        return None
    return _often(_PERIODS[str(t[j].value)], count, 1, at_most=False), j + 1


def _often(period: Period, count: int, times: int, *, at_most: bool) -> Often:
    """The calendar's own recurrence for `times` times in `count` periods, or a problem that says why none."""
    words = f"{times} {plural(times, 'раз', 'раза', 'раз')} в {in_each(period, count)}"
    if count == 0 or times == 0:
        return Often(None, at_most, "Периодичность с числом 0 ничего не значит")
    if not period.months:
        if times == 1:
            return Often(Recurrence(period, count), at_most)
        return Often(Recurrence(period, count, times), at_most)
    months = period.months * count
    if times > 1:
        each = months // times
        if months % times == 0 and (each in _BY_MONTHS or each % _MONTHS_IN_YEAR == 0):
            return _often(Period.MONTH, each, 1, at_most=at_most)
        if count == 1:
            problem = f"«{words}»: дни не названы, показан конец каждого такого срока"
            return Often(Recurrence(period, 1, times), at_most, problem)
        return Often(None, at_most, f"Периодичность «{times} за {months} мес.» не переводится в дни календаря")
    if months in _BY_MONTHS:
        return Often(Recurrence(_BY_MONTHS[months]), at_most)
    if months % _MONTHS_IN_YEAR == 0:
        return Often(Recurrence(Period.YEAR, months // _MONTHS_IN_YEAR), at_most)
    problem = "" if _MONTHS_IN_YEAR % months == 0 else f"«{words}»: такие сроки не укладываются в год, дни не названы"
    return Often(Recurrence(Period.MONTH, months), at_most, problem)
