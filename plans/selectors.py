"""Reads of plans for screens and reports. Lists cost the same number of queries however long they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality

from .deadlines import Context
from .enums import DueState, ImportState
from .facts import facts_of
from .models import Activity, ActivityParty, DueDate, Plan, PlanImport, ResponsibleParty, Section, TargetIndicator
from .table import PlanTable


@dataclass(frozen=True)
class DueLine:
    """A due date with all that a line about it says."""

    due_id: int
    activity_id: int
    plan_id: int
    plan_title: str
    number: str
    title: str
    parties: tuple[str, ...]
    window_from: date
    window_to: date
    label: str
    state: DueState


@dataclass(frozen=True)
class PlanSummary:
    """A plan in the list of plans."""

    plan: Plan
    activities: int
    with_findings: int
    overdue: int
    next_due: date | None


@dataclass(frozen=True)
class Line:
    """A line of the plan table: the activity with its parties and days."""

    activity: Activity
    parties: tuple[ResponsibleParty, ...]
    dues: tuple[DueDate, ...]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.activity.findings


@dataclass(frozen=True)
class SectionLines:
    """A section (None: lines before the first one) with those of its lines that were asked for."""

    section: Section | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PlanFilter:
    """What of a plan to show; the fields are those of the address."""

    search: str = ""
    party: int | None = None
    with_findings: bool = False

    @property
    def is_active(self) -> bool:
        return bool(self.search or self.party or self.with_findings)


@dataclass(frozen=True)
class PlanContents:
    """A plan's table: sections with lines, and how many of how many lines these are."""

    sections: tuple[SectionLines, ...]
    shown: int
    total: int
    with_findings: int
    has_results: bool = False
    parties: tuple[ResponsibleParty, ...] = field(default=())


BULKY = ("table", "pasted_text", "pasted_html", "rereading", "past", "corrections")


def overdue(municipality: Municipality, today: date, limit: int | None = None) -> list[DueLine]:
    """Open due dates whose last day is over, oldest first; plans in the archive do not count.

    Neither do days that were over before the plan came into the portal: nobody could report them here.
    """
    dues = _open_dues(municipality).filter(_is_late(today))
    return _due_lines(dues.order_by("window_to", "activity__position", "pk")[:limit])


def due_soon(municipality: Municipality, today: date, days: int = 14, limit: int | None = None) -> list[DueLine]:
    """Open due dates whose last day is today or within `days` days, nearest first."""
    dues = _open_dues(municipality).filter(window_to__range=(today, today + timedelta(days=days)))
    return _due_lines(dues.order_by("window_to", "activity__position", "pk")[:limit])


def count_overdue(municipality: Municipality, today: date) -> int:
    return _open_dues(municipality).filter(_is_late(today)).count()


def unfinished_imports(municipality: Municipality, at: datetime) -> list[PlanImport]:
    """Documents that were uploaded and have not become a plan yet, newest first."""
    imports = PlanImport.objects.filter(municipality=municipality).unfinished(at)
    return list(imports.select_related("job", "created_by").defer(*BULKY).order_by("-created_at", "-pk"))


@dataclass(frozen=True)
class Doubles:
    """The same document loaded before: where it became a plan, and where it is still read or checked."""

    plans: tuple[PlanImport, ...]
    imports: tuple[PlanImport, ...]

    @property
    def first(self) -> PlanImport | None:
        """The one to open: a plan before a draft."""
        return next(iter((*self.plans, *self.imports)), None)


def doubles_of(plan_import: PlanImport) -> Doubles:
    """Where else this very document has gone."""
    same = (
        PlanImport.objects.filter(municipality_id=plan_import.municipality_id, source_hash=plan_import.source_hash)
        .exclude(pk=plan_import.pk)
        .select_related("plan", "created_by", "job")
        .defer(*BULKY)
        .order_by("-created_at", "-pk")
    )
    found = list(same)
    return Doubles(
        plans=tuple({one.plan_id: one for one in found if one.plan}.values()),
        imports=tuple(
            one
            for one in found
            if (one.state == ImportState.REVIEW or one.is_being_read) and one.expires_at > plan_import.created_at
        ),
    )


def plans_of_municipality(municipality: Municipality, *, archived: bool = False) -> QuerySet[Plan]:
    """Plans, the latest period first."""
    plans = Plan.objects.filter(municipality=municipality, archived_at__isnull=not archived)
    return plans.newest_first()


def summaries(plans: Iterable[Plan], today: date) -> list[PlanSummary]:
    """What the list says of each plan, in two queries for all of them."""
    plans = list(plans)
    keys = [plan.pk for plan in plans]
    lines: dict[int, dict[str, Any]] = {
        row["plan"]: dict(row)
        for row in Activity.objects.filter(plan__in=keys)
        .values("plan")
        .annotate(activities=Count("pk"), with_findings=Count("pk", filter=~Q(findings=[])))
    }
    days: dict[int, dict[str, Any]] = {
        row["activity__plan"]: dict(row)
        for row in DueDate.objects.filter(activity__plan__in=keys, state=DueState.OPEN)
        .values("activity__plan")
        .annotate(
            overdue=Count("pk", filter=_is_late(today)),
            next_due=Min("window_to", filter=Q(window_to__gte=today)),
        )
    }
    return [
        PlanSummary(
            plan=plan,
            activities=lines.get(plan.pk, {}).get("activities", 0),
            with_findings=lines.get(plan.pk, {}).get("with_findings", 0),
            overdue=days.get(plan.pk, {}).get("overdue", 0),
            next_due=days.get(plan.pk, {}).get("next_due"),
        )
        for plan in plans
    ]


