"""The table of a plan with its filters, and one of its lines beside it."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from nok_portal.common.text import date_in_words, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.days.lateness import soon_until
from plans.forms import PlanFilterForm
from plans.forms.lines import NO_STEP
from plans.forms.plans import FLAGS, address_of, filter_of
from plans.models import Activity, Plan
from plans.permissions import Part, may_change
from plans.selectors import PlanContents, PlanFilter
from plans.table.steps import STEPS
from plans.views.lines import line_context
from plans.views.plan_pages import head_of, plan_of

EDITING = "rows"
PANEL = "line"


@office_page(Right.SEE_PLANS)
@require_safe
def plan(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """The plan's table, and one of its lines beside it when the address names one.

    An htmx request for the panel alone gets nothing else.
    """
    found = plan_of(request, plan_id)
    wanted = filter_of(request.GET.dict())
    may_edit_rows = may_change(found, Part.WORDS, rights=request.rights)
    is_editing = request.GET.get("mode") == EDITING and may_edit_rows
    activity = _line(request, found)
    kept = kept_of(wanted, editing=is_editing)
    context: dict[str, Any] = {
        "plan": found,
        "kept": kept,
        "link": f"{kept}&line=" if kept else "line=",
        "open": str(activity.pk) if activity else "",
        "is_editing": is_editing,
        **(line_context(request, activity) if activity else {"line": None}),
        "may_edit_rows": may_edit_rows,
        "may_correct": may_change(found, Part.OWN, rights=request.rights),
    }
    if request.htmx.target == PANEL:
        return render(request, "plans/_line_panel.html", context)
    response = render(request, "plans/plan.html", context | _table(request, found, wanted, editing=is_editing))
    if request.htmx.target == "line-edit":  # a form of the panel was saved: the table changed, too
        response["HX-Retarget"] = response["HX-Reselect"] = "#plan-body"
    return response


def kept_of(wanted: PlanFilter, *, editing: bool) -> str:
    """What an address of the plan's page keeps while lines are opened, closed and changed."""
    return urlencode(address_of(wanted) | ({"mode": EDITING} if editing else {}))


def kept_sent(request: OfficeRequest) -> str:
    """The same of a form that was sent from the page, or of a link to it."""
    query = QueryDict(request.POST.get("kept", request.GET.get("kept", ""))[:2000])
    return kept_of(filter_of(query.dict()), editing=query.get("mode") == EDITING)


def _line(request: OfficeRequest, found: Plan) -> Activity | None:
    key = whole_number(request.GET.get("line", ""))
    if key is None:
        return None
    return Activity.objects.filter(plan=found, pk=key).select_related("section", "plan").first()


def _table(request: OfficeRequest, found: Plan, wanted: PlanFilter, *, editing: bool) -> dict[str, Any]:
    today = timezone.localdate()
    parties = selectors.parties_of_person(
        municipality=request.municipality,
        user_id=request.user.pk,
        on=today,
        organization_ids=request.standing.organization_ids,
    )
    contents = selectors.plan_contents(found, wanted, today=today, mine=set(parties.values_list("pk", flat=True)))
    return {
        **head_of(request, found, "table"),
        "contents": contents,
        "has_results": contents.has_results,
        "form": PlanFilterForm(request.GET.dict(), contents=contents, also=["mode"] if editing else []),
        "wanted": wanted,
        "picks": _picks(contents, wanted, f"До {date_in_words(soon_until(today), year=False)}", editing=editing),
        "steps": [NO_STEP, *STEPS.items()] if editing else [],
        "mode_url": "?" + kept_of(wanted, editing=not editing),
    }


def _picks(contents: PlanContents, wanted: PlanFilter, soon: str, *, editing: bool) -> list[tuple[str, int, str, bool]]:
    """Links that switch one filter each, those that would show nothing left out."""
    labels = {
        "overdue": "Просрочено",
        "soon": soon,
        "mine": "Мои",
        "waiting": "Ждут события",
        "unread": "Не поняты",
        "findings": "С замечаниями",
    }
    kept = address_of(wanted) | ({"mode": EDITING} if editing else {})
    found = []
    for name, field in FLAGS.items():
        is_on, count = name in kept, contents.counts[field]
        if count or is_on:
            address = {key: value for key, value in kept.items() if key != name} if is_on else {**kept, name: "1"}
            found.append((labels[name], count, "?" + urlencode(address), is_on))
    return found
