"""One end of a window: a day, a month, a numbered quarter, a season, a school year, with its own years."""

from dataclasses import dataclass, replace

from nok_portal.common.text import MONTHS_GENITIVE, MONTHS_NOMINATIVE
from nok_portal.common.workdays import last_day_of_month

from .model import Span, SpanKind, Years, YearsKind
from .numbers import cardinal, ordinal, value_of
from .tokens import Tokens
from .years import is_unit, is_year, named_years, relative_years, skip_year_word

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LEAP_YEAR = 2028
_LONGEST_MONTH = 31
_CENTURY = 2000


@dataclass(frozen=True)
class Piece:
    """One end of a range; `impossible` names what does not exist in any year."""

    span: Span
    years: Years | None = None
    impossible: str = ""


def impossible_day(day: int, month: int, year: int = 0) -> str:
    if not 1 <= month <= 12:
        return f"Нет такого месяца: {day:02}.{month:02}" + (f".{year}" if year else "")
    if 1 <= day <= last_day_of_month(year or _LEAP_YEAR, month):
        return ""
    return f"Нет такого дня: {day} {MONTHS_GENITIVE[month - 1]}" + (f" {year} года" if year else "")


def _roman(number: int) -> str:
    return _ROMAN[number] if 0 < number < len(_ROMAN) else str(number)


def one_year(year: int) -> Years:
    return Years(YearsKind.LISTED, (year,))


def read_piece(t: Tokens, i: int) -> tuple[Piece, int] | None:
    """One end of a window: a numeric date, a day, a month, a numbered quarter, a season, a school year."""
    token = t[i]
    if token.date:
        year, month, day = token.date
        if day == 0 and 5 < len(token.form) <= 7:
            return Piece(Span(SpanKind.MONTH, month=month), one_year(year)), skip_year_word(t, i + 1)
        wrong = impossible_day(day, month, year)
        piece = Piece(Span(SpanKind.DAY, day, month), one_year(year) if year else None, wrong)
        after = skip_year_word(t, i + 1)
        if not year and (years := years_at(t, i + 1)):
            return replace(piece, years=years[0]), years[1]
        return piece, after
    found: tuple[Piece, int] | None = None
    if token.cat == "month":
        found = Piece(Span(SpanKind.MONTH, month=value_of(token))), i + 1
        if is_unit(t, i + 1, "month"):
            found = found[0], i + 2
    elif token.cat == "season":
        found = _season(t, i)
    elif token.cat == "last":
        found = _month_of_quarter(t, i + 1, 0) or _last(t, i)
    elif is_unit(t, i, "quarter") and t[i + 1].cat in ("roman", "ord"):
        # «кв. III»
        found = numbered_piece(t, i, value_of(t[i + 1]))
        found = (found[0], i + 2) if found else None
    elif number := ordinal(t, i):
        found = numbered_piece(t, number[1], number[0])
    if found is None:
        return _school_year(t, i)
    piece, after = found
    if years := years_at(t, after):
        return replace(piece, years=in_one_stretch(piece.span, years[0])), years[1]
    return piece, after


def in_one_stretch(span: Span, years: Years) -> Years:
    """«Зима 2027–2028 гг.» is one winter, «учебный год, 2027–2028 гг.» one school year."""
    over_new_year = span in (Span(SpanKind.SEASON, 4), Span(SpanKind.SCHOOL_YEAR))
    one = over_new_year and years.kind is YearsKind.RANGE and years.listed[1] == years.listed[0] + 1
    return one_year(years.listed[0]) if one else years


def numbered_piece(t: Tokens, j: int, number: int) -> tuple[Piece, int] | None:
    """The unit that a number belongs to."""
    if t[j].form in ("числа", "число", "числу") and t[j + 1].cat == "month":
        j += 1
    if t[j].cat == "month":
        month = value_of(t[j])
        if t[j].gap == "." and t[j].form == MONTHS_NOMINATIVE[month - 1]:
            # «1. Март»: the number is that of a list
            return None
        return Piece(Span(SpanKind.DAY, number, month), impossible=impossible_day(number, month)), j + 1
    if is_unit(t, j, "quarter"):
        wrong = "" if 1 <= number <= 4 else f"Нет такого квартала: {_roman(number)} квартал"
        return Piece(Span(SpanKind.QUARTER, number), impossible=wrong), j + 1
    if is_unit(t, j, "half_year") or (t[j].form == "п" and t[j + 1].form == "/" and t[j + 2].form == "г"):
        wrong = "" if 1 <= number <= 2 else f"Нет такого полугодия: {_roman(number)} полугодие"
        return Piece(Span(SpanKind.HALF_YEAR, number), impossible=wrong), j + (1 if is_unit(t, j, "half_year") else 3)
    if t[j].cat == "half" and (is_year(t, j + 1) or (_year_ahead(t, j + 1))):
        wrong = "" if 1 <= number <= 2 else f"Нет такой половины: {number}-я половина"
        return Piece(Span(SpanKind.HALF_YEAR, number), impossible=wrong), j + 1
    return _part_of_month(t, j, number) or _month_of_quarter(t, j, number)


