"""Who stands behind a responsible party, and which organizations it means."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.enums import StandsBehind
from plans.models import PartyAccount
from plans.selectors import behind_parties, organizations_of, parties_of_person, people_behind
from tests.factories import NOW, MembershipFactory, MunicipalityFactory, OrganizationFactory, member_of
from tests.factories.plans import ResponsiblePartyFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture
def ours():
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        yield municipality


def party_of(municipality, **values):
    return ResponsiblePartyFactory(municipality=municipality, **values)


def account(party, user, **facts):
    return PartyAccount.objects.create(municipality=party.municipality, party=party, user=user, **facts)


def institution_person(municipality, organization):
    return MembershipFactory(municipality=municipality, role=Role.INSTITUTION, organization=organization).user


def test_accounts_come_before_the_curator(ours):
    person, curator = member_of(ours), member_of(ours)
    party = party_of(ours, curator=curator)
    account(party, person)
    behind = people_behind(party, on=TODAY)
    assert (behind.reason, behind.users) == (StandsBehind.ACCOUNTS, (person,))
    assert not parties_of_person(municipality=ours, user_id=curator.pk).exists()
    assert behind.people[0].post == "Главный специалист"


def test_head_works_for_the_party_and_is_reminded_only_without_others(ours):
    head, person = member_of(ours), member_of(ours)
    party = party_of(ours)
    account(party, head, is_head=True)
    assert people_behind(party, on=TODAY).reminded == (head,)
    account(party, person)
    behind = people_behind(party, on=TODAY)
    assert (behind.users, behind.heads, behind.reminded) == ((head, person), (head,), (person,))
    head.memberships.update(ended_at=NOW)
    assert people_behind(party, on=TODAY).heads == ()


def test_who_works_here_no_more_stands_behind_nothing(ours):
    former, curator = member_of(ours), member_of(ours)
    party = party_of(ours, curator=curator)
    account(party, former)
    former.memberships.update(ended_at=NOW)
    behind = people_behind(party, on=TODAY)
    assert (behind.reason, behind.users, behind.former) == (StandsBehind.CURATOR, (curator,), (former,))
    assert list(parties_of_person(municipality=ours, user_id=curator.pk)) == [party]
    curator.memberships.update(ended_at=NOW)
    assert people_behind(party, on=TODAY).is_nobody


def test_institution_is_its_people_else_the_curator(ours):
    library, curator = OrganizationFactory(municipality=ours), member_of(ours)
    party = party_of(ours, kind="institution", organization=library, curator=curator)
    assert people_behind(party, on=TODAY).reason == StandsBehind.CURATOR
    person = institution_person(ours, library)
    behind = people_behind(party, on=TODAY)
    assert (behind.reason, behind.users, behind.organizations) == (StandsBehind.INSTITUTION, (person,), (library,))


def test_group_is_every_active_organization_of_its_sphere_and_type(ours):
    library = OrganizationFactory(municipality=ours, organization_type="библиотека")
    museum = OrganizationFactory(municipality=ours, organization_type="музей")
    school = OrganizationFactory(municipality=ours, sphere="education", organization_type="школа")
    OrganizationFactory(municipality=ours, organization_type="библиотека", active_to=date(2026, 11, 23))
    OrganizationFactory(municipality=ours, organization_type="библиотека", merged_into=library)

    def meant(**group):
        return set(organizations_of(party_of(ours, kind="institutions", **group), on=TODAY))

    assert meant(group_sphere="culture", group_type="библиотека") == {library}
    assert meant(group_sphere="culture") == {library, museum}
    assert meant(group_sphere="all") == {library, museum, school}
    assert meant() == set()
    assert (
        len(organizations_of(party_of(ours, kind="institutions", group_sphere="culture"), on=date(2026, 11, 23))) == 3
    )


def test_group_tells_from_which_organizations_nobody_has_an_account(ours):
    manned, unmanned = OrganizationFactory(municipality=ours), OrganizationFactory(municipality=ours)
    person = institution_person(ours, manned)
    behind = people_behind(party_of(ours, kind="institutions", group_sphere="culture"), on=TODAY)
    assert (behind.reason, behind.users, behind.unmanned) == (StandsBehind.GROUP, (person,), (unmanned,))


def test_people_of_an_institution_find_the_groups_that_hold_it(ours):
    library = OrganizationFactory(municipality=ours, organization_type="библиотека")
    person = institution_person(ours, library)
    mine = [
        party_of(ours, kind="institutions", group_sphere="culture"),
        party_of(ours, kind="institutions", group_sphere="all", group_type="библиотека"),
    ]
    party_of(ours, kind="institutions", group_sphere="education")
    party_of(ours, kind="institutions")
    found = parties_of_person(municipality=ours, user_id=person.pk, organization_ids=[library.pk])
    assert set(found) == set(mine)


def test_many_parties_cost_as_much_as_one(ours):
    def fill(count):
        for _ in range(count):
            library = OrganizationFactory(municipality=ours)
            institution_person(ours, library)
            account(party_of(ours, curator=member_of(ours)), member_of(ours))
            party_of(ours, kind="institution", organization=library)
            party_of(ours, kind="institutions", group_sphere="culture")

    def cost():
        parties = list(type(party_of(ours)).objects.filter(municipality=ours))
        with CaptureQueriesContext(connection) as caught:
            behind_parties(parties, on=TODAY)
        return len(caught)

    fill(1)
    assert cost() == 3
    fill(5)
    assert cost() == 3
