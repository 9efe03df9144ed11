from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page

from . import services
from .jobs import find_kind
from .models import BackgroundJob
from .selectors import jobs_of, may_see_job


@office_page()
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """What this person has had done here."""
    found = jobs_of(owner=request.user, municipality=request.municipality)  # type: ignore[attr-defined, arg-type]
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "reports/jobs.html", {"page": page})


@office_page()
@require_safe
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job: the whole page, or for htmx the part that changes while the work goes on."""
    found = _job(request, job_id)
    context = _job_context(request, found)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "reports/job.html", context)
    response = render(request, "reports/_job.html", context)
    if found.state == BackgroundJob.State.DONE and found.result.get("url"):
        response["HX-Redirect"] = found.result["url"]
    return response


@office_page()
@require_POST
def stop_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """«Остановить»."""
    services.stop_job(job=_own_job(request, job_id), at=timezone.now())
    return redirect("office:job", request.municipality.slug, job_id)  # type: ignore[attr-defined]


@office_page()
@require_POST
def repeat_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """«Повторить»."""
    try:
        services.repeat_job(job=_own_job(request, job_id), at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("office:job", request.municipality.slug, job_id)  # type: ignore[attr-defined]


def _job(request: HttpRequest, job_id: UUID) -> BackgroundJob:
    found = get_object_or_404(
        BackgroundJob.objects.select_related("file", "owner"),
        pk=job_id,
        municipality=request.municipality,  # type: ignore[attr-defined]
    )
    if not may_see_job(found, rights=request.rights):  # type: ignore[attr-defined]
        raise Http404
    return found


def _own_job(request: HttpRequest, job_id: UUID) -> BackgroundJob:
    found = _job(request, job_id)
    if found.owner_id != request.user.pk:
        raise PermissionDenied("Остановить или повторить работу может тот, кто её поручил.")
    return found


def _job_context(request: HttpRequest, found: BackgroundJob) -> dict[str, object]:
    place = [request.municipality.slug]  # type: ignore[attr-defined]
    address = [*place, found.pk]
    kind = find_kind(found.kind)
    mine = found.owner_id == request.user.pk
    return {
        "job": found,
        "units": kind.units if kind else "",
        "poll_url": reverse("office:job", args=address),
        "stop_url": reverse("office:stop_job", args=address) if mine and not found.stop_requested_at else "",
        "retry_url": reverse("office:repeat_job", args=address) if mine else "",
        "result_url": reverse("office:file", args=[*place, found.file_id])
        if found.file_id
        else found.result.get("url"),
        "result": "Скачать" if found.file_id else found.result.get("link"),
    }
