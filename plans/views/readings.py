"""How deadline words are understood: live while they are typed, and corrected with a small form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors
from plans.days.difference import DaysDifference
from plans.deadlines import Context, Deadline, problems_in, schedule
from plans.deadlines.decomposing import decompose
from plans.deadlines.suggesting import Suggestion, day_off_suggestions, suggestions
from plans.enums import ImportState
from plans.forms import ReadingForm
from plans.importing.drafts import read_words, reading_of
from plans.models import Plan, PlanImport
from plans.services import imports, readings
from plans.services.days import days_difference
from plans.views.import_pages import open_import
from plans.views.plan_pages import activity_of

LONGEST_WORDS = 2000


@dataclass(frozen=True)
class Words:
    """Deadline words in their place: what they mean now, who said so, and what can be done about it.

    `is_row`: they stand in the preview of a document, which takes changed rows into its place; only in a plan that
    stands is there a `difference` for the days.
    """

    key: str
    title: str
    words: str
    now: Deadline
    corrected_by: str
    corrected_at: datetime | None
    context: Context
    stamp: str
    url: str
    back_url: str
    parts_url: str
    is_row: bool
    correct: Callable[[Deadline, str], object]
    undo: Callable[[str], object]
    difference: Callable[[Deadline], DaysDifference] | None = None

    @property
    def answers(self) -> list[Suggestion]:
        """Ready answers to what is impossible or doubtful in the reading."""
        return suggestions(self.now)

    @property
    def day_off_answers(self) -> list[Suggestion]:
        return day_off_suggestions(self.now, self.context)


@office_page(Right.EDIT_PLANS)
@require_safe
def words(request: OfficeRequest) -> HttpResponse:
    """How words are understood while they are typed; `import` or `plan` says in which period, `activity` of which line."""
    typed = str(next((value for name, value in request.GET.items() if name.endswith("deadline_text")), ""))
    typed = " ".join(typed[:LONGEST_WORDS].split())
    deadline = read_words(typed)
    return render(request, "plans/_reading.html", _live(request, deadline, words=typed))


@office_page(Right.EDIT_PLANS)
@require_POST
def parts(request: OfficeRequest) -> HttpResponse:
    """What the choices of the form give while they are made."""
    deadline = ReadingForm(data=request.POST).read("")
    return render(request, "plans/_reading.html", _live(request, deadline, words="…"))


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: OfficeRequest, import_id: int, index: int) -> HttpResponse:
    """Correct how the words of a line of a document are understood."""
    found = open_import(request, import_id)
    return _correct(request, lambda: _words_of_line(request, found, index))


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: OfficeRequest, activity_id: int) -> HttpResponse:
    """Correct how the words of an activity are understood."""
    return _correct(request, lambda: _words_of_activity(request, activity_id))


def _correct(request: OfficeRequest, find: Callable[[], Words]) -> HttpResponse:
    place = find()
    if request.method != "POST":
        return _page(request, place, _begun(place))
    verb, stamp = request.POST.get("do", "save"), request.POST.get("stamp", "")
    sent = ReadingForm(data=request.POST)
    if verb.startswith(("add", "remove", "reshape")):
        changed = sent.changed(verb)
        return _page(request, place, changed, becoming=changed.bound().read(place.words))
    try:
        if verb == "undo":
            place.undo(stamp)
            return _done(request, place, "Понимание срока возвращено")
        if verb == "answer":
            place.correct(_answer(place, request.POST.get("answer", "")), stamp)
            return _done(request, place, "Понимание срока исправлено")
        becoming = sent.read(place.words)
        if sent.is_valid():
            place.correct(becoming, stamp)
            return _done(request, place, "Понимание срока исправлено")
        return _page(request, place, sent, becoming=becoming, status=422)
    except DomainError as error:
        place = find()
        form = sent if verb == "save" else _begun(place)
        becoming = sent.read(place.words) if verb == "save" else place.now
        return _page(request, place, form, becoming=becoming, refusal=str(error), status=422)


def _answer(place: Words, label: str) -> Deadline:
    for one in (*place.answers, *place.day_off_answers):
        if one.label == label:
            return one.deadline
    raise DomainError("Этой подсказки уже нет: срок понят иначе. Посмотрите и выберите снова.")


def _begun(place: Words) -> ReadingForm:
    return ReadingForm(decompose(place.now))


def _done(request: OfficeRequest, place: Words, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(place.back_url)


def _page(
    request: OfficeRequest,
    place: Words,
    form: ReadingForm,
    *,
    becoming: Deadline | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form as a page of its own; htmx takes it from there into the row. `becoming`: what a person has chosen."""
    context = {
        "place": place,
        "form": form,
        "refusal": refusal,
        "now": reading_shown(place.now, place.context, words=place.words),
        "becoming": reading_shown(becoming or place.now, place.context, words=place.words)
        | {"difference": place.difference(becoming) if becoming and place.difference else None},
        "starts_empty": becoming is None and decompose(place.now) is None,
    }
    return render(request, "plans/reading.html", context, status=status)


