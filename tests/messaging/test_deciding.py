"""What is told to whom on which day, as the ledger has it: real plans, parties and settings."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nok_portal.messaging import kinds
from nok_portal.messaging.models import Reminder
from nok_portal.messaging.selectors.foreseen import foreseen
from nok_portal.messaging.services import deciding
from nok_portal.messaging.services.deciding import decide_due_places, places_to_decide
from nok_portal.tenants.scope import scope
from plans.models import DueDate, Plan
from tests.factories import MunicipalityFactory
from tests.factories.plans import PlanFactory
from tests.messaging.reminded import TUESDAY, days, decide, due_in, ledger, municipal, noon, told
from tests.plans.reporting import make_world

pytestmark = pytest.mark.django_db


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
        municipal(world, escalate_after=300)
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
        municipal(world, before=[10], kinds_off=["due_today"])
        assert told(world.municipality, TUESDAY) == [("due_soon", -10, world.responsible)]


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
        municipal(world, hour=15)
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
