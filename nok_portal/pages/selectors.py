"""Reads for screens that show several products at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet

from nok_portal.tenants.models import Municipality, Organization, Region
from plans.enums import DueState
from plans.models import Activity, DueDate, Plan


@dataclass(frozen=True)
class MunicipalityAtGlance:
    """A municipality as its region's ministry lists it."""

    municipality: Municipality
    plans: int
    activities: int
    organizations: int
    next_due: date | None


def municipalities_at_glance(region: Region, *, today: date) -> list[MunicipalityAtGlance]:
    """The active municipalities of the region by name; the region's scope must be open."""
    municipalities = list(Municipality.objects.active().filter(region=region).order_by("name", "pk"))
    plans = _count_by_municipality(Plan.objects.current())
    activities = _count_by_municipality(Activity.objects.filter(plan__archived_at__isnull=True))
    organizations = _count_by_municipality(Organization.objects.listed())
    upcoming = dict(
        DueDate.objects.filter(state=DueState.OPEN, window_to__gte=today, activity__plan__archived_at__isnull=True)
        .values_list("municipality_id")
        .annotate(Min("window_to"))
    )
    return [
        MunicipalityAtGlance(
            municipality=municipality,
            plans=plans.get(municipality.pk, 0),
            activities=activities.get(municipality.pk, 0),
            organizations=organizations.get(municipality.pk, 0),
            next_due=upcoming.get(municipality.pk),
        )
        for municipality in municipalities
    ]


def _count_by_municipality(rows: "QuerySet[Any]") -> dict[int, int]:
    return dict(rows.order_by().values_list("municipality_id").annotate(Count("pk")))
