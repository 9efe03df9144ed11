"""Which responsible parties may be one. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from difflib import SequenceMatcher

from .model import RANK, Alike, Named, Why
from .reading import NO_CONTENT, PLACE_NOUNS, ReadName, Words, numbers_in, read_name, surname_stem

CAPITALS = re.compile(r"(?<![А-ЯЁа-яё])[А-ЯЁ]{2,8}(?![а-яё])")
_LONGEST_CAPITALS = 8
_MOST_CONTINUATIONS = 2
_ALIKE, _LEAST_LETTERS = 0.8, 5


def likely_doubles(parties: Iterable[Named], places: Collection[str] = ()) -> list[Alike]:
    """Pairs that may be one party, surest first. Different numbers, people or one against many are never doubles."""
    read = {one.pk: read_name(one.name, tuple(sorted(places))) for one in parties}
    names = {one.pk: one.name for one in parties}
    found: dict[tuple[int, int], Why] = {}
    for first, second, why in _candidates(read, names):
        pair = (min(first, second), max(first, second))
        if first != second and _may_be_one(read[first], read[second]):
            known = found.get(pair)
            found[pair] = why if known is None or RANK[why] < RANK[known] else known
    alike = [Alike(first, second, why) for (first, second), why in found.items()]
    return sorted(alike, key=lambda one: (RANK[one.why], one.first, one.second))


def _candidates(read: dict[int, ReadName], names: dict[int, str]) -> Iterator[tuple[int, int, Why]]:
    """Pairs worth a look; each kind of likeness is one way to put names into heaps."""
    yield from _in_heaps(((pk, tuple(sorted(one.words))) for pk, one in read.items()), Why.SAME_WORDS)
    yield from _in_heaps(((pk, one.key) for pk, one in read.items()), Why.PLACE)
    persons = [(pk, one) for pk, one in read.items() if one.person is not None]
    yield from _in_heaps(((pk, (surname_stem(one.person.surname),)) for pk, one in persons if one.person), Why.PERSON)
    for pk, one in persons:
        # a post with a name and the same post without
        if one.core:
            for other, another in read.items():
                if another.person is None and another.key == one.key:
                    yield pk, other, Why.POST
    yield from _shortened(read, names)
    yield from _misprinted(read)
    yield from _continued(read)


def _in_heaps(keyed: Iterable[tuple[int, Words]], why: Why) -> Iterator[tuple[int, int, Why]]:
    heaps: dict[Words, list[int]] = defaultdict(list)
    for pk, key in keyed:
        if key:
            heaps[key].append(pk)
    for heap in heaps.values():
        for place, first in enumerate(heap):
            for second in heap[place + 1 :]:
                yield first, second, why


def _shortened(read: dict[int, ReadName], names: dict[int, str]) -> Iterator[tuple[int, int, Why]]:
    """«ОК» and «Отдел культуры», «Члены ОП» and «Члены общественной палаты»: capitals are the first letters."""
    by_words: dict[Words, list[int]] = defaultdict(list)
    for pk, name in names.items():
        if CAPITALS.search(name):
            by_words[read[pk].words].append(pk)
    for pk, one in read.items():
        for start in range(len(one.words) - 1):
            for end in range(start + 2, min(start + _LONGEST_CAPITALS, len(one.words)) + 1):
                letters = "".join(word[0] for word in one.words[start:end])
                for other in by_words.get((*one.words[:start], letters, *one.words[end:]), ()):
                    yield pk, other, Why.SHORTENED


def _misprinted(read: dict[int, ReadName]) -> Iterator[tuple[int, int, Why]]:
    """One long word differs by a few letters, the others are the same; «дошкольный» is no misprint of «школьный»."""
    heaps: dict[tuple[int, Words], list[tuple[int, str]]] = defaultdict(list)
    for pk, one in read.items():
        for place, word in enumerate(one.core):
            if len(one.core) > 1 and len(word) >= _LEAST_LETTERS and not word.isdigit():
                heaps[place, one.core[:place] + one.core[place + 1 :]].append((pk, word))
    for heap in heaps.values():
        for place, (first, word) in enumerate(heap):
            for second, other in heap[place + 1 :]:
                if word.endswith(other) or other.endswith(word):
                    continue
                if SequenceMatcher(None, word, other, autojunk=False).ratio() >= _ALIKE:
                    yield first, second, Why.MISPRINT


def _continued(read: dict[int, ReadName]) -> Iterator[tuple[int, int, Why]]:
    """«Общественный совет» and «Общественный совет по независимой оценке»; not «Директор школы» and whose school."""
    whole: dict[Words, list[int]] = defaultdict(list)
    for pk, one in read.items():
        if len(one.core) > 1 and one.person is None and set(one.core) - NO_CONTENT and not numbers_in(one.core):
            whole[one.core].append(pk)
    continued: dict[Words, list[int]] = defaultdict(list)
    for pk, one in read.items():
        for length in range(2, len(one.core)):
            if one.core[:length] in whole and not (numbers_in(one.core) or _names_a_place(one, one.core[length:])):
                continued[one.core[:length]].append(pk)
    for core, longer in continued.items():
        if len(longer) <= _MOST_CONTINUATIONS:
            for shorter in whole[core]:
                yield from ((shorter, pk, Why.LONGER) for pk in longer)


def _names_a_place(one: ReadName, said_more: Words) -> bool:
    """Whether what one name says more is another municipality: «Заречного района»."""
    followed = zip(one.words, one.words[1:], strict=False)
    return any(word in said_more and after in PLACE_NOUNS for word, after in followed)


def _may_be_one(one: ReadName, other: ReadName) -> bool:
    if one.person and other.person and not one.person.is_same(other.person):
        return False
    if (one.person is None) != (other.person is None) and one.key != other.key:
        return False
    if numbers_in(one.words) != numbers_in(other.words):
        return False
    return one.is_plural is None or other.is_plural is None or one.is_plural == other.is_plural
