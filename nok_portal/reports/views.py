from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page, public_page
from nok_portal.tenants.requests import OfficeRequest, PortalRequest

from . import services
from .jobs import find_kind
from .models import BackgroundJob
from .ordering import UnknownFormat, order_report
from .registry import Report, find_report, reports_for
from .selectors import jobs_of, may_see_job, published_document


@office_page()
@require_safe
def reports(request: OfficeRequest) -> HttpResponse:
    """What this person may order, and what of it was made last."""
    latest = jobs_of(owner=request.user, municipality=request.municipality)[:5]
    return render(request, "reports/reports.html", {"reports": reports_for(request.rights), "latest": latest})


@office_page()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: OfficeRequest, report_slug: str) -> HttpResponse:
    """One report: what to choose, then its job."""
    found = find_report(report_slug)
    if found is None:
        raise Http404
    if found.right not in request.rights:
        raise PermissionDenied(f"Чтобы заказать этот отчёт, нужно {found.right.label}. Такую роль даёт администратор.")
    form = found.form_class(request.POST or None, report=found, municipality=request.municipality)
    if request.method == "POST" and form.is_valid():
        return start_report(request, found, file_format=form.cleaned_data["file_format"], parameters=form.parameters())
    return render(request, "reports/report.html", {"report": found, "form": form}, status=422 if form.errors else 200)


def start_report(
    request: OfficeRequest, report: Report, *, file_format: str, parameters: dict[str, Any]
) -> HttpResponse:
    """Order a report and go to its job."""
    if not request.standing.may_write:
        raise PermissionDenied(
            "Документы муниципалитета заказывают его сотрудники. Страницу можно распечатать из меню браузера."
        )
    try:
        started = order_report(
            report=report,
            file_format=file_format,
            parameters=parameters,
            municipality=request.municipality,
            owner=request.user,
            at=timezone.now(),
        )
    except UnknownFormat as error:
        raise Http404 from error
    return redirect("office:job", request.municipality.slug, started.pk)


@public_page
@require_safe
def check(request: PortalRequest, code: str) -> HttpResponse:
    """For whoever holds a document: whether the portal has made it, and what it was."""
    document = published_document(code)
    if document:  # the moment as it is printed
        timezone.activate(document.municipality.time_zone)
        request.scopes.callback(timezone.deactivate)
    return render(request, "reports/check.html", {"document": document}, status=200 if document else 404)


@office_page()
@require_safe
def jobs(request: OfficeRequest) -> HttpResponse:
    """What this person has had done here."""
    found = jobs_of(owner=request.user, municipality=request.municipality)
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "reports/jobs.html", {"page": page})


@office_page()
@require_safe
def job(request: OfficeRequest, job_id: UUID) -> HttpResponse:
    """One job: the whole page, or for htmx the part that changes while the work goes on."""
    found = _job(request, job_id)
    context = _job_context(request, found)
    if not request.htmx:
        return render(request, "reports/job.html", context)
    response = render(request, "reports/_job.html", context)
    if found.state == BackgroundJob.State.DONE and found.result.get("url"):
        response["HX-Redirect"] = found.result["url"]
    elif found.is_finished:
        response["HX-Refresh"] = "true"  # the page has other actions now
    return response


@office_page()
@require_POST
def stop_job(request: OfficeRequest, job_id: UUID) -> HttpResponse:
    """«Остановить»."""
    services.stop_job(job=_own_job(request, job_id), at=timezone.now())
    return redirect("office:job", request.municipality.slug, job_id)


@office_page()
@require_POST
def repeat_job(request: OfficeRequest, job_id: UUID) -> HttpResponse:
    """«Повторить»."""
    try:
        services.repeat_job(job=_own_job(request, job_id), at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("office:job", request.municipality.slug, job_id)


def _job(request: OfficeRequest, job_id: UUID) -> BackgroundJob:
    found = get_object_or_404(
        BackgroundJob.objects.select_related("file", "owner"),
        pk=job_id,
        municipality=request.municipality,
    )
    if not may_see_job(found, rights=request.rights):
        raise Http404
    return found


def _own_job(request: OfficeRequest, job_id: UUID) -> BackgroundJob:
    found = _job(request, job_id)
    if found.owner_id != request.user.pk:
        raise PermissionDenied("Остановить или повторить работу может тот, кто её поручил.")
    if not request.standing.may_write:
        raise PermissionDenied(
            "Сейчас вы можете здесь только смотреть. Остановить или повторить работу может сотрудник муниципалитета."
        )
    return found


def _job_context(request: OfficeRequest, found: BackgroundJob) -> dict[str, object]:
    place = [request.municipality.slug]
    address = [*place, found.pk]
    kind = find_kind(found.kind)
    mine = found.owner_id == request.user.pk and request.standing.may_write
    return {
        "job": found,
        "heading": kind.title if kind else found.title,
        "units": kind.units if kind else "",
        "poll_url": reverse("office:job", args=address),
        "stop_url": reverse("office:stop_job", args=address) if mine and not found.stop_requested_at else "",
        "retry_url": reverse("office:repeat_job", args=address) if mine else "",
        "result_url": reverse("office:file", args=[*place, found.file_id])
        if found.file_id
        else found.result.get("url"),
        "result": "Скачать" if found.file_id else found.result.get("link"),
    }
