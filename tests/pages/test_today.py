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
from plans.models import PartyAccount
from tests.factories import MunicipalityFactory, member_of, ministry_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    PlanImportFactory,
)

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
    assert [line.window_to - timezone.localdate() for line in page.context["now"].late.shown] == [timedelta(days=-8)]
    assert [line.window_to - timezone.localdate() for line in page.context["now"].soon.shown] == [
        timedelta(days=3),
        timedelta(days=14),
    ]
    text = page.content.decode()
    assert "на 8\u00a0дней" in text
    assert "через 3\u00a0дня" in text


def test_today_unfolds_the_rest_of_many_late_lines(municipality, url):
    due_in(municipality, *range(-8, 0))
    page = client_of(municipality).get(url)
    assert len(page.context["now"].late.shown) == 5
    assert "Ещё 3\u00a0просроченных срока" in page.content.decode()


def own_due(municipality, user, days, **due):
    """A due date of a party that the person stands behind."""
    with scope(writable=[municipality.pk]):
        link = ActivityPartyFactory(activity=ActivityFactory(plan=PlanFactory(municipality=municipality)))
        PartyAccount.objects.create(municipality=municipality, party=link.party, user=user)
        day = timezone.localdate() + timedelta(days=days)
        return DueDateFactory(activity=link.activity, window_to=day, **due)


def as_person(municipality, role):
    person, client = member_of(municipality, role=role), Client()
    client.force_login(person)
    return person, client


def keys(part):
    return [line.due_id for line in (*part.shown, *part.rest)]


@pytest.mark.parametrize("role", [Role.RESPONSIBLE, Role.INSTITUTION])
def test_those_who_report_see_their_own_due_dates(municipality, url, role):
    due_in(municipality, -8, 3)
    person, client = as_person(municipality, role)
    late, soon = own_due(municipality, person, -1), own_due(municipality, person, 4)
    returned = own_due(municipality, person, 60, returned_reason="Нет акта")
    now = client.get(url).context["now"]
    assert (keys(now.late), keys(now.soon), keys(now.returned)) == ([late.pk], [soon.pk], [returned.pk])
    assert (now.reports.count, now.imports, now.events) == (0, [], [])


def test_editors_see_the_municipality_and_what_waits_for_them(municipality, url):
    due_in(municipality, -8)
    person, client = as_person(municipality, Role.EDITOR)
    own = own_due(municipality, person, 3)
    with scope(writable=[municipality.pk]):
        approved = PlanFactory(municipality=municipality, state="approved")
        edition = PlanFactory(municipality=municipality, previous=approved, edition=2)
        reported = DueDateFactory(activity=ActivityFactory(plan=approved), state="reported")
        PlanImportFactory(municipality=municipality)
    page = client.get(url)
    now = page.context["now"]
    assert now.late.count == 1
    assert keys(now.soon) == [own.pk]
    assert now.own == 1
    assert keys(now.reports) == [reported.pk]
    assert [one.pk for one in now.editions] == [edition.pk]
    assert now.waiting == 3
    assert "3 вопроса ждут вас" in page.content.decode().replace("\u00a0", " ")


def test_ministry_and_members_of_the_council_only_read(municipality, url):
    due_in(municipality, -8, 3)
    reader = Client()
    reader.force_login(ministry_of(municipality.region))
    for client in (reader, client_of(municipality, Role.COUNCIL_MEMBER)):
        page = client.get(url)
        now = page.context["now"]
        assert (now.late.count, now.soon.count, now.waiting, now.events, now.steps) == (1, 1, 0, [], [])
        assert "Отчитаться" not in page.content.decode()


def test_year_is_told_from_the_steps_of_the_plan(municipality, url):
    today = timezone.localdate()
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality, assessment_years=[today.year])
        survey = ActivityFactory(plan=plan, step="survey")
        DueDateFactory(activity=survey, window_to=today.replace(month=1, day=1), state="accepted")
        report = ActivityFactory(plan=plan, step="operator_report")
        DueDateFactory(activity=report, window_to=today.replace(month=12, day=31))
    year = client_of(municipality).get(url).context["now"].year
    assert (year.year, [(one.title, one.state) for one in year.points]) == (
        today.year,
        [("Опрос и обследование", "done"), ("Отчёт оператора", "now")],
    )
    assert year.points[1].term.startswith("до 31 декабря")


def test_year_that_a_plan_has_can_be_asked_for(municipality, url):
    with scope(writable=[municipality.pk]):
        PlanFactory(municipality=municipality, assessment_years=[2026, 2027])
    client = client_of(municipality)
    assert client.get(url, {"year": "2027"}).context["now"].year.year == 2027
    assert client.get(url, {"year": "1999"}).context["now"].year.year in (2026, 2027)


def test_health_of_a_plan_is_told_in_sentences(municipality, url):
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality)
        read, unread = ActivityFactory(plan=plan), ActivityFactory(plan=plan, deadline_reading="")
        ActivityPartyFactory(activity=read)
        this_year = timezone.localdate().replace(month=1, day=1)
        DueDateFactory(activity=read, window_to=this_year, state="accepted")
        DueDateFactory(activity=unread, window_to=this_year, state="cancelled")
    page = client_of(municipality).get(url)
    (one,) = page.context["now"].plans
    health = one.health
    assert (health.unread, health.without_party, len(health.alone), health.dues, health.accepted) == (1, 1, 1, 1, 1)
    text = page.content.decode().replace("\u00a0", " ")
    assert "Срок не понят</a> у 1 мероприятия из 2" in text
    assert "1 исполнитель без сотрудника и куратора" in text


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
