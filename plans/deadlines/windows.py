"""Windows: days, months, quarters, halves and ranges of them, with the words that stand before them."""

from dataclasses import dataclass, field, replace

from nok_portal.common.text import MONTHS_GENITIVE

from .model import Mode, Period, Recurrence, Rule, Span, SpanKind, Years, YearsKind
from .numbers import number_ranges, value_of
from .pieces import (
    Piece,
    closing,
    days_at_edge,
    impossible_day,
    in_one_stretch,
    numbered_piece,
    one_year,
    order,
    read_piece,
    years_at,
)
from .tokens import Tokens
from .years import is_unit, is_year, named_years, relative_years, skip_year_word


@dataclass
class Windows:
    """What one phrase names: rules whose years may still be open, and what is wrong with it."""

    rules: list[Rule] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


_TWO_WORDS = {
    "не": {"позднее": Mode.BY, "позже": Mode.BY, "ранее": Mode.FROM, "раньше": Mode.FROM},
    "вплоть": {"до": Mode.BY},
    "начиная": {"с": Mode.FROM, "со": Mode.FROM},
    "в": {"течение": Mode.DURING, "течении": Mode.DURING},
    "во": {"течение": Mode.DURING, "течении": Mode.DURING},
    "на": {"протяжении": Mode.DURING, "протяжение": Mode.DURING},
}
_ONE_WORD = {
    "до": Mode.BY, "к": Mode.BY, "ко": Mode.BY, "по": Mode.BY, "с": Mode.FROM, "со": Mode.FROM,
    "в": Mode.DURING, "во": Mode.DURING, "на": Mode.DURING, "за": Mode.DURING,
    "течение": Mode.DURING, "течении": Mode.DURING,
}  # fmt: skip
# Which word may follow which: «не позднее до 1 мая», «в период с 1 мая»; «до с» is nonsense.
_MAY_FOLLOW: dict[Mode | None, set[Mode]] = {
    None: {Mode.BY, Mode.FROM, Mode.DURING},
    Mode.BY: {Mode.BY},
    Mode.DURING: {Mode.FROM},
    Mode.FROM: set(),
}
_MOST_WORDS = 4


def read_mode(t: Tokens, i: int) -> tuple[Mode | None, int]:
    """The words before a window: 'до', 'не позднее', 'в срок до', 'в течение', 'начиная с', …"""
    j = _after_term_word(t, i)
    mode: Mode | None = None
    for _ in range(_MOST_WORDS):
        form, following = t[j].form, t[j + 1].form
        two = _TWO_WORDS.get(form, {}).get(following)
        if two:
            mode, j = two, j + 2
            if t[j].form == "чем":
                j += 2 if t[j + 1].form in ("в", "во", "на") else 1
            continue
        one = _ONE_WORD.get(form)
        if (
            one is None
            or one not in _MAY_FOLLOW[mode]
            or (form == "по" and (mode or t[j + 1].cat not in ("int", "date", "month")))
        ):
            break
        mode, j = one, j + 1
        if mode is Mode.DURING and t[j].cat == "period" and t[j + 1].form in ("с", "со"):
            j += 1
    return mode, j


def _after_term_word(t: Tokens, i: int) -> int:
    """Past 'в срок' and 'срок –' where more words of time follow."""
    if t[i].form == "в" and t[i + 1].cat == "term":
        return i + 2
    if t[i].cat == "term" and t[i + 1].form == "-":
        return i + 2
    return i + 1 if t[i].cat == "term" and t[i + 1].form in ("до", "к", "с", "не") else i


def read_windows(t: Tokens, i: int) -> tuple[Windows, int] | None:
    """A phrase that names windows, with its years when they stand right in it."""
    found = _read(t, i)
    if found and any(t[k].cat == "each" for k in range(i, found[1])):
        windows, after = found
        yearly = [
            replace(rule, every=Recurrence(Period.YEAR)) if rule.span and not rule.years.offset else rule
            for rule in windows.rules
        ]
        return Windows(yearly, windows.problems), after
    return found


