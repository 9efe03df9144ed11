"""Tables within tables, flattened: a table that only lays out a page gives way to what stands in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from plans.table.cells import Block, Cell, Document, Kind, Paragraph, Row, Table

TABLE_WIDTH = 3


@dataclass
class GridCell:
    """What stands in a cell, in reading order: lines of text and tables."""

    content: list["str | Grid"] = field(default_factory=list)
    span: int = 1
    merged: bool = False


@dataclass
class Grid:
    """A table as its file has it; each row with its place, because a reader counts hidden and empty rows too."""

    rows: list[tuple[int, list[GridCell]]] = field(default_factory=list)

    @property
    def nested(self) -> list["Grid"]:
        return [part for _, row in self.rows for cell in row for part in cell.content if isinstance(part, Grid)]


def document_of(kind: Kind, parts: list[str | Grid], remarks: Iterable[str] = ()) -> Document:
    """Paragraphs and tables in reading order, tables numbered as a reader meets them."""
    blocks: list[Block] = []
    tables: list[Grid] = []
    for part in _unwrapped(parts):
        if isinstance(part, str):
            if part.strip():
                blocks.append(Paragraph(part))
        else:
            tables.append(part)
            rows = (Row(tuple(_cell(cell) for cell in cells), line) for line, cells in part.rows if cells)
            blocks.append(Table(tuple(rows), len(tables)))
    nested = ["nested_table"] if any(table.nested for table in tables) else []
    return Document(kind, tuple(blocks), tuple(dict.fromkeys([*remarks, *nested])))


def _unwrapped(parts: list[str | Grid]) -> Iterator[str | Grid]:
    for part in parts:
        if isinstance(part, Grid) and _only_lays_out(part):
            for _, row in part.rows:
                for cell in row:
                    yield from _unwrapped(cell.content)
        else:
            yield part


def _only_lays_out(grid: Grid) -> bool:
    """Whether a table is only a frame around wider ones: a page's layout and no table of a plan's lines."""
    nested = grid.nested
    if not any(len(row) >= TABLE_WIDTH for inner in nested for _, row in inner.rows) and not any(
        _only_lays_out(inner) for inner in nested
    ):
        return False
    filled = [sum(any(map(_length, cell.content)) for cell in row) for _, row in grid.rows]
    if sum(count >= TABLE_WIDTH for count in filled) > 1:
        return False
    return max(filled) <= 1 or 2 * sum(map(_length, nested)) > _length(grid)


def _length(part: str | Grid) -> int:
    if isinstance(part, str):
        return len(part.strip())
    return sum(_length(inner) for _, row in part.rows for cell in row for inner in cell.content)


def _cell(cell: GridCell) -> Cell:
    return Cell("" if cell.merged else "\n".join(_lines(cell.content)).strip("\n"), cell.span, cell.merged)


def _lines(content: list[str | Grid]) -> Iterator[str]:
    for part in content:
        if isinstance(part, str):
            yield part
        else:
            for _, row in part.rows:
                texts = (" ".join(_lines(cell.content)).strip() for cell in row)
                yield " ".join(text for text in texts if text)
