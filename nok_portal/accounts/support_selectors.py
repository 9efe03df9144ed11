"""Reads for the portal's support staff: places and accounts, never a municipality's own work."""

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import Role

from .models import Membership, User
from .selectors import in_russian_order


def municipalities_for_support(words: str) -> QuerySet[Municipality]:
    """All municipalities by region and name; each knows how many administrators it has."""
    administrators = (
        Membership.objects.current()
        .filter(municipality_id=OuterRef("pk"), role=Role.ADMINISTRATOR)
        .order_by()
        .values("municipality_id")
        .annotate(people=Count("user_id", distinct=True))
        .values("people")
    )
    found = (
        Municipality.objects.select_related("region")
        .annotate(administrators=Coalesce(Subquery(administrators), 0))
        .order_by(in_russian_order("region__name"), in_russian_order("name"), "pk")
    )
    for word in words.split()[:10]:
        found = found.filter(Q(name__icontains=word) | Q(slug__icontains=word) | Q(region__name__icontains=word))
    return found


def regions_for_support() -> QuerySet[Region]:
    """All regions by name, each with the number of its municipalities."""
    return Region.objects.annotate(places=Count("municipalities")).order_by(in_russian_order("name"), "pk")


def accounts_for_support(words: str) -> QuerySet[User]:
    """Accounts by name; each knows whether it has a second factor."""
    totp = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = User.objects.annotate(has_second_factor=Exists(totp)).order_by(in_russian_order("full_name"), "pk")
    for word in words.split()[:10]:
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    return found


def roles_of_account(user: User) -> QuerySet[Membership]:
    """Every role the person has or had, present ones first."""
    return user.memberships.select_related("municipality", "region").order_by("ended_at", "-created_at", "pk")


def administrators_of(place: Municipality | Region) -> QuerySet[Membership]:
    """Whom support may speak to: administrators of a municipality, the ministry of a region."""
    where = (
        Q(municipality=place, role=Role.ADMINISTRATOR)
        if isinstance(place, Municipality)
        else Q(region=place, role=Role.MINISTRY)
    )
    return (
        Membership.objects.current()
        .filter(where)
        .select_related("user")
        .order_by(in_russian_order("user__full_name"), "pk")
    )
