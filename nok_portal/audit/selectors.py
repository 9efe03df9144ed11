"""Reads of the journal: an object's timeline, a municipality's latest entries."""

from django.db.models import Model, Q, QuerySet

from .models import AuditEntry


def timeline_for(on: Model, *parts: Model) -> QuerySet[AuditEntry]:
    """What was done to one object and to those that are part of it, newest first."""
    keys: dict[str, list[str]] = {}
    for one in (on, *parts):
        keys.setdefault(one._meta.label_lower, []).append(str(one.pk))
    told = Q()
    for object_type, some in keys.items():
        told |= Q(object_type=object_type, object_id__in=some)
    return AuditEntry.objects.filter(told).order_by("-at", "-pk")


def journal_for_municipality(municipality_id: int) -> QuerySet[AuditEntry]:
    """All that was done in a municipality, newest first."""
    return AuditEntry.objects.filter(municipality_id=municipality_id).order_by("-at", "-pk")
