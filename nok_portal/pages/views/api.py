from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView

from nok_portal.accounts.api import KeyAuthentication
from nok_portal.tenants.access import public_page


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API names the key."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Ключ для программ из учётной записи"}


@public_page
class ApiDescription(SpectacularAPIView):
    """The API in OpenAPI's words: the same for everybody, no key needed."""
