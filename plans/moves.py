"""What plans say of an organization follows it when two records of it are merged."""

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from nok_portal.tenants.services.merging import ForeignKeyMover, register_mover

from .models import ActivityOrganization, DueDate, ResponsibleParty


def links_that_stay(source: int, target: int) -> QuerySet:
    """Lines that name the double and the organization that is kept, for the same year."""
    kept = ActivityOrganization.objects.alias(of_year=Coalesce("year", 0)).filter(
        organization_id=target, activity=OuterRef("activity"), of_year=Coalesce(OuterRef("year"), 0)
    )
    return ActivityOrganization.objects.filter(Exists(kept), organization_id=source).values("pk")


def dues_that_stay(source: int, target: int) -> QuerySet:
    """Due dates of the double whose window the organization that is kept has already."""
    window = {name: OuterRef(name) for name in ("activity", "window_from", "window_to")}
    kept = DueDate.objects.filter(organization_id=target, **window)
    return DueDate.objects.filter(Exists(kept), organization_id=source).values("pk")


register_mover("plans.ResponsibleParty.organization", ForeignKeyMover(ResponsibleParty, "organization"))
register_mover(
    "plans.ActivityOrganization.organization",
    ForeignKeyMover(ActivityOrganization, "organization", left=links_that_stay),
)
register_mover("plans.DueDate.organization", ForeignKeyMover(DueDate, "organization", left=dues_that_stay))
