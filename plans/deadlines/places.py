"""Places in what repeats: «до 10 числа месяца, следующего за отчётным кварталом», «последний рабочий день месяца»."""

from dataclasses import dataclass, field, replace

from .model import Mode, Period, Place, PlaceKind
from .numbers import number_ranges, ordinal, value_of
from .pieces import days_at_edge
from .tokens import Tokens
from .windows import read_mode
from .years import is_unit

_UNITS = {"month": Period.MONTH, "quarter": Period.QUARTER, "half_year": Period.HALF_YEAR, "year": Period.YEAR}
_LONGEST_MONTH = 31
# the parts of a month by their number; the last of each is what «последняя» means
_HALVES = ((1, 15), (16, 31), (16, 31))
_TEN_DAYS = ((1, 10), (11, 20), (21, 31), (21, 31))
_WEEKS = ((1, 7), (8, 14), (15, 21), (22, 28), (29, 31), (-7, -1))
_QUALIFYING = frozenset({"each", "current", "reporting", "calendar", "yearkind", "whole"})
UNNAMED_PERIOD = "Отчётный период не назван: взят квартал"


@dataclass
class Places:
    """What one phrase names."""

    places: list[Place] = field(default_factory=list)
    mode: Mode = Mode.DURING
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Reference:
    base: Period | None
    after: int
    problems: tuple[str, ...] = ()


def read_places(t: Tokens, i: int) -> tuple[Places, int] | None:
    """A day, a working day or the whole of a month, quarter or half-year that comes again and again."""
    mode, j = read_mode(t, i)
    mode = mode or Mode.DURING
    if t[j].cat == "each" and (t[j + 1].cat in ("ord", "last", "int", "roman")):
        j += 1
    return _days(t, j, mode) or _first_days(t, j, mode) or _counted_day(t, j, mode) or _whole(t, i, j, mode)


def _days(t: Tokens, i: int, mode: Mode) -> tuple[Places, int] | None:
    """'10 числа месяца', '5, 15 и 25 числа', 'с 1 по 10 число', 'последнее число месяца'."""
    if t[i].cat == "last" and t[i + 1].cat == "date":
        ranges, j = [(-1, -1)], i + 1
    else:
        found = number_ranges(t, i)
        if found is None:
            return None
        ranges, j = found
    if t[j].cat == "date" and t[j + 1].cat != "month":
        j += 1
    elif not (
        mode is Mode.BY and t[j - 1].cat == "int" and t.words(j - 1, j).endswith("го") and _day_goes_unnamed(t, j)
    ):
        return None
    result = Places(mode=Mode.BY if mode is Mode.BY else Mode.DURING)
    stretch = read_stretch(t, j)
    base, month, length, after = None, 0, 1, j
    if stretch:
        place, after, problems = stretch
        if place.base is Period.YEAR and place.length == Period.YEAR.months:
            return None
        base, month, length = place.base, place.month, place.length
        if length > 1 and ranges == [(-1, -1)]:
            month, length = month + length - 1, 1
        result.problems += problems
    for first, last in ranges:
        if max(first, last) > _LONGEST_MONTH or first == 0:
            result.problems.append(f"Нет такого числа месяца: {max(first, last)}")
        elif first > last:
            result.problems.append(f"Начало позже конца: {first}–{last}")
        else:
            end = last if last != first else 0
            result.places.append(Place(base, month, length, PlaceKind.DAY, first, end))
    return result, after


def _day_goes_unnamed(t: Tokens, j: int) -> bool:
    """«Ежемесячно до 5-го», «до 10-го следующего месяца»: the word «числа» is not said."""
    return t[j].cat in ("eof", "every") or t[j].form in (",", ";", ")") or read_stretch(t, j) is not None


