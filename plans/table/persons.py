"""People in a cell of parties: name and post belong together, in whatever order they stand.

«Директор школы Иванова И.И.», «Иванова И.И. – директор школы», «Иванова Инна Игоревна, директор школы».
"""

import re
from collections.abc import Sequence

from plans.table import party_words as data
from plans.table.cases import noun_group
from plans.table.words import canonical

_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_INITIALS = r"[А-ЯЁ]\.\s*[А-ЯЁ]\."
_FULL = rf"{_SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:ич|вна|чна|шна|ичем|вной|чной)"
_PERSON = rf"(?:{_SURNAME}\s+{_INITIALS}|{_INITIALS}\s*{_SURNAME}|{_FULL})"
_BEGINS = re.compile(rf"^{_PERSON}(?=$|[\s,.;:])")
_ENDS = re.compile(rf"{_PERSON}$")
_HOLDS = re.compile(_PERSON)
_INITIAL = re.compile(r"^[А-ЯЁ]\.(?:\s*[А-ЯЁ]\.)?")


def begins_person(words: Sequence[str]) -> bool:
    return _BEGINS.match(" ".join(words[:4])) is not None


def person_here(held: Sequence[str], ahead: Sequence[str], *, comma: bool) -> bool | None:
    """Whether a new party begins between `held` and `ahead`, as far as a person's name decides; None if it does not."""
    before = " ".join(held).rstrip(",")
    named = _HOLDS.search(before) is not None
    if not named and _INITIAL.fullmatch(held[-1]):
        return False  # inside «И.И. Иванова»
    if not named and not comma and _INITIAL.match(ahead[0]) and held[-1][:1].isupper():
        return False  # inside «Иванова И.И.»
    if begins_person(ahead):
        return named or comma or not begins_post(held)
    if _ENDS.search(before) and begins_post(ahead) and not begins_post(held):
        return ahead[0][:1].isupper() and comma
    return None


def begins_post(words: Sequence[str]) -> bool:
    """Whether words begin with the post of one person: «директор», «старшая медсестра», «зам. главы»."""
    first = canonical(words[0]).rstrip(".")
    if first in data.PLURAL_POSTS or not first:
        return False
    if first in data.POSTS or first in data.SHORT_POSTS:
        return True
    if words[0][:1].isupper() and begins_person(words):
        return False
    group = noun_group(words)
    return group is not None and group.is_one_person
