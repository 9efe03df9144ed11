"""New plans without a document: a copy for another period, the portal's own template."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.access import office_page
from nok_portal.tenants.models import Organization
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.editions.shifting import shift_day, years_to_next
from plans.editions.template_plan import ROWS
from plans.forms.states import CopyForm, SampleForm, usual_sample
from plans.models import Plan
from plans.selectors.next_period import rewordings
from plans.services.next_period import copy_plan
from plans.services.plan_locks import PlanGone
from plans.services.template import take_template
from plans.views.plan_pages import plan_gone, plan_of
from plans.views.stale import tell_stale


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """For which period; then every text whose years move, before and after, each of which may stay as it is."""
    found = plan_of(request, plan_id)
    form = CopyForm(request.POST or None, initial=_next_period(found))
    moved = set(request.POST.getlist("move"))
    start = form.cleaned_data["period_from"] if form.is_bound and form.is_valid() else form["period_from"].initial
    by = start.year - found.period_from.year
    changes = rewordings(found, by)
    is_shown = form.is_bound and form.is_valid() and form.cleaned_data["shown_by"] == by
    kept = {one.place for one in changes if one.place not in moved} if is_shown else set()
    if form.is_bound and form.is_valid() and is_shown and request.POST.get("act") == "create":
        try:
            made = copy_plan(
                plan=found,
                version=form.cleaned_data["version"],
                period_from=start,
                period_to=form.cleaned_data["period_to"],
                assessment_years=form.cleaned_data["assessment_years"],
                kept=kept,
                with_values=form.cleaned_data["values"] == "copy",
                actor=request.user,
                at=timezone.now(),
            )
        except PlanGone as error:
            return plan_gone(request, error)
        except StaleVersion:
            found.refresh_from_db(fields=["version"])
            tell_stale(form, found.version)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Черновик на новый период готов. Проверьте сроки и исполнителей.")
            return redirect("office:plan", request.municipality.slug, made.pk)
    context = {
        "plan": found,
        "form": form,
        "by": by,
        "changes": [(one, one.place not in kept) for one in changes],
        "asks_again": form.is_bound and not form.errors and request.POST.get("act") == "create",
    }
    return render(request, "plans/copy.html", context, status=422 if form.errors else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: OfficeRequest) -> HttpResponse:
    """«Взять образец плана»: spheres, first year, for how long."""
    today = timezone.localdate()
    form = SampleForm(request.POST or None, today=today, initial=usual_sample(today, _spheres_in_register(request)))
    if request.method == "POST" and form.is_valid():
        try:
            made = take_template(
                municipality=request.municipality, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Образец взят. Поправьте сроки и исполнителей под себя и утвердите план.")
            return redirect("office:plan", request.municipality.slug, made.pk)
    context = {
        "form": form,
        "count": sum(1 for row in ROWS if len(row) > 2),
        "sections": [row[1] for row in ROWS if len(row) == 2],
    }  # fmt: skip
    return render(request, "plans/sample.html", context, status=422 if form.errors else 200)


def _next_period(plan: Plan) -> dict[str, Any]:
    """As long a period as the plan's, right after it."""
    by = years_to_next(plan.period_from, plan.period_to)
    return {
        "period_from": shift_day(plan.period_from, by),
        "period_to": shift_day(plan.period_to, by),
        "assessment_years": [year + by for year in plan.assessment_years],
        "values": "",
        "version": plan.version,
        "shown_by": by,
    }


def _spheres_in_register(request: OfficeRequest) -> list[str]:
    rows = Organization.objects.filter(municipality=request.municipality).listed().order_by("sphere")
    return list(rows.values_list("sphere", flat=True).distinct())
