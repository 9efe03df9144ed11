"""Tables as Word, Excel, LibreOffice, Google and web pages put them on the clipboard.

The text comes from a browser and is anybody's: it is read as a stream of tags without a tree, nothing is fetched,
entities of its own are unknown, and what is deeper or larger than a plan can be is refused or read as plain text.
"""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from plans.table.cells import Document
from plans.table.readers.errors import too_large
from plans.table.readers.grid import Grid, GridCell, document_of
from plans.table.readers.numbering import written_number

MAX_HTML = 8 * 1024 * 1024
MAX_CELLS = 100_000
MAX_SPAN = 200
MAX_NESTED = 12

_UNSEEN = {
    "style", "script", "title", "xml", "template", "noscript", "svg", "math", "object", "iframe", "select",
    "textarea", "button", "del", "audio", "video", "canvas",
}  # fmt: skip
_LINES = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "hr",
    "section", "article", "header", "footer", "main", "nav", "aside", "figure", "figcaption", "address", "form",
    "fieldset", "center", "caption", "details", "summary", "body",
}  # fmt: skip
_EMPTY = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "param", "source", "track"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*(?:hidden|collapse)")
_LIST_MARK = re.compile(r"mso-list\s*:\s*ignore")
_NOTE = re.compile(r"ftn|footnote|endnote|edn\d|cite_(?:note|ref)")
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?(decimal|lower-alpha|upper-alpha|lower-latin|upper-latin"
                         r"|lower-roman|upper-roman|none|disc|circle|square)")  # fmt: skip
_SMALL = re.compile(r"[0-9]{1,6}")
_NUMBER_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "decimal": "decimal", "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
}  # fmt: skip


def holds_table(html: str) -> bool:
    """Whether there is a table in it at all; the rest of a clipboard says nothing that its plain text does not."""
    return re.search(r"<table[\s>]", html[:MAX_HTML], re.IGNORECASE) is not None


def read_html(html: str) -> Document:
    """The paragraphs and tables of a piece of HTML. Raises UnreadableFile when it is far too large."""
    if len(html) > MAX_HTML:
        raise too_large("Вставленная таблица слишком велика.")
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, remove_comments=True, no_network=True, encoding="utf-8")
    # A parser that gives up (tags a thousand deep) has told what it read until then.
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.feed(html.replace("\x00", "").encode("utf-8", "replace"))
        parser.close()
    return document_of("html", reader.finished())


@dataclass
class _List:
    """The counter of an ordered list; others have no `style`."""

    style: str | None
    count: int = 0


@dataclass
class _Room:
    """How many cells the whole piece may still have, those that spans repeat included."""

    left: int = MAX_CELLS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise too_large("Вставленная таблица слишком велика.")


@dataclass
class _OpenTable:
    """A table being read. `below` says where rowspans reach down: column → rows left, width."""

    room: _Room
    grid: Grid = field(default_factory=Grid)
    row: list[GridCell] | None = None
    line: int = 0
    below: dict[int, tuple[int, int]] = field(default_factory=dict)
    width: int = 0
    in_cell: bool = False

    def open_row(self) -> None:
        self.close_row()
        self.line += 1
        self.row, self.width = [], 0

    def open_cell(self, span: int, rows: int) -> GridCell:
        if self.row is None:
            self.open_row()
        self._fill()
        cell = GridCell(span=span)
        if rows > 1:
            self.below[self.width] = (rows, span)
        self._add(cell)
        return cell

    def close_row(self, *, hidden: bool = False) -> None:
        if self.row is None:
            return
        for column in sorted(self.below):
            if column > self.width:
                self._add(GridCell(span=column - self.width))
            self._fill()
        self.below = {column: (left - 1, span) for column, (left, span) in self.below.items() if left > 1}
        if not hidden:
            self.grid.rows.append((self.line, self.row))
        self.row = None

    def _fill(self) -> None:
        while self.width in self.below:
            self._add(GridCell(span=self.below[self.width][1], merged=True))

    def _add(self, cell: GridCell) -> None:
        assert self.row is not None
        self.room.take()
        self.row.append(cell)
        self.width += cell.span


