"""Editions of a plan: a new one begun, two of them compared."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.editions.comparing import Change, Comparison, ItemChange
from plans.forms import VersionForm
from plans.models import Plan
from plans.selectors.editions import compare_editions, editions_of, next_edition
from plans.services.editions import EditionRefused, start_new_edition
from plans.services.plan_locks import PlanGone
from plans.views.plan_pages import plan_gone, plan_of

# of includes/state.html, with its words
_STATES = {
    Change.ADDED: ("now", "Добавлено"),
    Change.REMOVED: ("returned", "Удалено"),
    Change.CHANGED: ("open", "Изменено"),
    Change.SAME: ("wait", "Без изменений"),
}


@office_page(Right.EDIT_PLANS)
@require_POST
def start(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """«Новая редакция»: a draft with all that the plan says; one that is prepared already is opened."""
    found = plan_of(request, plan_id)
    version = VersionForm(request.POST).seen
    try:
        edition = start_new_edition(plan=found, version=version, actor=request.user, at=timezone.now())
    except PlanGone as error:
        return plan_gone(request, error)
    except DomainError as error:
        following = next_edition(found) if isinstance(error, EditionRefused) else None
        messages.error(request, str(error))
        return redirect("office:plan", request.municipality.slug, (following or found).pk)
    messages.success(
        request,
        f"Редакция {edition.edition} готовится. Меняйте строки: прежняя редакция действует, пока новую не утвердят.",
    )
    return redirect("office:plan", request.municipality.slug, edition.pk)


@office_page(Right.SEE_PLANS)
@require_safe
def comparison(request: OfficeRequest, plan_id: int) -> HttpResponse:
    """Two editions of the plan's chain side by side: this one and the one named by `with`, else its neighbour."""
    found = plan_of(request, plan_id)
    chain = editions_of(found)
    other = _other(found, chain, request.GET.get("with", ""))
    only_changes = request.GET.get("all") != "1"
    context = {"plan": found, "chain": chain, "other": other, "only_changes": only_changes}
    if other is not None:
        old, new = sorted((found, other), key=lambda plan: plan.edition)
        told = compare_editions(old, new)
        parts = [
            (title, [(one, *_STATES[one.change]) for one in items if not only_changes or _is_news(one)])
            for title, items in (
                ("Разделы", told.sections),
                ("Мероприятия", told.lines),
                ("Целевые показатели", told.targets),
            )
        ]
        context |= {
            "old": old,
            "new": new,
            "told": told,
            "summary": _summary(told),
            "parts": [(title, items) for title, items in parts if items],
        }
    context["plan_url"] = reverse("office:plan", args=[request.municipality.slug, found.pk])
    return render(request, "plans/comparison.html", context)


def _other(found: Plan, chain: list[Plan], wanted: str) -> Plan | None:
    """The edition that the address names, else the previous one, else the next."""
    others = {str(plan.pk): plan for plan in chain if plan.pk != found.pk}
    if wanted in others:
        return others[wanted]
    if found.previous_id is not None:
        return others[str(found.previous_id)]
    return next(iter(others.values()), None)


def _summary(told: Comparison) -> str:
    """'1 строка добавлена, 5 строк изменено'; '' where no line differs."""
    counts = (
        (told.count(Change.ADDED), ("строка добавлена", "строки добавлены", "строк добавлено")),
        (told.count(Change.REMOVED), ("строка удалена", "строки удалены", "строк удалено")),
        (told.count(Change.CHANGED), ("строка изменена", "строки изменены", "строк изменено")),
        (told.moved, ("строка перемещена", "строки перемещены", "строк перемещено")),
    )
    return ", ".join(counted(count, *words) for count, words in counts if count)


def _is_news(one: ItemChange) -> bool:
    return not one.is_same
