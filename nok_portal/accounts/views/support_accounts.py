"""Support: accounts and the portal's own journal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.tenants.access import support_page
from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.scope import scope

from ..forms.support import ReasonForm, SearchForm
from ..models import User
from ..services.people import reset_second_factor
from ..support_selectors import accounts_for_support, roles_of_account

PAGE = 50


@support_page
def accounts(request: PortalRequest) -> HttpResponse:
    """All accounts, by name."""
    form = SearchForm(request.GET, placeholder="Имя или электронная почта")
    page = Paginator(accounts_for_support(form.words), PAGE).get_page(request.GET.get("page"))
    return render(request, "support/accounts.html", {"form": form, "page": page})


@support_page
def account(request: PortalRequest, user_id: int) -> HttpResponse:
    """An account: roles, second factor, what happened to it."""
    found = get_object_or_404(accounts_for_support(""), pk=user_id)
    with scope(system=True):
        values = {"account": found, "roles": roles_of_account(found), "history": list(timeline_for(found)[:PAGE])}
        return render(request, "support/account.html", values)


@support_page
def account_reset(request: PortalRequest, user_id: int) -> HttpResponse:
    """Take the second factor off for somebody who has lost phone and codes, and sign them out."""
    found = get_object_or_404(User, pk=user_id, is_active=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reset_second_factor(user=found, actor=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, f"Второй фактор сброшен: {found}")
        return redirect("support:account", found.pk)
    values = {
        "form": form,
        "title": f"Сбросить второй фактор: {found}?",
        "note": "Сначала убедитесь, что обратился сам владелец. Портал выйдет на всех его устройствах, отзовёт его"
        " ключи для программ и при следующем входе предложит включить второй фактор заново.",
        "verb": "Сбросить",
        "danger": True,
        "back": "support:account",
        "back_slug": found.pk,
    }
    return render(request, "support/form.html", values, status=422 if form.errors else 200)


@support_page
def journal(request: PortalRequest) -> HttpResponse:
    """What happened to accounts, newest first."""
    with scope(system=True):
        entries = AuditEntry.objects.filter(municipality=None, region=None).order_by("-at", "-pk")
        page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
        return render(request, "support/journal.html", {"page": page})
