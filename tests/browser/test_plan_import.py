"""A clerk loads the Word table that the head has signed, corrects it, sees it as a plan and prints it."""

import re
from pathlib import Path

import pytest

from tests.factories import MunicipalityFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "vidyaevo.docx"
WORDS = "до 31 ноября"


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture
def editor():
    return member_of(MunicipalityFactory(slug="sosnovskiy"))


@pytest.mark.skipif(not SEED.exists(), reason="vidyaevo.docx of the five real plans is not beside the checkout")
def test_document_is_read_corrected_confirmed_and_printed(page, log_in, editor, worker, assert_accessible, width):
    log_in(page, editor)
    page.goto("/m/sosnovskiy/plans/")
    page.get_by_role("link", name="Загрузить план").click()
    page.get_by_label("Документ", exact=True).set_input_files(SEED)
    assert_accessible(page)
    page.get_by_role("button", name="Загрузить и прочитать").click()

    page.get_by_role("heading", name="Так портал понял документ").wait_for()
    bar = page.locator(".bar")
    assert "Осталось решить 1 ошибку." in plain(bar.inner_text())
    assert_accessible(page)

    # the document does not tell its period
    page.get_by_label("Начало периода").fill("2026-01-01")
    page.get_by_label("Конец периода").fill("2028-12-31")
    page.get_by_label("Годы оценки").fill("2026–2028")
    page.get_by_role("button", name="Сохранить сведения").click()
    page.locator("#facts dl").wait_for()
    assert "Всё готово." in plain(bar.inner_text())

    # a line: its words are read while they are typed
    row = page.locator("#line-2")
    row.get_by_role("link", name="Исправить").first.click()
    field = row.get_by_label("Срок словами")
    field.fill(WORDS)
    row.get_by_text("Нет такого дня: 31 ноября").wait_for()
    assert_accessible(page)
    field.fill("до 30 ноября")
    row.get_by_text("30 ноября 2028").wait_for()
    row.get_by_label("Исполнители").fill("Областной оператор\nОтдел культуры")
    row.get_by_role("button", name="Сохранить строку").click()
    row.get_by_text("исправлено вами").wait_for()
    assert page.evaluate("document.activeElement.closest('tr')?.id") == "line-2"
    assert "Областной оператор · Отдел культуры" in plain(row.inner_text())
    assert_accessible(page)

    # a question answered, a line left out and brought back, all in place
    question = page.locator("#line-4")
    question.get_by_role("button", name="Верно").click()
    question.get_by_role("button", name="Верно").wait_for(state="detached")
    question.get_by_role("button", name="Удалить строку").click()
    question.get_by_text("Строка не попадёт в план.").wait_for()
    question.get_by_role("button", name="Вернуть").click()
    question.get_by_role("link", name="Исправить").first.wait_for()
    assert page.url.split("?")[0].endswith("/imports/1/")

    page.get_by_role("button", name="Создать черновик плана").click()
    page.get_by_role("heading", name="План мероприятий", level=1).wait_for()
    assert "Всего 13 мероприятий" in plain(page.locator(".table-foot").inner_text())
    line = page.get_by_role("row").filter(has_text="до 30 ноября")
    assert "30 ноября 2026, 2027, 2028" in plain(line.inner_text())
    assert_accessible(page)

    # the line beside the table; Esc gives focus back to it
    line.get_by_role("link").first.click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("heading", name="В документе").wait_for()
    assert "До 1 декабря (в год проведения независимой оценки)" in plain(panel.inner_text())
    assert_accessible(page)
    if width == "desktop":
        page.keyboard.press("Escape")
        panel.wait_for(state="detached")
        assert "Проведение оператором" in plain(page.evaluate("document.activeElement.textContent"))
    else:
        page.get_by_role("link", name="К таблице").click()
    page.get_by_role("searchbox").fill("оператор")
    page.get_by_text(re.compile(r"Найдено \d+ из\s13")).wait_for()

    page.get_by_role("button", name="PDF").click()
    link = page.get_by_role("link", name="Скачать").first
    link.wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.evaluate(
            "href => { const a = document.createElement('a'); a.href = href; a.download = ''; a.click() }",
            link.get_attribute("href"),
        )
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert_accessible(page)
