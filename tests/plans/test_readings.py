"""How the deadline of a line of a plan is understood: corrected by a person, taken back, what its days do."""

from datetime import date

import pytest
from django.test import Client

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.rights import Role
from plans.deadlines import parse, to_json
from plans.enums import DueState, PlanState
from plans.models import Activity, DueDate, Plan
from tests.factories import NOW, member_of
from tests.factories.plans import ActivityFactory, DueDateFactory
from tests.plans.pages import text_of, url
from tests.plans.readings import BY_15_NOVEMBER, days_of

pytestmark = pytest.mark.django_db


def test_correction_in_a_plan_gives_days_and_settles_the_finding(ours, client, editor, inside, wrong_activity):
    address = url(ours, "activity_reading", wrong_activity.pk)
    response = client.post(address, {"do": "answer", "answer": "30 ноября", "stamp": "1"})
    assert response.status_code == 302
    with inside():
        wrong_activity.refresh_from_db()
        assert (wrong_activity.deadline_text, wrong_activity.deadline_reading) == ("до 31 ноября", "До 30 ноября")
        assert (wrong_activity.reading_corrected_by, wrong_activity.version, wrong_activity.findings) == (
            editor,
            2,
            [NO_PARTY],
        )
        assert days_of(wrong_activity) == [date(year, 11, 30) for year in (2026, 2027, 2028)]
    panel = text_of(client.get(response.headers["Location"]))
    assert f"исправлено вручную: {editor.full_name}" in panel
    assert "Исправлено понимание срока" in panel


NO_PARTY = {
    "code": "no_responsible",
    "severity": "warning",
    "message": "Нет исполнителя: напоминания отправить некому. Назначьте исполнителя.",
    "field": "responsible",
}


def test_undo_in_a_plan_reads_the_words_again_and_keeps_what_was_reported(ours, client, inside, wrong_activity):
    address = url(ours, "activity_reading", wrong_activity.pk)
    client.post(address, {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        DueDate.objects.filter(window_to=date(2026, 11, 15)).update(
            state=DueState.REPORTED, done_on=date(2026, 11, 15), reported_at=NOW
        )
    client.post(address, {"do": "undo", "stamp": "2"})
    with inside():
        wrong_activity.refresh_from_db()
        assert (
            wrong_activity.reading_corrected_at,
            wrong_activity.reading_corrected_by,
            wrong_activity.deadline_reading,
        ) == (None,) * 2 + ("",)
        assert days_of(wrong_activity) == [date(2026, 11, 15)]
        assert [finding["code"] for finding in wrong_activity.findings] == ["no_responsible", "deadline_impossible"]
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "Исправлено понимание срока",
        "Сроки пересчитаны",
        "Возвращено понимание срока по словам",
        "Сроки пересчитаны",
    ]


def test_other_activities_keep_their_days(ours, client, inside, wrong_activity):
    with inside():
        other = ActivityFactory(plan=wrong_activity.plan, deadline_rule=to_json(parse("до 1 декабря")))
        for year in (2026, 2027, 2028):
            DueDateFactory(activity=other, window_from=date(year, 1, 1), window_to=date(year, 12, 1))
        before = list(other.due_dates.order_by("pk").values_list("pk", flat=True))
    client.post(url(ours, "activity_reading", wrong_activity.pk), {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        assert list(other.due_dates.order_by("pk").values_list("pk", flat=True)) == before


def test_correction_outlives_a_change_of_the_period(ours, client, inside, wrong_activity):
    client.post(url(ours, "activity_reading", wrong_activity.pk), {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        plan = Plan.objects.get()
    facts = {
        "title": plan.title, "kind": plan.kind, "period_from": "2026-01-01", "period_to": "2026-12-31",
        "assessment_years": "2026", "spheres": plan.spheres, "version": plan.version,
    }  # fmt: skip
    shown = client.post(url(ours, "plan_edit", plan.pk), facts).context["difference"]
    assert client.post(url(ours, "plan_edit", plan.pk), {**facts, "seen": shown.stamp}).status_code == 302
    with inside():
        wrong_activity.refresh_from_db()
        assert days_of(wrong_activity) == [date(2026, 11, 15)]
        assert wrong_activity.findings == [NO_PARTY]


def test_stale_version_closed_plan_and_words_that_are_not_there(ours, client, inside, wrong_activity):
    address = url(ours, "activity_reading", wrong_activity.pk)
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": "7"})
    assert response.status_code == 422
    with inside():
        Plan.objects.update(state=PlanState.CLOSED)
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": "1"})
    assert response.status_code == 422
    assert "План закрыт" in text_of(response)
    panel = client.get(url(ours, "activity", wrong_activity.pk))
    assert "Исправить понимание" not in text_of(panel)
    with inside():
        Plan.objects.update(state=PlanState.DRAFT, archived_at=NOW)
    for sent in ({**BY_15_NOVEMBER, "stamp": "1"}, {"do": "undo", "stamp": "1"}):
        response = client.post(address, sent)
        assert (response.status_code, "План в архиве" in text_of(response)) == (422, True)
    with inside():
        Activity.objects.update(deadline_text="")
    assert client.get(address).status_code == 404
    with inside():
        assert Activity.objects.get().version == 1


def test_who_only_sees_plans_is_offered_no_correction(ours, inside, wrong_activity):
    reader = Client()
    reader.force_login(member_of(ours, Role.RESPONSIBLE))
    for page in (
        url(ours, "activity", wrong_activity.pk),
        url(ours, "plan", wrong_activity.plan_id) + f"?line={wrong_activity.pk}",
    ):
        words = text_of(reader.get(page))
        assert "до 31 ноября" in words
        assert "Исправить понимание" not in words
        assert "Указать срок" not in words
    assert reader.post(url(ours, "activity_reading", wrong_activity.pk), BY_15_NOVEMBER).status_code == 403


def test_table_of_the_plan_leads_to_the_form_where_words_were_not_understood(ours, client, inside, wrong_activity):
    link = f'<a href="{url(ours, "activity_reading", wrong_activity.pk)}" hx-boost="false">Указать срок</a>'
    assert link in text_of(client.get(url(ours, "plan", wrong_activity.plan_id)))
