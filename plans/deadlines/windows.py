"""Windows: days, months, quarters, halves and ranges of them, with the words that stand before them."""

from dataclasses import dataclass, field, replace

from nok_portal.common.text import MONTHS_GENITIVE
from nok_portal.common.workdays import last_day_of_month

from .model import Mode, Period, Recurrence, Rule, Span, SpanKind, Years, YearsKind
from .numbers import number_ranges, ordinal, value_of
from .tokens import Tokens
from .years import is_unit, is_year, named_years, relative_years, skip_year_word

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LEAP_YEAR = 2028
_CALENDAR_UNITS = ("month", "quarter", "half_year", "year")


@dataclass
class Windows:
    """What one phrase names: rules whose years may still be open, and what is wrong with it."""

    rules: list[Rule] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """One end of a range; `impossible` names what does not exist in any year."""

    span: Span
    years: Years | None = None
    impossible: str = ""


_BY_AFTER_TERM = frozenset({"до", "к", "ко", "по"})


def read_mode(t: Tokens, i: int) -> tuple[Mode | None, int]:
    """The words before a window: 'до', 'не позднее', 'в срок до', 'в течение', 'начиная с', …"""
    j = i
    if t[j].form == "в" and t[j + 1].cat == "term":
        j += 2
    elif t[j].cat == "term" and (t[j + 1].form in ("до", "к", "с", "не") or t[j + 1].form == "-"):
        j += 2 if t[j + 1].form == "-" else 1
    mode: Mode | None = None
    while True:
        form, following = t[j].form, t[j + 1].form
        if form == "не" and following in ("позднее", "позже"):
            mode = Mode.BY
            j += 2
            if t[j].form == "чем":
                j += 1
        elif form == "не" and following in ("ранее", "раньше"):
            mode = Mode.FROM
            j += 2
            if t[j].form == "чем":
                j += 1
        elif form in ("до", "к", "ко") and mode in (None, Mode.BY):
            mode = Mode.BY
            j += 1
        elif form == "вплоть" and following == "до":
            mode = Mode.BY
            j += 2
        elif form == "начиная" and following in ("с", "со"):
            mode = Mode.FROM
            j += 2
        elif form in ("с", "со") and mode is None:
            mode = Mode.FROM
            j += 1
        elif form == "по" and mode is None and t[j + 1].cat in ("int", "date"):
            mode = Mode.BY
            j += 1
        elif form in ("в", "во") and following in ("течение", "течении") or form == "на" and following.startswith("протяжени"):
            mode = Mode.DURING
            j += 2
        elif form in ("течение", "течении"):
            mode = Mode.DURING
            j += 1
        elif form in ("в", "во", "на", "за") and mode is None:
            mode = Mode.DURING
            j += 1
            if t[j].cat == "period" and t[j + 1].form in ("с", "со"):
                j += 1
                mode = None
                continue
        else:
            return mode, j
        if mode is Mode.DURING and t[j].form in ("с", "со"):
            mode = None


def read_windows(t: Tokens, i: int) -> tuple[Windows, int] | None:
    """A phrase that names windows, with its years when they stand right in it."""
    found = _read(t, i)
    if found and any(t[k].cat == "each" for k in range(i, found[1])):
        windows, after = found
        yearly = [replace(rule, every=Recurrence(Period.YEAR)) if rule.span and not rule.years.offset else rule for rule in windows.rules]
        return Windows(yearly, windows.problems), after
    return found


def _read(t: Tokens, i: int) -> tuple[Windows, int] | None:
    mode, j = read_mode(t, i)
    if t[j].cat == "end" and (found := _edge(t, j, mode)):
        return found
    if t[j].cat in ("start", "middle"):
        return _vague_or_first(t, j, mode)
    if (mode is Mode.DURING and t[j].cat == "whole") or (t[j].cat == "each" and t[j + 1].cat == "month"):
        j += 1
    if found := _numbered(t, j, mode):
        return found
    piece = read_piece(t, j)
    if piece is None:
        years = named_years(t, j) if mode is Mode.BY else None
        return (Windows([Rule(years=years[0], mode=mode or Mode.BY)]), years[1]) if years else None
    return _range_from(t, *piece, mode)


