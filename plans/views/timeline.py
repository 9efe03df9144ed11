"""The timeline of a plan: a year of months, a bar for each window, its right edge the last day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from nok_portal.common.text import MONTHS_NOMINATIVE, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.days.timeline import begin_of
from plans.days.timeline_bars import Row, percent, row_of
from plans.models import Section
from plans.selectors.due_filters import parties_of_plans
from plans.selectors.timeline import lines_of_year, years_of_plan
from plans.views.plan_pages import head_of, plan_of


@office_page(Right.SEE_PLANS)
@require_safe
def timeline(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Activities by months of one year."""
    plan, today = plan_of(request, plan_id), timezone.localdate()
    years = years_of_plan(plan)
    year = _year(request.GET.get("year", ""), years, today)
    parties = list(parties_of_plans(request.municipality, plan.pk))
    party = next((one.pk for one in parties if str(one.pk) == request.GET.get("party")), None)
    only_late = request.GET.get("late") == "1"
    sections: dict[int | None, list[Row]] = {}
    late = 0
    for line in lines_of_year(plan, year, party=party):
        url = reverse("office:activity", args=[request.municipality.slug, line.activity.pk])
        row = row_of(line, url=url, year=year, today=today)
        late += row.is_late
        if row.is_late or not only_late:
            sections.setdefault(line.activity.section_id, []).append(row)
    headings: list[Section | None] = [None, *plan.sections.order_by("position")]

    def address(**changes: object) -> str:
        kept = {"year": year, "party": party, "late": "1" if only_late else "", **changes}
        return "?" + urlencode({name: str(value) for name, value in kept.items() if value})

    context = {
        **head_of(request, plan, "timeline"),
        "year": year,
        "previous": (year - 1, address(year=year - 1)) if year - 1 in years else None,
        "next": (year + 1, address(year=year + 1)) if year + 1 in years else None,
        "years": [(one, address(year=one), one == year) for one in years],
        "months": [
            (name[:3], place == today.month and year == today.year) for place, name in enumerate(MONTHS_NOMINATIVE, 1)
        ],
        "parties": parties,
        "party": party,
        "late": late,
        "only_late": only_late,
        "late_url": address(late="" if only_late else "1"),
        "groups": [(one, rows) for one in headings if (rows := sections.get(one.pk if one else None))],
        "now": percent(begin_of(today)) if today.year == year else "",
    }
    return render(request, "plans/timeline.html", context)


def _year(words: str, years: range, today: date) -> int:
    """The year asked for; else the present one or, where the plan has no such year, its nearest."""
    asked = whole_number(words)
    if asked is not None and asked in years:
        return asked
    return min(max(today.year, years[0]), years[-1])
