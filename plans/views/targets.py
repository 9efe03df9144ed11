"""Target indicators of a plan: planned and actual by year, what was reached, what a draft promises."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import figure_in_words, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.enums import TargetMeasure
from plans.forms.targets import ActualsForm, IndicatorForm
from plans.models import Plan, TargetIndicator
from plans.permissions import Part, may_change, why_fixed
from plans.selectors.targets import target_with_progress, targets_with_progress
from plans.services.targets import (
    TargetGone,
    TargetStale,
    add_indicator,
    delete_indicator,
    edit_indicator,
    record_actuals,
    set_measure,
)
from plans.views.plan_pages import head_of, plan_of
from plans.views.stale import tell_stale


@office_page(Right.SEE_PLANS)
@require_safe
def targets(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Each indicator with its drawing and its years."""
    found = plan_of(request, plan_id)
    context = {
        **head_of(request, found, "targets"),
        "targets": targets_with_progress(found, today=timezone.localdate()),
        "may_record": may_change(found, Part.EVENTS, rights=request.rights),
        "may_promise": may_change(found, Part.WORDS, rights=request.rights),
    }
    return render(request, "plans/targets.html", context)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def actuals(request: OfficeRequest, target_id: int) -> HttpResponse:
    """What was reached, by year, and whether the portal counts it."""
    found = _target(request, target_id)
    view = target_with_progress(found, today=timezone.localdate())
    fixed = why_fixed(found.plan, Part.OWN)
    form = ActualsForm(
        request.POST or None,
        view=view,
        measure_is_fixed=fixed,
        initial={"measure": found.measure, "version": found.version},
    )
    context: dict[str, Any] = {"plan": found.plan, "target": view, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            _save(found, form, request)
        except TargetStale as error:
            return render(request, "plans/target_actuals.html", context | _stale(found, form, error), status=409)
        except TargetGone as error:
            return _gone(request, found, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return _to_targets(request, found.plan, found)
    return render(request, "plans/target_actuals.html", context, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """A new indicator of a draft."""
    plan = plan_of(request, plan_id)
    form = IndicatorForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_indicator(
                plan=plan, facts=form.facts, planned=form.planned, actor=request.user, at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Показатель добавлен")
            return _to_targets(request, plan, added)
    return render(request, "plans/target_form.html", {"plan": plan, "form": form}, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OfficeRequest, target_id: int) -> HttpResponse:
    """Words and planned figures of an indicator of a draft."""
    found = _target(request, target_id)
    form = IndicatorForm(request.POST or None, plan=found.plan, indicator=found)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_indicator(
                indicator=found,
                facts=form.facts,
                planned=form.planned,
                version=form.cleaned_data["version"] or 0,
                actor=request.user,
                at=timezone.now(),
            )
        except TargetGone as error:
            return _gone(request, found, error)
        except TargetStale:
            found.refresh_from_db(fields=["version"])
            tell_stale(form, found.version, now=f"Сейчас: {_standing(found)}.")
            status = 409
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Показатель сохранён")
            return _to_targets(request, found.plan, found)
    return render(request, "plans/target_form.html", {"plan": found.plan, "form": form, "target": found}, status=status)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: OfficeRequest, target_id: int) -> HttpResponse:
    """An indicator leaves a draft: asks first."""
    found = _target(request, target_id)
    if request.method == "POST":
        try:
            delete_indicator(
                indicator=found,
                version=whole_number(request.GET.get("version", "")) or 0,
                actor=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Показатель удалён")
        return _to_targets(request, found.plan)
    slug = request.municipality.slug
    context = {
        "title": f"Удалить показатель «{found.title}»?",
        "text": "Удалятся плановые цифры и всё, что внесено по годам.",
        "verb": "Удалить показатель",
        "url": f"{reverse('office:target_delete', args=[slug, found.pk])}?version={found.version}",
        "back_url": reverse("office:plan_targets", args=[slug, found.plan_id]),
    }
    return render(request, "confirm.html", context)


def _target(request: OfficeRequest, target_id: int) -> TargetIndicator:
    rows = TargetIndicator.objects.filter(municipality=request.municipality)
    return get_object_or_404(rows.select_related("plan").prefetch_related("values"), pk=target_id)


def _to_targets(request: OfficeRequest, plan: Plan, indicator: TargetIndicator | None = None) -> HttpResponseRedirect:
    place = f"#target-{indicator.pk}" if indicator else ""
    return redirect(reverse("office:plan_targets", args=[request.municipality.slug, plan.pk]) + place)


def _gone(request: OfficeRequest, found: TargetIndicator, error: TargetGone) -> HttpResponse:
    messages.error(request, str(error))
    return _to_targets(request, found.plan)


def _save(found: TargetIndicator, form: ActualsForm, request: OfficeRequest) -> None:
    now = timezone.now()
    saved = record_actuals(
        indicator=found, reached=form.reached, version=form.cleaned_data["version"], actor=request.user, at=now
    )
    if form.measure_is_changed:
        measure = TargetMeasure(form.cleaned_data["measure"])
        set_measure(indicator=saved, measure=measure, version=saved.version, actor=request.user, at=now)


def _stale(found: TargetIndicator, typed: ActualsForm, error: TargetStale) -> dict[str, Any]:
    """What the person typed stays; years they left alone have what somebody else wrote meanwhile."""
    mine = {f"{name}_{year}" for year in typed.reached for name in ("actual", "note")}
    mine |= {"measure"} if typed.measure_is_changed else set()
    fixed = typed.measure_is_fixed
    standing = ActualsForm(
        view=typed.view, measure_is_fixed=fixed, initial={"measure": found.measure, "version": found.version}
    )
    data = {name: standing[name].value() for name in standing.fields}
    data = {name: "" if value is None else str(value) for name, value in data.items()}
    form = ActualsForm(
        data | {name: typed.data.get(name, "") for name in mine}, view=typed.view, measure_is_fixed=fixed
    )
    form.is_valid()
    return {"form": form, "stale": str(error), "mine": mine}


def _standing(found: TargetIndicator) -> str:
    figures = ", ".join(
        f"{value.year} – {figure_in_words(value.planned)}"
        for value in sorted(found.values.all(), key=lambda value: value.year)
    )
    return f"«{found.title}», {figures}"
