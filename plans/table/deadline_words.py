"""Deadline words as the plan check reads them: each wording once."""

import re
from functools import lru_cache

from plans.deadlines import Deadline, parse


@lru_cache(maxsize=2048)
def read(words: str) -> Deadline:
    return parse(words)


def tells_days(deadline: Deadline) -> bool:
    """Whether words are a deadline through and through."""
    return bool(deadline.rules or deadline.terms or deadline.flags) and not deadline.unparsed


_IN_TITLE = re.compile(
    r"""\b(?:(?:в\s+срок\s+)?(?:до|не\s+позднее|к|с)\s+\d{1,2}(?:\s+[а-яё]{3,8}|\.\d{1,2})(?:[\s.]+20\d\d(?:\s*(?:года|г\.?))?)?
    |в\s+течение\s+(?:[а-яё\d-]+\s+){0,3}?(?:дн(?:я|ей)|недел[ьи]|месяц(?:а|ев)?|год(?:а)?|квартала)
    |(?:не\s+реже\s+)?(?:\d+|одного|один)\s+раза?\s+в\s+(?:неделю|месяц|квартал|полугодие|год)
    |еже(?:дневно|недельно|месячно|квартально|годно))\b""",
    re.IGNORECASE | re.VERBOSE,
)


def days_in_title(title: str) -> str:
    """Words in an activity's title that say when: «до 1 марта», «в течение месяца»; '' without them."""
    for found in _IN_TITLE.finditer(title):
        if tells_days(read(found[0])):
            return found[0]
    return ""
