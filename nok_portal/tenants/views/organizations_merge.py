"""Doubles in the organizations register: proposals, merging, undoing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.common.errors import DomainError
from nok_portal.common.text import whole_number

from ..access import office_page
from ..models import Organization
from ..requests import OfficeRequest
from ..rights import Right
from ..selectors.organization_doubles import chosen_facts, doubles_in, merge_fields
from ..selectors.organizations import OrganizationFilter, organizations_for_list
from ..services.merging import distinguish_organizations, merge_organizations, undo_merge

PAGE = 30


@office_page(Right.EDIT_ORGANIZATIONS)
def organizations_doubles(request: OfficeRequest) -> HttpResponse:
    """Organizations that may be one, the surest first."""
    pairs, shared = doubles_in(request.municipality)
    page = Paginator(pairs, PAGE).get_page(request.GET.get("page"))
    return render(request, "organizations/doubles.html", {"page": page, "shared": shared})


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_merge_choose(request: OfficeRequest, organization_id: int) -> HttpResponse:
    """Search for the double of an organization."""
    kept = _listed(request, organization_id)
    words = request.GET.get("q", "").strip()[:200]
    found = organizations_for_list(
        request.municipality,
        OrganizationFilter(words=words, state="all"),
        today=timezone.localdate(),
    ).exclude(pk=kept.pk)
    context = {"organization": kept, "words": words, "found": found[:PAGE] if words else []}
    return render(request, "organizations/merge_choose.html", context)


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_merge(request: OfficeRequest, organization_id: int, double_id: int) -> HttpResponse:
    """Two records side by side, the choice of each fact, the merge."""
    kept, double = _listed(request, organization_id), _listed(request, double_id)
    slug = request.municipality.slug
    error = ""
    if request.method == "POST":
        facts = chosen_facts(kept, double, request.POST.dict())
        kept.version = _version(request.POST.get("kept_version"))
        double.version = _version(request.POST.get("double_version"))
        try:
            merge_organizations(kept=kept, double=double, facts=facts, actor=request.user, at=timezone.now())
        except DomainError as refusal:
            error = str(refusal)
            kept.refresh_from_db()
            double.refresh_from_db()
        else:
            undo = reverse("office:organization_unmerge", args=[slug, double.pk])
            messages.success(request, f"Объединено: {kept}", extra_tags=f"undo:{undo}")
            return redirect("office:organization", slug, kept.pk)
    context = {"kept": kept, "double": double, "fields": merge_fields(kept, double), "error": error}
    return render(request, "organizations/merge.html", context, status=409 if error else 200)


@office_page(Right.EDIT_ORGANIZATIONS)
@require_POST
def organization_unmerge(request: OfficeRequest, organization_id: int) -> HttpResponse:
    rows = Organization.objects.filter(municipality=request.municipality)
    double = get_object_or_404(rows, pk=organization_id)
    try:
        undo_merge(double=double, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Разделено: {double} снова отдельная организация")
    return redirect("office:organization", request.municipality.slug, double.pk)


@office_page(Right.EDIT_ORGANIZATIONS)
@require_POST
def organizations_distinguish(request: OfficeRequest, organization_id: int, double_id: int) -> HttpResponse:
    """«Это разные организации»: the pair is not proposed again."""
    one, other = _listed(request, organization_id), _listed(request, double_id)
    try:
        distinguish_organizations(one=one, other=other, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Больше не предлагается: {one} и {other}")
    return redirect("office:organizations_doubles", request.municipality.slug)


def _listed(request: OfficeRequest, organization_id: int) -> Organization:
    rows = Organization.objects.filter(municipality=request.municipality).listed()
    return get_object_or_404(rows, pk=organization_id)


def _version(text: str | None) -> int:
    return whole_number(text or "") or 0
