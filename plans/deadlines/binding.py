"""Phrases → rules: which years, recurrences and events belong to which windows of a clause."""

from dataclasses import dataclass, field, replace
from itertools import groupby

from .labels import IMPOSSIBLE, Item, without_labels
from .model import Flag, Mode, Period, Place, Recurrence, Rule, Span, SpanKind, Term, Years, YearsKind
from .places import UNNAMED_PERIOD
from .recurrence import Often
from .tokens import Tokens
from .windows import in_year, wraps, wrong_in_year
from .years import is_unit

ONLY_A_START = "Названо только начало: последнего дня нет"
ONLY_AT_MOST = "Сказано, как часто самое большее, но не сказано, как часто обязательно"
_QUARTER = 3
NO_MONTH = "Число названо без месяца: неясно, в каком месяце"


@dataclass
class Reading:
    """What has been read so far."""

    rules: list[Rule] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


@dataclass
class _Group:
    """Phrases that belong together: at most one recurrence with the windows and years that it concerns."""

    rules: list[Rule] = field(default_factory=list)
    years: list[Years] = field(default_factory=list)
    often: Recurrence | None = None
    # «ежеквартально, итоговый — до 15 декабря»: other words part a day from the recurrence
    parted: bool = False
    # «31 сентября ежегодно»: how often, but of a day that does not exist
    impossible: bool = False


def bind(items: list[Item], reading: Reading) -> None:
    """Give years to windows, windows and years to recurrences, lengths to events."""
    items = _spread_by(_with_years(_merge_terms(_join_bounds(_day_in_month(without_labels(items))))))
    reading.terms += [
        item for item in items if isinstance(item, Term) and (item.amount is not None or item.event or item.link)
    ]
    often = [item for item in items if isinstance(item, Often)]
    if often and all(item.at_most for item in often):
        reading.problems.append(ONLY_AT_MOST)
    groups = _grouped(items)
    if period := _reported(reading.terms):
        for group in groups:
            group.rules = [
                replace(rule, place=rule.place and _placed(rule.place, Recurrence(period))) for rule in group.rules
            ]
    for group in groups:
        _name_period(group, reading)
    anchored = [term.anchor for term in reading.terms if term.anchor and term.amount is not None]
    for group in groups:
        for rule in _rules_of(group, anchored):
            if wrong := wrong_in_year(rule):
                reading.problems.append(wrong)
                continue
            if rule.place and rule.place.base is None:
                reading.problems.append(NO_MONTH)
            if rule.mode is Mode.FROM and rule.every is None:
                reading.problems.append(ONLY_A_START)
            reading.rules.append(rule)


def continued(clauses: list[list[Item]]) -> list[list[Item]]:
    """«До 1 июля 2027 года, далее ежегодно»: the recurrence takes up what stands before it."""
    result: list[list[Item]] = []
    for clause in clauses:
        said = [item for item in clause if not isinstance(item, str)]
        yearly = len(said) == 1 and isinstance(said[0], Often) and said[0].recurrence == Recurrence(Period.YEAR)
        if result and clause[:1] == ["then"] and yearly:
            result[-1] = [*map(_from_then_on, result[-1]), *said]
        elif result and clause[:1] == ["then"] and not any(isinstance(item, Often) for item in said):
            result[-1] = [*result[-1], ",", *clause[1:]]
        else:
            result.append(clause)
    return result


def _from_then_on(item: Item) -> Item:
    years = item.years if isinstance(item, Rule) else item
    if (
        not isinstance(years, Years)
        or years.kind is not YearsKind.LISTED
        or (isinstance(item, Rule) and item.until_year)
    ):
        return item
    open_end = Years(YearsKind.RANGE, (years.listed[0], 0))
    return replace(item, years=open_end) if isinstance(item, Rule) else open_end


