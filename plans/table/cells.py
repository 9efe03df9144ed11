"""What a document is before anyone understood it: paragraphs and tables of cells, in reading order."""

from dataclasses import dataclass, field, replace
from typing import Literal

from plans.table.words import fold

Kind = Literal["docx", "xlsx", "html", "text"]


@dataclass(frozen=True)
class Cell:
    """One cell as it stands: `text` keeps its line breaks.

    `span` is how many grid columns it covers; `merged` says that it is the lower part of a vertical merge and
    shows what stands above.
    """

    text: str = ""
    span: int = 1
    merged: bool = False

    @property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def blank(self) -> bool:
        return not self.folded


@dataclass(frozen=True)
class Row:
    """Cells from the left; `index` counts the table's rows from 1 as a reader sees them."""

    cells: tuple[Cell, ...]
    index: int

    @property
    def blank(self) -> bool:
        return all(cell.blank and not cell.merged for cell in self.cells)

    @property
    def width(self) -> int:
        return sum(cell.span for cell in self.cells)

    def positions(self) -> list[tuple[int, Cell]]:
        """Each cell with the grid column that it starts in."""
        found, column = [], 0
        for cell in self.cells:
            found.append((column, cell))
            column += cell.span
        return found


@dataclass(frozen=True)
class Paragraph:
    text: str

    @property
    def folded(self) -> str:
        return fold(self.text)


@dataclass(frozen=True)
class Table:
    """Rows of one table; `index` counts the document's tables from 1, `name` is a sheet's name."""

    rows: tuple[Row, ...]
    index: int
    name: str = ""


Block = Paragraph | Table

# More than any plan has; what is beyond is cut, and the document's remarks say so.
MAX_WORDS = 30_000
MAX_WIDTH = 200
MAX_ROWS = 5000


@dataclass(frozen=True)
class Document:
    """A document in reading order. `remarks` are codes of what the reader met and the person should know."""

    kind: Kind
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = field(default=())

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    def bounded(self) -> "Document":
        """The document without what no plan holds: endless cells and paragraphs, rows of thousands of cells."""
        blocks = tuple(_bounded(block) for block in self.blocks)
        cut = any(one is not other for one, other in zip(blocks, self.blocks, strict=True))
        return Document(self.kind, blocks, (*self.remarks, "table_cut")) if cut else self


def _bounded(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return block if len(block.text) <= MAX_WORDS else Paragraph(block.text[:MAX_WORDS])
    if all(row.width <= MAX_WIDTH and all(len(cell.text) <= MAX_WORDS for cell in row.cells) for row in block.rows):
        return block
    rows = (
        Row(tuple(replace(cell, text=cell.text[:MAX_WORDS]) for start, cell in row.positions() if start < MAX_WIDTH),
            row.index)
        for row in block.rows
    )  # fmt: skip
    return replace(block, rows=tuple(rows))
