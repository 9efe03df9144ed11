"""Columns by what stands in them, for a table that came without its head."""

from collections.abc import Callable

from plans.deadlines import parse
from plans.table.cells import Row, Table
from plans.table.headers import Head, HeadColumn
from plans.table.parties import looks_like_party
from plans.table.roles import Role
from plans.table.words import item_number

_SAMPLE = 25


def guess_head(table: Table) -> Head | None:
    """A head with roles but without headings; None when no column holds deadlines beside a title."""
    rows = [row for row in table.rows if not row.blank][:_SAMPLE]
    width = max((row.width for row in rows), default=0)
    if not 2 <= width <= 12 or len(rows) < 2:
        return None
    columns = [
        [cell.folded for row in rows for at, cell in row.positions() if at == start and cell.folded]
        for start in range(width)
    ]
    roles: dict[int, Role] = {}
    for start, texts in enumerate(columns):
        if texts and _share(texts, lambda text: item_number(text) is not None) > 0.6 and start == 0:
            roles[start] = "number"
    free = [start for start in range(width) if start not in roles and columns[start]]
    deadlines = {start: _share(columns[start], _is_deadline) for start in free}
    best = max(free, key=lambda start: deadlines[start], default=None)
    if best is None or deadlines[best] < 0.5:
        return None
    roles[best] = "deadline"
    parties = {start: _share(columns[start], looks_like_party) for start in free if start != best}
    party = max(parties, key=lambda start: (parties[start], start), default=None)
    rest = [start for start in free if start not in roles]
    title = max((start for start in rest if start != party or len(rest) == 1), default=None,
                key=lambda start: sum(map(len, columns[start])) / len(columns[start]))  # fmt: skip
    if title is None:
        return None
    roles[title] = "title"
    if party is not None and party != title and parties[party] >= 0.4:
        roles[party] = "responsible"
    for start in free:
        if start not in roles and "result" not in roles.values():
            roles[start] = "result"
    titles = _headings(rows, best)
    found = tuple(HeadColumn(titles.get(start, ""), start, 1, roles.get(start)) for start in range(width))
    return Head(found, table.rows.index(rows[0]) if titles else 0, 1 if titles else 0, guessed=True)


def _headings(rows: list[Row], deadlines: int) -> dict[int, str]:
    """The first row, if it is the only one without a deadline under short words: headings that say nothing to us."""
    first, *others = ([cell.folded for at, cell in row.positions() if at == deadlines] for row in rows)
    cells = {start: cell.folded for start, cell in rows[0].positions()}
    beneath = [text for texts in others for text in texts if text]
    odd = bool(first and first[0]) and not _is_deadline(first[0]) and _share(beneath, _is_deadline) > 0.8
    plain = all(text and len(text) <= 60 and item_number(text) is None for text in cells.values())
    return cells if odd and plain else {}


def _is_deadline(text: str) -> bool:
    deadline = parse(text)
    return len(text) < 200 and not deadline.unparsed and bool(deadline.rules or deadline.terms or deadline.flags)


def _share(texts: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts) if texts else 0.0
