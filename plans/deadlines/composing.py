"""A deadline as a clerk puts it together from plain choices: a day, «до» a day, a period, a month or quarter,
what repeats, a term after an event; and the marks beside them.

`compose` makes the `Deadline` of them; what cannot be (31 ноября) is a `Fault` of a part and stands in `problems`.
The way back is `plans.deadlines.decomposing`.
"""

import re
from dataclasses import replace

from nok_portal.common.text import MONTHS_GENITIVE, counted
from nok_portal.common.workdays import last_day_of_month

from .choices import (
    FIRST_WORKING,
    FIRST_YEAR,
    LAST,
    LAST_WORKING,
    LAST_YEAR,
    PLACINGS,
    STRETCHES,
    YEARS,
    Composition,
    Fault,
    Part,
    PartKind,
    Placing,
    YearsChoice,
)  # fmt: skip
from .model import (
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
from .phrases import describe_term
from .reader import parse

_LEAP_YEAR = 2028
_IN_MONTH = (
    "январе", "феврале", "марте", "апреле", "мае", "июне",
    "июле", "августе", "сентябре", "октябре", "ноябре", "декабре",
)  # fmt: skip
_RANGE_OF_YEARS = re.compile(r"(\d{4})–(\d{4})")
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*/\s*\d{2,4}")
_BY_ITSELF = "незамедлительно"
_BEFORE = ("до", "перед", "накануне")


class _WrongField(Exception):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def compose(composition: Composition, text: str) -> Deadline:
    """What the choices mean as a reading of `text`; parts with a fault are left out and told in `problems`."""
    deadline, found = _composed(composition)
    return replace(deadline, text=text, problems=tuple(dict.fromkeys(fault.message for fault in found)))


def faults(composition: Composition) -> list[Fault]:
    """What must be put right before the choices can be kept."""
    return _composed(composition)[1]


def _composed(composition: Composition) -> tuple[Deadline, list[Fault]]:
    rules: list[Rule] = []
    terms: list[Term] = []
    found: list[Fault] = []
    for number, part in enumerate(composition.parts):
        try:
            made = _made(part)
        except _WrongField as wrong:
            found.append(Fault(number, wrong.field, str(wrong)))
            continue
        if isinstance(made, Term):
            terms.append(made)
        else:
            rules.append(made)
    deadline = Deadline(
        text="",
        rules=tuple(dict.fromkeys(rules)),
        terms=tuple(dict.fromkeys(terms)),
        flags=tuple(dict.fromkeys(composition.marks)),
        day_off_shift=composition.day_off,
    )
    return deadline, found


def _made(part: Part) -> Rule | Term:
    match part.kind:
        case PartKind.EVENT:
            return _term(part)
        case PartKind.REPEAT:
            return _repeat(part)
        case PartKind.STRETCH:
            return _stretch(part)
        case PartKind.RANGE:
            return _range(part)
        case _:
            years = years_of_choice(part)
            span = _day_span(part.day, part.month, years, "day")
            mode = Mode.BY if part.kind is PartKind.BY else Mode.DURING
            return Rule(span=span, years=years, every=every_of(part.every), mode=mode)


def years_of_choice(part: Part) -> Years:
    """The years that a part names."""
    if part.years is not YearsChoice.NAMED:
        return YEARS[part.years]
    named = _SCHOOL_YEAR.sub(r"\1", part.named) if part.stretch.startswith(SpanKind.SCHOOL_YEAR) else part.named
    text = " ".join(re.sub(r"\b(?:год\w*|гг?|и)\b\.?", " ", named.lower()).split())
    text = re.sub(r"\s*[-–—]\s*", "–", text)
    found: list[int] = []
    if whole := re.fullmatch(r"(?:(с|по|до)\s+)?(\d{4})", text):
        year = _known_year(whole[2])
        if not whole[1]:
            return Years(YearsKind.LISTED, (year,))
        return Years(YearsKind.RANGE, (year, 0) if whole[1] == "с" else (0, year))
    for piece in re.split(r"[,;\s]+", text.strip(",; ")):
        if both := _RANGE_OF_YEARS.fullmatch(piece):
            first, last = _known_year(both[1]), _known_year(both[2])
            if first >= last:
                raise _WrongField("named", "Первый год должен быть раньше последнего.")
            if both[0] == text:
                return Years(YearsKind.RANGE, (first, last))
            found += range(first, last + 1)
        elif re.fullmatch(r"\d{4}", piece):
            found.append(_known_year(piece))
        else:
            raise _WrongField("named", "Напишите годы цифрами: 2027, 2029 или 2027–2029.")
    return Years(YearsKind.LISTED, tuple(dict.fromkeys(found)))


def _known_year(text: str) -> int:
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _WrongField("named", f"Год может быть от {FIRST_YEAR} до {LAST_YEAR}.")
    return year


def every_of(text: str) -> Recurrence | None:
    """'year-3' → once in three years."""
    period, _, count = text.partition("-")
    return Recurrence(Period(period), int(count or 1)) if period else None


def _day_span(day: str, month: int, years: Years, field: str) -> Span:
    if not 1 <= month <= 12:
        raise _WrongField(field.replace("day", "month"), "Выберите месяц.")
    if day in (FIRST_WORKING, LAST_WORKING):
        return Span(SpanKind.WORKING_DAY, 1 if day == FIRST_WORKING else -1, month)
    if day == LAST:
        return Span(SpanKind.DAY, -1, month)
    number = int(day) if day.isascii() and day.isdigit() else 0
    if not 1 <= number <= 31:
        raise _WrongField(field, "Выберите число.")
    longest = last_day_of_month(_LEAP_YEAR, month)
    if number > longest:
        length = counted(longest, "день", "дня", "дней")
        raise _WrongField(
            field, f"{number} {MONTHS_GENITIVE[month - 1]} не бывает: в {_IN_MONTH[month - 1]} {length}. Выберите день."
        )
    named = years.listed if years.kind is YearsKind.LISTED else ()
    if common := [year for year in named if number > last_day_of_month(year, month)]:
        raise _WrongField(field, f"В {common[0]} году нет 29 февраля. Выберите другой день.")
    return Span(SpanKind.DAY, number, month)


def _range(part: Part) -> Rule:
    years = years_of_choice(part)
    first = _range_end(part.day, part.month, years, "day")
    later = Years(YearsKind.LISTED, (part.until_year,)) if part.until_year else years
    last = _range_end(part.day_to, part.month_to, later, "day_to")
    one_year = years.listed[0] if years.kind is YearsKind.LISTED and len(years.listed) == 1 else 0
    if part.until_year:
        if not one_year:
            raise _WrongField("until_year", "Год окончания нужен, только если начало названо с одним годом.")
        if not one_year <= part.until_year <= LAST_YEAR:
            raise _WrongField("until_year", "Год окончания не может быть раньше года начала.")
    same_year = one_year and part.until_year in (0, one_year)
    if same_year and _order(last, is_end=True) < _order(first):
        raise _WrongField("month_to", "Конец раньше начала. Если срок переходит на другой год, укажите год окончания.")
    until_year = 0 if same_year else part.until_year
    return Rule(
        span=first,
        until=last if last != first or until_year else None,
        years=years,
        until_year=until_year,
        every=every_of(part.every),
    )


def _range_end(day: str, month: int, years: Years, field: str) -> Span:
    if day or not 1 <= month <= 12:
        return _day_span(day or "1", month, years, field)
    return Span(SpanKind.MONTH, month=month)


def _order(span: Span, *, is_end: bool = False) -> tuple[int, int]:
    if span.kind is SpanKind.MONTH:
        return span.month, 31 if is_end else 1
    return span.month, span.number if span.number > 0 else 31


def _stretch(part: Part) -> Rule:
    years, every = years_of_choice(part), every_of(part.every)
    name, _, number = part.stretch.partition("-")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= STRETCHES.get(name, 0)):
        raise _WrongField("stretch", "Выберите месяц, квартал, полугодие или год.")
    kind = SpanKind(name)
    if part.how is Mode.FROM and (every is None or not every.gives_days or kind is SpanKind.YEAR):
        raise _WrongField(
            "how", "Названо только начало: последнего дня нет. Выберите, как часто это повторяется, или период."
        )
    if kind is SpanKind.YEAR:
        return Rule(years=years, every=every, mode=part.how)
    if kind is SpanKind.MONTH:
        return Rule(span=Span(kind, month=int(number)), years=years, every=every, mode=part.how)
    return Rule(span=Span(kind, int(number)), years=years, every=every, mode=part.how)


