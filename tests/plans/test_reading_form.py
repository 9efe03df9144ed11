"""The form in which a person says how a deadline is understood: its parts, its faults, live answers, its cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory
from tests.factories.plans import ActivityFactory, PlanFactory, PlanImportFactory
from tests.plans.pages import text_of, url
from tests.plans.readings import BY_15_NOVEMBER, LINE, line_of

pytestmark = pytest.mark.django_db
FORM_QUERIES = 17


def test_form_begins_with_what_was_understood(ours, client, inside):
    with inside():
        found = PlanImportFactory(municipality=ours)
    form = client.get(url(ours, "plan_import_reading", found.pk, LINE)).context["form"]
    part = form.parts[0]
    assert (part["kind"].value(), part["day"].value(), part["month"].value()) == ("by", "1", 12)


def test_form_begins_empty_and_says_so_where_nothing_was_understood(ours, client, inside, wrong):
    response = client.get(url(ours, "plan_import_reading", wrong.pk, LINE))
    assert "поэтому форма пустая" in text_of(response)
    assert response.context["form"].parts[0]["day"].value() == ""


def test_parts_are_added_taken_away_and_reshaped_without_saving(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    added = client.post(address, {**BY_15_NOVEMBER, "do": "add"})
    assert added.status_code == 200
    assert [part["day"].value() for part in added.context["form"].parts] == ["15", None]
    two = {**BY_15_NOVEMBER, "parts": "2", "part1-kind": "repeat", "part1-period": "month", "part1-placing": "by_day"}
    reshaped = client.post(address, {**two, "do": "reshape"})
    second = reshaped.context["form"].parts[1]
    assert {"day", "where", "times"} <= set(second.fields)
    assert "weekday" not in second.fields
    left = client.post(address, {**two, "do": "remove-0"})
    assert [part.part_kind for part in left.context["form"].parts] == ["repeat"]
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


def test_wrong_choices_stand_at_their_fields_and_nothing_is_kept(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stamp = line_of(client, ours, wrong)[1].stamp
    response = client.post(address, {**BY_15_NOVEMBER, "part0-day": "31", "stamp": stamp})
    assert response.status_code == 422
    assert response.context["form"].parts[0].errors == {
        "day": ["31 ноября не бывает: в ноябре 30\u00a0дней. Выберите день."]
    }
    nothing = client.post(address, {"do": "save", "parts": "0", "stamp": stamp})
    assert nothing.status_code == 422
    assert "Пока ничего не выбрано" in text_of(nothing)
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "explode"},
        {"do": "remove-99999", "parts": "1"},
        {"do": "remove-²", "parts": "²"},
        {"do": "add", "parts": "99999999"},
        {"do": "answer", "answer": "1 апреля"},
        {"do": "answer", "answer": "30 ноября\x00", "stamp": "\x00"},
        {**BY_15_NOVEMBER, "parts": "13", "part12-kind": "by"},
        {**BY_15_NOVEMBER, "part0-kind": "\x00", "part0-years": "x" * 9000},
        {**BY_15_NOVEMBER, "part0-kind": "event", "part0-event": "x" * 9000, "part0-link": "<b>" * 100},
        {**BY_15_NOVEMBER, "part0-kind": "event", "part0-amount": "9" * 500, "part0-unit": "eons"},
        {**BY_15_NOVEMBER, "part0-kind": "repeat", "part0-period": "eon", "part0-times": "-1"},
        {**BY_15_NOVEMBER, "part0-kind": "stretch", "part0-stretch": "month-99"},
        {**BY_15_NOVEMBER, "part0-years": "named", "part0-named": "9" * 90},
        {**BY_15_NOVEMBER, "marks": ["ongoing", "nonsense"], "day_off": "never"},
    ],
)
def test_hand_made_forms_are_refused_and_break_nothing(ours, client, inside, wrong, given):
    stamp = line_of(client, ours, wrong)[1].stamp
    for address in (url(ours, "plan_import_reading", wrong.pk, LINE), url(ours, "deadline_parts")):
        response = client.post(address, {"stamp": stamp, **given})
        assert response.status_code in (200, 422)
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


def test_a_part_beyond_the_most_is_not_read(ours, client, inside, wrong):
    response = client.post(
        url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "parts": "500", "do": "add"}
    )
    assert len(response.context["form"].parts) == 12


def test_choices_are_read_as_they_are_made(ours, client, inside, wrong, wrong_activity):
    for query in ({"import": wrong.pk}, {"plan": wrong_activity.plan_id}):
        address = url(ours, "deadline_parts") + f"?{next(iter(query))}={next(iter(query.values()))}"
        words = text_of(client.post(address, BY_15_NOVEMBER))
        assert "До 15 ноября" in words
        assert "15 ноября 2026" in words
    weekend = text_of(client.post(address, {**BY_15_NOVEMBER, "part0-day": "28"}))
    assert "выходные дни: 28 ноября 2026, 28 ноября 2027" in weekend
    wrong_day = text_of(client.post(address, {**BY_15_NOVEMBER, "part0-day": "31"}))
    assert "31 ноября не бывает" in wrong_day


def test_documents_and_plans_of_others_tell_nothing(ours, client):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        their_import = PlanImportFactory(municipality=theirs)
        their_plan = PlanFactory(municipality=theirs)
    for query in (f"import={their_import.pk}", f"plan={their_plan.pk}"):
        assert client.get(url(ours, "deadline_words") + "?" + query).status_code == 404
        assert client.post(url(ours, "deadline_parts") + "?" + query, BY_15_NOVEMBER).status_code == 404
    assert client.get(url(ours, "deadline_words") + "?import=abc&plan=" + "9" * 40).status_code == 200


def test_every_page_costs_the_same_however_long_the_plan_is(
    ours, client, inside, wrong_activity, django_assert_num_queries
):
    address = url(ours, "activity_reading", wrong_activity.pk)
    client.get(address)
    with django_assert_num_queries(FORM_QUERIES):
        client.get(address)
    with inside():
        ActivityFactory.create_batch(10, plan=wrong_activity.plan)
    with django_assert_num_queries(FORM_QUERIES):
        client.get(address)


def test_correction_costs_the_same_however_long_the_plan_is(ours, client, inside, wrong_activity):
    address = url(ours, "activity_reading", wrong_activity.pk)
    cost = []
    for version in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            client.post(address, {**BY_15_NOVEMBER, "part0-day": str(14 + version), "stamp": str(version)})
        cost.append(len(queries))
        with inside():
            wrong_activity.refresh_from_db()
            assert wrong_activity.version == version + 1
            ActivityFactory.create_batch(10, plan=wrong_activity.plan, deadline_rule={})
    # the second time there are days of the first to be taken away, if nothing proves anything about them
    assert cost[1] - cost[0] <= 2
