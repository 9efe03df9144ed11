"""Who is this person here: the rights that memberships, a ministry or a support visit give in one place."""

from dataclasses import dataclass, replace
from datetime import datetime

from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import RIGHTS, Right, Role

from .models import Membership, SupportVisit, User


@dataclass(frozen=True)
class Standing:
    """What a person is and may do in a municipality or region; no roles and no visit: a stranger."""

    roles: tuple[Role, ...] = ()
    rights: frozenset[Right] = frozenset()
    label: str = ""
    organization_ids: frozenset[int] = frozenset()
    may_write: bool = False
    visit: SupportVisit | None = None

    @property
    def is_stranger(self) -> bool:
        return not self.roles

    @property
    def works_here(self) -> bool:
        """Has a role in the municipality itself: neither its ministry nor support on a visit, nor a program's key."""
        return self.may_write and self.visit is None


STRANGER = Standing()


def standing_in_municipality(user: User, municipality: Municipality, *, at: datetime) -> Standing:
    """Roles in the municipality; else the ministry of its region, reading only; else an open support visit."""
    member = standing_of_member(user, municipality)
    if not member.is_stranger:
        return member
    ministry = standing_in_region(user, municipality.region)
    if not ministry.is_stranger:
        return replace(ministry, may_write=False)
    visit = open_support_visit(user, municipality, at=at)
    if visit is not None:
        return Standing(
            roles=(Role.ADMINISTRATOR,),
            rights=RIGHTS[Role.ADMINISTRATOR],
            label="Поддержка портала",
            may_write=True,
            visit=visit,
        )
    return STRANGER


def standing_of_member(user: User, municipality: Municipality) -> Standing:
    """What the person's own roles in the municipality give."""
    memberships = list(
        Membership.objects.current().filter(user_id=user.pk, municipality_id=municipality.pk).order_by("pk")
    )
    if not memberships:
        return STRANGER
    roles = tuple(sorted({Role(membership.role) for membership in memberships}, key=list(Role).index))
    return Standing(
        roles=roles,
        rights=frozenset().union(*(RIGHTS[role] for role in roles)),
        label=next((membership.post for membership in memberships if membership.post), roles[0].label),
        organization_ids=frozenset(m.organization_id for m in memberships if m.organization_id is not None),
        may_write=True,
    )


def standing_in_region(user: User, region: Region) -> Standing:
    """The ministry of the region, or a stranger."""
    membership = ministry_membership(user, region)
    if membership is None:
        return STRANGER
    return Standing(
        roles=(Role.MINISTRY,),
        rights=RIGHTS[Role.MINISTRY],
        label=membership.post or Role.MINISTRY.label,
        may_write=True,
    )


def ministry_membership(user: User, region: Region) -> Membership | None:
    return Membership.objects.current().filter(user_id=user.pk, region_id=region.pk, role=Role.MINISTRY).first()


def open_support_visit(user: User, municipality: Municipality, *, at: datetime) -> SupportVisit | None:
    if not user.is_support:
        return None
    return (
        SupportVisit.objects.filter(user_id=user.pk, municipality_id=municipality.pk, ended_at=None, until__gt=at)
        .order_by("-until")
        .first()
    )


def is_administrator_anywhere(user: User) -> bool:
    """Whether the person needs a second factor where administrators must have one."""
    return user.is_support or Membership.objects.current().filter(user_id=user.pk, role=Role.ADMINISTRATOR).exists()
