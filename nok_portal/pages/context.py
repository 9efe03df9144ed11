"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from nok_portal.tenants.requests import PortalRequest

from .navigation import ON_PHONE_BAR, Link, links_for


def shell(request: PortalRequest) -> dict[str, Any]:
    """Where the person is, what they are there, and where they can go; computed when a template asks."""
    if not hasattr(request, "rights"):  # an error page before the tenant was known
        return {"today": timezone.localdate()}
    places: list[Link] = SimpleLazyObject(lambda: links_for(request))  # type: ignore[assignment]
    return {
        "today": timezone.localdate(),
        "municipality": request.municipality,
        "region": request.region,
        "membership_label": request.membership_label,
        "support_visit": request.support_visit,
        "bell_seconds": settings.BELL_SECONDS,
        "places": places,
        "places_on_bar": SimpleLazyObject(lambda: places[:ON_PHONE_BAR]),
        "places_off_bar": SimpleLazyObject(lambda: places[ON_PHONE_BAR:]),
    }
