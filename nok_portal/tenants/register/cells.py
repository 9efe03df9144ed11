"""One cell of a list → one value of an organization, or words about what is wrong and what to do."""

import re
from datetime import date

from nok_portal.common.text import MONTHS_GENITIVE, fold, fold_spaces

from .inn import inn_problem
from .sheet import Cell

Value = str | int | None


class CellProblem(Exception):
    """The cell cannot be taken; the message is for the person who filled it in."""


LENGTHS = {
    "name": 500,
    "short_name": 200,
    "organization_type": 200,
    "founder": 300,
    "site": 300,
    "address": 500,
    "head_post": 200,
    "head_name": 200,
}
MOST_RECIPIENTS = 100_000_000
SPHERES = {
    "culture": re.compile(r"культур|искусств|библиотечн|музе"),
    "education": re.compile(r"образован"),
    "health": re.compile(r"здоров|здравоохран|медицин"),
    "social": re.compile(r"социальн|соцобслуж|соцзащит"),
}
_ERROR = re.compile(r"^#(?:[A-ZА-Я0-9/]+[!?]|N/A|Н/Д)$")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANKS = frozenset({"", "-", "–", "—", "нет", "н/д", "отсутствует", "не указан", "не указано"})
_DAY = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: ?г\.?| ?года)?$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ t].*)?$")
_DAY_IN_WORDS = re.compile(r"^(\d{1,2}) ([а-я]+) (\d{4})(?: ?г\.?| ?года)?$")
_SITE = re.compile(r"^https?://[^\s/.?#@:]+(?:\.[^\s/.?#@:]+)+(?::\d{1,5})?(?:[/?#]\S*)?$", re.IGNORECASE)


def value_of(field: str, cell: Cell) -> Value:
    """What the cell says about the field, '' or None where it says nothing; raises CellProblem."""
    text = _text(cell)
    if _ERROR.match(text.upper()):
        raise CellProblem(f"В ячейке ошибка Excel {text}. Исправьте формулу или впишите значение.")
    if fold(text) in _BLANKS:
        return None if field in {"recipients_last_year", "active_from", "active_to"} else ""
    if field == "inn":
        return _inn(cell, text)
    if field == "sphere":
        return _sphere(text)
    if field == "recipients_last_year":
        return _amount(text)
    if field in {"active_from", "active_to"}:
        return cell.isoformat() if isinstance(cell, date) and 1700 <= cell.year <= 2200 else _day(text)
    if field == "site":
        text = _site(text)
    longest = LENGTHS[field]
    if len(text) > longest:
        raise CellProblem(f"Здесь {len(text)} знаков, а помещается {longest}. Сократите.")
    return text


def sphere_in(text: str) -> str:
    """The one sphere that a heading names («Учреждения культуры»); '' when none or several."""
    folded = fold(text)
    found = [sphere for sphere, pattern in SPHERES.items() if pattern.search(folded)]
    return found[0] if len(found) == 1 else ""


def without_control(text: str) -> str:
    """`text` without the signs that neither XML nor PostgreSQL takes."""
    return _UNPRINTABLE.sub(" ", text)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return fold_spaces(without_control(str(cell)))


def _inn(cell: Cell, text: str) -> str:
    # «7701234567/770101001» is INN/KPP; «ИНН 7701234567» happens too
    digits = re.sub(r"^инн[ :№]*", "", text, flags=re.IGNORECASE).partition("/")[0].replace(" ", "").strip("'\"")
    # Excel drops the zero with which the numbers of nine regions begin
    if isinstance(cell, int | float) and len(digits) in {9, 11} and not inn_problem(f"0{digits}"):
        return f"0{digits}"
    if problem := inn_problem(digits):
        raise CellProblem(problem)
    return digits


def _sphere(text: str) -> str:
    sphere = sphere_in(text)
    if not sphere:
        raise CellProblem(
            f"Сфера «{text[:60]}» не понята. Напишите одну из четырёх: культура, образование, охрана здоровья,"
            " социальное обслуживание."
        )
    return sphere


def _amount(text: str) -> int:
    found = re.fullmatch(r"(\d+)(?: ?(?:чел\w*|человек\w*)\.?)?", re.sub(r"(?<=\d) (?=\d)", "", text), re.IGNORECASE)
    if not found:
        raise CellProblem(f"Нужно целое число, а здесь «{text[:60]}». Оставьте только число.")
    if len(found[1]) > 9 or int(found[1]) > MOST_RECIPIENTS:
        raise CellProblem("Слишком большое число. Проверьте, нет ли лишних цифр.")
    return int(found[1])


def _day(text: str) -> str:
    folded = fold(text)
    try:
        if found := _DAY.match(folded):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        elif found := _ISO_DAY.match(folded):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif (found := _DAY_IN_WORDS.match(folded)) and found[2] in MONTHS_GENITIVE:
            day = date(int(found[3]), MONTHS_GENITIVE.index(found[2]) + 1, int(found[1]))
        else:
            raise CellProblem(f"Нужен день, например 01.09.2005, а здесь «{text[:60]}».")
    except ValueError:
        raise CellProblem(f"Дня «{text[:60]}» не бывает. Проверьте число и месяц.") from None
    if not 1700 <= day.year <= 2200:
        raise CellProblem(f"Год {day.year} похож на опечатку. Проверьте.")
    return day.isoformat()


def _site(text: str) -> str:
    first = re.split(r"[ ,;]+", text)[0]
    if not re.match(r"[a-z][a-z0-9+.-]*:", first, re.IGNORECASE) or re.match(r"[^/:]+:\d", first):
        first = f"https://{first}"
    if not _SITE.match(first):
        raise CellProblem(f"«{text[:60]}» не похоже на адрес сайта. Напишите как в браузере: school5.example.ru.")
    return first
