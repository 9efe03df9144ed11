"""What a heading of a column means, by its words. Data: add a rule here to teach the reader another heading."""

import re
from typing import Literal

from plans.table.words import canonical

Role = Literal[
    "number", "section", "title", "deadline", "deadline_from", "deadline_to", "result", "responsible", "unit", "year", "value", "other"
]  # fmt: skip

_MONTHS = r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?"
PERIOD = rf"(?:{_MONTHS}|(?:i{{1,3}}|iv|[1-4])(?:-?\s?й)?\s*(?:кв\.?|квартал)|(?:i|ii|[12])(?:-?\s?е)?\s*(?:полугодие|п/г))(?:\s*20\d\d(?:\s*(?:г\.?|год|года))?)?"

# The first rule that fits decides: narrower meanings stand before wider ones («Ответственные за реализацию
# мероприятия» names parties and not the activity, «Срок реализации мероприятия» names days).
ROLE_RULES: tuple[tuple[Role, str], ...] = (
    ("number", r"^(?:№|n|no|номер|#)?\s*(?:п\s*[/.\\]?\s*п\.?|пп\.?)$|^(?:№|номер|#|nn|№№)\s*(?:пункта|строки|мероприятия)?\.?$"),
    ("number", r"^№\s*п(?:/п)?\b.{0,4}$|^пункт(?: плана)?$|^п/п$"),
    ("other", r"^(?:отметк|примечан|комментар|ход исполнен|ход реализ|статус|информаци\w* об? (?:исполн|выполн))|об исполнении|о выполнении|\bфакт|^сведени\w* о ходе"),
    ("other", r"финансирован|стоимост|бюджет\w*|руб\.|тыс\.|источник|\bсумм[аы]\b|затрат"),
    ("other", r"^(?:выявленн\w+ )?(?:недостат|замечан|проблем|нарушен)|^основани|^место\b|^адрес|^целевая (?:аудитор|групп)|^категори|^телефон"),
    ("responsible", r"ответственн|^(?:отв|исп)\b\.?|исполнител|^кто\b(?!$)|соисполнител|организатор|участник\w* (?:мероприят|реализац)|докладчик|докладыва|выступа|^куратор|^координатор"),
    ("title", r"^мероприяти|наименовани\w* (?:\w+ ){0,2}мероприят|содержани\w* мероприят"),
    ("unit", r"^ед(?:\.|иниц\w*)? ?изм"),
    ("year", r"^год(?:ы)?$|^отчетный год$|^год (?:реализации|достижения)$"),
    ("value", r"^(?:планов\w+ |целев\w+ |ожидаем\w+ )?значени\w*(?: показател\w*)?$|^план$"),
    ("result", r"^(?:форма|документ|результат)\w* (?:окончани|завершени|начал)"),
    ("deadline_from", r"(?:дата|срок\w*|день)? ?начал\w*(?: реализации| исполнения| работ)?$|(?:^|\bсрок\w*\W+)(?:с|от)$"),
    ("deadline_to", r"(?:дата|срок\w*|день)? ?(?:окончан|завершен)\w*(?: реализации| исполнения| работ)?$|(?:^|\bсрок\w*\W+)(?:по|до)$"),
    ("deadline", r"\bсрок(?:и|а|ов|у|ом)?\b|\bдат[аы]\b|^период|\bкогда\b|\bвремя\b (?:провед|исполн|реализ)|^время$|периодичност|^календарн|^месяц|^квартал$|^график|^дедлайн"),
    ("deadline", rf"^{PERIOD}$"),
    ("result", r"результат|форма|вид документ|(?:итогов|подтверждающ|отчетн)\w* документ|документ\w*,? подтверж|^документ|^отчетност|^эффект|^показател\w* (?:результ|выполн|эффект|достиж)|ожидаем|контрольн\w+ (?:событи|точк)|^что (?:получ|будет (?:получ|достиг))|^итог|^продукт|^индикатор|критери\w* (?:исполн|выполн|оценк\w* результ)"),
    ("title", r"мероприяти|^наименовани|^название|содержани|вид\w* (?:работ|деятельности)|^действи|^работы?$|^задач|^перечень|^показател|целев\w* показател|^меры?\b|^что\b|^этап|^шаг|^тема|^тематик|вопрос|^повестк|^процедур|^направлени|^раздел|^блок|^событи|^поручени|^предложени|^рекомендаци|^дел[ао]$"),
)  # fmt: skip
_RULES = tuple((role, re.compile(pattern)) for role, pattern in ROLE_RULES)
YEAR = re.compile(r"\b(20[0-4]\d)\b")
MARK = re.compile(r"^[+xх*v✓✔•vд]$|^да$", re.IGNORECASE)

MAX_HEADING = 220


def role_of(heading: str) -> Role | None:
    """What a heading means, None when no rule fits."""
    text = canonical(heading)
    if not text or len(text) > MAX_HEADING:
        return None
    return next((role for role, pattern in _RULES if pattern.search(text)), None)


def role_of_period(heading: str) -> Role | None:
    """«1 кв.» under «2027 год»."""
    return "deadline" if re.match(rf"^{PERIOD}$", canonical(heading)) else None


def year_of(heading: str) -> int | None:
    """The year that a heading of a value column names: '2020 (базовый год, отчет)'; None for prose."""
    text = canonical(heading)
    years = YEAR.findall(text)
    return int(years[-1]) if len(set(years)) == 1 and len(text) <= 60 else None