def _read(t: Tokens, i: int) -> tuple[Windows, int] | None:
    if t[i].cat == "period" and t[i + 1].form in ("с", "со"):
        i += 1
    if t[i].form == "от":
        return _from_to(t, i + 1)
    between = i + 2 if t[i].form == "в" and t[i + 1].cat == "period" else i
    if t[between].form == "между":
        return _between(t, between + 1)
    dash = i + 2 if t[i + 1].cat == "" else i + 1
    if t[i].cat in ("start", "end") and t[dash].form in ("-", ":") and (piece := read_piece(t, dash + 1)):
        # «начало — 1 февраля, окончание — 30 апреля», «начало работ — …»
        return _range_from(t, *piece, Mode.FROM if t[i].cat == "start" else Mode.BY)
    mode, j = read_mode(t, i)
    if wrong := _reversed_years(t, j):
        return wrong
    if t[j].cat == "end" and (found := _edge(t, j, mode)):
        return found
    if t[j].cat in ("start", "middle"):
        return _vague_or_first(t, j, mode)
    if mode is Mode.BY and t[j].form == "наступления":
        j += 1
    if (mode is Mode.DURING and t[j].cat == "whole") or (t[j].cat == "each" and t[j + 1].cat == "month"):
        j += 1
    if found := _days_at_edge(t, j) or _numbered(t, j, mode):
        return found
    piece = read_piece(t, j)
    if piece is None:
        years = named_years(t, j) if mode is Mode.BY else None
        return (Windows([Rule(years=years[0], mode=mode or Mode.BY)]), years[1]) if years else None
    return _range_from(t, *piece, mode)


def _days_at_edge(t: Tokens, j: int) -> tuple[Windows, int] | None:
    """'первые 10 дней марта', 'последние 3 рабочих дня декабря 2027 года'."""
    days = days_at_edge(t, j)
    if days is None or t[days[3]].cat != "month":
        return None
    first, last, working, at = days
    month = value_of(t[at])
    years, after = years_at(t, at + 1) or (Years(), at + 1)
    if working:
        # any of the working days will do: up to the last of them
        return Windows([Rule(Span(SpanKind.WORKING_DAY, last, month), years=years, mode=Mode.BY)]), after
    if problem := impossible_day(last if last > 0 else -first, month):
        return Windows(problems=[problem]), after
    return Windows([Rule(Span(SpanKind.DAY, first, month), Span(SpanKind.DAY, last, month), years)]), after


def _from_to(t: Tokens, i: int) -> tuple[Windows, int] | None:
    """'от 1 марта до 15 апреля'; «от 1 марта» alone dates a document."""
    piece = read_piece(t, i)
    return _range_from(t, *piece, Mode.FROM) if piece and t[piece[1]].form in ("до", "по") else None


def _reversed_years(t: Tokens, i: int) -> tuple[Windows, int] | None:
    """'2028–2027 годы', 'с 2029 года по 2027 год'."""
    j = skip_year_word(t, i + 1)
    if not (is_year(t, i) and t[j].form in ("-", "по") and is_year(t, j + 1)):
        return None
    first, last = value_of(t[i]), value_of(t[j + 1])
    if first <= last:
        return None
    return Windows(problems=[f"Начало позже конца: {first}–{last} годы"]), skip_year_word(t, j + 2)


def _between(t: Tokens, i: int) -> tuple[Windows, int] | None:
    """'между 1 и 10 июля', 'между маем и сентябрём 2027 года'."""
    if numbered := _numbered(t, i, None):
        rules = numbered[0].rules
        if len(rules) == 2 and all(rule.span and not rule.until for rule in rules):
            return Windows([replace(rules[0], until=rules[1].span)]), numbered[1]
        return None
    first = read_piece(t, i)
    last = read_piece(t, first[1] + 1) if first and t[first[1]].form == "и" else None
    return (_range(first[0], last[0]), last[1]) if first and last else None


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
    made: list[tuple[Piece, Piece]] = []
    after = j
    for first, last in pairs:
        one, other = numbered_piece(t, j, first), numbered_piece(t, j, last)
        if one is None or other is None:
            return None
        made.append((one[0], other[0]))
        after = one[1]
    years = years_at(t, after)
    if years:
        after = years[1]
    result = Windows()
    listed = mode is Mode.BY or len(made) > 1
    for start, end in made:
        if start.impossible or end.impossible:
            result.problems += dict.fromkeys(p for p in (start.impossible, end.impossible) if p)
            continue
        if start.span.number > end.span.number:
            result.problems.append(f"Начало позже конца: {start.span.number}–{end.span.number}")
            continue
        rule = Rule(
            span=start.span,
            until=end.span if end.span != start.span else None,
            years=years[0] if years else Years(),
            mode=Mode.BY if listed and mode is Mode.BY else Mode.DURING,
        )
        result.rules.append(rule)
    return result, after


def _days_before_date(t: Tokens, i: int) -> tuple[Windows, int] | None:
    date = t[i + 2].date
    if date is None:
        return None
    year, month, last = date
    first = value_of(t[i])
    problem = impossible_day(last, month, year) or impossible_day(first, month, year)
    if problem:
        return Windows(problems=[problem]), i + 3
    if first > last:
        return Windows(problems=[f"Начало позже конца: {first}–{last} {MONTHS_GENITIVE[month - 1]}"]), i + 3
    years = one_year(year) if year else Years()
    rule = Rule(Span(SpanKind.DAY, first, month), Span(SpanKind.DAY, last, month), years)
    return Windows([rule]), skip_year_word(t, i + 3)


