"""What a person sees on a sheet, and what the sheet hides."""

import io
import time
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from plans.table import PlanTable, read_plan
from plans.table.cells import MAX_ROWS
from plans.table.readers.numberformats import shown

from .documents import HEAD, ROWS, brief, codes
from .packages import SHEET, part, sheet_row, sheet_xml, with_part

DAY = 46419  # 1 February 2027
AREAS = "<mergeCells>{}</mergeCells>"


def from_sheet(change: Callable[[Worksheet], None]) -> PlanTable:
    """The plan of a sheet with three activities after `change`."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (HEAD, *ROWS):
        page.append(list(row))
    change(page)
    content = io.BytesIO()
    book.save(content)
    return read_plan(content.getvalue(), "план.xlsx")


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("dd.mm.yyyy", "01.02.2027"),
        ("m/d/yyyy", "01.02.2027"),
        ("yyyy-mm-dd h:mm:ss", "01.02.2027"),
        ("[$-419]d mmmm yyyy;@", "1 февраля 2027"),
        ('d\\ mmmm\\ yyyy\\ "г."', "1 февраля 2027 г."),
        ("mmm.yy", "февраль 2027"),
        ("mm.yyyy", "февраль 2027"),
        ("dd.mmm", "1 февраля"),
        ("mmmm", "февраль"),
        ("yyyy", "2027"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "1 февраля 2027"),
        ("h:mm", "00:00"),
        ("General", "46419"),
        ('"до "0', "до 46419"),
    ],
)
def test_days_by_their_format(number_format: str, expected: str) -> None:
    assert shown(DAY, number_format) == expected


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (1.0, "General", "1"),
        (0.1 + 0.2, "General", "0,3"),
        (1e-7, "General", "0,0000001"),
        (12345678901.0, "General", "12345678901"),
        (87.5, "General", "87,5"),
        (0.5, "0%", "50 %"),
        (0.505, "0%", "50,5 %"),
        (12.5, "0.00", "12,50"),
        (87.5, '0.0"%"', "87,5%"),
        (5.0, '0" чел."', "5 чел."),
        (1234.0, "#,##0", "1234"),
        (1e15, "dd.mm.yyyy", "1000000000000000"),
    ],
)
def test_figures_by_their_format(value: float, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


def test_the_calendar_of_old_macintosh_books() -> None:
    assert shown(DAY - 1462, "dd.mm.yyyy", since_1904=True) == "01.02.2027"


def test_filtered_and_folded_rows_belong_to_the_plan_and_hidden_ones_do_not() -> None:
    def hide(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True

    def filtered(page: Worksheet) -> None:
        hide(page)
        page.auto_filter.ref = "A1:D4"

    def folded(page: Worksheet) -> None:
        page.row_dimensions.group(3, 3, hidden=True)

    for change, numbers, code in (
        (hide, ["1", "3"], "hidden_cells"),
        (filtered, ["1", "2", "3"], "filtered_rows"),
        (folded, ["1", "2", "3"], "filtered_rows"),
    ):
        plan = from_sheet(change)
        assert ([row.number for row in plan.activities], code in codes(plan)) == (numbers, True)


def test_a_hidden_column_takes_part_in_nothing() -> None:
    def change(page: Worksheet) -> None:
        page.insert_cols(3)
        page["C1"], page["C2"] = "Срок по старому плану", "март 2020 года"
        page.append(["II. Итоги"])
        page.merge_cells("A5:E5")
        page.column_dimensions["C"].hidden = True

    plan = from_sheet(change)
    assert [row.deadline_text for row in plan.activities] == [row[2] for row in ROWS]
    assert ([section.number for section in plan.sections], "hidden_cells" in codes(plan)) == (["II"], True)


def test_formulas_without_values_are_told() -> None:
    def change(page: Worksheet) -> None:
        page["C3"] = '="до "&"мая"'

    plan = from_sheet(change)
    assert (plan.activities[1].deadline_text, "formulas_without_values" in codes(plan)) == ("", True)


def test_charts_and_formatted_texts() -> None:
    def change(page: Worksheet) -> None:
        page.parent.create_chartsheet("Диаграмма", 0)
        page["B2"] = "Составление_x000D_\nперечня"

    assert from_sheet(change).activities[0].title == "Составление перечня"


def test_cells_without_addresses_texts_in_pieces_and_errors() -> None:
    pieces = '<si><r><t>Опрос </t></r><r><t>читателей</t></r><rPh sb="0" eb="1"><t>яя</t></rPh></si>'
    cells = '<c t="s"><v>0</v></c><c t="str"><f>B1</f><v>май</v></c><c t="e"><v>#REF!</v></c>'
    rows = sheet_row(1, *HEAD) + f'<row><c><v>1</v></c>{cells}<c t="s"><v>99</v></c></row>'
    plan = read_plan(sheet_xml(rows, shared=pieces), "план.xlsx")
    assert brief(plan) == [("1", "Опрос читателей", "май", ("#REF!",))]


def test_strict_books() -> None:
    content = sheet_xml("".join(sheet_row(number, *row) for number, row in enumerate((HEAD, *ROWS), 1)))
    strict = content
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        changed = part(content, name).replace(SHEET.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        strict = with_part(strict, name, changed)
    assert brief(read_plan(strict, "план.xlsx")) == brief(read_plan(content, "план.xlsx")) != []


def test_endless_empty_rows_below_the_plan() -> None:
    empty = "".join(f'<row r="{n}" ht="15"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(5, 200_000))
    filled = "".join(sheet_row(number, *row) for number, row in enumerate((HEAD, *ROWS), 1))
    content = sheet_xml(filled + empty, after=AREAS.format('<mergeCell ref="A5:D1048576"/>'))
    started = time.process_time()
    assert len(read_plan(content, "план.xlsx").activities) == len(ROWS)
    assert time.process_time() - started < 5


def test_too_many_rows_are_refused_in_words() -> None:
    rows = "".join(sheet_row(number, "1", "Опрос") for number in range(1, MAX_ROWS + 3))
    with pytest.raises(Exception, match="слишком большие таблицы"):
        read_plan(sheet_xml(rows), "план.xlsx")


def test_a_day_typed_as_a_value_becomes_a_deadline() -> None:
    def change(page: Worksheet) -> None:
        page["C2"] = datetime(2027, 2, 1)
        page["C2"].number_format = "d mmmm yyyy"

    assert from_sheet(change).activities[0].deadline_text == "1 февраля 2027"
