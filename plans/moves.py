"""What plans say of an organization follows it when two records of it are merged."""

from django.db.models import QuerySet

from nok_portal.tenants.services.merging import ForeignKeyMover, register_mover

from .models import ActivityOrganization, DueDate, ResponsibleParty


def links_that_stay(source: int, target: int) -> QuerySet:
    """Lines that name the double and the organization that is kept, for the same year."""
    kept = ActivityOrganization.objects.filter(organization_id=target)
    return ActivityOrganization.objects.filter(
        pk__in=[
            link.pk
            for link in ActivityOrganization.objects.filter(organization_id=source)
            if kept.filter(activity_id=link.activity_id, year=link.year).exists()
        ]
    ).values("pk")


def dues_that_stay(source: int, target: int) -> QuerySet:
    """Due dates of the double whose window the organization that is kept has already."""
    kept = set(DueDate.objects.filter(organization_id=target).values_list("activity_id", "window_from", "window_to"))
    doubled = [
        due.pk
        for due in DueDate.objects.filter(organization_id=source)
        if (due.activity_id, due.window_from, due.window_to) in kept
    ]
    return DueDate.objects.filter(pk__in=doubled).values("pk")


register_mover("plans.ResponsibleParty.organization", ForeignKeyMover(ResponsibleParty, "organization"))
register_mover(
    "plans.ActivityOrganization.organization",
    ForeignKeyMover(ActivityOrganization, "organization", left=links_that_stay),
)
register_mover("plans.DueDate.organization", ForeignKeyMover(DueDate, "organization", left=dues_that_stay))