def _numbered(t: Tokens, i: int, mode: Mode | None) -> tuple[Windows, int] | None:
    """'I, III–IV кварталы', '1 и 15 апреля', 'с 1 по 15 мая', '01–15.12.2027'."""
    ranges = number_ranges(t, i)
    if ranges is None:
        if t[i].cat == "int" and t[i + 1].form == "-" and t[i + 2].date:
            return _days_before_date(t, i)
        return None
    pairs, j = ranges
    if len(pairs) == 1 and pairs[0][0] == pairs[0][1]:
        if t[j].form == "-" and t[j + 1].date and t[i].cat == "int":
            return _days_before_date(t, i)
        return None
    made: list[tuple[_Piece, _Piece]] = []
    after = j
    for first, last in pairs:
        one, other = _numbered_piece(t, j, first), _numbered_piece(t, j, last)
        if one is None or other is None:
            return None
        made.append((one[0], other[0]))
        after = one[1]
    years = _years_at(t, after)
    if years:
        after = years[1]
    result = Windows()
    listed = mode is Mode.BY or len(made) > 1
    for start, end in made:
        if start.impossible or end.impossible:
            result.problems += dict.fromkeys(p for p in (start.impossible, end.impossible) if p)
            continue
        if start.span.number > end.span.number:
            result.problems.append(f"Начало позже конца: {_ROMAN_OR(start.span)}–{_ROMAN_OR(end.span)}")
            continue
        rule = Rule(
            span=start.span,
            until=end.span if end.span != start.span else None,
            years=years[0] if years else Years(),
            mode=Mode.BY if listed and mode is Mode.BY else Mode.DURING,
        )
        result.rules.append(rule)
    return result, after


def _ROMAN_OR(span: Span) -> str:  # noqa: N802
    return str(span.number)


def _days_before_date(t: Tokens, i: int) -> tuple[Windows, int] | None:
    date = t[i + 2].date
    if date is None:
        return None
    year, month, last = date
    first = value_of(t[i])
    problem = _impossible_day(last, month, year) or _impossible_day(first, month, year)
    if problem:
        return Windows(problems=[problem]), i + 3
    if first > last:
        return Windows(problems=[f"Начало позже конца: {first}–{last} {MONTHS_GENITIVE[month - 1]}"]), i + 3
    years = _listed(year) if year else Years()
    rule = Rule(Span(SpanKind.DAY, first, month), Span(SpanKind.DAY, last, month), years)
    return Windows([rule]), skip_year_word(t, i + 3)


def _listed(year: int) -> Years:
    return Years(YearsKind.LISTED, (year,))


def _numbered_piece(t: Tokens, j: int, number: int) -> tuple[_Piece, int] | None:
    """The unit that a number belongs to."""
    if t[j].cat == "month":
        month = value_of(t[j])
        return _Piece(Span(SpanKind.DAY, number, month), impossible=_impossible_day(number, month)), j + 1
    if is_unit(t, j, "quarter"):
        wrong = "" if 1 <= number <= 4 else f"Нет такого квартала: {_roman(number)} квартал"
        return _Piece(Span(SpanKind.QUARTER, number), impossible=wrong), j + 1
    if is_unit(t, j, "half_year") or (t[j].form == "п" and t[j + 1].form == "/" and t[j + 2].form == "г"):
        wrong = "" if 1 <= number <= 2 else f"Нет такого полугодия: {_roman(number)} полугодие"
        return _Piece(Span(SpanKind.HALF_YEAR, number), impossible=wrong), j + (1 if is_unit(t, j, "half_year") else 3)
    if is_unit(t, j, "ten_days") and t[j + 1].cat == "month":
        wrong = "" if 1 <= number <= 3 else f"Нет такой декады: {number}-я декада"
        return _Piece(Span(SpanKind.TEN_DAYS, number, value_of(t[j + 1])), impossible=wrong), j + 2
    if t[j].cat == "half" and t[j + 1].cat == "month":
        wrong = "" if 1 <= number <= 2 else f"Нет такой половины: {number}-я половина"
        return _Piece(Span(SpanKind.HALF_MONTH, number, value_of(t[j + 1])), impossible=wrong), j + 2
    if t[j].cat == "half" and (is_year(t, j + 1) or (_year_ahead(t, j + 1))):
        wrong = "" if 1 <= number <= 2 else f"Нет такой половины: {number}-я половина"
        return _Piece(Span(SpanKind.HALF_YEAR, number), impossible=wrong), j + 1
    if t[j].cat == "working" and is_unit(t, j + 1, "day") and t[j + 2].cat == "month":
        return _Piece(Span(SpanKind.WORKING_DAY, number, value_of(t[j + 2]))), j + 3
    return None


def _year_ahead(t: Tokens, i: int) -> bool:
    return is_unit(t, i, "year") or relative_years(t, i) is not None


def _roman(number: int) -> str:
    return _ROMAN[number] if 0 < number < len(_ROMAN) else str(number)


