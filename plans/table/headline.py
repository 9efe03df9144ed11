"""What stands above the tables: the plan's title, its period, its spheres, headings of sections."""

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date

from nok_portal.common.text import MONTHS_GENITIVE, MONTHS_NOMINATIVE
from plans.table.words import canonical, fold, is_roman, split_number

MAX_TITLE = 700
MAX_HEADING = 400

_BEGINS = re.compile(
    r"^(?:\S+\s+){0,2}?(?:план|дорожная карта|комплекс мер|программа мероприятий|перечень мероприятий)\b"
)
_NO_TITLE = re.compile(
    r"^(?:утвержд|согласован|приложение|одобрен|приня[тл]|введен|рассмотрен|к (?:постановлени|распоряжени|приказ|плану)"
    r"|(?:постановлени|распоряжени|приказ)\w*(?: (?:главы|администрации|мэра|от|управления|отдела|министерства)\b|$)"
    r"|глава |мэр |от\s.{0,40}(?:№|г\.?$)|«?_+»?|м\.?п\.?$|проект$|\d{1,2}\.\d{1,2}\.\d{4})"
)
_DASH = r"\s*(?:[-–—]|по|и)\s*"
_YEARS = r"(?:год\w*|гг?\.?|г\.г\.?)"
_RANGE = re.compile(rf"\b(?:с\s+)?(20\d\d)\s*{_YEARS}?{_DASH}(20\d\d)\s*{_YEARS}?(?!\d)")
_LIST = re.compile(rf"\b(20\d\d)(?:\s*,\s*20\d\d)*\s*(?:,|и)\s*(20\d\d)\s*{_YEARS}")
# «на 2027 год и плановый период 2028 и 2029 годов», as budgets are planned.
_PLANNED = re.compile(
    rf"\b(20\d\d)\s*{_YEARS}?,?\s*(?:и|а также)\s+(?:на\s+)?(?:\w+\s+)?период\w*\s*(?:до|с|на|в)?\s*"
    rf"(?:20\d\d\s*{_YEARS}?(?:{_DASH}|\s*,\s*))*(20\d\d)\s*{_YEARS}"
)
_ONE = re.compile(rf"(?:\b(?:на|в|за)\s+)?\b(20\d\d)\s*{_YEARS}")
_SCHOOL = re.compile(r"\b(20\d\d)\s*[-–—/]\s*(?:20)?(\d\d)\s*(?:учебн\w+|уч\.?)\s*(?:год|г)")
_DAYS = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(20\d\d)\s*(?:г\.?|года)?\s*(?:по|до|[-–—])\s*(\d{1,2})\.(\d{1,2})\.(20\d\d)"
)
_HALF = re.compile(r"\b(i{1,2}|[12]|перв\w+|втор\w+)(?:-?\s?(?:е|ое))?\s+полугоди\w+\s+(20\d\d)")
_MONTHS = {name[:3]: index for index, name in enumerate(MONTHS_NOMINATIVE, 1)} | {
    name[:3]: index for index, name in enumerate(MONTHS_GENITIVE, 1)
}
_MONTH_RANGE = re.compile(
    r"\b([а-я]{3})[а-я]*\s*(?:20\d\d\s*(?:года|г\.)?\s*)?(?:[-–—]|по)\s*([а-я]{3})[а-я]*\s+(20\d\d)"
)
_ACT = re.compile(r"(?:от|№)\s*[\d_.«»\"\s]*\s*(?:\d{1,2}\.\d{1,2}\.)?20\d\d\s*(?:г|года)?\.?\s*№?\s*[\d-]*")