def _first_days(t: Tokens, i: int, mode: Mode) -> tuple[Places, int] | None:
    """'в течение первых 10 дней квартала', 'первые 5 рабочих дней месяца', 'последние 3 дня месяца'."""
    days = days_at_edge(t, i)
    stretch = read_stretch(t, days[3]) if days else None
    if days is None or stretch is None:
        return None
    first, last, working, _ = days
    place, after, problems = stretch
    if not working:
        found = replace(place, kind=PlaceKind.DAY, day=first, day_to=last)
        return Places([found], Mode.DURING, list(problems)), after
    # any of the working days will do: up to the last of them
    number = last if last > 0 else -1
    return Places([replace(place, kind=PlaceKind.WORKING_DAY, day=number)], Mode.BY, list(problems)), after


def _counted_day(t: Tokens, i: int, mode: Mode) -> tuple[Places, int] | None:
    """'5-й рабочий день месяца', 'последний день квартала', 'первый понедельник каждого месяца'."""
    if t[i].cat == "last":
        number, j = -1, i + 1
    elif found := ordinal(t, i + (t[i].cat == "ord" and t[i].form == "первых")):
        number, j = found
    else:
        return None
    kind, weekday = PlaceKind.DAY, 0
    if t[j].cat == "working" and is_unit(t, j + 1, "day"):
        # «в течение 5 рабочих дней месяца»: any of them, up to the fifth
        mode = Mode.BY if t[j + 1].form == "дней" else mode
        kind, j = PlaceKind.WORKING_DAY, j + 2
    elif is_unit(t, j, "day"):
        j += 1
    elif is_unit(t, j, "ten_days", "week") or t[j].cat == "half":
        return _part_of_month(t, j, number, mode)
    elif t[j].cat == "weekday":
        kind, weekday, j = PlaceKind.WEEKDAY, value_of(t[j]), j + 1
    else:
        return None
    stretch = read_stretch(t, j)
    if stretch is None or number == 0:
        return None
    place, after, problems = stretch
    return Places([replace(place, kind=kind, day=number, day_to=weekday)], mode, list(problems)), after


def _part_of_month(t: Tokens, j: int, number: int, mode: Mode) -> tuple[Places, int] | None:
    """'вторая декада каждого месяца', 'первая половина месяца'."""
    parts = _HALVES if t[j].cat == "half" else _WEEKS if is_unit(t, j, "week") else _TEN_DAYS
    stretch = read_stretch(t, j + 1)
    if stretch is None or not (number == -1 or 1 <= number < len(parts)):
        return None
    place, after, problems = stretch
    if t[j].cat == "half" and place.length > 1:
        return None
    if place.length > 1:
        # «первая декада квартала» lies in its first month, the last one in its last
        shift = place.length - 1 if number == -1 else 0
        place = replace(place, month=place.month + shift, length=1)
    first, last = parts[number - 1 if number > 0 else -1]
    return Places([replace(place, kind=PlaceKind.DAY, day=first, day_to=last)], mode, list(problems)), after


def _whole(t: Tokens, start: int, i: int, mode: Mode) -> tuple[Places, int] | None:
    """'месяца, следующего за отчётным кварталом', 'последний месяц квартала', 'до конца квартала'."""
    j = i + 1 if t[i].cat == "end" else i
    stretch = read_stretch(t, j)
    if stretch is None:
        return None
    place, after, problems = stretch
    plain = place.base is not None and place.month == 0 and place.length == place.base.months
    if place.base is Period.YEAR and place.length == Period.YEAR.months:
        return None
    # a bare «месяц», and a bare «в течение месяца», which is a term, name no place
    if plain and j == i and not (i > start and place.base is not Period.MONTH):
        return None
    return Places([place], mode, list(problems)), after


def read_stretch(t: Tokens, i: int) -> tuple[Place, int, tuple[str, ...]] | None:
    """The whole months that a phrase names, relative to a repeating month, quarter, half-year or year."""
    if found := _month_of(t, i):
        return found
    j = i
    while t[j].cat in _QUALIFYING:
        j += 1
    if t[j].cat == "next":
        return _following_first(t, j)
    if t[j].cat == "period" and j > i and any(t[k].cat == "reporting" for k in range(i, j)):
        return Place(Period.QUARTER, 0, 3), j + 1, (UNNAMED_PERIOD,)
    unit = _unit(t, j)
    if unit is None:
        return None
    comma = j + 2 if t[j + 1].form == "," else j + 1
    if t[comma].cat == "next" and (reference := _reference(t, comma + 1)):
        base = reference.base or unit
        return Place(base, base.months, unit.months), reference.after, reference.problems
    if t[comma].form == "после" and t[comma + 1].cat == "reporting" and (reference := _reference(t, comma)):
        base = reference.base or unit
        return Place(base, base.months, unit.months), reference.after, reference.problems
    if unit is Period.YEAR and not (j > i or t[j].form in ("года", "год")):
        return None
    return Place(unit, 0, unit.months), j + 1, ()


