"""What letters are called on the screens; an app names its own in `letters.py`, which is found by itself."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class LetterKind:
    """`title` names a letter of this kind. `is_of_office`: municipalities send such letters.

    `new_link_page` is the page (a URL of the office) where a letter that carried a secret link is written anew, and
    `new_link` says what to do there.
    """

    key: str
    title: str
    is_of_office: bool = True
    new_link: str = ""
    new_link_page: str = ""


_kinds: dict[str, LetterKind] = {}


def register_letter_kind(kind: LetterKind) -> None:
    if kind.key in _kinds:
        raise ImproperlyConfigured(f"letters «{kind.key}» are named twice")
    _kinds[kind.key] = kind


def find_letter_kind(key: str) -> LetterKind:
    """How letters of the kind are called; one that nobody has named is just a letter."""
    return _kinds.get(key) or LetterKind(key, "Письмо")


def letter_kinds_of_office() -> list[LetterKind]:
    """Kinds of letters that municipalities send, by title."""
    return sorted((kind for kind in _kinds.values() if kind.is_of_office), key=lambda kind: kind.title)


register_letter_kind(LetterKind("reminders.digest", "Напоминания"))
register_letter_kind(LetterKind("reminders.region", "Сводка министерству", is_of_office=False))
register_letter_kind(LetterKind("test", "Пробное письмо"))
