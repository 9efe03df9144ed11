"""Excel workbooks: SpreadsheetML (ECMA-376 part 1, §18), every visible sheet a table.

Merged cells, numbers and days are read as a reader of the sheet sees them. A sheet is a stream of rows: a million
formatted empty ones below the plan cost time and no memory.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from plans.table.cells import MAX_ROWS, MAX_WIDTH, Cell, Document, Row, Table
from plans.table.readers.archive import Element, OfficeArchive
from plans.table.readers.errors import too_large
from plans.table.readers.numberformats import BUILT_IN, shown, written_day

MAX_CELLS = 100_000
MAX_COVERED = 500_000

_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
# Formatted cells and rows that hold nothing may be a million.
_NOTHING = (re.compile(rb'<c(?= )[^<>]* r="[^<>]*/>'), re.compile(rb'<row [^<>]*?(?<= )r="[^<>]*(?:/>|>\s*</row>)'))
_filled_cells = etree.XPath("*[*]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(content: bytes) -> Document:
    """The sheets of a workbook in their order. Raises UnreadableFile."""
    with OfficeArchive(content, ".xlsx") as archive:
        book = _Book.of(archive)
        tables: list[Table] = []
        for name, part in book.sheets:
            sheet = _Sheet(book)
            for element in archive.elements(part, "row", "col", "mergeCell", "autoFilter", sieve=_NOTHING):
                sheet.take(element)
            rows = tuple(sheet.rows())
            if rows:
                tables.append(Table(rows, len(tables) + 1, name))
    return Document("xlsx", tuple(tables), tuple(dict.fromkeys(book.remarks)))


@dataclass
class _Book:
    """What the sheets share: texts, number formats, the first day of its calendar."""

    sheets: list[tuple[str, str]]
    texts: list[str]
    formats: list[str]
    since_1904: bool
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, archive: OfficeArchive) -> "_Book":
        main = archive.main_part() or "xl/workbook.xml"
        root = archive.xml(main)
        parts = dict(archive.relations(main, "worksheet"))
        sheets = [
            (sheet.get("name", ""), part)
            for sheet in root.iterfind("{*}sheets/{*}sheet")
            if sheet.get("state", "visible") == "visible" and (part := parts.get(_relation(sheet))) is not None
        ]
        settings = root.find("{*}workbookPr")
        texts, styles = archive.related(main, "sharedStrings"), archive.related(main, "styles")
        return cls(
            sheets,
            [_text_of(item) for item in archive.elements(texts, "si")] if texts else [],
            list(_formats(archive.xml(styles))) if styles else [],
            settings is not None and settings.get("date1904") in {"1", "true"},
        )

    def text(self, cell: Element) -> str:
        """What a cell shows."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return _text_of(inline) if inline is not None else ""
        value = cell.findtext("{*}v") or ""
        if not value:
            if cell.find("{*}f") is not None and kind != "str":
                self.remarks.append("formulas_without_values")
            return ""
        if kind == "s":
            return self.texts[int(value)] if _is_index(value) and int(value) < len(self.texts) else ""
        if kind == "b":
            return "да" if value == "1" else "нет"
        if kind == "d":
            return _iso_day(value)
        return self._number(value, cell.get("s", "")) if kind == "n" else _unescaped(value)

    def _number(self, value: str, style: str) -> str:
        index = int(style) if _is_index(style) else 0
        number_format = self.formats[index] if index < len(self.formats) else "General"
        try:
            return shown(float(value), number_format, since_1904=self.since_1904)
        except ValueError:
            return value


@dataclass
class _Line:
    texts: dict[int, str]
    hidden: bool
    grouped: bool


