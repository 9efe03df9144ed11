"""Import of a list of organizations: upload, preview with choice, confirmation."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.common.errors import DomainError

from ..access import office_page
from ..forms.organizations import ImportForm
from ..models import OrganizationImport
from ..requests import OfficeRequest
from ..rights import Right
from ..selectors.organization_imports import (
    KINDS,
    chosen_count,
    drafts_of,
    imports_in,
    preview_rows,
    row_counts,
    told,
)
from ..selectors.organizations import label_of
from ..services.organization_imports import (
    ImportGone,
    ImportOutdated,
    choose_rows,
    confirm_import,
    discard_import,
    refresh_import,
    start_import,
)

PAGE = 100


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_import(request: OfficeRequest) -> HttpResponse:
    """Upload of a list, and the person's own lists that wait."""
    municipality = request.municipality
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            draft = start_import(
                municipality=municipality,
                content=upload,
                file_name=upload.name,
                sphere=form.cleaned_data["sphere"],
                actor=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("office:organization_import_preview", municipality.slug, draft.pk)
    drafts = drafts_of(request.user, municipality, at=timezone.now())
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "organizations/import.html", {"form": form, "drafts": drafts}, status=status)


@office_page(Right.EDIT_ORGANIZATIONS)
def organization_import_preview(request: OfficeRequest, list_id: int) -> HttpResponse:
    """What the list would change, line by line; a POST keeps the choice and goes on or confirms."""
    draft = _draft(request, list_id)
    if request.method == "POST":
        return _choose(request, draft)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = Paginator(preview_rows(draft, kind=kind), PAGE).get_page(request.GET.get("page"))
    counts = row_counts(draft)
    context = {
        "draft": draft,
        "page": page,
        "rows": [told(row) for row in page],
        "kind": kind,
        "counts": counts,
        "picks": _picks(counts, kind),
        "chosen": chosen_count(draft),
        "columns": [(column, label_of(column["field"])) for column in draft.reading["columns"]],
        "wanted_kinds": counts["new"] + counts["changed"],
    }
    return render(request, "organizations/import_preview.html", context)


@office_page(Right.EDIT_ORGANIZATIONS)
@require_POST
def organization_import_discard(request: OfficeRequest, list_id: int) -> HttpResponse:
    draft = _draft(request, list_id)
    try:
        discard_import(draft=draft)
    except ImportGone:
        pass  # somebody else did, and that is what was wanted
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("office:organization_import_preview", request.municipality.slug, draft.pk)
    messages.success(request, f"Загрузка отменена, реестр не изменился: {draft}")
    return redirect("office:organizations", request.municipality.slug)


def _choose(request: OfficeRequest, draft: OrganizationImport) -> HttpResponse:
    slug = request.municipality.slug
    here = reverse("office:organization_import_preview", args=[slug, draft.pk])
    shown, chosen = (_numbers(request.POST.getlist(name)) for name in ("shown", "chosen"))
    try:
        draft = choose_rows(draft=draft, shown=shown, chosen=chosen)
    except ImportGone as error:
        messages.error(request, str(error))
        return redirect("office:organization_import", slug)
    if "all" in request.POST:
        everything = [row["line"]["number"] for row in draft.rows]
        choose_rows(draft=draft, shown=everything, chosen=everything if request.POST["all"] == "on" else [])
        return redirect(here)
    if "confirm" not in request.POST:
        kind, _, number = request.POST.get("go", "").partition(":")
        query = {"kind": kind if kind in KINDS else "", "page": number if number.isdecimal() else "1"}
        return redirect(f"{here}?{urlencode(query)}")
    try:
        done = confirm_import(draft=draft, actor=request.user, at=timezone.now())
    except ImportOutdated as error:
        refresh_import(draft=draft)
        messages.error(request, str(error))
        return redirect(here)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(here)
    result = done.result
    messages.success(request, f"Записано в реестр: новых {result['new']}, изменено {result['changed']}")
    return redirect("office:organizations", slug)


def _draft(request: OfficeRequest, list_id: int) -> OrganizationImport:
    return get_object_or_404(imports_in(request.municipality, at=timezone.now()), pk=list_id)


def _numbers(values: list[str]) -> set[int]:
    return {int(value) for value in values if value.isdecimal() and len(value) < 9}


def _picks(counts: dict[str, int], kind: str) -> list[tuple[str, int, str, bool]]:
    """Filters above the lines: label, how many, the kind, whether it is the present one."""
    labels = {
        "": "Все строки",
        "error": "С ошибками",
        "new": "Новые",
        "changed": "Изменения",
        "same": "Без изменений",
        "skipped": "Пропущены",
    }
    whole = sum(counts.values()) - counts["skipped"]
    found = [(labels[name], whole if not name else counts[name], name, name == kind) for name in labels]
    return [pick for pick in found if pick[1] or pick[3]]
