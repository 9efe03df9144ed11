"""Text: rows of tab-separated cells, or one cell a line, or columns drawn with '|' or ';'.

Copying a table from Word, Excel or a site gives one of these. Line breaks inside cells survive quoting only when
Excel did the copying, so a broken row is put together again by the width of the head.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.table.cells import MAX_ROWS, Block, Cell, Document, Paragraph, Row, Table
from plans.table.headers import Head, find_head
from plans.table.readers.drawn import Record, drawn_records
from plans.table.readers.errors import UnreadableFile, too_large
from plans.table.readers.lines import read_cell_lines
from plans.table.words import fold, is_roman, item_number, split_number

MAX_TEXT = 4 * 1024 * 1024
MAX_CELLS = 100_000
MAX_LINES = 60_000

_BOOKMARK = re.compile(r"\[(?:bookmark|закладка): [^\]\n]{0,80}\]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|$)')
_ENCODINGS = ("cp1251", "koi8-r", "cp866")
_USUAL_SIGNS = frozenset("ёЁ№«»–—…“”„’")
_CELL_END = re.compile(r"[\t\n]")
_CONTINUES = re.compile(r"^[а-яёa-z(\-–—•·;,]")


def read_text(content: bytes) -> Document:
    """A text file in UTF-8, UTF-16 or the old Windows encoding. Raises UnreadableFile."""
    return read_pasted_text(_decode(content))


def read_pasted_text(text: str) -> Document:
    """Text as it was pasted or decoded. Raises UnreadableFile when it is far too long."""
    if len(text) > MAX_TEXT:
        raise too_large("Текст слишком велик.")
    text = _LINE_ENDS.sub("\n", text).replace("\x07", "\t")
    text = _BOOKMARK.sub("", text).replace("**", "").lstrip("\ufeff").replace("\x00", "")
    lines = text.split("\n")
    if any(line.count("\t") >= 2 for line in lines):
        return _document(list(_records(text)))
    if len(lines) > MAX_LINES:
        raise too_large("В тексте слишком много строк.")
    if any(line.startswith("\t") for line in lines):
        return Document("text", tuple(read_cell_lines(lines)))
    drawn = drawn_records(lines)
    if drawn is not None:
        return _document(drawn)
    return Document("text", tuple(Paragraph(line) for line in lines if line.strip()))


def _document(records: list[Record]) -> Document:
    if sum(len(record.cells) > 1 for record in records) > 2 * MAX_ROWS:
        raise too_large("В тексте слишком много строк.")
    return Document("text", tuple(_Rows(records).blocks()))


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    # Cyrillic letters of UTF-16 have a byte 4 each, which no other text has.
    if content.count(b"\x04") * 5 > len(content):
        return content.decode(
            "utf-16-le" if content[1::2].count(b"\x04") > len(content) // 10 else "utf-16-be", "replace"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        begins = {name: content[:20_000].decode(name, "replace") for name in _ENCODINGS}
    best = max(_ENCODINGS, key=lambda name: _russian(begins[name]))
    begin = begins[best]
    letters = sum(
        "а" <= char.lower() <= "я" or char in _USUAL_SIGNS or char.isspace() or char.isascii() for char in begin
    )
    if letters < 0.8 * len(begin) or b"\x00" in content:
        raise UnreadableFile(
            "Это не текст: портал не узнал кодировку. Сохраните файл как текст в кодировке UTF-8 "
            "или загрузите документ Word (.docx).",
            "encoding",
        )
    return content.decode(best, "replace")


def _russian(text: str) -> int:
    """How much a text looks like Russian: by its most frequent letters, small ones rather than capitals."""
    return sum(2 * (char in "оеаинтсрвлк") + ("а" <= char <= "я") + (char.lower() in "оеаинтсрвлк") for char in text)


def _records(text: str) -> Iterator[Record]:
    """Lines of tab-separated cells; a cell in double quotes may hold line breaks and tabs."""
    cells: list[str] = []
    position, count = 0, 0
    apart = quoted = False
    while position <= len(text):
        match = _QUOTED.match(text, position) if text[position : position + 1] == '"' else None
        if match and ("\n" in match[1] or "\t" in match[1] or '""' in match[1] or cells):
            cell, end = match[1].replace('""', '"'), match.end()
            quoted = True
        else:
            end = _cell_end(text, position)
            cell = text[position:end]
        cells.append(cell)
        count += 1
        if count > MAX_CELLS * 2:
            raise too_large("В тексте слишком много ячеек.")
        if text[end : end + 1] == "\t":
            position = end + 1
            continue
        if len(cells) == 1 and not cells[0].strip():
            apart = True
        else:
            yield Record(cells, apart, quoted)
            apart = False
        position, cells, quoted = end + 1, [], False


def _cell_end(text: str, position: int) -> int:
    found = _CELL_END.search(text, position)
    return found.start() if found else len(text)


@dataclass
class _Rows:
    """Puts records together into paragraphs and tables."""

    records: list[Record]
    _found: list[Block] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _head: Head | None = None
    _tables: int = 0
    _whole: bool = False

    def blocks(self) -> list[Block]:
        for position, record in enumerate(self.records):
            following = self.records[position + 1] if position + 1 < len(self.records) else None
            if len(record.cells) == 1:
                self._single(record, following)
            else:
                self._several(record)
        self._close()
        return self._found

    @property
    def _width(self) -> int:
        return max((len(row) for row in self._rows[:3]), default=0)

    def _single(self, record: Record, following: Record | None) -> None:
        text = record.cells[0]
        last = self._rows[-1] if self._rows else None
        if last is None or following is None or _is_head(following.cells):
            if last is not None and not record.apart and following is None and len(last) > 1:
                last[-1] += "\n" + text
                return
            self._close()
            self._found.append(Paragraph(text))
            return
        number, _ = split_number(text)
        heading = number is not None and (is_roman(number) or text.strip()[:1].isalpha())
        if not record.apart and not heading and len(last) > 1 and (len(last) < self._width or _CONTINUES.match(text)):
            last[-1] += "\n" + text
            return
        if len(following.cells) == 1 and record.apart and following.apart:
            self._close()
            self._found.append(Paragraph(text))
            return
        self._rows.append([text])

    def _several(self, record: Record) -> None:
        last = self._rows[-1] if self._rows else None
        if last is not None and _is_head(record.cells) and not self._same_head(record.cells):
            self._close()
        elif last is not None and self._broken(last, record):
            last[-1] += "\n" + record.cells[0]
            last.extend(record.cells[1:])
            return
        self._rows.append(list(record.cells))
        self._whole = record.whole

    def _broken(self, last: list[str], record: Record) -> bool:
        """Whether this line goes on inside a cell that a line break cut."""
        first = record.cells[0]
        return (
            not record.apart
            and not self._whole
            and 1 < len(last) < self._width
            and len(last) + len(record.cells) - 1 <= self._width
            and bool(first.strip())
            and item_number(first) is None
        )

    def _same_head(self, cells: list[str]) -> bool:
        return bool(self._rows) and [fold(cell) for cell in self._rows[0]] == [fold(cell) for cell in cells]

    def _close(self) -> None:
        if self._rows:
            self._tables += 1
            width = self._width
            rows = tuple(
                Row((Cell(row[0], width),) if len(row) == 1 else tuple(Cell(cell) for cell in row), number)
                for number, row in enumerate(self._rows, 1)
            )
            self._found.append(Table(rows, self._tables))
        self._rows = []


def _is_head(cells: list[str]) -> bool:
    if len(cells) < 2:
        return False
    return find_head(Table((Row(tuple(Cell(cell) for cell in cells), 1),), 1)) is not None
