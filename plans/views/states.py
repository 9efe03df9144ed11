"""The states of a plan: approved by an act, closed, opened again, its approval withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from nok_portal.tenants.services.acts import ActWrong
from plans.forms.states import ApprovalForm, ReasonForm
from plans.models import Plan
from plans.selectors.approval import readiness_of
from plans.selectors.editions import compare_editions, reports_to_carry, still_open
from plans.services import approval
from plans.services.plan_locks import PlanGone
from plans.views.plan_pages import plan_gone, plan_of
from plans.views.stale import tell_stale

SHOWN = 30


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """What will be approved, what the check still remarks, and by which act."""
    found = plan_of(request, plan_id)
    form = ApprovalForm(request.POST or None, request.FILES or None, municipality=request.municipality)
    if request.method == "POST" and form.is_valid():
        try:
            approval.approve_plan(
                plan=found,
                version=form.cleaned_data["version"] or 0,
                act=form.chosen,
                actor=request.user,
                at=timezone.now(),
            )
        except PlanGone as error:
            return plan_gone(request, error)
        except StaleVersion:
            found.refresh_from_db(fields=["version"])
            tell_stale(form, found.version)
        except DomainError as error:
            form.add_error(error.field if isinstance(error, ActWrong) else None, str(error))
        else:
            messages.success(request, "План утверждён")
            return redirect("office:plan", request.municipality.slug, found.pk)
    context: dict[str, Any] = {
        "plan": found,
        "form": form,
        "refusal": approval.not_approvable(found),
        "readiness": readiness_of(found),
    }
    if found.previous is not None:
        carry = reports_to_carry(found)
        context |= {
            "comparison": compare_editions(found.previous, found),
            "carry": carry,
            "left": carry.left[:SHOWN],
            "left_more": len(carry.left[SHOWN:]),
        }
    return render(request, "plans/approve.html", context, status=422 if form.errors else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Back to a draft, while nothing rests on the approval."""
    return _with_reason(
        request,
        plan_id,
        approval.withdraw_approval,
        done="Утверждение отозвано, план снова черновик",
        refusal=approval.not_withdrawable,
        words={
            "heading": "Отозвать утверждение",
            "sub": "План снова станет черновиком, его слова можно будет менять. Прежняя редакция, если она была,"
            " снова начнёт действовать.",
            "verb": "Отозвать утверждение",
        },
    )


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """The end of the work: what is still open is named first."""
    return _with_reason(
        request,
        plan_id,
        approval.close_plan,
        done="План закрыт",
        refusal=approval.not_closable,
        words={
            "heading": "Закрыть план",
            "sub": "Закрытый план только читают: отчёты, сроки и значения больше не меняются, напоминания не приходят."
            " Закрытый план можно открыть снова.",
            "verb": "Закрыть план",
        },
        also=_still_open,
    )


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """A closed plan is in force again."""
    return _with_reason(
        request,
        plan_id,
        approval.reopen_plan,
        done="План снова действует",
        refusal=approval.not_reopenable,
        words={
            "heading": "Открыть план снова",
            "sub": "Сроки плана снова начнут напоминать о себе, по ним можно будет отчитываться.",
            "verb": "Открыть план",
        },
    )


def _still_open(plan: Plan) -> dict[str, Any]:
    undone = still_open(plan)
    return {"undone": undone[:SHOWN], "undone_count": len(undone), "undone_more": len(undone[SHOWN:])}


def _with_reason(
    request: OfficeRequest,
    plan_id: int,
    change: Callable[..., Plan],
    *,
    done: str,
    refusal: Callable[[Plan], str],
    words: dict[str, str],
    also: Callable[[Plan], dict[str, Any]] = lambda plan: {},
) -> HttpResponse:
    found = plan_of(request, plan_id)
    url = reverse("office:plan", args=[request.municipality.slug, found.pk])
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            change(plan=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except PlanGone as error:
            return plan_gone(request, error)
        except StaleVersion:
            found.refresh_from_db(fields=["version"])
            tell_stale(form, found.version)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(url)
    context = {"plan": found, "form": form, "plan_url": url, "refusal": refusal(found), **words, **also(found)}
    return render(request, "plans/state_change.html", context, status=422 if form.errors else 200)