def _grouped(items: list[Item]) -> list[_Group]:
    groups = [_Group()]
    sentence = foreign_words = False
    for number, item in enumerate(items):
        if item == IMPOSSIBLE:
            groups[-1].impossible = True
        if item == ".":
            sentence, foreign_words = True, False
        elif item == "?":
            foreign_words = True
        elif isinstance(item, Often) and sentence and foreign_words and groups[-1].rules:
            # «… до 1 июля 2027 года. Контроль — раз в месяц»: another sentence, another thing
            groups.append(_Group())
            sentence = False
        labelled = not isinstance(item, str | Often) and _labels_recurrence(items, number)
        if labelled and (groups[-1].often or groups[-1].rules or groups[-1].years):
            groups.append(_Group())
        if item == "?":
            groups[-1].parted = groups[-1].often is not None
        elif isinstance(item, Rule) and groups[-1].parted and _is_by_day(item):
            groups.append(_Group())
        if isinstance(item, Often) and item.recurrence and not item.at_most:
            group = groups[-1]
            if group.often == Recurrence(Period.YEAR) and not group.rules and not group.years:
                # «ежегодно 2 раза в год»: how often in each year
                group.often = None
            if group.often is not None or (groups[-1].rules and _opens(items, number)):
                groups.append(_Group())
            groups[-1].often = item.recurrence
        elif isinstance(item, Rule):
            groups[-1].rules.append(item)
        elif isinstance(item, Years):
            groups[-1].years.append(item)
    return groups


def _labels_recurrence(items: list[Item], number: int) -> bool:
    """«2027 год — ежеквартально, 2028 год — раз в полугодие»: each has a recurrence of its own."""
    following = items[number + 1 : number + 3]
    return len(following) == 2 and following[0] in ("-", ":") and isinstance(following[1], Often)


def _reported(terms: list[Term]) -> Period | None:
    """«По итогам квартала … до 15 числа следующего месяца»: what the next month follows."""
    for term in terms:
        t = Tokens(term.event)
        if term.amount is None and term.link == "по" and t[0].form in ("итогам", "результатам") and t.length <= 3:
            for period in (Period.QUARTER, Period.HALF_YEAR, Period.YEAR):
                if is_unit(t, t.length - 1, period):
                    return period
    return None


def _name_period(group: _Group, reading: Reading) -> None:
    """«Ежегодно … следующего за отчётным периодом»: the recurrence names the period that was taken for a quarter."""
    often = group.often
    if often is None or often.count != 1 or not often.gives_days or UNNAMED_PERIOD not in reading.problems:
        return
    for k, rule in enumerate(group.rules):
        place = rule.place
        if place and place.base is Period.QUARTER and place.month >= _QUARTER:
            named = replace(place, base=often.period, month=place.month - _QUARTER + often.months)
            group.rules[k] = replace(rule, place=named)
            reading.problems.remove(UNNAMED_PERIOD)
            return


def _day_in_month(items: list[Item]) -> list[Item]:
    """«Июнь (до 10-го), декабрь (до 10-го)», «март, до 15 числа»: the day is one of the month before it."""
    joined: list[Item] = []
    for item in items:
        k = len(joined) - 1
        while k >= 0 and joined[k] in (",", "(", "-", ":"):
            k -= 1
        month = joined[k] if k >= 0 else None
        place = item.place if isinstance(item, Rule) else None
        if place and place.base is None and isinstance(item, Rule) and isinstance(month, Rule) and _is_month(month):
            days = [
                Span(SpanKind.DAY, day, month.span.month) for day in (place.day, place.day_to) if day and month.span
            ]
            until = days[1] if len(days) > 1 else None
            joined[k:] = [Rule(days[0], until, month.years, mode=item.mode)]
        else:
            joined.append(item)
    return joined


def _is_month(rule: Rule) -> bool:
    return rule.span is not None and rule.span.kind is SpanKind.MONTH and rule.until is None


def _opens(items: list[Item], number: int) -> bool:
    """«…, ежегодно до 1 марта»: between a comma and a window a recurrence belongs to what follows."""
    after = items[number + 1] if number + 1 < len(items) else None
    return number > 0 and items[number - 1] == "," and isinstance(after, Rule)


