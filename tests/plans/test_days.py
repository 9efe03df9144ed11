"""Due dates computed anew in the database: what comes, moves, goes and stays, and what is told of it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nok_portal.audit.models import AuditEntry
from plans.days.changes import FELL_AWAY
from plans.deadlines import parse, schedule, to_json
from plans.models import Activity, ActivityOrganization, DueDate, Evidence, Plan
from plans.selectors import context_of_plan
from plans.services.days import days_difference, refresh_days
from tests.factories import NOW, OrganizationFactory
from tests.factories.plans import ActivityFactory, PlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

LATER = NOW.replace(month=12)


@pytest.fixture
def plan(ours):
    return PlanFactory(municipality=ours, created_at=NOW)


def line(plan, words, **facts):
    activity = ActivityFactory(plan=plan, deadline_text=words, deadline_rule=to_json(parse(words)), **facts)
    refresh_days(plan, actor=None, at=NOW, only=[activity.pk])
    return activity


def reread(activity, words):
    activity.deadline_rule = to_json(parse(words))
    activity.save()


def days(activity, **wanted):
    found = DueDate.objects.filter(activity=activity, **wanted).order_by("window_to", "organization")
    return [due.window_to.isoformat() for due in found]


def prove(due):
    return Evidence.objects.create(
        municipality_id=due.municipality_id, due_date=due, kind="link", url="https://example.org/", added_at=NOW
    )


def test_returned_report_moves_with_its_day(plan, editor):
    activity = line(plan, "до 1 декабря")
    due = DueDate.objects.get(activity=activity, window_to=date(2026, 12, 1))
    DueDate.objects.filter(pk=due.pk).update(report_text="Сделано", reported_at=NOW, returned_reason="Нет протокола")
    proof = prove(due)
    reread(activity, "до 15 ноября")
    refresh_days(plan, actor=editor, at=LATER)
    moved = DueDate.objects.get(pk=due.pk)
    assert (moved.window_to, moved.report_text, moved.returned_reason, moved.state) == (
        date(2026, 11, 15),
        "Сделано",
        "Нет протокола",
        "open",
    )
    assert moved.version == due.version + 1
    assert "15 ноября 2026" in moved.label
    assert list(moved.evidence.all()) == [proof]


@pytest.mark.parametrize("work", ["report", "evidence", "return"])
def test_work_on_a_day_that_falls_away_is_kept_with_the_reason(plan, editor, work):
    activity = line(plan, "до 1 декабря")
    due = DueDate.objects.get(activity=activity, window_to=date(2026, 12, 1))
    decision = {"decided_by": editor, "decided_at": NOW}
    if work == "evidence":
        prove(due)
    else:
        said: dict[str, Any] = {"report": {"report_text": "Слова"}, "return": {"returned_reason": "Слова", **decision}}
        DueDate.objects.filter(pk=due.pk).update(**said[work])
    decided = (editor, NOW) if work == "return" else (None, None)
    reread(activity, "постоянно")
    refresh_days(plan, actor=editor, at=LATER, reason="изменены слова срока")
    left = DueDate.objects.get(activity=activity)
    assert (left.pk, left.state, left.fell_away) == (due.pk, "cancelled", True)
    assert (left.decided_by, left.decided_at) == decided, "nobody decided that it falls away"
    assert left.cancelled_reason == f"{FELL_AWAY}: изменены слова срока"
    # the day is wanted again: it is open again, as it was
    reread(activity, "до 1 декабря")
    refresh_days(plan, actor=editor, at=LATER)
    back = DueDate.objects.get(pk=due.pk)
    assert (back.state, back.cancelled_reason, back.fell_away) == ("open", "", False)
    assert (back.decided_by, back.decided_at) == decided
    assert days(activity, state="open") == ["2026-12-01", "2027-12-01", "2028-12-01"]


def test_day_cancelled_by_a_person_stays_cancelled(plan, editor):
    activity = line(plan, "до 1 декабря")
    DueDate.objects.filter(window_to=date(2027, 12, 1)).update(state="cancelled", cancelled_reason="Оценки не будет")
    refresh_days(plan, actor=editor, at=LATER)
    assert days(activity, state="cancelled") == ["2027-12-01"]
    assert days(activity, state="open") == ["2026-12-01", "2028-12-01"]


def test_moved_day_counts_as_late_only_when_it_ended_after_the_plan_came_in(plan, editor):
    activity = line(plan, "до 1 декабря")  # the plan came in on 24 November 2026
    reread(activity, "до 15 ноября")
    refresh_days(plan, actor=editor, at=LATER)
    assert days(activity, ended_before_entry=True) == ["2026-11-15"]
    reread(activity, "до 30 ноября")
    refresh_days(plan, actor=editor, at=LATER)
    assert days(activity, ended_before_entry=True) == []


def test_difference_tells_everything_and_writes_nothing(plan, editor):
    activity = line(plan, "до 1 декабря", number="1.1", title="Отчёт оператора")
    DueDate.objects.filter(window_to=date(2028, 12, 1)).update(
        state="accepted", done_on=date(2028, 11, 1), reported_at=NOW
    )
    facts = {"period_from": date(2027, 1, 1), "period_to": date(2027, 12, 31), "assessment_years": [2027]}
    found = days_difference(plan, facts=facts)
    assert [one.was for one in found.gone] == [date(2026, 12, 1)]
    assert [one.was for one in found.kept] == [date(2028, 12, 1)]
    assert (found.added, found.moved) == ((), ())
    told = found.lines[0]
    assert (told.number, told.title) == ("1.1", "Отчёт оператора")
    assert days(activity) == ["2026-12-01", "2027-12-01", "2028-12-01"]
    assert not AuditEntry.objects.filter(verb="Сроки пересчитаны").exclude(actor=None).exists()
    found = days_difference(plan, deadlines={activity.pk: parse("до 15 ноября")})
    assert [(str(one.was), str(one.now)) for one in found.moved] == [
        ("2026-12-01", "2026-11-15"),
        ("2027-12-01", "2027-11-15"),
    ]
    assert [(str(one.now), str(one.beside)) for one in found.added] == [("2028-11-15", "2028-12-01")]
    assert not days_difference(plan)


def test_report_that_fell_out_of_the_words_earlier_is_no_news(plan, editor):
    activity = line(plan, "до 1 декабря")
    DueDate.objects.filter(window_to=date(2028, 12, 1)).update(
        state="accepted", done_on=date(2028, 11, 1), reported_at=NOW
    )
    reread(activity, "до 1 декабря 2027 года")
    refresh_days(plan, actor=editor, at=LATER)
    assert days(activity) == ["2027-12-01", "2028-12-01"]
    assert not days_difference(plan, facts=_facts(plan, title="Новый"))


def _facts(plan, **changes):
    names = ("title", "period_from", "period_to", "assessment_years")
    return {name: getattr(plan, name) for name in names} | changes


def test_stamp_is_of_what_was_shown(plan):
    activity = line(plan, "до 1 декабря")
    one = days_difference(plan, deadlines={activity.pk: parse("до 15 ноября")})
    same = days_difference(plan, deadlines={activity.pk: parse("не позднее 15 ноября")})
    other = days_difference(plan, deadlines={activity.pk: parse("до 16 ноября")})
    assert one.stamp == same.stamp != other.stamp


def test_history_of_the_line_tells_the_days_before_and_after(plan, editor):
    activity, other = line(plan, "до 1 декабря"), line(plan, "до 1 мая")
    reread(activity, "до 15 ноября 2027 года")
    refresh_days(plan, actor=editor, at=LATER, reason="изменены слова срока")
    entry = AuditEntry.objects.get(verb="Сроки пересчитаны", actor=editor)
    assert (entry.object_id, entry.reason) == (str(activity.pk), "изменены слова срока")
    assert entry.before["days"] == ["2026-12-01", "2027-12-01", "2028-12-01"]
    assert entry.after["days"] == ["2027-11-15"]
    assert not AuditEntry.objects.filter(object_id=str(other.pk), actor=editor).exists()


def test_each_named_organization_has_days_of_its_years(plan, ours, editor):
    activity = line(plan, "до 1 декабря")
    school, club = OrganizationFactory(municipality=ours), OrganizationFactory(municipality=ours)
    for organization, year in ((school, 2026), (club, 2026), (club, 2027)):
        ActivityOrganization.objects.create(municipality=ours, activity=activity, organization=organization, year=year)
    found = refresh_days(plan, actor=editor, at=LATER)
    rows = DueDate.objects.filter(activity=activity).order_by("window_to", "organization")
    assert [(due.window_to.year, due.organization) for due in rows] == [
        (2026, school),
        (2026, club),
        (2027, club),
        (2028, None),
    ]
    (told,) = found.lines
    said = [(one.kind, one.organizations, [(day.now or day.was).year for day in one.days]) for one in told.groups]
    assert said == [
        ("added", (school.short_name, club.short_name), [2026]),
        ("added", (club.short_name,), [2027]),
        ("gone", (), [2026, 2027]),
    ]
    entry = AuditEntry.objects.get(verb="Сроки пересчитаны", actor=editor)
    assert entry.after["organizations"] == {
        school.short_name: ["2026-12-01"],
        club.short_name: ["2026-12-01", "2027-12-01"],
    }


def test_recomputing_costs_the_same_for_every_number_of_lines(plan, editor):
    words = ("до 1 декабря", "в течение года", "до 1 мая")
    cost = []
    for count in (1, 6):
        activities = [line(plan, text) for text in words for _ in range(count)]
        for activity in activities:
            prove(DueDate.objects.filter(activity=activity).earliest("window_to"))
            reread(activity, "до 15 ноября 2027 года")
        with CaptureQueriesContext(connection) as queries:
            days_difference(plan, facts=_facts(plan))
        seen = len(queries)
        with CaptureQueriesContext(connection) as queries:
            refresh_days(plan, actor=editor, at=LATER)
        cost.append((seen, len(queries)))
    assert cost[0] == cost[1]
    assert cost[0][0] <= 6


WORDS = (
    "до 1 декабря",
    "до 15 ноября",
    "до 15 января года, следующего за годом проведения оценки",
    "ежеквартально",
    "раз в полугодие",
    "май – октябрь 2027 года",
    "постоянно",
)
step = st.one_of(
    st.tuples(st.just("words"), st.sampled_from(WORDS)),
    st.tuples(st.just("period"), st.tuples(st.integers(2025, 2028), st.integers(0, 2))),
    st.tuples(st.just("organizations"), st.lists(st.tuples(st.integers(0, 1), st.none() | st.integers(2026, 2028)))),
    st.tuples(st.sampled_from(["report", "accept", "return", "cancel", "prove"]), st.integers(0, 20)),
)


@given(steps=st.lists(step, min_size=2, max_size=7))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_changes_loses_what_people_did(ours, editor, steps):
    mark = transaction.savepoint()
    try:
        _live(ours, editor, steps)
    finally:
        transaction.savepoint_rollback(mark)


def _live(ours, editor, steps):
    plan = PlanFactory(municipality=ours)
    activity = line(plan, "до 1 декабря")
    known = [OrganizationFactory(municipality=ours) for _ in range(2)]
    for verb, what in steps:
        done = _frozen(activity)
        worked = set(_worked(activity).values_list("pk", flat=True))
        _take(verb, what, plan, activity, known)
        if verb in ("words", "period", "organizations"):
            plan = Plan.objects.get(pk=plan.pk)
            told = days_difference(plan)
            applied = refresh_days(plan, actor=editor, at=LATER)
            assert {one for one in told.changes if one.kind != "kept"} == set(applied.changes)
            assert _frozen(activity) == done
            assert all(due.is_outside_period != _covers(plan, due) for due in DueDate.objects.all())
            assert worked <= set(DueDate.objects.values_list("pk", flat=True))
            assert not days_difference(plan).changed_activities
        activity = Activity.objects.get(pk=activity.pk)
        held = _windows(activity, exclude_open=True)
        assert _windows(activity) - held == _scheduled(plan, activity) - held


def _take(verb, what, plan, activity, known):
    if verb == "words":
        reread(activity, what)
    elif verb == "period":
        first, length = what
        Plan.objects.filter(pk=plan.pk).update(
            period_from=date(first, 1, 1),
            period_to=date(first + length, 12, 31),
            assessment_years=list(range(first, first + length + 1)),
        )
    elif verb == "organizations":
        ActivityOrganization.objects.filter(activity=activity).delete()
        for number, year in set(what):
            ActivityOrganization.objects.create(
                municipality=activity.municipality, activity=activity, organization=known[number], year=year
            )
    else:
        _work(verb, what, activity)


def _work(verb, number, activity):
    open_ones = list(DueDate.objects.filter(activity=activity, state="open").order_by("window_to", "pk"))
    if not open_ones:
        return
    due = open_ones[number % len(open_ones)]
    if verb == "prove":
        prove(due)
        return
    reported = {"report_text": "Сделано", "done_on": due.window_to, "reported_at": NOW}
    changes = {
        "report": reported | {"state": "reported"},
        "accept": reported | {"state": "accepted"},
        "return": reported | {"returned_reason": "Поправьте"},
        "cancel": {"state": "cancelled", "cancelled_reason": "Не нужно"},
    }
    DueDate.objects.filter(pk=due.pk).update(**changes[verb])


def _frozen(activity):
    """What no recomputation may touch: all but whether the plan's period holds it."""
    rows = (
        DueDate.objects.filter(activity=activity).exclude(state="open").exclude(cancelled_reason__startswith=FELL_AWAY)
    )
    names = [field.name for field in DueDate._meta.concrete_fields if field.name != "is_outside_period"]
    return sorted(map(str, rows.values_list(*names)))


def _covers(plan, due):
    return plan.period_from <= due.window_to <= plan.period_to


def _worked(activity):
    rows = DueDate.objects.filter(activity=activity)
    return rows.exclude(report_text="") | rows.filter(evidence__isnull=False)


def _windows(activity, *, exclude_open=False):
    rows = DueDate.objects.filter(activity=activity)
    rows = rows.exclude(state="open") if exclude_open else rows.filter(state="open")
    return set(rows.values_list("organization", "window_from", "window_to"))


def _scheduled(plan, activity):
    """What the words give, each window for the organizations of its year: said once more, in the plainest way."""
    links = list(ActivityOrganization.objects.filter(activity=activity).values_list("organization", "year"))
    found = set()
    for day in schedule(activity.deadline, context_of_plan(plan)):
        first = day.ends_on.year if (day.ends_on - day.starts_on).days <= 92 else day.starts_on.year
        named = {one for one, year in links if year is None or first <= year <= day.ends_on.year}
        found |= {(one, day.starts_on, day.ends_on) for one in named or {None}}
    return found