def reading_shown(deadline: Deadline, context: Context, *, words: str) -> dict[str, Any]:
    """What plans/_reading.html shows."""
    due = schedule(deadline, context)
    return {
        "words": words,
        "reading": reading_of(deadline),
        "days": sorted({one.ends_on for one in due}),
        "days_off": sorted({one.ends_on for one in due if one.on_day_off}),
        "problems": list(dict.fromkeys([*deadline.problems, *problems_in(deadline, context)])),
        "unparsed": deadline.unparsed,
    }


def _live(request: OfficeRequest, deadline: Deadline, *, words: str) -> dict[str, Any]:
    """The answer while a person types or chooses; of a line of a plan, what that would do to its days, too."""
    context = _context_asked(request)
    difference = None
    if asked := whole_number(request.GET.get("activity", "")):
        activity = activity_of(request, asked)
        difference = days_difference(activity.plan, deadlines={activity.pk: deadline})
    return reading_shown(deadline, context, words=words) | {"difference": difference}


def _context_asked(request: OfficeRequest) -> Context:
    """The period and assessment years of the document or plan that the address names; none when it names none."""
    here = {"municipality": request.municipality}
    if asked := whole_number(request.GET.get("import", "")):
        return selectors.context_of_import(get_object_or_404(PlanImport, pk=asked, **here))
    if asked := whole_number(request.GET.get("plan", "")):
        return selectors.context_of_plan(get_object_or_404(Plan, pk=asked, **here))
    return Context()


def _words_of_line(request: OfficeRequest, found: PlanImport, index: int) -> Words:
    found.refresh_from_db()
    if found.state != ImportState.REVIEW:
        raise Http404
    draft = imports.draft_of_import(found)
    one = next((line for line in draft.lines if line.index == index), None)
    if one is None or one.is_deleted or not one.row.deadline_text:
        raise Http404
    slug, anchor = request.municipality.slug, f"line-{index}"
    actor, at = request.user, timezone.now()
    show = request.POST.get("show") or request.GET.get("show", "")
    show = show if show in ("all", "corrected") else "findings"
    return Words(
        key=anchor,
        title=one.row.title,
        words=one.row.deadline_text,
        now=one.deadline,
        corrected_by=one.correction.by_name if one.correction else "",
        corrected_at=one.correction.at if one.correction else None,
        context=draft.facts.context,
        stamp=one.stamp,
        url=f"{reverse('office:plan_import_reading', args=[slug, found.pk, index])}?show={show}",
        back_url=f"{reverse('office:plan_import', args=[slug, found.pk])}?show={show}&row={anchor}#{anchor}",
        parts_url=f"{reverse('office:deadline_parts', args=[slug])}?import={found.pk}",
        is_row=True,
        correct=lambda deadline, stamp: readings.correct_line_reading(
            plan_import=found, index=index, stamp=stamp, deadline=deadline, actor=actor, at=at
        ),
        undo=lambda stamp: readings.reread_line(plan_import=found, index=index, stamp=stamp, at=at),
    )


def _words_of_activity(request: OfficeRequest, activity_id: int) -> Words:
    found = activity_of(request, activity_id)
    if not found.deadline_text:
        raise Http404
    slug, actor, at = request.municipality.slug, request.user, timezone.now()
    by = found.reading_corrected_by
    return Words(
        key=f"a{found.pk}",
        title=str(found),
        words=found.deadline_text,
        now=found.deadline,
        corrected_by=by.name_for_journal if by else "",
        corrected_at=found.reading_corrected_at,
        context=selectors.context_of_plan(found.plan),
        stamp=str(found.version),
        url=reverse("office:activity_reading", args=[slug, found.pk]),
        back_url=f"{reverse('office:plan', args=[slug, found.plan_id])}?line={found.pk}",
        parts_url=f"{reverse('office:deadline_parts', args=[slug])}?plan={found.plan_id}&activity={found.pk}",
        is_row=False,
        correct=lambda deadline, stamp: readings.correct_activity_reading(
            activity=found, version=whole_number(stamp) or 0, deadline=deadline, actor=actor, at=at
        ),
        undo=lambda stamp: readings.reread_activity(
            activity=found, version=whole_number(stamp) or 0, actor=actor, at=at
        ),
        difference=lambda deadline: days_difference(found.plan, deadlines={found.pk: deadline}),
    )
