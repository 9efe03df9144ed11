"""Events of a plan: what its terms wait for, and what happened when. Days are shown before they are written."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.days.difference import DaysDifference
from plans.deadlines.matching import same_event
from plans.forms.events import OTHER, EventDayForm, EventForm, RemoveEventForm
from plans.models import Activity, Plan, ProcessEvent
from plans.permissions import Part, may_change
from plans.services import events as services
from plans.views.plan_pages import head_of, plan_of


@office_page(Right.SEE_PLANS)
@require_safe
def plan_events(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """The tab: events that terms wait for, and those recorded with the days they gave."""
    found = plan_of(request, plan_id)
    context = {
        **head_of(request, found, "events"),
        "events": selectors.events_of_plan(found, timezone.localdate()),
        "may_record": may_change(found, Part.EVENTS, rights=request.rights),
    }
    return render(request, "plans/events.html", context)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Say what happened when: the days that it gives are shown first, then written.

    The address may bring the words, the day (`on`) and the line to go back to.
    """
    found = plan_of(request, plan_id)
    known = [event.words for event in selectors.events_of_plan(found, timezone.localdate()).known]
    line = _line_of(request, found)
    form = EventForm(request.POST or None, known=known, initial=_asked(request, known))
    difference, shown = DaysDifference(), False
    if form.is_valid():
        facts = {"words": form.cleaned_data["words"], "happened_on": form.cleaned_data["happened_on"]}
        now = timezone.now()
        try:
            difference, shown = services.difference_of_event(found, **facts, at=now), True
            if _is_to_be_saved(request, difference):
                change = services.record_event(plan=found, **facts, actor=request.user, at=now)
                messages.success(request, "Событие записано" + _added(change.days))
                return redirect(_back(request, found, line))
        except services.EventWrong as error:
            form.add_error("happened_on", str(error))
            shown = False
        except DomainError as error:
            form.add_error(None, str(error))
    context = {
        "plan": found,
        "form": form,
        "difference": difference,
        "shown": shown,
        "line": line,
        "back_url": _back(request, found, line),
    }
    return render(request, "plans/event_new.html", context, status=_status(request, form))


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: OfficeRequest, event_id: int) -> HttpResponse:
    """Correct the day of an event: what moves is shown first."""
    found = _event(request, event_id)
    initial = {"happened_on": found.happened_on, "was": found.happened_on}
    form = EventDayForm(request.POST or None, initial=initial)
    difference, shown = DaysDifference(), False
    if form.is_valid():
        happened_on, was, now = form.cleaned_data["happened_on"], form.cleaned_data["was"], timezone.now()
        try:
            difference, shown = services.difference_of_day(found, happened_on=happened_on, at=now), True
            if _is_to_be_saved(request, difference):
                services.change_event_day(event=found, was=was, happened_on=happened_on, actor=request.user, at=now)
                messages.success(request, "День события исправлен")
                return redirect("office:plan_events", request.municipality.slug, found.plan_id)
        except services.EventWrong as error:
            form.add_error("happened_on", str(error))
            shown = False
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"event": found, "plan": found.plan, "form": form, "difference": difference, "shown": shown}
    return render(request, "plans/event.html", context, status=_status(request, form))


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OfficeRequest, event_id: int) -> HttpResponse:
    """Take back what was recorded by mistake: what falls away is shown first."""
    found = _event(request, event_id)
    form = RemoveEventForm(request.POST or None, initial={"was": found.happened_on})
    if form.is_valid():
        try:
            services.remove_event(event=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Запись о событии удалена")
            return redirect("office:plan_events", request.municipality.slug, found.plan_id)
    context = {"event": found, "plan": found.plan, "form": form, "difference": services.difference_without(found)}
    return render(request, "plans/event_remove.html", context, status=422 if form.errors else 200)


def _status(request: OfficeRequest, form: Form) -> int:
    """What is only shown while a person chooses is no failure, complete or not."""
    return 422 if form.errors and request.POST.get("do") != "show" else 200


def _is_to_be_saved(request: OfficeRequest, difference: DaysDifference) -> bool:
    """A person has pressed the button under this very difference, or there is none to see."""
    if request.POST.get("do") == "show":
        return False
    return not difference or request.POST.get("seen") == difference.stamp


def _asked(request: OfficeRequest, known: list[str]) -> dict[str, Any]:
    """What the address brings: words that the plan waits for are chosen, others are a person's own."""
    words = " ".join(request.GET.get("words", "")[:500].split())
    found: dict[str, Any] = {}
    if words:
        same = next((one for one in known if one == words), None) or next(
            (one for one in known if same_event(one, words)), None
        )
        found = {"words": same} if same else {"words": OTHER, "own": words}
    elif len(known) == 1:
        found = {"words": known[0]}
    try:
        found["happened_on"] = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        pass
    return found


def _line_of(request: OfficeRequest, plan: Plan) -> Activity | None:
    """The line from which a person came."""
    key = whole_number(request.GET.get("line", ""))
    return Activity.objects.filter(plan=plan, pk=key).first() if key else None


def _back(request: OfficeRequest, plan: Plan, line: Activity | None) -> str:
    slug = request.municipality.slug
    if line:
        return f"{reverse('office:plan', args=[slug, plan.pk])}?line={line.pk}"
    return reverse("office:plan_events", args=[slug, plan.pk])


def _added(days: DaysDifference) -> str:
    count = len(days.added)
    return f", появилось {counted(count, 'срок', 'срока', 'сроков')}" if count else ""


def _event(request: OfficeRequest, event_id: int) -> ProcessEvent:
    return get_object_or_404(
        ProcessEvent.objects.select_related("plan__municipality"), pk=event_id, municipality=request.municipality
    )
