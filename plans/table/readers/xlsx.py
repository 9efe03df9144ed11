"""Excel workbooks: every visible sheet is a table; merged cells, numbers and dates as a reader sees them."""

import io
import re
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from plans.table.cells import Cell, Document, Row, Table
from plans.table.readers.archive import OfficeArchive
from plans.table.readers.errors import broken, too_large

MAX_ROWS = 5000
MAX_COLUMNS = 60


def read_xlsx(content: bytes) -> Document:
    """The sheets of a workbook in their order. Raises UnreadableFile."""
    with OfficeArchive(content, ".xlsx") as archive:
        archive.check_total()
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises many kinds for one cause
        raise broken(".xlsx") from None
    tables: list[Table] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.max_row and sheet.max_column:
            tables.append(_table(sheet, len(tables) + 1))
    return Document("xlsx", tuple(tables))


def _table(sheet: Worksheet, index: int) -> Table:
    if sheet.max_row > MAX_ROWS * 20:
        raise too_large(f"На листе «{sheet.title[:40]}» слишком много строк.")
    covered: dict[tuple[int, int], tuple[int, bool]] = {}
    for merged in sheet.merged_cells.ranges:
        width = min(merged.max_col, MAX_COLUMNS) - merged.min_col + 1
        for line in range(merged.min_row, min(merged.max_row, MAX_ROWS) + 1):
            covered[line, merged.min_col] = (width, line > merged.min_row)
            for column in range(merged.min_col + 1, merged.min_col + width):
                covered[line, column] = (0, False)
    rows = []
    for line, values in enumerate(sheet.iter_rows(max_row=min(sheet.max_row, MAX_ROWS),
                                                  max_col=min(sheet.max_column, MAX_COLUMNS)), 1):  # fmt: skip
        cells = []
        for column, cell in enumerate(values, 1):
            span, merged_above = covered.get((line, column), (1, False))
            if span:
                text = "" if merged_above else _text(cell.value, cell.number_format)
                cells.append(Cell(text, span, merged_above))
        if any(not cell.blank or cell.merged for cell in cells):
            rows.append(Row(tuple(cells), line))
    return Table(tuple(rows), index, sheet.title)


def _text(value: Any, number_format: str) -> str:
    """A value as the sheet shows it: days as 01.12.2027, shares with their sign, no binary tails."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    return str(value)


def _number(value: float, number_format: str) -> str:
    decimals = re.search(r"0\.(0+)", number_format)
    if "%" in number_format:
        return f"{value * 100:.{len(decimals[1]) if decimals else 2}f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
    if decimals and not isinstance(value, int):
        return f"{value:.{len(decimals[1])}f}"
    return f"{value:.10g}"
