from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import public_page
from nok_portal.tenants.rights import Role

from ..forms.invitations import NewAccountForm
from ..models import Invitation, InvitationState, User
from ..services import invitations
from ..services.places import place_scope


@public_page
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites whom where as what; a new person sets name and password, a known one signs in and accepts."""
    offer = invitations.invitation_by_token(token)
    if offer is None:
        return render(request, "accounts/invitation_unknown.html", status=404)
    if offer.state(at=timezone.now()) is not InvitationState.WAITING:
        return _too_late(request, offer, offer.state(at=timezone.now()).name.lower())
    if offer.municipality is not None and not offer.municipality.is_active:
        return _too_late(request, offer, "stopped")
    if User.objects.filter(email=offer.email, is_active=True).exists():
        return _existing_account(request, offer)
    return _new_account(request, offer)


def _new_account(request: HttpRequest, offer: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return _show(request, offer, as_other=True)
    if request.method != "POST":
        return _show(request, offer, form=NewAccountForm(email=offer.email, initial={"full_name": offer.full_name}))
    form = NewAccountForm(request.POST, email=offer.email)
    if form.is_valid():
        try:
            membership = invitations.accept_with_new_account(
                invitation=offer,
                full_name=form.cleaned_data["full_name"],
                password=form.cleaned_data["password"],
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            record_authentication(request, membership.user, method="password", email=membership.user.email)
            # through all of allauth's steps: a reopened account may have a second factor
            response: HttpResponse = perform_login(request, membership.user, redirect_url="/", email=offer.email)
            return response
    return _show(request, offer, form=form)


def _existing_account(request: HttpRequest, offer: Invitation) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        return _show(request, offer, must_sign_in=True)
    if user.email != offer.email:
        return _show(request, offer, as_other=True)
    if request.method != "POST":
        return _show(request, offer)
    try:
        invitations.accept_with_existing_account(invitation=offer, user=user, at=timezone.now())
    except DomainError as refusal:
        return _show(request, offer, refusal=str(refusal))
    messages.success(request, f"Приглашение принято: {_place(offer)}")
    return redirect("home")


def _show(request: HttpRequest, offer: Invitation, **more: Any) -> HttpResponse:
    with place_scope(offer):
        values = {
            "offer": offer,
            "place": _place(offer),
            "role": Role(offer.role).label,
            "organization": offer.organization,
            **more,
        }
        return render(request, "accounts/invitation.html", values)


def _too_late(request: HttpRequest, offer: Invitation, state: str) -> HttpResponse:
    return render(
        request,
        "accounts/invitation_too_late.html",
        {"offer": offer, "place": _place(offer), "state": state},
        status=410,
    )


def _place(offer: Invitation) -> Any:
    return offer.municipality or offer.region
