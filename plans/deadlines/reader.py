"""Deadline words → `Deadline`: phrases are read one after another, then bound to each other."""

from dataclasses import dataclass, field, replace
from datetime import date

from nok_portal.common.text import WEEKDAYS, date_in_words

from .events import read_event, read_flag, read_term
from .model import Deadline, Flag, Mode, Period, Place, Recurrence, Rule, SpanKind, Term, Years, YearsKind
from .numbers import value_of
from .places import read_places
from .recurrence import Often, read_recurrence
from .tokens import LONGEST_TEXT, Tokens, clean
from .windows import in_year, read_mode, read_windows, wraps, wrong_in_year
from .years import is_unit, named_years, relative_years

TOO_LONG = "Текст слишком длинный для срока: прочитано только его начало"
ONLY_A_START = "Названо только начало: последнего дня нет"
ONLY_AT_MOST = "Сказано, как часто самое большее, но не сказано, как часто обязательно"
NO_MONTH = "Число названо без месяца: неясно, в каком месяце"
_CONNECTING = frozenset({"и", "а", "также", "но", "или", "либо", "затем", "далее", ",", ";", ":", "(", ")", "-", "/", "срок", "сроки", "+"})


@dataclass
class _Group:
    """Phrases that belong together: at most one recurrence with the windows and years that it concerns."""

    rules: list[Rule] = field(default_factory=list)
    years: list[Years] = field(default_factory=list)
    often: Recurrence | None = None


@dataclass
class _Reading:
    """What has been read so far."""

    rules: list[Rule] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


Item = Rule | Years | Often | Term | str


def parse(text: str) -> Deadline:
    """The reading of deadline words; never fails.

    What was not understood stays in `unparsed`, word for word; what cannot be (31 ноября, V квартал)
    is named in `problems`. Of a text of more than `LONGEST_TEXT` characters only the beginning is read.
    """
    cleaned = clean(text[:LONGEST_TEXT])
    t = Tokens(cleaned)
    reading = _Reading()
    cut = len(text.rstrip()) > LONGEST_TEXT or t.cut
    if cut:
        reading.problems.append(TOO_LONG)
    for clause in _clauses(t, reading):
        _bind(clause, reading)
    rules = tuple(dict.fromkeys(reading.rules))
    return Deadline(
        text=text,
        rules=rules,
        terms=tuple(dict.fromkeys(reading.terms)),
        flags=tuple(dict.fromkeys(reading.flags)),
        problems=tuple(dict.fromkeys(reading.problems)),
        unparsed=_unparsed(t, reading.unread) + (" …" if cut else ""),
    )


def _clauses(t: Tokens, reading: _Reading) -> list[list[Item]]:
    """The phrases of each clause; semicolons outside brackets part clauses."""
    clauses: list[list[Item]] = [[]]
    i = depth = 0
    while i < t.length:
        form = t[i].form
        if (form == ";" or t[i].cat == "then") and depth == 0:
            clauses.append([])
            i += 1
            continue
        if form in ("(", ")"):
            depth = max(0, depth + (1 if form == "(" else -1))
        found = _phrase(t, i, reading)
        if found is None:
            if form in (",", "(", ":", "-"):
                clauses[-1].append(form)
            if form not in _CONNECTING and not _says_nothing(t, i, clauses[-1], reading):
                reading.unread.append(i)
                clauses[-1].append("?")
            i += 1
            continue
        items, after = found
        clauses[-1] += items
        # brackets that a phrase has swallowed
        depth = max(0, depth + sum((t[k].form == "(") - (t[k].form == ")") for k in range(i, after)))
        i = after
    return clauses


def _says_nothing(t: Tokens, i: int, before: list[Item], reading: _Reading) -> bool:
    """'1)' of a list, 'включительно', the head 'Срок исполнения:', the weekday of a date, checked."""
    token = t[i]
    if token.cat == "weekday":
        dated = next((item for item in reversed(before) if not isinstance(item, str)), None)
        if not isinstance(dated, Rule) or dated.span is None or dated.span.kind is not SpanKind.DAY:
            return False
        if wrong := _wrong_weekday(dated, value_of(token)):
            reading.problems.append(wrong)
        return True
    if token.cat == "int":
        return t[i + 1].form == ")" or (t[i + 1].gap == "." and (i == 0 or token.gap == ".") and len(token.form) <= 2)
    head = i > 0 and t[i - 1].cat == "term" and t[i + 1].form in (":", "-")
    return token.cat == "inclusive" or head


def _wrong_weekday(rule: Rule, weekday: int) -> str:
    span = rule.span
    if span is None or len(rule.years.listed) != 1 or rule.until:
        return ""
    day = date(rule.years.listed[0], span.month, span.number)
    if day.weekday() == weekday:
        return ""
    return f"{date_in_words(day)} — {WEEKDAYS[day.weekday()]}, а не {WEEKDAYS[weekday]}"


