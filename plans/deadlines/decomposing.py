"""`Deadline` → the plain choices that mean the same, so that a form can begin with what was understood."""

from dataclasses import replace
from datetime import date

from .choices import (
    EVERIES,
    FIRST_WORKING,
    LAST,
    LAST_WORKING,
    PLACINGS,
    STRETCHES,
    YEARS,
    Composition,
    Part,
    PartKind,
    YearsChoice,
)
from .composing import compose
from .model import (
    Context,
    Deadline,
    Mode,
    Period,
    Place,
    PlaceKind,
    Recurrence,
    Rule,
    Span,
    SpanKind,
    Term,
    Years,
    YearsKind,
)  # fmt: skip
from .schedule import schedule

# two periods that differ in all that days depend on: whole years, and a cut at both ends
_PROBES = (
    Context(date(2026, 1, 1), date(2029, 12, 31), (2027, 2029)),
    Context(date(2027, 2, 15), date(2028, 10, 20), (2028,)),
)
_PROBED_ON = date(2027, 6, 10)
_PLACINGS = {meaning: placing for placing, meaning in PLACINGS.items()}
_CHOICES = {years: choice for choice, years in YEARS.items()}
_DAYS_OF = {SpanKind.WEEK: 7, SpanKind.TEN_DAYS: 10, SpanKind.HALF_MONTH: 15}


def decompose(deadline: Deadline) -> Composition | None:
    """The choices that mean what was understood of a deadline.

    None when nothing was, and when plain choices cannot say it: what they would give is scheduled and compared.
    """
    parts: list[Part] = []
    for rule in deadline.rules:
        part = _rule(rule)
        if part is None:
            return None
        parts.append(part)
    parts += [_term(term) for term in deadline.terms]
    if not parts and not deadline.flags:
        return None
    composition = Composition(tuple(parts), deadline.flags, deadline.day_off_shift)
    made = compose(composition, deadline.text)
    return composition if not made.problems and _same(made, deadline) else None


def _same(made: Deadline, deadline: Deadline) -> bool:
    if (made.repeats, made.flags) != (deadline.repeats, deadline.flags) or len(made.terms) != len(deadline.terms):
        return False
    if any(
        (one.amount, one.unit, one.event, one.before) != (other.amount, other.unit, other.event, other.before)
        for one, other in zip(made.terms, deadline.terms, strict=True)
    ):
        return False
    events = {term.event: _PROBED_ON for term in deadline.terms if term.event}
    return all(
        schedule(made, replace(probe, events=events)) == schedule(deadline, replace(probe, events=events))
        for probe in _PROBES
    )


def _rule(rule: Rule) -> Part | None:
    school = rule.span is not None and rule.span.kind is SpanKind.SCHOOL_YEAR
    years = _years(rule.years, school=school)
    if years is None:
        return None
    if rule.place:
        return _place(rule, rule.place, years)
    every = rule.every
    if rule.span is None and every:
        part = Part(PartKind.REPEAT, period=every.period, count=every.count, times=every.times)
        return _in_years(part, years) if rule.mode is Mode.DURING else None
    said = _every(every)
    if said is None:
        return None
    if rule.span is None:
        part = Part(PartKind.STRETCH, stretch="year-1", how=rule.mode)
    elif rule.until is None:
        found = _single(rule.span, rule.mode)
        if found is None:
            return None
        part = found
    else:
        start, end = _start(rule.span), _end(rule.until)
        if start is None or end is None or rule.mode is not Mode.DURING:
            return None
        part = Part(
            PartKind.RANGE, day=start[0], month=start[1], day_to=end[0], month_to=end[1], until_year=rule.until_year
        )
    return _in_years(replace(part, every=said), years)


def _in_years(part: Part, years: tuple[YearsChoice, str]) -> Part:
    return replace(part, years=years[0], named=years[1])


def _years(years: Years, *, school: bool) -> tuple[YearsChoice, str] | None:
    match years.kind:
        case YearsKind.LISTED if school:
            return YearsChoice.NAMED, ", ".join(f"{year}/{year + 1}" for year in years.listed)
        case YearsKind.LISTED:
            return YearsChoice.NAMED, ", ".join(map(str, years.listed))
        case YearsKind.RANGE:
            first, last = years.listed
            return YearsChoice.NAMED, f"{first}–{last}" if first and last else f"с {first}" if first else f"по {last}"
        case _:
            choice = _CHOICES.get(years)
            return (choice, "") if choice else None


