"""What screens read of plans."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.scope import scope
from plans.selectors import (
    PlanFilter,
    due_soon,
    overdue,
    plan_contents,
    plans_of_municipality,
    summaries,
)
from tests.factories import NOW, MunicipalityFactory
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
    SectionFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture
def ours():
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        yield municipality


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


def test_due_soon_counts_today_and_the_last_day_of_the_stretch(ours):
    activity = ActivityFactory(plan=PlanFactory(municipality=ours))
    for day in (23, 24, 25):
        DueDateFactory(activity=activity, window_to=date(2026, 11, day))
    DueDateFactory(activity=activity, window_to=date(2026, 12, 8))
    DueDateFactory(activity=activity, window_to=date(2026, 12, 9))
    assert [line.window_to for line in due_soon(ours, TODAY)] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 12, 8),
    ]


def test_overdue_leaves_out_what_was_reported_and_archived_plans(ours):
    plan = PlanFactory(municipality=ours)
    late = DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 11, 23))
    DueDateFactory(activity=late.activity, window_to=date(2026, 11, 1), state="reported")
    archived = ActivityFactory(plan=PlanFactory(municipality=ours, archived_at=NOW))
    DueDateFactory(activity=archived, window_to=date(2026, 11, 1))
    assert [line.due_id for line in overdue(ours, TODAY)] == [late.pk]


def test_due_lines_cost_the_same_for_3_and_30(ours):
    plan = PlanFactory(municipality=ours)
    fill(plan, 3)
    three, cost_of_three = queries(lambda: overdue(ours, TODAY) + due_soon(ours, TODAY))
    fill(plan, 27)
    many, cost_of_many = queries(lambda: overdue(ours, TODAY) + due_soon(ours, TODAY))
    assert (len(three), len(many), cost_of_many) == (6, 60, cost_of_three)


def test_plan_contents_cost_the_same_for_3_and_300(ours):
    small, large = PlanFactory(municipality=ours), PlanFactory(municipality=ours)
    fill(small, 3)
    fill(large, 300)
    few, cost_of_few = queries(lambda: plan_contents(small))
    many, cost_of_many = queries(lambda: plan_contents(large))
    assert (few.total, many.total, cost_of_many) == (3, 300, cost_of_few)


def test_search_finds_words_of_title_deadline_and_party_in_any_spelling(ours):
    plan = PlanFactory(municipality=ours)
    wanted = ActivityFactory(plan=plan, title="Отчёт оператора")
    ActivityFactory(plan=plan, title="Опрос")
    party = ActivityPartyFactory(activity=wanted).party
    for words in ("отчет", "ОПЕРАТОРА отчёт", party.name.upper()):
        contents = plan_contents(plan, PlanFilter(search=words))
        assert [line.activity for group in contents.sections for line in group.lines] == [wanted]
        assert (contents.shown, contents.total) == (1, 2)


def test_filters_by_party_and_findings(ours):
    plan = PlanFactory(municipality=ours)
    link = ActivityPartyFactory(activity=ActivityFactory(plan=plan))
    doubtful = ActivityFactory(plan=plan, findings=[{"code": "no_party", "message": "Нет исполнителя"}])

    def shown(wanted):
        return [line.activity for group in plan_contents(plan, wanted).sections for line in group.lines]

    assert shown(PlanFilter(party=link.party.pk)) == [link.activity]
    assert shown(PlanFilter(with_findings=True)) == [doubtful]
    assert plan_contents(plan).with_findings == 1


def test_empty_section_stays_until_a_filter_is_set(ours):
    plan = PlanFactory(municipality=ours)
    section = SectionFactory(plan=plan)
    ActivityFactory(plan=plan)
    assert [group.section for group in plan_contents(plan).sections] == [None, section]
    assert [group.section for group in plan_contents(plan, PlanFilter(search="опрос")).sections] == [None]


def test_summaries_tell_of_each_plan_in_two_queries(ours):
    fill(PlanFactory(municipality=ours), 2)
    PlanFactory(municipality=ours, archived_at=NOW)
    found = list(plans_of_municipality(ours))
    (summary,), cost = queries(lambda: summaries(found, TODAY))
    assert (summary.activities, summary.overdue, summary.next_due, cost) == (2, 2, date(2026, 12, 1), 2)


def test_a_day_that_was_over_when_the_plan_came_in_is_never_late(ours):
    plan = PlanFactory(municipality=ours)
    DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 3, 1), ended_before_entry=True)
    assert overdue(ours, TODAY) == []
    assert summaries([plan], TODAY)[0].overdue == 0
