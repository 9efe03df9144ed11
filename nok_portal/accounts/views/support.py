"""Support: regions, municipalities, their first people. A municipality's own pages are closed without a visit."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import DomainError
from nok_portal.messaging.selectors.sent import mail_health
from nok_portal.tenants.access import support_page
from nok_portal.tenants.forms.places import MunicipalityForm, NewMunicipalityForm, RegionForm, RegionNameForm
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.selectors.places import history_of_municipality
from nok_portal.tenants.services import places
from nok_portal.tenants.services.places import PlaceRefused

from ..access import open_support_visit
from ..forms.support import ReasonForm, SearchForm, SupportInviteForm, VisitForm
from ..models import Invitation, Membership, SupportVisit
from ..selectors import open_invitations
from ..services import invitations as inviting
from ..services.memberships import end_membership
from ..services.places import place_scope
from ..services.support import end_visit, start_visit
from ..support_selectors import administrators_of, municipalities_for_support, regions_for_support
from .rows import invitation_rows

PAGE = 50


@support_page
def home(request: PortalRequest) -> HttpResponse:
    """All municipalities and regions, and whether letters leave the portal."""
    form = SearchForm(request.GET, placeholder="Муниципалитет, его адрес или регион")
    page = Paginator(municipalities_for_support(form.words), PAGE).get_page(request.GET.get("page"))
    values = {
        "form": form,
        "page": page,
        "regions": regions_for_support(),
        "is_search": bool(form.words),
        "mail": mail_health(at=timezone.now()),
    }
    return render(request, "support/home.html", values)


@support_page
def region(request: PortalRequest, region: str) -> HttpResponse:
    """A region, its municipalities and its ministry's people."""
    found = get_object_or_404(Region, slug=region)
    with scope(regions=[found.pk]):
        values = {
            "place": found,
            "municipalities": municipalities_for_support("").filter(region=found),
            "people": administrators_of(found),
            "offers": invitation_rows(open_invitations(found), at=timezone.now()),
            "history": list(timeline_for(found)[:PAGE]),
        }
        return render(request, "support/region.html", values)


@support_page
def region_add(request: PortalRequest) -> HttpResponse:
    form = RegionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = places.create_region(**form.cleaned_data, actor=request.user, at=timezone.now())
        except PlaceRefused as refusal:
            form.show(refusal.problems)
        else:
            messages.success(request, f"Добавлено: {added}")
            return redirect("support:region", added.slug)
    return _form(request, form, title="Новый регион", verb="Добавить", back="support:home")


@support_page
def region_edit(request: PortalRequest, region: str) -> HttpResponse:
    found = get_object_or_404(Region, slug=region)
    form = RegionNameForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            places.change_region(region=found, **form.cleaned_data, actor=request.user, at=timezone.now())
        except PlaceRefused as refusal:
            form.show(refusal.problems)
        else:
            messages.success(request, "Сохранено")
            return redirect("support:region", found.slug)
    return _form(request, form, title=f"Регион: {found}", verb="Сохранить", back="support:region", at=found.slug)


@support_page
def municipality(request: PortalRequest, municipality: str) -> HttpResponse:
    """What support knows of a municipality: names, administrators, invitations, its own visits."""
    found = get_object_or_404(Municipality.objects.select_related("region", "logo"), slug=municipality)
    with scope(readable=[found.pk]):
        values = {
            "place": found,
            "people": administrators_of(found),
            "offers": invitation_rows(open_invitations(found).filter(role=Role.ADMINISTRATOR), at=timezone.now()),
            "visit": open_support_visit(request.user, found, at=timezone.now()),
            "history": history_of_municipality(found),
        }
        return render(request, "support/municipality.html", values)


@support_page
def municipality_add(request: PortalRequest) -> HttpResponse:
    initial = {"region": Region.objects.filter(slug=request.GET.get("region", "")).first()}
    form = NewMunicipalityForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            added = places.create_municipality(
                region=form.cleaned_data["region"],
                slug=form.cleaned_data["slug"],
                facts=form.facts,
                logo=form.cleaned_data["logo_file"],
                actor=request.user,
                at=timezone.now(),
            )
        except PlaceRefused as refusal:
            form.show(refusal.problems)
        except DomainError as refusal:
            form.add_error("logo_file", str(refusal))
        else:
            messages.success(request, f"Добавлено: {added}. Теперь пригласите первого администратора")
            return redirect("support:municipality", added.slug)
    return _form(request, form, title="Новый муниципалитет", verb="Добавить", back="support:home")


@support_page
def municipality_edit(request: PortalRequest, municipality: str) -> HttpResponse:
    found = get_object_or_404(Municipality.objects.select_related("region"), slug=municipality)
    form = MunicipalityForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            with scope(writable=[found.pk]):
                places.change_municipality(
                    municipality=found,
                    facts=form.facts,
                    version=form.cleaned_data["version"] or 0,
                    logo=form.cleaned_data["logo_file"],
                    actor=request.user,
                    at=timezone.now(),
                )
        except PlaceRefused as refusal:
            form.show(refusal.problems)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Сохранено")
            return redirect("support:municipality", found.slug)
    return _form(request, form, title=str(found), verb="Сохранить", back="support:municipality", at=found.slug)


