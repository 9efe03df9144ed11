"""The lines of a plan with their parties and days."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from plans.models import Activity, ActivityParty, DueDate, Plan, ResponsibleParty


@dataclass(frozen=True)
class Line:
    """A line of a plan: the activity with its parties and days."""

    activity: Activity
    parties: tuple[ResponsibleParty, ...]
    dues: tuple[DueDate, ...]

    @property
    def rule(self) -> dict[str, Any]:
        """How the deadline's words are understood, as it is kept."""
        return self.activity.deadline_rule

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.activity.findings


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
