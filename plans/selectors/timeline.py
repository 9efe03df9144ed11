"""The lines of a plan with what they have to do in one year, for the timeline."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, Min, OuterRef

from plans.models import Activity, ActivityParty, DueDate, Plan


@dataclass(frozen=True)
class YearLine:
    """A line with those of its due dates whose window touches the year; `has_days`: it has some in any year."""

    activity: Activity
    parties: tuple[str, ...]
    dues: tuple[DueDate, ...]
    has_days: bool


def lines_of_year(plan: Plan, year: int, *, party: int | None = None) -> list[YearLine]:
    """All lines of the plan, or those of one party, in the order of the document; in three queries."""
    found = Activity.objects.filter(plan=plan)
    if party:
        found = found.filter(pk__in=ActivityParty.objects.filter(party=party).values("activity"))
    found = (
        found.annotate(has_days=Exists(DueDate.objects.filter(activity=OuterRef("pk"))))
        .only("number", "title", "section", "plan", "deadline_rule", "municipality")
        .order_by("position")
    )
    # joined by hand: prefetching makes a query object for each line, a fifth of the whole page
    needed = ("activity", "window_from", "window_to", "label", "state", "ended_before_entry", "returned_reason")
    touching = DueDate.objects.filter(
        activity__plan=plan, window_from__lte=date(year, 12, 31), window_to__gte=date(year, 1, 1)
    )
    dues: dict[int, list[DueDate]] = defaultdict(list)
    for due in touching.only(*needed).order_by("window_from", "window_to", "pk"):
        dues[due.activity_id].append(due)
    links = ActivityParty.objects.filter(activity__plan=plan).order_by("position")
    names: dict[int, list[str]] = defaultdict(list)
    for activity_id, name in links.values_list("activity", "party__name"):
        names[activity_id].append(name)
    return [
        YearLine(activity, tuple(names[activity.pk]), tuple(dues[activity.pk]), activity.has_days) for activity in found
    ]


def years_of_plan(plan: Plan) -> range:
    """The years of the period and those into which due dates reach."""
    reach = DueDate.objects.filter(activity__plan=plan).aggregate(first=Min("window_from"), last=Max("window_to"))
    first = min(filter(None, (plan.period_from, reach["first"])))
    last = max(filter(None, (plan.period_to, reach["last"])))
    return range(first.year, last.year + 1)