def _repeat(part: Part) -> Rule:
    years = years_of_choice(part)
    every = Recurrence(part.period, max(part.count, 1), max(part.times, 1))
    if part.placing is Placing.WHOLE and part.where == "all":
        return Rule(years=years, every=every)
    if part.period.months == 0 or part.count > 1:
        raise _WrongField("placing", "Такой периодичности день не назначить. Выберите «без дня».")
    kind, mode = PLACINGS[part.placing]
    month, length = _whereabouts(part)
    place = Place(part.period, month, length, kind)
    if kind is PlaceKind.WHOLE:
        return Rule(place=place, years=years, every=_told(every), mode=mode)
    day = -1 if part.day == LAST else int(part.day) if part.day.isascii() and part.day.isdigit() else 0
    most = {PlaceKind.DAY: 31, PlaceKind.WORKING_DAY: 31, PlaceKind.WEEKDAY: 5}[kind]
    if day != -1 and not 1 <= day <= most:
        raise _WrongField(
            "day", "Выберите, какой это по счёту день." if kind is PlaceKind.WEEKDAY else "Выберите число."
        )
    day_to = part.weekday if kind is PlaceKind.WEEKDAY else 0
    if kind is PlaceKind.DAY and mode is Mode.DURING and part.day_to:
        last = int(part.day_to) if part.day_to.isascii() and part.day_to.isdigit() else 31
        if day < 0 or last < day:
            raise _WrongField("day_to", "Конец раньше начала.")
        day_to = last if last > day else 0
    return Rule(place=replace(place, day=day, day_to=day_to), years=years, every=_told(every), mode=mode)