def _month_of(t: Tokens, i: int) -> tuple[Place, int, tuple[str, ...]] | None:
    """'первого месяца квартала', 'последнего месяца', 'второго месяца, следующего за отчётным кварталом'."""
    j = i + 1 if t[i].cat == "each" else i
    if t[j].cat == "last":
        number, j = 0, j + 1
    elif t[j].cat in ("ord", "int", "roman") and (found := ordinal(t, j)):
        number, j = found
    else:
        return None
    if not is_unit(t, j, "month"):
        return None
    j += 1
    comma = j + 1 if t[j].form == "," else j
    if t[comma].cat == "next" and (reference := _reference(t, comma + 1)):
        base = reference.base or Period.QUARTER
        return Place(base, base.months + max(number, 1) - 1, 1), reference.after, reference.problems
    following = 0
    while t[j].cat in _QUALIFYING or t[j].cat == "next":
        following = following or t[j].cat == "next"
        j += 1
    unit = _unit(t, j)
    if unit is None or unit is Period.MONTH or not 0 <= number <= unit.months:
        return None
    offset = (number or unit.months) - 1
    comma = j + 2 if t[j + 1].form == "," else j + 1
    if t[comma].cat == "next" and (reference := _reference(t, comma + 1)):
        base = reference.base or unit
        return Place(base, base.months + offset, 1), reference.after, reference.problems
    return Place(unit, offset + (unit.months if following else 0), 1), j + 1, ()


def _following_first(t: Tokens, i: int) -> tuple[Place, int, tuple[str, ...]] | None:
    """'следующего месяца', 'следующего за отчётным кварталом месяца'."""
    reference = _reference(t, i + 1) if t[i + 1].form == "за" else None
    j = reference.after if reference else i + 1
    if t[j].form == ",":
        j += 1
    unit = _unit(t, j)
    if unit is None and reference and reference.base and is_unit(t, j - 1, "month", "quarter", "half_year"):
        # «следующего за отчётным месяца»: the only noun names both
        return Place(reference.base, reference.base.months, reference.base.months), j, reference.problems
    if unit is None or unit is Period.YEAR:
        return None
    base = (reference.base if reference else None) or unit
    return Place(base, base.months, unit.months), j + 1, reference.problems if reference else ()


def _reference(t: Tokens, i: int) -> _Reference | None:
    """What something follows: 'за отчётным кварталом', 'за отчётным', 'за последним месяцем квартала'."""
    if t[i].form not in ("за", "после"):
        return None
    j = i + 1
    if t[j].cat == "last" and is_unit(t, j + 1, "month"):
        j += 2
    if t[j].form in ("окончанием", "завершением", "истечением") or t[j].cat == "end":
        j += 1
    qualified = False
    while t[j].cat in _QUALIFYING:
        qualified = True
        j += 1
    if t[j].cat == "period":
        return _Reference(Period.QUARTER, j + 1, (UNNAMED_PERIOD,)) if qualified else None
    if qualified and t[j].form == "(" and (named := _unit(t, j + 1)) and t[j + 2].form == ")":
        # «за отчётным (кварталом)»
        return _Reference(named, j + 3)
    unit = _unit(t, j)
    if unit is not None:
        return _Reference(unit, j + 1)
    return _Reference(None, j) if qualified else None


def _unit(t: Tokens, i: int) -> Period | None:
    token = t[i]
    return _UNITS.get(str(token.value)) if token.cat == "unit" else None