@support_page
def municipality_stop(request: PortalRequest, municipality: str) -> HttpResponse:
    """Close a municipality to everybody, with a reason."""
    found = get_object_or_404(Municipality, slug=municipality)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        places.set_active(
            municipality=found,
            is_active=False,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, f"Работа остановлена: {found}")
        return redirect("support:municipality", found.slug)
    return _form(
        request,
        form,
        title=f"Остановить работу: {found}?",
        verb="Остановить",
        danger=True,
        note="Войти в муниципалитет не сможет никто, открытые страницы исчезнут. Данные сохранятся, работу можно"
        " возобновить.",
        back="support:municipality",
        at=found.slug,
    )


@support_page
@require_POST
def municipality_resume(request: PortalRequest, municipality: str) -> HttpResponse:
    found = get_object_or_404(Municipality, slug=municipality)
    places.set_active(municipality=found, is_active=True, reason="", actor=request.user, at=timezone.now())
    messages.success(request, f"Снова работает: {found}")
    return redirect("support:municipality", found.slug)


@support_page
def municipality_invite(request: PortalRequest, municipality: str) -> HttpResponse:
    found = get_object_or_404(Municipality, slug=municipality)
    title = f"Пригласить администратора: {found}"
    return _invite(request, found, role=Role.ADMINISTRATOR, title=title, back="support:municipality")


@support_page
def region_invite(request: PortalRequest, region: str) -> HttpResponse:
    found = get_object_or_404(Region, slug=region)
    title = f"Пригласить сотрудника министерства: {found}"
    return _invite(request, found, role=Role.MINISTRY, title=title, back="support:region")


@support_page
@require_POST
def invitation_resend(request: PortalRequest, invitation_id: int) -> HttpResponse:
    offer = _offer(invitation_id)
    try:
        with place_scope(offer):
            inviting.resend_invitation(invitation=offer, actor=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Новая ссылка отправлена на {offer.email}")
    return _back_to_place(offer)


@support_page
@require_POST
def invitation_revoke(request: PortalRequest, invitation_id: int) -> HttpResponse:
    offer = _offer(invitation_id)
    try:
        with place_scope(offer):
            inviting.revoke_invitation(invitation=offer, actor=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Приглашение для {offer.email} отозвано")
    return _back_to_place(offer)


@support_page
def ministry_end(request: PortalRequest, ministry_id: int) -> HttpResponse:
    """End the role of a ministry's person; in a municipality its own administrators do that."""
    found = get_object_or_404(
        Membership.objects.current().select_related("user", "region"), pk=ministry_id, role=Role.MINISTRY
    )
    assert found.region is not None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with scope(regions=[found.region.pk]):
            end_membership(
                membership=found,
                to=None,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        messages.success(request, f"Роль снята: {found.user}")
        return redirect("support:region", found.region.slug)
    return _form(
        request,
        form,
        title=f"Снять роль министерства: {found.user}?",
        verb="Снять роль",
        danger=True,
        note=f"{found.region}: доступ ко всем муниципалитетам региона прекратится сразу.",
        back="support:region",
        at=found.region.slug,
    )


@support_page
def municipality_enter(request: PortalRequest, municipality: str) -> HttpResponse:
    """Begin a visit: with a reason, for some hours, in the municipality's journal."""
    found = get_object_or_404(Municipality.objects.active(), slug=municipality)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            start_visit(user=request.user, municipality=found, **form.cleaned_data, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("office:today", found.slug)
    return _form(
        request,
        form,
        title=f"Войти в муниципалитет: {found}",
        verb="Войти",
        note="Вы увидите всё, что видит администратор, и сможете то же. Вход и каждое действие останутся в журнале"
        " муниципалитета.",
        back="support:municipality",
        at=found.slug,
    )


@support_page
@require_POST
def visit_end(request: PortalRequest, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(SupportVisit.objects.select_related("municipality"), pk=visit_id, user=request.user)
    end_visit(visit=visit, actor=request.user, at=timezone.now())
    messages.success(request, f"Вы вышли: {visit.municipality}")
    return redirect("support:municipality", visit.municipality.slug)


def _invite(request: PortalRequest, place: Municipality | Region, *, role: Role, title: str, back: str) -> HttpResponse:
    form = SupportInviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = scope(writable=[place.pk]) if isinstance(place, Municipality) else scope(regions=[place.pk])
        try:
            with opened:
                inviting.invite_person(
                    **form.cleaned_data, role=role, place=place, actor=request.user, at=timezone.now()
                )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Приглашение отправлено на {form.cleaned_data['email']}")
            return redirect(back, place.slug)
    return _form(request, form, title=title, verb="Отправить приглашение", back=back, at=place.slug)


def _offer(invitation_id: int) -> Invitation:
    # support invites administrators and ministries; the others are the municipality's own affair
    return get_object_or_404(
        Invitation.objects.select_related("municipality", "region"),
        pk=invitation_id,
        role__in=[Role.ADMINISTRATOR, Role.MINISTRY],
    )


def _back_to_place(offer: Invitation) -> HttpResponse:
    if offer.municipality is not None:
        return redirect("support:municipality", offer.municipality.slug)
    assert offer.region is not None
    return redirect("support:region", offer.region.slug)


def _form(request: PortalRequest, form: Any, *, back: str, at: str = "", **values: Any) -> HttpResponse:
    values |= {"form": form, "back": back, "back_slug": at}
    return render(request, "support/form.html", values, status=422 if form.errors else 200)
