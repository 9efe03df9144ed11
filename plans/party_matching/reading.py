"""A name taken apart: the person it names, its words by their stems, its words without the place. Pure.

Cases make no difference, and the place («администрации Лесного района») may be said or left out.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from nok_portal.common.text import fold
from plans.table import words as table_words
from plans.table.cases import NOMINATIVE, noun_group
from plans.table.party_words import BODIES, POSTS, SHORT_POSTS

Words = tuple[str, ...]
_SHORT = 4


def stem_of(word: str) -> str:
    """A word without its case ending, short ones too: «сады» and «сад», «дома» and «дом»."""
    found = table_words.stem(word)
    bare = found.rstrip("аеиоуыюяьй")
    return bare if (len(found), len(bare)) == (_SHORT, _SHORT - 1) else found


_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PERSON = re.compile(
    rf"(?P<s1>{_SURNAME})\s+(?P<i1>[А-ЯЁ])\.\s*(?:(?P<o1>[А-ЯЁ])\.)?"
    rf"|(?P<i2>[А-ЯЁ])\.\s*(?:(?P<o2>[А-ЯЁ])\.)?\s*(?P<s2>{_SURNAME})"
    rf"|(?P<s3>{_SURNAME})\s+(?P<i3>[А-ЯЁ])[а-яё]+\s+(?P<o3>[А-ЯЁ])[а-яё]+(?:ич|вн|чн|шн)[а-яё]{{0,3}}(?![а-яё])"
)
_OBLIQUE = re.compile(r"(?:ого|ому|ой|ым|ую|ою|[еуыю])$")
_HERS, _HIS = re.compile(r"(?:[ое]в|[иы]н)ой$"), re.compile(r"(?:[ое]в|[иы]н)(?:ым)?$")
_TOKEN = re.compile(r"\d+|[a-zа-я]+\.?")
_SMALL = frozenset("и в во на с со по при для о об от из за а также им имени".split())
_ABBREVIATIONS = {
    "зам": "заместитель", "нач": "начальник", "спец": "специалист", "рук": "руководитель", "зав": "заведующий",
    "дир": "директор", "гл": "главный", "вед": "ведущий", "ст": "старший", "отв": "ответственный",
    "секр": "секретарь", "пред": "председатель", "адм": "администрация", "упр": "управление", "деп": "департамент",
    "мун": "муниципальный", "обр": "образование", "соц": "социальный", "общ": "общественный", "орг": "организация",
    "учр": "учреждение", "мин": "министерство", "ком": "комитет", "отд": "отдел", "обл": "область",
}  # fmt: skip
# understood without the dot too
_SPOKEN = frozenset({"зам", "нач", "спец", "рук", "зав"})
_PLACE_ADJECTIVES = frozenset({"городск", "муниципальн", "сельск"})
PLACE_NOUNS = frozenset({"район", "округ", "город", "поселок", "поселк", "поселен", "сел", "села", "село"})
_AFTER_ADJECTIVE = PLACE_NOUNS | {"образован"}
_OFFICE = frozenset({"администрац"})
LEADING = frozenset({"главн", "ведущ", "старш", "перв"})
POST_STEMS = frozenset(map(stem_of, POSTS | SHORT_POSTS | {"заместитель", "сотрудник"}))
NO_CONTENT = POST_STEMS | frozenset(map(stem_of, BODIES)) | LEADING


@dataclass(frozen=True)
class PersonNamed:
    """A person as documents name one, folded."""

    surname: str
    initials: str

    def is_same(self, other: "PersonNamed") -> bool:
        """Surnames in any case; where one gives fewer initials, those decide."""
        length = min(len(self.initials), len(other.initials))
        return _same_surname(self.surname, other.surname) and self.initials[:length] == other.initials[:length] != ""


@dataclass(frozen=True)
class ReadName:
    """A name taken apart: the person it names, its words, and its words without the place; `key` is these in order."""

    person: PersonNamed | None
    words: Words
    core: Words
    key: Words
    is_plural: bool | None


@lru_cache(maxsize=4096)
def read_name(name: str, places: Words) -> ReadName:
    """`places`: the municipality's names, in one order, so that the answer can be kept."""
    person = person_in(name)
    rest = without_person(name) if person else name
    words = _words(rest)
    core = _core(words, place_stems(places))
    return ReadName(person, words, core, tuple(sorted(core)), is_plural(rest))


