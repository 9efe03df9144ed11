from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from nok_portal.tenants.access import account_page
from nok_portal.tenants.requests import PortalRequest

from ..access import is_administrator_anywhere


@account_page
def account(request: PortalRequest) -> HttpResponse:
    """One's own account: name, password, second factor, devices."""
    factors = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    return render(
        request,
        "accounts/account.html",
        {
            "has_second_factor": Authenticator.Type.TOTP in factors,
            "must_have_second_factor": settings.SECOND_FACTOR_REQUIRED and is_administrator_anywhere(request.user),
        },
    )
