"""Years in the words of a plan moved to another period. Pure.

A number of four digits is a year when its neighbours say so: «года» after it, a month, a quarter or a whole date
before it, other years in its range or list, or a preposition before and no noun after it. The days of legal acts
(«от 31.05.2018 № 344н»), their numbers and quantities («2026 анкет») stay.
"""

import re
from dataclasses import replace

from plans.deadlines import Deadline, Rule, Term

_YEAR = r"(?:19|20|21)\d\d"
_MONTH = (
    r"(?:январ[ьяе]|феврал[ьяе]|марта?е?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|августа?е?|сентябр[ьяе]|октябр[ьяе]"
    r"|ноябр[ьяе]|декабр[ьяе])"
)
_JOINT = r"\s*(?:[-–—−/,;]|\bи\b|\bили\b|\bпо\b)\s*(?:в\s+)?"
# 2026 · 2026–2028 · 2026, 2027 и 2028 · с 2026 по 2028 · 2026/27
_YEARS = re.compile(
    rf"(?<![\w№.,/–—−-])(?<!№ )(?<!№\u00a0)"
    rf"{_YEAR}(?:{_JOINT}{_YEAR}(?!\d)|/\d\d(?!\d))*(?=\s*-?\s*г|[^\w]|\Z)(?!\.\d)"
)
_NUMBER = re.compile(rf"{_YEAR}|(?<=/)\d\d")
_YEAR_WORD = re.compile(
    r"[\s)]*-?\s*(?:г{1,2}\b|год(?:а|у|ом|е|ы|ов|ам|ами|ах)?\b|уч(?:ебн\w*|\.)\s*год)", re.IGNORECASE
)
_CALENDAR_WORD = re.compile(
    rf"\b(?:{_MONTH}|кв|(?:квартал|полугоди|семестр|четверт|триместр|декад)\w*|весн\w+|лет[оау]м?|осен\w+|зим\w+)[\s.,(]*\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:\A|\b(?:в|на|за|с|до|к|по|не позднее)\s)\s*\Z", re.IGNORECASE)
_NO_NOUN = re.compile(r"\s*(?:[.,;:)»\"]|\Z|(?:и|по|до|–|—|-)\s)")
_DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}\.\d{1,2}\.(?=\d{4}(?!\d))|\d\d\.\d\d\.(?=\d\d(?!\d)))(?P<year>\d{4}|\d\d)(?!\d)(?!\.\d)"
)
_ACT_DAY = rf"(?:\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}})\s*(?:года|г\.?)?"
_ACT = re.compile(rf"{_ACT_DAY}\s*(?:№|N\b)|(?:№|\bN)\s*\S+\s+от\s+{_ACT_DAY}", re.IGNORECASE)


def shift_years(text: str, by: int) -> str:
    """`text` with every year that it names moved by `by` years; there and back gives the same text."""
    acts = [found.span() for found in _ACT.finditer(text)]
    places = [found.span("year") for found in _DATE.finditer(text)]
    for group in _YEARS.finditer(text):
        if _names_years(group, text):
            places += [found.span() for found in _NUMBER.finditer(text, *group.span())]
    moved = text
    for start, end in sorted(places, reverse=True):
        if not any(first <= start < last for first, last in acts):
            digits = end - start
            year = (int(text[start:end]) + by) % 10**digits
            moved = f"{moved[:start]}{year:0{digits}}{moved[end:]}"
    return moved


def shift_deadline(deadline: Deadline, by: int, text: str) -> Deadline:
    """A person's own reading with its years moved, as the reading of the words `text`."""
    return replace(
        deadline,
        text=text,
        rules=tuple(_rule(rule, by) for rule in deadline.rules),
        terms=tuple(_term(term, by) for term in deadline.terms),
        unparsed=shift_years(deadline.unparsed, by),
    )


def _names_years(group: re.Match[str], text: str) -> bool:
    before, after = text[: group.start()], text[group.end() :]
    if _YEAR_WORD.match(after) or _CALENDAR_WORD.search(before):
        return True
    is_list = len(_NUMBER.findall(group[0])) > 1
    return bool(_NO_NOUN.match(after)) and (is_list or bool(_PREPOSITION.search(before)))


def _rule(rule: Rule, by: int) -> Rule:
    # 0 is an open end of a range
    years = replace(rule.years, listed=tuple(year + by if year else 0 for year in rule.years.listed))
    return replace(rule, years=years, until_year=rule.until_year + by if rule.until_year else 0)


def _term(term: Term, by: int) -> Term:
    anchor = _rule(term.anchor, by) if term.anchor else None
    return replace(term, event=shift_years(term.event, by), anchor=anchor)
