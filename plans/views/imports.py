"""From a document to the draft of a plan: upload, progress, columns, confirmation. review.py has the corrections."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.reports.selectors import is_silent
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.enums import ImportState
from plans.forms import UploadForm, VersionForm
from plans.importing.columns import said_of_columns
from plans.models import PlanImport
from plans.services import document_reading, imports
from plans.table import PlanTable
from plans.views.import_pages import discard_context, discard_question, open_import
from plans.views.review import answer_row, asked_view, is_about_rows, preview, refused


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
                html=form.cleaned_data["html"],
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
    found = open_import(request, import_id)
    if found.state == ImportState.CONFIRMED:
        if found.plan_id is None:
            raise Http404
        return redirect("office:plan", request.municipality.slug, found.plan_id)
    if found.state == ImportState.READING:
        return _known(request, found) if found.job is None else _reading(request, found)
    if request.htmx and request.htmx.target == "main":  # it has just been read: the preview has a script of its own
        response = HttpResponse()
        response["HX-Redirect"] = _page(request, found)
        return response
    view, focus = asked_view(request, found)
    return (
        answer_row(request, found, view) if is_about_rows(request, view) else preview(request, found, view, focus=focus)
    )


@office_page(Right.EDIT_PLANS)
@require_POST
def go_on(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Read a document that was loaded before all the same."""
    found = open_import(request, import_id)
    try:
        imports.read_again(plan_import=found, actor=request.user, at=timezone.now())
    except DomainError as error:
        return refused(request, error, _page(request, found))
    return redirect(_page(request, found))


@office_page(Right.EDIT_PLANS)
@require_POST
def columns(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Read the document again with other meanings of its columns."""
    found = open_import(request, import_id)
    if found.state != ImportState.REVIEW:
        return redirect(_page(request, found))
    try:
        document_reading.set_columns(
            plan_import=found,
            version=VersionForm(request.POST).seen,
            columns=said_of_columns(PlanTable.from_json(found.table or {}), request.POST.dict()),
            actor=request.user,
            at=timezone.now(),
        )
    except DomainError as error:
        return refused(request, error, _page(request, found))
    return redirect(_page(request, found))


@office_page(Right.EDIT_PLANS)
@require_POST
def reading_choice(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Agree to the new reading, or stay with the former one."""
    found = open_import(request, import_id)
    at = timezone.now()
    try:
        if request.POST.get("choice") == "take":
            version = VersionForm(request.POST).seen
            document_reading.take_reading(plan_import=found, version=version, actor=request.user, at=at)
            messages.success(request, "Новое чтение принято")
        else:
            document_reading.keep_former_reading(plan_import=found, at=at)
            messages.success(request, "Оставлено прежнее чтение")
    except DomainError as error:
        return refused(request, error, _page(request, found))
    return redirect(_page(request, found))


@office_page(Right.EDIT_PLANS)
@require_POST
def confirm(request: OfficeRequest, import_id: int) -> HttpResponse:
    """«Создать черновик плана»."""
    found = open_import(request, import_id)
    version = VersionForm(request.POST).seen
    try:
        plan = imports.confirm_import(plan_import=found, version=version, actor=request.user, at=timezone.now())
    except DomainError as error:
        return refused(request, error, _page(request, found))
    messages.success(request, "Черновик плана создан")
    return redirect("office:plan", request.municipality.slug, plan.pk)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Give the document up: asks first. `next` is where it was loaded before."""
    found = open_import(request, import_id)
    slug = request.municipality.slug
    if request.method == "POST":
        double = selectors.doubles_of(found) if request.POST.get("open") else None
        try:
            imports.discard_import(plan_import=found, actor=request.user, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Документ удалён")
        if double and double.first is not None:
            return redirect("office:plan_import", slug, double.first.pk)
        return redirect("office:plans", slug)
    return render(
        request,
        "confirm.html",
        {
            **discard_question(found),
            "url": reverse("office:plan_import_discard", args=[slug, found.pk]),
            "back_url": _page(request, found),
        },
    )


def _known(request: OfficeRequest, found: PlanImport) -> HttpResponse:
    """Before anything is done with a document that was loaded before: where it went."""
    context = {"import": found, "doubles": selectors.doubles_of(found), **discard_context(request, found)}
    return render(request, "plans/import_known.html", context)


def _reading(request: OfficeRequest, found: PlanImport) -> HttpResponse:
    """While the worker reads; htmx asks every second and goes on when the document is there."""
    job = found.job
    assert job is not None
    context = {
        "import": found,
        "job": job,
        "failed": job.finished_at is not None,
        "is_silent": is_silent(job, timezone.now()),
        "here_url": _page(request, found),
        **discard_context(request, found),
    }
    return render(request, "plans/import_reading.html", context)


def _page(request: OfficeRequest, found: PlanImport) -> str:
    return reverse("office:plan_import", args=[request.municipality.slug, found.pk])
