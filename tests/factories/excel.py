"""Excel files for tests of imports."""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook


def workbook(rows: Iterable[Iterable[Any]], *, title: str = "Лист1") -> bytes:
    """An .xlsx with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
