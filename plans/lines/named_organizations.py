"""Organizations of the register that the words of a line name, and the years under which they stand. Pure.

«В 2026 году – Школа № 1, Школа № 2; 2027 г.: детский сад «Ромашка»» names three, each under its year. What could be
two organizations of the register is none: a person says which.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nok_portal.common.text import fold
from nok_portal.tenants.register.names import core_words

_TOKEN = re.compile(r"\d+|[a-zа-я]+|[^\sa-zа-я\d]")
_QUOTED = re.compile(r"[«\"„“]([^«»\"„“”]{2,80})[»\"“”]")
_SIGNS = frozenset("№#«»\"„“”.-–—'")
_GOING_ON = frozenset({",", "и", "№", "#"})
_RANGE = frozenset("-–—")
_SMALL = frozenset({"и", "в", "на", "с", "для", "им", "имени", "г", "город", "города", "поселка", "села"})
_NUMBER_WORDS = frozenset({"n", "номер", "номера"})


_BEGINNING = 3
_Best = dict[tuple[int, str], tuple[int, bool, set[int]]]

_NEAR = 4  # years between a plan and the plans before and after it


@dataclass(frozen=True)
class Registered:
    """An organization as its names in the register say it."""

    pk: int
    name: str
    short_name: str


@dataclass(frozen=True)
class Named:
    """An organization that the words name, for one year or (None) without one."""

    organization: int
    year: int | None


@dataclass(frozen=True)
class _Token:
    text: str
    start: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(frozen=True)
class _Pattern:
    """The words that tell an organization from others; `number` of one that has one stands apart."""

    organization: int
    before: tuple[str, ...]
    number: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A place in the words where organizations are named."""

    start: int
    organizations: tuple[int, ...]


@dataclass(frozen=True)
class _Years:
    """A place in the words that says a year; `of_before`: it stands in brackets after what it is about."""

    start: int
    years: tuple[int, ...]
    of_before: bool


def named_organizations(texts: Iterable[str], register: Sequence[Registered], years: Collection[int]) -> list[Named]:
    """Organizations named in the texts with their years, in the order of the words.

    What stands under a year just before or after `years` is not named for them; years far away say nothing.
    One that is named both with and without a year is named with it.
    """
    patterns = _by_beginning(pattern for one in register for pattern in _patterns_of(one))
    titles = _own_titles(register)
    found: dict[int, dict[int | None, None]] = defaultdict(dict)
    for text in texts:
        tokens = _tokens(text)
        places = sorted([*_by_patterns(tokens, patterns), *_by_titles(text, titles)], key=lambda one: one.start)
        markers = _years_in(tokens, years)
        for place in places:
            said = _years_of(place, places, markers)
            for organization in place.organizations:
                found[organization].update(dict.fromkeys((None,) if said is None else said))
    return [
        Named(organization, year)
        for organization, said in found.items()
        for year in sorted(said, key=lambda one: one or 0)
        if year is not None or len(said) == 1
    ]


def _tokens(text: str) -> list[_Token]:
    return [_Token(one[0], one.start()) for one in _TOKEN.finditer(_lower(text))]


def _lower(text: str) -> str:
    """For comparison, every letter in its place."""
    return text.lower().replace("ё", "е")


def _patterns_of(one: Registered) -> list[_Pattern]:
    cores = dict.fromkeys((_core(one.short_name), _core(one.name)))
    return [pattern for core in cores if (pattern := _pattern(one.pk, core))]


@lru_cache(maxsize=8192)
def _core(name: str) -> tuple[str, ...]:
    return core_words(name)


def _pattern(organization: int, core: tuple[str, ...]) -> _Pattern | None:
    numbers = [place for place, word in enumerate(core) if word.isdigit()]
    if len(numbers) == 1 and numbers[0] > 0:
        place = numbers[0]
        return _Pattern(organization, core[:place], core[place], core[place + 1 :])
    return None if numbers or not core else _Pattern(organization, core, "", ())


def _by_beginning(patterns: Iterable[_Pattern]) -> dict[str, list[tuple[_Pattern, int]]]:
    """Where a name may begin in the words: with its first word or, before a number, with a later one.

    «Школа № 1» is enough for «средняя общеобразовательная школа № 1» where no other fits better.
    """
    found: dict[str, list[tuple[_Pattern, int]]] = defaultdict(list)
    for pattern in patterns:
        whole = len(pattern.before)
        for length in range(1, whole + 1) if pattern.number else (whole,):
            found[pattern.before[-length][:_BEGINNING]].append((pattern, length))
    return found


def _by_patterns(tokens: list[_Token], patterns: Mapping[str, Sequence[tuple[_Pattern, int]]]) -> list[_Found]:
    words = [(place, part) for place, token in enumerate(tokens) if token.is_word for part in _spelled_out(token.text)]
    found: list[_Found] = []
    end = -1
    for index, (place, word) in enumerate(words):
        if place <= end:
            continue
        best: _Best = {}
        for pattern, length in patterns.get(word[:_BEGINNING], ()):
            for where in _places(tokens, words, index, pattern, length):
                _keep(best, where, length, length == len(pattern.before), pattern.organization)
        longest = max((length for length, _, _ in best.values()), default=0)
        sure = [
            (at, min(named))
            for (at, _), (length, _, named) in sorted(best.items())
            if length == longest and len(named) == 1
        ]
        if sure:
            found.append(_Found(tokens[place].start, tuple(dict.fromkeys(one for _, one in sure))))
            end = max(at for at, _ in sure)
    return found


