"""The same words with what cannot be put right: «до 31 ноября» → «до 30 ноября», «V квартал» → «IV квартал».

Each answer names what was put in place of the impossible, and the words that come of it, to be read anew.
"""

import re
from collections.abc import Iterator

from nok_portal.common.text import MONTHS_GENITIVE
from nok_portal.common.workdays import last_day_of_month

from .numbers import ordinal, value_of
from .tokens import Token, Tokens, clean
from .years import is_unit

_LEAP_YEAR = 2028
_DECEMBER = 12
_DAY = re.compile(r"Нет такого дня: (\d+) (\w+)(?: (\d{4}) года)?$")
_LONGEST = {"quarter": 4, "half_year": 2, "ten_days": 3, "week": 4, "half": 2}
_ROMAN = ("", "I", "II", "III", "IV")

Answer = tuple[str, str]  # what stands in place of the impossible, and all the words with it


def answers(text: str, problem: str) -> Iterator[Answer]:
    """Ready answers to a problem that reading `text` gave; none where there is nothing better to offer."""
    t = Tokens(clean(text))
    if told := _DAY.match(problem):
        month = MONTHS_GENITIVE.index(told[2]) + 1 if told[2] in MONTHS_GENITIVE else 0
        yield from _of_day(t, int(told[1]), month, int(told[3] or 0))
    elif problem.startswith("Нет такого месяца"):
        yield from _of_month(t)
    elif problem.startswith("Нет такого числа месяца"):
        yield from _of_number(t)
    elif problem.startswith("Нет так"):
        yield from _of_part(t)
    elif problem.startswith("Начало"):
        yield from _swapped(t)
    elif problem.startswith("Сказано, как часто самое большее"):
        yield from _at_least(t)


def _put(t: Tokens, first: int, after: int, words: str) -> str:
    return t.text[: t[first].start] + words + t.text[t[after - 1].end :]


def _of_day(t: Tokens, day: int, month: int, year: int) -> Iterator[Answer]:
    """The last day of that month and the first of the next, written as the impossible day was."""
    if not month:
        return
    length = last_day_of_month(year or _LEAP_YEAR, month)
    if day > length:
        next_year = year + 1 if month == _DECEMBER and year else year
        near = [(length, month, year), (1, month % _DECEMBER + 1, next_year)]
        if month == 2 and not year:
            near.insert(0, (28, 2, 0))
    else:
        before = (month - 2) % _DECEMBER + 1
        near = [
            (1, month, year),
            (last_day_of_month(year or _LEAP_YEAR, before), before, year - (month == 1 and year > 0)),
        ]
    for i in range(t.length):
        written = t[i].date
        if written and written[1:] == (month, day):
            for one in near:
                yield _said(*one), _put(t, i, i + 1, _as_written(t[i], *one))
            return
        found = ordinal(t, i)
        if found is None or found[0] != day:
            continue
        j = found[1]
        if t[j].cat == "month" and value_of(t[j]) == month and not _follows_a_number(t, i):
            for number, other, _ in near:
                yield _said(number, other, 0), _put(t, i, j + 1, f"{number} {MONTHS_GENITIVE[other - 1]}")
            return
        # «31 и 15 ноября»: the first month after the number is the number's own
        if next((value_of(t[k]) for k in range(j, t.length) if t[k].cat == "month"), 0) == month:
            for number, other, _ in near:
                if other == month:
                    yield _said(number, month, 0), _put(t, i, j, str(number))
            return


def _follows_a_number(t: Tokens, i: int) -> bool:
    """'15 и 31 ноября', '25–31 ноября': the month is not this day's alone."""
    return i > 1 and t[i - 1].form in (",", "и", "-", "по", "до") and t[i - 2].cat in ("int", "ord", "num", "roman")


def _said(day: int, month: int, year: int) -> str:
    return f"{day} {MONTHS_GENITIVE[month - 1]}" + (f" {year}" if year else "")


def _as_written(token: Token, day: int, month: int, year: int) -> str:
    """A numeric date; one that began with its year does so again."""
    if not year:
        return f"{day:02}.{month:02}"
    return f"{year}-{month:02}-{day:02}" if token.form[:4].isdigit() else f"{day:02}.{month:02}.{year}"


def _of_month(t: Tokens) -> Iterator[Answer]:
    """Day and month in each other's place; else the last month."""
    for i in range(t.length):
        date = t[i].date
        if date is None or 1 <= date[1] <= _DECEMBER:
            continue
        year, month, day = date
        near = [(month, day, year)] if day <= _DECEMBER and month <= 31 else []
        near.append((day, _DECEMBER, year))
        for one in near:
            if 1 <= one[0] <= last_day_of_month(one[2] or _LEAP_YEAR, one[1]):
                yield _said(*one), _put(t, i, i + 1, _as_written(t[i], *one))
        return


def _of_number(t: Tokens) -> Iterator[Answer]:
    for i in range(t.length):
        found = ordinal(t, i)
        if found and found[0] > 31 and t[found[1]].cat == "date":
            yield "последний день месяца", _put(t, i, found[1], "31")
            return


def _of_part(t: Tokens) -> Iterator[Answer]:
    """The last, or the first, of the quarters, half-years, ten days, weeks or halves."""
    for i in range(t.length):
        found = ordinal(t, i)
        if found is None:
            continue
        number, j = found
        unit = "half" if t[j].cat == "half" else next((one for one in _LONGEST if is_unit(t, j, one)), "")
        most = _LONGEST.get(unit, 0)
        if most and not 1 <= number <= most:
            right = most if number > most else 1
            words = _ROMAN[right] if unit in ("quarter", "half_year") else f"{right}-я"
            yield f"{words} {t.words(j, j + 1)}", _put(t, i, j, words)
            return


def _swapped(t: Tokens) -> Iterator[Answer]:
    """The two ends of a range in each other's place."""
    ends = [(i, i + 1) for i in range(t.length) if t[i].date]
    if len(ends) != 2:
        ends = []
        i = 0
        while i < t.length:
            found = ordinal(t, i)
            if found and 1 <= found[0] <= 31:
                ends.append((i, found[1]))
            i = found[1] if found else i + 1
    if len(ends) == 2:
        (i, j), (k, m) = ends
        first, last = t.words(i, j), t.words(k, m)
        yield (
            f"с {last} по {first}",
            t.text[: t[i].start] + last + t.text[t[j - 1].end : t[k].start] + first + t.text[t[m - 1].end :],
        )


def _at_least(t: Tokens) -> Iterator[Answer]:
    """What was the most is the least."""
    words = re.sub(r"\b(не\s+)(?:чаще|более)\b", r"\1реже", t.text, flags=re.IGNORECASE)
    if words != t.text:
        yield "не реже", words
