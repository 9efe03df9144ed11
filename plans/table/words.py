"""Small readings of words that every part of the table reader needs."""

import re

from nok_portal.common.text import fold_letters, fold_spaces

_ROMAN = r"(?=[IVXІХ])(?:X|Х){0,3}(?:I[XХ]|ІХ|I?V|ІV|V?[IІ]{0,3})"
_NUMBER = re.compile(
    rf"""^\s*(?:(?:раздел|глава|часть|блок|этап|направление)\s+)?(?:№\s*)?
    (?P<number>\d{{1,3}}(?:\s*[.,]\s*\d{{1,3}})*|{_ROMAN})
    \s*(?P<close>[.)]|$|(?=[:\s–—-]))""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTER_NUMBER = re.compile(r"^\s*(?P<number>[а-яёa-z])\s*\)\s*$", re.IGNORECASE)
_STEM_ENDING = re.compile(
    r"(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ией|иях|иям|ах|ях|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее"
    r"|ые|ие|ую|юю|ых|их|ом|ем|ам|ям|им|ым|ию|ия|ии|ью|[аеёиоуыэюяьй])$"
)
_PERIOD = re.compile(r"квартал|полугод|кв\b|п/г")
_QUOTED_BLANKS = re.compile(r"(?<=[«„“])\s+|\s+(?=[»”])")

DASHES = "-‐‑‒–—−"


def fold(text: str) -> str:
    """The text on one line: every run of blanks is one space."""
    return fold_spaces(text)


def canonical(text: str) -> str:
    """For comparing only: folded, lower case, ё as е, one kind of dash and quotes."""
    folded = fold_letters(fold_spaces(text))
    folded = re.sub(rf"[{DASHES}]", "-", folded)
    return re.sub(r"[«»„“”\"]", '"', folded)


def stem(word: str) -> str:
    """A word without its case ending, enough to see «Министерством» and «Министерство» as one."""
    word = canonical(word)
    return _STEM_ENDING.sub("", word).rstrip("иьй") if len(word) > 4 else word


def stems(text: str) -> list[str]:
    return [stem(word) for word in re.findall(r"[\w№]+", canonical(text))]


def without_quote_blanks(text: str) -> str:
    """« город Сосновск» → «город Сосновск»."""
    return _QUOTED_BLANKS.sub("", text)


def item_number(cell: str) -> str | None:
    """The number that a cell is: '1. ' → '1', '3.3.' → '3.3', 'II.' → 'II', 'а)' → 'а'; None when it is not one."""
    text = fold(cell)
    match = _NUMBER.match(text)
    if match and not text[match.end() :].strip(" .)"):
        return _tidy(match["number"])
    letter = _LETTER_NUMBER.match(text)
    return letter["number"] if letter else None


def split_number(text: str) -> tuple[str | None, str]:
    """A leading number and the words after it: 'II. План' → ('II', 'План'); without number (None, text)."""
    folded = fold(text)
    match = _NUMBER.match(folded)
    if not match or not match["number"]:
        return None, folded
    rest = folded[match.end() :].strip()
    number = _tidy(match["number"])
    named = folded[: match.start("number")].strip() not in {"", "№"}
    closed = match["close"] in {".", ")"} or named
    upper = rest[:1].isupper() or rest[:1] in '«"'
    # '2024 год', '1 раз в квартал', 'IV квартал' and '20.02.2015' begin with a number that numbers nothing.
    if not rest or rest[:1].isdigit():
        return None, folded
    if not closed and not (upper and ("." in number or is_roman(number)) and not _PERIOD.match(canonical(rest))):
        return None, folded
    return number, rest.lstrip(f"{DASHES}:. ") or rest


def _tidy(number: str) -> str:
    plain = re.sub(r"\s*[.,]\s*", ".", number).strip(".")
    return plain.upper().replace("І", "I").replace("Х", "X") if not plain[:1].isdigit() else plain


def is_roman(number: str | None) -> bool:
    return bool(number) and not str(number)[:1].isdigit() and set(str(number)) <= set("IVX")
