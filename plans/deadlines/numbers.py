"""Numerals in figures, Roman letters and words, and lists and ranges of them."""

from .tokens import Token, Tokens

# «П» and «Ш» are how a Cyrillic keyboard types II and III, «З» looks like 3; only before a quarter or a half-year.
_CYRILLIC_ROMAN = {"п": 2, "ш": 3, "з": 3, "i": 1}
_LARGEST_ORDINAL = 99
_MOST_NUMBERS = 31
_HUNDRED, _TWENTY = 100, 20
_JOINING = frozenset({",", "и"})


def value_of(token: Token) -> int:
    """The number of a numeral."""
    return token.value if isinstance(token.value, int) else 0


def ordinal(t: Tokens, i: int) -> tuple[int, int] | None:
    """A number that names a place in a row: '1', 'I', 'первый', 'двадцать пятого', '25 (двадцать пятого)'."""
    found = _plain_ordinal(t, i)
    if found and t[found[1]].form == "(":
        again = _plain_ordinal(t, found[1] + 1)
        if again and again[0] == found[0] and t[again[1]].form == ")":
            return found[0], again[1] + 1
    return found


def _plain_ordinal(t: Tokens, i: int) -> tuple[int, int] | None:
    token = t[i]
    if token.cat == "int":
        number = value_of(token)
        return (number, i + 1) if number <= _LARGEST_ORDINAL else None
    if token.cat in ("roman", "ord"):
        return value_of(token), i + 1
    if token.cat == "num":
        if value_of(token) in (20, 30) and t[i + 1].cat in ("ord", "num") and value_of(t[i + 1]) < 10:
            return value_of(token) + value_of(t[i + 1]), i + 2
        return value_of(token), i + 1
    if token.form in _CYRILLIC_ROMAN and _unit_follows(t, i + 1):
        return _CYRILLIC_ROMAN[token.form], i + 1
    return None


def _unit_follows(t: Tokens, i: int) -> bool:
    last = i + 2 * _MOST_NUMBERS
    while i < last and (t[i].cat in ("int", "roman") or t[i].form in ("п", "ш", "з", ",", "и", "-")):
        i += 1
    return t[i].cat == "unit" and t[i].value in ("quarter", "half_year")


def cardinal(t: Tokens, i: int) -> tuple[int, int] | None:
    """An amount: '5', 'пяти', 'двадцати пяти', '5 (пяти)', 'пяти (5)'."""
    first = _plain_cardinal(t, i)
    if first is None:
        return None
    number, j = first
    if t[j].form == "(":
        again = _plain_cardinal(t, j + 1)
        if again and again[0] == number and t[again[1]].form == ")":
            j = again[1] + 1
    return number, j


def _plain_cardinal(t: Tokens, i: int) -> tuple[int, int] | None:
    token = t[i]
    if token.cat == "int":
        return value_of(token), i + 1
    if token.cat != "num":
        return None
    number, j = value_of(token), i + 1
    for part in (_HUNDRED, _TWENTY):  # «ста | двадцати | пяти»
        if number >= part and t[j].cat == "num" and value_of(t[j]) < part:
            number, j = number + value_of(t[j]), j + 1
    return number, j


def number_ranges(t: Tokens, i: int) -> tuple[list[tuple[int, int]], int] | None:
    """'1', 'I и III', 'I–III', '1, 3–4', 'с 1 по 15' (from the 1 on): pairs of first and last."""
    if i not in t.ranges:
        t.ranges[i] = _number_ranges(t, i)
    return t.ranges[i]


def _number_ranges(t: Tokens, i: int) -> tuple[list[tuple[int, int]], int] | None:
    found: list[tuple[int, int]] = []
    while len(found) < _MOST_NUMBERS and (first := ordinal(t, i)):
        number, j = first
        last = number
        if (t[j].form in ("-", "по") or (t[j].form == "до" and i > 0 and t[i - 1].form in ("с", "со"))) and (
            end := ordinal(t, j + 1)
        ):
            last, j = end
        found.append((number, last))
        i = j
        if t[j].form in _JOINING and ordinal(t, j + 1):
            i = j + 1
        elif t[j].form == "," and t[j + 1].form == "и" and ordinal(t, j + 2):
            i = j + 2
        else:
            break
    return (found, i) if found else None
