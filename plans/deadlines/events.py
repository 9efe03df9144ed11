"""Terms, events and flags with their words: where the words of an event end, and what days an event is."""

from dataclasses import replace

from .flags import flag_head
from .model import Edge, Flag, Place, Rule, SpanKind, Term, YearsKind
from .pieces import read_piece
from .places import read_places, read_stretch
from .recurrence import read_recurrence
from .term_heads import NOT_BEFORE, Head, event_connector, event_head, term_head
from .tokens import Tokens
from .windows import read_mode, read_windows
from .years import is_unit, named_years, relative_years

_MOST_WORDS = 80
_BY_WORDS = frozenset({"до", "не", "к", "вплоть"})
_WITHIN_EVENT = frozenset({"на", "за", "от", "с", "со", "по", "о", "об"})
_EVENT_SHORT = frozenset({"г", "гг", "ст", "п", "пп", "ч", "руб", "им", "т", "д", "др", "н", "фз", "рф"})
_OUTCOMES = ("итог", "результат")
_ENDINGS = ("окончани", "завершени", "истечени")


def begins(t: Tokens, i: int, *, strongly: bool = False) -> bool:
    """Whether a phrase about time begins at `i`; `strongly` without a comma or bracket before it."""
    key = i, strongly
    known = t.begins.get(key)
    if known is None:
        known = t.begins[key] = _begins(t, i, strongly)
    return known


def _begins(t: Tokens, i: int, strongly: bool) -> bool:
    token = t[i]
    if token.cat == "term" and t[i - 1].cat == "end":
        # «после истечения срока, установленного для …»: the event's own words
        return False
    if not strongly:
        while t[i].form in ("и", "а", "но", "также", "или", "либо"):
            i += 1
        token = t[i]
    if token.cat == "eof":
        return False
    if flag_head(t, i):
        return not strongly or token.form != "в" or t[i + 1].cat != "term"
    if read_recurrence(t, i):
        return True
    if strongly:
        if t[i + 1].form in ("течение", "течении", "протяжении") and (read_windows(t, i) or _years_begin(t, i)):
            return True
        in_term = token.form in ("в", "через", "не") and term_head(t, i) is not None
        return in_term or (
            (token.form in _BY_WORDS or (token.form == "по" and t[i + 1].cat in ("int", "date")))
            and (read_windows(t, i) is not None or read_places(t, i) is not None)
        )
    if token.form in _WITHIN_EVENT and token.form not in ("с", "по"):
        return False
    if read_windows(t, i) or read_places(t, i) or _years_begin(t, i) or term_head(t, i):
        return True
    found = event_head(t, i)
    return found is not None and token.form != "с"


def _years_begin(t: Tokens, i: int) -> bool:
    j = read_mode(t, i)[1]
    return named_years(t, j) is not None or relative_years(t, j) is not None


def words_end(t: Tokens, i: int, *, windows_end: bool = False) -> int:
    """The place after the words of an event that begin at `i`.

    They end at a semicolon, a full stop, the bracket that holds them, or where another phrase about time
    begins: after a comma or «и» any phrase does, without one only an unmistakable one. With `windows_end`
    (an event that has no length) «в IV квартале» ends them too.
    """
    j, depth = i, 0
    if t[i].form.startswith(_OUTCOMES) and (period := read_piece(t, i + 1)):
        # «по итогам I полугодия»: the period is what the outcome is of
        j = period[1]
    while t[j].cat != "eof" and j < i + _MOST_WORDS:
        form = t[j].form
        if form == ";" or (t[j].gap == "." and j > i and _sentence_ends(t, j)):
            break
        if form == ")":
            if depth == 0:
                break
            depth -= 1
        elif form == "(":
            if begins(t, j + 1):
                break
            depth += 1
        elif depth == 0 and j > i:
            if form in (",", "и", "а", "но", "либо") and begins(t, j + 1):
                break
            if form == "-" and t[j].gap and begins(t, j + 1):
                break
            if form not in (",", "-") and begins(t, j, strongly=True):
                break
            if windows_end and _window_ends(t, j):
                break
        j += 1
    while j > i and t[j - 1].form in (",", "и", "-", ":", "а", "но", "также"):
        j -= 1
    return j


def _window_ends(t: Tokens, j: int) -> bool:
    """Whether the window that stands at `j` is no part of an event that has no length."""
    if t[j].form in ("в", "во") and (read_windows(t, j) or relative_years(t, j + 1)):
        return True
    dated = t[j].cat == "roman" or t[j].date is not None
    return dated and t[j - 1].form not in _WITHIN_EVENT and read_windows(t, j) is not None


def _sentence_ends(t: Tokens, j: int) -> bool:
    before = t[j - 1].form
    return not (len(before) <= 2 or before in _EVENT_SHORT)


def read_flag(t: Tokens, i: int) -> tuple[Flag, int] | None:
    """A flag with all the words that belong to it."""
    found = flag_head(t, i)
    if found is None:
        return None
    flag, j, is_open = found
    if is_open and not begins(t, j):
        end = words_end(t, j)
        if flag is Flag.SET_ELSEWHERE and t[i].form in ("в", "согласно") and t[j].form in ("с", "запросу"):
            flag = Flag.ON_REQUEST if t[j].form == "запросу" or t[j + 1].form.startswith("запрос") else flag
        j = end
    return flag, j


