"""Marks that stand for words elsewhere in a table («-//-», «то же», «см. п. 2»), and marks that stand for none."""

import re

from plans.table.words import canonical

_DITTO = re.compile(
    r"""^(?:-?\s*(?:"{1,2}|//|''|,,|\\\\|\|\||〃)\s*-?|-\s*ii\s*-
    |(?:в\s+)?(?:то|тот|та|те)\s+же(?:\s+(?:самое|сам\w+|срок\w*|исполнител\w*|результат\w*))?|там\s+же)\.?$""",
    re.VERBOSE,
)
_NOTHING = re.compile(r"^(?:[-_.…]+|нет|отсутству[ею]т)\.?$")
_REFERENCE = re.compile(
    r"^(?:\(?см\.?|смотри|аналогично|как (?:и )?в|то же,? что (?:и )?в)\s*(?:п\.?|пп\.|пункт\w*|строк\w+|№)?\s*№?\s*"
    r"(?P<number>[\divx]+(?:\.\d+)*)\.?\)?$"
)


def is_ditto(text: str) -> bool:
    """Whether a cell says that the one above goes for it too: «-//-», «то же», «»»."""
    return len(text) <= 40 and _DITTO.match(canonical(text)) is not None


def is_nothing(text: str) -> bool:
    """Whether a cell is left empty with a sign: «–», «нет»."""
    return 0 < len(text) <= 40 and _NOTHING.match(canonical(text)) is not None


def referred_number(text: str) -> str | None:
    """The number of the row whose words are meant: «см. п. 2.1» → '2.1'."""
    found = _REFERENCE.match(canonical(text)) if len(text) <= 60 else None
    return found["number"].upper() if found else None
