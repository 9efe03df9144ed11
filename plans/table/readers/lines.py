"""Text with one cell a line: a tab begins a cell, a blank line may end a row or may stand inside a cell.

Word's plain-text export looks so. Which blank line ends a row is decided by the width of the head, by item
numbers at the start of a row, and by what follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.table.cells import Block, Cell, Paragraph, Row, Table
from plans.table.headers import Head, find_head
from plans.table.words import is_roman, item_number, split_number


@dataclass
class _Piece:
    """A cell or a run of lines outside cells; `blanks` counts the blank lines before it."""

    is_cell: bool
    text: str
    blanks: int


def read_cell_lines(lines: list[str]) -> list[Block]:
    return _Assembler(list(_pieces(lines))).blocks()


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    held: _Piece | None = None
    blanks = 0
    for line in lines:
        if line.startswith("\t"):
            if held is not None:
                yield held
            held = _Piece(True, line[1:], blanks)
        elif not line.strip():
            blanks += 1
            continue
        elif held is not None and blanks == 0:
            held.text += "\n" + line
        else:
            if held is not None:
                yield held
            held = _Piece(False, line, blanks)
        blanks = 0
    if held is not None:
        yield held


@dataclass
class _Assembler:
    pieces: list[_Piece]
    _found: list[Block] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _head: Head | None = None
    _tables: int = 0

    def blocks(self) -> list[Block]:
        for position, piece in enumerate(self.pieces):
            if piece.is_cell:
                self._cell(position, piece)
            else:
                self._text(position, piece)
        self._close()
        return self._found

    @property
    def _width(self) -> int:
        return len(self._rows[0]) if self._rows else 0

    def _cell(self, position: int, piece: _Piece) -> None:
        if not self._rows:
            self._rows.append([piece.text])
        elif not piece.blanks:
            self._rows[-1].append(piece.text)
        elif self._starts_table(position):
            self._close()
            self._rows.append([piece.text])
        elif self._starts_row(position, piece):
            self._rows.append([piece.text])
        else:
            self._rows[-1].append(piece.text)

    def _starts_row(self, position: int, piece: _Piece) -> bool:
        """Whether the blank line before this cell ends a row."""
        current = self._rows[-1]
        if len(self._rows) == 1 or len(current) >= self._width:
            return True
        head = self._head_of_table()
        if head is None or head.of("number"):
            number = split_number(piece.text)[0]
            if item_number(piece.text) is not None or is_roman(number):
                return True
            return False
        return len(current) + self._block_length(position) > self._width

    def _starts_table(self, position: int) -> bool:
        return len(self._rows) > 1 and self._head_at(position) and not self._repeats_head(position)

    def _text(self, position: int, piece: _Piece) -> None:
        following = next((n for n in range(position + 1, len(self.pieces)) if self.pieces[n].is_cell), None)
        inside = bool(self._rows) and len(self._rows) > 1
        if inside and following is not None and not self._head_at(following):
            complete = len(self._rows[-1]) >= self._width or len(self._rows[-1]) == 1
            number = split_number(piece.text)[0]
            if complete and (is_roman(number) or piece.blanks > 1):
                self._rows.append([piece.text])
            else:
                self._rows[-1][-1] += "\n" + piece.text
            return
        if inside and following is None and 1 < len(self._rows[-1]) < self._width:
            self._rows[-1][-1] += "\n" + piece.text
            return
        self._close()
        self._found.extend(Paragraph(line) for line in piece.text.split("\n"))

    def _block_length(self, position: int) -> int:
        count = 1
        for piece in self.pieces[position + 1 :]:
            if not piece.is_cell or piece.blanks:
                break
            count += 1
        return count

    def _block(self, position: int) -> list[str]:
        return [piece.text for piece in self.pieces[position : position + self._block_length(position)]]

    def _head_at(self, position: int) -> bool:
        cells = self._block(position)
        return len(cells) >= 2 and find_head(_one_row(cells)) is not None

    def _repeats_head(self, position: int) -> bool:
        return [cell.split() for cell in self._block(position)] == [cell.split() for cell in self._rows[0]]

    def _head_of_table(self) -> Head | None:
        if self._head is None and self._rows:
            self._head = find_head(_one_row(self._rows[0]))
        return self._head

    def _close(self) -> None:
        if self._rows:
            self._tables += 1
            width = max(self._width, 1)
            rows = tuple(
                Row((Cell(row[0], width),) if len(row) == 1 else tuple(Cell(cell) for cell in row), number)
                for number, row in enumerate(self._rows, 1)
            )
            self._found.append(Table(rows, self._tables))
        self._rows = []
        self._head = None


def _one_row(cells: list[str]) -> Table:
    return Table((Row(tuple(Cell(cell) for cell in cells), 1),), 1)