def _spread_by(items: list[Item]) -> list[Item]:
    """«До 15 января, 15 июля»: the «до» holds for every day of the list."""
    spread: list[Item] = []
    by = False
    for item in items:
        if isinstance(item, Rule):
            if by and item.mode is Mode.DURING and item.until is None and item.span and item.span.kind is SpanKind.DAY:
                spread.append(replace(item, mode=Mode.BY))
                continue
            by = item.mode is Mode.BY and item.span is not None and item.span.kind is SpanKind.DAY
        elif not isinstance(item, str):
            by = by and isinstance(item, Years)
        spread.append(item)
    return spread


def _join_bounds(items: list[Item]) -> list[Item]:
    """«Не ранее 1 мая, но не позднее 1 июня» is one window."""
    joined: list[Item] = []
    for item in items:
        earlier = joined[-1] if joined else None
        if joined and earlier == "," and len(joined) > 1:
            earlier = joined[-2]
        bounds = isinstance(item, Rule) and isinstance(earlier, Rule)
        if bounds and isinstance(item, Rule) and isinstance(earlier, Rule) and _are_bounds(earlier, item):
            if joined[-1] == ",":
                joined.pop()
            first, last = _in_order(earlier, item)
            joined[-1] = Rule(first.span, last.span, max(first.years, last.years, key=lambda years: years != Years()))
        else:
            joined.append(item)
    return joined


def _in_order(one: Rule, other: Rule) -> tuple[Rule, Rule]:
    return (one, other) if one.mode is Mode.FROM else (other, one)


def _are_bounds(first: Rule, last: Rule) -> bool:
    spans = first.span is not None and last.span is not None and first.until is None and last.until is None
    years = first.years == last.years or Years() in (first.years, last.years)
    return spans and years and not wraps(*_in_order(first, last)) and {first.mode, last.mode} == {Mode.FROM, Mode.BY}


def _merge_terms(items: list[Item]) -> list[Item]:
    """«После утверждения плана в течение 5 дней»: the event came first, its length follows."""
    merged: list[Item] = []
    for item in items:
        if isinstance(item, Term) and item.amount is not None and not item.event and merged:
            k = len(merged) - 1
            while k > 0 and merged[k] in (",", "-"):
                k -= 1
            earlier = merged[k]
            if isinstance(earlier, Term) and earlier.amount is None and earlier.event and _starts_a_term(earlier):
                merged[k:] = [replace(earlier, amount=item.amount, unit=item.unit)]
                continue
        merged.append(item)
    return merged


def _starts_a_term(event: Term) -> bool:
    """«На заседании» and «в ходе» are occasions; a term beside them does not run from them."""
    return not event.before and event.link.startswith(
        ("после", "со", "с ", "по", "при", "в случае", "сразу", "незамедлительно")
    )


def _with_years(items: list[Item]) -> list[Item]:
    """Years that stand apart go to the windows before them, or, when none wait, to those after them."""
    result: list[Item] = []
    waiting: list[int] = []
    leading: Years | None = None
    leading_at = -1
    last: Years | None = None
    for item in items:
        if isinstance(item, Rule):
            rule = item
            if _needs_years(rule) and leading:
                rule = in_year(rule, leading, named_after=False)
                result[leading_at] = ","
            elif _needs_years(rule):
                waiting.append(len(result))
            elif _is_dated(rule):
                if rule.mode is Mode.BY and rule.years.offset:
                    # «до 15 июля и до 15 января года, следующего …»: each «до» has its own year
                    waiting.clear()
                _give(result, waiting, rule.years)
                last = rule.years if not rule.years.offset else None
            result.append(rule)
            continue
        result.append(item)
        if isinstance(item, Often):
            last = None
        elif isinstance(item, Years) and waiting:
            result.pop()
            _give(result, waiting, item)
        elif isinstance(item, Years):
            leading, leading_at = item, len(result) - 1
    if last:
        _give(result, waiting, last)
    return result


