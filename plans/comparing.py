"""Two editions of a plan beside each other: what was added, removed, moved and changed, word by word. Pure."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Change(StrEnum):
    """What became of a line, a heading, a target indicator or a field."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Item:
    """A line, heading, indicator or the facts of one edition. `key` is the same in both editions where it is the same
    thing; `fields` are its texts by Russian name, in the order in which they are read; `under` is its heading.
    """

    key: str
    title: str
    fields: Mapping[str, str]
    under: str = ""


@dataclass(frozen=True)
class Edition:
    """All that a plan says, in the order of its document."""

    facts: Mapping[str, str]
    sections: Sequence[Item] = ()
    lines: Sequence[Item] = ()
    targets: Sequence[Item] = ()


@dataclass(frozen=True)
class Piece:
    """Words that stand in both texts, or (`is_changed`) in this one only."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class FieldChange:
    """One field: what it said and what it says, in pieces."""

    name: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class ItemChange:
    """What became of one item; `moved` tells that it stands elsewhere among the others, or under another heading."""

    change: Change
    title: str
    fields: tuple[FieldChange, ...] = ()
    moved: bool = False
    moved_from: str = ""
    moved_to: str = ""

    @property
    def is_same(self) -> bool:
        return self.change == Change.SAME and not self.moved


@dataclass(frozen=True)
class Comparison:
    """All items of both editions in the order of the new one; removed ones where they stood."""

    facts: tuple[FieldChange, ...] = ()
    sections: tuple[ItemChange, ...] = ()
    lines: tuple[ItemChange, ...] = ()
    targets: tuple[ItemChange, ...] = ()

    @property
    def is_same(self) -> bool:
        return not self.facts and all(one.is_same for one in (*self.sections, *self.lines, *self.targets))

    def count(self, change: Change) -> int:
        """How many lines were added, removed or changed."""
        return sum(1 for line in self.lines if line.change == change)

    @property
    def moved(self) -> int:
        return sum(1 for line in self.lines if line.moved)


def compare(old: Edition, new: Edition) -> Comparison:
    """What differs between two editions."""
    return Comparison(
        facts=_fields(old.facts, new.facts),
        sections=_items(old.sections, new.sections),
        lines=_items(old.lines, new.lines),
        targets=_items(old.targets, new.targets),
    )


def compare_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; whole words differ, never parts of one."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a_from, a_to, b_from, b_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a_to > a_from:
            left.append(Piece("".join(old[a_from:a_to]), tag != "equal"))
        if b_to > b_from:
            right.append(Piece("".join(new[b_from:b_to]), tag != "equal"))
    return tuple(left), tuple(right)


def _items(old: Sequence[Item], new: Sequence[Item]) -> tuple[ItemChange, ...]:
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    moved = _out_of_order([one.key for one in old if one.key in after], [one.key for one in new if one.key in before])
    found: list[ItemChange] = []
    for one in _in_order(old, new):
        if one.key not in before:
            found.append(ItemChange(Change.ADDED, one.title, _fields({}, one.fields), moved_to=one.under))
        elif one.key not in after:
            found.append(ItemChange(Change.REMOVED, one.title, _fields(one.fields, {}), moved_from=one.under))
        else:
            was, now = before[one.key], after[one.key]
            fields = _fields(was.fields, now.fields)
            elsewhere = was.under != now.under
            found.append(
                ItemChange(
                    Change.CHANGED if fields else Change.SAME,
                    now.title,
                    fields,
                    moved=elsewhere or one.key in moved,
                    moved_from=was.under if elsewhere else "",
                    moved_to=now.under if elsewhere else "",
                )
            )
    return tuple(found)


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        FieldChange(name, *compare_words(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def _in_order(old: Sequence[Item], new: Sequence[Item]) -> list[Item]:
    """The items of the new edition; each removed one after what stood before it in the old."""
    kept = {one.key for one in new}
    after: dict[str | None, list[Item]] = {}
    above: str | None = None
    for one in old:
        if one.key in kept:
            above = one.key
        else:
            after.setdefault(above, []).append(one)
    found = list(after.get(None, []))
    for one in new:
        found += [one, *after.get(one.key, [])]
    return found


@dataclass
class _Chain:
    """Longest increasing run so far, by its last place."""

    tails: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest keys that must be taken out so that the others stand in one order in both."""
    place = {key: index for index, key in enumerate(old)}
    places = [place[key] for key in new]
    chain = _Chain()
    for index, value in enumerate(places):
        at = bisect_left(chain.tails, value)
        chain.before.append(chain.ends[at - 1] if at else -1)
        if at == len(chain.tails):
            chain.tails.append(value)
            chain.ends.append(index)
        else:
            chain.tails[at], chain.ends[at] = value, index
    stays: set[str] = set()
    index = chain.ends[-1] if chain.ends else -1
    while index >= 0:
        stays.add(new[index])
        index = chain.before[index]
    return {key for key in new if key not in stays}
