"""Text → tokens: numbers, numeric dates, Roman numerals, words and marks, as people really type them."""

import re
from dataclasses import dataclass

from nok_portal.common.text import fold_letters, fold_spaces

from .words import LEXICON, Value, find

LONGEST_TEXT = 1000
MOST_TOKENS = 160

_TOKEN = re.compile(
    r"""
      (?P<iso>(?:19|20)\d\d[-‐‑–]\d\d[-‐‑–]\d\d|(?:19|20)\d\d/\d\d/\d\d)(?!\d)
    | (?P<date>\d{1,2}\s?[./]\s?\d{1,2}\s?[./]\s?(?:\d{4}|\d{2})|\d{2}[-‐‑–]\d{2}[-‐‑–]\d{4}|\d{2},\d{2},(?:19|20)\d\d)(?!\d)
    | (?P<romandate>(?P<rday>\d{1,2})\s?[./]\s?(?P<rmonth>[IVXХІ]{1,4})\s?[./]\s?(?P<ryear>\d{4}|\d{2})(?!\d))
    | (?P<minutes>\d{1,2}\s?(?:часов|часа|час|ч\.?)\s?[0-5]?\d\s?мин[а-я]*\.?)
    | (?P<time>(?:[01]?\d|2[0-4])(?::[0-5]\d|[.-]00)(?!\d|\.\d)(?:\s?(?:часов|час|ч)(?![^\W\d_]))?)
    | (?P<monthyear>(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d)(?!\d|\.\d)
    | (?P<daymonth>\d{1,2}\.\d{2})(?![\d]|\.\d)
    | (?P<roman>[IVXІ]{1,4})[-‐‑–](?:й|ий|ый|ой|я|ая|е|ое|го|ого|м|ом|му)(?![^\W\d_])
    | (?P<four>[1lIiІі][VvУуYy])(?![^\W\d_])
    | (?P<short>кв-л[а-я]{0,3}|м-ц[а-я]{0,2}|пол[\s-]года)(?![^\W\d_])
    | (?P<num>\d+)(?:\s?[-‐‑–](?:й|ий|го|ого|е|ое|м|ом|му|ому|ый|ым|я|ая|ю|ой|ти|и|х|ех|ёх|мя|ми|ух|ье|ья)(?![^\W\d_])|(?:й|го|ого|ое|ом|ый|ая|ой|ти|ех|х|мя|ми)(?![^\W\d_]))?
    | (?P<word>[^\W\d_]+(?:[\u0300\u0306\u0308][^\W\d_]*)*)
    | (?P<mark>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES = frozenset("«»„“”\"'`’‘*•·●▪_\\")
_OPENING, _CLOSING = frozenset('«„“"'), frozenset('»“”"')
_DASHES = frozenset("-–—−‐‑‒―÷")
_LATIN_LIKE = str.maketrans("aceopxykmthbi", "асеорхукмтнві")
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iiii": 4,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_ROMAN_LETTERS = str.maketrans("іlхⅰⅴ", "iixiv")
_ROMAN_SIGNS = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "ⅰ": "I", "ⅱ": "II", "ⅲ": "III", "ⅳ": "IV"})
_SHORT_UNITS = {"кв": "квартал", "м-": "месяц", "по": "полгода"}
_SCRIPTS = re.compile(r"[a-zіⅰⅴ]+|[^a-zіⅰⅴ]+")
_HYPHENATED = re.compile(r"([а-яё]+)[-‐\u00ad]\s*\n\s*([а-яё]+)", re.IGNORECASE)
# what a scanner, or a person, writes for another sign that looks the same: «2О27», «3О июня», «дека6ря»
_LETTERS_FOR_FIGURES = re.compile(
    r"(?<![^\W_])(?=[OoОоЗзl]*\d)[\dOoОоЗзl]*[OoОоЗзl][\dOoОоЗзl]*(?![^\W_])(?<=..)|(?<![^\W_])[Зз][OoОо](?=\s[а-я])"
)
_FIGURES = str.maketrans("OoОоЗзl", "0000331")
_FIGURES_FOR_LETTERS = re.compile(r"(?<=[а-яё])[036](?=[а-яё])")
_LETTERS = str.maketrans("036", "озб")
_TURN_OF_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """A part of the text. `form` is folded and spelled right, `cat` and `value` are those of the word.

    `gap` is what stands before it: '' nothing, ' ' white space, '.' a full stop.
    """

    form: str
    cat: str
    value: Value
    start: int
    end: int
    gap: str = ""
    date: tuple[int, int, int] | None = None


END = Token("", "eof", None, 0, 0)


class Tokens(list[Token]):
    """The tokens of `text`, followed by enough END marks that a reader may look ahead without a check."""

    def __init__(self, text: str) -> None:
        found = tokenize(text)
        super().__init__(_years_in_words([token for token in found if token.cat != "time"]))
        self.text = text
        # the time of day: nothing is due by the hour, so it is left to the person to see
        self.times = [text[token.start : token.end] for token in found if token.cat == "time"]
        self.cut = len(self) > MOST_TOKENS
        del self[MOST_TOKENS:]
        self.length = len(self)
        self.extend([END] * 8)
        # what readers found out about a place before
        self.begins: dict[tuple[int, bool], bool] = {}
        self.ranges: dict[int, tuple[list[tuple[int, int]], int] | None] = {}

    def quoted(self, i: int) -> bool:
        """Whether the word stands alone in quotation marks: a name."""
        token = self[i]
        return self.text[token.start - 1 : token.start] in _OPENING and self.text[token.end : token.end + 1] in _CLOSING

    def capital(self, i: int) -> bool:
        """Whether the word is written with a capital letter."""
        return self.text[self[i].start : self[i].start + 1].isupper()

    def words(self, first: int, after: int) -> str:
        """The words as they were written from token `first` up to `after`."""
        if first >= after:
            return ""
        return fold_spaces(self.text[self[first].start : self[after - 1].end])


def clean(text: str) -> str:
    """The text with invisible characters dropped and words joined that a line break had hyphenated."""
    text = (
        text.translate(_ROMAN_SIGNS)
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("\u00ad", "")
        .replace("\u200b", "")
        .replace("\ufeff", "")
    )
    text = _LETTERS_FOR_FIGURES.sub(lambda match: match[0].translate(_FIGURES), text)
    text = _FIGURES_FOR_LETTERS.sub(lambda match: match[0].translate(_LETTERS), text)
    if "\n" in text:
        text = _HYPHENATED.sub(_join, text)
    return text


def tokenize(text: str) -> list[Token]:
    """The tokens of a cleaned text; full stops and quotation marks leave only a gap."""
    tokens: list[Token] = []
    gap = ""
    previous_end = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        start, end = match.span()
        if start > previous_end and not gap:
            gap = " "
        previous_end = end
        piece = match[kind]
        if kind == "mark":
            if piece == "…" and tokens and text[end:].strip():
                piece = "-"
            if piece in ".…":
                gap = "."
                continue
            if piece in _QUOTES:
                gap = gap or " "
                continue
            tokens.append(Token("-" if piece in _DASHES else piece, "mark", None, start, end, gap))
        elif kind in ("word", "roman", "short"):
            piece = _SHORT_UNITS.get(piece[:2].lower(), piece) if kind == "short" else piece
            _add_words(tokens, piece, start, end, gap)
        elif kind == "num":
            number = int(piece[:9])
            tokens.append(Token(piece, "int", number, start, end, gap))
        elif kind in ("time", "minutes"):
            tokens.append(Token(piece, "time", None, start, end, gap))
        elif kind == "romandate":
            month = _ROMAN.get(fold_letters(match["rmonth"]).translate(_ROMAN_LETTERS), 0)
            parts = _date_parts(f"{match['rday']}.{month}.{match['ryear']}")
            tokens.append(Token(piece, "date", None, start, end, gap, parts))
        elif kind == "four":
            tokens.append(Token("iv", "roman", 4, start, end, gap))
        else:
            tokens.append(Token(piece, "date", None, start, end, gap, _date_parts(piece)))
        gap = ""
    return tokens


def _years_in_words(tokens: list[Token]) -> list[Token]:
    """'две тысячи двадцать седьмого' as the one number that it is."""
    for i, token in enumerate(tokens):
        if token.form == "две" and tokens[i + 1 : i + 2] and tokens[i + 1].form == "тысячи":
            parts = [part for part in tokens[i + 2 : i + 4] if part.cat in ("num", "ord")]
            values = [part.value for part in parts if isinstance(part.value, int)]
            if parts and parts[0].cat == "num" and values[0] >= 20 and parts[1:] and values[1] < 10:
                year, length = values[0] + values[1], 2
            elif parts:
                year, length = values[0], 1
            else:
                continue
            last = tokens[i + 1 + length]
            whole = Token(
                str(_TURN_OF_CENTURY + year), "int", _TURN_OF_CENTURY + year, token.start, last.end, token.gap
            )
            return [*tokens[:i], whole, *_years_in_words(tokens[i + 2 + length :])]
    return tokens


def _join(match: re.Match[str]) -> str:
    joined = match[1] + match[2]
    known = find(fold_letters(joined))
    return joined if len(known) == 1 else match[0]


def _date_parts(piece: str) -> tuple[int, int, int]:
    """Year (0 when absent), month, day (0 when absent) as written, possible or not."""
    numbers = [int(number) for number in re.findall(r"\d+", piece)]
    if len(numbers) == 2 and numbers[1] > 999:
        return numbers[1], numbers[0], 0
    if len(numbers) == 2:
        return 0, numbers[1], numbers[0]
    if numbers[0] > 999:
        return numbers[0], numbers[1], numbers[2]
    year = numbers[2] if numbers[2] > 99 else _TURN_OF_CENTURY + numbers[2]
    return year, numbers[1], numbers[0]


def _add_words(tokens: list[Token], piece: str, start: int, end: int, gap: str) -> None:
    form = fold_letters(piece)
    parts = _SCRIPTS.findall(form)
    mixed = len(parts) > 1
    if (
        mixed
        and any(part.translate(_ROMAN_LETTERS) in _ROMAN for part in parts)
        and form.translate(_LATIN_LIKE) not in LEXICON
    ):
        for part in parts:
            _add_words(tokens, part, start, end, gap)
            gap = ""
        return
    words = () if mixed else find(form)
    if not words:
        roman = _ROMAN.get(form.translate(_ROMAN_LETTERS))
        if roman:
            tokens.append(Token(form, "roman", roman, start, end, gap))
            return
        cyrillic = form.translate(_LATIN_LIKE)
        if cyrillic != form:
            words = find(cyrillic)
    if words:
        for word in words:
            tokens.append(Token(word.form, word.cat, word.value, start, end, gap))
            gap = ""
        return
    if mixed:
        for part in parts:
            _add_words(tokens, part, start, end, gap)
            gap = ""
        return
    tokens.append(Token(form, "", None, start, end, gap))
