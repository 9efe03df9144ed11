"""A plan is approved by an act, closed, and goes back only while that is honest."""

import io
from datetime import date, timedelta

import pytest

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.models import LegalAct
from nok_portal.tenants.services.acts import ActExists, ActGone, ActWrong, NewAct
from plans.enums import PlanState
from plans.models import Plan, ProcessEvent
from plans.selectors.editions import still_open
from plans.services.approval import (
    ApprovalRefused,
    ReasonMissing,
    approve_plan,
    close_plan,
    reopen_plan,
    withdraw_approval,
)
from plans.services.editions import start_new_edition
from plans.services.plans import FACTS, FactsAreFixed, edit_plan_facts
from tests.factories import NOW, LegalActFactory
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.fixture
def plan(ours):
    found = PlanFactory(municipality=ours)
    ActivityFactory(plan=found, position=1)
    return found


@pytest.fixture
def act(ours):
    return LegalActFactory(municipality=ours)


def approve(plan, act, actor):
    return approve_plan(plan=plan, version=plan.version, act=act, actor=actor, at=NOW)


def verbs(plan):
    return list(
        AuditEntry.objects.filter(object_type="plans.plan", object_id=str(plan.pk))
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def test_draft_is_approved_by_an_act_of_the_register(plan, act, actor):
    approved = approve(plan, act, actor)
    assert (approved.state, approved.approved_by, approved.version) == (PlanState.APPROVED, act, 2)
    assert Plan.objects.get(pk=plan.pk).words_are_fixed
    entry = AuditEntry.objects.get(verb="План утверждён")
    assert entry.after["act"] == str(act)


def test_act_may_be_entered_with_the_approval(plan, actor):
    facts = {"kind": ActKind.DECREE, "number": "12", "adopted_on": date(2026, 3, 2), "issuer": "администрации района"}
    scan = io.BytesIO(b"%PDF-1.7")
    scan.name = "постановление.pdf"
    approved = approve(plan, NewAct(facts, scan), actor)
    assert str(approved.approved_by) == "Постановление от 02.03.2026 № 12"
    assert approved.approved_by.file.name == "постановление.pdf"


def test_refused_act_leaves_the_draft_a_draft(plan, act, actor, ours):
    facts = {"kind": act.kind, "number": act.number, "adopted_on": act.adopted_on, "issuer": act.issuer}
    with pytest.raises(ActExists):
        approve(plan, NewAct(facts), actor)
    with pytest.raises(ActWrong):
        approve(plan, NewAct({**facts, "adopted_on": NOW.date() + timedelta(days=2)}), actor)
    act.delete()
    with pytest.raises(ActGone):
        approve(plan, LegalAct(pk=999_999, municipality=ours), actor)
    assert Plan.objects.get(pk=plan.pk).is_draft


def test_plan_without_spheres_or_lines_is_not_approved_and_it_is_said_what_is_missing(ours, act, actor):
    empty = PlanFactory(municipality=ours, spheres=[])
    with pytest.raises(ApprovalRefused, match="сферы"):
        approve(empty, act, actor)
    empty.spheres = ["culture"]
    empty.save()
    with pytest.raises(ApprovalRefused, match="ни одного мероприятия"):
        approve(empty, act, actor)
    ActivityFactory(plan=empty, position=1)
    empty.archived_at = NOW
    empty.save()
    with pytest.raises(ApprovalRefused, match="архив"):
        approve(empty, act, actor)


def test_findings_do_not_hinder_the_approval(plan, act, actor):
    plan.findings = [{"code": "x", "severity": "error", "message": "Ошибка", "field": None}]
    plan.save()
    assert approve(plan, act, actor).state == PlanState.APPROVED


def test_approved_plan_is_not_approved_twice_and_an_old_page_is_refused(plan, act, actor):
    approve(plan, act, actor)
    with pytest.raises(StaleVersion):
        approve_plan(plan=plan, version=1, act=act, actor=actor, at=NOW)
    with pytest.raises(ApprovalRefused):
        approve_plan(plan=plan, version=2, act=act, actor=actor, at=NOW)


def test_facts_that_an_act_has_approved_are_fixed(plan, act, actor):
    facts = {name: getattr(plan, name) for name in FACTS} | {"title": "Другой план"}
    approved = approve(plan, act, actor)
    with pytest.raises(FactsAreFixed, match="новую редакцию"):
        edit_plan_facts(plan=approved, version=2, facts=facts, actor=actor, at=NOW)
    assert Plan.objects.get(pk=plan.pk).title == plan.title


def test_approval_is_withdrawn_with_a_reason_while_nothing_rests_on_it(plan, act, actor):
    approved = approve(plan, act, actor)
    with pytest.raises(ReasonMissing):
        withdraw_approval(plan=approved, version=2, reason="  ", actor=actor, at=NOW)
    draft = withdraw_approval(plan=approved, version=2, reason="Акт отменён", actor=actor, at=NOW)
    assert (draft.state, draft.approved_by) == (PlanState.DRAFT, None)
    assert AuditEntry.objects.get(verb="Утверждение отозвано").reason == "Акт отменён"


def test_approval_stands_once_somebody_has_reported(plan, act, actor):
    approved = approve(plan, act, actor)
    DueDateFactory(activity=plan.activities.get(), state="reported")
    with pytest.raises(ApprovalRefused, match="уже отчитались"):
        withdraw_approval(plan=approved, version=2, reason="Ошибка", actor=actor, at=NOW)


def test_approval_stands_while_a_new_edition_is_prepared(plan, act, actor):
    approved = approve(plan, act, actor)
    start_new_edition(plan=approved, version=2, actor=actor, at=NOW)
    for change in (withdraw_approval, close_plan):
        with pytest.raises(ApprovalRefused, match="новая редакция"):
            change(plan=approved, version=2, reason="Ошибка", actor=actor, at=NOW)


def test_closing_names_what_stays_open_and_a_reason_brings_the_plan_back(plan, act, actor):
    approved = approve(plan, act, actor)
    line = plan.activities.get()
    DueDateFactory(activity=line, window_to=date(2026, 4, 1), state="accepted", label="апрель")
    DueDateFactory(activity=line, window_to=date(2026, 12, 1), label="1 декабря 2026")
    assert [str(due) for due in still_open(approved)] == ["1 декабря 2026"]
    closed = close_plan(plan=approved, version=2, reason="Год завершён", actor=actor, at=NOW)
    assert (closed.state, closed.closed_at) == (PlanState.CLOSED, NOW)
    assert AuditEntry.objects.get(verb="План закрыт").after["open"] == [f"{line}: 1 декабря 2026"]
    assert not Plan.objects.in_force().exists()
    with pytest.raises(ApprovalRefused):
        close_plan(plan=closed, version=3, reason="Ещё раз", actor=actor, at=NOW)
    reopened = reopen_plan(plan=closed, version=3, reason="Закрыт по ошибке", actor=actor, at=NOW)
    assert (reopened.state, reopened.closed_at) == (PlanState.APPROVED, None)
    assert verbs(plan) == ["План утверждён", "План закрыт", "План открыт снова"]


def test_draft_is_not_closed(plan, actor):
    with pytest.raises(ApprovalRefused, match="утверждённый план"):
        close_plan(plan=plan, version=1, reason="Не нужен", actor=actor, at=NOW)
    assert not ProcessEvent.objects.exists()
