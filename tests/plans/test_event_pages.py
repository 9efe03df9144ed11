"""Events of a plan as a person meets them, without script."""

from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nok_portal.tenants.rights import Role
from plans.deadlines import parse, to_json
from plans.models import DueDate, Plan, ProcessEvent
from plans.services.events import record_event
from tests.factories import NOW, member_of
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db

EVENT = "утверждение рейтингов"
WORDS = "в течение 5 рабочих дней после утверждения рейтингов"


@pytest.fixture
def activity(ours, inside):
    with inside():
        plan = PlanFactory(municipality=ours)
        return ActivityFactory(
            plan=plan, number="3.2", title="Размещение итогов", deadline_text=WORDS, deadline_rule=to_json(parse(WORDS))
        )


@pytest.fixture
def recorded(activity, editor, inside):
    with inside():
        at = timezone.now()
        return record_event(
            plan=activity.plan, words=EVENT, happened_on=date(2026, 5, 12), actor=editor, at=max(at, NOW)
        ).event


def days(inside):
    with inside():
        return [day.isoformat() for day in DueDate.objects.order_by("window_to").values_list("window_to", flat=True)]


def test_line_that_waits_leads_to_its_event_and_back(ours, client, inside, activity):
    words = text_of(client.get(url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"))
    new = url(ours, "plan_event_new", activity.plan_id)
    link = f"{new}?words={quote(EVENT)}&line={activity.pk}"
    assert link.replace("&", "&amp;") in words
    assert "День появится, когда это произойдёт: утверждение рейтингов" in words
    form = client.get(link)
    assert form.context["form"]["words"].value() == EVENT
    sent = {"words": EVENT, "happened_on": "2026-05-12"}
    shown = client.post(link, sent)
    assert (shown.status_code, days(inside)) == (200, [])
    assert "Добавится: <b>19 мая 2026</b>" in text_of(shown)
    done = client.post(link, {**sent, "seen": shown.context["difference"].stamp})
    assert done.headers["Location"] == url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"
    assert days(inside) == ["2026-05-19"]


def test_showing_days_saves_nothing(ours, client, inside, activity):
    address = url(ours, "plan_event_new", activity.plan_id)
    sent = {"words": EVENT, "happened_on": "2026-05-12", "do": "show"}
    seen = client.post(address, sent).context["difference"].stamp
    assert client.post(address, {**sent, "seen": seen}).status_code == 200
    assert days(inside) == []
    assert client.post(address, {"do": "show"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"words": EVENT, "happened_on": "2099-01-01"}, "1 января 2099 ещё не наступило"),
        ({"words": EVENT}, "Укажите день."),
        ({"happened_on": "2026-05-12"}, "Выберите, что произошло."),
        ({"words": "other", "own": " ", "happened_on": "2026-05-12"}, "Напишите, что произошло."),
        ({"words": "other", "own": "x" * 501, "happened_on": "2026-05-12"}, "501"),
        ({"words": "чужое", "happened_on": "2026-05-12"}, "чужое"),
    ],
)
def test_wrong_event_is_told_at_its_field(ours, client, inside, activity, sent, message):
    page = client.post(url(ours, "plan_event_new", activity.plan_id), sent)
    assert page.status_code == 422
    assert message in text_of(page)
    assert days(inside) == []


def test_event_in_own_words_that_moves_no_day_is_recorded_at_once(ours, client, inside, activity):
    sent = {"words": "other", "own": "сход жителей", "happened_on": "2026-05-12"}
    assert client.post(url(ours, "plan_event_new", activity.plan_id), sent).status_code == 302
    with inside():
        assert ProcessEvent.objects.get().words == "сход жителей"


def test_tab_shows_awaited_events_and_then_what_they_gave(ours, client, inside, activity, editor):
    with inside():
        approval = ActivityFactory(plan=activity.plan, number="3.1", title="Утверждение рейтингов и предложений")
        DueDateFactory(activity=approval, state="accepted", window_to=date(2026, 5, 20), done_on=date(2026, 5, 12))
    address = url(ours, "plan_events", activity.plan_id)
    words = text_of(client.get(address))
    assert "Утверждение рейтингов" in words
    assert "Вероятно, уже произошло: мероприятие 3.1 исполнено 12 мая 2026" in words
    assert f"?words={quote(EVENT)}&amp;on=2026-05-12" in words
    with inside():
        record_event(plan=activity.plan, words=EVENT, happened_on=date(2026, 5, 12), actor=editor, at=NOW)
    words = text_of(client.get(address))
    assert "срок <b>19 мая 2026</b>" in words
    assert "Все события, от которых считаются сроки, записаны." in words


def test_day_is_corrected_after_it_was_shown(ours, client, inside, recorded):
    address = url(ours, "plan_event", recorded.pk)
    sent = {"happened_on": "2026-05-13", "was": "2026-05-12"}
    shown = client.post(address, sent)
    assert "19 мая 2026 → <b>20 мая 2026</b>" in text_of(shown)
    assert days(inside) == ["2026-05-19"]
    assert client.post(address, {**sent, "seen": shown.context["difference"].stamp}).status_code == 302
    assert days(inside) == ["2026-05-20"]
    stale = client.post(address, {"happened_on": "2026-05-13", "was": "2026-05-12"})
    assert (stale.status_code, days(inside)) == (422, ["2026-05-20"])
    assert "исправил другой человек: теперь 13 мая 2026" in text_of(stale)


def test_record_is_removed_after_the_question(ours, client, inside, recorded):
    address = url(ours, "plan_event_remove", recorded.pk)
    assert "Отпадёт: <b>19 мая 2026</b>" in text_of(client.get(address))
    assert client.post(address, {"was": "2026-05-11"}).status_code == 422
    assert client.post(address, {"was": "2026-05-12", "reason": "Ошибка"}).status_code == 302
    assert days(inside) == []


def test_who_only_sees_plans_records_nothing(ours, inside, activity, recorded):
    reader = Client()
    reader.force_login(member_of(ours, Role.COUNCIL_MEMBER))
    words = text_of(reader.get(url(ours, "plan_events", activity.plan_id)))
    assert "19 мая 2026" in words
    assert "Исправить" not in words
    assert "Записать событие" not in text_of(reader.get(url(ours, "activity", activity.pk)))


def test_closed_plan_takes_no_events(ours, client, inside, activity):
    with inside():
        Plan.objects.update(state="closed")
    assert "Записать" not in text_of(client.get(url(ours, "plan_events", activity.plan_id)))
    page = client.post(
        url(ours, "plan_event_new", activity.plan_id), {"words": "other", "own": "сход", "happened_on": "2026-05-12"}
    )
    assert page.status_code == 422
    assert "План закрыт" in text_of(page)


def test_plan_that_waits_for_nothing_says_so(ours, client, inside):
    with inside():
        plan = PlanFactory(municipality=ours)
    words = text_of(client.get(url(ours, "plan_events", plan.pk)))
    assert "Ни один срок этого плана не считается от события" in words


def test_pages_cost_the_same_however_long_the_plan_is(ours, client, inside, activity, recorded):
    addresses = [
        url(ours, "plan_events", activity.plan_id),
        url(ours, "plan_event_new", activity.plan_id),
        url(ours, "plan_event_remove", recorded.pk),
    ]
    cost = []
    for _ in range(2):
        for address in addresses:
            client.get(address)
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        cost.append(counts)
        with inside():
            for _ in range(3):
                ActivityFactory(plan=activity.plan, deadline_text=WORDS, deadline_rule=to_json(parse(WORDS)))
    assert cost[0] == cost[1]