def _give(items: list[Item], waiting: list[int], years: Years) -> None:
    for k in waiting:
        earlier = items[k]
        if isinstance(earlier, Rule):
            items[k] = in_year(earlier, years)
    waiting.clear()


def _needs_years(rule: Rule) -> bool:
    return rule.years == Years() and (rule.span is not None or rule.place is not None)


def _is_dated(rule: Rule) -> bool:
    return rule.years != Years() and not rule.until_year and rule.span is not None


def _rules_of(group: _Group, anchored: list[Rule]) -> list[Rule]:
    often = group.often
    if often is None:
        alone = [_yearly(rule) for rule in group.rules]
        return alone + [_yearly(Rule(years=years)) for years in group.years]
    rules: list[Rule] = []
    group.rules = _until_day(_until_year(group.rules), often)
    for rule in group.rules:
        place = _placed(rule.place, often) if rule.place else None
        rules.append(replace(rule, place=place, every=often))
    if not rules or not any(rule.span or rule.place for rule in rules):
        rules = [replace(_until(rule), every=often) for rule in rules]
        rules += [Rule(years=years, every=often) for years in group.years]
        if not rules and not group.impossible and not any(anchor.place for anchor in anchored):
            rules = [Rule(every=often)]
    else:
        rules += [Rule(years=years, every=often) for years in group.years]
    return rules


def _until_year(rules: list[Rule]) -> list[Rule]:
    """«Ежемесячно до 5 числа, до 2030 года»: the year bounds what repeats."""
    bounds = [_until(rule) for rule in rules if rule.span is None and rule.place is None and rule.mode is Mode.BY]
    others = [rule for rule in rules if rule.span or rule.place]
    if len(bounds) != 1 or not others or bounds[0].years == Years():
        return rules
    return [replace(rule, years=bounds[0].years) if rule.years == Years() else rule for rule in others]


def _until_day(rules: list[Rule], often: Recurrence) -> list[Rule]:
    """«Ежемесячно до 1 декабря»: what repeats inside the year ends with that day."""
    if not 0 < often.months <= _QUARTER:
        return rules
    result: list[Rule] = []
    for (is_day, _), run in groupby(rules, key=lambda rule: (_is_by_day(rule), rule.years)):
        group = list(run)
        if is_day and len(group) == 1:
            group = [replace(group[0], mode=Mode.DURING, span=Span(SpanKind.DAY, 1, 1), until=group[0].span)]
        result += group
    return result


def _is_by_day(rule: Rule) -> bool:
    return rule.mode is Mode.BY and rule.span is not None and rule.span.kind is SpanKind.DAY


def _until(rule: Rule) -> Rule:
    """«Ежеквартально до 2030 года»: from the plan's first year up to that one."""
    if rule.mode is Mode.BY and rule.years.kind is YearsKind.LISTED:
        return Rule(years=Years(YearsKind.RANGE, (0, rule.years.listed[-1])))
    return rule


def _placed(place: Place, often: Recurrence) -> Place:
    """«Ежемесячно до 10 числа» names its month; «ежеквартально до 10 числа» does not.

    «Ежеквартально до 10 числа месяца, следующего за отчётным»: what is reported on is the quarter.
    """
    if place.base is Period.MONTH and place.month == 1 and often.gives_days and often.count == 1 and often.months > 1:
        return replace(place, base=often.period, month=often.months)
    if place.base is not None:
        return place
    return replace(place, base=Period.MONTH) if often.months == 1 else place


def _yearly(rule: Rule) -> Rule:
    """«До 1 марта года, следующего за отчётным» comes every year."""
    reference = rule.place is None and rule.years.kind is YearsKind.PERIOD and rule.years.offset
    return replace(rule, every=Recurrence(Period.YEAR)) if reference and rule.every is None else rule
