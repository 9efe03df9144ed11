"""A line of a plan is edited where it stands, added and deleted; every answer offers to take the change back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.days.difference import DaysDifference
from plans.deadlines import Deadline
from plans.forms import ActivityForm, VersionForm
from plans.forms.lines import filled_with
from plans.importing.drafts import read_words
from plans.lines.conflicts import Versions, compare, in_words, is_harmless
from plans.lines.fields import LABELS, as_kept
from plans.models import Activity, Plan, Section
from plans.permissions import Part, why_fixed
from plans.services import arranging
from plans.services import editing as services
from plans.services.days import days_difference
from plans.services.plan_locks import LineGone, PlanGone
from plans.views.answers import name_of_line, refusals, tell, to_plan
from plans.views.plan_pages import plan_of, plan_url
from plans.views.readings import reading_shown
from plans.views.table import kept_sent


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """Edit a line: in the panel beside the table, or as a page of its own.

    When somebody else saved it meanwhile both versions are shown, and nothing is overwritten.
    """
    found = _line(request, activity_id)
    if found is None:
        return _line_gone(request, activity_id)
    if why := why_fixed(found.plan, Part.OWN):
        messages.error(request, why)
        return _back(request, found.plan, found)
    words = not found.plan.words_are_fixed
    if request.method != "POST":
        form = ActivityForm(initial=filled_with(found, _parties(found)), words=words)
        return _edit_page(request, found, form)
    form = ActivityForm(_decided(request), initial=filled_with(found, _parties(found)), words=words)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    changes = form.changes
    versions: list[Versions] = []
    if form.cleaned_data["version"] != found.version:
        versions = compare(form.seen, changes, as_kept(found, _parties(found)))
        if not is_harmless(versions):
            return _conflict(request, found, form, versions)
    difference = _lost_work(found, changes)
    if difference and request.POST.get("seen") != difference.stamp:
        return _edit_page(request, found, form, versions=versions, difference=difference)
    try:
        entry = services.edit_activity(
            activity=found, version=found.version, changes=changes, actor=request.user, at=timezone.now()
        )
    except (StaleVersion, LineGone):  # in this very moment
        return activity_edit(request, activity_id)
    except DomainError as error:
        form.add_error(None, str(error))
        return _edit_page(request, found, form, status=422)
    if entry is None:
        messages.info(request, "Ничего не изменено")
    else:
        tell(request, f"Строка сохранена: {name_of_line(found)}", entry, found.plan)
    return _back(request, found.plan, found)


@office_page(Right.EDIT_PLANS)
@require_POST
def activity_delete(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """Delete a line; the toast brings it back."""
    found = _line(request, activity_id)
    if found is None:
        return _line_gone(request, activity_id)
    with refusals(request):
        entry = arranging.delete_activity(
            activity=found, version=VersionForm(request.POST).seen, actor=request.user, at=timezone.now()
        )
        tell(request, f"Строка удалена: {name_of_line(found)}", entry, found.plan)
    return to_plan(request, found.plan)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def row_new(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """A new line at the end of a section (`section`), behind another (`above`), or at the end of the plan."""
    found = plan_of(request, plan_id)
    section, above = _place(request, found)
    form = ActivityForm(request.POST if request.method == "POST" else None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            added, entry = arranging.add_activity(
                plan=found, values=form.values, section=section, above=above, actor=request.user, at=timezone.now()
            )
        except PlanGone as error:
            messages.error(request, str(error))
            return redirect("office:plans", request.municipality.slug)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            added.refresh_from_db()
            tell(request, f"Строка добавлена: {name_of_line(added)}", entry, found)
            return to_plan(request, found, row=added.pk)
    context = {
        "plan": found,
        "form": form,
        "section": above.section if above else section,
        "above": above,
        "kept": kept_sent(request),
        "words_url": f"{reverse('office:deadline_words', args=[request.municipality.slug])}?plan={found.pk}",
        "back_url": f"{plan_url(request, found)}?{kept_sent(request)}",
        **_live(form, found, None),
    }
    return render(request, "plans/row_new.html", context, status=422 if form.is_bound else 200)


def _line(request: OfficeRequest, activity_id: int) -> Activity | None:
    """The line; None where it was deleted a moment ago, which the person must be told. Raises 404 for others."""
    found = Activity.objects.select_related("plan__municipality", "section", "reading_corrected_by").filter(
        pk=activity_id, municipality=request.municipality
    )
    line = found.first()
    if line is None:
        get_object_or_404(_deletions(request, activity_id)[:1])
    return line


def _deletions(request: OfficeRequest, activity_id: int) -> Any:
    return AuditEntry.objects.filter(
        municipality=request.municipality,
        object_type="plans.activity",
        object_id=str(activity_id),
        after__plan__isnull=False,
    ).order_by("-pk")


def _parties(activity: Activity) -> list[str]:
    return services.names_of_parties([activity.pk])[activity.pk]


def _back(request: OfficeRequest, plan: Plan, activity: Activity) -> HttpResponseRedirect:
    if request.POST.get("place") == "page":
        return redirect("office:activity", request.municipality.slug, activity.pk)
    return to_plan(request, plan, line=activity.pk)


def _place(request: OfficeRequest, plan: Plan) -> tuple[Section | None, Activity | None]:
    """Where a new line goes; without a word of it behind the last one."""
    asked = request.POST if request.method == "POST" else request.GET
    above, section = whole_number(asked.get("above", "")), whole_number(asked.get("section", ""))
    if above:
        return None, get_object_or_404(Activity.objects.select_related("section"), pk=above, plan=plan)
    if section:
        return get_object_or_404(Section, pk=section, plan=plan), None
    return plan.sections.order_by("position").last(), None


def _edit_page(
    request: OfficeRequest,
    found: Activity,
    form: ActivityForm,
    *,
    versions: list[Versions] | None = None,
    difference: DaysDifference | None = None,
    status: int = 200,
) -> HttpResponse:
    place = request.POST.get("place", request.GET.get("place", ""))
    slug = request.municipality.slug
    context = {
        "plan": found.plan,
        "activity": found,
        "form": form,
        "versions": versions or [],
        "to_confirm": difference,
        "kept": kept_sent(request),
        "words_url": f"{reverse('office:deadline_words', args=[slug])}?plan={found.plan_id}&activity={found.pk}",
        "place": "page" if place == "page" else "",
        "back_url": reverse("office:activity", args=[slug, found.pk])
        if place == "page"
        else f"{plan_url(request, found.plan)}?{kept_sent(request)}&line={found.pk}",
        "words_are_fixed": found.plan.words_are_fixed,
        **_live(form, found.plan, found),
    }
    return render(request, "plans/line_edit.html", context, status=status)


def _live(form: ActivityForm, plan: Plan, activity: Activity | None) -> dict[str, Any]:
    """How the deadline's words in the form are understood, before anything is typed."""
    if "deadline_text" not in form.fields:
        return {}
    words = str(form["deadline_text"].value() or "")
    as_it_stands = activity is not None and words == activity.deadline_text
    deadline: Deadline = activity.deadline if activity and as_it_stands else read_words(" ".join(words.split()))
    return {"live": reading_shown(deadline, selectors.context_of_plan(plan), words=words)}


