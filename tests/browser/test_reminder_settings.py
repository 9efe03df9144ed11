"""Reminders are set with an eye on what comes of it; a person is away and takes their days into a calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from nok_portal.messaging.selectors.settings import personal_settings_of, settings_of
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import member_of
from tests.plans.reporting import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_administrator_sets_thresholds_and_opening_and_sees_the_letter(page, log_in, assert_accessible):
    world = make_world()
    world.due(
        activity=world.activity(number="4.2", title="Опрос родителей"),
        window_to=timezone.localdate() - timedelta(days=60),
    )
    chief = member_of(world.municipality, Role.ADMINISTRATOR, full_name="Крылова Нина")
    log_in(page, chief)
    page.goto(f"/m/{world.municipality.slug}/settings/")
    page.get_by_role("main").get_by_role("link", name="Напоминания", exact=True).click()  # the bell has the name, too
    letter = page.frame_locator("iframe.letter-frame")
    page.get_by_label("Чьё письмо показать").select_option(label="Седов Павел")
    expect(letter.get_by_role("link", name="4.2 Опрос родителей")).to_be_visible()

    page.get_by_label("За сколько дней до срока").fill("две недели")
    expect(page.get_by_text("Исправьте числа")).to_be_visible()
    page.get_by_label("За сколько дней до срока").fill("10 и 3")
    expect(page.locator("#foretold")).to_contain_text("портал напомнит")
    page.get_by_label("Вступление").fill("Звоните <b>Осиповой</b>, 2-14-15.")
    expect(letter.get_by_text("Звоните <b>Осиповой</b>, 2-14-15.")).to_be_visible()
    page.get_by_role("button", name="Прислать мне пробное письмо").click()
    expect(page.get_by_text(f"Пробное письмо отправлено на {chief.email}")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("30, 14, 7, 1 → 10, 3")).to_be_visible()
    with scope(readable=[world.municipality.pk]):
        assert settings_of(world.municipality).before == [10, 3]
    page.get_by_role("link", name="Вернуть как было при поставке").click()
    page.get_by_role("dialog").get_by_role("button", name="Вернуть", exact=True).click()
    expect(page.get_by_label("За сколько дней до срока")).to_have_value("30, 14, 7, 1")


def test_person_is_away_and_takes_the_days_into_a_calendar(page, log_in, assert_accessible, intended):
    world = make_world()
    address = f"/m/{world.municipality.slug}/reminders/mine/"
    intended.add((422, address))
    log_in(page, world.editor)
    page.goto(address)
    expect(page.get_by_text("Сейчас вам не о чем напоминать")).to_be_visible()
    today = timezone.localdate()
    page.get_by_label("Перерыв с").fill(today.isoformat())
    page.get_by_label("Перерыв по").fill((today + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert")).to_contain_text("кто замещает")
    page.get_by_label("Кто замещает").select_option(label="Седов Павел")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Ваши напоминания получает Седов Павел")).to_be_visible()
    assert_accessible(page)
    with scope(readable=[world.municipality.pk]):
        assert personal_settings_of(world.municipality, world.editor.pk).deputy == world.responsible

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Создать адрес").click()
    made = page.get_by_label("Адрес вашего календаря").input_value()
    expect(page.get_by_role("link", name="Открыть в календаре телефона")).to_have_attribute(
        "href", made.replace("http://", "webcal://")
    )
    page.get_by_role("button", name="Скопировать").click()
    expect(page.get_by_text("Адрес скопирован")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == made
    assert_accessible(page)
    page.get_by_role("link", name="Готово").click()
    page.get_by_text("Календарь больше не нужен").click()
    page.get_by_role("button", name="Закрыть адрес").click()
    expect(page.get_by_role("button", name="Создать адрес")).to_be_visible()
