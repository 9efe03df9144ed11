"""What a letter with reminders says: items of one person, grouped by plan, and its subject."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, chain
from textwrap import shorten

from .kinds import find_kind
from .models import Reminder

LONGEST_SUBJECT, GLANCE = 110, 50  # letters
MOST_NAMED = 3
# mail programs cut a letter of more than 100 KB: so many items, and so many bytes of their words, fit with the markup
MOST_ITEMS, LONGEST_WORDS = 60, 40_000
FAR = timedelta(14)  # what is so far ahead is named after everything else, the longest late included


@dataclass(frozen=True)
class Note:
    """One thing that is said of an item: 'срок завтра, 1 декабря'."""

    text: str
    is_late: bool


@dataclass(frozen=True)
class Entry:
    """An item with all that is said of it; several kinds of reminders about one thing are one entry."""

    name: str
    url: str
    words: str
    notes: tuple[Note, ...]
    because: str


@dataclass(frozen=True)
class Group:
    """The items of one plan; `because` is said once for all of them, or for those that have none of their own."""

    title: str
    url: str
    entries: tuple[Entry, ...]
    because: str = ""

    @property
    def has_exceptions(self) -> bool:
        return any(entry.because for entry in self.entries)


@dataclass(frozen=True)
class Rest:
    """Items that a letter has no room for; `words`: 'просрочено 12, скоро 4'."""

    count: int
    words: str


@dataclass(frozen=True)
class Digest:
    """A letter: first what is late for long with others, then the person's own, both by plan; of too much the nearest
    by name, the `rest` in figures."""

    subject: str
    escalations: tuple[Group, ...]
    own: tuple[Group, ...]
    rest: Rest | None = None

    @property
    def glance(self) -> str:
        """What a list of letters shows after the subject: the first items in a few words."""
        entries = [entry for group in (*self.own, *self.escalations) for entry in group.entries]
        return "; ".join(shorten(entry.name, GLANCE, placeholder="…") for entry in entries[:3])


def make_digest(rows: Sequence[Reminder], *, place: str, day: date, portal_url: str) -> Digest:
    """The letter of `day` about rows of the ledger; `place` names the municipality in the subject."""
    rows = sorted(rows, key=lambda row: (row.due_on, row.pk or 0))
    shown, rest = _that_fit(rows, day=day)
    return Digest(
        subject=_subject(rows, place=place, day=day),
        escalations=_groups((row for row in shown if row.is_escalation), day=day, portal_url=portal_url),
        own=_groups((row for row in shown if not row.is_escalation), day=day, portal_url=portal_url),
        rest=rest,
    )


def note_of(row: Reminder, *, day: date) -> Note:
    """What is said of a reminder on the day; also in the portal."""
    found = find_kind(row.kind)
    if found is None:
        return Note("", is_late=False)
    return Note(found.said(row.due_on, day), is_late=found.is_late(row.due_on, day))


def _that_fit(rows: Sequence[Reminder], *, day: date) -> tuple[Sequence[Reminder], Rest | None]:
    """The rows of the items that are named, in their order, and what is left: of what is late or soon the nearest are
    named first, then what is far ahead."""
    by_item: dict[tuple[str, bool], list[Reminder]] = {}
    for row in sorted(rows, key=lambda row: (row.due_on > day + FAR, abs(row.due_on - day))):
        by_item.setdefault((row.thing, row.is_escalation), []).append(row)
    items = list(by_item.values())
    titles: set[str] = set()
    sizes = accumulate(_words_of(some[0], titles) for some in items)
    fit = sum(number < MOST_ITEMS and (size <= LONGEST_WORDS or not number) for number, size in enumerate(sizes))
    if fit == len(items):
        return rows, None
    kept = set(map(id, chain.from_iterable(items[:fit])))
    left = [some[0] for some in items[fit:]]
    return [row for row in rows if id(row) in kept], Rest(len(left), _tallied(left, day=day))


def _words_of(row: Reminder, titles: set[str]) -> int:
    """How many bytes the words of an item take, with its plan's title unless that is among `titles` already."""
    title = "" if row.group_title in titles else row.group_title
    titles.add(row.group_title)
    return len(f"{title}{row.name}{row.words}{row.because}".encode())


def _groups(rows: Iterable[Reminder], *, day: date, portal_url: str) -> tuple[Group, ...]:
    """By plan, the one with the oldest due day first; entries by due day."""
    by_group: dict[tuple[str, str], dict[str, list[Reminder]]] = {}
    for row in rows:
        things = by_group.setdefault((row.group_title, row.group_url), {})
        things.setdefault(row.thing, []).append(row)
    return tuple(
        _group(title, portal_url + url, [_entry(some, day=day, portal_url=portal_url) for some in things.values()])
        for (title, url), things in by_group.items()
    )


def _group(title: str, url: str, entries: list[Entry]) -> Group:
    [(because, often)] = Counter(entry.because for entry in entries).most_common(1)
    if often == 1:
        return Group(title, url, tuple(entries))
    told = (replace(entry, because="") if entry.because == because else entry for entry in entries)
    return Group(title, url, tuple(told), because)


def _entry(rows: Sequence[Reminder], *, day: date, portal_url: str) -> Entry:
    first = rows[0]
    notes = tuple(dict.fromkeys(note_of(row, day=day) for row in rows))
    return Entry(first.name, portal_url + first.url, first.words, notes, first.because)


def _subject(rows: Sequence[Reminder], *, place: str, day: date) -> str:
    """'Сосновский район: просрочено 2, сегодня 1'; of a single item what it is."""
    if len({row.thing for row in rows}) == 1 and not rows[0].is_escalation:
        said = note_of(rows[0], day=day).text.partition(":")[0]
        return shorten(f"{said[:1].upper()}{said[1:]} — {rows[0].name}", LONGEST_SUBJECT, placeholder="…")
    return f"{place}: {_tallied(rows, day=day)}"


def _tallied(rows: Sequence[Reminder], *, day: date) -> str:
    """'просрочено 2, сегодня 1'; what is late comes first, then what is nearest; of many kinds the first few are
    named."""
    nearest = sorted(rows, key=lambda row: (not note_of(row, day=day).is_late, abs(row.due_on - day)))
    # a Counter keeps the order of its rows
    counts = Counter((found, row.is_escalation) for row in nearest if (found := find_kind(row.kind)))
    own = [(kind.tally, count) for (kind, others), count in counts.items() if not others]
    named = [f"{tally} {count}" for tally, count in own[:MOST_NAMED]]
    rest = sum(count for _, count in own[MOST_NAMED:])
    theirs = [f"{kind.tally} у других {count}" for (kind, others), count in counts.items() if others]
    return ", ".join([*named, *([f"ещё {rest}"] if rest else []), *theirs])
