"""Responsible parties that are one: proposals, merging, parting; other proposals about parties."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted, whole_number
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.forms.parties import ProposalsForm, VersionsForm
from plans.selectors.parties import PartyFilter, merge_preview, party_rows, wanted_rows
from plans.selectors.party_proposals import ProposalKind, proposals_of
from plans.services.party_merging import distinguish_parties, merge_parties, undo_merge
from plans.services.party_proposals import accept_proposals
from plans.views.parties import party_of

FOUND = 30


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: OfficeRequest) -> HttpResponse:
    """What the portal has noticed about parties; the chosen ones are applied together."""
    today = timezone.localdate()
    found = proposals_of(request.municipality, on=today)
    error = ""
    if request.method == "POST":
        form = ProposalsForm(request.POST, keys=[one.key for one in found])
        if form.is_valid():
            applied = accept_proposals(
                municipality=request.municipality,
                keys=form.cleaned_data["accept"],
                on=today,
                actor=request.user,
                at=timezone.now(),
            )
            if applied.done:
                done = counted(applied.done, "предложение", "предложения", "предложений")
                messages.success(request, f"Принято: {done}")
            for refusal in applied.refused:
                messages.error(request, refusal)
            return redirect(_back(request))
        asked = set(request.POST.getlist("accept"))
        error = (
            "Этого предложения больше нет: кто-то уже принял его или изменил исполнителя."
            if asked
            else "Отметьте хотя бы одно предложение."
        )
    context = {
        "groups": [
            (ProposalKind(kind).label, ProposalKind(kind), list(some))
            for kind, some in groupby(found, key=lambda one: one.kind)
        ],
        "total": len(found),
        "error": error,
    }
    return render(request, "parties/proposals.html", context, status=422 if error else 200)


@office_page(Right.EDIT_PLANS)
@require_safe
def merge_choose(request: OfficeRequest, party_id: int) -> HttpResponse:
    """Search for the double of a party."""
    kept = party_of(request, party_id)
    words = request.GET.get("q", "").strip()[:200]
    found = []
    if words:
        rows = party_rows(request.municipality, today=timezone.localdate())
        found = [row for row in wanted_rows(rows, PartyFilter(words=words)) if row.party.pk != kept.pk][:FOUND]
    return render(request, "parties/merge_choose.html", {"party": kept, "words": words, "found": found})


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: OfficeRequest, party_id: int, other_party_id: int) -> HttpResponse:
    """Two names side by side, what would change, the merge."""
    kept, double = party_of(request, party_id), party_of(request, other_party_id)
    slug = request.municipality.slug
    for one in (kept, double):
        if one.merged_into is not None:
            messages.info(request, f"«{one}» уже объединён с «{one.merged_into}».")
            return redirect("office:party", slug, one.merged_into.pk)
    error = ""
    form = VersionsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        is_seen = form.is_valid()  # whoever sends no versions has seen nothing
        kept.version = form.cleaned_data["kept_version"] if is_seen else 0
        double.version = form.cleaned_data["double_version"] if is_seen else 0
        try:
            merge_parties(kept=kept, double=double, actor=request.user, at=timezone.now())
        except DomainError as refusal:
            error = str(refusal)
            kept.refresh_from_db()
            double.refresh_from_db()
        else:
            undo = reverse("office:party_separate", args=[slug, double.pk])
            messages.success(request, f"Объединено: {kept}", extra_tags=f"undo:{undo}")
            return redirect("office:party", slug, kept.pk)
    context = {"kept": kept, "double": double, "preview": merge_preview(kept, double), "error": error}
    return render(request, "parties/merge.html", context, status=409 if error else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def separate(request: OfficeRequest, party_id: int) -> HttpResponse:
    """A double on its own again."""
    double = party_of(request, party_id)
    try:
        undo_merge(double=double, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Разделено: {double} снова отдельный исполнитель")
    return redirect("office:party", request.municipality.slug, double.pk)


@office_page(Right.EDIT_PLANS)
@require_POST
def distinguish(request: OfficeRequest, party_id: int, other_party_id: int) -> HttpResponse:
    """«Это разные исполнители»: the pair is not proposed again."""
    one, other = party_of(request, party_id), party_of(request, other_party_id)
    try:
        distinguish_parties(one=one, other=other, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Больше не предлагается: {one} и {other}")
    return redirect(_back(request))


def _back(request: OfficeRequest) -> str:
    """The page of a party when the proposal was answered there, else the list of proposals."""
    if party := whole_number(request.POST.get("party", "")):
        return reverse("office:party", args=[request.municipality.slug, party])
    return reverse("office:parties_proposals", args=[request.municipality.slug])
