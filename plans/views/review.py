"""The preview of a document that was read: what was understood from where, and its corrections, row by row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from nok_portal.common.errors import DomainError
from nok_portal.common.text import whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.enums import ImportState
from plans.forms import ActForm, FactsForm, LineForm, SectionForm, TargetForm
from plans.importing.drafts import Draft
from plans.importing.outline import turned_key
from plans.importing.previews import PreviewSection, PreviewTarget, View, parsed, rows_of
from plans.models import PlanImport
from plans.services import corrections, imports
from plans.views.import_pages import (
    draft_in_review,
    facts_form_of,
    open_import,
    page_context,
    rows_context,
    summary_context,
)

SHOWS = ("findings", "all", "corrected")
PARTS: dict[str, corrections.Part] = {"line": "activities", "section": "sections", "target": "targets"}


@dataclass(frozen=True)
class Before:
    """The draft as it was before a correction: what it changed is sent, and nothing else."""

    draft: Draft
    view: View


@office_page(Right.EDIT_PLANS)
@require_POST
def facts(request: OfficeRequest, import_id: int) -> HttpResponse:
    """Say what the plan is as a whole."""
    found = open_import(request, import_id)
    form = FactsForm(request.POST)

    def save() -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name != "stamp"}
        corrections.correct_facts(plan_import=found, stamp=form.cleaned_data["stamp"], facts=values, at=timezone.now())

    return _save_form(request, found, form, "facts", save)


@office_page(Right.EDIT_PLANS)
@require_POST
def line(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct a line."""
    found = open_import(request, import_id)
    draft = draft_in_review(found)
    if (one := draft.line(index)) is None:
        raise Http404
    form = LineForm(request.POST, line=one, sections=draft.sections)

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
def section(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct a heading."""
    found = open_import(request, import_id)
    if (one := draft_in_review(found).section(index)) is None:
        raise Http404
    form = SectionForm(request.POST, section=one)

    def save() -> None:
        corrections.correct_section(
            plan_import=found,
            key=index,
            stamp=form.cleaned_data["stamp"],
            number=form.cleaned_data["number"],
            title=form.cleaned_data["title"],
            at=timezone.now(),
        )

    return _save_form(request, found, form, f"section-{index}", save)


@office_page(Right.EDIT_PLANS)
@require_POST
def target(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct a target indicator."""
    found = open_import(request, import_id)
    if (one := draft_in_review(found).target(index)) is None:
        raise Http404
    form = TargetForm(request.POST, target=one)

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
    """A verb of a row or of a finding, sent at once: delete, settle, inherit, make a section, undo …"""
    found = open_import(request, import_id)
    form = ActForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Кнопка прислала то, чего портал не понимает. Обновите страницу и повторите.")
        return preview(request, found, View(_show(request)), status=422)
    given = form.cleaned_data
    anchor, value = given["of"], given["value"]
    kind, index = parsed(anchor)
    part = PARTS.get(kind)
    row: dict[str, Any] = {"plan_import": found, "stamp": given["stamp"], "at": timezone.now()}
    line_row, any_row = {**row, "index": index}, {**row, "index": index, "part": part}
    acts: dict[str, Callable[[], object]] = {
        "delete": lambda: corrections.delete_line(**any_row),
        "restore": lambda: corrections.restore_line(**any_row),
        "settle": lambda: corrections.settle_finding(key=value, **any_row),
        "inherit": lambda: corrections.inherit_field(name=value, **line_row),
        "leave_empty": lambda: corrections.leave_field_empty(name=value, **line_row),
        "join": lambda: corrections.join_parties(**line_row),
        "make_section": lambda: corrections.make_section(**line_row),
        "make_line": lambda: corrections.make_line(key=index, **row),
        "undo": lambda: corrections.undo_correction(plan_import=found, serial=value, at=timezone.now()),
    }
    before = _before(request, found, anchor)
    try:
        undone = acts[given["act"]]()
    except DomainError as error:
        return refused(request, error, _address(request, found, anchor=anchor))
    return _done(request, found, before, anchor, said=f"Отменено: {undone}" if undone else "")


def preview(
    request: OfficeRequest, found: PlanImport, view: View, *, status: int = 200, focus: str = "", said: str = ""
) -> HttpResponse:
    """The page; for htmx the next part of its rows, or the whole draft instead of what it asked for."""
    draft = draft_in_review(found)
    if request.htmx and view.after is not None:
        return render(request, "plans/_review_rows.html", {"import": found, **rows_context(draft, view)})
    context = {**page_context(request, found, draft, view), "focus": focus, "said": said}
    response = render(request, "plans/import_review.html", context, status=status)
    if request.htmx:
        response["HX-Retarget"], response["HX-Reselect"] = "#draft", "#draft"
        response["HX-Reswap"] = "outerHTML show:none"
        if request.method == "POST":
            response["HX-Push-Url"] = "false"  # a form or link that is boosted would put its own into the address bar
    return response


def asked_view(request: OfficeRequest, found: PlanImport) -> tuple[View, str]:
    """What the address asks for, and the row that focus goes to.

    `edit=line-3` opens its form (`field=` says at which field), `source=line-3` the cells its values came from,
    `row=line-3` keeps it in sight; `after=3` is the part that follows that line.
    """
    view = View(_show(request))
    asked = {name: request.GET.get(name, "") for name in ("edit", "source", "row", "after")}
    forms = _open_form(request, found, asked["edit"]) if asked["edit"] else {}
    sources = {asked["source"]} if parsed(asked["source"])[0] == "line" else set()
    also = {asked["row"]} if asked["row"] else set()
    after = whole_number(asked["after"])
    view = replace(view, also=frozenset(also), sources=frozenset(sources), forms=forms, after=after)
    return view, asked["row"]


def answer_row(request: OfficeRequest, found: PlanImport, view: View) -> HttpResponse:
    """For htmx: the rows that the address names and nothing else."""
    return _changed(request, found, draft_in_review(found), view, view.kept, focus=next(iter(view.also), ""))


def is_about_rows(request: OfficeRequest, view: View) -> bool:
    """Whether htmx wants rows only: filters and structure ask for the whole draft by its id."""
    return bool(request.htmx and view.kept and view.after is None and request.htmx.target != "draft")


def refused(request: OfficeRequest, error: DomainError, back: str) -> HttpResponse:
    """Say why; a document that is gone has no page to go back to."""
    messages.error(request, str(error))
    gone = isinstance(error, imports.ImportGone)
    address = reverse("office:plans", args=[request.municipality.slug]) if gone else back
    if request.htmx and gone:
        response = HttpResponse()
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _open_form(request: OfficeRequest, found: PlanImport, anchor: str) -> dict[str, Any]:
    draft = draft_in_review(found)
    kind, index = parsed(anchor)
    if anchor == "facts":
        return {"facts": facts_form_of(draft)}
    if kind == "line" and (one := draft.line(index)) is not None:
        return {anchor: LineForm(line=one, sections=draft.sections, focus=request.GET.get("field", ""))}
    if kind == "section" and (heading := draft.section(index)) is not None:
        return {anchor: SectionForm(section=heading)}
    if kind == "target" and (indicator := draft.target(index)) is not None:
        return {anchor: TargetForm(target=indicator)}
    return {}


def _save_form(
    request: OfficeRequest, found: PlanImport, form: Any, anchor: str, save: Callable[[], None]
) -> HttpResponse:
    before = _before(request, found, anchor)
    if form.is_valid():
        try:
            save()
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, found, before, anchor)
    try:
        found.refresh_from_db()
    except PlanImport.DoesNotExist:
        return refused(request, imports.ImportGone(), "")
    if found.state != ImportState.REVIEW:
        return redirect("office:plan_import", request.municipality.slug, found.pk)
    view = View(_show(request), also=frozenset({anchor}), forms={anchor: form})
    if request.htmx and anchor != "facts":
        return _changed(request, found, draft_in_review(found), view, {anchor}, status=422)
    return preview(request, found, view, status=422, focus=anchor)