class _Reader:
    """What lxml tells tag by tag."""

    def __init__(self) -> None:
        self._parts: list[str | Grid] = []
        self._tables: list[_OpenTable] = []
        self._sinks: list[list[str | Grid]] = [self._parts]
        self._lists: list[_List] = []
        self._line: list[str] = []
        self._label = ""
        self._unseen = 0
        self._depth = 0
        self._mark: tuple[int, int] | None = None
        self._room = _Room()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._unseen or self._is_unseen(tag, attributes):
            self._unseen += 1
            if self._unseen == 1 and tag == "tr" and self._tables:
                self._break()
                self._tables[-1].open_row()
                self._tables[-1].close_row(hidden=True)
        elif tag == "span":
            if _LIST_MARK.search(attributes.get("style", "").lower()):
                self._mark = self._depth, len(self._line)
        elif tag == "br":
            self._line.append("\n")
        elif tag == "table":
            self._open_table()
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1].open_row()
        elif tag in {"td", "th"} and self._tables:
            self._open_cell(attributes)
        elif tag == "li":
            self._break()
            self._label = self._next_label(attributes)
        elif tag in _LINES:
            self._break()
            if tag in {"ol", "ul"}:
                self._lists.append(_list(tag, attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._mark and self._mark[0] > self._depth:
            self._end_mark(self._mark[1])
        if self._unseen:
            self._unseen -= 1
        elif tag == "table" and self._tables:
            self._close_table()
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1].close_row()
        elif tag in {"td", "th"}:
            self._close_cell()
        elif tag in _LINES or tag == "li":
            self._break()
            if tag == "li" and self._label:  # an item without words still shows its number
                self._sinks[-1].append(self._label)
                self._label = ""
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()

    def data(self, text: str) -> None:
        if not self._unseen:
            self._line.append(_BLANKS.sub(" ", text))

    def close(self) -> None:
        """Nothing to hand over: `finished` has it."""

    def finished(self) -> list[str | Grid]:
        while self._tables:
            self._close_table()
        self._break()
        return self._parts

    @staticmethod
    def _is_unseen(tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _UNSEEN or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "").lower()):
            return True
        if tag == "a":
            target = attributes.get("href", "")
            return target.startswith("#") and _NOTE.search(target.lower()) is not None
        return tag in {"span", "sup"} and "NoteReference" in attributes.get("class", "").replace("note", "Note")

    def _open_table(self) -> None:
        self._break()
        if len(self._tables) == MAX_NESTED:
            raise too_large("Вставленная таблица устроена слишком сложно.")
        self._tables.append(_OpenTable(self._room))

    def _close_table(self) -> None:
        self._close_cell()
        table = self._tables.pop()
        table.close_row()
        self._sinks[-1].append(table.grid)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._close_cell()
        table = self._tables[-1]
        cell = table.open_cell(_count(attributes.get("colspan")), _count(attributes.get("rowspan")))
        self._sinks.append(cell.content)
        table.in_cell = True

    def _close_cell(self) -> None:
        """Ends the cell that the innermost table has open, if any."""
        self._break()
        if self._tables and self._tables[-1].in_cell:
            self._sinks.pop()
            self._tables[-1].in_cell = False

    def _break(self) -> None:
        """Ends a line; its label is that of the list item which it begins."""
        text = "\n".join(line.strip(" ") for line in "".join(self._line).split("\n"))
        self._line.clear()
        if text.strip():
            self._sinks[-1].append(self._label + text.strip("\n"))
            self._label = ""

    def _end_mark(self, begin: int) -> None:
        """Word writes out the number of a list item; its bullets are letters of symbol fonts."""
        self._mark = None
        mark = "".join(self._line[begin:])
        if mark.strip() == "o" or not any(map(str.isalnum, mark)):
            self._line[begin:] = ["• "]

    def _next_label(self, attributes: Mapping[str, str]) -> str:
        given = self._lists[-1] if self._lists else _List(None)
        style = _style(attributes, given.style)
        if style is None:
            return "• "
        value = attributes.get("value", "")
        given.count = int(value) if _SMALL.fullmatch(value) else given.count + 1
        return f"{written_number(given.count, style)}. "


def _list(tag: str, attributes: Mapping[str, str]) -> _List:
    first = attributes.get("start", "")
    style = _style(attributes, "decimal") if tag == "ol" else None
    return _List(style, int(first) - 1 if _SMALL.fullmatch(first) else 0)


def _style(attributes: Mapping[str, str], otherwise: str | None) -> str | None:
    named = _LIST_STYLE.search(attributes.get("style", "").lower())
    return _NUMBER_FORMATS.get(named[1] if named else attributes.get("type", ""), None if named else otherwise)


def _count(value: str | None) -> int:
    """A colspan or rowspan; what is no number of cells is 1, as browsers have it."""
    return min(max(int(value), 1), MAX_SPAN) if value and _SMALL.fullmatch(value.strip()) else 1
