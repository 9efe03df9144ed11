"""Screens show what happens to due dates before it does, and events as a person meets them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.models import DueDate, Plan
from plans.services.days import refresh_days
from plans.templatetags.days import days_told
from tests.factories import NOW, MunicipalityFactory
from tests.factories.plans import ActivityFactory, PlanFactory
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(ours, inside):
    with inside():
        return PlanFactory(municipality=ours)


@pytest.fixture
def line(plan, inside):
    def make(words, **facts):
        with inside():
            found = ActivityFactory(plan=plan, deadline_text=words, deadline_rule=to_json(parse(words)), **facts)
            refresh_days(plan, actor=None, at=NOW, only=[found.pk])
            return found

    return make


def days_of(activity, inside):
    with inside():
        days = DueDate.objects.filter(activity=activity).order_by("window_to").values_list("window_to", flat=True)
        return [day.isoformat() for day in days]


FACTS = {
    "title": "План на два года",
    "kind": "assessment",
    "period_from": "2027-01-01",
    "period_to": "2029-12-31",
    "assessment_years": "2027, 2028, 2029",
    "spheres": ["culture"],
    "version": 1,
}


def test_changed_period_shows_the_days_first_and_keeps_what_was_typed(ours, client, inside, plan, line):
    activity = line("до 1 декабря", title="Отчёт оператора")
    address = url(ours, "plan_edit", plan.pk)
    page = client.post(address, FACTS)
    words = text_of(page)
    assert page.status_code == 200
    assert "Что изменится в сроках" in words
    assert "Добавится: <b>1 декабря 2029</b>" in words
    assert "Отпадёт: <b>1 декабря 2026</b>" in words
    assert "Отчёт оператора" in words
    assert 'value="2029-12-31"' in words
    assert "План на два года" in words
    assert days_of(activity, inside) == ["2026-12-01", "2027-12-01", "2028-12-01"]
    seen = page.context["difference"].stamp
    assert f'name="seen" value="{seen}"' in words
    assert client.post(address, {**FACTS, "seen": seen}).status_code == 302
    assert days_of(activity, inside) == ["2027-12-01", "2028-12-01", "2029-12-01"]
    with inside():
        assert Plan.objects.get().title == "План на два года"


def test_difference_that_became_another_is_shown_again(ours, client, inside, plan, line):
    activity = line("до 1 декабря")
    address = url(ours, "plan_edit", plan.pk)
    seen = client.post(address, FACTS).context["difference"].stamp
    with inside():
        DueDate.objects.filter(window_to=date(2026, 12, 1)).update(
            state="reported", done_on=date(2026, 11, 1), reported_at=NOW
        )
    page = client.post(address, {**FACTS, "seen": seen})
    assert page.status_code == 200
    assert "Останется, по нему отчитались: <b>1 декабря 2026</b>" in text_of(page)
    assert days_of(activity, inside)[0] == "2026-12-01"


def test_facts_that_change_no_day_are_saved_at_once(ours, client, inside, plan, line):
    line("до 1 декабря")
    facts = {**FACTS, "period_from": "2026-01-01", "period_to": "2028-12-31", "assessment_years": "2026"}
    assert client.post(url(ours, "plan_edit", plan.pk), facts).status_code == 302


def test_choices_of_a_reading_tell_what_they_do_to_the_days(ours, client, inside, line):
    activity = line("до 1 декабря")
    form = text_of(client.get(url(ours, "activity_reading", activity.pk)))
    address = url(ours, "deadline_parts") + f"?plan={activity.plan_id}&activity={activity.pk}"
    assert address.replace("&", "&amp;") in form
    choices = {"parts": "1", "part0-kind": "by", "part0-day": "15", "part0-month": "11", "part0-years": "every"}
    words = text_of(client.post(address, choices))
    assert "Перенесутся 3 срока: 1 декабря 2026 → <b>15 ноября 2026</b>" in words
    assert "не изменятся" in text_of(client.post(address, {**choices, "part0-day": "1", "part0-month": "12"}))
    again = text_of(client.post(url(ours, "activity_reading", activity.pk), {**choices, "do": "reshape"}))
    assert "Перенесутся 3 срока" in again
    typed = url(ours, "deadline_words") + f"?plan={activity.plan_id}&activity={activity.pk}&deadline_text="
    assert "Отпадут 3 срока: <b>1 декабря 2026</b>" in text_of(client.get(typed + "постоянно"))


def test_days_of_lines_of_others_are_not_told(ours, client):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        activity = ActivityFactory(plan=PlanFactory(municipality=theirs))
    assert client.post(url(ours, "deadline_parts") + f"?activity={activity.pk}").status_code == 404


def test_live_answer_costs_the_same_however_long_the_plan_is(ours, client, inside, line):
    activity = line("до 1 декабря")
    address = url(ours, "deadline_words") + f"?plan={activity.plan_id}&activity={activity.pk}&deadline_text=в мае"
    client.get(address)
    cost = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        cost.append(len(queries))
        line("до 1 мая")
        line("ежеквартально")
    assert cost[0] == cost[1]


def test_history_tells_which_days_came_in_the_place_of_which(ours, client, inside, plan, line):
    activity = line("до 1 декабря")
    with inside():
        activity.deadline_rule = to_json(parse("до 15 ноября 2027 года"))
        activity.save()
        refresh_days(plan, actor=None, at=NOW)
    words = text_of(client.get(url(ours, "activity", activity.pk)))
    assert "1 декабря 2026, 1 декабря 2027, 1 декабря 2028 → 15 ноября 2027" in words
    assert "Добавлено: 1 декабря 2026" in words


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"days": []}, ""),
        ({"days": ["2027-05-01", "2026-05-01"]}, "1 мая 2026, 1 мая 2027"),
        ({"days": [], "organizations": {"А": ["2026-05-01"], "Б": ["2026-05-01"]}}, "1 мая 2026"),
        (
            {"days": [f"2026-0{n}-01" for n in range(1, 7)]},
            "1 января 2026, 1 февраля 2026, 1 марта 2026, 1 апреля 2026 и ещё 2",
        ),
        ({"organizations": {"А": []}}, ""),
    ],
)
def test_days_of_a_journal_entry_are_told_in_brief(values, told):
    assert days_told(values) == told
