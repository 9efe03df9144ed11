"""Events: what terms wait for, what recording one does, what has probably happened."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from plans.days.awaited_events import LineTerms, awaited_events, event_words
from plans.deadlines import parse, to_json
from plans.models import DueDate, Plan, ProcessEvent
from plans.selectors import events_of_plan, events_to_record
from plans.services.days import refresh_days
from plans.services.events import (
    EventGone,
    EventWrong,
    change_event_day,
    difference_of_day,
    difference_of_event,
    difference_without,
    record_event,
    remove_event,
)
from plans.services.plan_locks import WordsAreFixed
from tests.factories import NOW
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TODAY = NOW.date()
CONTRACT = "заключение контракта с оператором"


@pytest.fixture
def plan(ours):
    return PlanFactory(municipality=ours, created_at=NOW.replace(year=2025))


def line(plan, words, **facts):
    return ActivityFactory(plan=plan, deadline_text=words, deadline_rule=to_json(parse(words)), **facts)


@pytest.fixture
def links(plan):
    return line(plan, "в течение 5 рабочих дней после заключения контракта с оператором", number="2.1")


def days(activity):
    return sorted(
        day.isoformat() for day in DueDate.objects.filter(activity=activity).values_list("window_to", flat=True)
    )


def term_of(words):
    return parse(words).terms[0]


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("в течение 5 рабочих дней после заключения контракта", "заключение контракта"),
        ("в течение месяца со дня поступления отчёта оператора", "поступление отчёта оператора"),
        ("за 5 дней до заседания общественного совета", "заседание общественного совета"),
        ("через 10 дней после выборов", "выборы"),
        ("в течение 3 дней после того, как подписан контракт", "того, как подписан контракт"),
    ],
)
def test_event_is_said_in_the_nominative_where_that_can_be_told(words, event):
    assert event_words(term_of(words)) == event


def test_wordings_of_one_event_are_one_and_calendar_places_are_none():
    lines = [
        "в течение 3 рабочих дней после утверждения рейтингов",
        "в течение 5 рабочих дней после утверждения",
        "в течение месяца со дня утверждения плана",
        "в течение 10 дней после окончания квартала",
        "после проведения оценки",
        "в течение 3 дней",
        "до 1 декабря",
    ]
    found = awaited_events(LineTerms(i, str(i), words, parse(words)) for i, words in enumerate(lines))
    assert [(event.words, [one.activity for one in event.lines]) for event in found] == [
        ("утверждение рейтингов", [0, 1]),
        ("утверждение плана", [1, 2]),
    ]


def test_recorded_event_gives_days_and_the_history_tells_it(plan, links, editor):
    change = record_event(plan=plan, words=f" {CONTRACT} ", happened_on=date(2026, 5, 12), actor=editor, at=NOW)
    assert days(links) == ["2026-05-19"]
    assert [str(one.now) for one in change.days.added] == ["2026-05-19"]
    assert (change.event.words, change.event.recorded_by) == (CONTRACT, editor)
    entry = AuditEntry.objects.get(verb="Записано событие")
    assert (entry.object_id, entry.after) == (str(plan.pk), {"words": CONTRACT, "happened_on": "2026-05-12"})
    assert AuditEntry.objects.get(verb="Сроки пересчитаны").reason == f"записано событие «{CONTRACT}»"


def test_event_of_every_year_gives_a_day_each(plan, links, editor):
    for year in (2025, 2026):
        record_event(plan=plan, words=CONTRACT, happened_on=date(year, 6, 1), actor=editor, at=NOW)
    assert days(links) == ["2025-06-06", "2026-06-08"]


def test_differences_are_told_first_and_are_what_happens(plan, links, editor):
    told = difference_of_event(plan, words=CONTRACT, happened_on=date(2026, 5, 12), at=NOW)
    assert days(links) == []
    event = record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 5, 12), actor=editor, at=NOW).event
    assert [str(one.now) for one in told.added] == days(links)
    moved = difference_of_day(event, happened_on=date(2026, 5, 13), at=NOW)
    assert [(str(one.was), str(one.now)) for one in moved.moved] == [("2026-05-19", "2026-05-20")]
    done = change_event_day(event=event, was=date(2026, 5, 12), happened_on=date(2026, 5, 13), actor=editor, at=NOW)
    assert done.days.changes == moved.changes
    gone = difference_without(done.event)
    assert [str(one.was) for one in gone.gone] == ["2026-05-20"]
    removed = remove_event(event=done.event, was=date(2026, 5, 13), actor=editor, at=NOW, reason="Ошибка")
    assert (days(links), removed.days.changes) == ([], gone.changes)
    assert AuditEntry.objects.get(verb="Удалена запись о событии").reason == "Ошибка"


def test_reported_day_stays_when_its_event_moves_or_goes(plan, links, editor):
    event = record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 5, 12), actor=editor, at=NOW).event
    DueDate.objects.update(state="accepted", done_on=date(2026, 5, 18), reported_at=NOW)
    event = change_event_day(
        event=event, was=date(2026, 5, 12), happened_on=date(2026, 5, 14), actor=editor, at=NOW
    ).event
    assert days(links) == ["2026-05-19", "2026-05-21"]
    remove_event(event=event, was=date(2026, 5, 14), actor=editor, at=NOW)
    assert days(links) == ["2026-05-19"]


def test_wrong_events_are_refused_in_words(plan, links, editor):
    with pytest.raises(EventWrong, match="25 ноября 2026 ещё не наступило"):
        record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 11, 25), actor=editor, at=NOW)
    with pytest.raises(EventWrong, match="что произошло"):
        record_event(plan=plan, words="  ", happened_on=TODAY, actor=editor, at=NOW)
    event = record_event(plan=plan, words=CONTRACT, happened_on=TODAY, actor=editor, at=NOW).event
    with pytest.raises(EventWrong, match="уже записано"):
        record_event(plan=plan, words="Заключения контракта", happened_on=TODAY, actor=editor, at=NOW)
    with pytest.raises(StaleVersion, match="24 ноября 2026"):
        change_event_day(event=event, was=date(2026, 1, 1), happened_on=TODAY, actor=editor, at=NOW)
    with pytest.raises(EventWrong, match="ещё не наступило"):
        change_event_day(event=event, was=TODAY, happened_on=date(2027, 1, 1), actor=editor, at=NOW)
    ProcessEvent.objects.all().delete()
    with pytest.raises(EventGone, match="уже удалил"):
        remove_event(event=event, was=TODAY, actor=editor, at=NOW)
    Plan.objects.filter(pk=plan.pk).update(state="closed")
    with pytest.raises(WordsAreFixed):
        record_event(plan=plan, words=CONTRACT, happened_on=TODAY, actor=editor, at=NOW)


def test_today_is_that_of_the_municipality(plan, links, editor):
    plan.municipality.time_zone = "Asia/Kamchatka"
    plan.municipality.save()
    late = NOW.replace(hour=23)  # in Kamchatka the next day has begun
    record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 11, 25), actor=editor, at=late)
    assert days(links) == ["2026-12-02"]


def test_tab_shows_what_is_awaited_and_what_each_event_gave(plan, links, editor):
    line(plan, "в течение месяца со дня утверждения рейтингов", number="3.2")
    record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 5, 12), actor=editor, at=NOW)
    record_event(plan=plan, words="сход жителей", happened_on=date(2026, 5, 13), actor=editor, at=NOW)
    found = events_of_plan(plan, TODAY)
    assert [event.words for event, _ in found.awaited] == ["утверждение рейтингов"]
    assert [event.words for event in found.again] == [CONTRACT]
    assert [(one.event.words, [(w.number, ds) for w, ds in one.lines]) for one in found.recorded] == [
        ("сход жителей", []),
        (CONTRACT, [("2.1", (date(2026, 5, 19),))]),
    ]


def test_event_is_likely_where_its_own_line_is_done_or_should_be(plan, links, editor):
    signing = line(plan, "до 1 июня", number="1.4", title="Заключение контракта с организацией-оператором")
    assert [(one.words, one.likely) for one in events_to_record(plan.municipality, TODAY)] == [(CONTRACT, None)]
    due = DueDateFactory(activity=signing, window_to=date(2026, 6, 1))
    likely = events_to_record(plan.municipality, TODAY)[0].likely
    assert (likely.because, likely.happened_on) == ("срок мероприятия 1.4 прошёл 1 июня 2026", None)
    DueDate.objects.filter(pk=due.pk).update(state="reported", done_on=date(2026, 5, 12), reported_at=NOW)
    (found,) = events_to_record(plan.municipality, TODAY)
    assert (found.lines, found.likely.because) == (1, "мероприятие 1.4 исполнено 12 мая 2026")
    assert found.likely.happened_on == date(2026, 5, 12)
    record_event(plan=plan, words=CONTRACT, happened_on=date(2026, 5, 12), actor=editor, at=NOW)
    assert events_to_record(plan.municipality, TODAY) == []
    # the next year the line is due again
    DueDateFactory(activity=signing, window_to=date(2027, 6, 1))
    assert events_to_record(plan.municipality, date(2027, 5, 1)) == []
    assert events_to_record(plan.municipality, date(2027, 6, 2))[0].likely.because.endswith("1 июня 2027")


def test_archived_and_closed_plans_wait_for_nothing(ours, plan, links):
    for changes in ({"archived_at": NOW}, {"archived_at": None, "state": "closed"}):
        Plan.objects.filter(pk=plan.pk).update(**changes)
        assert events_to_record(ours, TODAY) == []


def test_lists_cost_the_same_however_many_lines_wait(ours, editor):
    cost = []
    for _ in range(2):
        for _ in range(3):
            plan = PlanFactory(municipality=ours)
            line(plan, "в течение 5 рабочих дней после заключения контракта")
            signing = line(plan, "до 1 июня", title="Заключение контракта")
            DueDateFactory(activity=signing)
            record_event(plan=plan, words="Сход жителей", happened_on=TODAY, actor=editor, at=NOW)
        refresh_days(plan, actor=editor, at=NOW)
        plan = Plan.objects.get(pk=plan.pk)
        with CaptureQueriesContext(connection) as one:
            events_of_plan(plan, TODAY)
        with CaptureQueriesContext(connection) as all_plans:
            events_to_record(ours, TODAY)
        cost.append((len(one), len(all_plans)))
    assert cost[0] == cost[1] == (4, 4)
