"""What a person wants of reminders: weekly letters, pauses with a deputy, kinds declined."""

import pytest

from nok_portal.messaging.models import EscalationPerson
from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount
from tests.messaging.reminded import TUESDAY, days, decide, due_in, personal, told

pytestmark = pytest.mark.django_db


class TestPersonal:
    def test_weekly_on_the_day_with_what_would_come_too_late(self, world):
        personal(world, world.responsible, weekday=1)
        due_in(world, 3)
        due_in(world, 12)
        assert decide(world.municipality, TUESDAY - days(1)) == []
        assert {(row.due_on - TUESDAY, row.stage) for row in decide(world.municipality, TUESDAY)} == {
            (days(3), -1),
            (days(12), -14),
        }
        assert decide(world.municipality, TUESDAY + days(1)) == []

    def test_due_day_moved_into_the_week_is_told_before_it_is_over(self, world):
        personal(world, world.responsible, weekday=1)
        due = due_in(world, 60)
        assert decide(world.municipality, TUESDAY) == []
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(window_from=TUESDAY, window_to=TUESDAY + days(3))
        assert told(world.municipality, TUESDAY + days(1)) == [("due_soon", -1, world.responsible)]
        assert decide(world.municipality, TUESDAY + days(2)) == []

    def test_work_given_within_the_week_is_told_at_once_when_it_cannot_wait(self, world):
        personal(world, world.other, weekday=1)
        for left in (-1, 1, 2, 3, 6, 7, 8, 25):
            due_in(world, left)
        decide(world.municipality, TUESDAY)
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.filter(user=world.responsible).update(user=world.other)
        heard: dict[int, int] = {}
        for ahead in range(1, 8):
            for row in decide(world.municipality, TUESDAY + days(ahead)):
                if row.recipient == world.other:
                    heard.setdefault((row.due_on - TUESDAY).days, ahead)
        # late already or due on that day: whoever was never told hears like everybody else; up to and with the day of
        # the next letter: now; what comes after it has time until then
        assert heard == {-1: 1, 1: 1, 2: 1, 3: 1, 6: 1, 7: 1, 8: 7, 25: 7}

    def test_whoever_knows_of_the_due_day_hears_of_it_weekly(self, world):
        personal(world, world.responsible, weekday=1)
        for left in (2, 7):
            due_in(world, left)
        assert len(decide(world.municipality, TUESDAY)) == 2
        for ahead in range(1, 7):
            assert decide(world.municipality, TUESDAY + days(ahead)) == []
        assert {row.kind for row in decide(world.municipality, TUESDAY + days(7))} == {"overdue", "due_today"}

    def test_what_is_late_with_others_waits_for_the_weekly_day(self, world):
        personal(world, world.other, weekday=1)
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=world.other)
        due_in(world, -6)
        decide(world.municipality, TUESDAY)
        hearing = [
            row.recipient == world.other
            for ahead in (1, 2, 7)
            for row in decide(world.municipality, TUESDAY + days(ahead))
        ]
        assert hearing == [False, True]

    def test_weekly_day_without_a_run_is_made_up_for(self, world):
        personal(world, world.responsible, weekday=1)
        due_in(world, 20)
        decide(world.municipality, TUESDAY - days(1))
        assert [row.stage for row in decide(world.municipality, TUESDAY + days(2))] == [-30]

    def test_pause_passes_everything_to_the_deputy(self, world):
        personal(world, world.responsible, paused_from=TUESDAY, paused_to=TUESDAY + days(10), deputy=world.other)
        due_in(world, 7)
        (row,) = decide(world.municipality, TUESDAY)
        assert row.recipient == world.other
        assert row.because == "вы замещаете коллегу: Седов Павел отсутствует по 4 декабря 2026"

    def test_after_the_pause_the_person_is_told_again(self, world):
        personal(world, world.responsible, paused_from=TUESDAY, paused_to=TUESDAY, deputy=world.other)
        due_in(world, 7)
        decide(world.municipality, TUESDAY)
        assert told(world.municipality, TUESDAY + days(1)) == [("due_soon", -7, world.responsible)]

    def test_deputy_who_is_away_gives_way_to_an_administrator(self, world):
        for user, deputy in ((world.responsible, world.other), (world.other, world.responsible)):
            personal(world, user, paused_from=TUESDAY, paused_to=TUESDAY, deputy=deputy)
        due_in(world, 7)
        assert [row.recipient for row in decide(world.municipality, TUESDAY)] == [world.editor]

    def test_whoever_is_late_does_not_stand_in_for_their_superior(self, world):
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=world.other)
        personal(world, world.other, paused_from=TUESDAY, paused_to=TUESDAY, deputy=world.responsible)
        due_in(world, -7)
        rows = decide(world.municipality, TUESDAY)
        assert [(row.recipient, row.is_escalation) for row in rows] == [
            (world.responsible, False),
            (world.editor, True),
        ]

    def test_declined_kind_stays_in_the_portal(self, world):
        personal(world, world.responsible, kinds_off=["due_soon", "overdue"])
        due_in(world, 7)
        due_in(world, -1)
        assert {(row.kind, row.by_mail) for row in decide(world.municipality, TUESDAY)} == {
            ("due_soon", False),
            ("overdue", True),
        }