def _impossible_day(day: int, month: int, year: int = 0) -> str:
    if not 1 <= month <= 12:
        return f"Нет такого месяца: {day:02}.{month:02}" + (f".{year}" if year else "")
    if 1 <= day <= last_day_of_month(year or _LEAP_YEAR, month):
        return ""
    return f"Нет такого дня: {day} {MONTHS_GENITIVE[month - 1]}" + (f" {year} года" if year else "")


def read_piece(t: Tokens, i: int) -> tuple[_Piece, int] | None:
    """One end of a window: a numeric date, a day, a month, a numbered quarter, a season, a school year."""
    token = t[i]
    if token.date:
        year, month, day = token.date
        wrong = _impossible_day(day, month, year)
        piece = _Piece(Span(SpanKind.DAY, day, month), _listed(year) if year else None, wrong)
        after = skip_year_word(t, i + 1)
        if not year and (years := _years_at(t, i + 1)):
            return replace(piece, years=years[0]), years[1]
        return piece, after
    found: tuple[_Piece, int] | None = None
    if token.cat == "month":
        found = _Piece(Span(SpanKind.MONTH, month=value_of(token))), i + 1
        if is_unit(t, i + 1, "month"):
            found = found[0], i + 2
    elif token.cat == "season":
        found = _Piece(Span(SpanKind.SEASON, value_of(token))), i + 1
        if t[i + 1].form == "-":
            return None
        if t[i + 1].cat == "period" or is_unit(t, i + 1, "month"):
            found = found[0], i + 2
    elif token.cat == "last":
        found = _last(t, i)
    elif number := ordinal(t, i):
        found = _numbered_piece(t, number[1], number[0])
    if found is None:
        return _school_year(t, i)
    piece, after = found
    if years := _years_at(t, after):
        return replace(piece, years=years[0]), years[1]
    return piece, after


def _last(t: Tokens, i: int) -> tuple[_Piece, int] | None:
    """'последний рабочий день декабря', 'последняя декада марта', 'последний день июня'."""
    j = i + 1
    working = t[j].cat == "working"
    if working:
        j += 1
    if is_unit(t, j, "day") and t[j + 1].cat == "month":
        month = value_of(t[j + 1])
        if working:
            return _Piece(Span(SpanKind.WORKING_DAY, -1, month)), j + 2
        return _Piece(Span(SpanKind.DAY, -1, month)), j + 2
    if is_unit(t, j, "ten_days") and t[j + 1].cat == "month":
        return _Piece(Span(SpanKind.TEN_DAYS, 3, value_of(t[j + 1]))), j + 2
    if is_unit(t, j, "quarter"):
        return _Piece(Span(SpanKind.QUARTER, 4)), j + 1
    return None


def _school_year(t: Tokens, i: int) -> tuple[_Piece, int] | None:
    """'2027/2028 учебный год', '2027-28 уч. год', 'учебного года', 'текущего учебного года'."""
    span = Span(SpanKind.SCHOOL_YEAR)
    starts: list[int] = []
    j = i
    while is_year(t, j) and t[j + 1].form in ("/", "-") and t[j + 2].cat == "int" and len(t[j + 2].form) in (2, 4):
        starts.append(value_of(t[j]))
        j += 3
        if t[j].form in (",", "и") and is_year(t, j + 1):
            j += 1
    if not starts:
        while t[j].cat in ("current", "each", "whole", "next"):
            j += 1
    offset = 1 if j > i and t[j - 1].cat == "next" and not starts else 0
    if t[j].cat == "school" and is_unit(t, j + 1, "year"):
        years = Years(YearsKind.LISTED, tuple(starts)) if starts else Years(offset=offset)
        after = j + 2
        if not starts and is_year(t, after) and t[after + 1].form in ("/", "-"):
            years, after = _listed(value_of(t[after])), after + 3
            after = skip_year_word(t, after)
        return _Piece(span, years), after
    return None


def _years_at(t: Tokens, i: int) -> tuple[Years, int] | None:
    """Years right after a piece; a range of years that is a school year is none."""
    j = i + 1 if t[i].form in ("в", "на", "за") and (is_year(t, i + 1) or t[i + 1].cat in ("current", "next")) else i
    if t[j].form == "-" and is_year(t, j + 1):
        return None
    if j == i + 1 and t[i].form == "за":
        return None
    found = named_years(t, j) or relative_years(t, j)
    if found is None and is_unit(t, j, "year"):
        return Years(), j + 1
    return found


