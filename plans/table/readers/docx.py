"""Word documents: WordprocessingML (ECMA-376 part 1, §17) to paragraphs and tables.

Tracked changes are read as if accepted; nested tables become lines of their cell, unless the outer table only
lays out the page; numbers and bullets that Word computes are put into the text, as a reader sees them.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plans.table.cells import Block, Cell, Document, Paragraph, Row, Table
from plans.table.readers.archive import OfficeArchive
from plans.table.readers.errors import broken, too_large
from plans.table.readers.numbering import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

MAX_CELLS = 100_000
MAX_DEPTH = 40

_DELETED = {f"{W}del", f"{W}moveFrom"}
_SILENT = {f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}pict", f"{W}drawing", f"{W}object",
           f"{W}txbxContent", f"{MC}AlternateContent", f"{W}footnoteReference", f"{W}endnoteReference"}  # fmt: skip
_CHARACTERS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}


def read_docx(content: bytes) -> Document:
    """The document in reading order. Raises UnreadableFile."""
    with OfficeArchive(content, ".docx") as archive:
        root = archive.xml("word/document.xml")
        body = root.find(f"{W}body")
        if body is None:
            raise broken(".docx")
        numbering = Numbering.of(archive)
    try:
        return _Reader(numbering).document(body)
    except RecursionError:
        raise broken(".docx") from None


class _Reader:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._tables = 0
        self._cells = 0
        self._remarks: list[str] = []

    def document(self, body: Element) -> Document:
        blocks = tuple(self._blocks(body, 0))
        return Document("docx", blocks, tuple(dict.fromkeys(self._remarks)))

    def _blocks(self, parent: Element, depth: int) -> Iterator[Block]:
        if depth > MAX_DEPTH:
            raise broken(".docx")
        for child in _content(parent):
            if child.tag == f"{W}p":
                yield Paragraph(self._paragraph(child))
                yield from self._boxed_tables(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)

    def _boxed_tables(self, paragraph: Element, depth: int) -> Iterator[Block]:
        """Tables that stand in a text box; each box is stored twice, as a choice and a fallback."""
        for choice in paragraph.iter(f"{MC}Choice"):
            for box in choice.iter(f"{W}txbxContent"):
                if box.find(f".//{W}tbl") is not None:
                    yield from self._blocks(box, depth + 1)

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        if self._lays_out(table):
            for row in _rows(table):
                for cell in _cells(row):
                    yield from self._blocks(cell, depth + 1)
            return
        self._tables += 1
        index = self._tables
        if table.find(f".//{W}tc//{W}tbl") is not None:
            self._remarks.append("nested_table")
        rows = tuple(Row(tuple(self._row(row, depth)), number) for number, row in enumerate(self._kept(table), 1))
        yield Table(rows, index)

    def _kept(self, table: Element) -> Iterator[Element]:
        """Rows but those that a tracked change deletes."""
        for row in _rows(table):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self._remarks.append("tracked_changes")
                continue
            yield row

    def _lays_out(self, table: Element) -> bool:
        """Whether the table is only a frame around a wider one."""
        inner = [found for cell in table.iter(f"{W}tc") for found in cell.findall(f"{W}tbl")]
        if not inner:
            return False
        widest = max(len(list(_cells(row))) for found in inner for row in _rows(found) or [Element("none")])
        return widest >= 3 and all(sum(bool(_has_text(cell)) for cell in _cells(row)) <= 1 for row in _rows(table))

    def _row(self, row: Element, depth: int) -> Iterator[Cell]:
        properties = row.find(f"{W}trPr")
        before = _integer(properties, "gridBefore")
        if before:
            yield Cell(span=before)
        held: Cell | None = None
        for element in _cells(row):
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise too_large("В документе слишком большие таблицы.")
            given = element.find(f"{W}tcPr")
            if given is not None and given.find(f"{W}cellDel") is not None:
                self._remarks.append("tracked_changes")
                continue
            span = _integer(given, "gridSpan") or 1
            legacy = given.find(f"{W}hMerge") if given is not None else None
            if legacy is not None and legacy.get(f"{W}val") != "restart" and held is not None:
                held = Cell(held.text, held.span + span, held.merged)
                continue
            if held is not None:
                yield held
            merge = given.find(f"{W}vMerge") if given is not None else None
            merged = merge is not None and merge.get(f"{W}val", "continue") != "restart"
            held = Cell("" if merged else self._cell(element, depth), span, merged)
        if held is not None:
            yield held
        after = _integer(properties, "gridAfter")
        if after:
            yield Cell(span=after)

    def _cell(self, cell: Element, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise broken(".docx")
        lines = []
        for child in _content(cell):
            if child.tag == f"{W}p":
                lines.append(self._paragraph(child))
            elif child.tag == f"{W}tbl":
                for row in self._kept(child):
                    inner = [self._cell(found, depth + 1) for found in _cells(row)]
                    lines.append(" ".join(text for text in inner if text.strip()))
        return "\n".join(lines)

    def _paragraph(self, paragraph: Element) -> str:
        text = "".join(self._characters(paragraph))
        properties = paragraph.find(f"{W}pPr")
        mark = properties.find(f"{W}rPr/{W}del") if properties is not None else None
        if mark is not None and not text.strip():
            return ""
        return self._numbering.label(properties) + text

    def _characters(self, parent: Element) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag in _DELETED or tag == f"{W}ins":
                self._remarks.append("tracked_changes")
            if tag in _DELETED or tag in _SILENT:
                continue
            if tag == f"{W}t":
                yield child.text or ""
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag == f"{W}sym":
                yield "•"
            elif tag == f"{W}r" and child.find(f"{W}rPr/{W}vanish") is not None:
                continue
            else:
                yield from self._characters(child)


def _content(parent: Element) -> Iterator[Element]:
    """Children, looking through content controls, accepted insertions and smart tags."""
    for child in parent:
        if child.tag in _DELETED:
            continue
        if child.tag == f"{W}sdt":
            for content in child.findall(f"{W}sdtContent"):
                yield from _content(content)
        elif child.tag in {f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}:
            yield from _content(child)
        else:
            yield child


def _rows(table: Element) -> list[Element]:
    return [child for child in _content(table) if child.tag == f"{W}tr"]


def _cells(row: Element) -> list[Element]:
    return [child for child in _content(row) if child.tag == f"{W}tc"]


def _has_text(cell: Element) -> bool:
    return any((text.text or "").strip() for text in cell.iter(f"{W}t"))


def _integer(properties: Element | None, name: str) -> int:
    """A small positive number of a property, 0 when it is absent or nonsense."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    value = found.get(f"{W}val", "") if found is not None else ""
    return min(int(value), 200) if value.isascii() and value.isdigit() else 0
