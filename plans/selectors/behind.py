"""Who stands behind a responsible party: accounts, people of its institutions, a curator, or nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nok_portal.accounts.models import Membership, User
from nok_portal.tenants.models import Organization
from nok_portal.tenants.rights import Role
from plans.enums import EVERY_SPHERE, PartyKind, StandsBehind
from plans.models import PartyAccount, ResponsibleParty


@dataclass(frozen=True)
class Person:
    """Somebody of the municipality, by what they are there."""

    user: User
    post: str


@dataclass(frozen=True)
class Behind:
    """Who is told of a party's work, and why they.

    `organizations` are those the party means (one institution, or all of its group), `unmanned` those of them from
    which nobody has an account: there the curator steps in. `former` are linked accounts that work here no more.
    `heads`: those of the linked people who answer for the others.
    """

    reason: StandsBehind
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    unmanned: tuple[Organization, ...] = ()
    curator: Person | None = None
    former: tuple[User, ...] = ()
    is_group: bool = False
    heads: tuple[User, ...] = ()

    @property
    def users(self) -> tuple[User, ...]:
        return tuple(person.user for person in self.people)

    @property
    def reminded(self) -> tuple[User, ...]:
        """Who is told of each due date: heads only where they have nobody to answer for."""
        return tuple(user for user in self.users if user not in self.heads) or self.users

    @property
    def manned(self) -> tuple[Organization, ...]:
        return tuple(one for one in self.organizations if one not in self.unmanned)

    @property
    def is_nobody(self) -> bool:
        return self.reason is StandsBehind.NOBODY


def people_behind(party: ResponsibleParty, *, on: date) -> Behind:
    """Accounts of the party; else people of its institution or group; else its curator; else nobody."""
    return behind_parties([party], on=on)[party.pk]


def behind_parties(parties: Iterable[ResponsibleParty], *, on: date) -> dict[int, Behind]:
    """The same for many parties, also of several municipalities, in three queries whatever their number."""
    parties = list(parties)
    if not parties:
        return {}
    linked: dict[int, list[PartyAccount]] = defaultdict(list)
    for link in PartyAccount.objects.filter(party__in=parties).select_related("user").order_by("pk"):
        linked[link.party_id].append(link)
    organizations = _organizations_by_party(parties, on=on)
    wanted = {link.user_id for links in linked.values() for link in links}
    wanted |= {one.curator_id for one in parties if one.curator_id is not None}
    places = {organization.pk for some in organizations.values() for organization in some}
    staff = _Staff({party.municipality_id for party in parties}, wanted, places)
    return {party.pk: _behind(party, linked[party.pk], organizations.get(party.pk, ()), staff) for party in parties}


def organizations_of(party: ResponsibleParty, *, on: date) -> tuple[Organization, ...]:
    """The organizations a party means that work on the day: its institution, or every one of its group."""
    return tuple(_organizations_by_party([party], on=on).get(party.pk, ()))


def has_group(party: ResponsibleParty) -> bool:
    """Whether a group says which organizations it means."""
    return party.kind == PartyKind.INSTITUTIONS and party.group_sphere != ""


def group_holds(party: ResponsibleParty, organization: Organization) -> bool:
    return (
        party.municipality_id == organization.municipality_id
        and party.group_sphere in (EVERY_SPHERE, organization.sphere)
        and party.group_type in ("", organization.organization_type)
    )


class _Staff:
    """Current roles in the municipalities of some people and of some institutions."""

    def __init__(self, municipality_ids: set[int], users: set[int], organizations: set[int]) -> None:
        self.people: dict[tuple[int, int], Person] = {}  # by municipality and user
        self.of_organization: dict[int, list[Person]] = defaultdict(list)
        found = (
            Membership.objects.current()
            .filter(Q(user__in=users) | Q(organization__in=organizations, role=Role.INSTITUTION))
            .filter(municipality__in=municipality_ids, user__is_active=True)
            .select_related("user")
            .order_by("pk")
        )
        for membership in found if users or organizations else ():
            person = Person(membership.user, membership.post or Role(membership.role).label)
            assert membership.municipality_id is not None, "filtered above"
            self.people.setdefault((membership.municipality_id, membership.user_id), person)
            if membership.organization_id is not None:
                self.of_organization[membership.organization_id].append(person)


def _behind(
    party: ResponsibleParty, linked: Sequence[PartyAccount], organizations: Sequence[Organization], staff: _Staff
) -> Behind:
    here = party.municipality_id
    present = [link for link in linked if (here, link.user_id) in staff.people]
    accounts = tuple(staff.people[here, link.user_id] for link in present)
    curator = staff.people.get((here, party.curator_id)) if party.curator_id else None
    members = {person.user.pk: person for one in organizations for person in staff.of_organization.get(one.pk, ())}
    is_group = party.kind == PartyKind.INSTITUTIONS
    if accounts:
        reason, people = StandsBehind.ACCOUNTS, accounts
    elif members:
        reason, people = StandsBehind.GROUP if is_group else StandsBehind.INSTITUTION, tuple(members.values())
    elif curator:
        reason, people = StandsBehind.CURATOR, (curator,)
    else:
        reason, people = StandsBehind.NOBODY, ()
    return Behind(
        reason=reason,
        people=people,
        organizations=tuple(organizations),
        unmanned=tuple(one for one in organizations if not staff.of_organization.get(one.pk)),
        curator=curator,
        former=tuple(link.user for link in linked if link not in present),
        is_group=is_group,
        heads=tuple(link.user for link in present if link.is_head),
    )


def _organizations_by_party(parties: Sequence[ResponsibleParty], *, on: date) -> dict[int, list[Organization]]:
    """In one query for all; none where no party means an organization."""
    groups = [party for party in parties if has_group(party)]
    institutions = {party.pk: party.organization_id for party in parties if party.organization_id is not None}
    if not groups and not institutions:
        return {}
    spheres = {party.group_sphere for party in groups}
    wanted = Q() if EVERY_SPHERE in spheres else Q(pk__in=institutions.values()) | Q(sphere__in=spheres)
    active = list(
        Organization.objects.filter(wanted, municipality__in={party.municipality_id for party in parties})
        .listed()
        .active_on(on)
        .in_russian_order()
    )
    found = {group.pk: [one for one in active if group_holds(group, one)] for group in groups}
    by_key = {one.pk: one for one in active}
    for pk, organization_id in institutions.items():
        if pk not in found and organization_id in by_key:
            found[pk] = [by_key[organization_id]]
    return found
