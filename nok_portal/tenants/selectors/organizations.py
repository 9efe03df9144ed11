"""Reads of the organizations register."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.common.text import date_in_words, fold

from ..enums import Sphere
from ..models import Municipality, Organization
from ..models.organizations import OrganizationQuerySet
from ..register.matching import FIELDS as FACTS

_WORD = re.compile(r"[^\s«»\"„“”,;]+")
_MOST_WORDS = 12


@dataclass(frozen=True)
class OrganizationFilter:
    """What a person looks for: words, a sphere, a type, 'active' (default), 'closed' or 'all'."""

    words: str = ""
    sphere: str = ""
    organization_type: str = ""
    state: str = "active"


def organizations_for_list(
    municipality: Municipality, wanted: OrganizationFilter, *, today: date
) -> OrganizationQuerySet:
    """Organizations without merged doubles, in Russian order. Every word must occur, ё or е, any case."""
    found = Organization.objects.filter(municipality=municipality).listed().in_russian_order()
    if wanted.state == "active":
        found = found.exclude(active_to__lt=today)
    elif wanted.state == "closed":
        found = found.filter(active_to__lt=today)
    if wanted.sphere:
        found = found.filter(sphere=wanted.sphere)
    if wanted.organization_type:
        found = found.filter(organization_type=wanted.organization_type)
    for word in _WORD.findall(fold(wanted.words))[:_MOST_WORDS]:
        found = found.filter(search_text__contains=word)
    return found


def organization_counts(municipality: Municipality, *, today: date) -> dict[str, int]:
    """How many organizations work and how many are closed, doubles left out."""
    listed = Organization.objects.filter(municipality=municipality).listed()
    return listed.aggregate(
        active=Count("pk", filter=~Q(active_to__lt=today) | Q(active_to__isnull=True)),
        closed=Count("pk", filter=Q(active_to__lt=today)),
    )


def organization_types(municipality: Municipality) -> list[str]:
    """The types in use, in order."""
    return list(
        Organization.objects.filter(municipality=municipality)
        .listed()
        .exclude(organization_type="")
        .order_by("organization_type")
        .values_list("organization_type", flat=True)
        .distinct()
    )


@dataclass(frozen=True)
class FieldChange:
    """One field of a journal entry in words; `before` is '' where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    """A journal entry as the page of an organization tells it."""

    verb: str
    actor_name: str
    at: datetime
    reason: str
    changes: list[FieldChange] = field(default_factory=list)


def history_of(organization: Organization, *, limit: int = 50) -> list[HistoryEntry]:
    """What was done to the organization, newest first, fields with their Russian names."""
    return [_told(entry) for entry in timeline_for(organization)[:limit]]


def _told(entry: AuditEntry) -> HistoryEntry:
    changes = []
    if entry.before:
        changes = [
            FieldChange(label_of(name), shown(name, entry.before.get(name)), shown(name, value))
            for name, value in entry.after.items()
            if name in FACTS
        ]
    return HistoryEntry(entry.verb, entry.actor_name, entry.at, entry.reason, changes)


def label_of(name: str) -> str:
    """The Russian name of a field."""
    return str(Organization._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(name: str, value: Any) -> str:
    """A value of a field as people read it; days may come as ISO text from the journal or an import."""
    if value in {None, ""}:
        return ""
    if name == "sphere":
        return str(dict(Sphere.choices).get(value, value))
    if name in {"active_from", "active_to"}:
        return date_in_words(date.fromisoformat(value) if isinstance(value, str) else value)
    return str(value)


@dataclass(frozen=True)
class Disagreement:
    """A field that somebody else changed while a person was editing: as it was, as it is, as the person wants it."""

    name: str
    label: str
    opened: str
    current: str
    mine: str
    is_conflict: bool


def disagreements(
    current: Organization, *, version: int, mine: dict[str, Any]
) -> tuple[list[Disagreement], dict[str, Any]]:
    """What others changed since `version`, and the facts to offer: theirs where the person touched nothing.

    The journal says how each field looked before; where both changed it, the person's own value is kept
    in the offer and marked as a conflict.
    """
    opened: dict[str, Any] = {}
    who_changed = timeline_for(current).filter(before__version__gte=version).order_by("at", "pk")
    for entry in who_changed:
        for name, value in entry.before.items():
            if name in FACTS:
                opened.setdefault(name, value)
    found, offer = [], dict(mine)
    for name in FACTS:
        if name not in opened or name not in mine:
            continue
        was, now, own = (shown(name, value) for value in (opened[name], getattr(current, name), mine[name]))
        if own == was:
            offer[name] = getattr(current, name)
        if now != was:
            found.append(Disagreement(name, label_of(name), was, now, own, is_conflict=own not in {was, now}))
    return found, offer
