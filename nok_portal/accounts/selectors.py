"""Reads of people and their places of work."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower, Replace
from django.urls import reverse

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import Role

from .models import AccessToken, Invitation, Membership, User


@dataclass(frozen=True)
class Workplace:
    """A place where a person has something to do, as the start page lists it."""

    title: str
    subtitle: str
    url: str


def workplaces_of(user: User) -> list[Workplace]:
    """Municipalities and regions of the person's current memberships, by name; for support staff their page too."""
    memberships = (
        Membership.objects.current()
        .filter(user_id=user.pk)
        .select_related("municipality__region", "region")
        .order_by("municipality__name", "region__name", "pk")
    )
    found: dict[str, Workplace] = {}
    for membership in memberships:
        label = membership.post or Role(membership.role).label
        if membership.municipality is not None:
            if not membership.municipality.is_active:
                continue
            url = reverse("office:today", args=[membership.municipality.slug])
            found.setdefault(url, Workplace(membership.municipality.name, label, url))
        elif membership.region is not None:
            url = reverse("region:home", args=[membership.region.slug])
            found.setdefault(url, Workplace(membership.region.name, label, url))
    if user.is_support:
        found["support"] = Workplace("Поддержка портала", "Муниципалитеты и вход по обращению", reverse("support:home"))
    return list(found.values())


@dataclass(frozen=True)
class PeopleFilter:
    """What a person looks for in the list: words, a role, 'current' (default) or 'ended'."""

    words: str = ""
    role: str = ""
    state: str = "current"


def people_of(municipality: Municipality, wanted: PeopleFilter) -> QuerySet[Membership]:
    """Roles of people in a municipality, by name in Russian order; each knows whether there is a second factor."""
    totp = Authenticator.objects.filter(user_id=OuterRef("user_id"), type=Authenticator.Type.TOTP)
    found = (
        Membership.objects.filter(municipality=municipality, ended_at__isnull=wanted.state != "ended")
        .select_related("user", "organization")
        .annotate(has_second_factor=Exists(totp))
        .order_by(in_russian_order("user__full_name"), "user_id", "pk")
    )
    if wanted.role:
        found = found.filter(role=wanted.role)
    words = fold(wanted.words).split()[:10]
    if words:
        fields = ("user__full_name", "user__email", "post", "organization__short_name")
        said = Concat(*(part for name in fields for part in (name, Value(" "))), output_field=TextField())
        found = found.annotate(said=Replace(Lower(said), Value("ё"), Value("е"), output_field=TextField()))
        for word in words:
            found = found.filter(said__contains=word)
    return found


def people_counts(municipality: Municipality) -> dict[str, int]:
    """How many roles people have here, and how many have ended."""
    return Membership.objects.filter(municipality=municipality).aggregate(
        current=Count("pk", filter=Q(ended_at__isnull=True)), ended=Count("pk", filter=Q(ended_at__isnull=False))
    )


def open_invitations(place: Municipality | Region) -> QuerySet[Invitation]:
    """Neither accepted nor revoked, newest first, each with its letter. Wants the place's scope."""
    where = Q(municipality=place) if isinstance(place, Municipality) else Q(region=place)
    return (
        Invitation.objects.unanswered()
        .filter(where)
        .select_related("mail", "invited_by", "organization")
        .order_by("-created_at", "-pk")
    )


def role_history(membership: Membership) -> list[AuditEntry]:
    """What was done to one role, newest first, each entry with `changes` in words. Wants the scope."""
    entries = list(timeline_for(membership))
    for entry in entries:
        entry.changes = [  # type: ignore[attr-defined]
            RoleChange(label, words(entry.before.get(name)), words(entry.after[name]))
            for name, label, words in (("role", "Роль", _role_words), ("post", "Должность", str))
            if entry.before and name in entry.after
        ]
    return entries


@dataclass(frozen=True)
class RoleChange:
    label: str
    before: str
    after: str


def _role_words(role: str | None) -> str:
    return Role(role).label if role else ""


def in_russian_order(field: str) -> Replace:
    """ё right after е, whatever the server's own order is."""
    return Replace(Lower(field), Value("ё"), Value("е\U0010ffff"))


def places_of(user: User) -> list[Municipality | Region]:
    """Where the person has a role now, each place once, by name: what a key for programs may open."""
    memberships = (
        Membership.objects.current().filter(user_id=user.pk).select_related("municipality", "region").order_by("pk")
    )
    found = {
        place
        for membership in memberships
        if (place := membership.municipality or membership.region) and (isinstance(place, Region) or place.is_active)
    }
    return sorted(found, key=lambda place: (place.name, place.pk))


def tokens_of(user: User, *, at: datetime) -> list[AccessToken]:
    """The person's keys that open something, the newest first."""
    return list(
        AccessToken.objects.valid(at).filter(user=user).select_related("municipality", "region").order_by("-pk")
    )
