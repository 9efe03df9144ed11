"""A plan is changed where it stands: a line edited with the live reading, rows moved by keyboard and by mouse, two people
on one line."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from nok_portal.tenants.scope import scope
from plans.services.imports import import_table
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import table_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours():
    return MunicipalityFactory(slug="sosnovskiy")


@pytest.fixture
def plan(ours):
    with scope(writable=[ours.pk]):
        return import_table(table=table_of(), municipality=ours, actor=None, at=timezone.now())


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def rows(page):
    return [plain(one) for one in page.locator(".plan tbody tr[id^=a]").all_inner_texts()]


def titles(page):
    return [plain(one) for one in page.locator(".plan td.title a").all_inner_texts()]


def test_line_is_edited_in_the_panel_and_two_people_see_both_versions(
    plan, ours, page, new_page, log_in, assert_accessible, intended
):
    log_in(page, member_of(ours, full_name="Первый редактор"))
    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/?q=перечня")
    page.get_by_role("link", name="Утверждение перечня учреждений").click()
    panel = page.get_by_role("complementary")
    head, above = panel.get_by_role("heading", level=2), panel.locator(".panel-head p")
    expect(head).to_be_focused()
    ring = 5  # the outline and its offset
    assert above.bounding_box()["y"] + above.bounding_box()["height"] + ring <= head.bounding_box()["y"]
    panel.get_by_role("link", name="Изменить строку").click()
    words = panel.get_by_label("Срок словами")
    expect(words).to_have_value("до 1 апреля")
    words.fill("до 15 мая")
    expect(panel.locator("#line-edit .due-box")).to_contain_text("15 мая 2027")
    expect(panel.locator("#line-edit .due-box")).to_contain_text(re.compile("Перенес[её]тся|Перенесутся"))
    assert_accessible(page)

    # somebody else is quicker
    other = new_page()
    log_in(other, member_of(ours, full_name="Второй редактор"))
    other.goto(page.url)
    other.get_by_role("complementary").get_by_role("link", name="Изменить строку").click()
    other.get_by_label("Мероприятие").fill("Утверждение списка")
    other.get_by_label("Срок словами").fill("до 20 мая")
    other.get_by_role("button", name="Сохранить строку").click()
    expect(other.get_by_role("status").get_by_text("Строка сохранена")).to_be_visible()
    expect(other.get_by_role("heading", name="Утверждение списка")).to_be_visible()

    path = re.search(r"/activities/\d+/edit/", panel.locator("#line-edit-form").get_attribute("action"))[0]
    intended.add((422, f"/m/sosnovskiy{path}"))
    panel.get_by_role("button", name="Сохранить строку").click()
    expect(panel.get_by_role("alert")).to_contain_text("строку изменил другой человек")
    row = panel.get_by_role("row", name="Срок словами")
    expect(row).to_contain_text("до 15 мая")
    expect(row).to_contain_text("до 20 мая")
    expect(panel.get_by_role("row", name="Мероприятие")).to_contain_text("вы не меняли")
    expect(panel.get_by_label("Мероприятие")).to_have_value("Утверждение списка")
    assert_accessible(page)
    row.get_by_label("до 20 мая").check()
    panel.get_by_label("Ожидаемый результат").fill("протокол")
    panel.get_by_role("button", name="Сохранить с учётом обоих вариантов").click()
    expect(page.get_by_role("status").get_by_text("Строка сохранена")).to_be_visible()
    expect(panel.get_by_text("протокол", exact=True)).to_be_visible()
    assert "q=" in page.url
    with scope(writable=[ours.pk]):
        line = plan.activities.get(number="1.1")
    assert (line.title, line.deadline_text, line.expected_result) == ("Утверждение списка", "до 20 мая", "протокол")


def test_rows_are_moved_by_keyboard_and_the_toast_takes_it_back(plan, ours, page, log_in, assert_accessible):
    log_in(page, member_of(ours))
    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/")
    page.get_by_role("link", name="Править строки").click()
    down = page.get_by_role("button", name="Ниже: 1.1 ")
    expect(down).to_be_visible()
    before = titles(page)
    down.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Строка теперь 1.2")).to_be_visible()
    expect(page.get_by_role("button", name="Ниже: 1.2 Утверждение")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ниже: 2.1 Утверждение")).to_be_focused()
    assert titles(page)[:2] == [before[1], before[0]]
    assert_accessible(page)
    page.get_by_role("status").get_by_role("button", name="Отменить").last.click()
    expect(page.get_by_role("status").get_by_text("Отменено").last).to_be_visible()
    assert titles(page)[:2] == [before[1], before[0]]


def test_row_is_dragged_by_its_handle_and_several_are_given_a_party(plan, ours, page, log_in, width):
    log_in(page, member_of(ours))
    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/?mode=rows")
    first, last = page.locator(".plan tbody tr[id^=a]").first, page.locator(".plan tbody tr[id^=a]").last
    if width == "desktop":
        key = first.get_attribute("id")
        last.scroll_into_view_if_needed()
        first.locator(".handle").hover()
        box = last.bounding_box()
        page.mouse.down()
        page.mouse.move(box["x"] + 300, box["y"] + box["height"] - 4, steps=5)
        page.mouse.up()
        expect(page.get_by_role("status").get_by_text("Строка теперь 2.3")).to_be_visible()
        expect(page.locator(".plan tbody tr[id^=a]").last).to_have_attribute("id", key)
    page.get_by_label(re.compile(r"^Отметить: 2\.1 ")).check()
    page.get_by_label(re.compile(r"^Отметить: 2\.2 ")).check()
    expect(page.get_by_text("Отмечено: 2 строки")).to_be_visible()
    page.get_by_role("button", name="Назначить").click()  # nobody is named: the marks stay
    expect(page.get_by_text("Отмечено: 2 строки")).to_be_visible()
    assert page.get_by_label("Исполнитель", exact=True).last.evaluate("one => one.matches(':focus')")
    page.get_by_label("Исполнитель", exact=True).last.fill("Сектор связи")
    page.get_by_role("button", name="Назначить").click()
    expect(page.get_by_role("status").get_by_text("добавлен: 2 строки")).to_be_visible()
    assert sum("Сектор связи" in one for one in rows(page)) == 2
