"""Whose letter it is: of a municipality, of a region, or of the portal itself."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from nok_portal.tenants.scope import Scope, scope


@dataclass(frozen=True)
class Place:
    """The tenant of a letter; neither municipality nor region: the portal's own (accounts)."""

    municipality_id: int | None = None
    region_id: int | None = None

    def scope(self) -> AbstractContextManager[Scope]:
        """The scope in which this place's letters exist, and no others."""
        if self.municipality_id is not None:
            return scope(writable=[self.municipality_id])
        if self.region_id is not None:
            return scope(regions=[self.region_id])
        return scope(system=True)