def _before(request: OfficeRequest, found: PlanImport, anchor: str) -> Before | None:
    """For htmx: what stood in the rows that the person sees (`seen`)."""
    if not request.htmx or found.state != ImportState.REVIEW:
        return None
    seen = {name for name in request.POST.get("seen", "").split(",")[:2000] if parsed(name)[0]} | {anchor}
    return Before(draft_in_review(found), View(_show(request), also=frozenset(seen)))


def _done(
    request: OfficeRequest, found: PlanImport, before: Before | None, anchor: str, said: str = ""
) -> HttpResponse:
    """Back to the preview; for htmx only what the correction has changed, the whole draft where rows moved."""
    if before is None:
        return redirect(_address(request, found, anchor=anchor))
    found.refresh_from_db()
    draft = draft_in_review(found)
    said = said or (found.past[-1]["words"] if found.past else "")
    moved = _outline(before.draft) != _outline(draft) or before.draft.facts != draft.facts
    if moved or anchor == "facts" or found.rereading is not None:
        anchor = _anchor_now(draft, found, anchor)
        view = View(_show(request), also=frozenset({anchor} if anchor else ()))
        return preview(request, found, view, focus=anchor, said=said)
    was, becomes = (rows_of(one, before.view, before.view.also) for one in (before.draft, draft))
    changed = {name for name, row in becomes.items() if was.get(name) != row} | {anchor}
    return _changed(request, found, draft, before.view, changed, focus=anchor, said=said)


