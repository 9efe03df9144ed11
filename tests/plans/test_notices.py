"""Letters: whose work a line has become, and what was returned."""

from datetime import date

import pytest

from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.rights import Role
from plans.models import Activity, ActivityParty, PartyAccount
from plans.services.editing import set_parties
from plans.services.notices import notify_made_responsible, tell_new_responsibles
from tests.factories import NOW, MembershipFactory, OrganizationFactory, member_of
from tests.factories.plans import ActivityPartyFactory, ResponsiblePartyFactory
from tests.plans.reporting import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_world")]


def letters() -> dict[str, str]:
    return {mail.recipient: mail.text.replace("\u00a0", " ") for mail in OutgoingMail.objects.all()}


def tell(world: World, *activities: Activity, parties=None) -> int:
    links = {(activity.pk, party.pk) for activity in activities for party in parties or [world.party]}
    return tell_new_responsibles(links=links, actor=world.editor, at=NOW)


def test_one_letter_lists_all_lines_with_deadline_day_and_link(world: World):
    first = world.activity(number="2.4", title="Передача отчёта", deadline_text="до 1 декабря")
    second = world.activity(number="2.5", title="Обновление раздела", deadline_text="ежеквартально")
    world.due(activity=first)
    assert tell(world, first, second) == 1
    ((recipient, text),) = letters().items()
    assert recipient == world.responsible.email
    assert "2 мероприятия" in text
    assert "2.4 Передача отчёта\nСрок: «до 1 декабря», ближайший день: 1 декабря 2026, вторник" in text
    assert "2.5 Обновление раздела\nСрок: «ежеквартально»\n" in text
    for line in (first, second):
        assert f"/m/{world.municipality.slug}/activities/{line.pk}/" in text


def test_who_was_responsible_before_by_another_party_is_not_told(world: World):
    line, new = world.activity(), world.activity()
    other = ResponsiblePartyFactory(municipality=world.municipality)
    PartyAccount.objects.create(municipality=world.municipality, party=other, user=world.responsible)
    for one in (line, new):
        ActivityPartyFactory(activity=one, party=other)
    ActivityParty.objects.filter(activity=new, party=world.party).delete()
    tell(world, line, new, parties=[other])
    assert str(line) not in letters()[world.responsible.email]
    assert str(new) in letters()[world.responsible.email]


@pytest.mark.parametrize("given", [(["А", "Б"], ["А", "Б"]), (["А"], ["Б"]), (["А", "Б"], ["Б"])])
def test_person_behind_two_new_parties_gets_one_letter_about_all_lines(world: World, given):
    lines = [world.activity(), world.activity()]
    for name in ("А", "Б"):
        party = ResponsiblePartyFactory(municipality=world.municipality, name=name)
        PartyAccount.objects.create(municipality=world.municipality, party=party, user=world.other)
    set_parties(dict(zip(lines, given, strict=True)), world.plan, actor=world.editor, at=NOW)
    assert OutgoingMail.objects.count() == 1
    assert all(str(line) in letters()[world.other.email] for line in lines)


def test_party_without_people_is_its_institution_else_its_curator(world: World):
    ours = OrganizationFactory(municipality=world.municipality)
    head = MembershipFactory(municipality=world.municipality, role=Role.INSTITUTION, organization=ours).user
    curator = member_of(world.municipality, Role.RESPONSIBLE)
    line = world.activity()
    institution = ResponsiblePartyFactory(
        municipality=world.municipality, kind="institution", organization=ours, curator=curator
    )
    nobody = ResponsiblePartyFactory(municipality=world.municipality, curator=curator)
    for party in (institution, nobody):
        ActivityPartyFactory(activity=line, party=party)
    tell(world, line, parties=[institution])
    assert set(letters()) == {head.email}
    tell(world, line, parties=[nobody])
    assert set(letters()) == {head.email, curator.email}


def test_institution_that_begins_to_work_tomorrow_is_told_where_tomorrow_has_come(world: World):
    world.municipality.time_zone = "Asia/Kamchatka"
    world.municipality.save()
    opens = OrganizationFactory(municipality=world.municipality, active_from=date(2026, 11, 25))
    head = MembershipFactory(municipality=world.municipality, role=Role.INSTITUTION, organization=opens).user
    institution = ResponsiblePartyFactory(municipality=world.municipality, kind="institution", organization=opens)
    line = world.activity()
    ActivityPartyFactory(activity=line, party=institution)
    links = {(line.pk, institution.pk)}
    assert tell_new_responsibles(links=links, actor=world.editor, at=NOW) == 0
    assert tell_new_responsibles(links=links, actor=world.editor, at=NOW.replace(hour=21)) == 1
    assert set(letters()) == {head.email}


def test_nobody_writes_to_themselves_or_to_those_who_have_left(world: World):
    PartyAccount.objects.create(municipality=world.municipality, party=world.party, user=world.editor)
    world.responsible.memberships.update(ended_at=NOW)
    assert tell(world, world.activity()) == 0
    world.responsible.is_active = False
    lines = {world.responsible: [world.activity()], world.editor: [world.activity()]}
    assert notify_made_responsible(lines_of=lines, actor=world.editor, at=NOW) == 0


def test_lines_of_a_plan_that_is_over_tell_nobody(world: World):
    line = world.activity()
    world.plan.archived_at = NOW
    world.plan.save()
    assert tell(world, line) == 0
