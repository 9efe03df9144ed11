"""What stands behind each variable of a URL: one maker a name. A new name without one fails the contract test."""

from collections.abc import Callable
from typing import Any

from nok_portal.tenants.models import Municipality
from tests.factories import OrganizationFactory

# name of the URL variable → makes the object in the municipality (its scope is open), gives the value
SAMPLES: dict[str, Callable[[Municipality], Any]] = {
    "organization_id": lambda municipality: OrganizationFactory(municipality=municipality).pk,
}
# variables that name no object of a tenant, with a harmless value
PLAIN: dict[str, Any] = {}
