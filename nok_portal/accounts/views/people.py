"""People and roles of a municipality: list, one person's role, invitations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right

from .. import handover
from ..forms.people import ChangeForm, EndForm, InviteForm, PeopleFilterForm
from ..models import Invitation, Membership
from ..selectors import open_invitations, people_counts, people_of, role_history
from ..services import invitations as inviting
from ..services.memberships import change_membership, end_membership, successors_of
from .rows import invitation_rows

PAGE = 50


@office_page(Right.SEE_PEOPLE)
def people(request: OfficeRequest) -> HttpResponse:
    """Who works here as what, and who is invited."""
    form = PeopleFilterForm(request.GET)
    wanted = form.wanted
    counts = people_counts(request.municipality)
    page = Paginator(people_of(request.municipality, wanted), PAGE).get_page(request.GET.get("page"))
    picks = [
        (label, counts[state], _with(request, state=state), wanted.state == state)
        for label, state in (("Работают", "current"), ("Сняты", "ended"))
    ]
    offers = invitation_rows(open_invitations(request.municipality)[:PAGE], at=timezone.now())
    values = {"form": form, "page": page, "picks": picks, "offers": offers, "may_manage": _may_manage(request)}
    return render(request, "accounts/people.html", values)


@office_page(Right.SEE_PEOPLE)
def person(request: OfficeRequest, membership_id: int) -> HttpResponse:
    """One role of a person, and its history."""
    found = _membership(request, membership_id, people_of_any_state(request))
    values = {
        "membership": found,
        "history": role_history(found),
        "work": handover.open_work(found) if found.ended_at is None else [],
        "may_manage": _may_manage(request),
    }
    return render(request, "accounts/person.html", values)


@office_page(Right.MANAGE_PEOPLE)
def person_invite(request: OfficeRequest) -> HttpResponse:
    municipality = request.municipality
    form = InviteForm(request.POST or None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        try:
            inviting.invite_person(**form.cleaned_data, place=municipality, actor=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Приглашение отправлено на {form.cleaned_data['email']}")
            return redirect("office:people", municipality.slug)
    return render(request, "accounts/person_invite.html", {"form": form}, status=_status(form))


@office_page(Right.MANAGE_PEOPLE)
def person_change(request: OfficeRequest, membership_id: int) -> HttpResponse:
    found = _membership(request, membership_id)
    initial = {"role": found.role, "organization": found.organization_id, "post": found.post, "version": found.version}
    form = ChangeForm(request.POST or None, initial=initial, municipality=request.municipality)
    if request.method == "POST" and form.is_valid():
        try:
            change_membership(membership=found, **form.cleaned_data, actor=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:person", request.municipality.slug, found.pk)
    return render(request, "accounts/person_change.html", {"form": form, "membership": found}, status=_status(form))


@office_page(Right.MANAGE_PEOPLE)
def person_end(request: OfficeRequest, membership_id: int) -> HttpResponse:
    """What the person leaves behind, to whom it passes, and the end of the role."""
    found = _membership(request, membership_id)
    work, successors = handover.open_work(found), successors_of(found)
    form = EndForm(request.POST or None, successors=successors, has_work=bool(work))
    if request.method == "POST" and form.is_valid():
        try:
            closed = end_membership(
                membership=found,
                to=form.cleaned_data.get("to"),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _ended(found, closed=closed))
            return redirect("office:people", request.municipality.slug)
    values = {"form": form, "membership": found, "work": work, "successors": successors}
    return render(request, "accounts/person_end.html", values, status=_status(form))


@office_page(Right.MANAGE_PEOPLE)
@require_POST
def invitation_resend(request: OfficeRequest, invitation_id: int) -> HttpResponse:
    offer = _invitation(request, invitation_id)
    try:
        inviting.resend_invitation(invitation=offer, actor=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Новая ссылка отправлена на {offer.email}")
    return redirect("office:people", request.municipality.slug)


@office_page(Right.MANAGE_PEOPLE)
@require_POST
def invitation_revoke(request: OfficeRequest, invitation_id: int) -> HttpResponse:
    offer = _invitation(request, invitation_id)
    try:
        inviting.revoke_invitation(invitation=offer, actor=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Приглашение для {offer.email} отозвано")
    return redirect("office:people", request.municipality.slug)


def people_of_any_state(request: OfficeRequest) -> QuerySet[Membership]:
    return Membership.objects.filter(municipality=request.municipality).select_related("user", "organization")


def _membership(request: OfficeRequest, membership_id: int, among: QuerySet[Membership] | None = None) -> Membership:
    if among is None:
        among = people_of_any_state(request).current()  # type: ignore[attr-defined]
    return get_object_or_404(among, pk=membership_id)


def _invitation(request: OfficeRequest, invitation_id: int) -> Invitation:
    return get_object_or_404(Invitation, pk=invitation_id, municipality=request.municipality)


def _ended(membership: Membership, *, closed: bool) -> str:
    name = membership.user.full_name
    return f"Роль снята, учётная запись закрыта: {name}" if closed else f"Роль снята: {name}"


def _may_manage(request: OfficeRequest) -> bool:
    return Right.MANAGE_PEOPLE in request.rights


def _with(request: OfficeRequest, **values: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _status(form: Any) -> int:
    return 422 if form.errors else 200
