"""Cases of Russian nouns: in which one a party's name stands, and its nominative.

A name begins with its head: a noun with the adjectives before it («Контрольно-счётной палатой города»), or an
adjective alone that serves as one («заведующей детским садом»). What follows depends on the head and stays.
Words are looked up in a dictionary of forms (docs/decisions/006); what it cannot tell is left as it stands.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from plans.table.words import DASHES

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

INSTRUMENTAL, GENITIVE, NOMINATIVE = "ablt", "gent", "nomn"
_WORD = re.compile(rf"^[А-Яа-яЁё]+(?:[{DASHES}][А-Яа-яЁё]+)*$")
_CASES = {"gen2": "gent", "loc2": "loct", "acc2": "accs", "voct": "nomn"}
_GENDERS = frozenset({"masc", "femn", "neut"})
_MOST_ADJECTIVES = 4


@dataclass(frozen=True)
class Form:
    """One way to read a word. `gender` is empty where it has both («глава») or none of its own."""

    case: str
    number: str
    gender: str
    is_noun: bool
    is_animate: bool
    parse: "Parse"

    def agrees(self, noun: "Form") -> bool:
        """Whether an adjective can stand before the noun."""
        same = (self.case, self.number) == (noun.case, noun.number)
        return same and (self.number == "plur" or self.gender == noun.gender or not noun.gender)


@dataclass(frozen=True)
class NounGroup:
    """The head of a name: words [start, end), the last one carries the forms."""

    start: int
    end: int
    forms: tuple[Form, ...]

    @property
    def cases(self) -> frozenset[str]:
        return frozenset(form.case for form in self.forms)

    @property
    def is_one_person(self) -> bool:
        return any(form.is_animate and form.number == "sing" and form.case == NOMINATIVE for form in self.forms)


@lru_cache(maxsize=1)
def _dictionary() -> "MorphAnalyzer":
    from pymorphy3 import MorphAnalyzer  # takes a fifth of a second to load

    logging.getLogger("pymorphy3").setLevel(logging.WARNING)
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=8192)
def forms_of(word: str) -> tuple[Form, ...]:
    """Nouns and adjectives that a word can be; none for abbreviations, figures and what is in quotes."""
    if not _WORD.match(word) or len(word) > 40 or len(word) < 3 or (word.isupper() and len(word) < 9):
        return ()
    found = []
    for parse in _dictionary().parse(re.sub(rf"[{DASHES}]", "-", word).lower()):
        tag = parse.tag
        if tag.POS in {"NOUN", "ADJF", "PRTF"} and tag.case and tag.number and not {"Name", "Patr"} & tag.grammemes:
            case = _CASES.get(str(tag.case), str(tag.case))
            gender = str(tag.gender or "")
            found.append(
                Form(
                    case,
                    str(tag.number),
                    gender if gender in _GENDERS else "",
                    tag.POS == "NOUN",
                    tag.animacy == "anim",
                    parse,
                )
            )
    return tuple(found)


def noun_group(words: Sequence[str], start: int = 0) -> NounGroup | None:
    """The head that begins at `start`; abbreviations before it («МБУ Дом культуры») are passed over."""
    while start < len(words) and words[start].isupper() and words[start].isalpha() and not forms_of(words[start]):
        start += 1
    adjectives: list[tuple[Form, ...]] = []
    found: NounGroup | None = None
    for position in range(start, min(len(words), start + _MOST_ADJECTIVES)):
        forms = forms_of(words[position].rstrip(".,:"))
        nouns = [form for form in forms if form.is_noun]
        others = tuple(form for form in forms if not form.is_noun)
        fitting = tuple(noun for noun in nouns if all(any(form.agrees(noun) for form in some) for some in adjectives))
        if fitting:
            found = NounGroup(start, position + 1, fitting)
        if not others:
            break
        adjectives.append(others)
    return found or (NounGroup(start, start + 1, adjectives[0]) if adjectives else None)


def dependent_cases(words: Sequence[str], group: NounGroup | None) -> frozenset[str]:
    """Oblique cases in which words after the head can stand: what goes on with them is no new name."""
    after = words[group.end :] if group else words
    found = {form.case for word in after for form in forms_of(word.rstrip(".,:"))}
    return frozenset(found - {NOMINATIVE, "accs"})


def nominative(phrase: str, case: str | None = None, *, sure: bool = True) -> tuple[str, bool]:
    """A name in the nominative, and whether its case is doubtful; then the words stay as they are.

    `case` is the one that the words before ask for («совместно с …»), `sure` that they stand directly before.
    Without it a name that can only be an instrumental is one: the subject of «проводится отделом культуры».
    """
    words = phrase.split()
    group = noun_group(words)
    if group is None:
        return phrase, False
    cases = group.cases
    wanted = case or INSTRUMENTAL
    if wanted not in cases or (NOMINATIVE in cases and case is None):
        return phrase, NOMINATIVE not in cases
    if NOMINATIVE in cases and not sure:
        return phrase, True
    head = next(form for form in group.forms if form.case == wanted)
    for position in range(group.start, group.end):
        words[position] = _put(words[position], head, is_head=position == group.end - 1)
    if words[group.end - 1].casefold() == "организация" and group.end < len(words):
        words[group.end] = _apposition(words[group.end], wanted)
    return " ".join(words), False


def _apposition(word: str, case: str) -> str:
    """«организацией оператором»: the second noun stands in the same case."""
    form = next((form for form in forms_of(word) if form.is_noun and form.case == case and form.is_animate), None)
    return _put(word, form, is_head=True) if form else word


def _put(word: str, head: Form, *, is_head: bool) -> str:
    """One word of the head put into the nominative, in its own spelling."""
    parts = re.split(rf"([{DASHES}])", word)
    if is_head and head.is_noun and len(parts) == 3:
        both = [next((form for form in forms_of(part) if form.is_noun and form.case == head.case), None) for part in parts[::2]]  # fmt: skip
        if all(both):
            return "".join([_inflected(parts[0], both[0]), parts[1], _inflected(parts[2], both[1])])
    form = head if is_head else next((form for form in forms_of(word) if form.agrees(head) and not form.is_noun), None)
    return _inflected(word, form)


def _inflected(word: str, form: Form | None) -> str:
    if form is None:
        return word
    asked = {NOMINATIVE, form.number} | ({form.gender} if form.gender and not form.is_noun else set())
    found = form.parse.inflect(asked)
    return _spelt_like(found.word, word) if found else word


def _spelt_like(word: str, like: str) -> str:
    """The word with the capitals of another form of it, and without ё where that has е."""
    if "ё" not in like.lower():
        word = word.replace("ё", "е")
    if like.isupper():
        return word.upper()
    pieces = [piece.capitalize() if old[:1].isupper() else piece for piece, old in _hyphen_pairs(word, like)]
    return "-".join(pieces)


def _hyphen_pairs(word: str, like: str) -> list[tuple[str, str]]:
    new, old = word.split("-"), re.split(rf"[{DASHES}]", like)
    return list(zip(new, old, strict=True)) if len(new) == len(old) else [(word, like)]
