"""Reads of people and their places of work."""

from dataclasses import dataclass

from django.urls import reverse

from nok_portal.tenants.rights import Role

from .models import Membership, User


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
