"""From the template plan to the printed one; a new edition compared with the old and approved in its place."""

import io
import re
from urllib.parse import urlsplit

import pypdf
import pytest
from playwright.sync_api import expect

from nok_portal.tenants.scope import scope
from plans.models import Plan
from plans.services.approval import approve_plan
from plans.services.editions import start_new_edition
from plans.services.template import take_template
from tests.factories import NOW, LegalActFactory, MunicipalityFactory, OrganizationFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def municipality():
    found = MunicipalityFactory(slug="zarechny", name_genitive="Заречного района")
    with scope(writable=[found.pk]):
        OrganizationFactory(municipality=found, sphere="culture")
    return found


@pytest.fixture
def editor(municipality):
    return member_of(municipality)


def test_template_plan_is_approved_and_printed(page, log_in, editor, worker, assert_accessible, intended):
    log_in(page, editor)
    page.goto("/m/zarechny/plans/")
    page.get_by_role("heading", name="С чего начать").wait_for()
    assert_accessible(page)
    page.locator("main").get_by_role("link", name="Взять образец плана").click()
    assert page.get_by_label("Культура").is_checked()
    assert not page.get_by_label("Образование").is_checked()
    assert_accessible(page)
    page.get_by_role("button", name="Взять образец").click()

    page.get_by_text("Образец взят").wait_for()
    page.get_by_role("link", name="Утвердить").click()
    page.get_by_role("heading", name="Утвердить план").wait_for()
    assert_accessible(page)
    intended.add((422, urlsplit(page.url).path))
    page.get_by_role("button", name="Утвердить").click()
    expect(page.get_by_text("Впишите номер акта").first).to_be_visible()
    page.get_by_label("Вид акта").select_option("decree")
    page.get_by_label("Номер", exact=True).fill("41-п")
    page.get_by_label("Дата", exact=True).fill("2026-02-10")
    page.get_by_role("button", name="Утвердить").click()

    page.get_by_text("План утверждён").first.wait_for()
    assert page.get_by_role("link", name="Постановление от 10.02.2026 № 41-п").is_visible()
    page.get_by_role("button", name="PDF").last.click()
    link = page.get_by_role("link", name="Скачать").first
    link.wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.evaluate(
            "href => { const a = document.createElement('a'); a.href = href; a.download = ''; a.click() }",
            link.get_attribute("href"),
        )
    content = download.value.path().read_bytes()
    text = " ".join(" ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    assert "УТВЕРЖДЁН постановлением администрации Заречного района" in text
    assert "от 10 февраля 2026 года № 41-п" in text.replace("\u00a0", " ")
    assert "Опрос получателей услуг" in text
    assert re.search(r"Лист 1 из \d", text.replace("\u00a0", " "))


def test_new_edition_is_compared_and_replaces_the_old_one(page, log_in, editor, municipality, assert_accessible):
    with scope(writable=[municipality.pk]):
        plan = take_template(
            municipality=municipality, first_year=2026, years=1, spheres=["culture"], actor=editor, at=NOW
        )
        act = LegalActFactory(municipality=municipality)
        plan = approve_plan(plan=plan, version=plan.version, act=act, actor=editor, at=NOW)
        edition = start_new_edition(plan=plan, version=plan.version, actor=editor, at=NOW)
        line = edition.activities.get(number="2.4")
        line.title = "Представление сводного отчёта оператора"
        line.save()
    log_in(page, editor)
    page.goto(f"/m/zarechny/plans/{plan.pk}/")
    page.get_by_role("link", name="готовится редакция 2").click()
    page.locator("summary", has_text="Ещё").first.click()
    page.get_by_role("link", name="Сравнить редакции").click()
    page.get_by_role("heading", name="Сравнение редакций").wait_for()
    expect(page.locator("ins")).to_contain_text("сводного")
    expect(page.locator("tr.compared-row")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("link", name="Все строки").click()
    expect(page.locator("tr.compared-row").nth(20)).to_be_visible()

    page.goto(f"/m/zarechny/plans/{edition.pk}/approve/")
    page.get_by_role("link", name="Сравнение с редакцией 1").wait_for()
    page.get_by_label("Каким актом").select_option(label=str(act))
    page.get_by_role("button", name="Утвердить").click()
    page.get_by_text("План утверждён").first.wait_for()
    with scope(readable=[municipality.pk]):
        assert [one.state for one in Plan.objects.order_by("edition")] == ["closed", "approved"]
    page.goto(f"/m/zarechny/plans/{plan.pk}/")
    assert page.get_by_text("заменён").is_visible()
