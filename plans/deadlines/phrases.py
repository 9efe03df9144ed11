"""Parts of a reading → plain Russian, in words that `parse` reads back the same."""

from collections.abc import Sequence
from itertools import groupby

from nok_portal.common.text import MONTHS_GENITIVE, MONTHS_NOMINATIVE, plural
from nok_portal.common.workdays import TermUnit

from .model import Flag, Mode, Period, Place, PlaceKind, Recurrence, Rule, Span, SpanKind, Term, Years, YearsKind
from .recurrence import in_each

_ROMAN = ("", "I", "II", "III", "IV")
_EVERY = {
    Period.DAY: "ежедневно", Period.WEEK: "еженедельно", Period.MONTH: "ежемесячно", Period.QUARTER: "ежеквартально",
    Period.HALF_YEAR: "раз в полугодие", Period.YEAR: "ежегодно",
}  # fmt: skip
_TOGETHER = (SpanKind.DAY, SpanKind.MONTH, SpanKind.QUARTER)
_OF = {Period.MONTH: "месяца", Period.QUARTER: "квартала", Period.HALF_YEAR: "полугодия", Period.YEAR: "года"}
_AFTER = {Period.MONTH: "месяцем", Period.QUARTER: "кварталом", Period.HALF_YEAR: "полугодием", Period.YEAR: "годом"}
_SEASONS = ("", "весна", "лето", "осень", "зима")
_SEASONS_GENITIVE = ("", "весны", "лета", "осени", "зимы")
_WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_WEEKDAYS_GENITIVE = ("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья")
_ACCUSATIVE = {
    "неделя": "неделю", "декада": "декаду", "половина": "половину", "первая": "первую", "вторая": "вторую",
    "последняя": "последнюю", "весна": "весну", "зима": "зиму",
}  # fmt: skip
_GENDERS = "ммжмжжс"
_FLAGS = {
    Flag.ONGOING: "постоянно",
    Flag.AS_NEEDED: "по мере необходимости",
    Flag.ON_REQUEST: "по запросу",
    Flag.IF_POSSIBLE: "по возможности",
    Flag.BY_AGREEMENT: "по согласованию",
    Flag.SET_ELSEWHERE: "в сроки, установленные другим документом",
}
_UNITS = {
    TermUnit.WORKING_DAYS: ("рабочего дня", "рабочих дней", "рабочий день", "рабочих дня"),
    TermUnit.DAYS: ("дня", "дней", "день", "дня"),
    TermUnit.WEEKS: ("недели", "недель", "неделю", "недели"),
    TermUnit.MONTHS: ("месяца", "месяцев", "месяц", "месяца"),
    TermUnit.YEARS: ("года", "лет", "год", "года"),
}


def describe_flag(flag: Flag) -> str:
    """'по мере необходимости'."""
    return _FLAGS[flag]


def describe_recurrence(every: Recurrence) -> str:
    """'ежеквартально', 'раз в 3 года'."""
    if every.times > 1:
        times = plural(every.times, "раз", "раза", "раз")
        return f"{every.times} {times} в {in_each(every.period, every.count)}"
    return _EVERY[every.period] if every.count == 1 else f"раз в {in_each(every.period, every.count)}"


def describe_rule(rule: Rule) -> str:
    """'до 1 декабря (в год проведения оценки)', 'IV квартал 2027 года'."""
    return _with_recurrence(rule, _body(rule))


def describe_rules(rules: tuple[Rule, ...]) -> list[str]:
    """Each rule in words; neighbours that differ only in their day, month or quarter are said together."""
    said: list[str] = []
    for (_, alike), run in groupby(enumerate(rules), key=lambda numbered: _alike(*numbered)):
        group = [rule for _, rule in run]
        said.append(_together(group) if alike and len(group) > 1 else describe_rule(group[0]))
    return said


def _alike(number: int, rule: Rule) -> tuple[object, bool]:
    span = rule.span
    if (
        span is None
        or rule.until is not None
        or span.kind not in _TOGETHER
        or span.number < 1
        or rule.mode is Mode.FROM
    ):
        return number, False
    if rule.mode is Mode.BY and span.kind is not SpanKind.DAY:
        return number, False
    return (span.kind, rule.years, rule.every, rule.mode), True