@dataclass(frozen=True)
class _Area:
    """Merged cells from the first row and column to the last, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class _Sheet:
    book: _Book
    _lines: dict[int, _Line] = field(default_factory=dict)
    _hidden: set[int] = field(default_factory=set)
    _areas: list[_Area] = field(default_factory=list)
    _filter: _Area | None = None
    _last: int = 0
    _cells: int = 0

    def take(self, element: Element) -> None:
        """One element of the sheet, in the order of its file."""
        tag = element.tag.rpartition("}")[2]
        if tag == "row":
            self._row(element)
        elif tag == "col":
            if _is_on(element, "hidden") and not _grouped(element):
                first, last = _number_of(element, "min"), _number_of(element, "max")
                self._hidden.update(range(max(first, 1), min(last, MAX_WIDTH) + 1))
        elif area := _area(element.get("ref", "")):
            if tag == "mergeCell":
                self._areas.append(area)
            else:
                self._filter = area

    def rows(self) -> Iterator[Row]:
        """The rows that say something, without what is hidden, each as wide as the widest."""
        lines = {number: line for number, line in sorted(self._lines.items()) if self._is_seen(number, line)}
        written = {column for line in lines.values() for column in line.texts}
        if written & self._hidden:
            self.book.remarks.append("hidden_cells")
        width = max(written - self._hidden, default=0)
        columns = [column for column in range(1, width + 1) if column not in self._hidden]
        covered = self._covered(list(lines), columns)
        for number, line in lines.items():
            cells = tuple(_cells(line, columns, covered.get(number, {})))
            if any(not cell.blank for cell in cells):
                yield Row(cells, number)

    def _row(self, row: Element) -> None:
        self._last = _number_of(row, "r") or self._last + 1
        texts: dict[int, str] = {}
        for cell in _filled_cells(row):
            place = _PLACE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else row.index(cell) + 1
            if text := self.book.text(cell).strip():
                if column > MAX_WIDTH:
                    self.book.remarks.append("table_cut")
                    break
                texts[column] = text
        if not texts:
            return
        self._cells += len(texts)
        if self._cells > MAX_CELLS or len(self._lines) > MAX_ROWS:
            raise too_large("В книге слишком большие таблицы.")
        self._lines[self._last] = _Line(texts, _is_on(row, "hidden"), _grouped(row))

    def _is_seen(self, number: int, line: _Line) -> bool:
        """Whether a row belongs to the plan: a filter and a folded group hide rows for a while only."""
        if not line.hidden:
            return True
        filtered = self._filter is not None and self._filter.top < number <= self._filter.bottom
        self.book.remarks.append("filtered_rows" if filtered or line.grouped else "hidden_cells")
        return filtered or line.grouped

    def _covered(self, numbers: Sequence[int], columns: Sequence[int]) -> dict[int, dict[int, tuple[int, bool, int]]]:
        """Row → column → how many columns a cell spans there, whether it goes on from above, where its text stands."""
        covered: dict[int, dict[int, tuple[int, bool, int]]] = {}
        left = MAX_COVERED
        for area in self._areas:
            inside = columns[bisect_left(columns, area.left) : bisect_left(columns, area.right + 1)]
            reached = numbers[bisect_left(numbers, area.top) : bisect_left(numbers, area.bottom + 1)]
            left -= len(inside) * len(reached)
            if left < 0:
                raise too_large("В книге слишком много объединённых ячеек.")
            for number in reached:
                spans = covered.setdefault(number, {})
                for position, column in enumerate(inside):
                    spans[column] = (0 if position else len(inside), number > area.top, area.left)
        return covered


def _cells(line: _Line, columns: Sequence[int], covered: dict[int, tuple[int, bool, int]]) -> Iterator[Cell]:
    for column in columns:
        span, goes_on, source = covered.get(column, (1, False, column))
        if span:
            yield Cell("" if goes_on else line.texts.get(source, ""), span, goes_on)


def _formats(styles: Element) -> Iterator[str]:
    own = {
        _number_of(given, "numFmtId"): given.get("formatCode", "") for given in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    for given in styles.iterfind("{*}cellXfs/{*}xf"):
        number = _number_of(given, "numFmtId")
        yield own.get(number) or BUILT_IN.get(number, "General")


def _text_of(item: Element) -> str:
    """A text with its formatted pieces; how it is pronounced (rPh) is no part of it."""
    pieces = [text.text or "" for text in item.iterfind("{*}t")] + [
        text.text or "" for text in item.iterfind("{*}r/{*}t")
    ]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").replace("\r", "")


def _iso_day(value: str) -> str:
    try:
        return written_day(datetime.fromisoformat(value))
    except ValueError:
        return value


def _relation(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _area(reference: str) -> _Area | None:
    first, _, last = reference.replace("$", "").partition(":")
    start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    return _Area(int(start[2]), _column(start[1]), int(end[2]), _column(end[1])) if start and end else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number_of(element: Element, name: str) -> int:
    value = element.get(name, "")
    return int(value) if _is_index(value) else 0


def _is_index(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 9


def _is_on(element: Element, name: str) -> bool:
    return element.get(name) in {"1", "true"}


def _grouped(element: Element) -> bool:
    return element.get("outlineLevel", "0") != "0"
