"""A small notation for plans: a row a line, cells between bars, and beside it what is to be read.

`^` is a cell merged with the one above, `<` one merged with that on its left, ⏎ a line break; a line without
bars is a paragraph.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.table.cells import Block, Cell, Document, Kind, Paragraph, Row, Table

ANY = "*"
Act = tuple[str | None, str | None, str, str, str, list[str]]


@dataclass(frozen=True)
class HandPlan:
    """What is None is not looked at.

    `acts` are number, section, title, deadline, result and parties; `inherited` and `of_sections` tell for each of
    them which fields it takes from elsewhere and the title of its section.
    """

    name: str
    text: str
    acts: Sequence[Act] | None
    sections: Sequence[tuple[str | None, str]] | None
    targets: Sequence[tuple[str, str, bool, dict[int, Any]]] | None
    codes: Sequence[str]
    nocodes: Sequence[str]
    kind: Kind
    period: tuple[str, str] | None
    title: str | None
    spheres: Sequence[str] | None
    inherited: Sequence[Sequence[str]] | None
    of_sections: Sequence[str] | None

    @property
    def document(self) -> Document:
        return document_of(self.text, self.kind)


PLANS: list[HandPlan] = []


def plan(
    name: str,
    text: str,
    acts: Sequence[Act] | None = None,
    sections: Sequence[tuple[str | None, str]] | None = None,
    targets: Sequence[tuple[str, str, bool, dict[int, Any]]] | None = None,
    codes: Sequence[str] = (),
    nocodes: Sequence[str] = (),
    kind: Kind = "docx",
    period: tuple[str, str] | None = None,
    title: str | None = None,
    spheres: Sequence[str] | None = None,
    inherited: Sequence[Sequence[str]] | None = None,
    of_sections: Sequence[str] | None = None,
) -> None:
    PLANS.append(
        HandPlan(
            name, text, acts, sections, targets, codes, nocodes, kind, period, title, spheres, inherited, of_sections
        )
    )


def document_of(text: str, kind: Kind = "docx") -> Document:
    blocks: list[Block] = []
    rows: list[Row] = []
    for line in [*text.strip("\n").split("\n"), ""]:
        if "|" in line:
            rows.append(Row(tuple(_cells(line)), len(rows) + 1))
            continue
        if rows:
            blocks.append(Table(tuple(rows), sum(isinstance(block, Table) for block in blocks) + 1))
            rows = []
        if line.strip():
            blocks.append(Paragraph(line.strip()))
    return Document(kind, tuple(blocks))


def _cells(line: str) -> list[Cell]:
    cells: list[Cell] = []
    for piece in map(str.strip, line.split("|")):
        if piece == "<" and cells:
            cells[-1] = Cell(cells[-1].text, cells[-1].span + 1, cells[-1].merged)
        else:
            cells.append(Cell("", 1, merged=True) if piece == "^" else Cell(piece.replace("⏎", "\n")))
    return cells