def _every(every: Recurrence | None) -> str | None:
    """As `Part.every`; None for what stands in no form of a day."""
    if every is None:
        return ""
    if every.times > 1:
        return None
    said = every.period.value if every.count == 1 else f"{every.period.value}-{every.count}"
    return said if said in EVERIES else None


def _single(span: Span, mode: Mode) -> Part | None:
    if span.kind in (SpanKind.DAY, SpanKind.WORKING_DAY):
        day = _day(span)
        if day is None or mode is Mode.FROM:
            return None
        return Part(PartKind.BY if mode is Mode.BY else PartKind.DAY, day=day, month=span.month)
    if span.kind in STRETCHES:
        number = span.month if span.kind is SpanKind.MONTH else span.number
        return Part(PartKind.STRETCH, stretch=f"{span.kind.value}-{number}", how=mode)
    start, end = _start(span), _end(span)
    if start is None or end is None or mode is Mode.FROM:
        return None
    if mode is Mode.BY:
        return Part(PartKind.BY, day=end[0], month=end[1])
    return Part(PartKind.RANGE, day=start[0], month=start[1], day_to=end[0], month_to=end[1])


def _day(span: Span) -> str | None:
    if span.kind is SpanKind.WORKING_DAY:
        return {1: FIRST_WORKING, -1: LAST_WORKING}.get(span.number)
    return str(span.number) if span.number > 0 else LAST if span.number == -1 else None


def _start(span: Span) -> tuple[str, int] | None:
    """Day and month of the beginning of a range; no day is the whole month."""
    if span.kind in (SpanKind.DAY, SpanKind.WORKING_DAY):
        day = _day(span)
        return (day, span.month) if day else None
    if (days := _DAYS_OF.get(span.kind)) and span.number > 0:
        return str(days * (span.number - 1) + 1), span.month
    months = _months(span)
    return ("", months[0]) if months else None


def _end(span: Span) -> tuple[str, int] | None:
    if span.kind in (SpanKind.DAY, SpanKind.WORKING_DAY):
        return _start(span)
    if (days := _DAYS_OF.get(span.kind)) and span.number > 0:
        return (str(days * span.number) if days * (span.number + 1) <= 30 else LAST), span.month
    months = _months(span)
    return ("", months[1]) if months else None


def _months(span: Span) -> tuple[int, int] | None:
    match span.kind:
        case SpanKind.MONTH:
            return span.month, span.month
        case SpanKind.QUARTER:
            return 3 * span.number - 2, 3 * span.number
        case SpanKind.HALF_YEAR:
            return 6 * span.number - 5, 6 * span.number
        case SpanKind.SEASON:
            return 3 * span.number, (3 * span.number + 1) % 12 + 1
        case _:
            return None


def _place(rule: Rule, place: Place, years: tuple[YearsChoice, str]) -> Part | None:
    every, base = rule.every, place.base
    placing = _PLACINGS.get((place.kind, rule.mode))
    if base is None or base.months == 0 or placing is None:
        return None
    if every and (every.period is not base or every.count > 1):
        return None
    where = _where(place, base)
    if where is None:
        return None
    part = Part(PartKind.REPEAT, period=base, times=every.times if every else 1, placing=placing, where=where)
    if place.kind is not PlaceKind.WHOLE:
        last = place.day_to if place.kind is PlaceKind.DAY and rule.mode is Mode.BY else 0
        part = replace(part, day=LAST if place.day == -1 else str(last or place.day))
    if place.kind is PlaceKind.WEEKDAY:
        part = replace(part, weekday=place.day_to)
    elif place.kind is PlaceKind.DAY and rule.mode is Mode.DURING and place.day_to:
        part = replace(part, day_to=str(place.day_to))
    return _in_years(part, years)


def _where(place: Place, base: Period) -> str | None:
    if place.month == 0 and place.length == base.months:
        return "all"
    if place.length == 1:
        return f"m{place.month}" if place.month < base.months else f"n{place.month - base.months}"
    return "next" if (place.month, place.length) == (base.months, base.months) else None


def _term(term: Term) -> Part:
    amount = abs(term.amount) if term.amount is not None else None
    return Part(PartKind.EVENT, amount=amount, unit=term.unit, link=term.link, event=term.event)
