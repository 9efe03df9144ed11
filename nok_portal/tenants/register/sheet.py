"""Reads the cells of an .xlsx file. Runs in a bounded child process: a stranger made the file."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl

MAX_ROWS = 5_000
MAX_COLUMNS = 60
# a list of 5,000 organizations unpacks to some 10 MB
MAX_UNPACKED = 120 * 1024 * 1024
# an empty tail that somebody formatted down to the last line of Excel is walked through, not kept
_MAX_WALKED = 1_048_576

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Row:
    """One line that has something in it; `number` is that of Excel."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]


class SheetRefused(Exception):
    """The file cannot be read as a list; the message says why and what to do."""


def read_sheets(content: bytes) -> list[Sheet]:
    """The visible sheets with their filled lines, of every sheet at most MAX_ROWS + 100."""
    try:
        _check_size(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [_read(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (SheetRefused, MemoryError):
        raise
    except Exception as error:
        # openpyxl raises whatever a broken file makes it stumble over
        raise SheetRefused(
            "Файл не открывается: похоже, он повреждён. Откройте его в Excel, сохраните заново и загрузите ещё раз."
        ) from error
    return sheets


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise SheetRefused(
                "Внутри файла слишком много данных. Скопируйте таблицу в новую книгу Excel без картинок и загрузите её."
            )


def _read(sheet: Any) -> Sheet:
    # many programs write a wrong size of the sheet into the file
    sheet.reset_dimensions()
    rows: list[Row] = []
    for number, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        cells = tuple(_plain(value) for value in values)
        if any(cell is not None for cell in cells):
            rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS + 100 or number >= _MAX_WALKED:
            break
    return Sheet(str(sheet.title), tuple(rows))


def _plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        # what PostgreSQL refuses to store and nobody can see
        return value.replace("\x00", "").strip() or None
    if isinstance(value, bool):
        return "да" if value else "нет"
    if value is None or isinstance(value, int | float | date):
        return value
    return str(value)
