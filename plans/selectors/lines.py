"""The lines of a plan as its table shows them."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from nok_portal.common.text import fold
from plans.models import Activity, ActivityParty, DueDate, Plan, ResponsibleParty, Section


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


def lines_of_plan(plan: Plan) -> list[Line]:
    """All lines of the plan in the order of the document, in three queries."""
    return lines_of_activities(Activity.objects.filter(plan=plan).order_by("position"))


def line_of_activity(activity: Activity) -> Line:
    """One line of the plan with its parties and days."""
    return lines_of_activities(Activity.objects.filter(pk=activity.pk).order_by("position"))[0]


def neighbours_of(activity: Activity) -> tuple[Activity | None, Activity | None]:
    """The activities before and after, in the order of the document."""
    same_plan = Activity.objects.filter(plan_id=activity.plan_id)
    return (
        same_plan.filter(position__lt=activity.position).order_by("-position").first(),
        same_plan.filter(position__gt=activity.position).order_by("position").first(),
    )


def lines_of_activities(activities: QuerySet[Activity]) -> list[Line]:
    """These lines with their parties and days, in the order of the query."""
    links = ActivityParty.objects.select_related("party").order_by("position")
    dues = DueDate.objects.select_related("organization").order_by("window_to", "window_from")
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