def read_term(t: Tokens, i: int) -> tuple[Term, tuple[str, ...], int] | None:
    """A term with its event: 'в течение 5 рабочих дней после утверждения плана', 'за 3 дня до заседания'."""
    found = term_head(t, i)
    if found is None:
        return None
    head, j = _without_earliest(t, *found)
    problems: tuple[str, ...] = (head.problem,) if head.problem else ()
    start: int | None = None
    if t[j].form == "до" and (head.before or t[i].form != "до"):
        start, before = j + 1, True
    else:
        before = head.before and t[i].form == "накануне"
        start = event_connector(t, j)
        if (
            start is None
            and not head.problem
            and (head.amount == 0 or before)
            and t[j].cat not in ("eof", "mark")
            and not begins(t, j)
        ):
            start = j
    amount = -head.amount if before else head.amount
    term = Term(None if head.problem else amount, None if head.problem else head.unit, before=before)
    if start is None and head.problem:
        return Term(None, None), problems, j
    if start is None:
        return (term, problems, j) if _may_stand_alone(t, i, j) else None
    term = replace(term, link=_link(t, j, start) or ("до" if before else ""))
    filled, more, after = with_event(t, start, term)
    if t[j].form == "(" and t[after].form == ")":
        after += 1
    return filled, problems + more, after


def _without_earliest(t: Tokens, head: Head, j: int) -> tuple[Head, int]:
    """«Не позднее чем за 7 дней, но не ранее чем за 14 дней до …»: the bound that comes last is the deadline."""
    k = j
    while t[k].form in (",", "но", "и", "а"):
        k += 1
    other = term_head(t, k) if k > j else None
    if other is None or t[other[1]].form != "до":
        return head, j
    if other[0].problem == NOT_BEFORE and not head.problem:
        return head, other[1]
    return other if head.problem == NOT_BEFORE and not other[0].problem else (head, j)


def _link(t: Tokens, first: int, start: int) -> str:
    while t[first].form in (",", "("):
        first += 1
    return t.words(first, start).lower()


def _may_stand_alone(t: Tokens, i: int, j: int) -> bool:
    """«В течение года» and «в течение квартала» without an event are windows, not terms."""
    unit = t[j - 1]
    return t[i].form in ("через", "спустя") or not (
        unit.cat == "unit" and unit.value in ("year", "quarter", "half_year") and t[j - 2].cat not in ("num", "int")
    )


def read_event(t: Tokens, i: int) -> tuple[Term, tuple[str, ...], int] | None:
    """An event without a length: 'после проведения', 'при выявлении нарушений', 'до начала проверки'."""
    found = event_head(t, i)
    if found is None:
        return None
    start, before = found
    blank = Term(None, None, before=before, link=_link(t, i, start))
    term, problems, after = with_event(t, start, blank, windows_end=True)
    if not term.event and t[i].form not in ("незамедлительно", "немедленно", "сразу"):
        return None
    return term, problems, after


def with_event(t: Tokens, start: int, term: Term, *, windows_end: bool = False) -> tuple[Term, tuple[str, ...], int]:
    """The term with the words of its event, and with the days of an event that the calendar knows."""
    anchor = read_anchor(t, start)
    if anchor:
        rule, edge, problems, after = anchor
        if term.before and t[start].cat != "end":
            edge = Edge.START
        if after >= words_end(t, start, windows_end=windows_end) or _ends_here(t, after):
            return replace(term, event=t.words(start, after), anchor=rule, edge=edge), problems, after
    own = t[start].cat == "start" or not begins(t, start)
    after = words_end(t, start, windows_end=windows_end) if own else start
    return replace(term, event=t.words(start, after)), (), after


def _ends_here(t: Tokens, j: int) -> bool:
    return t[j].cat == "eof" or t[j].form in (";", ")", "(", ",", "и") or begins(t, j)


def read_anchor(t: Tokens, i: int) -> tuple[Rule, Edge, tuple[str, ...], int] | None:
    """An event that is a place in the calendar: 'окончания отчётного квартала', '1 декабря', 'начала года'."""
    edge, j = Edge.END, i
    if t[j].cat == "start":
        edge, j = Edge.START, j + 1
    elif t[j].cat == "end" or t[j].form.startswith(_ENDINGS):
        j += 1
    explicit = j > i
    if piece := read_piece(t, j):
        windows = read_windows(t, j)
        single = piece[0].span.kind is SpanKind.DAY
        if windows and windows[0].rules and (explicit or single):
            return windows[0].rules[0], edge, (), windows[1]
    if years := named_years(t, j) or relative_years(t, j):
        if explicit or t[j].cat == "reporting" or years[0].kind is YearsKind.ASSESSMENT:
            return Rule(years=years[0]), edge, (), years[1]
    if explicit and is_unit(t, j, "year"):
        return Rule(), edge, (), j + 1
    stretch = read_stretch(t, j)
    if stretch and (explicit or t[j].cat in ("reporting", "each")):
        place, after, problems = stretch
        return Rule(place=Place(place.base, place.month, place.length)), edge, problems, after
    return None
