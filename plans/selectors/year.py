"""What of the assessment process the plans of a municipality name: the line of the year is told from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from nok_portal.tenants.models import Municipality
from plans.days.process_year import STEPS_OF_LINE, StepDue, YearPoint, line_of_year, year_to_show, years_in_reach
from plans.enums import DueState, PlanKind
from plans.models import Activity, DueDate, Plan


@dataclass(frozen=True)
class ProcessYear:
    """One assessment year, and those of the plans beside it."""

    year: int
    points: Sequence[YearPoint]
    years: Sequence[int]


def process_year(municipality: Municipality, today: date, *, wanted: int | None = None) -> ProcessYear | None:
    """The year asked for, where a plan in force has it, else the one that is worked on; None without any.

    In three queries.
    """
    plans = list(
        Plan.objects.in_force()
        .filter(municipality=municipality, kind=PlanKind.ASSESSMENT)
        .values_list("pk", "assessment_years")
    )
    years = sorted({year for _, some in plans for year in some})
    year = wanted if wanted in years else year_to_show(years, today)
    if year is None:
        return None
    keys = [key for key, some in plans if year in some]
    lines = Activity.objects.filter(plan__in=keys, step__in=STEPS_OF_LINE)
    first, after = years_in_reach(year)
    dues = (
        DueDate.objects.filter(activity__in=lines, window_to__gte=first, window_to__lt=after)
        .exclude(state=DueState.CANCELLED)
        .values_list("activity__step", "window_from", "window_to", "state", "ended_before_entry", "done_on")
    )
    has_days = Exists(DueDate.objects.filter(activity=OuterRef("pk")))
    waiting = lines.filter(~has_days, deadline_rule__terms__0__isnull=False).values_list("step", flat=True)
    points = line_of_year((StepDue(*due) for due in dues), year=year, today=today, waiting=waiting)
    return ProcessYear(year, points, years)
