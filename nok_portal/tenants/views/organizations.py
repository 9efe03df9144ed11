"""The organizations register of a municipality: list, one organization, its changes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.common.errors import DomainError
from nok_portal.common.text import date_in_words

from ..access import office_page
from ..forms.organizations import CloseForm, OrganizationFilterForm, OrganizationForm, VersionForm
from ..models import Organization
from ..requests import OfficeRequest
from ..rights import Right
from ..selectors.organizations import disagreements, history_of, organization_counts, organizations_for_list
from ..services.organizations import (
    OrganizationStale,
    add_organization,
    change_organization,
    close_organization,
    reopen_organization,
)

PAGE = 50


@office_page(Right.SEE_ORGANIZATIONS)
def organizations(request: OfficeRequest) -> HttpResponse:
    """The register in Russian order, with search and filters in the address."""
    municipality, today = request.municipality, timezone.localdate()
    form = OrganizationFilterForm(request.GET, municipality=municipality)
    wanted = form.wanted
    counts = organization_counts(municipality, today=today)
    page = Paginator(organizations_for_list(municipality, wanted, today=today), PAGE).get_page(request.GET.get("page"))
    picks = [
        (label, count, _with(request, state=state), wanted.state == state)
        for label, state, count in (
            ("Действуют", "active", counts["active"]),
            ("Закрыты", "closed", counts["closed"]),
            ("Все", "all", counts["active"] + counts["closed"]),
        )
    ]
    context = {
        "form": form,
        "page": page,
        "picks": picks,
        "is_empty": not counts["active"] + counts["closed"],
        "address": request.GET.urlencode(),
        "may_edit": Right.EDIT_ORGANIZATIONS in request.rights,
    }
    return render(request, "organizations/list.html", context)


@office_page(Right.SEE_ORGANIZATIONS)
def organization(request: OfficeRequest, organization_id: int) -> HttpResponse:
    """What is known of one organization, and its history."""
    found = _organization(request, organization_id)
    context = {
        "organization": found,
        "history": history_of(found),
        "is_active": found.is_active_on(timezone.localdate()),
        "may_edit": Right.EDIT_ORGANIZATIONS in request.rights,
    }
    return render(request, "organizations/organization.html", context)


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_add(request: OfficeRequest) -> HttpResponse:
    municipality = request.municipality
    form = OrganizationForm(request.POST or None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_organization(municipality=municipality, facts=form.facts, actor=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Добавлено: {added}")
            return redirect("office:organization", municipality.slug, added.pk)
    return render(request, "organizations/form.html", {"form": form}, status=_status(form))


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_edit(request: OfficeRequest, organization_id: int) -> HttpResponse:
    """The facts in a form; when somebody saved before, both versions side by side and nothing written."""
    municipality = request.municipality
    found = _organization(request, organization_id)
    initial = OrganizationForm.initial_of(found)
    form = OrganizationForm(request.POST or None, initial=initial, municipality=municipality)
    context: dict[str, Any] = {"form": form, "organization": found}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_organization(
                organization=found, facts=form.facts, version=version, actor=request.user, at=timezone.now()
            )
        except OrganizationStale as error:
            differing, offer = disagreements(error.current, version=version, mine=form.facts)
            offered = OrganizationForm(initial={**offer, "version": error.current.version}, municipality=municipality)
            context = {"form": offered, "organization": error.current, "disagreements": differing, "stale": True}
            return render(request, "organizations/form.html", context, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:organization", municipality.slug, found.pk)
    return render(request, "organizations/form.html", context, status=_status(form))


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_close(request: OfficeRequest, organization_id: int) -> HttpResponse:
    """The last day of an organization's work."""
    municipality = request.municipality
    found = _organization(request, organization_id)
    form = CloseForm(request.POST or None, initial={"version": found.version, "last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            close_organization(
                organization=found,
                last_day=form.cleaned_data["last_day"],
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Действует по {date_in_words(form.cleaned_data['last_day'])}: {found}")
            return redirect("office:organization", municipality.slug, found.pk)
    return render(request, "organizations/close.html", {"form": form, "organization": found}, status=_status(form))


@office_page(Right.EDIT_ORGANIZATIONS)
@require_POST
def organization_reopen(request: OfficeRequest, organization_id: int) -> HttpResponse:
    found = _organization(request, organization_id)
    form = VersionForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        reopen_organization(organization=found, version=version, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Снова действует: {found}")
    return redirect("office:organization", request.municipality.slug, found.pk)


def _organization(request: OfficeRequest, organization_id: int) -> Organization:
    rows = Organization.objects.filter(municipality=request.municipality).select_related("merged_into")
    return get_object_or_404(rows, pk=organization_id)


def _with(request: OfficeRequest, **changes: str) -> str:
    """The present address with other filters, on its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _status(form: OrganizationForm | CloseForm) -> int:
    return 422 if form.is_bound and form.errors else 200