def _told(every: Recurrence) -> Recurrence | None:
    """A place says by itself that it comes every time; how many times must be said."""
    return every if every.times > 1 else None


def _whereabouts(part: Part) -> tuple[int, int]:
    """The first month after the period's beginning, and how many months."""
    months = part.period.months
    if part.where == "all":
        return 0, months
    if part.where == "next":
        return months, months
    number = int(part.where[1:]) if part.where[1:].isdigit() else 99
    if part.where[:1] == "n" and number < 12:
        return months + number, 1
    if part.where[:1] != "m" or number >= months:
        raise _WrongField("where", "В этом периоде нет такого месяца. Выберите другой.")
    return number, 1


def _term(part: Part) -> Term:
    event = " ".join(part.event.split())
    if part.amount is None and not event and part.link.startswith(_BY_ITSELF):
        return Term(None, None, link=part.link)
    if part.amount is None and not event:
        raise _WrongField("event", "Назовите событие или сколько дней даётся.")
    if part.amount is not None and part.unit is None:
        raise _WrongField("unit", "Выберите, в чём считается срок.")
    before = part.link.startswith(_BEFORE)
    amount = part.amount if part.amount is None or not before else -part.amount
    term = Term(amount, part.unit if amount is not None else None, event, part.link if event else "", before)
    # an event that is itself a place in the calendar («окончания квартала») is known by its words
    read = parse(describe_term(term))
    if len(read.terms) == 1 and read.understood and not read.rules and not read.flags:
        return replace(term, anchor=read.terms[0].anchor, edge=read.terms[0].edge)
    return term
