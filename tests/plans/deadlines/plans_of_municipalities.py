"""Deadline cells of real plans, read from the files that lie beside the repository, where they lie there."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import docx

from nok_portal.common.text import fold, fold_spaces

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"


def key_of(words: str) -> str:
    """A short fingerprint: the plans' own sentences stay out of the repository."""
    return sha256(fold(words).encode()).hexdigest()[:12]


def deadline_cells() -> list[str]:
    """Every distinct deadline of the plans, cells broken by a page put together again."""
    cells: dict[str, None] = {}
    for path in sorted(FOLDER.glob("*.docx")):
        cells.update(dict.fromkeys(fold_spaces(cell) for cell in _cells_of(path)))
    return list(cells)


def _cells_of(path: Path) -> Iterator[str]:
    column, width, pending = -1, 0, ""
    for table in docx.Document(str(path)).tables:
        for row in table.rows:
            texts = [cell.text for cell in row.cells]
            heads = [number for number, text in enumerate(texts) if fold(text).startswith("срок")]
            if heads and len(texts) >= 4:
                column, width = heads[0], len(texts)
                continue
            if column < 0 or len(texts) != width or len({id(cell._tc) for cell in row.cells}) < 3:
                continue
            text = texts[column]
            if not fold(texts[0]) and fold(text):
                pending += " " + text
                continue
            if fold(pending):
                yield pending
            pending = "" if fold(text).isdigit() and len(fold(text)) < 4 else text
    if fold(pending):
        yield pending
