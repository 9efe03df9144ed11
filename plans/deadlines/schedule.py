"""`Deadline` → due dates: every window that the words name, in the plan's period and calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from nok_portal.common.text import MONTHS_NOMINATIVE, date_in_words
from nok_portal.common.workdays import TermUnit, add_months, is_provisional, last_day_of_month

from .matching import same_event
from .model import (
    Context,
    DayOffShift,
    Deadline,
    DueDate,
    Edge,
    Mode,
    Place,
    PlaceKind,
    Rule,
    Span,
    SpanKind,
    Term,
    Years,
    YearsKind,
)  # fmt: skip
from .phrases import describe_rule, describe_term

_ROMAN = ("", "I", "II", "III", "IV")
_ONE_DAY = timedelta(days=1)
_MOST_WINDOWS = 2000
_DECEMBER = 12
_QUARTER = 3

Window = tuple[date, date]


def schedule(deadline: Deadline, context: Context) -> list[DueDate]:
    """The due dates of a deadline in order, equal windows once.

    A term whose event has not happened gives none; it does as soon as the event stands in
    `context.events`. Days outside the plan's period are kept and flagged. Days off stay where they are
    unless the deadline says that they move; a term that an event started has moved by itself.
    """
    found: dict[Window, DueDate] = {}
    for due in _all(deadline, context):
        found.setdefault((due.starts_on, due.ends_on), due)
        if len(found) >= _MOST_WINDOWS:
            break
    return sorted(found.values())


def _all(deadline: Deadline, context: Context) -> Iterator[DueDate]:
    for rule in deadline.rules:
        origin = describe_rule(rule)
        for start, end in windows_of(rule, context):
            shifted = _shifted(end, deadline.day_off_shift, context)
            yield _due(min(start, shifted), shifted, _label(rule, start, end), origin, context)
    for term in deadline.terms:
        origin = describe_term(term)
        for start, end in _term_windows(term, context):
            yield replace(
                _due(start, end, date_in_words(end), origin, context),
                event=term.event,
                provisional=term.unit is TermUnit.WORKING_DAYS and is_provisional(end.year),
            )


def _due(start: date, end: date, label: str, origin: str, context: Context) -> DueDate:
    return DueDate(
        starts_on=start,
        ends_on=end,
        label=label,
        origin=origin,
        outside_period=not context.covers(end),
        on_day_off=not context.calendar.is_working_day(end),
    )


def _shifted(day: date, shift: DayOffShift, context: Context) -> date:
    match shift:
        case DayOffShift.NEXT:
            return context.calendar.next_working_day(day)
        case DayOffShift.PREVIOUS:
            return context.calendar.previous_working_day(day)
    return day


def windows_of(rule: Rule, context: Context) -> list[Window]:
    """The windows of one rule."""
    try:
        return list(_windows(rule, context))
    except (ValueError, OverflowError):  # beyond the calendar's first or last year
        return []


def _windows(rule: Rule, context: Context) -> Iterable[Window]:
    every = rule.every
    scoped = rule.years.kind in (YearsKind.LISTED, YearsKind.RANGE)
    if every and not every.gives_days and (every.months % 12 or not every.months or not scoped):
        return []
    if rule.mode is Mode.FROM and every is None:
        return []
    if every and every.count > 1 and rule.years.kind is YearsKind.RANGE and not rule.years.listed[1]:
        # «раз в 3 года, начиная с 2027»: the years in which it falls are known
        falls = years_of(rule.years, context)[:: every.months // _DECEMBER]
        return _windows(replace(rule, every=None, years=Years(YearsKind.LISTED, falls)), context)
    if rule.place:
        return _place_windows(rule, rule.place, context)
    if rule.span is None and rule.mode is not Mode.FROM:
        return _year_windows(rule, context)
    return _span_windows(rule, context)


def years_of(years: Years, context: Context) -> tuple[int, ...]:
    """The years that a rule means in this context."""
    match years.kind:
        case YearsKind.LISTED:
            return years.listed
        case YearsKind.RANGE:
            first, last = years.listed
            known = context.years or (first or last,)
            return tuple(range(first or known[0], (last or max(known[-1], first)) + 1)) if first or last else known
        case YearsKind.ASSESSMENT:
            return tuple(sorted({year + years.offset for year in context.assessment_years}))
        case _:
            return tuple(year + years.offset for year in context.years)


def _year_windows(rule: Rule, context: Context) -> Iterator[Window]:
    years = years_of(rule.years, context)
    if not years:
        return
    if rule.every and rule.every.gives_days:
        for start in _units(rule.every.months, rule.years, years, context):
            yield start, _end_of(start, rule.every.months)
    elif rule.years.kind is YearsKind.RANGE:
        yield date(years[0], 1, 1), date(years[-1], 12, 31)
    else:
        for year in years:
            start = date(year, 1, 1)
            if rule.mode is Mode.BY and context.starts_on and rule.years.kind is YearsKind.LISTED:
                start = min(start, context.starts_on)
            yield start, date(year, 12, 31)


def _units(months: int, years: Years, chosen: tuple[int, ...], context: Context) -> Iterator[date]:
    """The first days of the stretches in the chosen years; of the plan's own years only those that it touches."""
    for year in chosen:
        for month in range(1, 13, months):
            start = date(year, month, 1)
            if years.kind is YearsKind.PERIOD and years.offset == 0 and not _touches(start, months, context):
                continue
            yield start


