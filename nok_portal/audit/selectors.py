"""Reads of the journal: an object's timeline, a municipality's latest entries."""

from django.db.models import Model, QuerySet

from .models import AuditEntry


def timeline_for(on: Model) -> QuerySet[AuditEntry]:
    """What was done to one object, newest first."""
    return AuditEntry.objects.filter(object_type=on._meta.label_lower, object_id=str(on.pk)).order_by("-at", "-pk")


def journal_for_municipality(municipality_id: int) -> QuerySet[AuditEntry]:
    """All that was done in a municipality, newest first."""
    return AuditEntry.objects.filter(municipality_id=municipality_id).order_by("-at", "-pk")
