"""The plan as PDF or Word: ordered here, made by a worker."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from nok_portal.reports.registry import find_report
from nok_portal.reports.views import start_report
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.reports import PlanDocument
from plans.views.plan_pages import plan_of


@office_page(Right.SEE_PLANS)
@require_POST
def plan_document(request: OfficeRequest, plan_id: int, file_format: str) -> HttpResponse:
    """Order the plan's document and go to its job."""
    plan = plan_of(request, plan_id)
    report = find_report(PlanDocument.slug)
    assert report is not None
    return start_report(request, report, file_format=file_format, parameters={"plan": plan.pk})
