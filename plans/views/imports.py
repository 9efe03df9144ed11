"""From a document to the draft of a plan: upload, progress, preview with corrections, confirmation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.access import office_page
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.drafts import Draft
from plans.enums import ImportState
from plans.forms import ActForm, FactsForm, LineForm, TargetForm, UploadForm
from plans.models import PlanImport
from plans.previews import columns_of, preview_of
from plans.services import corrections, imports

SHOWS = ("findings", "all", "corrected")


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficeRequest) -> HttpResponse:
    """Upload a document or paste a table."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            started = imports.start_import(
                municipality=request.municipality,
                actor=request.user,
                at=timezone.now(),
                upload=upload or None,
                name=upload.name if upload else "",
                text=form.cleaned_data["text"],
            )
        except DomainError as error:
            form.add_error("file" if upload else "text", str(error))
        else:
            return redirect("office:plan_import", request.municipality.slug, started.pk)
    waiting = selectors.unfinished_imports(request.municipality, timezone.now())
    status = 422 if form.is_bound else 200
    return render(request, "plans/new.html", {"form": form, "waiting": waiting}, status=status)


@office_page(Right.EDIT_PLANS)
@require_safe
def plan_import(request: OfficeRequest, import_id: int) -> HttpResponse:
    """The document while it is read, what went wrong, or the preview."""
    found = _open_import(request, import_id)
    if found.state == ImportState.CONFIRMED:
        return _to_plan(request, found)
    if found.state == ImportState.READING:
        return _reading(request, found)
    return _preview(request, found, *_open_form(request, found))


