"""A clerk loads the Word table that the head has signed, corrects it, sees it as a plan and prints it."""

import re
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

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
    row.locator(".row-acts").get_by_role("link", name="Исправить").click()
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
    question.locator(".row-acts summary").click()
    question.get_by_role("button", name="Удалить строку").click()
    question.get_by_text("Строка не попадёт в план.").wait_for()
    question.get_by_role("button", name="Вернуть").click()
    question.locator(".row-acts").get_by_role("link", name="Исправить").wait_for()
    assert re.search(r"/plans/imports/\d+/$", page.url.split("?")[0])  # no correction leaves its own address there

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
    page.get_by_role("searchbox", name="Найти в плане").fill("оператор")
    page.get_by_text(re.compile(r"Найдено \d+ из\s13")).wait_for()

    page.locator("summary", has_text="Документ").click()
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


# heads that say the opposite of what stands below, a day that does not exist, parties without a separator,
# a blank cell, and a heading that looks like an activity
DIFFICULT = [
    ["№ п/п", "Мероприятие", "Исполнители", "Сроки", "Результат"],
    ["1", "Подготовка", "", "", ""],
    ["1.1", "Утверждение перечня учреждений", "до 31 ноября", "Отдел культуры Управление образования", "перечень"],
    ["1.2", "Заседания общественного совета", "ежеквартально", "Общественный совет", "протоколы"],
    ["1.3", "Опрос получателей услуг", "май – октябрь", "", "анкеты"],
    ["2", "Подведение итогов", "", "", "раздел"],
    ["2.1", "Отчёт оператора", "до 1 декабря", "Оператор", "отчёт"],
]


def word_table(path: Path, title: str, rows: Sequence[Sequence[str]]) -> None:
    document = docx.Document()
    document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


FOCUSED = """() => {
  const it = document.activeElement;
  return [it.getAttribute("aria-label"), it.labels?.[0]?.innerText, it.innerText].find(Boolean)?.trim() ?? "";
}"""