def _month_of_quarter(t: Tokens, j: int, number: int) -> tuple[Piece, int] | None:
    """'первый месяц III квартала', 'последний месяц I полугодия'; 0 is the last one."""
    if not is_unit(t, j, "month") or not (named := ordinal(t, j + 1)):
        return None
    if not is_unit(t, named[1], "quarter", "half_year"):
        return None
    length = 3 if is_unit(t, named[1], "quarter") else 6
    month = (named[0] - 1) * length + (number or length)
    if not 0 <= number <= length or not 1 <= month <= 12:
        return None
    return Piece(Span(SpanKind.MONTH, month=month)), named[1] + 1


def _part_of_month(t: Tokens, j: int, number: int) -> tuple[Piece, int] | None:
    """'2-я неделя мая', 'III декада марта', 'первая половина июня', '5-й рабочий день июля'."""
    if is_unit(t, j, "week") and t[j + 1].cat == "month":
        wrong = "" if 1 <= number <= 5 else f"Нет такой недели: {number}-я неделя"
        return Piece(Span(SpanKind.WEEK, number, value_of(t[j + 1])), impossible=wrong), j + 2
    if is_unit(t, j, "ten_days") and t[j + 1].cat == "month":
        wrong = "" if 1 <= number <= 3 else f"Нет такой декады: {number}-я декада"
        return Piece(Span(SpanKind.TEN_DAYS, number, value_of(t[j + 1])), impossible=wrong), j + 2
    if t[j].cat == "half" and t[j + 1].cat == "month":
        wrong = "" if 1 <= number <= 2 else f"Нет такой половины: {number}-я половина"
        return Piece(Span(SpanKind.HALF_MONTH, number, value_of(t[j + 1])), impossible=wrong), j + 2
    if t[j].cat == "working" and is_unit(t, j + 1, "day") and t[j + 2].cat == "month":
        return Piece(Span(SpanKind.WORKING_DAY, number, value_of(t[j + 2]))), j + 3
    return None


def _year_ahead(t: Tokens, i: int) -> bool:
    return is_unit(t, i, "year") or relative_years(t, i) is not None


def _last(t: Tokens, i: int) -> tuple[Piece, int] | None:
    """'последний рабочий день декабря', 'последняя декада марта', 'последний день июня'."""
    j = i + 1
    working = t[j].cat == "working"
    if working:
        j += 1
    if is_unit(t, j, "day") and t[j + 1].cat == "month":
        month = value_of(t[j + 1])
        if working:
            return Piece(Span(SpanKind.WORKING_DAY, -1, month)), j + 2
        return Piece(Span(SpanKind.DAY, -1, month)), j + 2
    if is_unit(t, j, "week") and t[j + 1].cat == "month":
        return Piece(Span(SpanKind.WEEK, -1, value_of(t[j + 1]))), j + 2
    if is_unit(t, j, "ten_days") and t[j + 1].cat == "month":
        return Piece(Span(SpanKind.TEN_DAYS, 3, value_of(t[j + 1]))), j + 2
    if is_unit(t, j, "quarter"):
        return Piece(Span(SpanKind.QUARTER, 4)), j + 1
    return None


def _season(t: Tokens, i: int) -> tuple[Piece, int] | None:
    """'весна', 'летний период', 'зимние месяцы'; an adjective with another noun («зимний спорт») is no season."""
    piece, j = Piece(Span(SpanKind.SEASON, value_of(t[i]))), i + 1
    if t[j].cat == "period" or is_unit(t, j, "month"):
        return piece, j + 1
    adjective = t[i].form.endswith(("ий", "его", "не"))
    return None if adjective and t[j].form != "-" else (piece, j)


def _school_year(t: Tokens, i: int) -> tuple[Piece, int] | None:
    """'2027/2028 учебный год', '2027-28 уч. год', 'учебного года', 'текущего учебного года'."""
    span = Span(SpanKind.SCHOOL_YEAR)
    starts, j = _school_years(t, i) or ([], i)
    if not starts:
        while t[j].cat in ("current", "each", "whole", "next", "previous"):
            j += 1
    offset = {"next": 1, "previous": -1}.get(t[j - 1].cat, 0) if j > i and not starts else 0
    if t[j].cat == "school" and is_unit(t, j + 1, "year"):
        years = Years(YearsKind.LISTED, tuple(starts)) if starts else Years(offset=offset)
        after = j + 2
        if not starts and (named := _school_years(t, after)):
            years, after = Years(YearsKind.LISTED, tuple(named[0])), skip_year_word(t, named[1])
        return Piece(span, years), after
    return None