@office_page(Right.EDIT_PLANS)
@require_POST
def facts(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Say what the plan is as a whole."""
    found = _open_import(request, import_id)
    form = FactsForm(request.POST)

    def save() -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name != "stamp"}
        corrections.correct_facts(plan_import=found, stamp=form.cleaned_data["stamp"], facts=values, at=timezone.now())

    return _save_form(request, found, form, "facts", save)


@office_page(Right.EDIT_PLANS)
@require_POST
def line(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct a line."""
    found = _open_import(request, import_id)
    draft = _draft(found)
    if index >= len(draft.lines):
        raise Http404
    form = LineForm(request.POST, line=draft.lines[index], sections=draft.sections)

    def save() -> None:
        corrections.correct_line(
            plan_import=found,
            index=index,
            stamp=form.cleaned_data["stamp"],
            values=form.values,
            at=timezone.now(),
        )

    return _save_form(request, found, form, f"line-{index}", save)


@office_page(Right.EDIT_PLANS)
@require_POST
def target(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct a target indicator."""
    found = _open_import(request, import_id)
    draft = _draft(found)
    if index >= len(draft.targets):
        raise Http404
    form = TargetForm(request.POST, target=draft.targets[index])

    def save() -> None:
        corrections.correct_target(
            plan_import=found,
            index=index,
            stamp=form.cleaned_data["stamp"],
            title=form.cleaned_data["title"],
            values=form.values,
            at=timezone.now(),
        )

    return _save_form(request, found, form, f"target-{index}", save)


@office_page(Right.EDIT_PLANS)
@require_POST
def act(request: OfficeRequest, import_id: int) -> HttpResponse:
    """A verb of a line or of a finding: delete, restore, settle, inherit, leave empty."""
    found = _open_import(request, import_id)
    form = ActForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Кнопка прислала то, чего портал не понимает. Обновите страницу и повторите.")
        return _preview(request, found, {}, [], status=422)
    given = form.cleaned_data
    of, _, number = given["of"].partition("-")
    index = int(number or 0)
    part: corrections.Part = "targets" if of == "target" else "activities"
    where: dict[str, Any] = {
        "plan_import": found,
        "index": index,
        "stamp": given["stamp"],
        "at": timezone.now(),
    }
    value = given["value"]
    acts: dict[str, Callable[[], None]] = {
        "delete": lambda: corrections.delete_line(part=part, **where),
        "restore": lambda: corrections.restore_line(part=part, **where),
        "settle": lambda: corrections.settle_finding(part=part if of else None, key=value, **where),
        "inherit": lambda: corrections.inherit_field(name=value, **where),
        "leave_empty": lambda: corrections.leave_field_empty(name=value, **where),
    }
    back = _address(request, found, anchor=f"{of}-{index}" if of else "")
    try:
        acts[given["act"]]()
    except DomainError as error:
        return _refused(request, error, back)
    return redirect(back)


@office_page(Right.EDIT_PLANS)
@require_POST
def confirm(request: OfficeRequest, import_id: int) -> HttpResponse:
    """«Создать черновик плана»."""
    found = _open_import(request, import_id)
    version = request.POST.get("version", "")
    try:
        plan = imports.confirm_import(
            plan_import=found,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            actor=request.user,
            at=timezone.now(),
        )
    except DomainError as error:
        return _refused(request, error, reverse("office:plan_import", args=[request.municipality.slug, found.pk]))
    messages.success(request, "Черновик плана создан")
    return redirect("office:plan", request.municipality.slug, plan.pk)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Give the document up: asks first."""
    found = _open_import(request, import_id)
    if request.method == "POST":
        try:
            imports.discard_import(plan_import=found, actor=request.user, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Загрузка отменена")
        return redirect("office:plans", request.municipality.slug)
    slug = request.municipality.slug
    return render(
        request,
        "confirm.html",
        {
            **discard_question(found),
            "url": reverse("office:plan_import_discard", args=[slug, found.pk]),
            "back_url": reverse("office:plan_import", args=[slug, found.pk]),
        },
    )


def discard_question(found: PlanImport) -> dict[str, str]:
    """The words of the dialog and of the page behind it."""
    return {
        "title": f"Удалить загруженный документ «{found.source_name}»?",
        "text": "Документ и ваши исправления в нём удалятся. Загрузить его можно будет снова.",
        "verb": "Удалить",
    }


def _open_import(request: OfficeRequest, import_id: int) -> PlanImport:
    found = get_object_or_404(
        PlanImport.objects.select_related("job", "file", "plan"), pk=import_id, municipality=request.municipality
    )
    if found.state != ImportState.CONFIRMED and found.expires_at <= timezone.now():
        raise Http404
    return found


def _to_plan(request: OfficeRequest, found: PlanImport) -> HttpResponse:
    if found.plan_id is None:
        raise Http404
    return redirect("office:plan", request.municipality.slug, found.plan_id)


def _reading(request: OfficeRequest, found: PlanImport) -> HttpResponse:
    """While the worker reads; htmx asks every two seconds and goes on when the document is there."""
    job = found.job
    context = {
        "import": found,
        "job": job,
        "failed": job is not None and job.state in (BackgroundJob.State.FAILED, BackgroundJob.State.STOPPED),
        "here_url": reverse("office:plan_import", args=[request.municipality.slug, found.pk]),
        **_discard_context(request, found),
    }
    return render(request, "plans/import_reading.html", context)


def _preview(
    request: OfficeRequest,
    found: PlanImport,
    forms: dict[str, Any],
    also: list[str],
    *,
    status: int = 200,
) -> HttpResponse:
    draft = _draft(found)
    show = _show(request)
    preview = preview_of(
        draft,
        show=show,
        also=_indices("line", [*forms, *also]),
        also_targets=_indices("target", [*forms, *also]),
        forms=forms,
        may_edit=True,
    )
    facts_form = forms.get("facts")
    if facts_form is None and draft.facts.missing:
        facts_form = _facts_form(draft)
    doubtful = sum(1 for one in draft.lines if one.findings)
    context = {
        "import": found,
        "draft": draft,
        "preview": preview,
        "show": show,
        "picks": [
            ("С замечаниями и соседние", doubtful or None, "findings"),
            ("Все строки", len(draft.lines), "all"),
            ("Исправлено вами", draft.corrected, "corrected"),
        ],
        "facts_form": facts_form,
        "focus": also[0] if also else "",
        "doubles": selectors.doubles_of(found),
        "columns": columns_of(draft.table),
        "sphere_labels": [Sphere(sphere).label for sphere in draft.facts.spheres],
        **_discard_context(request, found),
    }
    return render(request, "plans/import_review.html", context, status=status)


def _discard_context(request: OfficeRequest, found: PlanImport) -> dict[str, Any]:
    return {
        "discard": discard_question(found),
        "discard_url": reverse("office:plan_import_discard", args=[request.municipality.slug, found.pk]),
    }


def _open_form(request: OfficeRequest, found: PlanImport) -> tuple[dict[str, Any], list[str]]:
    """The form that the address opens (`edit=line-3`, `edit=facts`), and the row it asks to keep in sight."""
    edit, kept = request.GET.get("edit", ""), request.GET.get("row", "")
    also = [kept] if kept else []
    draft = _draft(found)
    name, _, number = edit.partition("-")
    index = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else -1
    if edit == "facts":
        return {"facts": _facts_form(draft)}, also
    if name == "line" and 0 <= index < len(draft.lines):
        return {edit: LineForm(line=draft.lines[index], sections=draft.sections)}, also
    if name == "target" and 0 <= index < len(draft.targets):
        return {edit: TargetForm(target=draft.targets[index])}, also
    return {}, also


def _save_form(
    request: OfficeRequest, found: PlanImport, form: Any, anchor: str, save: Callable[[], None]
) -> HttpResponse:
    if form.is_valid():
        try:
            save()
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(_address(request, found, anchor=anchor))
    try:
        found.refresh_from_db()
    except PlanImport.DoesNotExist:
        return _refused(request, imports.ImportGone(), "")
    if found.state != ImportState.REVIEW:
        return redirect("office:plan_import", request.municipality.slug, found.pk)
    return _preview(request, found, {anchor: form}, [anchor], status=422)


def _refused(request: OfficeRequest, error: DomainError, back: str) -> HttpResponse:
    """Say why; a document that is gone has no page to go back to."""
    messages.error(request, str(error))
    gone = isinstance(error, imports.ImportGone)
    return redirect(reverse("office:plans", args=[request.municipality.slug]) if gone else back)


def _address(request: OfficeRequest, found: PlanImport, *, anchor: str) -> str:
    """Back to the preview as it was filtered, with the row in sight even where the filter would hide it now."""
    show = _show(request)
    query = f"?show={show}" + (f"&row={anchor}" if anchor else "")
    path = reverse("office:plan_import", args=[request.municipality.slug, found.pk])
    return f"{path}{query}" + (f"#{anchor}" if anchor else "")


def _show(request: OfficeRequest) -> Any:
    wanted = request.POST.get("show") or request.GET.get("show", "")
    return wanted if wanted in SHOWS else "findings"


def _draft(found: PlanImport) -> Draft:
    if found.state != ImportState.REVIEW:
        raise Http404
    return imports.draft_of_import(found)


def _facts_form(draft: Draft) -> FactsForm:
    known = draft.facts
    return FactsForm(
        initial={
            "title": known.title,
            "kind": known.kind,
            "period_from": known.period_from,
            "period_to": known.period_to,
            "assessment_years": known.assessment_years,
            "spheres": known.spheres,
            "stamp": draft.facts_stamp,
        }
    )


def _indices(name: str, anchors: list[str]) -> list[int]:
    found = [anchor.removeprefix(f"{name}-") for anchor in anchors if anchor.startswith(f"{name}-")]
    return [int(number) for number in found if number.isascii() and number.isdigit() and len(number) < 6]
