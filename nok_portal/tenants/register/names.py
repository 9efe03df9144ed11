"""Names of institutions: legal forms folded, short names made, likely doubles found."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from nok_portal.common.text import fold, fold_spaces

# words of a legal form, by their beginnings, each with its letter in the abbreviation
_FORM_WORDS = (
    ("муниципальн", "М"), ("государственн", "Г"), ("областн", "О"), ("краев", "К"), ("районн", "Р"),
    ("бюджетн", "Б"), ("автономн", "А"), ("казенн", "К"), ("некоммерческ", "Н"), ("частн", "Ч"),
    ("дошкольн", "Д"), ("общеобразовательн", "О"), ("образовательн", "О"), ("нетипов", "Н"),
    ("учрежден", "У"), ("организаци", "О"), ("культур", "К"), ("искусств", "И"), ("здравоохранен", "З"),
    ("дополнительн", "Д"), ("образован", "О"), ("социальн", "С"), ("обслуживан", "О"), ("спорт", "С"),
)  # fmt: skip
_FORM_BEGINNINGS = tuple(beginning for beginning, _ in _FORM_WORDS)
_SMALL_WORDS = frozenset({"и", "в", "на", "с", "для", "им", "имени", "г", "город", "города", "поселка", "села"})
# МБУ, МБОУ, МБДОУ, МАУК, МКУ, МБУДО, ГБУЗ, ГБУСО … at the beginning of a name
_FORM_LETTERS = re.compile(
    r"^(?:[мгокр]{0,2}[бак]?[до]?о?у(?:к|до|дод|до[дс]?|з|со|си|ки|доп)?|о?ано|нко|чу|чдоу|чоу)$"
)
_KINDS = {
    "сош": "средняя общеобразовательная школа",
    "оош": "основная общеобразовательная школа",
    "нош": "начальная общеобразовательная школа",
    "дши": "детская школа искусств",
    "дмш": "детская музыкальная школа",
    "дхш": "детская художественная школа",
    "дюсш": "детско юношеская спортивная школа",
    "цбс": "централизованная библиотечная система",
    "мцбс": "межпоселенческая централизованная библиотечная система",
    "дк": "дом культуры",
    "сдк": "сельский дом культуры",
    "рдк": "районный дом культуры",
    "ркдц": "районный культурно досуговый центр",
    "кдц": "культурно досуговый центр",
    "црб": "центральная районная больница",
    "цгб": "центральная городская больница",
    "кцсон": "комплексный центр социального обслуживания населения",
    "ддт": "дом детского творчества",
    "дтдм": "дворец творчества детей и молодежи",
    "дс": "детский сад",
    "црр": "центр развития ребенка",
}
_WORD = re.compile(r"\d+|[a-zа-я]+")
_STEM = 5
ALIKE = 0.87
_COMMON = 40  # a word in more names than this says nothing about doubles


def core_words(name: str) -> tuple[str, ...]:
    """The words that tell an institution from others: without its legal form, abbreviations of kinds spelled out.

    «МБУК «ЦБС»» and «Муниципальное бюджетное учреждение культуры «Централизованная библиотечная система»»
    give the same. A name that is nothing but a form gives its own words.
    """
    words = _WORD.findall(fold(name).replace("-", " "))
    start = _form_length(words)
    kept = [part for word in words[start:] for part in _KINDS.get(word, word).split()]
    kept = [word.lstrip("0") or "0" if word.isdigit() else word for word in kept if word not in _SMALL_WORDS]
    return tuple(kept) or tuple(words)


def _form_length(words: list[str]) -> int:
    """How many words at the beginning are the legal form: it ends with «учреждение …» or its abbreviation."""
    if not words:
        return 0
    if _FORM_LETTERS.match(words[0]):
        return 1
    end = 0
    for position, word in enumerate(words):
        if not _is_form_word(word) and word not in {"и", "в", "сфере"}:
            break
        if word.startswith(("учрежден", "организаци")) or end:
            end = position + 1
    return end


def _is_form_word(word: str) -> bool:
    return word.startswith(_FORM_BEGINNINGS)


def short_name_of(name: str) -> str:
    """A short name made of a full one: «Муниципальное бюджетное учреждение культуры «Клуб»» gives «МБУК «Клуб»».

    A name without a spelled-out legal form stays as it is; never longer than 200 characters.
    """
    name = fold_spaces(name)
    found = re.match(r"[А-ЯЁа-яё -]+", name)
    spelled = found[0].split() if found else []
    end = _form_length([word.lower().replace("ё", "е") for word in spelled])
    rest = " ".join([*spelled[end:], name[len(found[0]) :].lstrip()]).strip() if found else ""
    if end >= 2 and rest:
        name = f"{''.join(map(_letter, spelled[:end]))} {rest}"
    return name[:200].rstrip()


def _letter(word: str) -> str:
    folded = word.lower().replace("ё", "е")
    return next((letter for beginning, letter in _FORM_WORDS if folded.startswith(beginning)), "")


def similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """From 0 to 1 for two `core_words`; 0 where their numbers differ (школа № 2 is not школа № 12)."""
    if _numbers(one) != _numbers(other):
        return 0.0
    if sorted(one) == sorted(other):
        return 1.0
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio()


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


@dataclass(frozen=True)
class Named:
    """What the search for doubles knows of an organization."""

    pk: int
    name: str
    short_name: str
    inn: str


@dataclass(frozen=True)
class LikelyDouble:
    """Two organizations that may be one; `first` was entered earlier."""

    first: int
    second: int
    same_inn: bool


def likely_doubles(organizations: Iterable[Named]) -> list[LikelyDouble]:
    """Pairs with names alike that may be one organization, those with the same INN first.

    Alike names with two different INNs are no doubles.
    """
    known = {organization.pk: organization for organization in organizations}
    # both spellings of the name count: one of them is often an abbreviation
    cores = {pk: {core_words(one.name), core_words(one.short_name)} for pk, one in known.items()}
    found: list[LikelyDouble] = []
    for first, second in sorted(_neighbours(known, cores)):
        one, other = known[first], known[second]
        same_inn = bool(one.inn) and one.inn == other.inn
        if one.inn and other.inn and not same_inn:
            continue
        if max(similarity(a, b) for a in cores[first] for b in cores[second]) >= ALIKE:
            found.append(LikelyDouble(first, second, same_inn))
    return sorted(found, key=lambda double: not double.same_inn)


def shared_inns(organizations: Iterable[Named]) -> dict[str, list[int]]:
    """INNs of several organizations: branches of one legal entity, or doubles with unlike names."""
    groups: dict[str, list[int]] = defaultdict(list)
    for organization in organizations:
        if organization.inn:
            groups[organization.inn].append(organization.pk)
    return {inn: members for inn, members in groups.items() if len(members) > 1}


def _neighbours(known: dict[int, Named], cores: dict[int, set[tuple[str, ...]]]) -> set[tuple[int, int]]:
    """Pairs worth a look: of one INN, with the same words, or sharing a word that is not everywhere."""
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for pk, organization in known.items():
        if organization.inn:
            groups["inn", organization.inn].add(pk)
        for core in cores[pk]:
            groups["words", *sorted(core)].add(pk)
            numbers = _numbers(core)
            for word in core:
                if not word.isdigit() and len(word) > 2:
                    groups["stem", word[:_STEM], *numbers].add(pk)
    pairs: set[tuple[int, int]] = set()
    for members in groups.values():
        if len(members) <= _COMMON:
            ordered = sorted(members)
            pairs.update((a, b) for position, a in enumerate(ordered) for b in ordered[position + 1 :])
    return pairs
