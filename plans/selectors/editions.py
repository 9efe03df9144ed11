"""Editions of a plan: their chain, what differs between two of them, what goes over to a new one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nok_portal.common.text import date_in_words, figure_in_words
from plans.editions.comparing import Comparison, Edition, Item, compare, paired
from plans.enums import DueState, PlanKind, PlanState
from plans.models import Activity, DueDate, Evidence, Plan, ProcessEvent, TargetValue
from plans.table import STEPS

from .lines import Line, lines_of_plan
from .plans import targets_of_plan

# what a report, and a decision on it, is made of
CARRIED = (
    "state", "report_text", "quantity", "done_on", "reported_by_id", "reported_at", "returned_reason",
    "cancelled_reason", "fell_away", "decided_by_id", "decided_at", "ended_before_entry",
)  # fmt: skip
Key = tuple[int, int | None, Any, Any]


def editions_of(plan: Plan) -> list[Plan]:
    """All editions of the plan's chain, the first first."""
    chain = [plan]
    while chain[0].previous_id is not None:
        chain.insert(0, Plan.objects.select_related("approved_by").get(pk=chain[0].previous_id))
    while following := Plan.objects.select_related("approved_by").filter(previous=chain[-1]).first():
        chain.append(following)
    return chain


def next_edition(plan: Plan) -> Plan | None:
    """The edition that replaced this one or is being prepared to."""
    return Plan.objects.filter(previous=plan).first()


@dataclass(frozen=True)
class CarryOver:
    """Due dates of the previous edition with their counterparts, and those with work that have none."""

    pairs: tuple[tuple[DueDate, DueDate], ...]
    left: tuple[DueDate, ...]
    worked: frozenset[int]

    def has_work(self, due: DueDate) -> bool:
        return due.pk in self.worked

    @property
    def reports(self) -> int:
        """How many due dates bring a report, a decision or evidence along."""
        return sum(1 for old, _ in self.pairs if old.pk in self.worked)


def reports_to_carry(edition: Plan) -> CarryOver:
    """What goes over to an edition from its previous one: by line, organization and window."""
    olds = list(_dues(edition.previous_id).telling_work())
    origins = dict(Activity.objects.filter(plan=edition, previous__isnull=False).values_list("pk", "previous_id"))
    news: dict[Key, DueDate] = {}
    for due in _dues(edition.pk):
        if (origin := origins.get(due.activity_id)) is not None:
            news[_key(due, origin)] = due
    worked = frozenset(due.pk for due in olds if due.has_work)
    pairs, left = [], []
    for old in olds:
        new = news.get(_key(old, old.activity_id))
        if new is not None:
            pairs.append((old, new))
        elif old.pk in worked:
            left.append(old)
    return CarryOver(tuple(pairs), tuple(left), worked)


def carried_from(old: DueDate) -> dict[str, Any]:
    """What goes over from a due date to its counterpart: one that fell away is open again, its window is wanted."""
    carried = {name: getattr(old, name) for name in CARRIED}
    return carried | {"state": DueState.OPEN, "cancelled_reason": "", "fell_away": False} if old.fell_away else carried


def work_in(plan: Plan) -> list[DueDate]:
    """Due dates of the plan with a report, a decision or evidence of its own, not one that came over untouched."""
    worked = list(_dues(plan.pk).with_work())
    if plan.previous_id is None or not worked:
        return worked
    carry = reports_to_carry(plan)
    olds = {new.pk: old for old, new in carry.pairs}
    proofs, old_proofs = _proofs(worked), _proofs(olds.values())
    return [
        due
        for due in worked
        if (old := olds.get(due.pk)) is None
        or any(value != getattr(due, name) for name, value in carried_from(old).items() if name not in _unsaid(due))
        or proofs.get(due.pk) != old_proofs.get(old.pk)
    ]


def _unsaid(due: DueDate) -> Collection[str]:
    """What a recomputation, not a person, has said of a due date."""
    return ("state", "cancelled_reason", "fell_away") if due.fell_away else ()


def is_ahead_of_previous(plan: Plan) -> bool:
    """Whether events or actual figures were recorded that the previous edition does not know."""
    if plan.previous_id is None:
        return False
    values = ("indicator__title", "indicator__unit", "year", "actual")
    facts = [set(ProcessEvent.objects.filter(plan=one).values_list("words", "happened_on")) for one in _two(plan)]
    figures = [
        set(TargetValue.objects.filter(indicator__plan=one, actual__isnull=False).values_list(*values))
        for one in _two(plan)
    ]
    return bool(facts[1] - facts[0] or figures[1] - figures[0])


def still_open(plan: Plan) -> list[DueDate]:
    """Due dates of the plan that were neither reported nor cancelled, in order: what closing it leaves undone."""
    return [due for due in _dues(plan.pk) if due.state == DueState.OPEN and not due.ended_before_entry]


def compare_editions(old: Plan, new: Plan) -> Comparison:
    """What differs between two editions of one chain, whichever comes first in it."""
    chain = {plan.pk: place for place, plan in enumerate(editions_of(new))}
    first = min((old, new), key=lambda plan: chain[plan.pk])
    last = new if first is old else old
    origins = _origins(first, last)
    keys = {first.pk: {}, last.pk: origins} if first.pk != last.pk else {first.pk: {}}
    return compare(_edition(old, keys[old.pk], old), _edition(new, keys[new.pk], old))


