"""One due date: its report with evidence, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.enums import DueState
from plans.forms.reporting import DecisionForm, ReportForm, as_typed, version_of
from plans.models import DueDate
from plans.permissions import may_report, why_asks_nothing
from plans.selectors import reporting
from plans.selectors.reminded import reminded_of
from plans.services import reporting as services
from plans.services.due_locks import DueGone, StaleDue, lock_due
from plans.services.report_steps import NoReason, ReportWrong
from plans.transitions import Verb
from plans.views.due_evidence import Taken, not_taken, nothing_typed, take_away, take_evidence

DONE = {
    Verb.REPORT: "Отчёт отправлен на проверку",
    Verb.EDIT: "Отчёт исправлен",
    Verb.WITHDRAW: "Отчёт отозван, текст сохранён",
    Verb.ACCEPT: "Принято",
    Verb.RETURN: "Отчёт возвращён",
    Verb.CANCEL: "Срок снят",
    Verb.REOPEN: "Срок открыт снова",
    Verb.UNACCEPT: "Принятие отменено, отчёт снова на проверке",
}
SHOWN = 20  # entries of the history
_DECISIONS = (Verb.ACCEPT, Verb.RETURN, Verb.CANCEL, Verb.REOPEN, Verb.UNACCEPT)


@office_page(Right.SEE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def due(request: OfficeRequest, due_id: int) -> HttpResponse:
    """The page of a due date; a POST keeps evidence, a draft or the report, by the button that was pressed."""
    found = _found(request, due_id)
    if found is None:
        return _gone(request, None)
    if request.method != "POST":
        return _page(request, found)
    if not _is_mine(request, found):
        return _refused(request, found, "По этому сроку отчитывается другой исполнитель.")
    try:
        # held to the end of the request: between the evidence and the words nobody else gets in
        lock_due(found)
        return _write(request, _due(request, due_id), request.POST.get("do", ""))
    except DueGone:
        return _gone(request, found)
    except DomainError as error:
        return _refused(request, found, str(error))


@office_page(Right.ACCEPT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OfficeRequest, due_id: int, verb: str) -> HttpResponse:
    """Accept, return, cancel, open again, take the acceptance back; cancelling and opening ask first."""
    found = _found(request, due_id)
    if verb not in _DECISIONS:
        raise Http404
    if found is None:
        return _gone(request, None)
    chosen = Verb(verb)
    if request.method != "POST":
        if chosen not in _QUESTIONS:
            return redirect("office:due", request.municipality.slug, found.pk)
        return render(request, "confirm.html", question(request, found, chosen))
    form = DecisionForm(request.POST)
    seen = version_of(request.POST) or version_of(request.GET)
    if not form.is_valid():
        return _asked_again(request, found, chosen, form, seen)
    said = {"due": found, "version": seen, "actor": request.user}
    reason = form.cleaned_data["reason"]
    try:
        match chosen:
            case Verb.ACCEPT:
                services.accept_report(remark=reason, at=timezone.now(), **said)
            case Verb.RETURN:
                services.return_report(reason=reason, at=timezone.now(), **said)
            case Verb.CANCEL:
                services.cancel_due(reason=reason, at=timezone.now(), **said)
            case Verb.REOPEN:
                services.reopen(reason=reason, at=timezone.now(), **said)
            case Verb.UNACCEPT:
                services.take_back_acceptance(at=timezone.now(), **said)
    except NoReason as error:
        form.add_error("reason", str(error))
        return _asked_again(request, found, chosen, form, seen)
    except DueGone:
        return _gone(request, found)
    except DomainError as error:
        return _page(request, _due(request, due_id), decision=form, problem=str(error))
    messages.success(request, DONE[chosen], extra_tags=_undo_of(chosen, found, seen))
    return redirect("office:due", request.municipality.slug, found.pk)


def _undo_of(verb: Verb, found: DueDate, seen: int) -> str:
    """Where the toast of a decision takes it back; only of an acceptance, which tells nobody and asks for nothing."""
    if verb is not Verb.ACCEPT:
        return ""
    address = reverse("office:due_decide", args=[found.municipality.slug, found.pk, Verb.UNACCEPT.value])
    return f"undo:{address}?version={seen + 1}"


def _asked_again(request: OfficeRequest, found: DueDate, verb: Verb, form: DecisionForm, version: int) -> HttpResponse:
    """The reason is wrong: told where it was typed."""
    if verb not in _QUESTIONS:
        return _page(request, found, decision=form)
    reason = {"reason": form["reason"].value() or "", "reason_error": form.errors["reason"][0]}
    return render(request, "confirm.html", question(request, found, verb, version=version) | reason, status=422)


def question(request: OfficeRequest, found: DueDate, verb: Verb, *, version: int | None = None) -> dict[str, Any]:
    """The words of the dialog and of the page behind it."""
    title, text, act, label = _QUESTIONS[verb]
    slug = request.municipality.slug
    return {
        "title": title,
        "text": text,
        "verb": act,
        "reason_label": label,
        "keep": "Не менять",
        "page_url": reverse("office:due_decide", args=[slug, found.pk, verb.value]),
        "url": f"{reverse('office:due_decide', args=[slug, found.pk, verb.value])}?version={found.version if version is None else version}",
        "back_url": reverse("office:due", args=[slug, found.pk]),
    }


_QUESTIONS = {
    Verb.CANCEL: (
        "Снять срок?",
        "Портал больше не будет о нём напоминать. Отчёт и подтверждения сохранятся, срок можно открыть снова.",
        "Снять срок",
        "Почему срок снимается",
    ),
    Verb.REOPEN: (
        "Открыть срок снова?",
        "По сроку снова нужно будет отчитаться. Прежний отчёт и подтверждения сохранятся.",
        "Открыть снова",
        "Почему срок открывается снова",
    ),
}


def _write(request: OfficeRequest, found: DueDate, act: str) -> HttpResponse:
    """Evidence first: it is kept whatever is wrong with the words; then the draft or the report."""
    seen, current = version_of(request.POST), found.version
    if act == Verb.WITHDRAW:
        return _save(request, found, Verb.WITHDRAW, None, seen)
    if "remove" in request.POST:
        taken = take_away(request, reporting.evidence_of([found]), request.POST["remove"])
    else:
        taken = take_evidence(request, [found])
    found = _due(request, found.pk)
    if seen == current:  # what this very request has attached is no other person's change
        seen = found.version
    if act not in ("send", "draft"):
        return _page(request, found, form=_typed(request, found), taken=taken, version=seen)
    form = ReportForm(request.POST, due=found, is_draft=act == "draft")
    if not form.is_valid() or not taken.is_whole:
        problem = "" if taken.is_whole else "Отчёт не отправлен: проверьте подтверждения."
        return _page(request, found, form=form, taken=taken, version=seen, problem=problem)
    return _save(request, found, None if act == "draft" else Verb.REPORT, form, seen)


def _save(
    request: OfficeRequest, found: DueDate, verb: Verb | None, form: ReportForm | None, seen: int
) -> HttpResponse:
    if verb is Verb.REPORT and found.state == DueState.REPORTED:
        verb = Verb.EDIT
    said: dict[str, Any] = {"due": found, "version": seen, "actor": request.user, "at": timezone.now()}
    try:
        if form is None:
            services.withdraw_report(**said)
        elif verb is None:
            services.save_draft(report=form.report, **said)
        elif verb is Verb.EDIT:
            services.edit_report(report=form.report, **said)
        else:
            services.report_due(report=form.report, **said)
    except ReportWrong as error:
        assert form is not None, "only a report can be wrong"
        form.add_error(error.field, str(error))
        return _page(request, found, form=form)
    except StaleDue as error:
        # told once; pressed again it is meant
        return _page(request, error.due, form=form or _typed(request, found), problem=str(error), is_conflict=True)
    messages.success(request, DONE[verb] if verb else "Черновик сохранён")
    return redirect("office:due", request.municipality.slug, found.pk)


def _page(
    request: OfficeRequest,
    found: DueDate,
    *,
    form: ReportForm | None = None,
    taken: Taken | None = None,
    decision: DecisionForm | None = None,
    version: int = 0,
    problem: str = "",
    is_conflict: bool = False,
) -> HttpResponse:
    """The page as the person may see it, with what they have typed."""
    may_decide = Right.ACCEPT_REPORTS in request.rights
    is_mine = _is_mine(request, found)
    asks_nothing = why_asks_nothing(found.activity.plan)
    is_open = not asks_nothing
    writes = is_mine and is_open and _is_written(found, edits="edit" in request.GET or form is not None)
    verbs = [Verb.CANCEL] if found.state in (DueState.OPEN, DueState.REPORTED) else [Verb.REOPEN]
    context = {
        "due": found,
        "activity": found.activity,
        "plan": found.activity.plan,
        "due_days": [found.window_to],
        "decider": f" · {found.decided_by or 'портал'}" if found.decided_at else "",
        "is_mine": is_mine,
        "parties": reporting.parties_of(found.activity),
        "siblings": reporting.siblings_of(found),
        "rows": reporting.evidence_of([found]),
        "entries": reporting.history_of(found, timeline_for(found.activity))[:SHOWN],
        "reminded": reminded_of([found], municipality=request.municipality, rights=request.rights),
        "may_see_letters": Right.MANAGE_PEOPLE in request.rights,
        "asks_nothing": asks_nothing,
        "writes": writes,
        "form": (form or ReportForm(initial=_initial(found), due=found)) if writes else None,
        # what was typed and can be sent no more is kept on the page, so that it can be copied
        "lost": form["report_text"].value() if form is not None and not writes else "",
        "lost_evidence": taken.typed if taken is not None and not writes else [],
        "taken": taken or (nothing_typed(request) if writes else None),
        "version": version or found.version,
        "may_change": is_mine and is_open and found.state == DueState.REPORTED,
        "decision": (decision or DecisionForm()) if may_decide and is_open and _is_reported(found) else None,
        "lost_reason": decision["reason"].value() if decision is not None and not _is_reported(found) else "",
        "others_waiting": reporting.others_waiting(found) if may_decide else 0,
        "questions": [
            {**question(request, found, verb), "id": f"ask-{verb}"} for verb in verbs if may_decide and is_open
        ],
        "problem": problem or (taken.problem if taken is not None and not writes else ""),
        "is_conflict": is_conflict,
    }
    faulty = problem or (taken and not taken.is_whole) or any(one and one.errors for one in (form, decision))
    return render(request, "plans/due.html", context, status=422 if faulty else 200)


def _initial(found: DueDate) -> dict[str, Any]:
    return {"report_text": found.report_text, "done_on": found.done_on, "quantity": found.quantity}


def _typed(request: OfficeRequest, found: DueDate) -> ReportForm:
    """What was typed, not judged yet."""
    return ReportForm(initial=as_typed(ReportForm, request.POST.dict()), due=found)


def _is_written(found: DueDate, *, edits: bool) -> bool:
    return found.state == DueState.OPEN or (edits and _is_reported(found))


def _is_reported(found: DueDate) -> bool:
    return found.state == DueState.REPORTED


def _is_mine(request: OfficeRequest, found: DueDate) -> bool:
    return request.standing.may_write and may_report(
        found,
        user=request.user,
        on=timezone.localdate(),
        rights=request.rights,
        organization_ids=request.standing.organization_ids,
    )


def _due(request: OfficeRequest, due_id: int) -> DueDate:
    related = ("activity__plan", "activity__section", "organization", "municipality", "reported_by", "decided_by")
    return get_object_or_404(DueDate.objects.select_related(*related), pk=due_id, municipality=request.municipality)


def _found(request: OfficeRequest, due_id: int) -> DueDate | None:
    """The due date; None where it is no more and something was typed about it. Raises 404 for others."""
    try:
        return _due(request, due_id)
    except Http404:
        if request.method == "POST" and any(request.POST.get(name) for name in ("report_text", "reason")):
            return None
        raise


def _refused(request: OfficeRequest, found: DueDate, why: str) -> HttpResponse:
    """Nothing of it can be kept: what was typed stays on the page."""
    return _page(request, found, form=_typed(request, found), taken=not_taken(request), problem=why)


def _gone(request: OfficeRequest, found: DueDate | None) -> HttpResponse:
    """Computed away meanwhile: what was typed is shown for copying."""
    context = {
        "due": found,
        "lost": request.POST.get("report_text") or request.POST.get("reason", ""),
        "lost_evidence": not_taken(request).typed,
    }
    return render(request, "plans/due_gone.html", context, status=404)