def _range_from(t: Tokens, piece: _Piece, j: int, mode: Mode | None) -> tuple[Windows, int]:
    """A single piece, or the range that it begins."""
    joined = t[j].form == "-" or (mode is Mode.FROM and t[j].form in ("по", "до"))
    if mode is Mode.FROM and t[j].form == "," and t[j + 1].form in ("по", "до"):
        joined, j = True, j + 1
    if joined:
        k = j + 1
        if t[k].cat == "end":
            k += 1
        end = read_piece(t, k)
        if end is None and mode is Mode.FROM and _year_end(t, k):
            years, after = _year_end(t, k) or (None, k)
            end = _Piece(Span(SpanKind.YEAR), years), after
        if end is not None:
            return _range(piece, end[0], mode), end[1]
    if piece.impossible:
        return Windows(problems=[piece.impossible]), j
    rule = Rule(span=piece.span, years=piece.years or Years(), mode=mode or Mode.DURING)
    problem = _wrong_in_year(rule)
    return (Windows(problems=[problem]) if problem else Windows([rule])), j


def _year_end(t: Tokens, k: int) -> tuple[Years, int] | None:
    return named_years(t, k) or relative_years(t, k) or ((Years(), k + 1) if is_unit(t, k, "year") else None)


def _wrong_in_year(rule: Rule) -> str:
    span = rule.span
    if span is None or span.kind is not SpanKind.DAY or rule.years.kind is not YearsKind.LISTED or span.number < 1:
        return ""
    wrong = [_impossible_day(span.number, span.month, year) for year in rule.years.listed]
    return wrong[0] if all(wrong) and wrong else ""


def _range(start: _Piece, end: _Piece, mode: Mode | None) -> Windows:
    if wrong := [text for text in (start.impossible, end.impossible) if text]:
        return Windows(problems=wrong)
    years = end.years or start.years or Years()
    year = until_year = 0
    wraps = order(end.span) < order(start.span)
    if start.years and end.years and _one(start.years) and _one(end.years):
        year, until_year = start.years.listed[0], end.years.listed[0]
    elif _one(years) and wraps:
        only = years.listed[0]
        year, until_year = (only - 1, only) if end.years else (only, only + 1)
    if year:
        if (year, order(start.span)) > (until_year, order(end.span)):
            return Windows(problems=["Начало срока позже его конца"])
        if year != until_year:
            return Windows([Rule(start.span, end.span, _listed(year), until_year)])
    if mode is Mode.FROM or mode is None or mode is Mode.DURING or mode is Mode.BY:
        return Windows([Rule(start.span, end.span, years)])
    return Windows()


def _one(years: Years) -> bool:
    return years.kind is YearsKind.LISTED and len(years.listed) == 1


def order(span: Span) -> tuple[int, int]:
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
        case SpanKind.HALF_MONTH:
            return span.month, 15 * span.number - 14
        case _:
            return span.month, span.number if span.number > 0 else 31


def _edge(t: Tokens, j: int, mode: Mode | None) -> tuple[Windows, int] | None:
    """'до конца апреля', 'к концу I квартала 2027', 'конец года': the stretch itself, by its last day."""
    inner = read_piece(t, j + 1)
    if inner:
        windows, after = _range_from(t, inner[0], inner[1], mode)
        rules = [replace(rule, mode=Mode.BY if mode is Mode.BY else rule.mode) for rule in windows.rules]
        return Windows(rules, windows.problems), after
    years = named_years(t, j + 1) or relative_years(t, j + 1)
    if years is None and is_unit(t, j + 1, "year"):
        years = Years(), j + 2
    if years is None:
        return None
    return Windows([Rule(years=years[0], mode=mode or Mode.DURING)]), years[1]


def _vague_or_first(t: Tokens, j: int, mode: Mode | None) -> tuple[Windows, int] | None:
    """'к началу учебного года' is its first day; 'в начале апреля' has no day of its own."""
    inner = read_piece(t, j + 1)
    if inner is None:
        years = named_years(t, j + 1) or relative_years(t, j + 1)
        if years is None and is_unit(t, j + 1, "year"):
            years = Years(), j + 2
        if years is None:
            return None
        inner = _Piece(Span(SpanKind.YEAR), years[0]), years[1]
    piece, after = inner
    if piece.impossible:
        return Windows(problems=[piece.impossible]), after
    years_of = piece.years or Years()
    if mode in (Mode.BY, Mode.FROM) and t[j].cat == "start":
        month, day = order(piece.span) if piece.span.kind is not SpanKind.YEAR else (1, 1)
        return Windows([Rule(span=Span(SpanKind.DAY, max(day, 1), month), years=years_of, mode=mode)]), after
    word = "Начало" if t[j].cat == "start" else "Середина"
    problem = f"«{word}» не называет дня: взят весь названный отрезок времени"
    span = None if piece.span.kind is SpanKind.YEAR else piece.span
    return Windows([Rule(span=span, years=years_of)], [problem]), after