def _two(plan: Plan) -> tuple[int, int]:
    assert plan.previous_id is not None
    return plan.previous_id, plan.pk


def _origins(first: Plan, last: Plan) -> dict[int, int]:
    """The lines of `last` by key → the same lines of `first`, through all editions between."""
    found = {pk: pk for pk in Activity.objects.filter(plan=last).values_list("pk", flat=True)}
    plan = last
    while plan.pk != first.pk:
        assert plan.previous is not None
        step = dict(Activity.objects.filter(plan=plan, previous__isnull=False).values_list("pk", "previous_id"))
        found = {pk: step[origin] for pk, origin in found.items() if origin in step}
        plan = plan.previous
    return found


def _edition(plan: Plan, origins: Mapping[int, int], old: Plan) -> Edition:
    sections = list(plan.sections.order_by("position"))
    same = paired(_names_of_sections(old), _names_of_sections(plan))
    headings = {section.pk: str(section) for section in sections}
    return Edition(
        facts=_facts(plan),
        sections=[
            Item(
                f"old {same[place]}" if place in same else f"new {place}",
                str(one),
                {"Номер": one.number, "Название": one.title},
            )
            for place, one in enumerate(sections)
        ],
        lines=[
            _line(line, f"line {origins.get(line.activity.pk, line.activity.pk)}", headings)
            for line in lines_of_plan(plan)
        ],
        targets=_keyed(
            [(f"{one.title} {one.unit}", Item("", one.title, _figures(one))) for one in targets_of_plan(plan)]
        ),
    )


def _facts(plan: Plan) -> dict[str, str]:
    return {
        "Название": plan.title,
        "Вид": PlanKind(plan.kind).label,
        "Период": f"{date_in_words(plan.period_from)} – {date_in_words(plan.period_to)}",
        "Годы оценки": ", ".join(map(str, plan.assessment_years)),
        "Сферы": ", ".join(plan.sphere_labels),
    }


def _line(line: Line, key: str, headings: Mapping[int, str]) -> Item:
    one = line.activity
    quantity = (
        f"{figure_in_words(one.planned_quantity)} {one.quantity_unit}".strip()
        if one.planned_quantity is not None
        else ""
    )
    fields = {
        "Номер": one.number,
        "Мероприятие": one.title,
        "Срок": one.deadline_text,
        "Как понят срок": one.deadline_reading,
        "Ожидаемый результат": one.expected_result,
        "Исполнители": one.responsible_text or ", ".join(party.name for party in line.parties),
        "Сколько": quantity,
        "Шаг оценки": STEPS.get(one.step, one.step),
    }
    return Item(key, f"{one.number} {one.title}".strip(), fields, headings.get(one.section_id or 0, ""))


def _figures(target: Any) -> dict[str, str]:
    said = {"Показатель": target.title, "Единица": target.get_unit_display()}
    said["Как считается"] = "нарастающим итогом" if target.is_cumulative else "за каждый год"
    if target.base_year:
        said["Базовый год"] = str(target.base_year)
    return said | {
        str(value.year): figure_in_words(value.planned) for value in sorted(target.values.all(), key=lambda v: v.year)
    }


def _names_of_sections(plan: Plan) -> list[tuple[str, str]]:
    """Headings have no memory of their own: they are the same by their words, renamed ones by their number."""
    return list(plan.sections.order_by("position").values_list("title", "number"))


def _keyed(items: Iterable[tuple[str, Item]]) -> list[Item]:
    """Items with keys; equal ones are told apart by their order."""
    seen: dict[str, int] = {}
    found = []
    for key, item in items:
        seen[key] = seen.get(key, 0) + 1
        found.append(Item(f"{key} {seen[key]}", item.title, item.fields, item.under))
    return found


def _dues(plan_id: int | None) -> Any:
    return (
        DueDate.objects.filter(activity__plan=plan_id)
        .select_related("activity", "organization")
        .order_by("activity__position", "window_to", "pk")
    )


def _key(due: DueDate, activity_id: int) -> Key:
    return activity_id, due.organization_id, due.window_from, due.window_to


def _proofs(dues: Iterable[DueDate]) -> dict[int, set[tuple[Any, ...]]]:
    found: dict[int, set[tuple[Any, ...]]] = {}
    values = ("kind", "title", "file_id", "url", "act_id")
    for due_id, *proof in Evidence.objects.filter(due_date__in=dues).values_list("due_date_id", *values):
        found.setdefault(due_id, set()).add(tuple(proof))
    return found


def is_replaced(plan: Plan) -> bool:
    """Whether a later edition is, or was, in force in its place."""
    return Plan.objects.filter(previous=plan).exclude(state=PlanState.DRAFT).exists()


@dataclass(frozen=True)
class PlaceInChain:
    """The editions before and after a plan, as its page's head tells them."""

    previous: Plan | None
    following: Plan | None


def place_in_chain(plan: Plan) -> PlaceInChain:
    return PlaceInChain(plan.previous, next_edition(plan))
