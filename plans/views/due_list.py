"""«Мои сроки»: the list to work through, and one step for several due dates at once."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.forms.reporting import (
    DecisionForm,
    DuesFilterForm,
    ReportManyForm,
    as_typed,
    chosen,
)
from plans.models import DueDate
from plans.selectors.due_list import (
    DueSort,
    ListedDue,
    Viewer,
    chosen_dues,
    counts_of_sorts,
    dues_of_sort,
    listed,
)
from plans.selectors.reporting import evidence_of
from plans.services import reporting_many as services
from plans.services.due_locks import DueGone
from plans.services.report_steps import NoReason
from plans.transitions import WANT_REASON, Verb, is_allowed, refusal
from plans.views.due_evidence import Taken, not_taken, nothing_typed, take_away, take_evidence

PAGE = 50
TITLES = {
    DueSort.MINE: "Мои сроки",
    DueSort.WAITING: "Отчёты на проверке",
    DueSort.RETURNED: "Возвращённые отчёты",
    DueSort.OVERDUE: "Просроченные сроки",
    DueSort.SOON: "Сроки ближайших двух недель",
    DueSort.ALL: "Все сроки",
}
BULK = {
    Verb.REPORT: "Отчитаться",
    Verb.ACCEPT: "Принять",
    Verb.RETURN: "Вернуть",
    Verb.CANCEL: "Снять",
}
QUESTIONS = {
    Verb.REPORT: "Отчёт за несколько сроков",
    Verb.ACCEPT: "Принять несколько отчётов",
    Verb.RETURN: "Вернуть несколько отчётов",
    Verb.CANCEL: "Снять несколько сроков",
}
REASONS = {Verb.RETURN: "Что исправить", Verb.CANCEL: "Почему сроки снимаются"}
DONE = {
    Verb.REPORT: "Отправлено на проверку",
    Verb.ACCEPT: "Принято",
    Verb.RETURN: "Возвращено",
    Verb.CANCEL: "Снято",
}
_DUES = ("срок", "срока", "сроков")


@office_page(Right.SEE_PLANS)
@require_safe
def dues(request: OfficeRequest) -> HttpResponse:
    """Due dates of one sort, with check boxes for what this person may do with several at once."""
    viewer, today = _viewer(request), timezone.localdate()
    form = DuesFilterForm(request.GET.dict())
    found = dues_of_sort(request.municipality, form.sort, viewer=viewer, today=today, words=form.words)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = listed(page.object_list, request.municipality, viewer=viewer, today=today)
    counts = counts_of_sorts(request.municipality, viewer=viewer, today=today)
    context = {
        "form": form,
        "sort": form.sort,
        "title": TITLES[form.sort],
        "page": page,
        "rows": rows,
        "bulk": _verbs_of(rows),
        "picks": [
            (sort.label, counts[sort], "?" + urlencode({"show": sort.value, **form.kept}), sort == form.sort)
            for sort in DueSort
            if _is_shown(sort, counts, viewer)
        ],
        "counts": counts,
    }
    return render(request, "plans/dues.html", context)


@office_page(Right.REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: OfficeRequest) -> HttpResponse:
    """One step for several due dates: what it does, with which of them it cannot be done, and the button."""
    data = request.POST if request.method == "POST" else request.GET
    act = data.get("act", "")
    wanted = chosen(data.getlist("due"))
    if act not in BULK or not wanted:
        messages.error(request, "Сначала отметьте сроки в списке.")
        return redirect("office:dues", request.municipality.slug)
    verb = Verb(act)
    found = chosen_dues(request.municipality, wanted)
    rows = listed(found, request.municipality, viewer=_viewer(request), today=timezone.localdate())
    fit = [row for row in rows if not _why_not(verb, row)]
    for row in fit:
        # a page that was read has a version; whoever sends none has seen nothing
        row.due.version = wanted[row.due.pk] or (0 if request.method == "POST" else row.due.version)
    refused = [(row.due, why) for row in rows if (why := _why_not(verb, row))]
    if request.method != "POST":
        return _many_page(request, verb, fit, refused)
    if not fit:
        return _many_page(request, verb, fit, refused, form=_typed(request, verb, []), taken=not_taken(request))
    if data.get("do") == "send" and len(fit) < len(wanted):
        # between the page and the press something happened to the others
        changed = services.SeveralRefused([services.Refused(due, why) for due, why in refused], len(wanted))
        dues = [row.due for row in fit]
        taken = take_evidence(request, dues) if verb is Verb.REPORT else None
        return _many_page(request, verb, fit, [], form=_typed(request, verb, dues), taken=taken, error=changed)
    if verb is Verb.REPORT:
        return _report(request, fit, refused)
    return _decide(request, verb, fit, refused)


def _report(request: OfficeRequest, fit: list[ListedDue], refused: list[tuple[DueDate, str]]) -> HttpResponse:
    dues = [row.due for row in fit]
    if "remove" in request.POST:
        taken = take_away(request, evidence_of(dues), request.POST["remove"])
    else:
        taken = take_evidence(request, dues)
    if request.POST.get("do") != "send":
        return _many_page(request, Verb.REPORT, fit, refused, form=_typed(request, Verb.REPORT, dues), taken=taken)
    form = ReportManyForm(request.POST, dues=dues)
    if not form.is_valid() or not taken.is_whole:
        return _many_page(request, Verb.REPORT, fit, refused, form=form, taken=taken)
    try:
        done = services.report_many(
            dues=dues, report=form.report, quantities=form.quantities, actor=request.user, at=timezone.now()
        )
    except DomainError as error:
        return _many_page(request, Verb.REPORT, fit, refused, form=form, error=error)
    return _done(request, Verb.REPORT, done)


def _decide(
    request: OfficeRequest, verb: Verb, fit: list[ListedDue], refused: list[tuple[DueDate, str]]
) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _many_page(request, verb, fit, refused, form=form)
    said: dict[str, Any] = {"dues": [row.due for row in fit], "actor": request.user, "at": timezone.now()}
    reason = form.cleaned_data["reason"]
    try:
        match verb:
            case Verb.RETURN:
                done = services.return_many(reason=reason, **said)
            case Verb.CANCEL:
                done = services.cancel_many(reason=reason, **said)
            case _:
                done = services.accept_many(**said)
    except NoReason as error:
        form.add_error("reason", str(error))
        return _many_page(request, verb, fit, refused, form=form)
    except DomainError as error:
        return _many_page(request, verb, fit, refused, form=form, error=error)
    return _done(request, verb, done)


def _typed(request: OfficeRequest, verb: Verb, dues: list[DueDate]) -> ReportManyForm | DecisionForm:
    """What was typed, not judged yet."""
    if verb is Verb.REPORT:
        return ReportManyForm(initial=as_typed(ReportManyForm, request.POST.dict()), dues=dues)
    return DecisionForm(initial=as_typed(DecisionForm, request.POST.dict()))


def _many_page(
    request: OfficeRequest,
    verb: Verb,
    fit: list[ListedDue],
    refused: list[tuple[DueDate, str]],
    *,
    form: ReportManyForm | DecisionForm | None = None,
    taken: Taken | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    """Those that fit with what is asked, and those that do not with the reason; the latter are not sent again."""
    if isinstance(error, services.SeveralRefused):
        bad = {one.due.pk: one for one in error.refused}
        refused = [*refused, *((one.due, one.why) for one in error.refused)]
        fit = [row for row in fit if row.due.pk not in bad]
    dues = [row.due for row in fit]
    lost = form["report_text" if verb is Verb.REPORT else "reason"].value() if form is not None and not fit else ""
    if form is None:
        form = ReportManyForm(dues=dues) if verb is Verb.REPORT else DecisionForm()
    if verb in REASONS:
        form.fields["reason"].label = REASONS[verb]
        form.fields["reason"].help_text = ""
    context = {
        "verb": verb,
        "title": QUESTIONS[verb],
        "act": f"{BULK[verb]}: {counted(len(fit), *_DUES)}",
        "fit": fit,
        "refused": refused,
        "form": form,
        "wants_reason": verb in WANT_REASON,
        "rows": evidence_of(dues) if verb is Verb.REPORT and dues else [],
        "taken": taken or (nothing_typed(request) if verb is Verb.REPORT else None),
        "lost": lost,
        "problem": str(error) if error else "",
        "back_url": reverse("office:dues", args=[request.municipality.slug]),
    }
    faulty = error or lost or form.errors or (taken and not taken.is_whole)
    return render(request, "plans/dues_many.html", context, status=422 if faulty else 200)


def _done(request: OfficeRequest, verb: Verb, dues: list[DueDate]) -> HttpResponse:
    """Said in a toast; acceptances, which tell nobody, can be taken back by it."""
    undo = ""
    if verb is Verb.ACCEPT:
        taken_back = urlencode({"due": [f"{due.pk}:{due.version}" for due in dues]}, doseq=True, safe=":")
        undo = f"undo:{reverse('office:dues_unaccept', args=[request.municipality.slug])}?{taken_back}"
    messages.success(request, f"{DONE[verb]}: {counted(len(dues), *_DUES)}", extra_tags=undo)
    return _to_list(request, DueSort.MINE if verb is Verb.REPORT else DueSort.WAITING)


@office_page(Right.ACCEPT_REPORTS)
@require_POST
def unaccept(request: OfficeRequest) -> HttpResponse:
    """The toast of several acceptances takes back just those; which it cannot, and why, is said."""
    accepted = chosen(request.GET.getlist("due"))
    dues = list(chosen_dues(request.municipality, accepted).select_related("municipality"))
    for due in dues:
        due.version = accepted[due.pk]
    try:
        taken = services.take_back_acceptances(dues=dues, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _to_list(request, DueSort.WAITING)
    if taken.done:
        messages.success(request, f"Принятие отменено: {counted(len(taken.done), *_DUES)}, отчёты снова на проверке")
    left = [one.why for one in taken.refused] + [str(DueGone())] * (len(accepted) - len(dues))
    if left:
        messages.warning(request, f"Осталось как есть: {counted(len(left), *_DUES)}. {_reasons_of(left)}")
    return _to_list(request, DueSort.WAITING)


def _reasons_of(left: list[str]) -> str:
    """Each reason once; how many it holds for where there are several."""
    reasons = Counter(left)
    if len(reasons) == 1:
        return left[0]
    return " ".join(f"{counted(count, *_DUES)}: {why[0].lower()}{why[1:]}" for why, count in reasons.items())


def _to_list(request: OfficeRequest, sort: DueSort) -> HttpResponse:
    return redirect(f"{reverse('office:dues', args=[request.municipality.slug])}?show={sort.value}")


def _why_not(verb: Verb, row: ListedDue) -> str:
    """Why the step cannot be taken with this due date; '' where it can."""
    if row.is_over:
        return row.is_over
    if verb in row.verbs:
        return ""
    if not is_allowed(verb, row.due.state):
        return f"{refusal(row.due.state).capitalize()}."
    if verb is Verb.REPORT:
        return "По этому сроку отчитывается другой исполнитель."
    return "Принимать и возвращать отчёты могут редактор и администратор муниципалитета."


def _verbs_of(rows: list[ListedDue]) -> list[tuple[Verb, str]]:
    return [(verb, words) for verb, words in BULK.items() if any(verb in row.verbs for row in rows)]


def _is_shown(sort: DueSort, counts: dict[DueSort, int], viewer: Viewer) -> bool:
    """Nobody is offered an empty sort that is not their business."""
    return sort is not DueSort.MINE or bool(counts[sort]) or Right.REPORT in viewer.rights


def _viewer(request: OfficeRequest) -> Viewer:
    rights = request.rights if request.standing.may_write else frozenset()
    return Viewer(request.user, rights, request.standing.organization_ids)
