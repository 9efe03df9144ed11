"""Due dates of a person who leaves pass to whoever takes over."""

import pytest

from nok_portal.accounts.handover import open_work
from nok_portal.accounts.models import Membership
from nok_portal.accounts.services.memberships import WorkNotHandedOver, end_membership
from nok_portal.audit.selectors import timeline_for
from nok_portal.tenants.rights import Role
from plans.models import PartyAccount
from plans.selectors import dues_of_person
from tests.factories import NOW, MembershipFactory
from tests.factories.plans import ActivityPartyFactory, ResponsiblePartyFactory
from tests.plans.reporting import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_world")]


def role_of(user) -> Membership:
    return Membership.objects.get(user=user)


def test_open_due_dates_are_counted_and_pass_to_the_successor(world: World):
    world.due()
    world.due(state="accepted")
    curated = ResponsiblePartyFactory(municipality=world.municipality, curator=world.responsible)
    due = world.due()
    ActivityPartyFactory(activity=due.activity, party=curated)
    leaving = role_of(world.responsible)
    assert [str(work).replace("\u00a0", " ") for work in open_work(leaving)] == ["2 открытых срока"]
    with pytest.raises(WorkNotHandedOver):
        end_membership(membership=leaving, to=None, actor=world.editor, at=NOW)
    successor = MembershipFactory(municipality=world.municipality, role=Role.RESPONSIBLE)
    end_membership(membership=leaving, to=successor, actor=world.editor, at=NOW)
    curated.refresh_from_db()
    assert curated.curator == successor.user
    assert dues_of_person(municipality=world.municipality, user=successor.user, on=NOW.date()).count() == 2
    assert open_work(role_of(successor.user))[0].count == 2
    assert not dues_of_person(municipality=world.municipality, user=world.responsible, on=NOW.date()).exists()
    assert timeline_for(world.party).first().after == {"person": str(successor.user)}


def test_successor_who_works_for_the_party_already_stands_there_once(world: World):
    world.due()
    successor = role_of(world.other)
    PartyAccount.objects.create(municipality=world.municipality, party=world.party, user=world.other)
    end_membership(membership=role_of(world.responsible), to=successor, actor=world.editor, at=NOW)
    assert [link.user for link in world.party.account_links.all()] == [world.other]


@pytest.mark.parametrize("works_there", [True, False])
def test_successor_of_a_head_is_head(world: World, works_there):
    world.due()
    PartyAccount.objects.update(is_head=True)
    if works_there:
        PartyAccount.objects.create(municipality=world.municipality, party=world.party, user=world.other)
    end_membership(membership=role_of(world.responsible), to=role_of(world.other), actor=world.editor, at=NOW)
    assert [(link.user, link.is_head) for link in world.party.account_links.all()] == [(world.other, True)]


def test_who_stands_behind_nothing_leaves_without_a_successor(world: World):
    assert open_work(role_of(world.other)) == []
    end_membership(membership=role_of(world.other), to=None, actor=world.editor, at=NOW)