def plan_contents(plan: Plan, wanted: PlanFilter | None = None) -> PlanContents:
    """The plan as its table shows it, in the order of the document; an empty section stays unless filtered."""
    wanted = wanted or PlanFilter()
    lines = lines_of_plan(plan)
    shown = [line for line in lines if _is_wanted(line, wanted)]
    by_section: dict[int | None, list[Line]] = {}
    for line in shown:
        by_section.setdefault(line.activity.section_id, []).append(line)
    sections: list[Section | None] = [None, *plan.sections.order_by("position")]
    parties = {party.pk: party for line in lines for party in line.parties}
    return PlanContents(
        sections=tuple(
            SectionLines(section, tuple(found))
            for section in sections
            if (found := by_section.get(section.pk if section else None, []))
            or (section is not None and not wanted.is_active)
        ),
        shown=len(shown),
        total=len(lines),
        with_findings=sum(1 for line in lines if line.findings),
        has_results=any(line.activity.expected_result for line in lines),
        parties=tuple(sorted(parties.values(), key=lambda party: party.name_key)),
    )


def context_of_plan(plan: Plan) -> Context:
    """What the days of a plan's deadlines depend on beside their words."""
    return Context(plan.period_from, plan.period_to, tuple(plan.assessment_years))


def context_of_import(plan_import: PlanImport) -> Context:
    """The same for a document that is being checked, as far as it is known yet."""
    return facts_of(PlanTable.from_json(plan_import.table or {}), plan_import.corrections).context


def lines_of_plan(plan: Plan) -> list[Line]:
    """All lines of the plan in the order of the document, in three queries."""
    return _lines(Activity.objects.filter(plan=plan).order_by("position"))


def line_of_activity(activity: Activity) -> Line:
    """One line of the plan with its parties and days."""
    return _lines(Activity.objects.filter(pk=activity.pk).order_by("position"))[0]


def targets_of_plan(plan: Plan) -> list[TargetIndicator]:
    """Target indicators with their values by year."""
    return list(plan.targets.order_by("position").prefetch_related("values"))


def neighbours_of(activity: Activity) -> tuple[Activity | None, Activity | None]:
    """The activities before and after, in the order of the document."""
    same_plan = Activity.objects.filter(plan_id=activity.plan_id)
    return (
        same_plan.filter(position__lt=activity.position).order_by("-position").first(),
        same_plan.filter(position__gt=activity.position).order_by("position").first(),
    )


def _lines(activities: QuerySet[Activity]) -> list[Line]:
    links = ActivityParty.objects.select_related("party").order_by("position")
    dues = DueDate.objects.order_by("window_to", "window_from")
    found = activities.prefetch_related(Prefetch("party_links", links), Prefetch("due_dates", dues))
    return [
        Line(
            activity=activity,
            parties=tuple(link.party for link in activity.party_links.all()),
            dues=tuple(activity.due_dates.all()),
        )
        for activity in found
    ]


def _is_wanted(line: Line, wanted: PlanFilter) -> bool:
    if wanted.with_findings and not line.findings:
        return False
    if wanted.party and wanted.party not in {party.pk for party in line.parties}:
        return False
    if wanted.search:
        activity = line.activity
        words = " ".join(
            [activity.number, activity.title, activity.deadline_text, activity.expected_result]
            + [party.name for party in line.parties]
        )
        return all(word in fold(words) for word in fold(wanted.search).split())
    return True


def _is_late(today: date) -> Q:
    return Q(window_to__lt=today, ended_before_entry=False)


def _open_dues(municipality: Municipality) -> QuerySet[DueDate]:
    return DueDate.objects.filter(
        municipality=municipality, state=DueState.OPEN, activity__plan__archived_at__isnull=True
    )


def _due_lines(dues: QuerySet[DueDate]) -> list[DueLine]:
    links = ActivityParty.objects.select_related("party").order_by("position")
    found = dues.select_related("activity__plan").prefetch_related(Prefetch("activity__party_links", links))
    return [
        DueLine(
            due_id=due.pk,
            activity_id=due.activity_id,
            plan_id=due.activity.plan_id,
            plan_title=due.activity.plan.title,
            number=due.activity.number,
            title=due.activity.title,
            parties=tuple(link.party.name for link in due.activity.party_links.all()),
            window_from=due.window_from,
            window_to=due.window_to,
            label=due.label,
            state=DueState(due.state),
        )
        for due in found
    ]