@lru_cache(maxsize=4096)
def person_in(name: str) -> PersonNamed | None:
    """«Ольхова И. Ю.», «И. Ю. Ольхова» or the full name, wherever it stands."""
    found = _PERSON.search(name)
    if found is None:
        return None
    parts = found.groupdict()
    which = next(number for number in "123" if parts[f"s{number}"])
    initials = "".join(parts[f"{letter}{which}"] or "" for letter in "io")
    return PersonNamed(fold(parts[f"s{which}"]), fold(initials))


def without_person(name: str) -> str:
    return _PERSON.sub(" ", name)


def _same_surname(one: str, other: str) -> bool:
    """Equal, or one of them in another case: «Ивановой» is «Иванова» and may be no «Иванов»."""
    if one == other:
        return True
    if any(_HERS.search(surname) for surname in (one, other)) and any(_HIS.search(surname) for surname in (one, other)):
        return False
    is_oblique = any(_OBLIQUE.search(surname) and len(surname) > 4 for surname in (one, other))
    return is_oblique and surname_stem(one) == surname_stem(other)


def surname_stem(surname: str) -> str:
    return _OBLIQUE.sub("", surname).removesuffix("а") if len(surname) > 4 else surname


def tokens_of(name: str) -> list[str]:
    """Words and numbers of a name, shortened ones spelled out, small ones left out."""
    found = []
    for token in _TOKEN.findall(fold(name).replace("-", " ")):
        bare = token.rstrip(".")
        if bare in _SMALL:
            continue
        is_shortened = token.endswith(".") or bare in _SPOKEN
        found.append(_ABBREVIATIONS.get(bare, bare) if is_shortened else bare)
    return found


def _words(name: str) -> Words:
    return tuple(word.lstrip("0") or "0" if word.isdigit() else stem_of(word) for word in tokens_of(name))


@lru_cache(maxsize=64)
def place_stems(places: Words) -> frozenset[str]:
    """Words that only say which municipality it is."""
    found = {word for name in places for word in _words(name)}
    return frozenset(found - PLACE_NOUNS - _PLACE_ADJECTIVES - {"образован"})


def _core(words: Words, own: frozenset[str]) -> Words:
    """The words without the place, as long as two are left: «глава района» is more than «глава»."""
    bare = without_adjectives_of_places(words)
    for layer in (own, PLACE_NOUNS, _OFFICE):
        kept = tuple(word for word in bare if word not in layer)
        if len(kept) < 2:
            break
        bare = kept
    return bare if len(bare) > 1 else words


def without_adjectives_of_places(words: Words) -> Words:
    """«городского округа» is «округа», «муниципального образования» nothing."""
    kept: list[str] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        before = words[place - 1] if place else ""
        if word in _PLACE_ADJECTIVES and following in _AFTER_ADJECTIVE:
            continue
        if word == "образован" and before == "муниципальн":
            continue
        kept.append(word)
    return tuple(kept)


def numbers_in(words: Words) -> list[str]:
    return sorted(word for word in words if word.isdigit())


@lru_cache(maxsize=4096)
def is_plural(name: str) -> bool | None:
    """Whether the name speaks of several, by its head in the nominative; None where it does not tell."""
    group = noun_group(name.split())
    if group is None:
        return None
    nominative = [form for form in group.forms if form.case == NOMINATIVE]
    nouns = [form for form in nominative if form.is_noun]
    numbers = {form.number for form in nouns or nominative}
    return numbers == {"plur"} if numbers else None
