"""The two doors: a file's bytes or pasted text in, a PlanTable out."""

import logging
from collections.abc import Callable
from typing import ParamSpec

from nok_portal.common.bounded import BoundsExceeded, Limits, run_bounded
from plans.table.assembly import read_document
from plans.table.cells import MAX_ROWS, Document
from plans.table.meanings import Meanings
from plans.table.model import PlanTable
from plans.table.readers.docx import read_docx
from plans.table.readers.errors import UnreadableFile, too_large
from plans.table.readers.html import holds_table, read_html
from plans.table.readers.kinds import format_of, is_small
from plans.table.readers.text import read_pasted_text, read_text
from plans.table.readers.xlsx import read_xlsx

__all__ = [
    "UnreadableFile",
    "read_pasted",
    "read_pasted_bounded",
    "read_plan",
    "read_plan_bounded",
    "read_plan_quickly",
]

P = ParamSpec("P")
_log = logging.getLogger(__name__)

LIMITS = Limits(memory=300, cpu=25, wall=30.0)


def read_plan(content: bytes, filename: str, meanings: Meanings | None = None) -> PlanTable:
    """The plan in a .docx, .xlsx or .txt. Raises UnreadableFile, whose message says what to do.

    `meanings` are what a person says of its columns. Reads in this process: a file from outside goes through
    `read_plan_bounded`.
    """
    form = format_of(content, filename)
    if form == "docx":
        return _understood(read_docx(content), meanings)
    if form == "xlsx":
        return _understood(read_xlsx(content), meanings)
    return _understood(read_text(content), meanings)


def read_plan_bounded(content: bytes, filename: str, meanings: Meanings | None = None) -> PlanTable:
    """`read_plan` in a child process with bounds on memory and time. Raises UnreadableFile."""
    return _bounded(read_plan, content, filename, meanings)


def read_plan_quickly(content: bytes, filename: str) -> PlanTable:
    """For a person at a terminal: small files in this process, which saves a start of Python, others bounded."""
    return read_plan(content, filename) if is_small(content) else read_plan_bounded(content, filename)


def read_pasted(text: str, html: str | None = None, *, meanings: Meanings | None = None) -> PlanTable:
    """The plan in what was pasted: a table copied from Word, Excel or a site. Raises UnreadableFile.

    `html` is the same piece as its program formats it (the clipboard's text/html): it knows merged cells, so it is
    preferred whenever a table in it reads as a plan. Reads in this process, see `read_pasted_bounded`.
    """
    if html and holds_table(html):
        plan = _understood(read_html(html), meanings)
        if plan.activities or plan.targets or not text.strip():
            return plan
    if not text.strip():
        raise UnreadableFile("Вставьте таблицу плана вместе с заголовками колонок.", "empty")
    return _understood(read_pasted_text(text), meanings)


def read_pasted_bounded(text: str, html: str | None = None, *, meanings: Meanings | None = None) -> PlanTable:
    """`read_pasted` in a child process with bounds on memory and time. Raises UnreadableFile."""
    return _bounded(read_pasted, text, html, meanings=meanings)


def _understood(document: Document, meanings: Meanings | None) -> PlanTable:
    if sum(len(table.rows) for table in document.tables) > MAX_ROWS:
        raise too_large(f"В документе больше {MAX_ROWS} строк таблиц.")
    return read_document(document.bounded(), meanings)


def _bounded(read: Callable[P, PlanTable], *args: P.args, **kwargs: P.kwargs) -> PlanTable:
    try:
        return run_bounded(read, LIMITS, *args, **kwargs)
    except BoundsExceeded:
        raise too_large("Таблица слишком велика или устроена слишком сложно.") from None
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        # A mistake of the reader, told to its keepers; for the person the file is one that cannot be read.
        _log.exception("A document could not be read")
        raise UnreadableFile(
            "Таблицу плана прочитать не удалось. Скопируйте её без рисунков и вставьте в поле для текста.", "unreadable"
        ) from error