def _together(rules: list[Rule]) -> str:
    first = rules[0]
    spans = [rule.span for rule in rules if rule.span]
    if spans[0].kind is SpanKind.QUARTER:
        names = _listed([_ROMAN[span.number] for span in spans]) + " кварталы"
    else:
        names = _listed([_span(span, genitive=False) for span in spans])
    return _with_recurrence(first, _join(_MODES[first.mode], names, _years_of(first)))


def _with_recurrence(rule: Rule, body: str) -> str:
    every = describe_recurrence(rule.every) if rule.every and not _tells_itself(rule) else ""
    if not every or not body:
        return every or body
    if rule.years.kind is YearsKind.RANGE and not rule.years.listed[-1] and rule.span is None:
        return f"{every}, {body}"
    plain = (
        rule.mode is Mode.DURING
        and not body.startswith("до ")
        and rule.place is None
        and not body.startswith("с ")
        and not body.startswith("в ")
    )
    return f"{every}: {body}" if plain else f"{every} {body}"


def _tells_itself(rule: Rule) -> bool:
    """«До 1 марта года, следующего за отчётным» says by itself that it comes every year."""
    every = rule.every
    return bool(
        every and every == Recurrence(Period.YEAR) and rule.years.kind is YearsKind.PERIOD and rule.years.offset,
    )


def _body(rule: Rule) -> str:
    if rule.place:
        return _join(
            _MODES[rule.mode], _place(rule.place, genitive=rule.mode is not Mode.DURING), _years_aside(rule.years)
        )
    if rule.span is None:
        return _years_alone(rule)
    if rule.until is None:
        genitive = rule.mode is not Mode.DURING
        which = _which_school_year(rule, genitive=genitive)
        return _join(_before(rule), which, _span(rule.span, genitive=genitive), _years_of(rule))
    if rule.span.kind is SpanKind.DAY and rule.span.number < -1:
        return _join(f"последние {_days(-rule.span.number)} {MONTHS_GENITIVE[rule.span.month - 1]}", _years_of(rule))
    first = _span(rule.span, genitive=True)
    if rule.until.kind is SpanKind.YEAR and not rule.until_year:
        years = _years_of(rule)
        return f"с {first} до конца {years}" if years[:1].isdecimal() else _join(f"с {first} до конца года", years)
    to_day = rule.until.kind is SpanKind.DAY and rule.until.number > 0
    last = _span(rule.until, genitive=True) if to_day else _accusative(_span(rule.until, genitive=False))
    if rule.until_year and rule.years.listed:
        return f"с {first} {rule.years.listed[0]} года по {last} {rule.until_year} года"
    return _join(f"с {first} по {last}", _years_of(rule))


def _which_school_year(rule: Rule, *, genitive: bool) -> str:
    if rule.span is None or rule.span.kind is not SpanKind.SCHOOL_YEAR or rule.years.kind is not YearsKind.PERIOD:
        return ""
    if not rule.years.offset:
        return ""
    if rule.years.offset > 0:
        return "следующего" if genitive else "следующий"
    return "предыдущего" if genitive else "предыдущий"


def _accusative(words: str) -> str:
    """'III декаду марта', 'последнюю неделю мая'; masculine and neuter words stay as they are."""
    return " ".join(_ACCUSATIVE.get(word, word.replace("-я", "-ю")) for word in words.split(" "))


def _before(rule: Rule) -> str:
    """A stretch is meant up to its end: «до конца апреля»; a day needs no such word."""
    day = rule.span is None or rule.span.kind in (SpanKind.DAY, SpanKind.WORKING_DAY)
    return "до конца" if rule.mode is Mode.BY and not day else _MODES[rule.mode]


_MODES = {Mode.BY: "до", Mode.FROM: "с", Mode.DURING: ""}


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part).replace(" ,", ",")


