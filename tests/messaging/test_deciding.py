"""What is told to whom on which day, as the ledger has it: real plans, parties and settings."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nok_portal.messaging import kinds
from nok_portal.messaging.models import EscalationPerson, PersonalReminders, Reminder, ReminderSettings
from nok_portal.messaging.selectors.foreseen import foreseen
from nok_portal.messaging.services import deciding
from nok_portal.messaging.services.deciding import decide_due_places, places_to_decide
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount, Plan
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory
from tests.messaging.reminded import TUESDAY, decide, ledger, noon, told
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def days(count: int) -> timedelta:
    return timedelta(days=count)


def due_in(world: World, left: int, **facts) -> DueDate:
    return world.due(window_to=TUESDAY + days(left), **facts)


def settings_of(world: World, **values) -> None:
    with scope(writable=[world.municipality.pk]):
        ReminderSettings.objects.update_or_create(municipality=world.municipality, defaults=values)


def personal(world: World, user, **values) -> None:
    with scope(writable=[world.municipality.pk]):
        PersonalReminders.objects.update_or_create(municipality=world.municipality, user=user, defaults=values)


class TestStages:
    @pytest.mark.parametrize(
        ("left", "expected"),
        [
            (31, None),
            (30, ("due_soon", -30)),
            (7, ("due_soon", -7)),
            (0, ("due_today", 0)),
            (-1, ("overdue", 1)),
            (-21, ("overdue", 21)),
        ],
    )
    def test_shipped_thresholds(self, world, left, expected):
        due_in(world, left)
        settings_of(world, escalate_after=300)
        assert told(world.municipality, TUESDAY) == ([(*expected, world.responsible)] if expected else [])

    def test_second_run_of_the_day_tells_nothing(self, world):
        due_in(world, 7)
        assert len(decide(world.municipality, TUESDAY)) == 1
        assert decide(world.municipality, TUESDAY) == []

    def test_missed_runs_send_the_latest_stage_only(self, world):
        due_in(world, 30)
        assert told(world.municipality, TUESDAY) == [("due_soon", -30, world.responsible)]
        assert told(world.municipality, TUESDAY + days(24)) == [("due_soon", -7, world.responsible)]

    def test_new_year_holidays(self, world):
        world.due(window_to=date(2026, 12, 31))
        world.due(window_to=date(2027, 1, 5))
        world.due(window_to=date(2027, 1, 11))
        stages: dict[date, list[tuple[date, int]]] = {}
        for ahead in range(21):
            day = date(2026, 12, 22) + days(ahead)
            for row in decide(world.municipality, day):
                if not row.is_escalation:
                    stages.setdefault(row.due_on, []).append((day, row.stage))
        # 31 December 2026 is a day off, like all days up to 10 January
        last, first = date(2026, 12, 30), date(2027, 1, 11)
        assert stages[date(2026, 12, 31)][-3:] == [(date(2026, 12, 24), -7), (last, -1), (first, 7)]
        assert stages[date(2027, 1, 5)][-3:] == [(date(2026, 12, 29), -7), (last, -1), (first, 1)]
        assert stages[first][-3:] == [(date(2026, 12, 28), -14), (last, -1), (first, 0)]

    def test_done_stops_at_once_and_reopened_goes_on(self, world):
        due = due_in(world, 7)
        decide(world.municipality, TUESDAY)
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(state="cancelled", cancelled_reason="не нужно")
        assert told(world.municipality, TUESDAY + days(6)) == []
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(state="open", cancelled_reason="")
        assert told(world.municipality, TUESDAY + days(7)) == [("due_today", 0, world.responsible)]

    def test_moved_deadline_starts_anew(self, world):
        due = due_in(world, 7)
        decide(world.municipality, TUESDAY)
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(window_to=TUESDAY + days(10))
        assert told(world.municipality, TUESDAY + days(1)) == [("due_soon", -14, world.responsible)]

    def test_archived_plan_and_days_before_entry_are_silent(self, world):
        due_in(world, -3, ended_before_entry=True)
        due_in(world, 7)
        with scope(writable=[world.municipality.pk]):
            Plan.objects.filter(pk=world.plan.pk).update(archived_at=noon(TUESDAY))
        assert decide(world.municipality, TUESDAY) == []

    def test_municipality_sets_its_own_thresholds_and_kinds(self, world):
        due_in(world, 10)
        due_in(world, 0)
        settings_of(world, before=[10], kinds_off=["due_today"])
        assert told(world.municipality, TUESDAY) == [("due_soon", -10, world.responsible)]


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
        settings_of(world, escalate_after=6)
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=head)
        assert told(world.municipality, TUESDAY) == [("overdue", 7, world.responsible)]
        settings_of(world, escalate_after=5)
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


class TestWhen:
    @pytest.mark.parametrize(
        ("zone", "hour"),
        [("Europe/Kaliningrad", 7), ("Europe/Moscow", 6), ("Asia/Yekaterinburg", 4), ("Asia/Vladivostok", 23), ("Asia/Kamchatka", 21)],
    )  # fmt: skip
    def test_hour_of_the_municipality(self, zone, hour):
        municipality = MunicipalityFactory(time_zone=zone)
        # 9:00 there on Tuesday is this hour in UTC, east of Irkutsk still of Monday
        at = datetime(2026, 11, 23 if hour > 12 else 24, hour, tzinfo=UTC)
        assert places_to_decide(at=at - timedelta(minutes=1)) == []
        assert places_to_decide(at=at) == [(municipality, TUESDAY)]

    def test_each_place_has_its_own_day_at_the_same_instant(self, world):
        east = make_world()
        for one, zone in ((world, "Europe/Kaliningrad"), (east, "Asia/Kamchatka")):
            one.municipality.time_zone = zone
            one.municipality.save()
            due_in(one, 0)
        at = datetime(2026, 11, 23, 21, tzinfo=UTC)  # Tuesday morning in the east, Monday night in the west
        decide_due_places(at=at)
        kinds_told = [[row.kind for row in ledger(one.municipality)] for one in (world, east)]
        assert kinds_told == [["due_soon"], ["due_today"]]
        decide_due_places(at=at + timedelta(hours=10))
        assert [row.kind for row in ledger(world.municipality)] == ["due_soon", "due_today"]

    def test_own_hour(self, world):
        settings_of(world, hour=15)
        assert places_to_decide(at=datetime(2026, 11, 24, 11, 59, tzinfo=UTC)) == []
        assert len(places_to_decide(at=datetime(2026, 11, 24, 12, tzinfo=UTC))) == 1

    def test_days_off_are_silent(self, world):
        due_in(world, 7)
        assert places_to_decide(at=noon(date(2026, 11, 28))) == []
        assert decide(world.municipality, date(2026, 11, 28)) == []

    def test_a_place_is_decided_once_a_day(self, world):
        quiet = MunicipalityFactory()
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        assert places_to_decide(at=noon(TUESDAY) + timedelta(hours=5)) == []
        assert [one for one, _ in places_to_decide(at=noon(TUESDAY + days(1)))] == [world.municipality, quiet]

    def test_closed_municipality_is_silent(self, world):
        world.municipality.is_active = False
        world.municipality.save()
        assert places_to_decide(at=noon(TUESDAY)) == []


class TestManyMunicipalities:
    def test_one_that_cannot_be_read_does_not_stop_the_others(self, world, monkeypatch, caplog):
        broken = make_world()
        due_in(world, 7)
        due_in(broken, 7)
        honest = kinds.find_kind("due_soon").items

        def items(municipalities, **when):
            if broken.municipality in municipalities:
                raise ValueError("broken")
            return honest(municipalities, **when)

        monkeypatch.setattr(kinds.find_kind("due_soon"), "items", items)
        decide_due_places(at=noon(TUESDAY))
        assert len(ledger(world.municipality)) == 1
        assert ledger(broken.municipality) == []
        assert broken.municipality.slug in caplog.text
        monkeypatch.undo()
        decide_due_places(at=noon(TUESDAY) + timedelta(minutes=10))
        assert len(ledger(broken.municipality)) == 1

    def test_one_that_cannot_be_written_does_not_stop_the_others(self, world, monkeypatch, caplog):
        broken = make_world()
        due_in(world, 7)
        due_in(broken, 7)
        honest = deciding.row_of

        def row(municipality, *args, **facts):
            if municipality == broken.municipality:
                raise ValueError("broken")
            return honest(municipality, *args, **facts)

        monkeypatch.setattr(deciding, "row_of", row)
        decide_due_places(at=noon(TUESDAY))
        assert (len(ledger(world.municipality)), len(ledger(broken.municipality))) == (1, 0)
        assert [one for one, _ in places_to_decide(at=noon(TUESDAY))] == [broken.municipality]

    def test_reading_costs_the_same_for_one_and_for_many(self, world, django_assert_max_num_queries):
        worlds = [world, make_world(), make_world()]
        for one in worlds:
            for left in (-30, -1, 0, 7):
                due_in(one, left)
        counts = []
        for some in (worlds[:1], worlds):
            municipalities = [one.municipality for one in some]
            with scope(readable=[one.pk for one in municipalities]), django_assert_max_num_queries(60) as captured:
                found = foreseen(municipalities, day=TUESDAY)
            assert len(found) == len(some)
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_rows_are_of_their_own_municipality(self, world):
        other = make_world()
        due_in(world, 7)
        due_in(other, 7)
        decide_due_places(at=noon(TUESDAY))
        with scope(readable=[world.municipality.pk, other.municipality.pk]):
            rows = Reminder.objects.values_list("municipality", "recipient")
            assert set(rows) == {
                (world.municipality.pk, world.responsible.pk),
                (other.municipality.pk, other.responsible.pk),
            }


class TestOtherKinds:
    def test_report_waits_for_those_who_accept(self, world):
        due_in(world, 3, state="reported", reported_by=world.responsible, reported_at=noon(TUESDAY))
        assert told(world.municipality, TUESDAY) == []
        assert told(world.municipality, TUESDAY + days(1)) == [("report_waiting", 1, world.editor)]

    def test_returned_report_calls_its_writer(self, world):
        due_in(world, 60, returned_reason="нет акта", decided_at=noon(TUESDAY), reported_by=world.other)
        rows = told(world.municipality, TUESDAY + days(1))
        assert rows == [("report_returned", 1, world.other), ("report_returned", 1, world.responsible)]

    def test_draft_waits_for_its_act(self, world):
        with scope(writable=[world.municipality.pk]):
            PlanFactory(municipality=world.municipality, created_at=noon(TUESDAY), created_by=world.editor)
        assert told(world.municipality, TUESDAY + days(13)) == []
        assert told(world.municipality, TUESDAY + days(14)) == [("plan_waiting_for_act", 14, world.editor)]


def title_of(world: World, row: Reminder) -> str:
    with scope(readable=[world.municipality.pk]):
        return DueDate.objects.get(pk=int(row.thing.partition(":")[2])).activity.title
