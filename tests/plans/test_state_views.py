"""Screens of approval, editions, comparison, copies and the template plan."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from nok_portal.tenants.models import LegalAct
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.enums import PlanState
from plans.models import DueDate, Plan
from plans.services.approval import approve_plan
from plans.services.editions import start_new_edition
from plans.services.imports import import_table
from tests.factories import NOW, LegalActFactory, MunicipalityFactory, OrganizationFactory, member_of, ministry_of
from tests.factories.plans import table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def editor(municipality):
    return member_of(municipality)


@pytest.fixture
def office(editor):
    return signed_in(editor)


@pytest.fixture
def url(municipality):
    return lambda name, *args: reverse(f"office:{name}", args=[municipality.slug, *args])


@pytest.fixture
def plan(municipality, editor):
    with scope(writable=[municipality.pk]):
        return import_table(table=table_of(), municipality=municipality, actor=editor, at=NOW)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def approved(plan, editor):
    with scope(writable=[plan.municipality_id]):
        act = LegalActFactory(municipality=plan.municipality)
        return approve_plan(plan=plan, version=plan.version, act=act, actor=editor, at=NOW)


def edition_of(plan, editor):
    with scope(writable=[plan.municipality_id]):
        current = Plan.objects.get(pk=plan.pk)
        return start_new_edition(plan=current, version=current.version, actor=editor, at=NOW)


def state_of(plan):
    with scope(readable=[plan.municipality_id]):
        return Plan.objects.get(pk=plan.pk).state


def text(response):
    return response.content.decode()


def test_approve_is_the_main_action_of_a_complete_draft_only(office, url, plan, editor, municipality):
    assert url("plan_approve", plan.pk) in text(office.get(url("plan", plan.pk)))
    reader = signed_in(member_of(municipality, Role.RESPONSIBLE))
    assert url("plan_approve", plan.pk) not in text(reader.get(url("plan", plan.pk)))
    approved(plan, editor)
    assert url("plan_approve", plan.pk) not in text(office.get(url("plan", plan.pk)))


def test_plan_is_approved_by_an_act_entered_on_the_way(office, url, plan, municipality):
    page = text(office.get(url("plan_approve", plan.pk)))
    assert "Что утверждается" in page
    facts = {"kind": "decree", "number": "12", "adopted_on": "2026-03-02", "issuer": "администрации", "version": "1"}
    response = office.post(url("plan_approve", plan.pk), facts)
    assert response.url == url("plan", plan.pk)
    with scope(readable=[municipality.pk]):
        act = LegalAct.objects.get()
    head = text(office.get(response.url))
    assert "Постановление от 02.03.2026 № 12" in head
    assert url("act", act.pk) in head


def test_plan_is_approved_by_an_act_of_the_register_or_the_missing_is_said(office, url, plan, municipality):
    with scope(writable=[municipality.pk]):
        act = LegalActFactory(municipality=municipality)
    response = office.post(url("plan_approve", plan.pk), {"act": "", "kind": "order", "version": "1"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"number", "adopted_on"}
    assert office.post(url("plan_approve", plan.pk), {"act": act.pk, "version": "1"}).status_code == 302
    assert state_of(plan) == PlanState.APPROVED


def test_stale_page_approves_nothing(office, url, plan, municipality):
    with scope(writable=[municipality.pk]):
        act = LegalActFactory(municipality=municipality)
        Plan.objects.filter(pk=plan.pk).update(version=5)
    response = office.post(url("plan_approve", plan.pk), {"act": act.pk, "version": "1"})
    assert response.status_code == 422
    assert "изменил другой человек" in text(response)
    assert state_of(plan) == PlanState.DRAFT


def test_new_edition_is_begun_changed_compared_and_approved(office, url, plan, editor, municipality):
    approved(plan, editor)
    response = office.post(url("plan_new_edition", plan.pk), {"version": "2"})
    with scope(writable=[municipality.pk]):
        edition = Plan.objects.get(previous=plan)
        line = edition.activities.get(number="1.1")
        line.title = "Утверждение списка учреждений"
        line.save()
    assert response.url == url("plan", edition.pk)
    assert "готовится" in text(office.get(url("plan", plan.pk)))

    page = text(office.get(url("plan_comparison", edition.pk)))
    assert "<del>" in page
    assert "перечня</del>" in page
    assert "списка</ins>" in page
    assert "Отчёт оператора" not in page
    assert "Отчёт оператора" in text(office.get(url("plan_comparison", edition.pk), {"all": "1"}))

    listed = text(office.get(url("plans")))
    assert "Готовится" in listed
    assert url("plan", plan.pk) in listed
    facts = {"kind": "decree", "number": "13", "adopted_on": "2026-04-02", "version": "1"}
    page = text(office.get(url("plan_approve", edition.pk)))
    assert "Сравнение с редакцией 1" in page
    office.post(url("plan_approve", edition.pk), facts)
    assert (state_of(plan), state_of(edition)) == (PlanState.CLOSED, PlanState.APPROVED)
    assert [one.plan.pk for one in office.get(url("plans")).context["summaries"]] == [edition.pk]
    assert "заменён" in text(office.get(url("plan", plan.pk)))


def test_reports_that_stay_behind_are_named_before_the_edition_is_approved(office, url, plan, editor, municipality):
    approved(plan, editor)
    with scope(writable=[municipality.pk]):
        due = DueDate.objects.filter(activity__plan=plan, activity__number="2.1").first()
        DueDate.objects.filter(pk=due.pk).update(
            state="accepted", report_text="Готово", done_on=date(2026, 11, 1), reported_at=NOW
        )
    edition = edition_of(plan, editor)
    assert "Не переносятся" not in text(office.get(url("plan_approve", edition.pk)))
    with scope(writable=[municipality.pk]):
        edition.activities.get(number="2.1").delete()
    page = text(office.get(url("plan_approve", edition.pk)))
    assert "Не переносятся" in page
    assert url("activity", due.activity_id) in page


def test_second_click_on_new_edition_opens_the_prepared_one(office, url, plan, editor):
    approved(plan, editor)
    edition = edition_of(plan, editor)
    assert office.post(url("plan_new_edition", plan.pk), {"version": "2"}).url == url("plan", edition.pk)


def test_comparison_of_a_plan_with_one_edition_says_so(office, url, plan):
    assert "одна редакция" in text(office.get(url("plan_comparison", plan.pk), {"with": "999"}))


def test_plan_is_closed_with_a_reason_after_what_is_open_was_named(office, url, plan, editor):
    approved(plan, editor)
    page = text(office.get(url("plan_close", plan.pk)))
    assert "Останутся неисполненными" in page
    assert "Отчёт оператора" in page
    response = office.post(url("plan_close", plan.pk), {"reason": " ", "version": "2"})
    assert (response.status_code, state_of(plan)) == (422, PlanState.APPROVED)
    office.post(url("plan_close", plan.pk), {"reason": "Год прошёл", "version": "2"})
    assert state_of(plan) == PlanState.CLOSED
    office.post(url("plan_reopen", plan.pk), {"reason": "Рано", "version": "3"})
    assert state_of(plan) == PlanState.APPROVED
    office.post(url("plan_withdraw", plan.pk), {"reason": "Ошибка", "version": "4"})
    assert state_of(plan) == PlanState.DRAFT
    assert "Закрыть можно утверждённый план" in text(office.get(url("plan_close", plan.pk)))


def test_copy_shows_its_words_first_and_asks_again_when_the_period_changed(office, url, plan, municipality):
    page = text(office.get(url("plan_copy", plan.pk)))
    assert "2029-2031" in page
    sent = {
        "period_from": "2030-01-01", "period_to": "2032-12-31", "assessment_years": "2030, 2031", "version": "1",
        "shown_by": "3", "act": "create", "move": ["title"],
    }  # fmt: skip
    again = office.post(url("plan_copy", plan.pk), sent)
    assert "Период изменился" in text(again)
    assert "2030-2032" in text(again)
    response = office.post(url("plan_copy", plan.pk), {**sent, "shown_by": "4"})
    with scope(readable=[municipality.pk]):
        copy = Plan.objects.exclude(pk=plan.pk).get()
    assert response.url == url("plan", copy.pk)
    assert (copy.title[-14:], copy.assessment_years) == ("2030-2032 годы", [2030, 2031])


def test_unticked_title_stays_in_the_copy(office, url, plan, municipality):
    sent = {
        "period_from": "2029-01-01", "period_to": "2031-12-31", "assessment_years": "2029", "version": "1",
        "shown_by": "3", "act": "create",
    }  # fmt: skip
    office.post(url("plan_copy", plan.pk), sent)
    with scope(readable=[municipality.pk]):
        assert Plan.objects.exclude(pk=plan.pk).get().title == plan.title
    assert office.post(url("plan_copy", plan.pk), {**sent, "period_to": "2020-01-01"}).status_code == 422


def test_template_plan_is_two_clicks_from_an_empty_list(office, url, municipality):
    with scope(writable=[municipality.pk]):
        OrganizationFactory(municipality=municipality, sphere="education")
    for name in ("plans", "plan_new"):
        assert url("plan_sample") in text(office.get(url(name)))
    page = office.get(url("plan_sample"))
    form = page.context["form"]
    assert form["spheres"].value() == ["education"]
    sent = {name: form[name].value() for name in ("spheres", "first_year", "years")}
    response = office.post(url("plan_sample"), sent)
    with scope(readable=[municipality.pk]):
        plan = Plan.objects.get()
    assert response.url == url("plan", plan.pk)
    assert plan.spheres == ["education"]
    assert office.post(url("plan_sample"), {**sent, "spheres": []}).status_code == 422


def test_ministry_reads_the_comparison_and_changes_nothing(url, plan, editor, municipality):
    approved(plan, editor)
    edition = edition_of(plan, editor)
    ministry = signed_in(ministry_of(municipality.region))
    assert ministry.get(url("plan_comparison", edition.pk)).status_code == 200
    for name in ("plan_approve", "plan_close", "plan_withdraw", "plan_reopen", "plan_copy"):
        assert ministry.post(url(name, edition.pk), {"version": "1"}).status_code == 403
    assert ministry.post(url("plan_new_edition", plan.pk), {"version": "2"}).status_code == 403


def test_plan_whose_next_edition_is_prepared_offers_only_what_happens_to_it(office, url, plan, editor, municipality):
    plan = approved(plan, editor)
    with scope(writable=[municipality.pk]):
        line, waiting = plan.activities.get(number="1.1"), plan.activities.get(number="2.2")
        unread = plan.activities.get(number="1.2")
        unread.deadline_reading = ""
        unread.save()
    offers = ("Изменить строку", "Исправить понимание", "Указать организации")

    def offered():
        page = office.get(url("activity", line.pk)).content.decode()
        return [words in page for words in offers]

    def asks_for_reading():
        return url("activity_reading", unread.pk) in office.get(url("plan", plan.pk)).content.decode()

    assert offered() == [True] * 3
    assert asks_for_reading()
    edition_of(plan, editor)
    assert offered() == [False] * 3
    assert not asks_for_reading()
    assert "Записать событие" in office.get(url("activity", waiting.pk)).content.decode()
    answer = office.post(url("activity_edit", line.pk), {"planned_quantity": "5", "version": "1"}, follow=True)
    assert "Готовится новая редакция плана: измените это в ней." in answer.content.decode()
