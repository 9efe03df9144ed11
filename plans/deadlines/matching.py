"""Whether two wordings name the same event: case, endings and order are forgiven, other words are not."""

import re
from functools import lru_cache

from nok_portal.common.text import fold

_WORD = re.compile(r"[^\W_]+")
_STEM = 5
_ENDING = 3
_LONGER_ENDING = 2
_EMPTY = frozenset("и в на о об по с со для их его ее от к".split())


@lru_cache(maxsize=1024)
def stems(words: str) -> frozenset[str]:
    """The words of an event without their endings, particles left out."""
    return frozenset(_stem(word) for word in _WORD.findall(fold(words)) if word not in _EMPTY)


def _stem(word: str) -> str:
    return word[: max(_STEM, len(word) - _ENDING)] if len(word) > _STEM else word[:4]


def same_event(name: str, event: str) -> bool:
    """Whether a recorded event is the one of the words: all words of the shorter name are in the other."""
    first, second = stems(name), stems(event)
    if not first or not second:
        return not first and not second
    return _all_in(first, second) or _all_in(second, first)


def _all_in(some: frozenset[str], others: frozenset[str]) -> bool:
    return all(any(_alike(stem, other) for other in others) for stem in some)


def _alike(one: str, other: str) -> bool:
    """Whether two stems are of one word: a longer ending leaves a longer stem («отче-т», «отчет-а»)."""
    return (one.startswith(other) or other.startswith(one)) and abs(len(one) - len(other)) <= _LONGER_ENDING
