"""A new edition: what it copies, what goes over to it, and that nothing is lost on the way."""

from datetime import date

import pytest

from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.file_kinds import PDF
from nok_portal.tenants.services.files import store_file
from plans.editions.comparing import Change
from plans.enums import DueState, PlanState
from plans.models import Activity, ActivityOrganization, DueDate, Evidence, Plan, ProcessEvent
from plans.models.dues import EVIDENCE_PURPOSE
from plans.selectors.editions import compare_editions, editions_of, reports_to_carry, work_in
from plans.services.days import refresh_days
from plans.services.editions import EditionRefused, start_new_edition
from tests.factories import NOW, OrganizationFactory
from tests.plans.editions import (
    approve,
    begin,
    due,
    everything,
    plan_in_force,
    prove,
    report,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.fixture
def plan(ours, actor):
    return plan_in_force(ours, actor)


def test_edition_says_what_the_plan_says_and_is_not_in_force(plan, actor):
    organization = OrganizationFactory(municipality=plan.municipality)
    line = plan.activities.get(number="1.2")
    ActivityOrganization.objects.create(
        municipality=plan.municipality, activity=line, organization=organization, year=2026
    )
    refresh_days(plan, actor=actor, at=NOW)
    ProcessEvent.objects.create(
        municipality=plan.municipality,
        plan=plan,
        words="отчёт оператора",
        happened_on=date(2026, 11, 30),
        recorded_at=NOW,
    )
    edition = begin(plan, actor)
    assert (edition.edition, edition.previous, edition.state) == (2, plan, PlanState.DRAFT)
    assert compare_editions(plan, edition).is_same
    copy = edition.activities.get(number="1.2")
    assert copy.previous == line
    assert [(link.organization, link.year) for link in copy.organization_links.all()] == [(organization, 2026)]
    days = [
        set(DueDate.objects.filter(activity__plan=one).values_list("activity__number", "organization", "window_to"))
        for one in (plan, edition)
    ]
    assert days[0] == days[1] != set()
    assert edition.events.count() == 1
    assert list(Plan.objects.in_force()) == [plan]
    assert [one.edition for one in editions_of(plan)] == [one.edition for one in editions_of(edition)] == [1, 2]


def test_day_that_is_late_stays_late_in_the_new_edition(plan, actor):
    assert not due(plan, "1.1", 2026).ended_before_entry
    edition = approve(begin(plan, actor), actor)
    assert not due(edition, "1.1", 2026).ended_before_entry


def test_day_that_other_words_give_is_late_as_in_a_plan_that_was_there(plan, actor):
    edition = begin(plan, actor)
    line = edition.activities.get(number="2.1")
    line.deadline_text, line.deadline_rule = "до 1 октября", {}
    line.save()
    refresh_days(edition, actor=actor, at=NOW)
    assert not due(edition, "2.1", 2026).ended_before_entry


def test_only_an_approved_plan_without_an_edition_in_hand_gets_a_new_one(plan, actor, ours):
    edition = begin(plan, actor)
    with pytest.raises(EditionRefused, match="уже готовится"):
        begin(plan, actor)
    with pytest.raises(EditionRefused, match="Черновик"):
        begin(edition, actor)
    with pytest.raises(StaleVersion):
        start_new_edition(plan=plan, version=99, actor=actor, at=NOW)


def test_approved_edition_replaces_the_previous_one_and_takes_over_its_reports(plan, actor):
    accepted = report(plan, "1.1")
    proof = prove(accepted)
    returned = report(plan, "2.1", state="open", returned_reason="Нет подписи", report_text="Отчёт готов")
    cancelled = report(
        plan, "1.2", state="cancelled", report_text="", done_on=None, reported_at=None, cancelled_reason="Отменён"
    )
    before = everything(plan)
    edition = begin(plan, actor)
    assert work_in(edition) == []
    approved = approve(edition, actor)

    plan.refresh_from_db()
    assert (plan.state, plan.closed_at) == (PlanState.CLOSED, NOW)
    assert list(Plan.objects.in_force()) == [approved]
    for old, number in ((accepted, "1.1"), (returned, "2.1"), (cancelled, "1.2")):
        assert said(due(approved, number, 2026)) == said(old)
    (copied,) = Evidence.objects.filter(due_date=due(approved, "1.1", 2026))
    assert (copied.url, copied.title, copied.added_at) == (proof.url, proof.title, proof.added_at)
    assert everything(plan) == before
    assert work_in(approved) == []


def test_report_whose_day_is_gone_stays_with_the_old_edition_and_is_named_before(plan, actor):
    gone = report(plan, "1.1")
    kept = report(plan, "2.1")
    edition = begin(plan, actor)
    line = edition.activities.get(number="1.1")
    line.deadline_text = "до 1 мая"
    line.deadline_rule = {}
    line.save()
    refresh_days(edition, actor=actor, at=NOW)
    carry = reports_to_carry(edition)
    assert carry.left == (gone,)
    assert carry.reports == 1
    approved = approve(edition, actor)
    assert due(approved, "1.1", 2026).state == DueState.OPEN
    assert said(due(approved, "2.1", 2026)) == said(kept)
    assert said(due(plan, "1.1", 2026)) == said(gone)


def test_report_of_a_removed_line_stays_with_the_old_edition(plan, actor):
    gone = report(plan, "1.1")
    edition = begin(plan, actor)
    Activity.objects.get(plan=edition, number="1.1").delete()
    assert reports_to_carry(edition).left == (gone,)
    approve(edition, actor)
    assert said(due(plan, "1.1", 2026)) == said(gone)


def test_each_organization_keeps_its_own_report(plan, actor):
    one, other = (OrganizationFactory(municipality=plan.municipality) for _ in range(2))
    line = plan.activities.get(number="2.1")
    for organization in (one, other):
        ActivityOrganization.objects.create(
            municipality=plan.municipality, activity=line, organization=organization, year=None
        )
    refresh_days(plan, actor=actor, at=NOW)
    found = DueDate.objects.get(activity=line, organization=one, window_to__year=2026)
    found.state, found.done_on, found.reported_at, found.report_text = "reported", date(2026, 11, 20), NOW, "Готово"
    found.save()
    approved = approve(begin(plan, actor), actor)
    states = DueDate.objects.filter(activity__plan=approved, activity__number="2.1", window_to__year=2026)
    assert dict(states.values_list("organization", "state")) == {one.pk: "reported", other.pk: "open"}


def test_file_under_both_editions_stays_when_one_lets_it_go(plan, actor):
    found = report(plan, "2.1", state="reported")
    stored = store_file(
        municipality=plan.municipality, content=b"%PDF-1.7", name="отчёт.pdf", purpose=EVIDENCE_PURPOSE,
        uploaded_by=actor, at=NOW, kinds=(PDF,),
    )  # fmt: skip
    Evidence.objects.create(municipality=plan.municipality, due_date=found, kind="file", file=stored, added_at=NOW)
    approved = approve(begin(plan, actor), actor)
    Evidence.objects.filter(due_date__activity__plan=approved).delete()
    assert Evidence.objects.get(due_date=found).file == stored


def test_comparison_goes_through_all_editions_between(plan, actor):
    second = begin(plan, actor)
    line = second.activities.get(number="1.1")
    line.title = "Утверждение перечня организаций"
    line.save()
    second = approve(second, actor)
    third = begin(second, actor)
    third.activities.get(number="1.2").delete()
    found = compare_editions(plan, third)
    assert (found.count(Change.CHANGED), found.count(Change.REMOVED), found.count(Change.ADDED)) == (1, 1, 0)
    back = compare_editions(third, plan)
    assert (back.count(Change.CHANGED), back.count(Change.REMOVED), back.count(Change.ADDED)) == (1, 0, 1)


def test_carrying_over_costs_the_same_for_few_reports_and_for_many(plan, actor, django_assert_max_num_queries):
    edition = begin(plan, actor)
    with django_assert_max_num_queries(4):
        reports_to_carry(edition)
    for year in (2026, 2027, 2028):
        prove(report(plan, "1.1", year))
    with django_assert_max_num_queries(4):
        assert reports_to_carry(edition).reports == 3