def _keep(best: _Best, where: tuple[int, str], length: int, whole: bool, organization: int) -> None:
    """Remember who fits best at a place: by more words, then by the whole name."""
    known = best.get(where)
    if known is None or (length, whole) > known[:2]:
        best[where] = (length, whole, {organization})
    elif (length, whole) == known[:2]:
        known[2].add(organization)


def _places(
    tokens: list[_Token], words: list[tuple[int, str]], index: int, pattern: _Pattern, length: int
) -> list[tuple[int, str]]:
    """Where the name ends when its last `length` words stand from here: at its number («школы № 1, 2 и 5») or word."""
    if not pattern.number and length == 1:
        # one plain word is a name only as it stands in the register
        place, word = words[index]
        return [(place, "")] if word == pattern.before[0] else []
    last = _run(tokens, words, index, pattern.before[-length:])
    if last is None:
        return []
    if not pattern.number:
        return [(last, "")]
    return [(at, number) for at, number in _numbers_after(tokens, last) if number == pattern.number]


def _run(tokens: list[_Token], words: list[tuple[int, str]], index: int, wanted: Sequence[str]) -> int | None:
    """The token at which the wanted words end when they stand from `index` one after another; small words may stand
    between them, commas and other signs that end a name may not."""
    place = words[index][0]
    for step, word in enumerate(wanted):
        while step and index < len(words) and _is_small(words[index][1]):
            index += 1
        if index >= len(words) or not alike(words[index][1], word):
            return None
        if any(not token.is_word and token.text not in _SIGNS for token in tokens[place : words[index][0]]):
            return None
        place = words[index][0]
        index += 1
    return place


def _numbers_after(tokens: list[_Token], last: int) -> list[tuple[int, str]]:
    """The numbers that follow: after № any, without it («СОШ 2») one that counts nothing («школы 12 посёлков»)."""
    found = []
    place = last + 1
    marked = False
    while place < len(tokens):
        text = tokens[place].text
        if text.isdigit():
            if _is_year(tokens, place) or not (marked or _counts_nothing(tokens, place)):
                break
            found.append((place, text.lstrip("0") or "0"))
        elif text in ("№", "#") or text in _NUMBER_WORDS:
            marked = True
        elif text not in _GOING_ON if found else text not in _SIGNS:
            break
        place += 1
    return found


def _counts_nothing(tokens: list[_Token], place: int) -> bool:
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    return after is None or not after.is_word or _is_small(after.text)


def _spelled_out(word: str) -> tuple[str, ...]:
    """«СОШ» as the register's names are compared: «средняя общеобразовательная школа»."""
    return (word,) if word.isdigit() or _is_small(word) else _expanded(word)


@lru_cache(maxsize=8192)
def _expanded(word: str) -> tuple[str, ...]:
    return core_words(f"учреждение {word}") if len(word) <= 5 else (word,)


def _is_small(word: str) -> bool:
    return word in _SMALL


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two words differ by their endings only: «библиотека», «библиотекой»; «сад», «сада»."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if short.isdigit() or long.isdigit() or len(long) - len(short) > 2:
        return False
    if len(short) <= 4:
        return len(short) >= 3 and long.startswith(short)
    common = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common >= max(4, len(short) - 2)


def _own_titles(register: Sequence[Registered]) -> dict[str, int]:
    """What stands in quotes in the names, where it belongs to one organization only."""
    titles: dict[str, set[int]] = defaultdict(set)
    for one in register:
        for name in (one.name, one.short_name):
            for title in _QUOTED.findall(name):
                titles[fold(title)].add(one.pk)
    return {title: min(some) for title, some in titles.items() if len(some) == 1 and not title.isdigit()}


def _by_titles(text: str, titles: dict[str, int]) -> list[_Found]:
    return [_Found(one.start(), (titles[key],)) for one in _QUOTED.finditer(text) if (key := fold(one[1])) in titles]


def _years_in(tokens: list[_Token], years: Collection[int]) -> list[_Years]:
    """Where the words say a year, a range or a list of years of the plan."""
    found: list[_Years] = []
    place = 0
    while place < len(tokens):
        if not _is_year(tokens, place):
            place += 1
            continue
        said, start = [int(tokens[place].text)], place
        place += 1
        while place + 1 < len(tokens) and _is_year(tokens, place + 1):
            if tokens[place].text in _RANGE:
                said += range(said[-1] + 1, int(tokens[place + 1].text) + 1)
            elif tokens[place].text in (",", "и"):
                said.append(int(tokens[place + 1].text))
            else:
                break
            place += 2
        told = tuple(dict.fromkeys(year for year in said if year in years))
        if told or any(abs(year - one) <= _NEAR for year in years for one in said):
            found.append(_Years(tokens[start].start, told, start > 0 and tokens[start - 1].text == "("))
    return found


def _is_year(tokens: list[_Token], place: int) -> bool:
    """«2026», but not that of «20.02.2026» nor of «№ 2026»."""
    text = tokens[place].text
    if len(text) != 4 or not text.startswith("20"):
        return False
    before = tokens[place - 1].text if place else ""
    if before in ("№", "#"):
        return False
    return not (before == "." and place > 1 and tokens[place - 2].text.isdigit() and len(tokens[place - 2].text) <= 2)


def _years_of(place: _Found, places: Sequence[_Found], markers: Sequence[_Years]) -> tuple[int, ...] | None:
    """The years under which a name stands: those said before it, or after it where names come first; else None."""
    names_first = bool(markers) and places[0].start < markers[0].start
    after = next((one for one in markers if one.start > place.start), None)
    if after and (after.of_before or names_first):
        return after.years
    before = next((one for one in reversed(markers) if one.start < place.start), None)
    return before.years if before and not before.of_before and not names_first else None
