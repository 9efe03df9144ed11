"""Rows and sections of a plan are moved, several rows changed at once, and changes taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import counted, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.forms import PlaceForm, SectionHeadForm, SeveralForm, VersionForm
from plans.models import Activity, Plan, Section
from plans.services import arranging, editing, sections
from plans.services.plan_locks import PlanGone
from plans.services.undoing import undo_entry
from plans.views.answers import name_of_line, refusals, tell, to_plan
from plans.views.plan_pages import activity_of, plan_of
from plans.views.stale import tell_stale
from plans.views.table import kept_sent

_ROWS = ("строка", "строки", "строк")


@office_page(Right.EDIT_PLANS)
@require_POST
def move(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """«Выше», «Ниже» (`up`, `down`: a row), or where a row was dropped: `row` into `section` behind `above`."""
    found = plan_of(request, plan_id)
    up, down = whole_number(request.POST.get("up", "")), whole_number(request.POST.get("down", ""))
    row = get_object_or_404(Activity, pk=up or down or whole_number(request.POST.get("row", "")), plan=found)
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    entry: AuditEntry | None
    with refusals(request):
        if up or down:
            entry = arranging.step_activity(activity=row, way=-1 if up else 1, **who)
        else:
            section, above = whole_number(request.POST.get("section", "")), whole_number(request.POST.get("above", ""))
            entry = arranging.move_activity(activity=row, section_id=section or None, above_id=above or None, **who)
        _tell_place(request, row, entry, found)
    return to_plan(request, found, row=row.pk)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_move(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """«В раздел…»: choose the section and the row behind which the row is to stand."""
    row = activity_of(request, activity_id)
    plan = row.plan
    names: dict[int | None, list[tuple[int, str]]] = {}
    others = Activity.objects.filter(plan=plan).exclude(pk=row.pk).order_by("position")
    for key, stands_in, number, title in others.values_list("pk", "section_id", "number", "title"):
        names.setdefault(stands_in, []).append((key, f"{number} {title[:80]}".strip()))
    known = list(plan.sections.order_by("position"))
    begins = {"section": row.section_id or "", "above": _row_above(row)}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=begins, sections=known, rows=names)
    if request.method == "POST" and form.is_valid():
        section, above = form.cleaned_data["section"], form.cleaned_data["above"]
        if above is not None:  # a row stands in a section of its own
            section = next(key for key, rows in names.items() if above in dict(rows))
        try:
            entry = arranging.move_activity(
                activity=row, section_id=section, above_id=above, actor=request.user, at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            _tell_place(request, row, entry, plan)
            return to_plan(request, plan, row=row.pk)
    context = {"plan": plan, "activity": row, "form": form, "kept": kept_sent(request)}
    return render(request, "plans/row_move.html", context, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def several(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """The rows that were marked: parties added, replaced or taken away, or the step set."""
    found = plan_of(request, plan_id)
    form = SeveralForm(request.POST, keys=found.activities.values_list("pk", flat=True))
    if not form.is_valid():
        words = str(next(iter(form.errors.values()))[0])
        gone = "row" in form.errors
        messages.error(request, "Среди отмеченных есть строки, которых больше нет. Отметьте заново." if gone else words)
        return to_plan(request, found)
    chosen: dict[str, Any] = {"plan": found, "activity_ids": form.cleaned_data["row"]}
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    with refusals(request):
        if form.cleaned_data["do"] == "step":
            entry = editing.set_steps(**chosen, step=form.cleaned_data["step"], **who)
            said = "Шаг оценки указан"
        else:
            how = editing.Assignment(form.cleaned_data["how"] or editing.Assignment.ADD)
            name = " ".join(form.cleaned_data["party"].split())
            entry = editing.assign_parties(**chosen, how=how, names=[name], **who)
            done = {"add": "добавлен", "replace": "назначен вместо прежних", "remove": "убран"}[how]
            said = f"Исполнитель «{name}» {done}"
        if entry is None:
            messages.info(request, "В отмеченных строках уже так.")
        else:
            tell(request, f"{said}: {counted(len(entry.after['rows']), *_ROWS)}", entry, found)
    return to_plan(request, found)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def section_new(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """A new section behind another (`after`) or at the end."""
    found = plan_of(request, plan_id)
    asked = request.POST if request.method == "POST" else request.GET
    key = whole_number(asked.get("after", ""))
    after = get_object_or_404(Section, pk=key, plan=found) if key else None
    form = SectionHeadForm(request.POST if request.method == "POST" else None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            section, entry = sections.add_section(
                plan=found, title=form.cleaned_data["title"], after=after, actor=request.user, at=timezone.now()
            )
        except PlanGone as error:
            messages.error(request, str(error))
            return redirect("office:plans", request.municipality.slug)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            tell(request, f"Раздел добавлен: {section}", entry, found)
            return to_plan(request, found, section=section.pk)
    context = {"plan": found, "form": form, "after": after, "kept": kept_sent(request)}
    return render(request, "plans/section.html", context, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: OfficeRequest, section_id: int) -> HttpResponse:
    """The number and the words of a heading."""
    section = _section(request, section_id)
    initial = {"number": section.number, "title": section.title, "version": section.version}
    form = SectionHeadForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            entry = sections.edit_section(
                section=section,
                version=values["version"] or 0,
                number=values["number"],
                title=values["title"],
                actor=request.user,
                at=timezone.now(),
            )
        except StaleVersion:
            section.refresh_from_db(fields=["version"])
            tell_stale(form, section.version, now=f"Сейчас в плане: «{section}».")
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if entry is not None:
                tell(request, "Раздел сохранён", entry, section.plan)
            return to_plan(request, section.plan, section=section.pk)
    context = {"plan": section.plan, "section": section, "form": form, "kept": kept_sent(request)}
    return render(request, "plans/section.html", context, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def section_act(request: OfficeRequest, section_id: int) -> HttpResponse:
    """«Выше», «Ниже», «Удалить»: the rows of a section that goes stay in the plan."""
    section = _section(request, section_id)
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    with refusals(request):
        if request.POST.get("do") == "delete":
            version = VersionForm(request.POST).seen
            entry = sections.delete_section(section=section, version=version, **who)
            tell(request, f"Раздел удалён, строки остались в плане: {section.title[:80]}", entry, section.plan)
            return to_plan(request, section.plan)
        entry = sections.move_section(section=section, way=-1 if request.POST.get("do") == "up" else 1, **who)
        tell(request, f"Раздел перемещён: {section.title[:80]}", entry, section.plan)
    return to_plan(request, section.plan, section=section.pk)


@office_page(Right.EDIT_PLANS)
@require_POST
def undo(request: OfficeRequest, plan_id: int, entry_id: int) -> HttpResponse:
    """«Отменить»: in a toast, or beside an entry of the history."""
    found = plan_of(request, plan_id)
    entry = get_object_or_404(selectors.history_of_plan(found), pk=entry_id)
    with refusals(request):
        undone = undo_entry(plan=found, entry=entry, actor=request.user, at=timezone.now())
        tell(request, f"{undone.verb}: {undone.object_title[:80]}", undone, found)
    if request.POST.get("place") == "history":
        return redirect("office:plan_history", request.municipality.slug, found.pk)
    row = whole_number(entry.object_id) if entry.object_type == "plans.activity" else None
    return to_plan(request, found, row=row)


def _tell_place(request: OfficeRequest, row: Activity, entry: AuditEntry | None, plan: Plan) -> None:
    if entry is None:
        messages.info(request, "Строка уже стоит на этом месте.")
        return
    row.refresh_from_db()
    where = f"теперь {row.number}" if row.number else "перемещена"
    tell(request, f"Строка {where}: {name_of_line(row).removeprefix(row.number).strip()}", entry, plan)


def _row_above(row: Activity) -> int | str:
    above = Activity.objects.filter(plan=row.plan_id, section=row.section_id, position__lt=row.position)
    return above.order_by("-position").values_list("pk", flat=True).first() or ""


def _section(request: OfficeRequest, section_id: int) -> Section:
    return get_object_or_404(
        Section.objects.select_related("plan__municipality"), pk=section_id, municipality=request.municipality
    )
