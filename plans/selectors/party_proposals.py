"""What the portal proposes about responsible parties: shown with its reason, applied by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from nok_portal.accounts.models import Membership, User
from nok_portal.tenants.models import Municipality, Organization
from plans.enums import EVERY_SPHERE, GROUP_SPHERES, PartyKind
from plans.models import ActivityParty, PartyAccount, PartyDistinction, Plan, ResponsibleParty
from plans.party_matching import (
    IN_WORDS,
    Employee,
    Group,
    Named,
    likely_accounts,
    likely_doubles,
    likely_group,
    likely_organization,
)

from .parties import parties_of


class ProposalKind(TextChoices):
    """What would be done."""

    DOUBLE = "double", "Дубли"
    ORGANIZATION = "organization", "Учреждения реестра"
    GROUP = "group", "Группы организаций"
    ACCOUNT = "account", "Учётные записи"


@dataclass(frozen=True)
class Proposal:
    """One thing to agree to: `party` is about `target`, because of `why`. `key` names it in a form."""

    key: str
    kind: ProposalKind
    party: ResponsibleParty
    target: str
    why: str
    double: ResponsibleParty | None = None
    organization: Organization | None = None
    group: Group | None = None
    user: User | None = None


def proposals_of(municipality: Municipality, *, on: date) -> list[Proposal]:
    """All proposals for the municipality's parties, doubles first; in eight queries whatever their number."""
    parties = {party.pk: party for party in parties_of(municipality)}
    places = (municipality.name, municipality.name_genitive, municipality.name_prepositional)
    linked = set(PartyAccount.objects.filter(municipality=municipality).values_list("party", flat=True))
    unlinked = [party for party in parties.values() if party.pk not in linked]
    return [
        *_doubles(municipality, parties, places),
        *_organizations(municipality, unlinked, places, on=on),
        *_accounts(municipality, unlinked, places),
    ]


def proposals_for(party: ResponsibleParty, *, on: date) -> list[Proposal]:
    """Those that concern one party, as itself or as the other of a pair."""
    return [one for one in proposals_of(party.municipality, on=on) if party in (one.party, one.double)]


def _doubles(
    municipality: Municipality, parties: Mapping[int, ResponsibleParty], places: Sequence[str]
) -> Iterator[Proposal]:
    """The one that more lines name stays, of two alike the one that came first."""
    apart = set(PartyDistinction.objects.filter(municipality=municipality).values_list("first", "second"))
    lines: dict[int, int] = {}
    links = ActivityParty.objects.filter(municipality=municipality, activity__plan__in=Plan.objects.in_force())
    for pk in links.values_list("party", flat=True):
        lines[pk] = lines.get(pk, 0) + 1
    for alike in likely_doubles([Named(one.pk, one.name) for one in parties.values()], places):
        if (alike.first, alike.second) in apart:
            continue
        kept, double = sorted((alike.first, alike.second), key=lambda pk: (-lines.get(pk, 0), pk))
        yield Proposal(
            key=f"double-{kept}-{double}",
            kind=ProposalKind.DOUBLE,
            party=parties[kept],
            target=parties[double].name,
            why=IN_WORDS[alike.why],
            double=parties[double],
        )


def _organizations(
    municipality: Municipality, parties: Sequence[ResponsibleParty], places: Sequence[str], *, on: date
) -> Iterator[Proposal]:
    """Which institution or group a party without people means."""
    active = list(Organization.objects.filter(municipality=municipality).listed().active_on(on).in_russian_order())
    by_key = {one.pk: one for one in active}
    named = [Named(one.pk, one.name, one.short_name) for one in active]
    register = {(one.sphere, one.organization_type) for one in active}
    for party in parties:
        if party.organization_id is not None or party.kind == PartyKind.COUNCIL:
            continue
        group = None if party.group_sphere else likely_group(party.name, register)
        if group is not None:
            sphere = dict(GROUP_SPHERES)[group.sphere or EVERY_SPHERE]
            yield Proposal(
                key=f"group-{party.pk}",
                kind=ProposalKind.GROUP,
                party=party,
                target=f"{sphere}, {group.organization_type}" if group.organization_type else sphere,
                why="по словам названия",
                group=group,
            )
        elif party.kind != PartyKind.INSTITUTIONS and (match := likely_organization(party.name, named, places)):
            yield Proposal(
                key=f"organization-{party.pk}-{match.pk}",
                kind=ProposalKind.ORGANIZATION,
                party=party,
                target=by_key[match.pk].short_name,
                why=IN_WORDS[match.why],
                organization=by_key[match.pk],
            )


def _accounts(
    municipality: Municipality, parties: Sequence[ResponsibleParty], places: Sequence[str]
) -> Iterator[Proposal]:
    """Who works for a party that has no accounts, no institution and is no group."""
    memberships = (
        Membership.objects.current()
        .filter(municipality=municipality, user__is_active=True, organization__isnull=True)
        .select_related("user")
        .order_by("user_id", "pk")
    )
    people = list(memberships)
    users = {one.user_id: one for one in people}
    employees = [Employee(one.user_id, one.user.full_name, one.post, one.role) for one in people]
    for party in parties:
        if party.organization_id is not None or party.kind == PartyKind.INSTITUTIONS:
            continue
        for match in likely_accounts(party.name, employees, places):
            membership = users[match.pk]
            yield Proposal(
                key=f"account-{party.pk}-{match.pk}",
                kind=ProposalKind.ACCOUNT,
                party=party,
                target=f"{membership.post or membership.get_role_display()}, {membership.user}",
                why=IN_WORDS[match.why],
                user=membership.user,
            )