def _touches(start: date, months: int, context: Context) -> bool:
    if context.starts_on is None or context.ends_on is None:
        return True
    return start <= context.ends_on and _end_of(start, months) >= context.starts_on


def _end_of(start: date, months: int) -> date:
    last = add_months(start, months - 1)
    return date(last.year, last.month, last_day_of_month(last.year, last.month))


def _place_windows(rule: Rule, place: Place, context: Context) -> Iterator[Window]:
    if place.base is None:
        return
    for start in _units(place.base.months, rule.years, years_of(rule.years, context), context):
        window = _placed(place, start, context)
        if window is None:
            continue
        if rule.mode is Mode.BY or place.kind is PlaceKind.WHOLE:
            yield add_months(start, place.month), window[1]
        else:
            yield window


def _placed(place: Place, start: date, context: Context) -> Window | None:
    first = add_months(start, place.month)
    last = _end_of(first, place.length)
    match place.kind:
        case PlaceKind.WHOLE:
            return first, last
        case PlaceKind.DAY:
            length = (last - first).days + 1
            if place.day_to and place.day > length:  # «пятая неделя» of a month of 28 days
                return None
            begin, end = (_counted(number, length) for number in (place.day, place.day_to or place.day))
            return first + timedelta(days=begin - 1), first + timedelta(days=end - 1)
        case PlaceKind.WORKING_DAY:
            day = _nth_working_day(first, last, place.day, context)
            return day, day
        case PlaceKind.WEEKDAY:
            step = 7 * (place.day - 1) if place.day > 0 else 0
            day = first + timedelta(days=(place.day_to - first.weekday()) % 7 + step)
            if place.day < 0:
                day = last - timedelta(days=(last.weekday() - place.day_to) % 7)
            return (day, day) if day <= last else None


def _counted(number: int, length: int) -> int:
    """A day's number in a stretch of `length` days: 31 is the last of a shorter month, −7 the seventh from its end."""
    return min(number, length) if number > 0 else max(1, length + 1 + number)


def _nth_working_day(first: date, last: date, number: int, context: Context) -> date:
    if number > 0:
        return context.calendar.add_working_days(first - _ONE_DAY, number)
    return context.calendar.add_working_days(last + _ONE_DAY, number)


def _span_windows(rule: Rule, context: Context) -> Iterator[Window]:
    for year in years_of(rule.years, context):
        window = _span_window(rule, year, context)
        if window is None:
            continue
        start, end = window
        every = rule.every
        if every and every.gives_days and _splits(rule, every.months):
            yield from _split(start, end, every.months)
        else:
            yield window


def _splits(rule: Rule, months: int) -> bool:
    """Whether the recurrence repeats inside the span («ежемесячно, май–октябрь») rather than names it."""
    if rule.span is None or rule.mode is Mode.BY:
        return False
    if rule.mode is Mode.FROM:
        return True
    if rule.until is not None:
        return months <= _QUARTER
    return {SpanKind.QUARTER: 3, SpanKind.SEASON: 3, SpanKind.HALF_YEAR: 6, SpanKind.SCHOOL_YEAR: 12}.get(
        rule.span.kind, 0
    ) > months


