"""The demo shows something true on every screen, and touches nothing but a database of its own."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from nok_portal.accounts.models import Membership, User
from nok_portal.demo.content import MINISTRY, MUNICIPALITIES, PASSWORD, REGION_SLUG, email_of
from nok_portal.demo.services import DatabaseNotEmpty, NotADemo, empty_demo, fill_demo, is_demo, is_empty
from nok_portal.messaging.models import Reminder
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.editions.comparing import Change
from plans.models import Activity, DueDate, Evidence, Plan, PlanImport, ResponsibleParty
from plans.selectors import dues_of_person, people_behind
from plans.selectors.editions import compare_editions
from plans.selectors.party_proposals import proposals_of
from plans.selectors.targets import targets_at_glance
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def demo():
    fill_demo(at=NOW)
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS ''")


def test_demo_has_every_role_and_they_sign_in(demo):
    assert {Role(role) for role in Membership.objects.values_list("role", flat=True)} == set(Role)
    for user in User.objects.all():
        assert user.check_password(PASSWORD)


def test_demo_pages_open_for_whom_they_are(demo):
    for municipality in MUNICIPALITIES:
        client = Client()
        client.force_login(User.objects.get(email=email_of(municipality.people[0].login)))
        for name in ("office:today", "office:plans", "office:organizations", "office:journal", "office:people"):
            assert client.get(reverse(name, args=[municipality.slug])).status_code == 200
    client.force_login(User.objects.get(email=email_of(MINISTRY.login)))
    page = client.get(reverse("region:home", args=[REGION_SLUG]))
    for municipality in MUNICIPALITIES:
        assert municipality.name in page.content.decode()


def test_demo_plans_are_around_today_and_understood(demo):
    for demo_municipality in MUNICIPALITIES:
        municipality = Municipality.objects.get(slug=demo_municipality.slug)
        with scope(readable=[municipality.pk]):
            if demo_municipality.is_plan_confirmed:
                plan = Plan.objects.in_force().get()
                assert plan.period_from <= NOW.date() <= plan.period_to
                assert not Activity.objects.filter(deadline_reading="").exists()
                assert Activity.objects.filter(due_dates__window_to__gte=NOW.date()).exists()
            else:
                assert PlanImport.objects.get().state == "review"


def test_demo_has_reports_in_every_state_with_what_proves_them(demo):
    municipality = Municipality.objects.get(slug="sosnovsky")
    with scope(readable=[municipality.pk]):
        assert set(DueDate.objects.values_list("state", flat=True)) == {"open", "reported", "accepted", "cancelled"}
        assert DueDate.objects.filter(state="open").exclude(returned_reason="").exists()
        assert {one.kind for one in Evidence.objects.all()} >= {"file", "link"}
        for login in ("responsible", "operator"):
            user = User.objects.get(email=email_of(login))
            assert dues_of_person(municipality=municipality, user=user, on=NOW.date()).exists()


def test_demo_has_an_event_with_its_day_and_organizations_named_by_year(demo):
    municipality = Municipality.objects.get(slug="sosnovsky")
    with scope(readable=[municipality.pk]):
        assert DueDate.objects.filter(activity__number="2.1").exists()
        named = DueDate.objects.filter(activity__number="2.6", organization__isnull=False)
        assert sorted((due.window_to.year, due.organization.short_name) for due in named) == [
            (NOW.year, "Школа № 1"),
            (NOW.year, "Школа № 2"),
            (NOW.year + 1, "Детский сад «Родничок»"),
            (NOW.year + 1, "Школа № 3"),
            (NOW.year + 1, "Школа № 4"),
        ]


def test_demo_has_approved_plans_and_an_edition_that_is_prepared(demo):
    states = {}
    for municipality in Municipality.objects.order_by("slug"):
        with scope(readable=[municipality.pk]):
            for plan in Plan.objects.order_by("edition"):
                states.setdefault(municipality.slug, []).append((plan.state, plan.edition))
            if municipality.slug == "kamennogorsk":
                old, new = Plan.objects.order_by("edition")
                told = compare_editions(old, new)
                assert (told.count(Change.CHANGED) > 3, told.count(Change.ADDED), told.count(Change.REMOVED)) == (
                    True,
                    1,
                    1,
                )
                assert "Постановление" in str(old.approved_by)
    assert states == {
        "kamennogorsk": [("approved", 1), ("draft", 2)],
        "sosnovsky": [("approved", 1)],
        "verkhneozersky": [("draft", 1)],
    }


def test_demo_is_not_filled_into_a_database_in_use():
    UserFactory()
    assert not is_empty()
    with pytest.raises(DatabaseNotEmpty):
        fill_demo(at=NOW)


def test_a_database_that_is_no_demo_is_never_emptied():
    UserFactory()
    with pytest.raises(NotADemo):
        empty_demo()
    assert User.objects.count() == 1


def test_reset_brings_the_demo_back(demo):
    User.objects.exclude(email=email_of("admin")).filter(memberships__role=Role.EDITOR).update(full_name="Другое имя")
    empty_demo()
    assert is_empty()
    assert not is_demo()
    fill_demo(at=NOW)
    assert not User.objects.filter(full_name="Другое имя").exists()


def test_demo_leaves_a_double_to_merge_and_shows_a_shortfall(demo):
    municipality = Municipality.objects.get(slug="sosnovsky")
    with scope(readable=[municipality.pk]):
        proposals = proposals_of(municipality, on=NOW.date())
        assert [one.target for one in proposals if one.double] == ["Отдел культуры и туризма администрации"]
        group = ResponsibleParty.objects.get(name="Руководители учреждений культуры")
        assert len(people_behind(group, on=NOW.date()).organizations) == 6
        (health,) = targets_at_glance(municipality, today=NOW.date())
        assert health.is_behind


@pytest.mark.parametrize("weekday", [0, 6], ids=["Monday", "Sunday"])
def test_demo_reminds_whatever_day_it_is_filled_on(weekday):
    at = NOW + timedelta(days=weekday - NOW.weekday())
    fill_demo(at=at)
    try:
        municipality = Municipality.objects.get(slug=MUNICIPALITIES[0].slug)
        with scope(readable=[municipality.pk]):
            told = Reminder.objects.filter(recipient__email=email_of("operator"))
            assert {row.kind for row in told} >= {"overdue", "report_returned"}
            assert all(row.mail is not None for row in told)
    finally:
        empty_demo()
