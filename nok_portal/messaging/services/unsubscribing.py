"""The address in a letter's headers by which mail programs decline such letters without logging in (RFC 8058)."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

from nok_portal.tenants.models import Municipality, Region

from ..people import directory
from ..selectors.settings import staff_of

_SALT = "nok_portal.messaging.unsubscribe"
_REGION_SALT = f"{_SALT}.region"


def unsubscribe_address(*, municipality: Municipality, user_id: int) -> str:
    """Signed, of one person in one municipality; it does nothing but decline letters and holds as long as they work
    there."""
    key = signing.Signer(salt=_SALT).sign_object({"place": municipality.pk, "person": user_id})
    return settings.PORTAL_URL.rstrip("/") + reverse("unsubscribe", args=[municipality.slug, key])


def person_of_address(*, municipality: Municipality, key: str) -> Any:
    """The account whose letters the address declines; None for an address that is not ours, or of one who has left."""
    try:
        said = signing.Signer(salt=_SALT).unsign_object(key)
    except (signing.BadSignature, ValueError):
        return None
    if said["place"] != municipality.pk or said["person"] not in staff_of(municipality).people:
        return None
    return get_user_model().objects.filter(pk=said["person"]).first()


def unsubscribe_region_address(*, region: Region, user_id: int) -> str:
    """Signed, of one person of the region's ministry."""
    key = signing.Signer(salt=_REGION_SALT).sign_object({"region": region.pk, "person": user_id})
    return settings.PORTAL_URL.rstrip("/") + reverse("unsubscribe_region", args=[key])


def person_of_region_address(key: str) -> tuple[Region, Any] | None:
    """The region and the account that the address is about; None for one that is not ours, or of one who has left."""
    try:
        said = signing.Signer(salt=_REGION_SALT).unsign_object(key)
    except (signing.BadSignature, ValueError):
        return None
    people = directory().ministries([said["region"]]).get(said["region"], [])
    if said["person"] not in {one.user_id for one in people}:
        return None
    return Region.objects.get(pk=said["region"]), get_user_model().objects.get(pk=said["person"])
