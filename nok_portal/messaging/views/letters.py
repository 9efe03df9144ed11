"""«Письма»: what was sent to whom and when, what has not gone and why, and sending again.

For those who manage the people of the municipality: the pages show addresses and what others were told, and what
mends most failures (a new address, a new invitation) is done by the same people.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right

from ..forms.letters import MOST_AT_ONCE, STATES, LettersFilter, marked
from ..kinds import find_kind
from ..models import OutgoingMail
from ..selectors.letters import letters_to_show
from ..selectors.sent import count_by_state, letters_by_key, letters_of, reminders_in
from ..services.letters import Refused, SeveralRefused, send_again, send_several_again

PAGE = 50
LETTERS = ("письмо", "письма", "писем")
UNSEEN = "-"  # whoever sends no stamp has seen nothing
State = OutgoingMail.State


@office_page(Right.MANAGE_PEOPLE)
@require_safe
def letters(request: OfficeRequest) -> HttpResponse:
    """Letters of the municipality, newest first."""
    municipality = request.municipality
    form = LettersFilter(request.GET.dict())
    wanted = form.wanted
    page = Paginator(letters_of(municipality, wanted), PAGE).get_page(request.GET.get("page"))
    counts = count_by_state(municipality, wanted)
    rows = letters_to_show(request.municipality, page.object_list)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "may_mark": any(row.may_be_marked for row in rows),
        "picks": [
            (
                words,
                counts[state or "all"],
                "?" + urlencode({**form.kept, **({"state": state} if state else {})}),
                state == wanted.state,
            )
            for state, words in STATES.items()
        ],
        "failed": counts[State.FAILED],
        "all_failed_url": _url(request, "office:letters_again", query={**form.kept, "all": "1"}),
        "is_narrowed": form.is_filled or bool(wanted.state),
    }
    return render(request, "messaging/letters.html", context)


@office_page(Right.MANAGE_PEOPLE)
@require_safe
def letter(request: OfficeRequest, letter_id: UUID) -> HttpResponse:
    """One letter: what it said and told, what became of it."""
    found = _found(request, letter_id)
    told = [(row, kind.title if (kind := find_kind(row.kind)) else "") for row in reminders_in(found)]
    context = {
        "letter": letters_to_show(request.municipality, [found])[0],
        "told": told,
        "entries": timeline_for(found)[:20],
    }
    return render(request, "messaging/letter.html", context)


@office_page(Right.MANAGE_PEOPLE)
@require_POST
def again(request: OfficeRequest, letter_id: UUID) -> HttpResponse:
    """Send one letter again."""
    found = _found(request, letter_id)
    try:
        sent = send_again(mail=found, actor=request.user, at=timezone.now(), seen=request.POST.get("seen") or UNSEEN)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Письмо для {sent.recipient} уйдёт в течение минуты")
    return redirect("office:letter", request.municipality.slug, found.pk)


@office_page(Right.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def several_again(request: OfficeRequest) -> HttpResponse:
    """Several letters that have not gone: which of them go, which cannot and why, and the button."""
    if request.method == "POST":
        seen = {key: stamp or UNSEEN for key, stamp in marked(request.POST.getlist("letter")).items()}
    elif request.GET.get("all"):
        wanted = replace(LettersFilter(request.GET.dict()).wanted, state=State.FAILED)
        seen = dict.fromkeys(letters_of(request.municipality, wanted).values_list("pk", flat=True)[:MOST_AT_ONCE], "")
    else:
        seen = marked(request.GET.getlist("letter"))
    if not seen:
        messages.error(request, "Сначала отметьте письма в списке.")
        return redirect("office:letters", request.municipality.slug)
    if request.method != "POST":
        return _several_page(request, seen)
    try:
        sent = send_several_again(municipality=request.municipality, seen=seen, actor=request.user, at=timezone.now())
    except SeveralRefused as refusal:
        return _several_page(request, seen, problem=str(refusal), refused=refusal.refused)
    messages.success(request, f"Уйдёт в течение минуты: {counted(len(sent), *LETTERS)}")
    return redirect("office:letters", request.municipality.slug)


def _several_page(
    request: OfficeRequest, seen: Collection[UUID], *, problem: str = "", refused: Iterable[Refused] = ()
) -> HttpResponse:
    bad = {one.mail.pk: one.why for one in refused}
    rows = [
        replace(row, why_not=bad.get(row.mail.pk, row.why_not))
        for row in letters_to_show(request.municipality, letters_by_key(request.municipality, seen))
        if row.is_failure or row.is_retried or row.mail.pk in bad
    ]
    fit = [row for row in rows if not row.why_not]
    context: dict[str, Any] = {
        "fit": fit,
        "refused": [row for row in rows if row.why_not],
        "problem": problem,
        "act": f"Отправить ещё раз: {counted(len(fit), *LETTERS)}",
        "most": MOST_AT_ONCE if len(seen) == MOST_AT_ONCE else 0,
        "back_url": _url(request, "office:letters", query={"state": State.FAILED}),
    }
    return render(request, "messaging/letters_again.html", context, status=422 if problem else 200)


def _found(request: OfficeRequest, letter_id: UUID) -> OutgoingMail:
    return get_object_or_404(
        OutgoingMail.objects.select_related("user"), pk=letter_id, municipality=request.municipality
    )


def _url(request: OfficeRequest, name: str, *, query: dict[str, str]) -> str:
    return f"{reverse(name, args=[request.municipality.slug])}?{urlencode(query)}"
