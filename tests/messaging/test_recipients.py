"""Whom a reminder reaches: those whose work it is, who stands in for them, who hears of lateness above them."""

from datetime import date

import pytest

from nok_portal.messaging.models import EscalationPerson, Reminder
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount
from tests.factories import member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory
from tests.messaging.reminded import TUESDAY, days, decide, due_in, municipal, noon, told
from tests.plans.reporting import World

pytestmark = pytest.mark.django_db


class TestWho:
    def test_reason_is_said(self, world):
        due_in(world, 7)
        (row,) = decide(world.municipality, TUESDAY)
        assert row.because == f"вы работаете за исполнителя «{world.party.name}»"
        assert (row.title, row.words, row.group_title) == (
            title_of(world, row),
            "до 1 декабря",
            world.plan.title,
        )

    def test_curator_where_the_party_has_nobody(self, world):
        due_in(world, 7)
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.all().delete()
            world.party.curator = world.other
            world.party.save()
        (row,) = decide(world.municipality, TUESDAY)
        assert row.recipient == world.other
        assert "нет учётной записи, а вы его куратор" in row.because

    def test_administrator_where_nobody_stands_behind(self, world):
        administrator = member_of(world.municipality, Role.ADMINISTRATOR)
        due_in(world, 7)
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.all().delete()
            DueDateFactory(activity=ActivityFactory(plan=world.plan), window_to=TUESDAY)
        rows = decide(world.municipality, TUESDAY)
        assert {row.recipient for row in rows} == {administrator}
        assert {row.because for row in rows} == {
            f"за исполнителя («{world.party.name}») в портале никто не работает, а вы администратор",
            "у мероприятия нет исполнителя, а вы администратор",
        }

    def test_person_who_left_is_not_told(self, world):
        due_in(world, 7)
        world.responsible.memberships.update(ended_at=noon(TUESDAY))
        assert {row.recipient for row in decide(world.municipality, TUESDAY)} == {world.editor}

    def test_new_person_of_a_party_gets_the_stage_too(self, world):
        due_in(world, 7)
        decide(world.municipality, TUESDAY)
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.create(municipality=world.municipality, party=world.party, user=world.other)
        assert told(world.municipality, TUESDAY + days(1)) == [("due_soon", -7, world.other)]

    def test_two_parties_of_one_person_are_one_reminder(self, world):
        due = due_in(world, 7)
        with scope(writable=[world.municipality.pk]):
            link = ActivityPartyFactory(activity=due.activity)
            PartyAccount.objects.create(municipality=world.municipality, party=link.party, user=world.responsible)
        assert told(world.municipality, TUESDAY) == [("due_soon", -7, world.responsible)]


class TestEscalation:
    def test_chosen_people_after_so_many_working_days(self, world):
        head = member_of(world.municipality, Role.RESPONSIBLE, full_name="Начальник отдела")
        due_in(world, -7)
        municipal(world, escalate_after=6)
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=head)
        assert told(world.municipality, TUESDAY) == [("overdue", 7, world.responsible)]
        municipal(world, escalate_after=5)
        rows = decide(world.municipality, TUESDAY + days(1))
        assert [(row.recipient, row.is_escalation) for row in rows] == [(head, True)]
        assert "просрочено уже 5\u00a0рабочих дней или дольше" in rows[0].because

    def test_curator_of_the_late_party_hears_too(self, world):
        due_in(world, -7)
        with scope(writable=[world.municipality.pk]):
            world.party.curator = world.other
            world.party.save()
        rows = decide(world.municipality, TUESDAY)
        assert [(row.recipient, row.is_escalation) for row in rows] == [
            (world.responsible, False),
            (world.other, True),
        ]

    def head_of_party(self, world, user) -> None:
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.update_or_create(
                municipality=world.municipality, party=world.party, user=user, defaults={"is_head": True}
            )

    def test_head_of_the_late_party_hears_of_lateness_alone_and_instead_of_the_curator(self, world):
        self.head_of_party(world, world.other)
        due_in(world, -7)
        due_in(world, 7)
        with scope(writable=[world.municipality.pk]):
            world.party.curator = member_of(world.municipality, Role.RESPONSIBLE)
            world.party.save()
        rows = decide(world.municipality, TUESDAY)
        assert [(row.kind, row.recipient, row.is_escalation) for row in rows] == [
            ("due_soon", world.responsible, False),
            ("overdue", world.responsible, False),
            ("overdue", world.other, True),
        ]
        assert rows[2].because == f"просрочено надолго, а вы руководитель исполнителя «{world.party.name}»"

    def test_head_who_left_is_nobodys_head(self, world):
        self.head_of_party(world, world.other)
        world.other.memberships.update(ended_at=noon(TUESDAY))
        due_in(world, -7)
        assert [row.recipient for row in decide(world.municipality, TUESDAY)] == [world.responsible, world.editor]

    def test_head_who_is_late_hears_once_and_somebody_else_hears_of_it(self, world):
        self.head_of_party(world, world.responsible)
        due_in(world, -7)
        rows = decide(world.municipality, TUESDAY)
        assert [(row.recipient, row.is_escalation) for row in rows] == [
            (world.responsible, False),
            (world.editor, True),
        ]

    def test_curator_who_is_told_as_responsible_is_nobodys_superior(self, world):
        due_in(world, -7)
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.all().delete()
            world.party.curator = world.other
            world.party.save()
        rows = decide(world.municipality, TUESDAY)
        assert [(row.recipient, row.is_escalation) for row in rows] == [(world.other, False), (world.editor, True)]

    def test_administrators_where_nobody_is_chosen(self, world):
        due_in(world, -7)
        rows = decide(world.municipality, TUESDAY)
        assert [(row.recipient, row.is_escalation) for row in rows] == [
            (world.responsible, False),
            (world.editor, True),
        ]

    def test_holidays_do_not_count(self, world):
        world.due(window_to=date(2026, 12, 31))
        assert [row.is_escalation for row in decide(world.municipality, date(2027, 1, 11))] == [False]


def title_of(world: World, row: Reminder) -> str:
    with scope(readable=[world.municipality.pk]):
        return DueDate.objects.get(pk=int(row.thing.partition(":")[2])).activity.title
