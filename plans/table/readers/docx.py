"""Word documents: WordprocessingML (ECMA-376 part 1, §17) to paragraphs and tables.

Tracked changes are read as if accepted; nested tables become lines of their cell, unless the outer table only
lays out the page; numbers and bullets that Word computes are put into the text, as a reader sees them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.table.cells import Document
from plans.table.readers.archive import Element, OfficeArchive
from plans.table.readers.errors import broken, too_large
from plans.table.readers.grid import Grid, GridCell, document_of
from plans.table.readers.numbering import Numbering
from plans.table.readers.runs import DELETED, MC, RunText, W, is_mark_deleted, is_on

MAX_CELLS = 100_000
MAX_DEPTH = 40

_TRANSPARENT = frozenset({f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"})


def read_docx(content: bytes) -> Document:
    """The document in reading order. Raises UnreadableFile."""
    with OfficeArchive(content, ".docx") as archive:
        main = archive.main_part() or "word/document.xml"
        body = archive.xml(main).find(f"{W}body")
        if body is None:
            raise broken(".docx")
        numbering = Numbering.of(archive, main)
    _empty_placeholders(body)
    reader = _Reader(numbering)
    try:
        return document_of("docx", list(reader.parts(body)), reader.remarks)
    except RecursionError:
        raise broken(".docx") from None


@dataclass
class _Reader:
    numbering: Numbering
    runs: RunText = field(default_factory=RunText)
    _cells: int = 0
    _depth: int = 0

    @property
    def remarks(self) -> list[str]:
        return self.runs.remarks

    def parts(self, parent: Element, *, boxes: bool = True) -> Iterator[str | Grid]:
        """Lines and tables of the body or of a cell; `boxes` reads text boxes that are anchored there too."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise broken(".docx")
        carried = ""
        for child in _content(parent):
            if child.tag == f"{W}p":
                text = self.runs.of(child)
                if is_mark_deleted(child):
                    carried += text
                else:
                    yield self.numbering.label(child.find(f"{W}pPr")) + carried + text
                    carried = ""
                if boxes:
                    yield from self._boxes(child)
            elif child.tag == f"{W}tbl":
                yield self._table(child)
        if carried:
            yield carried
        self._depth -= 1

    def _boxes(self, paragraph: Element) -> Iterator[str | Grid]:
        """What stands in text boxes; each is stored twice, as a choice and a fallback."""
        for box in paragraph.iter(f"{W}txbxContent"):
            if next(box.iterancestors(f"{MC}Fallback", f"{W}txbxContent"), None) is None:
                yield from self.parts(box)

    def _table(self, table: Element) -> Grid:
        grid = Grid()
        above: set[int] = set()
        for row in _content(table):
            if row.tag != f"{W}tr" or self._is_left_out(row):
                continue
            cells = list(self._row(row, above))
            grid.rows.append((len(grid.rows) + 1, cells))
        return grid

    def _is_left_out(self, row: Element) -> bool:
        properties = row.find(f"{W}trPr")
        if properties is None:
            return False
        if properties.find(f"{W}del") is not None:
            self.remarks.append("tracked_changes")
            return True
        if is_on(properties.find(f"{W}hidden")):
            self.remarks.append("hidden_text")
            return True
        return False

    def _row(self, row: Element, above: set[int]) -> Iterator[GridCell]:
        """The cells of a row; `above` holds the columns in which the row before is part of a vertical merge."""
        properties = row.find(f"{W}trPr")
        before, after = _integer(properties, "gridBefore"), _integer(properties, "gridAfter")
        column = before
        merges: set[int] = set()
        if before:
            yield GridCell(span=before)
        held: GridCell | None = None
        for element in _content(row):
            if element.tag != f"{W}tc":
                continue
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise too_large("В документе слишком большие таблицы.")
            given = element.find(f"{W}tcPr")
            if given is not None and given.find(f"{W}cellDel") is not None:
                self.remarks.append("tracked_changes")
                continue
            span = _integer(given, "gridSpan") or 1
            if held is not None and _merge(given, "hMerge") == "continue":
                held.span += span
            else:
                if held is not None:
                    yield held
                held = self._cell(element, span, _merge(given, "vMerge"), goes_on=column in above)
                if _merge(given, "vMerge"):
                    merges.add(column)
            column += span
        above.clear()
        above.update(merges)
        if held is not None:
            yield held
        if after:
            yield GridCell(span=after)

    def _cell(self, element: Element, span: int, merge: str, *, goes_on: bool) -> GridCell:
        content = list(self.parts(element, boxes=False))
        # A merge that goes on from nothing is a cell of its own when it says something.
        if merge == "continue" and (goes_on or not any(isinstance(part, Grid) or part.strip() for part in content)):
            return GridCell([], span, merged=True)
        return GridCell(content, span)


def _content(parent: Element) -> Iterator[Element]:
    """Children, looking through content controls, accepted insertions and smart tags."""
    for child in parent:
        if child.tag in DELETED:
            continue
        if child.tag == f"{W}sdt":
            for content in child.iterfind(f"{W}sdtContent"):
                yield from _content(content)
        elif child.tag in _TRANSPARENT:
            yield from _content(child)
        else:
            yield child


def _empty_placeholders(body: Element) -> None:
    """«Место для ввода текста» of content controls that nobody filled in is no text of the document."""
    for control in body.iter(f"{W}sdt"):
        if is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr")):
            for text in control.iter(f"{W}t"):
                text.text = ""


def _merge(properties: Element | None, name: str) -> str:
    """'restart', 'continue' or '' of a vMerge or hMerge."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return "" if found is None else "restart" if found.get(f"{W}val") == "restart" else "continue"


def _integer(properties: Element | None, name: str) -> int:
    """A small positive number of a property, 0 when it is absent or nonsense."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    value = found.get(f"{W}val", "") if found is not None else ""
    return min(int(value), 200) if value.isascii() and value.isdigit() and len(value) < 6 else 0
