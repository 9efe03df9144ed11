"""Deadline words → `Deadline`: phrases are read one after another, then bound to each other."""

from datetime import date

from nok_portal.common.text import WEEKDAYS, date_in_words

from .binding import Reading, bind, continued
from .events import read_event, read_flag, read_term
from .foreign import foreign
from .labels import IMPOSSIBLE, Item
from .model import Deadline, Mode, Rule, SpanKind, Term, Years, YearsKind
from .numbers import value_of
from .places import read_places
from .recurrence import read_recurrence
from .tokens import LONGEST_TEXT, Tokens, clean
from .windows import read_mode, read_windows
from .years import assessment_object, is_year, named_years, relative_years, skip_year_word

TOO_LONG = "Текст слишком длинный для срока: прочитано только его начало"
_CONNECTING = frozenset(
    {"и", "а", "также", "но", "или", "либо", "затем", "далее", ",", ";", ":", "(", ")", "-", "/", "срок", "сроки", "+"}
)


def parse(text: str) -> Deadline:
    """The reading of deadline words; never fails.

    What was not understood stays in `unparsed`, word for word; what cannot be (31 ноября, V квартал)
    is named in `problems`. Of a text of more than `LONGEST_TEXT` characters only the beginning is read.
    """
    cleaned = clean(text[:LONGEST_TEXT])
    t = Tokens(cleaned)
    reading = Reading()
    cut = len(text.rstrip()) > LONGEST_TEXT or t.cut
    if cut:
        reading.problems.append(TOO_LONG)
    for clause in continued(_clauses(t, reading)):
        bind(clause, reading)
    rules = tuple(dict.fromkeys(reading.rules))
    return Deadline(
        text=text,
        rules=rules,
        terms=tuple(dict.fromkeys(reading.terms)),
        flags=tuple(dict.fromkeys(reading.flags)),
        problems=tuple(dict.fromkeys(reading.problems)),
        unparsed="; ".join(filter(None, [_unparsed(t, reading.unread), *t.times])) + (" …" if cut else ""),
    )


def _clauses(t: Tokens, reading: Reading) -> list[list[Item]]:
    """The phrases of each clause; semicolons outside brackets part clauses."""
    clauses: list[list[Item]] = [[]]
    i = depth = 0
    while i < t.length:
        form = t[i].form
        if (form == ";" and depth == 0) or t[i].cat == "then":
            clauses.append(["then"] if t[i].cat == "then" else [])
            i += 1
            continue
        if depth == 0 and i and t[i].gap == "." and t[i].cat == "" and t.capital(i):
            clauses[-1].append(".")
        if form == "по" and t[i + 1].form.startswith("состояни") and t[i + 2].form == "на":
            # «по состоянию на 1 июля — до 10 июля»: a day that is reported on
            clauses[-1].append("за")
            i += 3
            continue
        if form in ("(", ")"):
            depth = max(0, depth + (1 if form == "(" else -1))
        if after := foreign(t, i):
            reading.unread += range(i, after)
            clauses[-1].append("?")
            i = after
            continue
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
        if form == "за" and items and after > i + 1:
            clauses[-1].append("за")
        clauses[-1] += items
        # brackets that a phrase has swallowed
        depth = max(0, depth + sum((t[k].form == "(") - (t[k].form == ")") for k in range(i, after)))
        i = after
    return clauses


def _says_nothing(t: Tokens, i: int, before: list[Item], reading: Reading) -> bool:
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
        begins = i == 0 or token.gap == "." or "\n" in t.text[t[i - 1].end : token.start]
        listed = begins and t.text[token.end : t[i + 1].start] not in ("", ".")
        return len(token.form) <= 2 and (t[i + 1].form == ")" or (t[i + 1].gap == "." and listed))
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


def _phrase(t: Tokens, i: int, reading: Reading) -> tuple[list[Item], int] | None:
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
        offer([*windows[0].rules] or [IMPOSSIBLE], windows[1], windows[0].problems)
    if years := _years(t, i):
        offer([years[0]], years[1])
    if (term := read_term(t, i)) or (flag is None and (term := read_event(t, i))):
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
    if t[i].form in ("в", "во") and t[i + 1].form in ("ходе", "время", "процессе"):
        held = assessment_object(t, i + 2)
        return held if held and t[held[1] - 1].form not in ("проведения", "осуществления") else None
    mode, j = read_mode(t, i)
    if mode is Mode.FROM and j > i:
        if t[j - 1].form in ("с", "со") and (spanned := named_years(t, j - 1)):
            return spanned
        if (start := named_years(t, j)) and start[0].kind is YearsKind.LISTED:
            return Years(YearsKind.RANGE, (start[0].listed[0], 0)), start[1]
        return None
    while t[j].cat in ("reporting", "current", "calendar") and is_year(t, j + 1):
        j += 1
    whole = t[j].cat == "whole"
    found = named_years(t, j + whole) or relative_years(t, j)
    if found is None:
        after = skip_year_word(t, j + whole)
        if (j > i or whole) and after > j + whole:
            return Years(), after
    return found


def _unparsed(t: Tokens, unread: list[int]) -> str:
    """The words that nothing was made of, runs of them joined as they were written."""
    runs: list[list[int]] = []
    for i in unread:
        if runs and all(t[k].form in _CONNECTING for k in range(runs[-1][1], i)) and i - runs[-1][1] <= 2:
            runs[-1][1] = i + 1
        else:
            runs.append([i, i + 1])
    return "; ".join(t.words(first, after) for first, after in runs)
