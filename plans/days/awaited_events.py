"""Events that the terms of a plan wait for: «в течение 5 рабочих дней после заключения контракта». Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nok_portal.common.text import fold
from plans.deadlines import Context, Deadline, DueDate, Term, schedule
from plans.deadlines.matching import same_event, stems
from plans.deadlines.phrases import describe_term
from plans.table.cases import GENITIVE, nominative

_GENITIVE_AFTER = frozenset({"после", "до", "с", "со", "от", "со дня", "с даты", "с момента", "с дня", "от даты"})
_CLAUSES = ("того", "тех", "этого", "чего")
_ABOUT = frozenset("о об к ко по для перед до после".split())


@dataclass(frozen=True)
class Waiting:
    """A line with a term that counts from an event; `terms` say how, in plain Russian."""

    activity: int
    number: str
    title: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class AwaitedEvent:
    """An event in the nominative, as far as that can be told, with the lines whose days it gives."""

    words: str
    lines: tuple[Waiting, ...]


@dataclass(frozen=True)
class LineTerms:
    """A line as far as events are concerned."""

    activity: int
    number: str
    title: str
    deadline: Deadline


def awaits(term: Term) -> bool:
    """Whether a recorded event gives the term its day: it has a length, and its event is no place in the calendar."""
    return term.event != "" and term.anchor is None and term.amount is not None and term.unit is not None


def awaited_events(lines: Iterable[LineTerms]) -> list[AwaitedEvent]:
    """Each event once, in the order of the document; the fuller words of two that mean the same."""
    lines = list(lines)
    terms = [term for line in lines for term in line.deadline.terms if awaits(term)]
    places: dict[str, int] = {}
    for term in terms:
        places.setdefault(event_words(term), len(places))
    fullest = sorted(places, key=lambda words: (-len(stems(words)), places[words]))
    chosen: list[str] = []
    for words in fullest:
        if not any(same_event(words, other) for other in chosen):
            chosen.append(words)
    found = [AwaitedEvent(words, waiting_for(words, lines)) for words in chosen]
    order = {line.activity: place for place, line in enumerate(lines)}
    return sorted(found, key=lambda event: order[event.lines[0].activity])


def waiting_for(words: str, lines: Iterable[LineTerms]) -> tuple[Waiting, ...]:
    """The lines to which an event of these words gives days."""
    found = []
    for line in lines:
        terms = [term for term in line.deadline.terms if awaits(term) and same_event(words, term.event)]
        if terms:
            said = tuple(dict.fromkeys(describe_term(term) for term in terms))
            found.append(Waiting(line.activity, line.number, line.title, said))
    return tuple(found)


def event_words(term: Term) -> str:
    """The event of a term as it is recorded: «заключения контракта» → «заключение контракта»."""
    return _event_words(term.event, term.link)


@lru_cache(maxsize=1024)
def _event_words(event: str, link: str) -> str:
    if link.lower() not in _GENITIVE_AFTER or event.lower().startswith(_CLAUSES):
        return event
    return nominative(event, GENITIVE)[0]


def days_of_event(deadline: Deadline, context: Context, words: str, happened_on: date) -> list[DueDate]:
    """The days that one event gives to a line."""
    events: Mapping[str, date] = {words: happened_on}
    alone = Context(context.starts_on, context.ends_on, context.assessment_years, events, context.calendar)
    counted = {term.event for term in deadline.terms if awaits(term)}
    return [day for day in schedule(deadline, alone) if day.event in counted]


def is_event_of(title: str, words: str) -> bool:
    """Whether a line's title says that doing it is the event: it has all of its words, and is not only about it.

    «Информирование о заключении контракта» and «Подготовка к заседанию совета» come before or after.
    """
    head = words.strip().partition(" ")[0]
    if not head or len(stems(words)) > len(stems(title)) or not same_event(title, words):
        return False
    said = fold(title).split()
    places = [place for place, word in enumerate(said) if same_event(word, head)]
    return any(not _ABOUT & set(said[max(0, place - 2) : place]) for place in places)
