"""Roles and invitations follow their institution when two records of it are merged."""

from django.db.models import QuerySet

from nok_portal.tenants.services.merging import ForeignKeyMover, register_mover

from .models import Invitation, Membership


def memberships_that_stay(source: int, target: int) -> QuerySet:
    """Roles of the double whose person already has the same role at the organization that is kept."""
    kept = Membership.objects.current().filter(organization_id=target)
    doubled = Membership.objects.current().filter(organization_id=source, role__in=kept.values("role"))
    return doubled.filter(user_id__in=kept.values("user_id")).values("pk")


register_mover(
    "accounts.Membership.organization", ForeignKeyMover(Membership, "organization", left=memberships_that_stay)
)
register_mover("accounts.Invitation.organization", ForeignKeyMover(Invitation, "organization"))
