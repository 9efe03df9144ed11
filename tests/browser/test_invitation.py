"""An administrator invites a person, who comes by the letter; the link serves once, and strangers see nothing."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from nok_portal.accounts.models import User
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.browser.conftest import wait_until
from tests.factories import MunicipalityFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = "/m/sosnovskiy/"
EMAIL = "lebedeva@example.org"


@pytest.fixture
def administrator(settings, live_server):
    settings.PORTAL_URL = live_server.url
    return member_of(MunicipalityFactory(slug="sosnovskiy", name="Сосновский район"), Role.ADMINISTRATOR)


def test_invited_person_comes_by_the_letter_once(
    page, new_page, log_in, administrator, worker, intended, live_server, assert_accessible
):
    log_in(page, administrator)
    page.goto(f"{OFFICE}people/")
    assert_accessible(page)
    page.get_by_role("link", name="Пригласить").click()
    page.get_by_role("heading", name="Пригласить человека").wait_for()
    assert_accessible(page)
    page.get_by_label("Электронная почта").fill(EMAIL)
    page.get_by_label("Фамилия, имя, отчество").fill("Лебедева Анна")
    page.get_by_label("Роль").select_option(label="Редактор")
    page.get_by_label("Должность").fill("Главный специалист")
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_text(f"Приглашение отправлено на {EMAIL}")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Лебедева Анна")).to_be_visible()
    assert_accessible(page)

    [letter] = wait_until(lambda: mail.outbox)
    assert letter.to == [EMAIL]
    assert "Сосновский район" in letter.subject
    [link] = re.findall(rf"{re.escape(live_server.url)}/account/invitation/\S+", letter.body)
    row = wait_until(lambda: letter_row(OutgoingMail.State.SENT))
    assert (row.text, row.html) == ("", "")

    visitor = new_page()
    visitor.goto(link)
    visitor.get_by_role("heading", name="Придумайте пароль").wait_for()
    facts = visitor.locator("dl.facts").inner_text()
    assert "Сосновский район" in facts
    assert "Редактор" in facts
    assert administrator.full_name in facts
    assert_accessible(visitor)
    visitor.get_by_label("Фамилия, имя, отчество").fill("Лебедева Анна Ильинична")
    visitor.get_by_label("Пароль", exact=True).fill("сосновый-берег-17")
    visitor.get_by_label("Пароль ещё раз").fill("сосновый-берег-71")
    visitor.get_by_role("button", name="Принять и войти").click()
    expect(visitor.get_by_text("Пароли различаются.")).to_be_visible()
    assert_accessible(visitor)
    visitor.get_by_label("Пароль", exact=True).fill("сосновый-берег-17")
    visitor.get_by_label("Пароль ещё раз").fill("сосновый-берег-17")
    visitor.get_by_role("button", name="Принять и войти").click()
    visitor.wait_for_url(f"**{OFFICE}")
    expect(visitor).to_have_title(re.compile(r"^\s*Сегодня"))
    assert_accessible(visitor)
    assert User.objects.get(email=EMAIL).full_name == "Лебедева Анна Ильинична"

    intended.add((410, link.removeprefix(live_server.url)))
    late = new_page()
    for browser in (visitor, late):
        answer = browser.goto(link)
        assert answer.status == 410
        expect(browser.get_by_role("heading", name="Приглашение уже принято")).to_be_visible()
        assert browser.locator("input[type=password]").count() == 0
        assert_accessible(browser)


def letter_row(state):
    with scope(readable=[Municipality.objects.get(slug="sosnovskiy").pk]):
        return OutgoingMail.objects.filter(recipient=EMAIL, state=state).first()


def test_person_of_another_municipality_gets_the_portals_404(page, log_in, administrator, intended, assert_accessible):
    log_in(page, member_of(MunicipalityFactory(slug="ozerskiy")))
    page.wait_for_url("**/m/ozerskiy/")
    for path in (OFFICE, f"{OFFICE}people/", f"{OFFICE}people/invite/"):
        intended.add((404, path))
        answer = page.goto(path)
        assert answer.status == 404
        expect(page.get_by_role("heading", name="Страница не найдена")).to_be_visible()
        assert "Сосновский" not in page.locator("body").inner_text()
        assert administrator.full_name not in page.locator("body").inner_text()
        assert_accessible(page)
    page.get_by_role("link", name="На главную").click()
    page.wait_for_url("**/m/ozerskiy/")
