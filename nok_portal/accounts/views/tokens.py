"""A person's keys for programs."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import account_page
from nok_portal.tenants.requests import PortalRequest

from ..forms.tokens import TokenForm
from ..models import AccessToken
from ..selectors import places_of, tokens_of
from ..services.tokens import create_token, revoke_token


@account_page
@require_safe
def tokens(request: PortalRequest) -> HttpResponse:
    """The keys that open something."""
    return render(request, "accounts/tokens.html", {"tokens": tokens_of(request.user, at=timezone.now())})


@account_page
@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: PortalRequest) -> HttpResponse:
    """Makes a key and shows it, this once."""
    form = TokenForm(request.POST if request.method == "POST" else None, places=places_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(user=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "accounts/token_made.html", {"made": made})
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.is_bound else 200)


@account_page
@require_POST
def token_revoke(request: PortalRequest, token_id: int) -> HttpResponse:
    """The end of a key."""
    token = get_object_or_404(AccessToken, pk=token_id, user=request.user)
    revoke_token(token=token, actor=request.user, at=timezone.now())
    messages.success(request, f"Ключ «{token.name}» отозван и больше ничего не открывает")
    return redirect("access_tokens")
