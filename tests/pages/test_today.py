"""«Сегодня»: what it says, what each role sees, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def url(municipality):
    return reverse("office:today", args=[municipality.slug])


def client_of(municipality, role=Role.EDITOR):
    client = Client()
    client.force_login(member_of(municipality, role=role))
    return client


def due_in(municipality, *distances: int, **activity: str):
    today = timezone.localdate()
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality)
        for days in distances:
            line = ActivityFactory(plan=plan, **activity)
            ActivityPartyFactory(activity=line)
            DueDateFactory(activity=line, window_to=today + timedelta(days=days))


def test_today_without_plans_invites_an_editor_to_upload_one(municipality, url):
    page = client_of(municipality).get(url)
    assert reverse("office:plan_new", args=[municipality.slug]) in page.content.decode()


def test_today_without_plans_sends_others_to_the_editor(municipality, url):
    page = client_of(municipality, Role.COUNCIL_MEMBER).get(url)
    assert reverse("office:plan_new", args=[municipality.slug]) not in page.content.decode()
    assert "План загружает редактор" in page.content.decode()


def test_today_lists_what_is_late_and_what_is_due_in_two_weeks(municipality, url):
    due_in(municipality, -8, 3, 14, 15)
    page = client_of(municipality).get(url)
    assert [line.window_to - timezone.localdate() for line in page.context["late"]] == [timedelta(days=-8)]
    assert [line.window_to - timezone.localdate() for line in page.context["soon"]] == [
        timedelta(days=3),
        timedelta(days=14),
    ]
    text = page.content.decode()
    assert "на 8\u00a0дней" in text
    assert "через 3\u00a0дня" in text


def test_today_unfolds_the_rest_of_many_late_lines(municipality, url):
    due_in(municipality, *range(-8, 0))
    page = client_of(municipality).get(url)
    assert len(page.context["late"]) == 5
    assert "Ещё 3\u00a0просроченных срока" in page.content.decode()


def test_today_asks_the_database_as_often_for_many_lines_as_for_few(municipality, url):
    client = client_of(municipality)
    counts = []
    for distances in (range(-3, 4), range(-60, 14)):
        due_in(municipality, *distances)
        client.get(url)  # what is asked once a process is asked before counting
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_today_shows_nothing_of_another_municipality(municipality, url):
    due_in(MunicipalityFactory(), -8, title="Чужое мероприятие")
    assert "Чужое мероприятие" not in client_of(municipality).get(url).content.decode()


def test_rail_shows_the_places_that_the_role_may_open(municipality, url):
    seen = {link.label for link in client_of(municipality, Role.COUNCIL_MEMBER).get(url).context["places"]}
    assert "Журнал" not in seen
    assert {"Сегодня", "Планы", "Организации"} <= seen
