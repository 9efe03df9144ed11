"""Who stands behind a responsible party, and which organizations it means."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.rights import Right, Role
from plans.enums import StandsBehind
from plans.models import PartyAccount
from plans.selectors import behind_parties, dues_of_person, organizations_of, parties_of_person, people_behind
from plans.selectors.told import people_with_right, told_of_lines
from tests.factories import NOW, MembershipFactory, OrganizationFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TODAY = date(2026, 11, 24)


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
    assert not parties_of_person(municipality=ours, user_id=curator.pk, on=TODAY).exists()
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
    assert list(parties_of_person(municipality=ours, user_id=curator.pk, on=TODAY)) == [party]
    curator.memberships.update(ended_at=NOW)
    assert people_behind(party, on=TODAY).is_nobody


def test_institution_is_its_people_else_the_curator(ours):
    library, curator = OrganizationFactory(municipality=ours), member_of(ours)
    party = party_of(ours, kind="institution", organization=library, curator=curator)
    assert people_behind(party, on=TODAY).reason == StandsBehind.CURATOR
    person = institution_person(ours, library)
    behind = people_behind(party, on=TODAY)
    assert (behind.reason, behind.users, behind.organizations) == (StandsBehind.INSTITUTION, (person,), (library,))


def test_account_that_is_switched_off_is_not_told_and_the_curator_steps_in(ours):
    library, school = OrganizationFactory(municipality=ours), OrganizationFactory(municipality=ours)
    curator, left = member_of(ours), institution_person(ours, library)
    institution_person(ours, school)
    left.is_active = False
    left.save()
    line = ActivityFactory(plan=PlanFactory(municipality=ours))
    ActivityPartyFactory(
        activity=line, party=party_of(ours, kind="institutions", group_sphere="culture", curator=curator)
    )
    (who,) = told_of_lines([(line.pk, library.pk)], day=TODAY).values()
    assert [one.user_id for one in who.people] == [curator.pk]
    switched_off = member_of(ours, Role.ADMINISTRATOR, is_active=False)
    assert switched_off.pk not in people_with_right([ours.pk], Right.EDIT_PLANS)[ours.pk]


def test_curator_reports_for_those_from_whom_nobody_has_an_account(ours):
    """Whoever is told of a due date in the place of others may report on it; nobody else's work is theirs."""
    manned, unmanned = OrganizationFactory(municipality=ours), OrganizationFactory(municipality=ours)
    curator, person = member_of(ours), institution_person(ours, manned)
    institution = party_of(ours, kind="institution", organization=manned, curator=curator)
    group = party_of(ours, kind="institutions", group_sphere="culture", curator=curator)
    nobody = party_of(ours, kind="institution", organization=unmanned, curator=curator)
    plan = PlanFactory(municipality=ours)
    dues = {
        name: DueDateFactory(activity=ActivityPartyFactory(activity__plan=plan, party=party).activity, **facts)
        for name, party, facts in (
            ("institution", institution, {}),
            ("whole group", group, {}),
            ("manned of the group", group, {"organization": manned}),
            ("unmanned of the group", group, {"organization": unmanned}),
            ("nobody", nobody, {}),
        )
    }

    def names(user, **more):
        theirs = dues_of_person(municipality=ours, user=user, **more, on=TODAY)
        return {name for name, due in dues.items() if due in theirs}

    assert names(curator) == {"unmanned of the group", "nobody"}
    told = told_of_lines({(due.activity_id, due.organization_id) for due in dues.values()}, day=TODAY)
    for name, due in dues.items():
        people = {one.user_id for one in told[due.activity_id, due.organization_id].people}
        assert people == {curator.pk if name in names(curator) else person.pk}, name
    assert set(parties_of_person(municipality=ours, user_id=curator.pk, on=TODAY)) == {group, nobody}
    assert names(person, organization_ids=[manned.pk]) == {"institution", "whole group", "manned of the group"}


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
    found = parties_of_person(municipality=ours, user_id=person.pk, organization_ids=[library.pk], on=TODAY)
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