def _changed(
    request: OfficeRequest,
    found: PlanImport,
    draft: Draft,
    view: View,
    anchors: Iterable[str],
    *,
    focus: str = "",
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """Rows and the summary, each to take the place of its former self."""
    rows = list(rows_of(draft, view, sorted(anchors)).values())
    context = {
        "import": found,
        "sections": [row for row in rows if isinstance(row, PreviewSection)],
        "targets": [row for row in rows if isinstance(row, PreviewTarget)],
        "lines": [row for row in rows if not isinstance(row, PreviewSection | PreviewTarget)],
        "focus": focus,
        "said": said,
        "oob": True,
        **summary_context(found, draft, view),
    }
    response = render(request, "plans/import_changes.html", context, status=status)
    response["HX-Push-Url"] = "false"  # a form or link that is boosted would put its own into the address bar
    return response


def _outline(draft: Draft) -> tuple[list[int], list[tuple[int, int | None]]]:
    """Which lines stand under which headings, whatever they say."""
    lines = [(line.index, line.row.section_index) for line in draft.lines]
    return [section.key for section in draft.sections], lines


def _anchor_now(draft: Draft, found: PlanImport, anchor: str) -> str:
    """The row that a line or a heading has become."""
    kind, key = parsed(anchor)
    table = found.table or {}
    lines, sections = len(table["activities"]), len(table["sections"])
    if kind == "line" and draft.line(key) is None:
        return f"section-{turned_key(key, lines, sections)}"
    if kind == "section" and draft.section(key) is None:
        return f"line-{turned_key(key, sections, lines)}"
    return anchor


def _address(request: OfficeRequest, found: PlanImport, *, anchor: str) -> str:
    """Back to the preview as it was filtered, with the row in sight even where the filter would hide it now."""
    query = f"?show={_show(request)}" + (f"&row={anchor}" if anchor else "")
    path = reverse("office:plan_import", args=[request.municipality.slug, found.pk])
    return f"{path}{query}" + (f"#{anchor}" if anchor else "")


def _show(request: OfficeRequest) -> Any:
    wanted = request.POST.get("show") or request.GET.get("show", "")
    return wanted if wanted in SHOWS else "findings"
