"""The scope of a role's place: a municipality, or a region for its ministry."""

from contextlib import AbstractContextManager

from nok_portal.tenants.scope import Scope, scope

from ..models import Invitation, Membership


def place_scope(of: Invitation | Membership) -> AbstractContextManager[Scope]:
    if of.municipality_id is not None:
        return scope(writable=[of.municipality_id])
    return scope(regions=[of.region_id] if of.region_id is not None else [])


def region_of(of: Invitation | Membership) -> int | None:
    """For the journal: the region of what belongs to a ministry, None for what a municipality owns."""
    return of.region_id
