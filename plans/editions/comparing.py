"""Two editions of a plan beside each other: what was added, removed, moved and changed, word by word. Pure."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

# a word, or a sign, with the white space before it; at the end white space alone
_WORD = re.compile(r"(\s*)(\w+|[^\w\s]|\Z)")


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
    """What differs between two editions. Lines stay where they are when their heading gets other words."""
    return Comparison(
        facts=_fields(old.facts, new.facts),
        sections=_items(old.sections, new.sections),
        lines=_items(old.lines, new.lines, _elsewhere(old, new)),
        targets=_items(old.targets, new.targets),
    )


def paired(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> dict[int, int]:
    """Places in `new` → places in `old` of the same things: by their first names, the others by their second ones.

    A blank name says nothing; of equal ones the first belong together.
    """
    found: dict[int, int] = {}
    for rank in range(max(map(len, [*old, *new]), default=0)):
        waiting: dict[str, list[int]] = {}
        for place, names in enumerate(old):
            if names[rank] and place not in found.values():
                waiting.setdefault(names[rank], []).append(place)
        for place, names in enumerate(new):
            if place not in found and waiting.get(names[rank]):
                found[place] = waiting[names[rank]].pop(0)
    return found


def compare_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; whole words differ, never parts of one."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    left, right = _Pieces(), _Pieces()
    matcher = SequenceMatcher(None, [word for _, word in old], [word for _, word in new])
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            for (gap, word), (other_gap, _) in zip(old[a_from:a_to], new[b_from:b_to], strict=True):
                left.add(gap, gap != other_gap)
                right.add(other_gap, gap != other_gap)
                left.add(word, False)
                right.add(word, False)
            continue
        gap = old[a_from][0] if tag == "replace" and old[a_from][0] == new[b_from][0] else ""
        for pieces, words in ((left, old[a_from:a_to]), (right, new[b_from:b_to])):
            pieces.add(gap, False)
            pieces.add("".join(map("".join, words)).removeprefix(gap), True)
    return left.joined(), right.joined()


@dataclass
class _Pieces:
    """Pieces in the making: neighbours of one kind are one."""

    found: list[tuple[bool, list[str]]] = field(default_factory=list)

    def add(self, text: str, is_changed: bool) -> None:
        if not text:
            return
        if not self.found or self.found[-1][0] != is_changed:
            self.found.append((is_changed, []))
        self.found[-1][1].append(text)

    def joined(self) -> tuple[Piece, ...]:
        return tuple(Piece("".join(texts), is_changed) for is_changed, texts in self.found)


def _elsewhere(old: Edition, new: Edition) -> set[str]:
    """Lines that stand under another heading; one with other words is no other."""
    was = {section.title: section.key for section in old.sections}
    now = {section.title: section.key for section in new.sections}
    before = {line.key: line.under for line in old.lines}
    return {
        line.key
        for line in new.lines
        if (under := before.get(line.key, line.under)) != line.under
        and (under not in was or was[under] != now.get(line.under))
    }


def _items(old: Sequence[Item], new: Sequence[Item], elsewhere: Collection[str] = ()) -> tuple[ItemChange, ...]:
    """`elsewhere`: what stands under another heading; whether the others are moved is told without these."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    stay = (before.keys() & after.keys()) - set(elsewhere)
    moved = _out_of_order([one.key for one in old if one.key in stay], [one.key for one in new if one.key in stay])
    found: list[ItemChange] = []
    for one in _in_order(old, new):
        if one.key not in before:
            found.append(ItemChange(Change.ADDED, one.title, _fields({}, one.fields), moved_to=one.under))
        elif one.key not in after:
            found.append(ItemChange(Change.REMOVED, one.title, _fields(one.fields, {}), moved_from=one.under))
        else:
            was, now = before[one.key], after[one.key]
            fields = _fields(was.fields, now.fields)
            is_elsewhere = one.key in elsewhere
            found.append(
                ItemChange(
                    Change.CHANGED if fields else Change.SAME,
                    now.title,
                    fields,
                    moved=is_elsewhere or one.key in moved,
                    moved_from=was.under if is_elsewhere else "",
                    moved_to=now.under if is_elsewhere else "",
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
