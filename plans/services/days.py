"""Due dates follow the words, the plan's period, the calendar and what has happened."""

from typing import Any

from plans.deadlines import schedule
from plans.enums import DueState
from plans.models import DueDate, Plan
from plans.selectors import context_of_plan
from plans.services.building import due_dates_of


def refresh_days(plan: Plan) -> None:
    """Read the days of every deadline anew: open ones are added and removed, others are kept."""
    context = context_of_plan(plan)
    activities = list(plan.activities.order_by("position"))
    kept: dict[tuple[int, Any, Any], DueDate] = {}
    for due in DueDate.objects.filter(activity__plan=plan):
        kept[due.activity_id, due.window_from, due.window_to] = due
    added, wanted = [], set()
    for activity in activities:
        for due in due_dates_of(activity, schedule(activity.deadline, context), entered_on=plan.entered_on):
            key = (activity.pk, due.window_from, due.window_to)
            wanted.add(key)
            if key not in kept:
                added.append(due)
            elif kept[key].is_outside_period != due.is_outside_period:
                DueDate.objects.filter(pk=kept[key].pk).update(is_outside_period=due.is_outside_period)
    gone = [due.pk for key, due in kept.items() if key not in wanted and due.state == DueState.OPEN]
    DueDate.objects.filter(pk__in=gone, state=DueState.OPEN).delete()
    DueDate.objects.bulk_create(added)
