"""Reads for screens that show several products at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from nok_portal.tenants.models import Municipality, Organization, Region
from plans.enums import DueState
from plans.models import Activity, DueDate, Plan


@dataclass(frozen=True)
class MunicipalityAtGlance:
    """A municipality as its region's ministry lists it.

    `due` are the due dates of plans in force whose last day is over, `accepted` and `overdue` those of them that were
    accepted and that nobody has reported. What was over before the plan came in counts once it is reported.
    """

    municipality: Municipality
    plans: int
    activities: int
    organizations: int
    next_due: date | None
    due: int = 0
    accepted: int = 0
    overdue: int = 0


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
    dues = _dues_by_municipality(today)
    return [
        MunicipalityAtGlance(
            municipality=municipality,
            plans=plans.get(municipality.pk, 0),
            activities=activities.get(municipality.pk, 0),
            organizations=organizations.get(municipality.pk, 0),
            next_due=upcoming.get(municipality.pk),
            **dues.get(municipality.pk, {}),
        )
        for municipality in municipalities
    ]


def _dues_by_municipality(today: date) -> dict[int, dict[str, int]]:
    over = (
        DueDate.objects.filter(window_to__lt=today, activity__plan__in=Plan.objects.in_force())
        .exclude(state=DueState.CANCELLED)
        .exclude(state=DueState.OPEN, ended_before_entry=True)
    )
    rows = (
        over.order_by()
        .values_list("municipality_id")
        .annotate(
            due=Count("pk"),
            accepted=Count("pk", filter=Q(state=DueState.ACCEPTED)),
            overdue=Count("pk", filter=Q(state=DueState.OPEN)),
        )
    )
    return {key: {"due": due, "accepted": accepted, "overdue": overdue} for key, due, accepted, overdue in rows}


def _count_by_municipality(rows: "QuerySet[Any]") -> dict[int, int]:
    return dict(rows.order_by().values_list("municipality_id").annotate(Count("pk")))
