"""Small helpers for Russian words: white space, letters, plurals, dates. Pure, imports nothing of ours."""

import re
from datetime import date
from decimal import Decimal

MONTHS_NOMINATIVE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
MONTHS_GENITIVE = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")

_LONGEST_NUMBER = 17  # digits of what PostgreSQL still takes for a key
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"[\s\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]+")


def fold_spaces(text: str) -> str:
    """`text` on one line: every run of white space, no-break spaces included, becomes one space.

    Soft hyphens and zero-width characters, which Word leaves behind, are dropped.
    """
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def fold_letters(text: str) -> str:
    """`text` for comparison: lower case, ё as е, both spellings of й and ё as one character."""
    return text.lower().replace("е\u0308", "е").replace("и\u0306", "й").replace("ё", "е")


def fold(text: str) -> str:
    """`text` for comparison: white space, case and ё/е make no difference."""
    return fold_letters(fold_spaces(text))


def whole_number(text: str) -> int | None:
    """The number that an address or a form sends in plain digits; None for anything else and for what no key can be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form that stands beside `count`: plural(21, 'день', 'дня', 'дней') is 'день'."""
    last_two = abs(count) % 100
    last = last_two % 10
    if last == 1 and last_two != 11:
        return one
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return few
    return many


def counted(count: int, one: str, few: str, many: str) -> str:
    """The number with its word, joined by a no-break space: '5 дней'."""
    return f"{count}\u00a0{plural(count, one, few, many)}"


def figure_in_words(value: Decimal | None) -> str:
    """'66,7', '40'; '' where there is none."""
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def date_in_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """'1 декабря 2026', with its weekday '1 декабря 2026, вторник'."""
    words = f"{day.day} {MONTHS_GENITIVE[day.month - 1]}"
    if year:
        words += f" {day.year}"
    if weekday:
        words += f", {WEEKDAYS[day.weekday()]}"
    return words


def month_in_words(day: date) -> str:
    """'декабрь 2026'."""
    return f"{MONTHS_NOMINATIVE[day.month - 1]} {day.year}"
