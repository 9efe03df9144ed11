"""A wrong date is put right by the answer offered and by the small form, on a document and in the plan: keyboard alone."""

import pytest

from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import TABLE, PlanImportFactory

pytestmark = pytest.mark.django_db(transaction=True)


def plain(text):
    return text.replace("\u00a0", " ")


def tab_to(page, wanted, *, back=False):
    """Press Tab until the focus is on what `wanted`, a function of the page's script, says."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate(f"(({wanted})(document.activeElement))"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def named(words, inside="body"):
    return f"one => one.closest({inside!r}) && one.textContent.trim().replaceAll('\\u00a0', ' ').startsWith({words!r})"


def field(name):
    return f"one => one.name === {name!r}"


def test_wrong_date_is_corrected_by_keyboard_alone(page, log_in, assert_accessible):
    ours = MunicipalityFactory(slug="sosnovskiy")
    editor = member_of(ours)
    with scope(writable=[ours.pk]):
        found = PlanImportFactory(municipality=ours, pasted_text=TABLE.replace("до 1 декабря", "до 31 ноября"))
    log_in(page, editor)

    # the answer that is offered beside what is wrong
    page.goto(f"/m/sosnovskiy/plans/imports/{found.pk}/")
    row = page.locator("#line-2")
    row.get_by_text("Нет такого дня: 31 ноября").wait_for()
    tab_to(page, named("30 ноября", "#line-2"))
    page.keyboard.press("Enter")
    row.get_by_text("исправлено вручную").wait_for()
    assert "До 30 ноября" in plain(row.inner_text())
    assert "до 31 ноября" in plain(row.inner_text())
    assert "Всё готово." in plain(page.locator(".bar").inner_text())

    # the form, opened in its row: days follow the choices
    tab_to(page, named("Исправить понимание", "#line-2"))
    page.keyboard.press("Enter")
    form = row.locator(".reading-form")
    form.wait_for()
    assert page.evaluate("document.activeElement.textContent.trim()") == "Как понимать срок"
    assert_accessible(page)
    tab_to(page, field("part0-day"))
    page.keyboard.type("31")
    form.get_by_text("31 ноября не бывает").wait_for()
    page.wait_for_timeout(1200)  # a list takes keys pressed soon after each other for one word
    page.keyboard.type("15")
    form.get_by_text("15 ноября 2028").wait_for()

    # another kind brings its fields, and the focus stays
    tab_to(page, field("part0-kind"), back=True)
    for _ in range(3):  # by way of two other kinds
        page.keyboard.press("ArrowDown")
    form.get_by_label("Отрезок").wait_for()
    assert page.evaluate("document.activeElement.name") == "part0-kind"
    tab_to(page, field("part0-stretch"))
    for _ in range(16):  # past the months
        page.keyboard.press("ArrowDown")
    form.get_by_text("31 декабря 2028").first.wait_for()
    tab_to(page, named("Добавить ещё срок"))
    page.keyboard.press("Enter")
    form.get_by_text("Срок 2").wait_for()
    assert_accessible(page)
    tab_to(page, named("Убрать этот срок: 2"))
    page.keyboard.press("Enter")
    form.get_by_text("Срок 2").wait_for(state="detached")
    tab_to(page, named("Понимать так"))
    page.keyboard.press("Enter")
    form.wait_for(state="detached")
    assert "IV квартал" in plain(row.inner_text())
    assert page.evaluate("document.activeElement.closest('tr')?.id") == "line-2"

    # the plan keeps it, and there the words can be read anew
    tab_to(page, named("Создать черновик плана"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="План мероприятий", level=1).wait_for()
    tab_to(page, named("Отчёт оператора"))
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    panel.get_by_text("исправлено вручную").wait_for()
    tab_to(page, named("Исправить понимание", ".line-panel"))
    page.keyboard.press("Enter")
    form = panel.locator(".reading-form")
    form.wait_for()
    assert_accessible(page)
    tab_to(page, named("Вернуть как прочитано"))
    page.keyboard.press("Enter")
    panel.get_by_text("не понято").first.wait_for()
    assert "исправлено вручную" not in plain(panel.inner_text())
    tab_to(page, named("Исправить понимание", ".line-panel"))
    page.keyboard.press("Enter")
    panel.locator(".reading-form").wait_for()
    tab_to(page, named("1 декабря", ".reading-form"))
    page.keyboard.press("Enter")
    panel.get_by_text("До 1 декабря").first.wait_for()
    assert "1 декабря 2028" in plain(panel.inner_text())
    assert_accessible(page)