def _span(span: Span, *, genitive: bool) -> str:  # noqa: PLR0911 — one return a kind
    month = MONTHS_GENITIVE[span.month - 1] if span.month else ""
    match span.kind:
        case SpanKind.DAY:
            return (
                f"{span.number} {month}"
                if span.number > 0
                else f"{'последнего дня' if genitive else 'последний день'} {month}"
            )
        case SpanKind.WEEK:
            ending, word = ("й", "недели") if genitive else ("я", "неделя")
            last = "последней" if genitive else "последняя"
            return f"{f'{span.number}-{ending}' if span.number > 0 else last} {word} {month}"
        case SpanKind.WORKING_DAY:
            if span.number < 0:
                return f"{'последнего рабочего дня' if genitive else 'последний рабочий день'} {month}"
            return f"{span.number}-{'го рабочего дня' if genitive else 'й рабочий день'} {month}"
        case SpanKind.TEN_DAYS:
            return f"{_ROMAN[span.number]} {'декады' if genitive else 'декада'} {month}"
        case SpanKind.HALF_MONTH:
            return f"{('первой половины', 'второй половины')[span.number - 1] if genitive else ('первая половина', 'вторая половина')[span.number - 1]} {month}"
        case SpanKind.MONTH:
            return month if genitive else MONTHS_NOMINATIVE[span.month - 1]
        case SpanKind.SEASON:
            return _SEASONS_GENITIVE[span.number] if genitive else _SEASONS[span.number]
        case SpanKind.QUARTER:
            return f"{_ROMAN[span.number]} квартала" if genitive else f"{_ROMAN[span.number]} квартал"
        case SpanKind.HALF_YEAR:
            return f"{_ROMAN[span.number]} {'полугодия' if genitive else 'полугодие'}"
        case SpanKind.SCHOOL_YEAR:
            return "учебного года" if genitive else "учебный год"
        case _:
            return "года" if genitive else "год"


def _years_of(rule: Rule) -> str:
    """The years after a span."""
    years, span = rule.years, rule.span
    if span and span.kind is SpanKind.SCHOOL_YEAR and rule.until is None:
        if years.kind is YearsKind.LISTED:
            return _listed([f"{year}/{year + 1}" for year in years.listed])
        if years.kind is YearsKind.PERIOD:
            return ""  # an offset is said before the span: «следующий учебный год»
    return _years_aside(years, every=rule.every)


def _years_aside(years: Years, *, every: Recurrence | None = None) -> str:
    match years.kind:
        case YearsKind.LISTED:
            return f"{_listed(years.listed)} {'года' if len(years.listed) == 1 else 'годов'}"
        case YearsKind.RANGE:
            first, last = years.listed
            return (
                f"до конца {last} года"
                if not first
                else f"{first}–{last} годов"
                if last
                else f", начиная с {first} года"
            )
        case YearsKind.ASSESSMENT:
            return f"({_assessment(years.offset)})"
        case _:
            if years.offset:
                return "года, следующего за отчётным" if years.offset > 0 else "года, предшествующего отчётному"
            return ""


def _listed(things: Sequence[object]) -> str:
    if len(things) == 1:
        return str(things[0])
    return ", ".join(map(str, things[:-1])) + f" и {things[-1]}"


def _assessment(offset: int) -> str:
    if offset > 0:
        return "в год, следующий за годом проведения оценки"
    return "в год, предшествующий году проведения оценки" if offset < 0 else "в год проведения оценки"


def _years_alone(rule: Rule) -> str:
    years = rule.years
    match years.kind:
        case YearsKind.LISTED:
            words = f"{_listed(years.listed)} {'год' if len(years.listed) == 1 else 'годы'}"
            return f"до конца {_years_aside(years)}" if rule.mode is Mode.BY else words
        case YearsKind.RANGE:
            first, last = years.listed
            if not first:
                return f"до конца {last} года"
            return f"{first}–{last} годы" if last else f"начиная с {first} года"
        case YearsKind.ASSESSMENT:
            return _assessment(years.offset)
        case _:
            if years.offset:
                words = "года, следующего за отчётным" if years.offset > 0 else "года, предшествующего отчётному"
                return f"до конца {words}" if rule.mode is Mode.BY else f"в течение {words}"
            if rule.mode is Mode.BY:
                return "до конца года"
            return "" if rule.every else "в течение года"


