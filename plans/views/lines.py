"""One line of a plan: beside the table, and as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.models import Activity, DueDate
from plans.permissions import Part, may_change, reportable, why_asks_nothing
from plans.selectors.activity_organizations import organizations_of_line
from plans.selectors.reminded import reminded_of
from plans.selectors.reporting import prefetch_evidence
from plans.views.plan_pages import activity_of


@office_page(Right.SEE_PLANS)
@require_safe
def activity(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """One line of a plan as a page of its own."""
    found = activity_of(request, activity_id)
    before, after = selectors.neighbours_of(found)
    return render(
        request,
        "plans/activity.html",
        {**line_context(request, found), "plan": found.plan, "before": before, "after": after},
    )


def line_context(request: OfficeRequest, found: Activity) -> dict[str, Any]:
    """What the panel and the page of a line show."""
    line = selectors.line_of_activity(found)
    line.activity.plan = found.plan
    may_correct = may_change(found.plan, Part.OWN, rights=request.rights)
    prefetch_evidence(line.dues)
    behind = selectors.behind_parties(line.parties, on=timezone.localdate())
    return {
        "line": line,
        "reportable": _reportable(request, line),
        "activity": found,
        "responsibles": [(party, behind[party.pk]) for party in line.parties],
        "days": sorted({due.window_to for due in line.dues}),
        "entries": list(selectors.history_of_line(found)[:5]),
        "reminded": reminded_of(line.dues, municipality=request.municipality, rights=request.rights),
        "may_see_letters": Right.MANAGE_PEOPLE in request.rights,
        "organizations": organizations_of_line(line, with_suggestion=may_correct),
        "may_correct": may_correct,
        "may_record": may_change(found.plan, Part.EVENTS, rights=request.rights),
        "may_edit_rows": may_change(found.plan, Part.WORDS, rights=request.rights),
    }


def _reportable(request: OfficeRequest, line: selectors.Line) -> set[int]:
    """Days of the line on which this person may report."""
    if not request.standing.may_write or why_asks_nothing(line.activity.plan):
        return set()
    mine = reportable(
        DueDate.objects.filter(pk__in=[due.pk for due in line.dues]),
        municipality=request.municipality,
        user=request.user,
        on=timezone.localdate(),
        rights=request.rights,
        organization_ids=request.standing.organization_ids,
    )
    return set(mine.values_list("pk", flat=True))
