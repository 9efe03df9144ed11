"""Kinds of reminders about plans as a whole, and due dates of single organizations."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.models import Activity, PartyAccount, Plan, ProcessEvent, TargetValue
from tests.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.plans import PlanFactory, TargetIndicatorFactory, TargetValueFactory
from tests.messaging.reminded import TUESDAY, decide, noon

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 14)


class TestTargets:
    def test_missing_figures_of_a_year_that_is_over_are_one_reminder(self, world):
        with scope(writable=[world.municipality.pk]):
            for year in (2026, 2027):
                TargetValueFactory(indicator=TargetIndicatorFactory(plan=world.plan), year=year)
            TargetValueFactory(indicator=TargetIndicatorFactory(plan=world.plan), year=2026)
        (row,) = decide(world.municipality, JANUARY)
        assert (row.kind, row.recipient, row.due_on) == ("target_missing", world.editor, date(2026, 12, 31))
        assert row.title == "Внести факт 2026 года для 2\u00a0показателей"

    def test_base_year_and_what_the_portal_counts_are_not_asked_for(self, world):
        with scope(writable=[world.municipality.pk]):
            TargetValueFactory(indicator=TargetIndicatorFactory(plan=world.plan, base_year=2026), year=2026)
            counted = TargetIndicatorFactory(plan=world.plan, measure="organizations_assessed")
            TargetValueFactory(indicator=counted, year=2026)
            TargetValue.objects.create(
                municipality=world.municipality,
                indicator=TargetIndicatorFactory(plan=world.plan),
                year=2026,
                planned=1,
                actual=1,
            )
        assert decide(world.municipality, JANUARY) == []

    def test_years_over_before_the_plan_came_into_the_portal_are_not_asked_for(self, world):
        with scope(writable=[world.municipality.pk]):
            for year in (2025, 2026):
                TargetValueFactory(indicator=TargetIndicatorFactory(plan=world.plan), year=year)
        (row,) = decide(world.municipality, JANUARY)
        assert row.due_on == date(2026, 12, 31)

    def test_plan_came_with_its_first_edition(self, world):
        with scope(writable=[world.municipality.pk]):
            edition = PlanFactory(
                municipality=world.municipality, state="approved", previous=world.plan, created_at=noon(JANUARY)
            )
            TargetValueFactory(indicator=TargetIndicatorFactory(plan=edition), year=2026)
        (row,) = decide(world.municipality, date(2027, 1, 15))
        assert row.thing == f"plan:{edition.pk}:2026"


class TestCalendar:
    def test_asked_for_where_a_plan_goes_on_and_only_while_it_is_unknown(self, world):
        assert decide(world.municipality, date(2026, 12, 1)) == [], "2027 is published"
        (row,) = decide(world.municipality, date(2027, 12, 1))
        assert (row.kind, row.stage, row.title) == (
            "calendar_missing",
            -30,
            "Сроки 2028 года в рабочих днях могут сдвинуться",
        )

    def test_not_where_no_plan_goes_on(self, world):
        with scope(writable=[world.municipality.pk]):
            Plan.objects.update(period_to=date(2027, 12, 31))
        assert decide(world.municipality, date(2027, 12, 1)) == []


class TestEvents:
    WORDS = "в течение 5 рабочих дней после утверждения перечня организаций"

    def test_event_that_a_reported_line_makes_is_asked_for_until_recorded(self, world):
        source = world.activity(title="Утверждение перечня организаций", number="1")
        world.due(activity=source, window_to=TUESDAY, state="accepted")
        waiting = world.activity()
        with scope(writable=[world.municipality.pk]):
            Activity.objects.filter(pk=waiting.pk).update(
                deadline_text=self.WORDS, deadline_rule=to_json(parse(self.WORDS))
            )
        assert decide(world.municipality, TUESDAY) == []
        (row,) = decide(world.municipality, date(2026, 11, 25))
        assert (row.kind, row.recipient, row.due_on) == ("event_not_recorded", world.editor, TUESDAY)
        assert row.title.startswith("Записать событие: утверждение перечня организаций (")
        with scope(writable=[world.municipality.pk]):
            ProcessEvent.objects.create(
                municipality=world.municipality,
                plan=world.plan,
                words="утверждение перечня организаций",
                happened_on=TUESDAY,
                recorded_at=row.created_at,
            )
        assert decide(world.municipality, date(2026, 12, 1)) == []

    def test_link_carries_long_words_whole(self, world):
        event = "утверждение перечня организаций, в отношении которых проводится независимая оценка качества"
        words = event.replace("утверждение", "в течение 5 рабочих дней после утверждения")
        world.due(activity=world.activity(title=event.capitalize()), window_to=TUESDAY, state="accepted")
        waiting = world.activity()
        with scope(writable=[world.municipality.pk]):
            Activity.objects.filter(pk=waiting.pk).update(deadline_text=words, deadline_rule=to_json(parse(words)))
        (row,) = decide(world.municipality, date(2026, 11, 25))
        assert parse_qs(urlsplit(row.url).query) == {"words": [event]}


class TestOrganizations:
    def test_due_date_of_one_organization_goes_to_its_people_else_to_the_curator(self, world):
        with scope(writable=[world.municipality.pk]):
            PartyAccount.objects.all().delete()
            world.party.kind, world.party.group_sphere, world.party.curator = "institutions", "culture", world.other
            world.party.save()
            manned, unmanned = (OrganizationFactory(municipality=world.municipality) for _ in range(2))
            theirs = MembershipFactory(
                user=UserFactory(), role=Role.INSTITUTION, municipality=world.municipality, organization=manned
            ).user
        activity = world.activity()
        for organization in (manned, unmanned):
            world.due(activity=activity, organization=organization, window_to=TUESDAY)
        rows = decide(world.municipality, TUESDAY)
        assert {(row.recipient, row.title.partition(" — ")[2]) for row in rows} == {
            (theirs, manned.short_name),
            (world.other, unmanned.short_name),
        }
