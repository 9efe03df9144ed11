"""Plan check: what a person should look at before the plan is saved, each with what to do.

An error must be decided (there is no such day), a warning may stay and is then seen in the plan, a question asks
whether the portal understood well. Nothing here changes the plan.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plans.deadlines import Context, Deadline, YearsKind, problems_in, schedule
from plans.table.deadline_words import days_in_title, read
from plans.table.limits_check import limit_findings
from plans.table.model import ActivityRow, Finding, PlanTable, Severity
from plans.table.numbers_check import numbering_findings
from plans.table.remarks import ACTIVITY_REMARKS, DOCUMENT_CODES
from plans.table.structure_check import structure_findings
from plans.table.targets_check import target_findings
from plans.table.words import canonical, fold

_QUARTER = re.compile(
    r"\b(i{1,3}|iv|[1-4]|перв\w+|втор\w+|трет\w+|четверт\w+)\s*-?\s*(?:й|ый|ий|го|ом|м|е)?\s*"
    r"кв(?:артал\w*|\.)?\s*(20\d\d)"
)
_HALF = re.compile(r"\b(i{1,2}|[12]|перв\w+|втор\w+)\s*-?\s*(?:е|ое)?\s*полугоди\w*\s*(20\d\d)")
_MONTH = re.compile(
    r"(?<!\d )(?<!\d)\b(январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*\s*(20\d\d)"
)
_ORDINALS = {"перв": "i", "втор": "ii", "трет": "iii", "четв": "iv", "1": "i", "2": "ii", "3": "iii", "4": "iv"}
_IMPOSSIBLE = re.compile(r"^(?:нет так|начало\b.*позже)", re.IGNORECASE)
_NOT_PLANNED = frozenset({YearsKind.ASSESSMENT, YearsKind.PERIOD})


def check_plan(
    table: PlanTable, assessment_years: Sequence[int] = (), readings: Mapping[int, Deadline] | None = None
) -> tuple[Finding, ...]:
    """All findings of a plan as it is now; what the reader met in the document as a whole is kept.

    `readings` holds what a person says that deadline words mean, by the index of their activity: then the words
    themselves are not doubted any more.
    """
    found = [*_whole(table, assessment_years)]
    found += [finding for finding in table.findings if finding.code in DOCUMENT_CODES]
    found += numbering_findings(table)
    found += limit_findings(table)
    found += structure_findings(table)
    context = _context(table, assessment_years)
    for index, activity in enumerate(table.activities):
        found += _Activity(index, activity, (readings or {}).get(index)).findings(context)
    found += target_findings(table)
    return tuple(found)


def _context(table: PlanTable, assessment_years: Sequence[int]) -> Context:
    start, end = (date.fromisoformat(day) for day in table.period) if table.period else (None, None)
    return Context(starts_on=start, ends_on=end, assessment_years=tuple(assessment_years))


def _whole(table: PlanTable, assessment_years: Sequence[int]) -> Iterator[Finding]:
    if not table.activities:
        yield Finding(
            "no_activities", "error",
            "В документе не найдена таблица мероприятий. Нужна таблица с колонками «Мероприятие» и «Срок» или "
            "«Исполнитель»: проверьте заголовки колонок или вставьте таблицу текстом.",
        )  # fmt: skip
        return
    if not table.title:
        yield Finding("no_title", "question", "Название плана не найдено. Впишите его.", field="title")
    if table.period is None:
        yield Finding(
            "no_period", "question",
            "Период плана в документе не назван. Укажите его: без него нельзя посчитать сроки, которые повторяются "
            "или названы без года.",
            field="period",
        )  # fmt: skip
    if not table.spheres:
        yield Finding("no_spheres", "question", "Сферы плана в названии не указаны. Отметьте их.", field="spheres")
    if not assessment_years and any(
        rule.years.kind is YearsKind.ASSESSMENT for row in table.activities for rule in read(row.deadline_text).rules
    ):
        yield Finding(
            "no_assessment_years", "question",
            "Часть сроков зависит от года проведения оценки. Укажите годы оценки, тогда появятся дни.",
            field="assessment_years",
        )  # fmt: skip


@dataclass(frozen=True)
class _Activity:
    index: int
    row: ActivityRow
    corrected: Deadline | None = None

    def findings(self, context: Context) -> list[Finding]:
        return [*self._remarks(), *self._words(), *self._deadline(context), *self._inherited()]

    def _say(self, code: str, severity: Severity, message: str, field: str | None = None) -> Finding:
        return Finding(code, severity, message, self.row.number, self.index, None, field)

    def _words(self) -> Iterator[Finding]:
        if not self.row.title:
            yield self._say(
                "no_title", "warning", "У строки нет названия мероприятия. Впишите его или удалите строку.", "title"
            )
        if not self.row.responsible:
            yield self._say(
                "no_responsible", "warning",
                "Нет исполнителя: напоминания отправить некому. Назначьте исполнителя.", "responsible",
            )  # fmt: skip

    def _deadline(self, context: Context) -> Iterator[Finding]:
        words = self.row.deadline_text
        if not words:
            title_days = days_in_title(self.row.title)
            yield self._say(
                "no_deadline", "warning",
                f"Срок не указан, но в названии сказано «{title_days}». Если это срок, впишите его: из названия сроки не "
                "берутся." if title_days else
                "Срок не указан. Впишите срок, иначе мероприятие не появится в календаре.",
                "deadline_text",
            )  # fmt: skip
            return
        deadline = self.corrected or read(words)
        yield from self._problems(deadline, context)
        if deadline.unparsed:
            empty = not (deadline.rules or deadline.terms or deadline.flags)
            yield self._say(
                "deadline_not_understood" if empty else "deadline_partly_understood", "warning",
                f"Срок не понят: «{_short(words)}». Укажите срок в форме, слова документа сохранятся." if empty else
                f"Часть срока не понята: «{_short(deadline.unparsed)}». Проверьте, верно ли посчитаны дни.",
                "deadline_text",
            )  # fmt: skip
        if self.corrected is None:
            yield from self._twice(words)
        yield from self._outside(deadline, context)

    def _problems(self, deadline: Deadline, context: Context) -> Iterator[Finding]:
        told_once = "годы оценки не указаны"
        for problem in dict.fromkeys([*deadline.problems, *problems_in(deadline, context)]):
            if told_once in problem:
                continue
            if _IMPOSSIBLE.search(problem):
                yield self._say(
                    "deadline_impossible", "error",
                    f"{problem.rstrip('.')}. Выберите день, слова документа сохранятся.", "deadline_text",
                )  # fmt: skip
            else:
                yield self._say(
                    "deadline_doubtful", "question", f"{problem.rstrip('.')}. Проверьте срок.", "deadline_text"
                )

    def _twice(self, words: str) -> Iterator[Finding]:
        text = canonical(words)
        for pattern, code, name in (
            (_QUARTER, "same_quarter_twice", "квартал"),
            (_HALF, "same_half_year_twice", "полугодие"),
        ):
            named = [
                f"{_ORDINALS.get(number[:4], number).upper()} {name} {year}" for number, year in pattern.findall(text)
            ]
            for repeated in _repeated(named):
                yield self._say(
                    code, "warning",
                    f"Дважды назван {repeated} года. Возможно, опечатка в годе: уточните срок или оставьте так."
                    if name == "квартал" else
                    f"Дважды названо {repeated} года. Возможно, опечатка в годе: уточните срок или оставьте так.",
                    "deadline_text",
                )  # fmt: skip
        months = [f"{month} {year}" for month, year in _MONTH.findall(text)]
        years = re.findall(r"\b20\d\d\b", text) if not re.sub(r"20\d\d|год\w*|гг?\b|[\s.,;и]", "", text) else []
        if _repeated(months):
            yield self._say(
                "same_month_twice",
                "warning",
                "Один и тот же месяц назван дважды. Уточните срок или оставьте так.",
                "deadline_text",
            )
        for year in _repeated(years):
            yield self._say(
                "same_year_twice", "question",
                f"Год {year} назван дважды. Если это сроки разных учреждений, оставьте так, иначе уточните срок.",
                "deadline_text",
            )  # fmt: skip

    def _outside(self, deadline: Deadline, context: Context) -> Iterator[Finding]:
        if context.starts_on is None or context.ends_on is None:
            return
        named = {year for rule in deadline.rules if rule.years.kind not in _NOT_PLANNED for year in rule.years.listed}
        named |= {rule.until_year for rule in deadline.rules}
        for year in sorted(named - {0}):
            if not context.starts_on.year <= year <= context.ends_on.year:
                yield self._say(
                    "year_outside_period", "warning",
                    f"Назван {year} год, он не входит в период плана ({_period(context)}). Проверьте год или оставьте так.",
                    "deadline_text",
                )  # fmt: skip

        early = [
            due for due in schedule(deadline, context)
            if due.outside_period and due.ends_on < context.starts_on and due.ends_on.year == context.starts_on.year
        ]  # fmt: skip
        if early:
            yield self._say(
                "due_before_start", "warning",
                f"Срок {early[0].ends_on:%d.%m.%Y} наступает раньше, чем начинается план ({context.starts_on:%d.%m.%Y}). "
                "Проверьте срок или период плана.",
                "deadline_text",
            )  # fmt: skip

    def _inherited(self) -> Iterator[Finding]:
        names = [_FIELD_NAMES[name] for name in self.row.inherited if name in _FIELD_NAMES]
        if names:
            listed = " и ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
            verb = "взяты" if len(names) > 1 else _TAKEN[names[0]]
            yield self._say(
                "inherited", "question",
                f"{listed[:1].upper()}{listed[1:]} {verb} из строки выше. Верно? Если нет, укажите другое.",
                next(name for name in self.row.inherited if name in _FIELD_NAMES),
            )  # fmt: skip

    def _remarks(self) -> Iterator[Finding]:
        for code in self.row.remarks:
            if code in ACTIVITY_REMARKS:
                severity, message, field = ACTIVITY_REMARKS[code]
                yield self._say(code, severity, message, field)


_FIELD_NAMES = {
    "number": "номер",
    "title": "название",
    "deadline_text": "срок",
    "expected_result": "результат",
    "responsible": "исполнители",
}
_TAKEN = {"номер": "взят", "название": "взято", "срок": "взят", "результат": "взят", "исполнители": "взяты"}


def _repeated(items: Iterable[str]) -> list[str]:
    listed = list(items)
    return [item for item in dict.fromkeys(listed) if listed.count(item) > 1]


def _period(context: Context) -> str:
    if context.starts_on is None or context.ends_on is None:
        return ""
    first, last = context.starts_on.year, context.ends_on.year
    return f"{first}–{last} годы" if first != last else f"{first} год"


def _short(text: str, length: int = 120) -> str:
    words = fold(text)
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