def _split(start: date, end: date, months: int) -> Iterator[Window]:
    first = date(start.year, (start.month - 1) // months * months + 1, 1)
    while first <= end:
        yield max(first, start), min(_end_of(first, months), end)
        first = add_months(first, months)


def _span_window(rule: Rule, year: int, context: Context) -> Window | None:
    span = rule.span
    if span is None:
        return None
    bounds = span_bounds(span, year, context)
    if bounds is None:
        return None
    start, end = bounds
    if rule.until:
        until_year = rule.until_year or year
        until = span_bounds(rule.until, until_year, context)
        if until and until[1] < start and not rule.until_year:
            until = span_bounds(rule.until, year + 1, context)
        if until is None:
            return None
        end = until[1]
    if rule.mode is Mode.BY:
        start = date(start.year, 1, 1)
    elif rule.mode is Mode.FROM:
        end = date(max(year, context.ends_on.year if context.ends_on else year), 12, 31)
    return start, end


def span_bounds(span: Span, year: int, context: Context) -> Window | None:  # noqa: PLR0911 — one return a kind
    """First and last day of a span in a year; None when that year has no such day (29 февраля)."""
    match span.kind:
        case SpanKind.DAY:
            length = last_day_of_month(year, span.month)
            number = span.number if span.number > 0 else _counted(span.number, length)
            return (date(year, span.month, number),) * 2 if number <= length else None
        case SpanKind.WORKING_DAY:
            first = date(year, span.month, 1)
            return (_nth_working_day(first, _end_of(first, 1), span.number, context),) * 2
        case SpanKind.WEEK:
            length = last_day_of_month(year, span.month)
            number = 7 * span.number - 6 if span.number > 0 else length - 6
            if number > length:
                return None
            return date(year, span.month, number), date(year, span.month, min(number + 6, length))
        case SpanKind.TEN_DAYS:
            first = date(year, span.month, 10 * span.number - 9)
            return first, (_end_of(first, 1) if span.number == 3 else first + timedelta(days=9))
        case SpanKind.HALF_MONTH:
            first = date(year, span.month, 1 if span.number == 1 else 16)
            return first, (date(year, span.month, 15) if span.number == 1 else _end_of(first, 1))
        case SpanKind.SCHOOL_YEAR:
            return date(year, 9, 1), date(year + 1, 8, 31)
        case SpanKind.YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        case SpanKind.SEASON:
            first = date(year, 3 * span.number, 1)
            return first, _end_of(first, 3)
        case SpanKind.QUARTER:
            first = date(year, 3 * span.number - 2, 1)
            return first, _end_of(first, 3)
        case SpanKind.HALF_YEAR:
            first = date(year, 6 * span.number - 5, 1)
            return first, _end_of(first, 6)
        case _:
            first = date(year, span.month, 1)
            return first, _end_of(first, 1)


def _term_windows(term: Term, context: Context) -> Iterator[Window]:
    if term.amount is None or term.unit is None:
        return
    for day in _event_days(term, context):
        try:
            end = context.calendar.add_term(day, term.amount, term.unit)
            if term.amount == 0:
                yield day, day
            elif term.amount > 0:
                yield min(day + _ONE_DAY, end), end
            else:
                yield end, end
        except (ValueError, OverflowError):
            continue


def _event_days(term: Term, context: Context) -> list[date]:
    if term.anchor:
        return [end if term.edge is Edge.END else start for start, end in windows_of(term.anchor, context)]
    days: list[date] = []
    for name, happened in context.events.items():
        if same_event(name, term.event):
            days += (happened,) if isinstance(happened, date) else happened
    return days


def _label(rule: Rule, start: date, end: date) -> str:  # noqa: PLR0911 — one return a kind
    """'IV квартал 2027', 'ноябрь 2027', '1 декабря 2027'."""
    if rule.mode is Mode.BY and rule.span:
        return f"до {date_in_words(end)}"
    if start == end:
        return date_in_words(end)
    if start.day == 1 and end.day == last_day_of_month(end.year, end.month):
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        if months == 1:
            return f"{MONTHS_NOMINATIVE[end.month - 1]} {end.year}"
        if months == 3 and end.month % 3 == 0:
            return f"{_ROMAN[end.month // 3]} квартал {end.year}"
        if months == 6 and end.month % 6 == 0:
            return f"{_ROMAN[end.month // 6]} полугодие {end.year}"
        if months == _DECEMBER and end.month == _DECEMBER:
            return f"{end.year} год"
        if months % 12 == 0 and end.month == _DECEMBER:
            return f"{start.year}–{end.year} годы"
        if months == 12 and end.month == 8:
            return f"{start.year}/{end.year} учебный год"
    if rule.mode is Mode.BY:
        return f"до {date_in_words(end)}"
    return f"{date_in_words(start)} – {date_in_words(end)}"
