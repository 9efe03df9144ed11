"""An administrator sets up the second factor they must have, and enters with its codes only."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from playwright.sync_api import expect

from nok_portal.tenants.rights import Role
from tests.factories import MunicipalityFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OFFICE = "/m/sosnovskiy/"


@pytest.fixture(autouse=True)
def _clean_cache():
    """Attempts of earlier tests are counted there by the number of the account."""
    cache.clear()


@pytest.fixture
def administrator(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    return member_of(MunicipalityFactory(slug="sosnovskiy"), Role.ADMINISTRATOR)


@pytest.fixture
def with_factor(administrator):
    """The administrator with an app that knows SECRET, and the recovery codes they keep."""
    TOTP.activate(administrator, SECRET)
    return administrator, RecoveryCodes.activate(administrator).get_unused_codes()


def codes(secret):
    """What the app showed before, shows now and will show next; the portal takes all three."""
    return [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]


def wrong_code(secret):
    """Six digits that are no code around now, also if the clock ticks meanwhile."""
    now = list(yield_hotp_counters_from_time())[1]
    near = {format_hotp_value(hotp_value(secret, now + i)) for i in range(-5, 6)}
    return next(code for code in ("000000", *(f"{n:06}" for n in range(1, 20))) if code not in near)


def type_code(page, code):
    page.get_by_label("Код из приложения").fill(code)
    page.get_by_role("button", name="Войти").click()


def log_out(page, width):
    if width == "phone":
        page.get_by_text("Ещё", exact=True).click()
    page.get_by_role("button", name="Выйти").locator("visible=true").click()
    page.get_by_role("heading", name="Вход в портал").wait_for()


def assert_in_office(page):
    page.wait_for_url(f"**{OFFICE}")
    expect(page).to_have_title(re.compile(r"^\s*Сегодня"))


def assert_stays_outside(page, *, asked_for):
    """The office's address brings back to what is still missing."""
    page.goto(OFFICE)
    expect(page.get_by_role("heading", level=1)).to_have_text(asked_for)
    expect(page.get_by_role("link", name="Учётная запись")).to_have_count(0)


def test_administrator_without_factor_sets_it_up_and_enters_with_it(
    page, log_in, administrator, assert_accessible, width
):
    page.goto("/account/login/")
    assert_accessible(page)
    log_in(page, administrator)

    page.get_by_role("heading", name="Включить второй фактор").wait_for()
    assert_accessible(page)
    page.goto(OFFICE)  # the address does not help before the factor stands
    page.get_by_role("heading", name="Включить второй фактор").wait_for()
    secret = page.locator("code.secret").inner_text().strip()
    page.get_by_label("Код из приложения").fill(codes(secret)[1])
    page.get_by_role("button", name="Включить").click()

    page.get_by_role("heading", name="Запасные коды").wait_for()
    shown = page.locator("ul.codes li").all_inner_texts()
    assert len(set(shown)) == 10
    assert_accessible(page)
    page.get_by_role("link", name="Коды сохранены").click()
    assert_in_office(page)
    assert_accessible(page)

    log_out(page, width)
    assert_accessible(page)
    assert_stays_outside(page, asked_for="Вход в портал")
    log_in(page, administrator)
    page.get_by_role("heading", name="Введите код").wait_for()
    assert_accessible(page)
    type_code(page, codes(secret)[2])  # the one after that of the set-up
    assert_in_office(page)


def test_wrong_code_is_refused_with_advice(page, log_in, with_factor, assert_accessible):
    administrator, _ = with_factor
    log_in(page, administrator)
    type_code(page, wrong_code(SECRET))

    expect(page.get_by_text("Код не подошёл. Подождите, пока приложение покажет следующий")).to_be_visible()
    expect(page.get_by_label("Код из приложения")).to_be_focused()
    assert_accessible(page)
    assert_stays_outside(page, asked_for="Введите код")


def test_code_of_the_app_opens_only_once(page, new_page, log_in, with_factor):
    administrator, _ = with_factor
    other = new_page()
    for browser in (page, other):
        log_in(browser, administrator)
        browser.get_by_role("heading", name="Введите код").wait_for()
    code = codes(SECRET)[2]
    type_code(page, code)
    assert_in_office(page)
    type_code(other, code)
    expect(other.get_by_text("Код не подошёл.")).to_be_visible()
    assert_stays_outside(other, asked_for="Введите код")


def test_recovery_code_opens_once(page, log_in, with_factor, width, assert_accessible):
    administrator, kept = with_factor
    log_in(page, administrator)
    type_code(page, kept[0])
    assert_in_office(page)
    page.goto("/account/2fa/")
    expect(page.get_by_text("Осталось 9 кодов")).to_be_visible()
    assert_accessible(page)

    page.goto(OFFICE)
    log_out(page, width)
    log_in(page, administrator)
    type_code(page, kept[0])
    expect(page.get_by_text("Код не подошёл.")).to_be_visible()
    assert_stays_outside(page, asked_for="Введите код")
    type_code(page, kept[1])
    assert_in_office(page)