# Stems of words that name a sphere; municipal formations («муниципальное образование») are no education.
SPHERE_RULES: tuple[tuple[str, str], ...] = (
    ("culture", r"\bкультур|\bбиблиоте|\bмузе[йяе]|\bтеатр"),
    ("education", r"(?<!муниципальн.. )(?<!муниципальн... )\bобразовани|\bобразовательн|\bшкол\b|\bдетск\w+ сад|учебн\w+ заведени"),
    ("health", r"здравоохранен|охран\w+ здоровья|медицинск|\bбольниц|\bполиклиник"),
    ("social", r"социальн\w+ обслуживани|социальн\w+ защит|комплексн\w+ центр\w* социальн"),
)  # fmt: skip
_SPHERES = tuple((code, re.compile(pattern)) for code, pattern in SPHERE_RULES)


def title_of(paragraphs: Sequence[str]) -> str:
    """The plan's title from the paragraphs above its first table, at most MAX_TITLE signs of it."""
    return _title_words(paragraphs)[:MAX_TITLE].rstrip()


def is_title_cut(paragraphs: Sequence[str]) -> bool:
    return len(_title_words(paragraphs)) > MAX_TITLE


def _title_words(paragraphs: Sequence[str]) -> str:
    lines = [text for text in map(fold, paragraphs) if text]
    start = next(
        (n for n, text in enumerate(lines) if _BEGINS.match(canonical(text)) and not _NO_TITLE.match(canonical(text))),
        None,
    )
    chosen: list[str] = []
    for text in lines[start or 0 :]:
        if start is None and _NO_TITLE.match(canonical(text)):
            chosen = []
            continue
        if chosen and (heading_of(text) or sum(map(len, chosen)) > MAX_TITLE):
            break
        if not heading_of(text):
            chosen.append(text)
    return fold(" ".join(chosen))


def heading_of(paragraph: str) -> tuple[str, str] | None:
    """Number and title of a numbered heading («II. План мероприятий»), or None."""
    text = fold(paragraph)
    if len(text) > MAX_HEADING:
        return None
    number, title = split_number(text)
    if number is None or not title or _NO_TITLE.match(canonical(title)):
        return None
    if not is_roman(number) and title[:1].islower():
        return None
    return number, title


def period_of(title: str) -> tuple[date, date] | None:
    """The days that a title names as the plan's period: «на 2026–2028 годы», «на 2026/2027 учебный год»."""
    text = canonical(title[:MAX_TITLE])
    text = _ACT.sub(" ", text) if "№" in text else text
    school = _SCHOOL.search(text)
    if school:
        first = int(school[1])
        return date(first, 9, 1), date(first + 1, 8, 31)
    days = _DAYS.search(text)
    if days:
        try:
            first_day, last_day = (
                date(int(days[3]), int(days[2]), int(days[1])),
                date(int(days[6]), int(days[5]), int(days[4])),
            )
        except ValueError:
            return None
        return (first_day, last_day) if first_day <= last_day else None
    half = _HALF.search(text)
    if half:
        year = int(half[2])
        return (date(year, 1, 1), date(year, 6, 30)) if half[1] in {"i", "1"} or half[1].startswith("перв") else (
            date(year, 7, 1), date(year, 12, 31)
        )  # fmt: skip
    months = _MONTH_RANGE.search(text)
    if months and months[1] in _MONTHS and months[2] in _MONTHS and _MONTHS[months[1]] <= _MONTHS[months[2]]:
        year, last = int(months[3]), _MONTHS[months[2]]
        return date(year, _MONTHS[months[1]], 1), date(year, last, calendar.monthrange(year, last)[1])
    for pattern in (_PLANNED, _LIST, _RANGE):
        found = pattern.search(text)
        if found and int(found[1]) <= int(found[2]) <= int(found[1]) + 15:
            return date(int(found[1]), 1, 1), date(int(found[2]), 12, 31)
    years = [int(year) for year in _ONE.findall(text)]
    return (date(years[-1], 1, 1), date(years[-1], 12, 31)) if years else None


def spheres_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Spheres that the words name, in the order of the list of spheres."""
    text = canonical(" ".join(texts))
    return tuple(code for code, pattern in _SPHERES if pattern.search(text))
