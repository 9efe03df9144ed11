"""Workbooks: titles above the head, merged cells, numbers and days as values."""

import io
from datetime import date, datetime

import openpyxl

from plans.table import PlanTable, read_plan

from .documents import HEAD, ROWS, brief, codes, excel

PLAIN = [(number, title, deadline, (party,)) for number, title, deadline, party in ROWS]


def from_excel(content: bytes) -> PlanTable:
    return read_plan(content, "план.xlsx")


def test_head_below_a_title() -> None:
    rows = [("План мероприятий",), ("на 2027–2028 годы",), (), HEAD, *ROWS]
    plan = from_excel(excel(rows, merged=["A1:D1", "A2:D2"]))
    assert brief(plan) == PLAIN
    assert (plan.title, plan.period) == ("План мероприятий на 2027–2028 годы", ("2027-01-01", "2028-12-31"))
    assert plan.activities[0].source.row == 5


def test_merged_cells_inherit_and_make_sections() -> None:
    rows = [HEAD, ("I. Подготовка", None, None, None), ROWS[0], ("2", "Печать анкет", None, None)]
    plan = from_excel(excel(rows, merged=["A2:D2", "C3:C4", "D3:D4"]))
    assert [section.number for section in plan.sections] == ["I"]
    assert plan.activities[1].deadline_text == ROWS[0][2]
    assert plan.activities[1].inherited == ("deadline_text", "responsible")


def test_values_as_the_sheet_shows_them() -> None:
    rows = [
        HEAD,
        (1, "Опрос", date(2027, 5, 31), "Отдел культуры"),
        (2.0, "Отчёт", datetime(2027, 6, 1, 12, 0), "Музей"),
    ]
    assert brief(from_excel(excel(rows))) == [
        ("1", "Опрос", "31.05.2027", ("Отдел культуры",)),
        ("2", "Отчёт", "01.06.2027", ("Музей",)),
    ]


def test_targets_as_values() -> None:
    rows = [("Целевой показатель", "Ед. изм.", 2027, 2028), ("Доля библиотек", "%", 33.3, 0.666)]
    content = excel(rows)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.active
    assert page is not None
    page["D2"].number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    plan = from_excel(stream.getvalue())
    assert [(row.unit, dict(row.values)) for row in plan.targets] == [("percent", {2027: 33.3, 2028: 66.6})]


def test_plan_on_a_later_sheet_and_a_second_plan_is_told() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Список рассылки"])
    for title in ("План", "Другой план"):
        page = book.create_sheet(title)
        for row in (HEAD, *ROWS):
            page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    plan = from_excel(stream.getvalue())
    assert brief(plan) == PLAIN
    assert codes(plan).count("sheet_skipped") == 1


def test_hidden_sheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEAD, *ROWS):
        book.active.append(list(row))
    hidden = book.create_sheet("Черновик")
    for row in (HEAD, *ROWS):
        hidden.append(list(row))
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert "sheet_skipped" not in codes(from_excel(stream.getvalue()))
