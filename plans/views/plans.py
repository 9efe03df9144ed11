"""Plans: the list, a plan's table, its history, its facts, the archive, the end of a draft."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.days.difference import DaysDifference
from plans.forms import DeleteForm, PlanFactsForm
from plans.models import Plan
from plans.selectors.first_steps import first_steps
from plans.services import plans as services
from plans.services.days import days_difference
from plans.services.plan_locks import PlanGone
from plans.services.undoing import undoable
from plans.views.plan_pages import delete_question, head_of, plan_gone, plan_of, plan_url, versioned_url
from plans.views.stale import standing_in, tell_stale

PAGE = 50


@office_page(Right.SEE_PLANS)
@require_safe
def plans(request: OfficeRequest) -> HttpResponse:
    """The municipality's plans, and documents that have not become plans yet."""
    archived = request.GET.get("archive") == "1"
    today = timezone.localdate()
    found = selectors.plans_of_municipality(request.municipality, archived=archived).not_replaced()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may_edit = Right.EDIT_PLANS in request.rights
    waiting = selectors.unfinished_imports(request.municipality, timezone.now()) if may_edit and not archived else []
    context = {
        "page": page,
        "summaries": selectors.summaries(page.object_list, today),
        "waiting": waiting,
        "archived": archived,
        "in_archive": selectors.plans_of_municipality(request.municipality, archived=True).count(),
        "may_edit": may_edit,
        "first_steps": [] if page.paginator.count else first_steps(request.municipality, request.rights),
    }
    return render(request, "plans/list.html", context)


@office_page(Right.SEE_PLANS)
@require_safe
def history(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """What was done to the plan."""
    found = plan_of(request, plan_id)
    page = Paginator(selectors.history_of_plan(found), PAGE).get_page(request.GET.get("page"))
    may_undo = undoable(found, page.object_list) if Right.EDIT_PLANS in request.rights else set()
    context = {**head_of(request, found, "history"), "page": page, "may_undo": may_undo}
    return render(request, "plans/history.html", context)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Title, kind, period, assessment years, spheres; what that does to due dates is shown before it is saved."""
    found = plan_of(request, plan_id)
    initial = {name: getattr(found, name) for name in services.FACTS} | {"version": found.version}
    form = PlanFactsForm(request.POST if request.method == "POST" else None, initial=initial)
    difference = DaysDifference()
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in services.FACTS}
        version = form.cleaned_data["version"]
        if version == found.version:
            difference = days_difference(found, facts=facts)
        if difference and request.POST.get("seen") != difference.stamp:
            return render(request, "plans/edit.html", {"plan": found, "form": form, "difference": difference})
        try:
            services.edit_plan_facts(plan=found, version=version, facts=facts, actor=request.user, at=timezone.now())
        except PlanGone as error:
            return plan_gone(request, error)
        except StaleVersion:
            found.refresh_from_db(fields=["version"])
            tell_stale(form, found.version, now=standing_in(form))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сведения о плане сохранены" + (", сроки пересчитаны" if difference else ""))
            return redirect("office:plan", request.municipality.slug, found.pk)
    status = 422 if form.is_bound else 200
    return render(request, "plans/edit.html", {"plan": found, "form": form}, status=status)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """The end of a draft: asks first."""
    found = plan_of(request, plan_id)
    form = DeleteForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return _change(
            request,
            found,
            lambda version: services.delete_draft(
                plan=found,
                version=version,
                actor=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            ),
            "Черновик удалён",
            reverse("office:plans", args=[request.municipality.slug]),
        )
    if request.method == "POST":
        messages.error(request, f"Черновик не удалён. Причина: {form.errors['reason'][0]}")
    context = {
        **delete_question(found),
        "url": versioned_url("office:plan_delete", request, found),
        "back_url": plan_url(request, found),
    }
    return render(request, "confirm.html", context, status=422 if request.method == "POST" else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def archive(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Put the plan away; a toast brings it back."""
    found = plan_of(request, plan_id)
    return _change(
        request,
        found,
        lambda version: services.archive_plan(plan=found, version=version, actor=request.user, at=timezone.now()),
        "План убран в архив",
        plan_url(request, found),
        undo=versioned_url("office:plan_restore", request, found, version=found.version + 1),
    )


@office_page(Right.EDIT_PLANS)
@require_POST
def restore(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Bring the plan back from the archive."""
    found = plan_of(request, plan_id)
    return _change(
        request,
        found,
        lambda version: services.restore_plan(plan=found, version=version, actor=request.user, at=timezone.now()),
        "План возвращён из архива",
        plan_url(request, found),
    )


def _change(
    request: OfficeRequest, found: Plan, change: Callable[[int], object], done: str, then: str, undo: str = ""
) -> HttpResponse:
    try:
        change(whole_number(request.GET.get("version", "")) or 0)
    except PlanGone as error:
        return plan_gone(request, error)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("office:plan", request.municipality.slug, found.pk)
    messages.success(request, done, extra_tags=f"undo:{undo}" if undo else "")
    return redirect(then)
