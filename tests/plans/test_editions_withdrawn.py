"""Editions that are withdrawn, discarded or too late: the plan in force has all of its work."""

import pytest

from plans.enums import DueState, PlanState
from plans.models import DueDate, Evidence, Plan
from plans.selectors.editions import work_in
from plans.services.approval import ApprovalRefused, close_plan, reopen_plan, withdraw_approval
from plans.services.days import refresh_days
from plans.services.plans import delete_draft
from tests.factories import NOW
from tests.plans.editions import (
    approve,
    begin,
    decision,
    due,
    everything,
    plan_in_force,
    prove,
    report,
    reread,
    returned,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.fixture
def plan(ours, actor):
    return plan_in_force(ours, actor)


def test_withdrawn_edition_gives_all_back_and_may_be_approved_again(plan, actor):
    prove(report(plan, "1.1"))
    edition = begin(plan, actor)
    approved = approve(edition, actor)
    draft = withdraw_approval(plan=approved, version=approved.version, reason="Акт отменён", actor=actor, at=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.closed_at, draft.is_being_replaced) == (PlanState.APPROVED, None, True)
    assert not Evidence.objects.filter(due_date__activity__plan=draft).exists()
    assert due(plan, "1.1", 2026).state == DueState.ACCEPTED
    assert work_in(draft) == []
    again = approve(draft, actor)
    assert due(again, "1.1", 2026).state == DueState.ACCEPTED
    assert Evidence.objects.filter(due_date__activity__plan=again).count() == 1


def test_returned_report_that_falls_away_in_the_edition_keeps_its_decision_and_hinders_no_withdrawal(plan, actor):
    old = returned(plan, actor)
    approved = approve(begin(plan, actor), actor)
    line = approved.activities.get(number="1.1")
    reread(line, "постоянно")
    refresh_days(approved, actor=actor, at=NOW)
    fallen = due(approved, "1.1", 2026)
    assert (fallen.state, fallen.fell_away) == ("cancelled", True)
    assert (fallen.decided_by, fallen.decided_at) == (old.decided_by, old.decided_at)
    assert work_in(approved) == []
    draft = withdraw_approval(plan=approved, version=approved.version, reason="Акт отменён", actor=actor, at=NOW)
    assert not DueDate.objects.filter(activity__plan=draft, activity=line).exists(), "the words give no day"
    assert decision(due(plan, "1.1", 2026)) == decision(old)
    reread(line, plan.activities.get(number="1.1").deadline_text)
    again = due(approve(draft, actor), "1.1", 2026)
    assert (said(again), decision(again)) == (said(old), decision(old))


def test_day_that_fell_away_and_that_the_edition_wants_is_open_there_with_its_report(plan, actor):
    old = returned(plan, actor)
    line = plan.activities.get(number="1.1")
    words = line.deadline_text
    reread(line, "постоянно")
    refresh_days(plan, actor=actor, at=NOW)
    edition = begin(plan, actor)
    assert not DueDate.objects.filter(activity__plan=edition, activity__number="1.1").exists()
    reread(edition.activities.get(number="1.1"), words)
    approved = approve(edition, actor)
    assert decision(due(approved, "1.1", 2026)) == decision(old)
    assert due(approved, "1.1", 2026).report_text == old.report_text
    assert work_in(approved) == []


def test_edition_on_which_work_went_on_stays_approved(plan, actor):
    report(plan, "1.1")
    approved = approve(begin(plan, actor), actor)
    report(approved, "2.1")
    with pytest.raises(ApprovalRefused):
        withdraw_approval(plan=approved, version=approved.version, reason="Ошибка", actor=actor, at=NOW)


def test_discarded_edition_leaves_the_plan_in_force_as_it_was(plan, actor):
    prove(report(plan, "1.1"))
    before = everything(plan)
    edition = begin(plan, actor)
    delete_draft(plan=edition, version=edition.version, actor=actor, at=NOW, reason="Передумали")
    assert everything(plan) == before
    assert list(Plan.objects.in_force()) == [plan]
    assert begin(plan, actor).edition == 2


def test_replaced_edition_is_not_opened_again(plan, actor):
    approve(begin(plan, actor), actor)
    plan.refresh_from_db()
    with pytest.raises(ApprovalRefused, match="заменён"):
        reopen_plan(plan=plan, version=plan.version, reason="Нужен", actor=actor, at=NOW)


def test_edition_of_a_plan_that_was_closed_is_not_approved(plan, actor):
    edition = begin(plan, actor)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)
    with pytest.raises(ApprovalRefused, match="не действует"):
        approve(edition, actor)
    with pytest.raises(ApprovalRefused):
        close_plan(plan=plan, version=plan.version, reason="Ещё раз", actor=actor, at=NOW)
