"""Years in the words of a plan moved to another period. Pure.

A number of four digits is a year when its neighbours say so: «года» after it, a month, a quarter or a whole date
before it, other years in its range or list, or a preposition before and no noun after it. The days of legal acts
(«от 31.05.2018 № 344н»), their numbers and quantities («2026 анкет») stay.
"""

import re
from dataclasses import replace
from datetime import date

from plans.deadlines import Deadline, Rule, Term

_YEAR = r"(?:19|20|21)\d\d"
_MONTH = (
    r"(?:январ[ьяе]|феврал[ьяе]|марта?е?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|августа?е?|сентябр[ьяе]|октябр[ьяе]"
    r"|ноябр[ьяе]|декабр[ьяе]|(?:янв|февр?|апр|авг|сент?|окт|нояб?|дек)\b)"
)
_JOINT = r"\s*(?:[-–—−/,;]|\bи\b|\bили\b|\bпо\b|\s)\s*(?:в\s+)?"
# 2026 · 2026–2028 · 2026, 2027 и 2028 · с 2026 по 2028 · 2026/27 · 2026–28 гг.
_YEARS = re.compile(
    rf"(?<![\d№])(?<!№ )(?<!№\u00a0)(?<!\d[.,/–—−-])"
    rf"{_YEAR}(?:{_JOINT}{_YEAR}(?!\d)|/\d\d(?![\d/])|[-–—−]\d\d(?=\s?г{{1,2}}\b))*(?=\s*-?\s*г|[^\w]|\Z)(?!\.\d)"
)
_NUMBER = re.compile(rf"{_YEAR}|(?<=[/–—−-])\d\d")
_ORDINAL = re.compile(r"\s?-(?:й|го|м|ом|му|ому|е|х|ых)\b")
_YEAR_WORD = re.compile(
    r"[\s)]*-?\s*(?:г{1,2}\b|(?:(?:календарн|отч[её]тн|финансов|учебн|бюджетн|планов)\w*\s+)?год(?:а|у|ом|е|ы|ов|ам|ами|ах)?\b"
    r"|уч(?:ебн\w*|\.)\s*г)",
    re.IGNORECASE,
)
_CALENDAR_WORD = re.compile(
    rf"(?<![а-яё])(?:{_MONTH}|кв|(?:квартал|полуг|полугоди|месяц|семестр|четверт|триместр|декад)\w*|весн\w+"
    r"|лет[оау]м?|осен\w+|зим\w+)(?:[\s.]*\b[IVX]{1,3}\b)?[\s.,(]*\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:\A|[(;\n]|\b(?:в|на|за|с|до|к|по|не позднее|год[ау]?)\s)\s*\Z", re.IGNORECASE)
_NO_NOUN = re.compile(r"\s*(?:[.,;:(»\"]|\)(?!\s?\d)|\Z|(?:и|по|до|–|—|-)\s)")
# 2026: школа № 1. 2027: школа № 2
_HEADS_A_LIST = re.compile(r"\s*:|\s+[–—-]\s")
_ENDS_A_LIST = re.compile(r"[»\").,\d]\s+\Z")
_GLUED = re.compile(r"[^\W\d_][./–—−-]?\Z|[./–—−-]\Z")
_DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}\.\d{1,2}\.(?=\d{4}(?!\d))|\d\d\.\d\d\.(?=\d\d(?!\d)))(?P<year>\d{4}|\d\d)(?!\d)(?!\.\d)"
)
_DAY_AND_MONTH = r"(?:0?[1-9]|[12]\d|3[01])\s?[./]\s?(?:0?[1-9]|1[0-2])\s?[./]\s?"
_AFTER_NO_WORD = r"(?:\A|(?<![^\W_])(?:в|с|по|до|к|на|за|позднее)\s+|(?<=[-–—;,(])\s*)"
# 01. 12. 2026 · 01/12/2026 · 2026-12-01 · 12.2026 · 1.12.26 · декабрь 26 г.
_RARE_DATES = (
    re.compile(rf"(?<![\d./]){_DAY_AND_MONTH}(?P<year>{_YEAR})(?![\d/])(?!\.\d)"),
    re.compile(rf"(?<![\w./-])(?P<year>{_YEAR})[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])(?![\w/-])"),
    re.compile(rf"{_AFTER_NO_WORD}(?:0[1-9]|1[0-2])\.(?P<year>{_YEAR})(?!\d)(?!\.\d)", re.IGNORECASE),
    re.compile(
        rf"{_AFTER_NO_WORD}(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?P<year>\d\d)(?!\d)(?!\.\d)", re.IGNORECASE
    ),
    re.compile(rf"(?:{_MONTH}|квартал\w*|кв\.?)\s*(?P<year>\d\d)\s?(?:г\b|год)", re.IGNORECASE),
)
_ACT_DAY = rf"(?:\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}})\s*(?:года|г\b\.?)?"
# an act, a letter or a contract of a day; «от 1 мая до 31 октября» are two ends. School № 2025, 2026 and 2027
_ACT = re.compile(
    rf"{_ACT_DAY}\s*(?:№|N\b)|(?:№|\bN)\s*\S+\s+от\s+{_ACT_DAY}|\bот\s+{_ACT_DAY}(?!\d|\.\d|\s*(?:года|г\b\.?)?\s*до\s)"
    rf"|№\s?{_YEAR}(?:\s*(?:,|и)\s*(?:№\s?)?{_YEAR}(?!\d|\s*г))+",
    re.IGNORECASE,
)


def shift_years(text: str, by: int) -> str:
    """`text` with every year that it names moved by `by` years; there and back gives the same text."""
    acts = [found.span() for found in _ACT.finditer(text)]
    places = {found.span("year") for dates in (_DATE, *_RARE_DATES) for found in dates.finditer(text)}
    for group in _YEARS.finditer(text):
        if _names_years(group, text):
            places |= {found.span() for found in _NUMBER.finditer(text, *group.span())}
    moved = text
    for start, end in sorted(places, reverse=True):
        if not any(first <= start < last for first, last in acts):
            digits = end - start
            year = (int(text[start:end]) + by) % 10**digits
            moved = f"{moved[:start]}{year:0{digits}}{moved[end:]}"
    return moved


def years_to_next(first: date, last: date) -> int:
    """By how many years a period moves so as to be the next one: the fewest after which the two do not overlap."""
    by = last.year - first.year
    return by if shift_day(first, by) > last else by + 1


def shift_day(day: date, by: int) -> date:
    """The same day in another year; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=day.year + by)
    except ValueError:
        return day.replace(year=day.year + by, day=28)


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
    ordinal = _ORDINAL.match(text, group.end())
    before, after = text[: group.start()], text[ordinal.end() if ordinal else group.end() :]
    if _CALENDAR_WORD.search(before):
        return True
    if _GLUED.search(before):
        return False
    if _YEAR_WORD.match(after) or (_HEADS_A_LIST.match(after) and _ENDS_A_LIST.search(before)):
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
