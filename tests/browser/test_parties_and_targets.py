"""Two names of one party become one; an actual figure is entered and its shortfall seen."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from nok_portal.tenants.scope import scope
from plans.models import ResponsibleParty
from tests.factories import MunicipalityFactory, OrganizationFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    PlanFactory,
    ResponsiblePartyFactory,
    TargetIndicatorFactory,
    TargetValueFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours():
    return MunicipalityFactory(slug="sosnovskiy")


def test_doubles_are_merged_and_parted_and_a_person_assigned(page, log_in, ours, assert_accessible):
    editor = member_of(ours)
    member_of(ours, full_name="Седов Павел Ильич")
    with scope(writable=[ours.pk]):
        OrganizationFactory(municipality=ours)
        plan = PlanFactory(municipality=ours)
        kept = ResponsiblePartyFactory(municipality=ours, name="Отдел культуры", kind="department")
        double = ResponsiblePartyFactory(municipality=ours, name="Отдел культуры администрации", kind="department")
        ResponsiblePartyFactory(municipality=ours, name="Учреждения культуры", kind="institutions")
        for party in (kept, kept, double):
            ActivityPartyFactory(activity=ActivityFactory(plan=plan), party=party)
    log_in(page, editor)
    page.goto("/m/sosnovskiy/parties/")
    expect(page.get_by_role("row").filter(has_text="Отдел культуры администрации")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="2 предложения портала").click()
    page.get_by_label("Принять: Учреждения культуры").check()
    assert_accessible(page)
    page.get_by_role("button", name="Принять отмеченное").click()
    expect(page.get_by_text("Принято: 1 предложение")).to_be_visible()
    page.get_by_role("link", name="Сравнить").click()
    expect(page.get_by_text("перейдёт 1 мероприятие")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Объединить").click()
    expect(page.get_by_role("heading", name="Отдел культуры", exact=True)).to_be_visible()
    expect(page.get_by_text("3 мероприятия")).to_be_visible()

    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("heading", name="Отдел культуры администрации", exact=True)).to_be_visible()
    page.get_by_label("Кого назначить").select_option(label="Главный специалист, Седов Павел Ильич")
    page.get_by_role("button", name="Назначить").click()
    expect(page.locator(".evidence").get_by_role("button", name="Убрать")).to_be_visible()
    assert_accessible(page)
    with scope(readable=[ours.pk]):
        assert not ResponsibleParty.objects.exclude(merged_into=None).exists()


def test_actual_figure_is_entered_and_the_shortfall_seen(page, log_in, ours, assert_accessible, intended):
    last = timezone.localdate().year - 1
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours, period_from=date(last, 1, 1), period_to=date(last + 2, 12, 31))
        indicator = TargetIndicatorFactory(plan=plan)
        for distance, planned in enumerate(("33.3", "66.7", "100")):
            TargetValueFactory(indicator=indicator, year=last + distance, planned=Decimal(planned))
    log_in(page, member_of(ours))
    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/targets/")
    expect(page.get_by_text("Факт не внесён")).to_be_visible()
    intended.add((422, f"/m/sosnovskiy/targets/{indicator.pk}/"))
    page.get_by_role("link", name="Внести факт").click()
    page.get_by_label(f"Факт, {last} год").fill("двадцать")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("Впишите число")
    assert_accessible(page)
    page.get_by_label(f"Факт, {last} год").fill("20,3")
    page.get_by_label(f"Пояснение, {last} год").fill("Музей на ремонте")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("tbody tr").first).to_contain_text("Не хватает 13 п. п.")
    expect(page.get_by_role("img", name=f"{last} год: план 33,3, факт 20,3")).to_be_visible()
    assert_accessible(page)