def _place(place: Place, *, genitive: bool) -> str:
    if place.base is None:
        days = f"{place.day}–{place.day_to}" if place.day_to else ("последнего" if place.day < 0 else str(place.day))
        return f"{days} числа"
    stretch = _stretch(place)
    match place.kind:
        case PlaceKind.WHOLE:
            return f"конца {stretch}" if genitive else f"в течение {stretch.removeprefix('каждого ')}"
        case PlaceKind.DAY:
            return f"{_days_of(place, genitive=genitive)} {stretch}"
        case PlaceKind.WORKING_DAY:
            if place.day < 0:
                return f"{'последнего рабочего дня' if genitive else 'последний рабочий день'} {stretch}"
            return f"{place.day}-{'го рабочего дня' if genitive else 'й рабочий день'} {stretch}"
        case _:
            return _weekday(place, stretch, genitive=genitive)


def _days_of(place: Place, *, genitive: bool) -> str:
    """The days of a repeating stretch: '10 числа', '1–10 числа', 'последние 5 дней'."""
    if place.day < 0:
        if place.day_to:
            return f"последние {_days(-place.day)}"
        return "последнего дня" if genitive else "последний день"
    if place.length == 1:
        return f"{place.day}–{place.day_to} числа" if place.day_to else f"{place.day} числа"
    if place.day_to:
        return f"первые {_days(place.day_to)}"
    return f"{place.day}-{'го дня' if genitive else 'й день'}"


def _days(count: int) -> str:
    return f"{count} {plural(count, 'день', 'дня', 'дней')}"


def _weekday(place: Place, stretch: str, *, genitive: bool) -> str:
    gender = _GENDERS[place.day_to]
    name = (_WEEKDAYS_GENITIVE if genitive else _WEEKDAYS)[place.day_to]
    if place.day > 0:
        ending = {"м": "й", "ж": "я", "с": "е"}[gender] if not genitive else {"м": "го", "ж": "й", "с": "го"}[gender]
        return f"{place.day}-{ending} {name} {stretch}"
    last = (
        {"м": "последний", "ж": "последняя", "с": "последнее"}
        if not genitive
        else {"м": "последнего", "ж": "последней", "с": "последнего"}
    )
    return f"{last[gender]} {name} {stretch}"


def _stretch(place: Place) -> str:
    """The months of a place in the genitive."""
    base = place.base
    if base is None:
        return ""
    after = f"следующего за отчётным {_AFTER[base]}"
    if place.length == base.months and place.month == 0:
        return f"каждого {_OF[base]}"
    if place.length > 1:
        unit = next((_OF[period] for period in _OF if period.months == place.length), "квартала")
        return f"{unit}, {after}"
    if place.month < base.months:
        number = "последнего" if place.month == base.months - 1 else f"{place.month + 1}-го"
        return f"{number} месяца каждого {_OF[base]}"
    following = place.month - base.months
    return f"{following + 1}-го месяца, {after}" if following else f"месяца, {after}"


def describe_term(term: Term) -> str:
    """'в течение 5 рабочих дней после утверждения плана', 'за 3 дня до заседания'."""
    event = f"{term.link} {term.event}".strip() if term.event else ""
    if term.amount is None or term.unit is None:
        return event or term.link
    singular, many, accusative, few = _UNITS[term.unit]
    amount = abs(term.amount)
    if amount == 0:
        return f"в день {term.event}" if term.event else "в тот же день"
    if term.before:
        return f"за {amount} {plural(amount, accusative, few, many)} {event or 'до события'}"
    words = f"в течение {amount} {plural(amount, singular, many, many)}"
    if not event:
        return words
    return f"{words}, {event}" if term.link.startswith(("следующ", "считая", "исчисля")) else f"{words} {event}"
