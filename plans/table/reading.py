"""The two doors: a file's bytes or pasted text in, a PlanTable out."""

from nok_portal.common.bounded import BoundsExceeded, ChildError, Limits, run_bounded
from plans.table.assembly import read_document
from plans.table.model import PlanTable
from plans.table.readers.docx import read_docx
from plans.table.readers.errors import UnreadableFile, too_large
from plans.table.readers.kinds import format_of, is_small
from plans.table.readers.text import read_pasted_text, read_text

__all__ = ["UnreadableFile", "read_pasted", "read_plan", "read_plan_bounded", "read_plan_quickly"]

LIMITS = Limits(memory=300, cpu=25, wall=30.0)


def read_plan(content: bytes, filename: str) -> PlanTable:
    """The plan in a .docx, .xlsx or .txt. Raises UnreadableFile, whose message says what to do.

    Reads in this process: a file from outside goes through `read_plan_bounded`.
    """
    form = format_of(content, filename)
    if form == "docx":
        return read_document(read_docx(content))
    if form == "xlsx":
        from plans.table.readers.xlsx import read_xlsx  # openpyxl takes a while to load

        return read_document(read_xlsx(content))
    return read_document(read_text(content))


def read_plan_bounded(content: bytes, filename: str) -> PlanTable:
    """`read_plan` in a child process with bounds on memory and time. Raises UnreadableFile."""
    format_of(content, filename)
    try:
        return run_bounded(read_plan, LIMITS, content, filename)
    except BoundsExceeded:
        raise too_large("Документ слишком велик или устроен слишком сложно.") from None
    except ChildError:
        raise UnreadableFile(
            "Документ прочитать не удалось. Скопируйте таблицу и вставьте её в поле для текста.", "unreadable"
        ) from None


def read_plan_quickly(content: bytes, filename: str) -> PlanTable:
    """For a person at a terminal: small files in this process, which saves a start of Python, others bounded."""
    return read_plan(content, filename) if is_small(content) else read_plan_bounded(content, filename)


def read_pasted(text: str) -> PlanTable:
    """The plan in pasted text: a table copied from Word, Excel or a site. Raises UnreadableFile."""
    if not text.strip():
        raise UnreadableFile("Вставьте таблицу плана вместе с заголовками колонок.", "empty")
    return read_document(read_pasted_text(text))
