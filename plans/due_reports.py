"""«Сроки плана»: the list of due dates as a file, with the filter that calendar and list have in their address."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet

from nok_portal.accounts.models import User
from nok_portal.common.errors import DomainError
from nok_portal.reports.documents import Column, Document, Heading, Row, Table, in_words
from nok_portal.reports.jobs import Progress
from nok_portal.reports.ordering import report
from nok_portal.reports.registry import Report, ReportForm
from nok_portal.tenants.forms.days import DayInput
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right

from .enums import DueState
from .forms.due_filters import ALL_STATES, filter_in_words
from .models import ActivityParty, DueDate, Evidence, Plan, ResponsibleParty
from .selectors.due_filters import DuePick, DuesFilter, filtered_dues, parties_of_plans
from .selectors.due_list import DueSort, Viewer, dues_of_sort
from .selectors.plans import plans_of_municipality
from .table.steps import STEPS

SHEET = (
    Column("№", 15),
    Column("Мероприятие"),
    Column("Срок по плану", 35),
    Column("Период", 42),
    Column("Последний день", 24),
    Column("Организация", 40),
    Column("Исполнители", 45),
    Column("Состояние", 30),
    Column("Исполнено", 24),
    Column("Отчёт", 60),
    Column("Количество", 24, "right"),
    Column("Подтверждение", 50),
)
# the same on an A4 sheet that lies: what belongs together shares a column.
# Millimetres; the activity takes what is left
PAPER = (
    Column("№", 12),
    Column("Мероприятие"),
    Column("Срок по плану", 38),
    Column("Последний день", 28),
    Column("Исполнители", 42),
    Column("Состояние", 30),
    Column("Отчёт", 44),
    Column("Подтверждение", 36),
)


class DueDatesForm(ReportForm):
    """Which due dates; nothing chosen means those of all plans in force."""

    plan = forms.ModelChoiceField(
        queryset=Plan.objects.none(), label="План", required=False, empty_label="Все действующие планы"
    )
    first = forms.DateField(label="Последний день с", required=False, widget=DayInput())
    last = forms.DateField(label="Последний день по", required=False, widget=DayInput())
    party = forms.ModelChoiceField(
        queryset=ResponsibleParty.objects.none(), label="Исполнитель", required=False, empty_label="Все исполнители"
    )
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", ALL_STATES), *DuePick.choices])
    step = forms.ChoiceField(label="Шаг оценки", required=False, choices=[("", "Все шаги"), *STEPS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, QuerySet[Any]] = {
            "plan": plans_of_municipality(self.municipality),
            "party": parties_of_plans(self.municipality),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        first, last = chosen.get("first"), chosen.get("last")
        if first and last and first > last:
            self.add_error("last", "Последний день раньше первого. Поменяйте их местами.")
        return chosen

    def parameters(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        return parameters_of(
            DuesFilter(
                plan=chosen["plan"].pk if chosen["plan"] else None,
                party=chosen["party"].pk if chosen["party"] else None,
                step=chosen["step"],
                state=DuePick(chosen["state"]) if chosen["state"] else None,
                first=chosen["first"],
                last=chosen["last"],
            )
        )


def parameters_of(wanted: DuesFilter) -> dict[str, Any]:
    """The filter as plain JSON, kept with the job."""
    return {
        "plan": wanted.plan,
        "party": wanted.party,
        "step": wanted.step,
        "state": wanted.state.value if wanted.state else "",
        "person": wanted.person.pk if wanted.person else None,
        "organizations": sorted(wanted.organization_ids),
        "first": wanted.first.isoformat() if wanted.first else "",
        "last": wanted.last.isoformat() if wanted.last else "",
    }


def parameters_of_list(
    sort: DueSort, words: str, *, person: User, organization_ids: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """The same for the list to work through, as this person sees it."""
    seen = DuesFilter(person=person, organization_ids=organization_ids)
    return {**parameters_of(seen), "sort": sort.value, "words": words}


@report
class DueDatesList(Report):
    """Due dates in the order of their last days with what was reported: a column for each fact, fewer on paper."""

    slug = "dues"
    title = "Сроки плана"
    about = "Сроки за период: последние дни, исполнители, состояние, отчёты и подтверждения."
    right = Right.SEE_PLANS
    formats = ("xlsx", "pdf", "docx")
    units = "срок,срока,сроков"
    form_class = DueDatesForm

    def job_title(self, *, municipality: Municipality, parameters: Mapping[str, Any]) -> str:
        wanted = _filter({**parameters, "person": None})
        return f"{self.title} {filter_in_words(DuesFilter(first=wanted.first, last=wanted.last))}".strip()

    def document(
        self, *, municipality: Municipality, parameters: Mapping[str, Any], at: datetime, progress: Progress
    ) -> Document:
        today = municipality.day_of(at)
        found, words = _asked(municipality, parameters, today)
        is_paper = parameters.get("format") != "xlsx"
        progress.expect(found.count())
        return Document(
            title=f"Сроки плана {municipality.name_genitive}",
            subtitle=f"{words}; по состоянию на {today:%d.%m.%Y}".removeprefix("; "),
            tables=[Table(PAPER if is_paper else SHEET, list(_rows(found, today, progress, is_paper=is_paper)))],
            file_name=f"Сроки плана {today:%d.%m.%Y}",
        )


def _asked(municipality: Municipality, parameters: Mapping[str, Any], today: date) -> tuple[QuerySet[DueDate], str]:
    """The due dates, and in words which ones these are."""
    wanted = _filter(parameters)
    if "sort" not in parameters:
        return filtered_dues(municipality, wanted, today), _in_words(municipality, wanted)
    assert wanted.person is not None
    sort, words = DueSort(parameters["sort"]), parameters["words"]
    viewer = Viewer(wanted.person, frozenset(), wanted.organization_ids)
    found = dues_of_sort(municipality, sort, viewer=viewer, today=today, words=words)
    return found, " · ".join(filter(None, [sort.label.lower(), f"«{words}»" if words else ""]))


def _filter(parameters: Mapping[str, Any]) -> DuesFilter:
    wanted = DuesFilter(
        plan=parameters["plan"],
        party=parameters["party"],
        step=parameters["step"],
        state=DuePick(parameters["state"]) if parameters["state"] else None,
        organization_ids=frozenset(parameters["organizations"]),
        first=date.fromisoformat(parameters["first"]) if parameters["first"] else None,
        last=date.fromisoformat(parameters["last"]) if parameters["last"] else None,
    )
    if parameters["person"] is None:
        return wanted
    person = User.objects.filter(pk=parameters["person"]).first()
    if person is None:  # without them the list would hold everybody's
        raise DomainError("Учётной записи, чьи сроки выгружали, больше нет.")
    return replace(wanted, person=person)


def _in_words(municipality: Municipality, wanted: DuesFilter) -> str:
    plan = Plan.objects.filter(municipality=municipality, pk=wanted.plan or 0).first()
    party = ResponsibleParty.objects.filter(municipality=municipality, pk=wanted.party or 0).first()
    return filter_in_words(wanted, plan=plan.title if plan else "", party=party.name if party else "")


def _rows(found: QuerySet[DueDate], today: date, progress: Progress, *, is_paper: bool) -> Iterator[Row | Heading]:
    links = ActivityParty.objects.select_related("party").order_by("position")
    evidence = Evidence.objects.select_related("file", "act").order_by("pk")
    dues = (
        found.select_related("activity__plan", "organization")
        .prefetch_related(Prefetch("activity__party_links", links), Prefetch("evidence", evidence))
        .order_by("window_to", "activity__plan", "activity__position", "organization__sort_key", "pk")
    )
    for due in dues:
        yield _paper_row(due, today) if is_paper else _sheet_row(due, today)
        progress.advance()


def _sheet_row(due: DueDate, today: date) -> Row:
    return (
        due.activity.number,
        due.activity.title,
        due.activity.deadline_text,
        _window(due),
        due.window_to,
        _organization(due),
        _parties(due),
        _state(due, today),
        due.done_on,
        _told(due),
        due.quantity,
        _proofs(due),
    )


def _paper_row(due: DueDate, today: date) -> Row:
    return (
        due.activity.number,
        due.activity.title,
        due.activity.deadline_text,
        _lines(in_words(due.window_to), f"с {due.window_from:%d.%m.%Y}" if due.window_from < due.window_to else ""),
        _lines(_parties(due), _organization(due)),
        _lines(_state(due, today), f"исполнено {due.done_on:%d.%m.%Y}" if due.done_on else ""),
        _lines(_told(due), "" if due.quantity is None else _quantity(due)),
        _proofs(due),
    )


def _lines(*parts: str) -> str:
    """One below the other: Word, PDF and the check sum all have them."""
    return "\n".join(filter(None, parts))


def _organization(due: DueDate) -> str:
    return str(due.organization or "")


def _parties(due: DueDate) -> str:
    return "; ".join(link.party.name for link in due.activity.party_links.all())


def _proofs(due: DueDate) -> str:
    return "; ".join(map(str, due.evidence.all()))


def _quantity(due: DueDate) -> str:
    """'количество: 12 организаций'."""
    return f"количество: {in_words(due.quantity)} {due.activity.quantity_unit}".strip()


def _window(due: DueDate) -> str:
    first, last = f"{due.window_from:%d.%m.%Y}", f"{due.window_to:%d.%m.%Y}"
    return first if first == last else f"{first} – {last}"


def _state(due: DueDate, today: date) -> str:
    """As screens say it, lateness in the place of «В работе»; without days that pass with every day."""
    if due.state != DueState.OPEN:
        return DueState(due.state).label
    if due.is_returned:
        return "Возвращено"
    if due.ended_before_entry:
        return "До внесения плана"
    if due.window_to < today:
        return "Просрочено"
    return "В работе" if due.window_from <= today else "Впереди"


def _told(due: DueDate) -> str:
    reasons = {DueState.CANCELLED: ("Снято", due.cancelled_reason), DueState.OPEN: ("Возвращено", due.returned_reason)}
    word, reason = reasons.get(DueState(due.state), ("", ""))
    return _lines(due.report_text, f"{word}: {reason}" if reason else "")
