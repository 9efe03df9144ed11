"""Which organizations of the register a party means: one institution, or all of a sphere and type. Pure."""

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from nok_portal.tenants.register.names import core_words

from .model import Group, Match, Named, Why
from .reading import (
    LEADING,
    PLACE_NOUNS,
    POST_STEMS,
    Words,
    is_plural,
    numbers_in,
    place_stems,
    stem_of,
    tokens_of,
    without_adjectives_of_places,
    without_person,
)

_SPHERES = (
    ("culture", ("культур", "библиотек", "музе", "клуб", "театр", "досуг")),
    ("education", ("образовательн", "образован", "общеобразовательн", "дошкольн", "школ", "гимнази", "лице", "детски")),
    ("health", ("здравоохран", "медицинск", "больниц", "поликлиник", "здоров")),
    ("social", ("обслуживан", "соцобслуж", "соцзащит")),
)
# what is only a part of its sphere, and must be a type of the register
_KINDS = ("библиотек", "музе", "клуб", "театр", "досуг", "общеобразовательн", "дошкольн", "школ", "гимнази", "лице",
          "детски", "больниц", "поликлиник")  # fmt: skip
# what may be said of all organizations of the register, and after what the rest tells which they are
_OF_ALL = ("все", "муниципальн", "подведомствен", "бюджетн", "автономн", "казенн", "городск", "районн", "сельск",
           "учрежден", "организаци", "филиал", "социальн", "сфер")  # fmt: skip
_WHICH = ("подлежащ", "оцениваем", "участвующ", "котор", "указан", "включен", "оказывающ", "предоставляющ")
_CAPITAL = re.compile(r"(?<=\s)[А-ЯЁ][а-яё]+")
_CLOSE = 0.9
_INSTITUTIONS = ("учрежден", "организаци", "библиотек", "музе", "клуб", "школ", "театр", "сад", "дом", "больниц",
                 "поликлиник", "центр", "гимнази", "лице", "интернат", "филиал")  # fmt: skip


def likely_organization(name: str, organizations: Sequence[Named], places: Collection[str] = ()) -> Match | None:
    """The one organization of the register that a name means; None when there is none, or several fit alike.

    «Директор школы № 5» means the school: the party is one of its people.
    """
    own = place_stems(tuple(sorted(places)))
    wanted = _institution_words(_without_post(name), own)
    if not wanted or is_plural(name):
        return None
    equal, near, held = set(), set(), set()
    for one in organizations:
        for known in (one.name, one.other_name):
            words = _institution_words(known, own) if known else ()
            if not words or numbers_in(words) != numbers_in(wanted):
                continue
            if sorted(words) == sorted(wanted):
                equal.add(one.pk)
            elif min(len(words), len(wanted)) < 2 or not set(words) & set(wanted):
                continue
            elif _is_close(words, wanted):
                near.add(one.pk)
            elif _is_held(wanted, words):
                held.add(one.pk)
    for some in (equal, near, held):
        if some:
            return Match(next(iter(some)), Why.NAME) if len(some) == 1 else None
    return None


def likely_group(name: str, register: Collection[tuple[str, str]]) -> Group | None:
    """Which organizations «все образовательные организации», «библиотеки района», «руководители школ» are.

    `register`: spheres and types of the organizations that work now. A type of the register is taken where the name
    has its words; words of several spheres mean every one if there are no others, else nothing is proposed.
    """
    words = _group_words(name)
    if words is None:
        return None
    stems = {stem_of(word) for word in words}
    types = {(sphere, kind): {stem_of(word) for word in tokens_of(kind)} for sphere, kind in register if kind}
    fitting = [(len(parts), sphere, kind) for (sphere, kind), parts in types.items() if parts and parts <= stems]
    if fitting:
        longest = max(length for length, _, _ in fitting)
        best = {(sphere, kind) for length, sphere, kind in fitting if length == longest}
        spheres = {sphere for sphere, _ in best}
        if len({kind for _, kind in best}) == 1:
            return Group(next(iter(spheres)) if len(spheres) == 1 else "", next(iter(best))[1])
        return None
    named = {sphere for sphere, beginnings in _SPHERES if any(word.startswith(beginnings) for word in words)}
    present = {sphere for sphere, _ in register}
    if not present or not named <= present:
        return None
    if any(word.startswith(_KINDS) for word in words) or not (named or _means_all(words, name)):
        return None
    if len(named) == 1:
        return Group(next(iter(named)), "")
    return Group("", "") if named in (set(), present) else None


def _means_all(words: Sequence[str], name: str) -> bool:
    """«Муниципальные учреждения района», and no «общественные организации», which are none of the register."""
    places = {word for capital in _CAPITAL.findall(name) for word in tokens_of(capital)}
    for place, word in enumerate(words):
        if word.startswith(_WHICH):
            return True
        stems = [stem_of(one) for one in words[place : place + 2]]
        is_place = word in places or bool(PLACE_NOUNS & set(stems))
        if not (is_place or word.startswith(_OF_ALL) or stems[0] in POST_STEMS):
            return False
    return True


@lru_cache(maxsize=8192)
def _institution_words(name: str, places: frozenset[str]) -> Words:
    words = tuple(word if word.isdigit() else stem_of(word) for word in core_words(name))
    kept = tuple(word for word in without_adjectives_of_places(words) if word not in places | PLACE_NOUNS)
    return kept or words


def _is_held(wanted: Words, known: Words) -> bool:
    """The party says less than the register; more of it («сельский дом культуры») only where a number tells which."""
    return set(wanted) <= set(known) or (bool(numbers_in(known)) and set(known) <= set(wanted))


def _without_post(name: str) -> str:
    """«Директор школы № 5 Ольхова И. Ю.» → «школы № 5»."""
    words = without_person(name).split()
    taken = 0
    while taken < len(words) - 1 and stem_of(words[taken].strip(".,")) in POST_STEMS | LEADING:
        taken += 1
    return " ".join(words[taken:])


def _is_close(one: Words, other: Words) -> bool:
    matcher = SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False)
    return matcher.real_quick_ratio() >= _CLOSE and matcher.ratio() >= _CLOSE


def _group_words(name: str) -> list[str] | None:
    """Words of a group's name after posts («руководители учреждений культуры»); None when it is no group."""
    words = tokens_of(name)
    if not words or is_plural(name) is False:
        return None
    if words[0] in {"все", "всех"} or is_plural(name):
        return words if any(word.startswith(_INSTITUTIONS) for word in words) else None
    return None
