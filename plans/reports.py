"""The plan as a document: what a clerk prints, signs and sends."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from nok_portal.common.errors import DomainError
from nok_portal.common.text import MONTHS_GENITIVE, counted, date_in_words, fold_letters
from nok_portal.reports.documents import Cell, Column, Document, Heading, Row, Table, as_cell, in_words
from nok_portal.reports.jobs import Progress
from nok_portal.reports.ordering import report
from nok_portal.reports.registry import Report, ReportForm
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.models import LegalAct, Municipality
from nok_portal.tenants.rights import Right

from .enums import DueState
from .models import Plan, Section, TargetIndicator
from .selectors import Line, lines_of_plan, plans_of_municipality, targets_of_plan
from .selectors.editions import editions_of

DAYS_LEGEND = (
    "Мелким шрифтом под сроком указаны последние дни, рассчитанные порталом по производственному календарю;"
    " силу имеют слова срока."
)
MOST_DAYS = 6
# millimetres of an A4 sheet that lies
TABLE_WIDTH, NUMBER_WIDTH, LEAST_WIDTH = 265, 13, 36
# kinds of acts as an approval block declines them
BY_ACT = {
    ActKind.DECREE: "постановлением",
    ActKind.DIRECTIVE: "распоряжением",
    ActKind.ORDER: "приказом",
    ActKind.DECISION: "решением",
    ActKind.MINUTES: "протоколом",
    ActKind.OTHER: "правовым актом",
}
OF_ACT = {
    ActKind.DECREE: "постановления",
    ActKind.DIRECTIVE: "распоряжения",
    ActKind.ORDER: "приказа",
    ActKind.DECISION: "решения",
    ActKind.MINUTES: "протокола",
    ActKind.OTHER: "правового акта",
}
UNITS = {"count": "единиц", "percent": "процентов"}
TARGETS = "Целевые показатели"


class PlanChoice(ReportForm):
    """Which plan."""

    plan = forms.ModelChoiceField(queryset=Plan.objects.none(), label="План", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = plans_of_municipality(self.municipality)


@report
class PlanDocument(Report):
    """Sections, activities and targets in the words and order of the plan; PDF adds the computed days."""

    slug = "plan"
    title = "План мероприятий"
    about = "Таблица плана и целевые показатели для печати, подписи и отправки."
    right = Right.SEE_PLANS
    formats = ("pdf", "docx", "xlsx")
    units = "мероприятие,мероприятия,мероприятий"
    form_class = PlanChoice

    def job_title(self, *, municipality: Municipality, parameters: Mapping[str, Any]) -> str:
        return _plan(municipality, parameters).title

    def document(
        self, *, municipality: Municipality, parameters: Mapping[str, Any], at: datetime, progress: Progress
    ) -> Document:
        plan = _plan(municipality, parameters)
        lines, sections = lines_of_plan(plan), list(plan.sections.order_by("position"))
        progress.expect(len(lines))
        has_days = any(days_in_words(line) for line in lines)
        return Document(
            title=plan.title,
            mark=approval_block(plan),
            tables=[_activities(lines, sections, progress), *_targets(targets_of_plan(plan))],
            legend=DAYS_LEGEND if has_days else "",
            file_name=f"План мероприятий {plan.years}" + (f", редакция {plan.edition}" if plan.edition > 1 else ""),
        )


def _plan(municipality: Municipality, parameters: Mapping[str, Any]) -> Plan:
    plan = Plan.objects.filter(municipality=municipality, pk=parameters["plan"]).first()
    if plan is None:  # a draft may be deleted between the order and the work
        raise DomainError("План удалён, документ сделать не из чего.")
    return plan


def approval_block(plan: Plan) -> list[str]:
    """What stands at the upper right: by which act the plan was approved and which edition this is, or «Проект»."""
    if plan.is_draft:
        return ["Проект"] if plan.edition == 1 else ["Проект", f"редакция {plan.edition}"]
    acts = [edition.approved_by for edition in editions_of(plan) if edition.edition <= plan.edition]
    first, last = acts[0], acts[-1]
    if first is None or last is None:  # closed before acts were known
        return ["УТВЕРЖДЁН"]
    block = ["УТВЕРЖДЁН", *_act_in_words(first, BY_ACT)]
    if last != first:
        kind, when = _act_in_words(last, OF_ACT)
        block += [f"(в редакции {kind}", f"{when})"]
    return block


def _act_in_words(act: LegalAct, kinds: Mapping[ActKind, str]) -> list[str]:
    """'постановлением администрации района', 'от 15 января 2026 года № 41'."""
    kind = kinds[ActKind(act.kind)]
    return [f"{kind} {act.issuer}".strip(), f"от {date_in_words(act.adopted_on)} года № {act.number}"]


def days_in_words(line: Line) -> str:
    """'31 декабря 2025, 2026, 2027'; '31 марта, 30 июня 2026, 2027'; of many the first, the last and how many."""
    days = sorted({due.window_to for due in line.dues if due.state != DueState.CANCELLED})
    years = sorted({day.year for day in days})
    in_year = {year: [(day.month, day.day) for day in days if day.year == year] for year in years}
    regular = in_year[years[0]] if years else []
    if days and all(found == regular for found in in_year.values()) and len(regular) <= MOST_DAYS:
        names = ", ".join(f"{day} {MONTHS_GENITIVE[month - 1]}" for month, day in regular)
        return f"{names} {', '.join(map(str, years))}"
    if len(days) <= MOST_DAYS:
        return ", ".join(map(date_in_words, days))
    return f"{_day(days[0])} … {_day(days[-1])}, всего {counted(len(days), 'день', 'дня', 'дней')}"


def _day(day: date) -> str:
    return date_in_words(day)


def parties_in_words(line: Line) -> str:
    """The words of the plan; parties that stood on lines of their own, without any sign between, do so again."""
    text = line.activity.responsible_text
    names = [party.name for party in line.parties]
    if fold_letters(" ".join(names)) != fold_letters(text):
        return text
    found, start = [], 0
    for name in names:  # the register's spelling may differ in case; the plan's is kept
        found.append(text[start : start + len(name)])
        start += len(name) + 1
    return "\n".join(found)


def _activities(lines: Sequence[Line], sections: Sequence[Section], progress: Progress) -> Table:
    has_results = any(line.activity.expected_result for line in lines)
    heads = ["Мероприятие", "Срок исполнения", "Ответственные исполнители"]
    if has_results:
        heads.insert(2, "Ожидаемый результат")
    rows = list(_rows(lines, sections, progress, has_results=has_results))
    columns = [Column("№ п/п", NUMBER_WIDTH), *map(Column, heads, _widths(rows, len(heads)))]
    return Table(columns, rows, numbered=True)


def _widths(rows: Sequence[Row | Heading], count: int) -> list[float]:
    """Millimetres of the columns of words: the more words, the wider, so that rows stay low."""
    words = [
        sum(len(in_words(as_cell(row[place]).value)) for row in rows if not isinstance(row, Heading))
        for place in range(1, count + 1)
    ]
    free = TABLE_WIDTH - NUMBER_WIDTH - count * LEAST_WIDTH
    return [round(LEAST_WIDTH + free * amount / (sum(words) or 1), 1) for amount in words]


def _rows(
    lines: Sequence[Line], sections: Sequence[Section], progress: Progress, *, has_results: bool
) -> Iterator[Row | Heading]:
    """Lines before the first section, then each section with its lines; a section without lines keeps its heading."""
    by_section: dict[int | None, list[Line]] = {}
    for line in lines:
        by_section.setdefault(line.activity.section_id, []).append(line)
    for section in (None, *sections):
        if section is not None:
            yield Heading(str(section))
        above: Line | None = None
        for line in by_section.get(section.pk if section else None, []):
            yield _row(line, above, has_results=has_results)
            above = line
            progress.advance()


def _row(line: Line, above: Line | None, *, has_results: bool) -> Row:
    activity = line.activity

    def words(field: str, text: str, note: str = "") -> Cell:
        # words inherited from a heading or from a row named by its number stand in a cell of their own
        held = "responsible_text" if field == "responsible" else field
        same = above is not None and getattr(above.activity, held) == getattr(activity, held)
        return Cell(text, note, continued=same and field in activity.inherited)

    return (
        f"{activity.number}." if activity.number else "",
        words("title", activity.title),
        words("deadline_text", activity.deadline_text, days_in_words(line)),
        *([words("expected_result", activity.expected_result)] if has_results else []),
        words("responsible", parties_in_words(line)),
    )


def _targets(targets: Sequence[TargetIndicator]) -> list[Table]:
    """A figure is cumulative by the words of its title or, where these are silent, of the heading above."""
    said = [target for target in targets if not target.is_cumulative or "нарастающ" in target.title.lower()]
    unsaid = [target for target in targets if target not in said]
    return [
        _target_table(group, title)
        for group, title in ((said, TARGETS), (unsaid, f"{TARGETS} (нарастающим итогом)"))
        if group
    ]


def _target_table(targets: Sequence[TargetIndicator], title: str) -> Table:
    values = [{value.year: value.planned for value in target.values.all()} for target in targets]
    years = sorted({year for by_year in values for year in by_year})
    base = {target.base_year for target in targets}
    heads = [Column(f"{year} год (базовый)" if year in base else f"{year} год", 26, "center") for year in years]
    rows = [
        (f"{place}.", target.title, UNITS[target.unit], *(by_year.get(year) for year in years))
        for place, (target, by_year) in enumerate(zip(targets, values, strict=True), 1)
    ]
    return Table([Column("№ п/п", 13), Column("Показатель"), Column("Единица измерения", 32), *heads], rows, title)
