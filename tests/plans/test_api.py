"""What programs read: the same as the screens say, at the same cost however much there is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.services.tokens import READABLE, create_token
from nok_portal.tenants.scope import scope
from plans.models import Plan
from tests.factories import NOW, OrganizationFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(ours):
    """Asks with a key; gives the JSON of the answer."""
    key = create_token(user=member_of(ours), place=ours, name="", rights=READABLE, days=30, at=timezone.now()).key

    def get(name, *args, status=200, **query):
        url = reverse(f"api:{name}", args=[ours.slug, *args])
        response = Client().get(url, query, headers={"Authorization": f"Bearer {key}"})
        assert response.status_code == status
        return response.json()

    return get


def test_plan_is_told_with_its_facts_and_how_it_stands(ask, plan):
    listed = ask("plans")
    assert (listed["count"], listed["next"]) == (1, None)
    told = listed["results"][0]
    assert told == ask("plan", plan.pk)
    assert (told["period_from"], told["period_to"], told["state"]) == ("2026-01-01", "2028-12-31", "draft")
    assert (told["activities"], told["spheres"], told["is_archived"]) == (4, ["culture"], False)


def test_archive_is_asked_for_by_itself(ask, plan, ours):
    with scope(writable=[ours.pk]):
        Plan.objects.update(archived_at=NOW)
    assert ask("plans")["count"] == 0
    assert ask("plans", archived="true")["results"][0]["is_archived"] is True


def test_activities_come_in_the_order_of_the_document_with_words_and_days(ask, plan):
    lines = ask("activities", plan.pk)["results"]
    assert [line["number"] for line in lines] == ["1.1", "1.2", "2.1", "2.2"]
    first = lines[0]
    assert first["deadline_text"] == "до 1 апреля"
    assert first["due"] == ["2026-04-01", "2027-04-01", "2028-04-01"]
    assert first["section"]["title"] == "Подготовительные мероприятия"
    assert len(first["responsible"]) == 2


def test_pages_have_a_size_and_a_next_one(ask, plan):
    first = ask("activities", plan.pk, size=3)
    assert (len(first["results"]), first["count"]) == (3, 4)
    assert [line["number"] for line in ask("activities", plan.pk, size=3, page=2)["results"]] == ["2.2"]
    ask("activities", plan.pk, page=9, status=404)


def test_due_dates_by_state_days_and_lateness(ask, ours):
    today = timezone.localdate()
    with scope(writable=[ours.pk]):
        line = ActivityFactory(plan=PlanFactory(municipality=ours))
        late = DueDateFactory(activity=line, window_to=today - timedelta(days=3))
        soon = DueDateFactory(activity=line, window_to=today + timedelta(days=3))
        done = DueDateFactory(activity=line, window_to=today - timedelta(days=9), state="accepted")
    keys = lambda **query: [one["id"] for one in ask("due_dates", **query)["results"]]  # noqa: E731
    assert keys() == [done.pk, late.pk, soon.pk]
    assert keys(late="true") == [late.pk]
    assert keys(state="accepted") == [done.pk]
    assert keys(since=today.isoformat()) == [soon.pk]
    assert keys(till=(today - timedelta(days=3)).isoformat()) == [done.pk, late.pk]
    assert keys(plan=line.plan_id, state="open") == [late.pk, soon.pk]
    assert [one["is_late"] for one in ask("due_dates")["results"]] == [False, True, False]


def test_due_dates_of_an_edition_that_is_prepared_do_not_count_yet(ask, ours):
    with scope(writable=[ours.pk]):
        old = PlanFactory(municipality=ours, state="approved")
        new = PlanFactory(municipality=ours, previous=old, edition=2)
        DueDateFactory(activity=ActivityFactory(plan=new), window_to=date(2026, 12, 1))
    assert ask("due_dates")["count"] == 0
    assert ask("due_dates", plan=new.pk)["count"] == 1


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("due_dates", {"state": "lost"}),
        ("due_dates", {"since": "завтра"}),
        ("due_dates", {"plan": "-1"}),
        ("organizations", {"sphere": "sport"}),
    ],
)
def test_question_that_makes_no_sense_is_told_field_by_field(ask, name, query):
    assert list(ask(name, status=400, **query)) == list(query)


def test_organizations_are_found_by_words(ask, ours):
    with scope(writable=[ours.pk]):
        wanted = OrganizationFactory(municipality=ours, short_name="Музей «Пристань»")
        OrganizationFactory(municipality=ours)
    assert [one["id"] for one in ask("organizations", q="пристань")["results"]] == [wanted.pk]
    assert ask("organizations")["count"] == 2


def test_answers_cost_the_same_however_much_there_is(ask, ours):
    def cost(name, *args):
        with CaptureQueriesContext(connection) as queries:
            ask(name, *args)
        return len(queries)

    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours)
        DueDateFactory(activity=ActivityPartyFactory(activity=ActivityFactory(plan=plan)).activity)
        OrganizationFactory(municipality=ours)
    asked = [("plans",), ("activities", plan.pk), ("due_dates",), ("organizations",)]
    ask("plans")  # the day of the key's first use is written once
    before = [cost(*one) for one in asked]
    with scope(writable=[ours.pk]):
        for _ in range(3):
            DueDateFactory(activity=ActivityPartyFactory(activity=ActivityFactory(plan=plan)).activity)
            PlanFactory(municipality=ours)
            OrganizationFactory(municipality=ours)
    assert [cost(*one) for one in asked] == before


def test_description_is_complete_and_open_to_all():
    """Every address of the API is in it, and the generator had nothing to complain about."""
    import yaml

    response = Client().get(reverse("api:schema"))
    described = yaml.safe_load(response.content)
    assert set(described["paths"]) == {
        "/api/v1/m/{municipality}/due-dates/",
        "/api/v1/m/{municipality}/organizations/",
        "/api/v1/m/{municipality}/plans/",
        "/api/v1/m/{municipality}/plans/{plan_id}/",
        "/api/v1/m/{municipality}/plans/{plan_id}/activities/",
    }
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
