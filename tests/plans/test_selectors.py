"""What screens read of plans."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.selectors import (
    due_lines,
    is_late,
    is_soon,
    open_dues,
    plans_of_municipality,
    summaries,
)
from tests.factories import NOW
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
    SectionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TODAY = date(2026, 11, 24)


def queries(function):
    with CaptureQueriesContext(connection) as caught:
        result = function()
    return result, len(caught)


def fill(plan, count):
    section = SectionFactory(plan=plan)
    party = ResponsiblePartyFactory(municipality=plan.municipality)
    for _ in range(count):
        activity = ActivityFactory(plan=plan, section=section)
        ActivityPartyFactory(activity=activity, party=party)
        DueDateFactory(activity=activity)
        DueDateFactory(activity=activity, window_to=date(2026, 11, 20))


def late(municipality):
    return due_lines(open_dues(municipality).filter(is_late(TODAY)))


def soon(municipality):
    return due_lines(open_dues(municipality).filter(is_soon(TODAY)).order_by("window_to"))


def test_due_soon_counts_today_and_the_last_day_of_the_stretch(ours):
    activity = ActivityFactory(plan=PlanFactory(municipality=ours))
    for day in (23, 24, 25):
        DueDateFactory(activity=activity, window_to=date(2026, 11, day))
    DueDateFactory(activity=activity, window_to=date(2026, 12, 8))
    DueDateFactory(activity=activity, window_to=date(2026, 12, 9))
    assert [line.window_to for line in soon(ours)] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 12, 8),
    ]


def test_overdue_leaves_out_what_was_reported_and_archived_plans(ours):
    plan = PlanFactory(municipality=ours)
    missed = DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 11, 23))
    DueDateFactory(activity=missed.activity, window_to=date(2026, 11, 1), state="reported")
    archived = ActivityFactory(plan=PlanFactory(municipality=ours, archived_at=NOW))
    DueDateFactory(activity=archived, window_to=date(2026, 11, 1))
    assert [line.due_id for line in late(ours)] == [missed.pk]


def test_due_lines_cost_the_same_for_3_and_30(ours):
    plan = PlanFactory(municipality=ours)
    fill(plan, 3)
    three, cost_of_three = queries(lambda: late(ours) + soon(ours))
    fill(plan, 27)
    many, cost_of_many = queries(lambda: late(ours) + soon(ours))
    assert (len(three), len(many), cost_of_many) == (6, 60, cost_of_three)


def test_summaries_tell_of_each_plan_in_two_queries(ours):
    fill(PlanFactory(municipality=ours), 2)
    PlanFactory(municipality=ours, archived_at=NOW)
    found = list(plans_of_municipality(ours))
    (summary,), cost = queries(lambda: summaries(found, TODAY))
    assert (summary.activities, summary.overdue, summary.next_due, cost) == (2, 2, date(2026, 12, 1), 2)


def test_a_day_that_was_over_when_the_plan_came_in_is_never_late(ours):
    plan = PlanFactory(municipality=ours)
    DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 3, 1), ended_before_entry=True)
    assert late(ours) == []
    assert summaries([plan], TODAY)[0].overdue == 0
