"""Small documents of our own wording, built for one trait each."""

import io
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import docx
import openpyxl
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table

from plans.table import PlanTable, read_pasted, read_plan

HEAD = ("№ п/п", "Наименование мероприятия", "Срок исполнения", "Ответственный исполнитель")
ROWS = (
    ("1", "Составление перечня библиотек", "до 1 февраля 2027 года", "Отдел культуры"),
    ("2", "Опрос посетителей библиотек", "май 2027 года", "Общественный совет"),
    ("3", "Утверждение рейтинга библиотек", "IV квартал 2027 года", "Общественный совет"),
)


def word(*rows: Sequence[str], above: Sequence[str] = (), change: Callable[[Table], None] | None = None) -> bytes:
    """A .docx with one table; `change` may merge cells and the like."""
    document = docx.Document()
    for text in above:
        document.add_paragraph(text)
    add_table(document, rows, change)
    return saved(document)


def add_table(
    document: WordDocument, rows: Sequence[Sequence[str]], change: Callable[[Table], None] | None = None
) -> Table:
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    for line, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(line, column).text = text
    if change:
        change(table)
    return table


def saved(document: WordDocument) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def excel(rows: Sequence[Sequence[object]], merged: Sequence[str] = (), sheet: str = "План") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def from_word(content: bytes) -> PlanTable:
    return read_plan(content, "план.docx")


def from_text(*rows: Sequence[str], above: Sequence[str] = ()) -> PlanTable:
    """Pasted tab-separated rows."""
    return read_pasted("\n".join([*above, *("\t".join(row) for row in rows)]))


def brief(plan: PlanTable) -> list[tuple[str | None, str, str, tuple[str, ...]]]:
    return [(row.number, row.title, row.deadline_text, row.responsible) for row in plan.activities]


def codes(plan: PlanTable) -> list[str]:
    return [finding.code for finding in plan.findings]


def run(text: str, kind: str = "") -> object:
    """A run of text as an element; `kind` wraps it ('ins', 'del')."""
    tag = "w:delText" if kind == "del" else "w:t"
    inner = f"<w:r><{tag} xml:space='preserve'>{escape(text)}</{tag}></w:r>"
    spaces = nsdecls("w")
    if kind:
        return parse_xml(f"<w:{kind} {spaces} w:id='1' w:author='a' w:date='2026-01-01T00:00:00Z'>{inner}</w:{kind}>")
    return parse_xml(f"<w:r {spaces}><w:t xml:space='preserve'>{escape(text)}</w:t></w:r>")


__all__ = [
    "HEAD",
    "ROWS",
    "add_table",
    "brief",
    "codes",
    "excel",
    "from_text",
    "from_word",
    "qn",
    "run",
    "saved",
    "word",
]
