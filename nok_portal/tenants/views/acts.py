"""Legal acts of a municipality: list, one act, its changes and its end."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import DomainError
from nok_portal.common.text import whole_number

from ..access import office_page
from ..forms.acts import ActEndForm, ActFilterForm, ActForm
from ..models import LegalAct
from ..requests import OfficeRequest
from ..rights import Right
from ..selectors.acts import acts_for_list, uses_of_act, uses_of_acts
from ..services.acts import ActStale, ActWrong, add_act, delete_act, edit_act

PAGE = 50


@office_page(Right.SEE_ACTS)
@require_safe
def acts(request: OfficeRequest) -> HttpResponse:
    """The newest first, with search and filters in the address, and what each act is for."""
    form = ActFilterForm(request.GET, municipality=request.municipality)
    wanted = form.wanted
    page = Paginator(acts_for_list(request.municipality, wanted), PAGE).get_page(request.GET.get("page"))
    uses = uses_of_acts(page.object_list)
    context = {
        "form": form,
        "page": page,
        "rows": [(act, uses[act.pk][:2], len(uses[act.pk][2:])) for act in page.object_list],
        "is_empty": not page.paginator.count
        and not LegalAct.objects.filter(municipality=request.municipality).exists(),
        "may_edit": Right.EDIT_ACTS in request.rights,
    }
    return render(request, "acts/list.html", context)


@office_page(Right.SEE_ACTS)
@require_safe
def act(request: OfficeRequest, act_id: int) -> HttpResponse:
    """One act: its file, what rests on it, its history."""
    found = _act(request, act_id)
    uses = uses_of_act(found)
    context = {
        "legal_act": found,
        "uses": uses,
        "entries": list(timeline_for(found)[:20]),
        "may_edit": Right.EDIT_ACTS in request.rights,
        "question": _question(found),
        "delete_url": _delete_url(request, found),
    }
    return render(request, "acts/act.html", context)


@office_page(Right.EDIT_ACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_add(request: OfficeRequest) -> HttpResponse:
    form = ActForm(request.POST or None, request.FILES or None, municipality=request.municipality)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_act(
                municipality=request.municipality,
                facts=form.facts,
                file=form.cleaned_data["file"],
                actor=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            _tell(form, error)
        else:
            messages.success(request, f"Внесено: {added}")
            return redirect("office:act", request.municipality.slug, added.pk)
    return render(request, "acts/form.html", {"form": form}, status=422 if form.errors else 200)


@office_page(Right.EDIT_ACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_edit(request: OfficeRequest, act_id: int) -> HttpResponse:
    """The facts in a form; what somebody else saved meanwhile is shown above what the person typed."""
    found = _act(request, act_id)
    form = ActForm(request.POST or None, request.FILES or None, municipality=request.municipality, act=found)
    context: dict[str, Any] = {"form": form, "legal_act": found}
    if request.method == "POST" and form.is_valid():
        try:
            edit_act(
                act=found,
                version=form.cleaned_data["version"] or 0,
                facts=form.facts,
                file=form.cleaned_data["file"],
                actor=request.user,
                at=timezone.now(),
            )
        except ActStale as error:
            data = request.POST.copy()
            data["version"] = str(error.current.version)
            context = {
                "form": ActForm(data, municipality=request.municipality),
                "legal_act": error.current,
                "stale": str(error),
            }
            return render(request, "acts/form.html", context, status=409)
        except DomainError as error:
            _tell(form, error)
        else:
            messages.success(request, "Сохранено")
            return redirect("office:act", request.municipality.slug, found.pk)
    return render(request, "acts/form.html", context, status=422 if form.errors else 200)


@office_page(Right.EDIT_ACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_delete(request: OfficeRequest, act_id: int) -> HttpResponse:
    """The end of an act on which nothing rests: asks first."""
    found = _act(request, act_id)
    form = ActEndForm(request.POST)
    context = {
        **_question(found),
        "url": _delete_url(request, found),
        "back_url": reverse("office:act", args=[request.municipality.slug, found.pk]),
    }
    if request.method == "POST" and not form.is_valid():
        wrong = {"reason_label": "Почему", "reason": form["reason"].value(), "reason_error": form.errors["reason"][0]}
        return render(request, "confirm.html", context | wrong, status=422)
    if request.method == "POST":
        reason = form.cleaned_data["reason"]
        try:
            delete_act(act=found, version=_version(request), reason=reason, actor=request.user, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("office:act", request.municipality.slug, act_id)
        messages.success(request, f"Удалено: {found}")
        return redirect("office:acts", request.municipality.slug)
    return render(request, "confirm.html", context)


def _act(request: OfficeRequest, act_id: int) -> LegalAct:
    rows = LegalAct.objects.filter(municipality=request.municipality).select_related("file", "created_by")
    return get_object_or_404(rows, pk=act_id)


def _question(found: LegalAct) -> dict[str, str]:
    return {
        "title": f"Удалить акт «{found}»?",
        "text": "Сведения об акте исчезнут из списка. В журнале останется, кто и когда удалил его.",
        "verb": "Удалить акт",
    }


def _delete_url(request: OfficeRequest, found: LegalAct) -> str:
    return f"{reverse('office:act_delete', args=[request.municipality.slug, found.pk])}?version={found.version}"


def _version(request: OfficeRequest) -> int:
    return whole_number(request.GET.get("version", "")) or 0


def _tell(form: ActForm, error: DomainError) -> None:
    form.add_error(error.field if isinstance(error, ActWrong) else None, str(error))
