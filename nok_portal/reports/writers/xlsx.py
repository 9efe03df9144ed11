"""A document's tables as Excel, written row by row: 100,000 rows take no more memory than ten."""

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..documents import Document, Heading, Stamp, Table, Value, as_cell, clean

LONGEST = 32_767  # characters in a cell
MM = 0.55  # characters of the standard font in a millimetre
FREE_WIDTH = 110  # millimetres of a column that takes what is left
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")

_LINE = Side(style="thin", color="9AA6AC")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="F1F3F4")


def write_xlsx(document: Document, stamp: Stamp) -> bytes:
    """One sheet a table: title, head that stays, rows; numbers and days as such, words never as formulas.

    A sheet of its own says which document this is: beside the table it would be read as a part of it.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = clean(document.title)[:255], "НОК-портал"
    book.properties.created = book.properties.modified = stamp.made_at.replace(tzinfo=None)
    names: list[str] = []
    for table in document.tables:
        names.append(_sheet_name(table.title or document.title, names))
        _write_sheet(book.create_sheet(names[-1]), document, table)
    _write_stamp(book.create_sheet(_sheet_name("О документе", names)), stamp)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_sheet(sheet: Any, document: Document, table: Table) -> None:
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = round((column.width or FREE_WIDTH) * MM, 1)
    titles = [(document.title, Font(bold=True, size=14)), (document.subtitle, Font()), (table.title, Font(bold=True))]
    lines = [(text, font) for text, font in titles if text]
    head = len(document.mark) + len(lines) + 2
    # both must be said before the first row
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for text in document.mark:
        sheet.append([*[None] * (len(table.columns) - 1), _cell(sheet, text, font=Font())])
    for text, font in lines:
        sheet.append([_cell(sheet, text, font=font)])
    sheet.append([])
    sheet.append([_head_cell(sheet, column.title) for column in table.columns])
    last = _write_rows(sheet, table, head)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{last}"


def _write_stamp(sheet: Any, stamp: Stamp) -> None:
    sheet.column_dimensions["A"].width = 100
    for text in (
        f"Документ № {stamp.number}, сформирован {stamp.made_at:%d.%m.%Y %H:%M}",
        f"Контрольная сумма {stamp.short_digest}",
        f"Проверить: {stamp.check_url}",
    ):
        sheet.append([_cell(sheet, text, font=Font())])


def _write_rows(sheet: Any, table: Table, head: int) -> int:
    """All rows below the head; a cell that goes on is merged with the one above. Answers the last row's number."""
    styles: dict[tuple[str, str], Any] = {}  # making a style costs more than writing the cell
    begun: dict[int, int] = {}  # where the cells that may go on began, by column
    last = head
    for row in table.rows:
        last += 1
        if isinstance(row, Heading):
            sheet.append([_cell(sheet, row.text, font=Font(bold=True))])
            begun = {}
            continue
        cells = [as_cell(value) for value in row]
        merged = [cell.continued and place in begun for place, cell in enumerate(cells)]
        sheet.append(
            _row_cell(sheet, None if goes_on else cell.value, column.align, styles)
            for column, cell, goes_on in zip(table.columns, cells, merged, strict=True)
        )
        for place, goes_on in enumerate(merged):
            if not goes_on:
                begun[place] = last
            else:
                letter = get_column_letter(place + 1)
                _merge(sheet, letter, begun[place], last)
    return last


def _merge(sheet: Any, letter: str, first: int, last: int) -> None:
    """One more row of a merged cell."""
    if last - first > 1:
        sheet.merged_cells.remove(f"{letter}{first}:{letter}{last - 1}")
    sheet.merged_cells.add(f"{letter}{first}:{letter}{last}")


def _row_cell(sheet: Any, value: Value, align: str, styles: dict[tuple[str, str], Any]) -> Any:
    cell = _plain_cell(sheet, value)
    kind = (align, "quoted" if _is_quoted(value) else type(value).__name__)
    if kind not in styles:
        cell.border = _BORDER
        cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal=align)
        cell.number_format = _number_format(value)
        cell.quotePrefix = _is_quoted(value)
        styles[kind] = cell._style
    cell._style = styles[kind]
    return cell


def _head_cell(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text, font=Font(bold=True))
    cell.border, cell.fill = _BORDER, _HEAD_FILL
    cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="center")
    return cell


def _cell(sheet: Any, text: str, *, font: Font) -> Any:
    cell = _plain_cell(sheet, text)
    cell.font = font
    cell.quotePrefix = _is_quoted(text)
    return cell


def _plain_cell(sheet: Any, value: Value) -> Any:
    if isinstance(value, str):
        value = clean(value)[:LONGEST]
    elif isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # Excel knows no time zones; the moment is already local
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # '=1+1' stays what somebody wrote
    return cell


def _is_quoted(value: Value) -> bool:
    """Whether Excel would take the words for a formula as soon as somebody edits the cell."""
    return isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}


def _number_format(value: Value) -> str:
    if isinstance(value, datetime):
        return "dd.mm.yyyy hh:mm"
    if isinstance(value, date):
        return "dd.mm.yyyy"
    if isinstance(value, int):
        return "#,##0"
    return "#,##0.###" if isinstance(value, float | Decimal) else "General"


def _sheet_name(title: str, taken: list[str]) -> str:
    """At most 31 characters, without those that Excel forbids, each name once whatever the case."""
    name = _SHEET_NAME.sub(" ", clean(title)).strip("' ")[:31].strip("' ") or "Лист"
    number, found = 2, name
    while found.casefold() in {one.casefold() for one in taken}:
        suffix = f" ({number})"
        found, number = name[: 31 - len(suffix)] + suffix, number + 1
    return found
