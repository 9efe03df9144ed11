"""Responsible parties: the list, one of them, what it is, who works for it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nok_portal.accounts.models import User
from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.enums import PartyKind
from plans.forms.parties import HeadForm, PartyFilterForm, PartyForm, PersonForm
from plans.models import ResponsibleParty
from plans.selectors import people_behind
from plans.selectors.parties import (
    PartyFilter,
    group_label,
    opened_facts,
    other_names,
    party_rows,
    plans_with_party,
    wanted_rows,
)
from plans.selectors.party_proposals import proposals_for, proposals_of
from plans.services.parties import (
    PartyExists,
    PartyStale,
    add_party,
    change_party,
    link_account,
    mark_head,
    unlink_account,
)

PAGE = 50


@office_page(Right.SEE_PLANS)
@require_safe
def parties(request: OfficeRequest) -> HttpResponse:
    """Everybody the plans name as responsible, with what waits for them and who stands behind."""
    today = timezone.localdate()
    form = PartyFilterForm(request.GET.dict())
    wanted = form.wanted
    rows = party_rows(request.municipality, today=today)
    may_edit = Right.EDIT_PLANS in request.rights
    proposals = proposals_of(request.municipality, on=today) if may_edit else []
    doubles = [one for one in proposals if one.double is not None]
    alike = {party.pk for one in doubles for party in (one.party, one.double) if party is not None}
    picks = (
        ("Без людей", wanted_rows(rows, PartyFilter(without_people=True)), "people", "none", wanted.without_people),
        ("Возможные дубли", alike, "doubles", "1", wanted.doubles),
    )
    context = {
        "page": Paginator(wanted_rows(rows, wanted, alike), PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "form": form,
        "picks": [
            (label, len(some), _pick(request, name, "" if is_on else value), is_on)
            for label, some, name, value, is_on in picks
            if some or is_on
        ],
        "proposals": len(proposals),
        "may_edit": may_edit,
    }
    return render(request, "parties/list.html", context)


@office_page(Right.SEE_PLANS)
@require_safe
def party(request: OfficeRequest, party_id: int) -> HttpResponse:
    """What a party is, who stands behind it and why, its lines by plan."""
    return render(request, "parties/party.html", _party_context(request, party_of(request, party_id)))


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest) -> HttpResponse:
    """A party that no document has named yet."""
    form = PartyForm(
        request.POST if request.method == "POST" else None,
        municipality=request.municipality,
        initial={"kind": PartyKind.DEPARTMENT},
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = add_party(
                municipality=request.municipality, facts=form.facts, actor=request.user, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("name" if isinstance(error, PartyExists) else None, str(error))
        else:
            messages.success(request, f"Добавлен исполнитель: {added}")
            return redirect("office:party", request.municipality.slug, added.pk)
    return render(request, "parties/form.html", {"form": form}, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OfficeRequest, party_id: int) -> HttpResponse:
    """Name, kind, institution or group, curator."""
    found = party_of(request, party_id)
    if found.merged_into is not None:
        return redirect("office:party", request.municipality.slug, found.pk)
    form = PartyForm(
        request.POST if request.method == "POST" else None,
        municipality=request.municipality,
        initial=PartyForm.initial_of(found),
    )
    context: dict[str, Any] = {"form": form, "party": found}
    if request.method == "POST" and form.is_valid():
        try:
            change_party(
                party=found,
                facts=form.facts,
                version=form.cleaned_data["version"] or 0,
                actor=request.user,
                at=timezone.now(),
            )
        except PartyStale as error:
            context |= _stale(request.municipality, form, error.current)
            return render(request, "parties/form.html", context, status=409)
        except PartyExists as error:
            form.add_error("name", str(error))
            context["double"] = error.other
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:party", request.municipality.slug, found.pk)
    return render(request, "parties/form.html", context, status=422 if form.is_bound else 200)


@office_page(Right.EDIT_PLANS)
@require_POST
def person_add(request: OfficeRequest, party_id: int) -> HttpResponse:
    """Somebody begins to work for the party, and is told which lines are theirs."""
    found = party_of(request, party_id)
    form = PersonForm(request.POST, municipality=request.municipality, linked=set())
    if not form.is_valid():
        return render(request, "parties/party.html", _party_context(request, found, form), status=422)
    user = form.people[form.cleaned_data["user"]].user
    try:
        is_new = link_account(party=found, user=user, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        undo = reverse("office:party_person_remove", args=[request.municipality.slug, found.pk, user.pk])
        if is_new:
            messages.success(request, f"За исполнителя отвечает: {user}", extra_tags=f"undo:{undo}")
    return redirect("office:party", request.municipality.slug, found.pk)


@office_page(Right.EDIT_PLANS)
@require_POST
def person_remove(request: OfficeRequest, party_id: int, user_id: int) -> HttpResponse:
    """Somebody works for the party no more."""
    found = party_of(request, party_id)
    user = get_object_or_404(User, pk=user_id, pk__in=found.account_links.values("user"))
    try:
        unlink_account(party=found, user=user, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Больше не отвечает: {user}")
    return redirect("office:party", request.municipality.slug, found.pk)


@office_page(Right.EDIT_PLANS)
@require_POST
def person_head(request: OfficeRequest, party_id: int, user_id: int) -> HttpResponse:
    """Somebody heads the party, or heads it no more."""
    found = party_of(request, party_id)
    user = get_object_or_404(User, pk=user_id, pk__in=found.account_links.values("user"))
    is_head = HeadForm(request.POST).is_head
    try:
        mark_head(party=found, user=user, is_head=is_head, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{'Руководитель' if is_head else 'Больше не руководитель'}: {user}")
    return redirect("office:party", request.municipality.slug, found.pk)


def party_of(request: OfficeRequest, party_id: int) -> ResponsibleParty:
    """The party of the address, one of the municipality."""
    rows = ResponsibleParty.objects.filter(municipality=request.municipality)
    return get_object_or_404(rows.select_related("municipality", "merged_into", "organization"), pk=party_id)


def _pick(request: OfficeRequest, name: str, value: str) -> str:
    """The present address with one filter set or (blank) taken off, on its first page."""
    query = request.GET.copy()
    for gone in ("page", name):
        query.pop(gone, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"


def _party_context(request: OfficeRequest, found: ResponsibleParty, form: PersonForm | None = None) -> dict[str, Any]:
    today = timezone.localdate()
    is_kept = found.merged_into is None
    may_edit = Right.EDIT_PLANS in request.rights and is_kept
    behind = people_behind(found, on=today)
    linked = set(found.account_links.values_list("user", flat=True))
    return {
        "party": found,
        "behind": behind,
        "group": group_label(found),
        "linked": linked,
        "plans": plans_with_party(found) if is_kept else [],
        "names": other_names(found),
        "proposals": proposals_for(found, on=today) if may_edit else [],
        "entries": list(timeline_for(found)[:10]),
        "form": (form or PersonForm(municipality=request.municipality, linked=linked)) if may_edit else None,
        "may_edit": may_edit,
        "may_separate": Right.EDIT_PLANS in request.rights and not is_kept,
    }


def _stale(municipality: Municipality, typed: PartyForm, current: ResponsibleParty) -> dict[str, Any]:
    """The form with what the person typed and, where they touched nothing, what somebody else has saved meanwhile."""
    standing = PartyForm.initial_of(current)
    opened = opened_facts(current, version=typed.cleaned_data["version"] or 0)
    data, differing = dict(typed.data.items()), []
    fields: dict[str, Any] = typed.fields
    for name, field in fields.items():
        was, now, mine = (str(value or "") for value in (opened.get(name), standing[name], data.get(name)))
        if name == "version" or name not in opened:
            continue
        words = {str(key): label for key, label in getattr(field, "choices", [])}
        differing.append((field.label, *(words.get(one, one) for one in (was, now, mine)), mine not in (was, now)))
        if mine == was:
            data[name] = now
    data["version"] = str(current.version)
    form = PartyForm(data, municipality=municipality, initial=standing)
    form.is_valid()
    return {"form": form, "stale": True, "differing": differing, "party": current}