def _school_years(t: Tokens, i: int) -> tuple[list[int], int] | None:
    """'2027/2028', '2026/27 и 2027/28': the years in which they begin."""
    starts: list[int] = []
    while is_year(t, i) and t[i + 1].form in ("/", "-") and t[i + 2].cat == "int" and len(t[i + 2].form) in (2, 4):
        starts.append(value_of(t[i]))
        i += 3
        if t[i].form in (",", "и") and is_year(t, i + 1) and t[i + 2].form in ("/", "-"):
            i += 1
    return (starts, i) if starts else None


def days_at_edge(t: Tokens, i: int) -> tuple[int, int, bool, int] | None:
    """'первые 10 дней', 'последних 5 рабочих дней': their first and last number and whether they are working days."""
    last = t[i].cat == "last"
    if not (last or (t[i].cat == "ord" and t[i].form.startswith("перв") and t[i].form.endswith(("е", "х")))):
        return None
    counted = cardinal(t, i + 1)
    if counted is None or not 0 < counted[0] <= _LONGEST_MONTH:
        return None
    number, j = counted
    working = t[j].cat == "working"
    if working or t[j].cat == "calendar":
        j += 1
    if not is_unit(t, j, "day"):
        return None
    return (-number, -1, working, j + 1) if last else (1, number, working, j + 1)


def years_at(t: Tokens, i: int) -> tuple[Years, int] | None:
    """Years right after a piece; a range of years that is a school year is none."""
    j = i + 1 if t[i].form in ("в", "на", "за") and (is_year(t, i + 1) or t[i + 1].cat in ("current", "next")) else i
    if t[j].form == "-" and is_year(t, j + 1):
        return None
    if j == i + 1 and t[i].form == "за":
        return None
    found = named_years(t, j) or relative_years(t, j) or _short_year(t, j)
    if found is None and is_unit(t, j, "year"):
        return Years(), j + 1
    return found


def _short_year(t: Tokens, i: int) -> tuple[Years, int] | None:
    """'декабрь 27 года'."""
    if t[i].cat == "int" and len(t[i].form) == 2 and is_unit(t, i + 1, "year") and t[i + 1].form != "лет":
        return one_year(_CENTURY + value_of(t[i])), i + 2
    return None


def order(span: Span) -> tuple[int, int]:  # noqa: PLR0911 — one return a kind
    """Where in its year a span begins: for finding out whether a range crosses the new year."""
    match span.kind:
        case SpanKind.QUARTER:
            return 3 * span.number - 2, 0
        case SpanKind.HALF_YEAR:
            return 6 * span.number - 5, 0
        case SpanKind.SEASON:
            return 3 * span.number, 0
        case SpanKind.SCHOOL_YEAR:
            return 9, 0
        case SpanKind.YEAR:
            return 12, 31
        case SpanKind.MONTH:
            return span.month, 0
        case SpanKind.TEN_DAYS:
            return span.month, 10 * span.number - 9
        case SpanKind.WEEK:
            return span.month, 7 * span.number - 6 if span.number > 0 else 25
        case SpanKind.HALF_MONTH:
            return span.month, 15 * span.number - 14
        case _:
            return span.month, span.number if span.number > 0 else 32 + span.number


def closing(span: Span) -> tuple[int, int]:
    """Where in its year a span ends, the day as if every month had 31; months after December are of the next year."""
    month, day = order(span)
    match span.kind:
        case SpanKind.QUARTER | SpanKind.SEASON:
            return month + 2, _LONGEST_MONTH
        case SpanKind.HALF_YEAR:
            return month + 5, _LONGEST_MONTH
        case SpanKind.SCHOOL_YEAR:
            return month + 11, _LONGEST_MONTH
        case SpanKind.TEN_DAYS:
            return month, day + 9 if span.number < 3 else _LONGEST_MONTH
        case SpanKind.WEEK:
            return month, day + 6 if 0 < span.number < 5 else _LONGEST_MONTH
        case SpanKind.HALF_MONTH:
            return month, day + 14 if span.number == 1 else _LONGEST_MONTH
        case SpanKind.MONTH:
            return month, _LONGEST_MONTH
        case _:
            return month, day
