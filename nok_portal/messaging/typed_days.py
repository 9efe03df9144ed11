"""Lists of days as people type them: '30, 14, 7, 1', '30 14 7', 'за 30 дней и за 7'. Pure."""

import re
from collections.abc import Collection

from nok_portal.common.errors import DomainError

MOST = 10  # days in a list
FARTHEST = 365  # a threshold farther away helps nobody
_EXAMPLE = "Напишите числа через запятую, например: 30, 14, 7, 1."
_PIECES = re.compile(r"\d+|[^\W\d_]+")  # whatever lies between numbers and words parts them
_SAID_BESIDE = frozenset("за через и до после срока день дня дней дн д".split())


class DaysNotRead(DomainError):
    """Why the typed days cannot be used."""


def read_days(text: str) -> tuple[int, ...]:
    """Each of the days once, the least first; nothing typed is no day. Raises DaysNotRead."""
    found: set[int] = set()
    for piece in _PIECES.findall(text):
        if piece.isdecimal():
            found.add(_day(piece))
        elif piece.lower() not in _SAID_BESIDE:
            raise DaysNotRead(f"Слово «{piece[:40]}» непонятно. {_EXAMPLE}")
    if not found and text.strip():
        raise DaysNotRead(f"Здесь нет ни одного числа. {_EXAMPLE} Чтобы не напоминать, оставьте поле пустым.")
    if len(found) > MOST:
        raise DaysNotRead(
            f"Чисел слишком много: {len(found)}. Оставьте не больше {MOST}, иначе письма перестанут читать."
        )
    return tuple(sorted(found))


def write_days(days: Collection[int], *, falling: bool = False) -> str:
    """'30, 14, 7, 1' or, rising, '1, 7'."""
    return ", ".join(map(str, sorted(days, reverse=falling)))


def _day(digits: str) -> int:
    number = int(digits[:20])
    if number == 0:
        raise DaysNotRead("Ноль — это сам день срока: о нём портал напоминает отдельно. Уберите ноль.")
    if number > FARTHEST:
        shown = digits if len(digits) <= 8 else f"{digits[:8]}…"
        raise DaysNotRead(f"{shown} дней — это больше года. Самое большее {FARTHEST}; числа разделяйте запятой.")
    return number
