"""Tables that text draws: columns between bars or frames, between semicolons or commas, set apart by spaces, or a cell a line."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from plans.table.cells import Cell, Row, Table
from plans.table.headers import find_head
from plans.table.words import item_number

MAX_COLUMNS = 40
MAX_TRIES = 200
MAX_LEAD = 60
MAX_STACKED = 10

_BARS = str.maketrans("│┃║¦", "||||")
_RULE = re.compile(r"(?=.*[-=_\u2500-\u257f])[\s|+\-:=_\u2500-\u257f]+")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@dataclass
class Record:
    """One line of cells; `apart` says that a blank line stands before it, `whole` that no cell of it is cut."""

    cells: list[str]
    apart: bool = False
    whole: bool = False


def drawn_records(lines: Sequence[str]) -> list[Record] | None:
    """The rows of a table drawn in text; None when no way of drawing gives a head."""
    for shape, read in _SHAPES:
        if sum(shape.search(line) is not None for line in lines) >= 2:
            try:
                records = list(read(lines))
            except csv.Error:  # a quotation mark that never closes
                continue
            if _has_head(records):
                return records
    return None


def _has_head(records: Sequence[Record]) -> bool:
    rows = [record.cells for record in records if len(record.cells) >= 3]
    table = Table(tuple(Row(tuple(Cell(cell) for cell in row), n) for n, row in enumerate(rows[:10], 1)), 1)
    return find_head(table) is not None


def _barred(lines: Sequence[str]) -> Iterator[Record]:
    """Rows between bars. Where rules stand between rows, the lines between two rules are one row."""
    bare = [line.strip().translate(_BARS) for line in lines]
    rules = [_RULE.fullmatch(line) is not None for line in bare]
    rows = [n for n, line in enumerate(bare) if "|" in line and not rules[n]]
    framed = sum(rules[rows[0] : rows[-1]]) >= 2 if rows else False
    held: Record | None = None
    apart = ruled = False
    for line, rule in zip(bare, rules, strict=True):
        if rule or not line:
            apart, ruled = apart or not line, ruled or rule
            continue
        cells = [_BREAK.sub("\n", cell.strip()) for cell in _inner(line).split("|")] if "|" in line else [line]
        if held and framed and not ruled and len(cells) == len(held.cells) > 1:
            held.cells = [f"{one}\n{more}".strip("\n") for one, more in zip(held.cells, cells, strict=True)]
        else:
            if held:
                yield held
            held = Record(cells, apart, whole=True)
        apart = ruled = False
    if held:
        yield held


def _inner(line: str) -> str:
    """A row without the bars at its edges, which draw the frame."""
    return line.removeprefix("|").removesuffix("|")


def _separated(mark: str) -> Callable[[Sequence[str]], Iterator[Record]]:
    """Rows of a .csv file; a quoted cell may hold the mark and line breaks."""

    def read(lines: Sequence[str]) -> Iterator[Record]:
        apart = False
        rows = csv.reader((f"{line}\n" for line in lines), delimiter=mark, skipinitialspace=True)
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield Record(cells, apart, whole=True)
            apart = not any(cells)

    return read


def _aligned(lines: Sequence[str]) -> Iterator[Record]:
    """Columns set apart by spaces; each piece belongs to the column of the head that it begins nearest to."""
    starts: list[int] = []
    held: Record | None = None
    apart = False
    tries = 0
    for line in (line.expandtabs().replace("\u00a0", " ").rstrip() for line in lines):
        pieces = [(found.start(), found[0]) for found in _CHUNK.finditer(line)]
        if not starts and 3 <= len(pieces) <= MAX_COLUMNS and tries < MAX_TRIES:
            tries += 1
            if _has_head([Record([text for _, text in pieces])]):
                starts = [start for start, _ in pieces]
        if not pieces or not starts:
            apart = not pieces
            if pieces:
                yield Record([line.strip()], apart)
            continue
        cells = [""] * len(starts)
        for place, text in pieces:
            column = min(range(len(starts)), key=lambda n: abs(starts[n] - place))
            cells[column] = f"{cells[column]} {text}".strip()
        if held and not cells[0] and not apart:
            held.cells = [f"{one}\n{more}".strip("\n") for one, more in zip(held.cells, cells, strict=True)]
        else:
            if held:
                yield held
            held = Record(cells, apart, whole=True)
        apart = False
    if held:
        yield held


def _stacked(lines: Sequence[str]) -> Iterator[Record]:
    """One cell a line without any mark, as phones and PDF viewers copy: only where every row is whole and numbered."""
    cells = [line.strip() for line in lines if line.strip()]
    for first in range(min(len(cells), MAX_LEAD)):
        if not cells[first].startswith(("№", "п/п", "п. п.")):
            continue
        for width in range(3, MAX_STACKED + 1):
            head, rest = cells[first : first + width], cells[first + width :]
            rows = [rest[place : place + width] for place in range(0, len(rest), width)]
            numbered = bool(rows) and len(rest) % width == 0 and all(item_number(row[0]) for row in rows)
            if numbered and _has_head([Record(head)]):
                yield from (Record([line], whole=True) for line in cells[:first])
                yield from (Record(row, whole=True) for row in (head, *rows))
                return


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[Sequence[str]], Iterator[Record]]], ...] = (
    (re.compile(r"[|│┃║¦].*[|│┃║¦]"), _barred),
    (re.compile(r";.*;"), _separated(";")),
    (re.compile(r",.*,"), _separated(",")),
    (re.compile(r"\S {2,}\S.*\S {2,}\S"), _aligned),
    (re.compile(r"\S"), _stacked),
)
