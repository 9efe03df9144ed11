"""Changes of a plan as a whole."""

from datetime import date

import pytest
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.models import StoredFile
from plans.models import Activity, DueDate, Plan, PlanImport
from plans.services.imports import import_table
from plans.services.plan_locks import PlanGone
from plans.services.plans import (
    PlanNotDraft,
    archive_plan,
    delete_draft,
    edit_plan_facts,
    refresh_findings,
    restore_plan,
)
from tests.factories import NOW
from tests.factories.plans import (
    TABLE,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    PlanImportFactory,
    table_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def facts_of(plan, **changes):
    names = ("title", "kind", "period_from", "period_to", "assessment_years", "spheres")
    return {name: getattr(plan, name) for name in names} | changes


def days(plan, number="1.1"):
    dues = DueDate.objects.filter(activity__plan=plan, activity__number=number)
    return list(dues.order_by("window_to").values_list("window_to", flat=True))


def test_shorter_period_takes_open_days_away_and_keeps_reported_ones(plan, editor):
    DueDate.objects.filter(activity__plan=plan, window_to=date(2028, 4, 1)).update(
        state="reported", done_on=date(2028, 4, 1), reported_at=NOW
    )
    facts = facts_of(plan, period_to=date(2026, 12, 31))
    edit_plan_facts(plan=plan, version=1, facts=facts, actor=editor, at=NOW)
    assert days(plan) == [date(2026, 4, 1), date(2028, 4, 1)]
    assert days(plan, "2.1") == [date(2026, 12, 1)]


def test_longer_period_adds_days_and_keeps_the_rows_of_others(plan, editor):
    before = set(DueDate.objects.filter(activity__plan=plan).values_list("pk", flat=True))
    edit_plan_facts(plan=plan, version=1, facts=facts_of(plan, period_to=date(2029, 12, 31)), actor=editor, at=NOW)
    after = set(DueDate.objects.filter(activity__plan=plan).values_list("pk", flat=True))
    assert before < after
    assert days(plan)[-1] == date(2029, 4, 1)


def test_journal_tells_only_what_changed(plan, editor):
    edit_plan_facts(plan=plan, version=1, facts=facts_of(plan, title="Новый план"), actor=editor, at=NOW)
    entry = AuditEntry.objects.get(verb="Изменены сведения о плане")
    assert (set(entry.before), entry.after) == ({"title"}, {"title": "Новый план"})


def test_same_facts_change_nothing(plan, editor):
    edit_plan_facts(plan=plan, version=1, facts=facts_of(plan), actor=editor, at=NOW)
    assert Plan.objects.get().version == 1
    assert not AuditEntry.objects.filter(verb="Изменены сведения о плане").exists()


def test_facts_seen_before_another_change_are_refused(plan, editor):
    edit_plan_facts(plan=plan, version=1, facts=facts_of(plan, title="Первый"), actor=editor, at=NOW)
    with pytest.raises(StaleVersion):
        edit_plan_facts(plan=plan, version=1, facts=facts_of(plan, title="Второй"), actor=editor, at=NOW)
    assert Plan.objects.get().title == "Первый"


def test_findings_follow_the_period_and_forget_what_was_settled(ours, editor):
    table = table_of(TABLE.replace("до 1 апреля", "до 1 апреля 2026 года"))
    plan = import_table(table=table, municipality=ours, actor=None, at=NOW)
    activity = plan.activities.get(number="1.1")
    assert activity.findings == []
    facts = facts_of(plan, period_from=date(2027, 1, 1))
    plan = edit_plan_facts(plan=plan, version=1, facts=facts, actor=editor, at=NOW)
    activity.refresh_from_db()
    assert [finding["code"] for finding in activity.findings] == ["year_outside_period"]
    Activity.objects.filter(pk=activity.pk).update(settled=["year_outside_period:deadline_text"])
    refresh_findings(plan)
    activity.refresh_from_db()
    assert activity.findings == []


def test_archived_plan_comes_back(plan, editor):
    plan = archive_plan(plan=plan, version=1, actor=editor, at=NOW, reason="Заменён")
    assert list(Plan.objects.current()) == []
    assert AuditEntry.objects.get(verb="План убран в архив").reason == "Заменён"
    restore_plan(plan=plan, version=plan.version, actor=editor, at=NOW)
    assert list(Plan.objects.current()) == [plan]


def test_deleted_draft_takes_its_lines_and_its_import(ours, editor):
    plan = PlanFactory(municipality=ours)
    ActivityPartyFactory(activity__plan=plan)
    PlanImportFactory(municipality=ours, state="confirmed", plan=plan)
    delete_draft(plan=plan, version=1, actor=editor, at=NOW, reason="Ошибка")
    assert not Plan.objects.exists()
    assert not Activity.objects.exists()
    assert not PlanImport.objects.exists()
    assert not StoredFile.objects.exists()
    assert AuditEntry.objects.get(verb="Удалён черновик плана").reason == "Ошибка"


@pytest.mark.parametrize("work", [archive_plan, restore_plan, delete_draft])
def test_plan_deleted_meanwhile_is_said_to_be_deleted(plan, editor, work):
    delete_draft(plan=Plan.objects.get(pk=plan.pk), version=plan.version, actor=editor, at=NOW)
    with pytest.raises(PlanGone, match="уже удалил"):
        work(plan=plan, version=plan.version, actor=editor, at=NOW)


def test_approved_plan_is_not_deleted(ours, editor):
    plan = PlanFactory(municipality=ours, state="approved")
    with pytest.raises(PlanNotDraft, match="в архив"):
        delete_draft(plan=plan, version=1, actor=editor, at=NOW)


@pytest.mark.parametrize(
    "work",
    [
        {"state": "reported"},
        {"report_text": "Начали писать"},
        {"quantity": 3},
        {"returned_reason": "Нет протокола"},
    ],
)
def test_draft_with_reports_is_not_deleted(ours, editor, work):
    plan = PlanFactory(municipality=ours)
    DueDateFactory(activity__plan=plan, **work)
    with pytest.raises(PlanNotDraft, match="отчитались"):
        delete_draft(plan=plan, version=1, actor=editor, at=timezone.now())