def _decided(request: OfficeRequest) -> QueryDict:
    """What was typed, but for fields where the person took what stands in the plan."""
    data = request.POST.copy()
    for name in LABELS:
        if data.get(f"take-{name}") == "now":
            data[name] = data.get(f"initial-{name}", "")
    return data


def _lost_work(found: Activity, changes: dict[str, Any]) -> DaysDifference | None:
    """What other words do to due dates on which somebody has worked: that is shown before it is saved."""
    if "deadline_text" not in changes:
        return None
    difference = days_difference(found.plan, deadlines={found.pk: read_words(changes["deadline_text"])})
    return difference if difference.cancelled or difference.kept else None


def _conflict(request: OfficeRequest, found: Activity, form: ActivityForm, versions: list[Versions]) -> HttpResponse:
    """Both versions, and the form with what the person typed; saving it again is a decision about both."""
    data = _decided(request)
    now = filled_with(found, _parties(found))
    for name in form.fields:
        if name != "version":
            data[f"initial-{name}"] = str(now[name] if now[name] is not None else "")
    mine = form.changes
    for name in form.fields:
        if name not in mine and name != "version":  # what the person left alone follows the plan
            data[name] = str(data[f"initial-{name}"])
    data["version"] = str(found.version)
    again = ActivityForm(data, initial=now, words=not found.plan.words_are_fixed)
    return _edit_page(request, found, again, versions=versions, status=422)


def _line_gone(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """Deleted meanwhile: what was typed is shown for copying."""
    entry = _deletions(request, activity_id)[0]
    plan = Plan.objects.filter(pk=entry.after["plan"], municipality=request.municipality).first()
    form = ActivityForm(request.POST)
    form.is_valid()
    typed = [
        (LABELS[name], in_words(name, value)) for name, value in form.values.items() if name in form.data and value
    ]
    context = {"entry": entry, "plan": plan, "typed": typed, "kept": kept_sent(request)}
    return render(request, "plans/line_gone.html", context, status=422 if request.method == "POST" else 404)