def _phrase(t: Tokens, i: int, reading: _Reading) -> tuple[list[Item], int] | None:
    """The longest phrase that begins at `i`."""
    best: tuple[list[Item], int] | None = None
    say: list[str] = []

    def offer(items: list[Item], after: int, problems: list[str] | tuple[str, ...] = ()) -> None:
        nonlocal best, say
        if after > i and (best is None or after > best[1]):
            best, say = (items, after), list(problems)

    flag = read_flag(t, i)
    if found := read_recurrence(t, i):
        offer([found[0]], found[1], [found[0].problem] if found[0].problem else [])
    if places := read_places(t, i):
        made = [Rule(place=place, mode=places[0].mode) for place in places[0].places]
        offer([*made], places[1], places[0].problems)
    if windows := read_windows(t, i):
        offer([*windows[0].rules], windows[1], windows[0].problems)
    if years := _years(t, i):
        offer([years[0]], years[1])
    if (term := read_term(t, i)) or (term := read_event(t, i)):
        if best is None or not _is_date_first(best, term[0]):
            offer([term[0]], term[2], term[1])
    if flag and (best is None or flag[1] >= best[1]):
        reading.flags.append(flag[0])
        return [], flag[1]
    reading.problems += say
    return best


def _is_date_first(best: tuple[list[Item], int], term: Term) -> bool:
    """«До 1 декабря …» is a window even where an event could swallow more words."""
    return term.amount is None and any(isinstance(item, Rule) for item in best[0])


def _years(t: Tokens, i: int) -> tuple[Years, int] | None:
    mode, j = read_mode(t, i)
    if mode is Mode.FROM and j > i:
        if (spanned := named_years(t, j - 1)) and t[j - 1].form in ("с", "со") and spanned[0].kind is YearsKind.RANGE:
            return spanned
        if (start := named_years(t, j)) and start[0].kind is YearsKind.LISTED:
            return Years(YearsKind.RANGE, (start[0].listed[0], 0)), start[1]
        return None
    found = named_years(t, j) or relative_years(t, j)
    if found is None:
        whole = t[j].cat == "whole"
        if (j > i or whole) and is_unit(t, j + whole, "year"):
            return Years(), j + whole + 1
    return found


def _bind(items: list[Item], reading: _Reading) -> None:
    """Give years to windows, windows and years to recurrences, lengths to events."""
    items = _spread_by(_with_years(_merge_terms(_join_bounds(items))))
    groups = [_Group()]
    ceilings = [item for item in items if isinstance(item, Often) and item.at_most]
    floors = [item for item in items if isinstance(item, Often) and not item.at_most]
    if ceilings and not floors:
        reading.problems.append(ONLY_AT_MOST)
    for number, item in enumerate(items):
        if isinstance(item, Often):
            if item.at_most or item.recurrence is None:
                continue
            if groups[-1].often is not None or (groups[-1].rules and _opens(items, number)):
                groups.append(_Group())
            groups[-1].often = item.recurrence
        elif isinstance(item, Rule):
            groups[-1].rules.append(item)
        elif isinstance(item, Years):
            groups[-1].years.append(item)
        elif isinstance(item, Term) and (item.amount is not None or item.event or item.link):
            reading.terms.append(item)
    if period := _reported(reading.terms):
        for group in groups:
            group.rules = [replace(rule, place=rule.place and _placed(rule.place, Recurrence(period))) for rule in group.rules]
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


def _reported(terms: list[Term]) -> Period | None:
    """«По итогам квартала … до 15 числа следующего месяца»: what the next month follows."""
    for term in terms:
        t = Tokens(term.event)
        if term.amount is None and term.link == "по" and t[0].form in ("итогам", "результатам") and t.length <= 3:
            for period in (Period.QUARTER, Period.HALF_YEAR, Period.YEAR):
                if is_unit(t, t.length - 1, period):
                    return period
    return None


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
    return not event.before and event.link.startswith(("после", "со", "с ", "по", "при", "в случае", "сразу", "незамедлительно"))


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
    group.rules = _until_year(group.rules)
    for rule in group.rules:
        place = _placed(rule.place, often) if rule.place else None
        rules.append(replace(rule, place=place, every=often))
    if not rules or not any(rule.span or rule.place for rule in rules):
        rules = [replace(_until(rule), every=often) for rule in rules]
        rules += [Rule(years=years, every=often) for years in group.years]
        if not rules and not any(anchor.place for anchor in anchored):
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


def _until(rule: Rule) -> Rule:
    """«Ежеквартально до 2030 года»: from the plan's first year up to that one."""
    if rule.mode is Mode.BY and rule.years.kind is YearsKind.LISTED:
        return Rule(years=Years(YearsKind.RANGE, (0, rule.years.listed[-1])))
    return rule


def _placed(place: Place, often: Recurrence) -> Place:
    """«Ежемесячно до 10 числа» names its month; «ежеквартально до 10 числа» does not.

    «Ежеквартально до 10 числа месяца, следующего за отчётным»: what is reported on is the quarter.
    """
    if place.base is Period.MONTH and place.month == 1 and often.gives_days and often.period.months > 1:
        return replace(place, base=often.period, month=often.period.months)
    if place.base is not None:
        return place
    return replace(place, base=Period.MONTH) if often.period is Period.MONTH and often.gives_days else place


def _yearly(rule: Rule) -> Rule:
    """«До 1 марта года, следующего за отчётным» comes every year."""
    reference = rule.place is None and rule.years.kind is YearsKind.PERIOD and rule.years.offset
    return replace(rule, every=Recurrence(Period.YEAR)) if reference and rule.every is None else rule


def _unparsed(t: Tokens, unread: list[int]) -> str:
    """The words that nothing was made of, runs of them joined as they were written."""
    runs: list[list[int]] = []
    for i in unread:
        if runs and all(t[k].form in _CONNECTING for k in range(runs[-1][1], i)) and i - runs[-1][1] <= 2:
            runs[-1][1] = i + 1
        else:
            runs.append([i, i + 1])
    return "; ".join(t.words(first, after) for first, after in runs)
