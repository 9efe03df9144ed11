"""What pages of a plan share: the plan of an address, what every tab shows above itself, where a person is sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.models import Activity, Plan
from plans.selectors.editions import place_in_chain
from plans.services.approval import not_approvable
from plans.services.plan_locks import PlanGone

DOCUMENTS = (("pdf", "PDF для печати и подписи"), ("docx", "Word для правки"), ("xlsx", "Excel"))


def plan_of(request: OfficeRequest, plan_id: int) -> Plan:
    """The plan of the address, one of the municipality; 404 for others."""
    return get_object_or_404(
        Plan.objects.select_related("source_file", "created_by", "approved_by", "previous"),
        pk=plan_id,
        municipality=request.municipality,
    )


def activity_of(request: OfficeRequest, activity_id: int) -> Activity:
    """The line of the address with its plan and section; 404 for those of others."""
    related = ("plan__municipality", "section", "reading_corrected_by")
    return get_object_or_404(
        Activity.objects.select_related(*related), pk=activity_id, municipality=request.municipality
    )


def head_of(request: OfficeRequest, found: Plan, tab: str) -> dict[str, Any]:
    """What every tab of a plan shows above itself."""
    may_edit = Right.EDIT_PLANS in request.rights
    return {
        "plan": found,
        "tab": tab,
        "may_edit": may_edit,
        "may_approve": may_edit and found.is_draft and not not_approvable(found),
        "chain": place_in_chain(found),
        "documents": [
            (reverse("office:plan_document", args=[request.municipality.slug, found.pk, ending]), name)
            for ending, name in DOCUMENTS
        ],
        "delete": delete_question(found),
        "delete_url": versioned_url("office:plan_delete", request, found),
        "archive_url": versioned_url("office:plan_archive", request, found),
        "restore_url": versioned_url("office:plan_restore", request, found),
    }


def delete_question(found: Plan) -> dict[str, str]:
    """The words of the dialog and of the page behind it."""
    if found.is_being_replaced:
        return {
            "title": f"Отказаться от редакции {found.edition}?",
            "text": "Удалится только подготовленная редакция со всеми её изменениями. Действующий план, его сроки и"
            " отчёты останутся как есть.",
            "verb": "Отказаться от редакции",
        }
    return {
        "title": f"Удалить черновик «{found.title}»?",
        "text": "Удалятся все мероприятия, сроки и показатели этого черновика. Вернуть их можно будет,"
        " только загрузив документ снова.",
        "verb": "Удалить черновик",
    }


def plan_url(request: OfficeRequest, found: Plan) -> str:
    return reverse("office:plan", args=[request.municipality.slug, found.pk])


def versioned_url(name: str, request: OfficeRequest, found: Plan, *, version: int = 0) -> str:
    """An address that says which version of the plan the person has seen."""
    return f"{reverse(name, args=[request.municipality.slug, found.pk])}?version={version or found.version}"


def plan_gone(request: OfficeRequest, error: PlanGone) -> HttpResponse:
    """Somebody has deleted the plan meanwhile: back to those that are left."""
    messages.error(request, str(error))
    return redirect("office:plans", request.municipality.slug)