def focused(page: Page) -> str:
    """What the person with a keyboard is at: the name of the control that has focus."""
    return plain(page.evaluate(FOCUSED))


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the control of that name has focus."""
    passed = []
    for _ in range(120):
        page.keyboard.press(key)
        passed.append(focused(page))
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"no «{name}» within reach: {passed}")


def choose(page: Page, name: str) -> None:
    """Walk with the arrows to an option of the list that has focus."""
    page.keyboard.press("Home")
    for _ in range(20):
        if page.evaluate("document.activeElement.selectedOptions[0].text") == name:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option «{name}»")


def row_in_focus(page: Page) -> str:
    """The row that focus is in, once the answer has settled and focus with it."""
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    expect(page.locator("tr:focus-within")).to_have_count(1)
    return page.evaluate("document.activeElement.closest('tr')?.id ?? ''")


def test_difficult_document_is_corrected_by_keyboard_alone(page, log_in, editor, worker, tmp_path, assert_accessible):
    path = tmp_path / "план.docx"
    word_table(path, "План мероприятий по независимой оценке качества в сфере культуры на 2026–2028 годы", DIFFICULT)
    log_in(page, editor)
    page.goto("/m/sosnovskiy/plans/new/")
    page.get_by_label("Документ", exact=True).set_input_files(path)
    tab_to(page, "Загрузить и прочитать")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Так портал понял документ").wait_for()

    # the columns are not what their heads say: the document is read again
    expect(page.locator("#columns")).to_have_attribute("open", "")
    tab_to(page, "Что в колонке «Исполнители»")
    choose(page, "срок")
    tab_to(page, "Что в колонке «Сроки»")
    choose(page, "исполнители")
    assert_accessible(page)
    tab_to(page, "Прочитать заново")
    page.keyboard.press("Enter")
    first = page.locator("#line-0")
    first.get_by_text("Нет такого дня: 31 ноября").wait_for()
    assert "Осталось решить 1 ошибку." in plain(page.locator("#left").inner_text())

    # two parties without a separator: one word to agree, and focus goes on to the impossible day
    page.keyboard.press("Alt+ArrowDown")
    assert (row_in_focus(page), focused(page)[:5]) == ("line-0", "Верно")
    page.keyboard.press("Enter")
    expect(first.get_by_text("Исполнители в ячейке")).to_have_count(0)
    assert (row_in_focus(page), focused(page)[:9]) == ("line-0", "30 ноября")
    page.keyboard.press("Enter")
    expect(first.get_by_text("Нет такого дня")).to_have_count(0)
    assert "Всё готово." in plain(page.locator("#left").inner_text())
    assert row_in_focus(page) == "line-0"

    # where it came from, and back
    tab_to(page, "Ещё")
    page.keyboard.press("Enter")
    tab_to(page, "Откуда взято")
    page.keyboard.press("Enter")
    source = first.locator(".from")
    source.wait_for()
    assert "таблица 1, строка 3, колонка «Исполнители»: до 31 ноября" in plain(source.inner_text())
    assert_accessible(page)
    page.keyboard.press("Enter")  # «Скрыть» has focus
    expect(first.locator(".from")).to_have_count(0)
    assert row_in_focus(page) == "line-0"

    # a blank cell takes the words above; taken back by a letter, and done again
    page.keyboard.press("j")
    assert (row_in_focus(page), focused(page)[:9]) == ("line-2", "Назначить")
    blank = page.locator("#line-2")
    tab_to(page, "Взять исполнителей из строки выше")
    page.keyboard.press("Enter")
    blank.get_by_text("как в строке выше").wait_for()
    expect(page.locator("#said")).to_have_text("Строка 5: исполнители: как в строке выше")
    assert row_in_focus(page) == "line-2"
    page.keyboard.press("z")
    expect(blank.get_by_text("не указаны")).to_be_visible()
    tab_to(page, "Взять исполнителей из строки выше", key="Shift+Tab" if row_in_focus(page) != "line-2" else "Tab")
    page.keyboard.press("Enter")
    blank.get_by_text("как в строке выше").wait_for()
    expect(page.locator("#line-2:focus-within")).to_have_count(1)

    # two more parties, each on a line; letters that are typed are only typed
    page.keyboard.press("e")
    expect(blank.get_by_label("Номер")).to_be_focused()
    tab_to(page, "Исполнители")
    page.keyboard.press("Control+A")
    page.keyboard.type("Оператор\nКоллектив жюри")
    page.keyboard.press("Control+Enter")
    blank.get_by_text("Оператор · Коллектив жюри").wait_for()
    assert row_in_focus(page) == "line-2"

    # what looks like an activity is the heading of the lines below
    page.keyboard.press("Alt+ArrowDown")
    assert row_in_focus(page) == "line-3"
    tab_to(page, "Ещё")
    page.keyboard.press("Enter")
    tab_to(page, "Это заголовок раздела")
    page.keyboard.press("Enter")
    heading = page.locator("tr.group").filter(has_text="Подведение итогов")
    heading.wait_for()
    assert row_in_focus(page) == heading.get_attribute("id")
    assert_accessible(page)

    tab_to(page, "Создать черновик плана")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="План мероприятий", level=1).wait_for()
    text = plain(page.locator("table").first.inner_text())
    assert "Всего 4 мероприятия" in plain(page.locator(".table-foot").inner_text())
    for words in ("Подведение итогов", "30 ноября 2026", "Управление образования", "Коллектив жюри"):
        assert words in text


PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  data.setData("text/html", html);
  const field = document.querySelector("[data-paste]");
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  document.execCommand("insertText", false, text); // what the browser itself does with a real paste
}"""


def test_pasted_table_keeps_its_merged_cells(page, log_in, editor, worker, assert_accessible):
    html = (
        "<table><tr><td>№</td><td>Мероприятие</td><td>Срок</td><td>Исполнители</td></tr>"
        "<tr><td>1</td><td>Опрос жителей</td><td rowspan=2>до 1 мая 2027 г.</td><td>Отдел</td></tr>"
        "<tr><td>2</td><td>Отчёт</td><td>Совет</td></tr></table>"
    )
    text = "№\tМероприятие\tСрок\tИсполнители\n1\tОпрос жителей\tдо 1 мая 2027 г.\tОтдел\n2\tОтчёт\t\tСовет"
    log_in(page, editor)
    page.goto("/m/sosnovskiy/plans/new/")
    page.evaluate(PASTE, [text, html])
    expect(page.locator("#pasted")).to_have_text("Таблица: 3 строки, 4 столбца")
    assert_accessible(page)
    page.get_by_role("button", name="Загрузить и прочитать").click()
    page.locator("#line-1").get_by_text("пусто: ячейка объединена с предыдущей").wait_for()

    # words changed by hand are read as they stand
    page.goto("/m/sosnovskiy/plans/new/")
    page.evaluate(PASTE, [text, html])
    expect(page.locator("#pasted")).to_have_text("Таблица: 3 строки, 4 столбца")
    page.keyboard.type(" и ещё")
    expect(page.locator("#pasted")).to_contain_text("Текст изменён")
    assert page.locator("#id_html").input_value() == ""
