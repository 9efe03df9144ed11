"""Plans of a municipality, what a list says of each, and what the days of one depend on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q

from nok_portal.tenants.models import Municipality
from plans.deadlines import Context
from plans.enums import DueState
from plans.models import Activity, DueDate, Plan, TargetIndicator
from plans.models.plans import PlanQuerySet

from .dues import is_late


@dataclass(frozen=True)
class PlanSummary:
    """A plan in the list of plans."""

    plan: Plan
    activities: int
    with_findings: int
    overdue: int
    next_due: date | None
    waiting: int = 0  # reports for acceptance
    returned: int = 0


def plans_of_municipality(municipality: Municipality, *, archived: bool = False) -> PlanQuerySet:
    """Plans, the latest period first."""
    plans = Plan.objects.filter(municipality=municipality, archived_at__isnull=not archived)
    return plans.newest_first()


def plans_in_force(municipalities: Collection[Municipality]) -> PlanQuerySet:
    """Plans by which people work."""
    return Plan.objects.in_force().filter(municipality__in=municipalities)


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
        for row in DueDate.objects.filter(activity__plan__in=keys, state__in=(DueState.OPEN, DueState.REPORTED))
        .values("activity__plan")
        .annotate(
            overdue=Count("pk", filter=is_late(today)),
            next_due=Min("window_to", filter=Q(window_to__gte=today, state=DueState.OPEN)),
            waiting=Count("pk", filter=Q(state=DueState.REPORTED)),
            returned=Count("pk", filter=Q(state=DueState.OPEN) & ~Q(returned_reason="")),
        )
    }
    return [
        PlanSummary(
            plan=plan,
            activities=lines.get(plan.pk, {}).get("activities", 0),
            with_findings=lines.get(plan.pk, {}).get("with_findings", 0),
            overdue=days.get(plan.pk, {}).get("overdue", 0),
            next_due=days.get(plan.pk, {}).get("next_due"),
            waiting=days.get(plan.pk, {}).get("waiting", 0),
            returned=days.get(plan.pk, {}).get("returned", 0),
        )
        for plan in plans
    ]


def context_of_plan(plan: Plan) -> Context:
    """What the days of a plan's deadlines depend on beside their words: period, assessment years, recorded events."""
    events: dict[str, tuple[date, ...]] = {}
    for words, day in plan.events.order_by("happened_on", "pk").values_list("words", "happened_on"):
        events[words] = (*events.get(words, ()), day)
    return Context(plan.period_from, plan.period_to, tuple(plan.assessment_years), events)


def targets_of_plan(plan: Plan) -> list[TargetIndicator]:
    """Target indicators with their values by year."""
    return list(plan.targets.order_by("position").prefetch_related("values"))