def _range_from(t: Tokens, piece: Piece, j: int, mode: Mode | None) -> tuple[Windows, int]:
    """A single piece, or the range that it begins."""
    joined = (t[j].form == "-" and not (mode is Mode.DURING and _month_then_day(t, piece, j))) or (
        mode is Mode.FROM and t[j].form in ("по", "до")
    )
    if (mode is Mode.FROM and t[j].form == "," and t[j + 1].form in ("по", "до")) or (
        mode is Mode.FROM and t[j].form in ("и", ",") and t[j + 1].form in ("заканчивая", "кончая", "завершая")
    ):
        joined, j = True, j + 1
    if joined:
        k = j + 1
        if t[k].cat == "end":
            k += 1
        end = read_piece(t, k)
        if end is None and mode is Mode.FROM and _year_end(t, k):
            years, after = _year_end(t, k) or (None, k)
            end = Piece(Span(SpanKind.YEAR), years), after
        if end is not None:
            return _range(piece, end[0]), end[1]
    if piece.impossible:
        return Windows(problems=[piece.impossible]), j
    rule = Rule(span=piece.span, years=piece.years or Years(), mode=mode or Mode.DURING)
    problem = wrong_in_year(rule)
    return (Windows(problems=[problem]) if problem else Windows([rule])), j


def _month_then_day(t: Tokens, piece: Piece, j: int) -> bool:
    """«За март — 5 апреля» is no range."""
    end = read_piece(t, j + 1)
    return piece.span.kind is SpanKind.MONTH and end is not None and end[0].span.kind is SpanKind.DAY


def _year_end(t: Tokens, k: int) -> tuple[Years, int] | None:
    return named_years(t, k) or relative_years(t, k) or ((Years(), k + 1) if is_unit(t, k, "year") else None)


def wrong_in_year(rule: Rule) -> str:
    """The day that none of the rule's years has (29 февраля), in words; empty when there is one."""
    span = rule.span
    if span is None or span.kind is not SpanKind.DAY or rule.years.kind is not YearsKind.LISTED or span.number < 1:
        return ""
    wrong = [impossible_day(span.number, span.month, year) for year in rule.years.listed]
    return wrong[0] if all(wrong) and wrong else ""


def wraps(first: Rule, last: Rule) -> bool:
    """Whether a range from one to the other would cross the new year."""
    return bool(first.span and last.span and closing(last.span) < order(first.span))


def in_year(rule: Rule, years: Years, *, named_after: bool = True) -> Rule:
    """The rule in years that stand apart from it.

    Of a range over the new year («ноябрь – февраль») a year named after it is that of the end, one named
    before it that of the beginning.
    """
    if rule.span and rule.until and _one(years) and closing(rule.until) < order(rule.span):
        first = years.listed[0] - 1 if named_after else years.listed[0]
        return replace(rule, years=one_year(first), until_year=first + 1)
    return replace(rule, years=in_one_stretch(rule.span, years) if rule.span and not rule.until else years)


def _range(start: Piece, end: Piece) -> Windows:
    if wrong := [text for text in (start.impossible, end.impossible) if text]:
        return Windows(problems=wrong)
    years = end.years or start.years or Years()
    year = until_year = 0
    wraps = closing(end.span) < order(start.span)
    if start.years and end.years and _one(start.years) and _one(end.years):
        year, until_year = start.years.listed[0], end.years.listed[0]
    elif _one(years) and wraps:
        only = years.listed[0]
        year, until_year = (only - 1, only) if end.years else (only, only + 1)
    days = start.span.kind is SpanKind.DAY and end.span.kind is SpanKind.DAY
    if wraps and days and start.span.month == end.span.month and not (start.years and end.years):
        return Windows(problems=["Начало срока позже его конца"])
    if year:
        if (year, order(start.span)) > (until_year, closing(end.span)):
            return Windows(problems=["Начало срока позже его конца"])
        if year != until_year:
            return Windows([Rule(start.span, end.span, one_year(year), until_year)])
    return Windows([Rule(start.span, end.span, years)])


def _one(years: Years) -> bool:
    return years.kind is YearsKind.LISTED and len(years.listed) == 1


def _edge(t: Tokens, j: int, mode: Mode | None) -> tuple[Windows, int] | None:
    """'до конца апреля', 'к концу I квартала 2027', 'конец года': the stretch itself, by its last day."""
    day = j + 2 if t[j + 1].cat == "working" else j + 1
    if is_unit(t, day, "day"):
        # «до конца рабочего дня 1 июля»
        j = day
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
        inner = Piece(Span(SpanKind.YEAR), years[0]), years[1]
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
