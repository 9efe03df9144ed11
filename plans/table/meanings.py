"""What a person says that columns mean, where their headings were taken for something else.

`Meanings` holds for each table (by its number in the document) the meaning of columns by their index, both as in
`PlanTable.columns` and `PlanTable.unread_columns`:

    {2: {0: "number", 1: "title", 3: "deadline", 4: "other"}}

A column that is not named keeps what its heading says. "other" is a column that the plan does not need;
"year:2027" holds the values of target indicators for that year.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from plans.table.cells import Row, Table
from plans.table.guessing import guess_head
from plans.table.headers import Head, HeadColumn, may_be_head
from plans.table.roles import Role

Meanings = Mapping[int, Mapping[int, str]]

ROLES: tuple[Role, ...] = (
    "number",
    "section",
    "title",
    "deadline",
    "deadline_from",
    "deadline_to",
    "responsible",
    "result",
    "unit",
    "year",
    "value",
    "other",
)
_YEAR = re.compile(r"^year:(20[0-4]\d)$")


def is_meaning(code: str) -> bool:
    return code in ROLES or _YEAR.match(code) is not None


def meanings_from_json(data: Mapping[str, Mapping[str, str]]) -> Meanings:
    """Meanings as they are stored, where keys are texts. Raises ValueError for what is no meaning."""
    found = {int(table): {int(index): code for index, code in some.items()} for table, some in data.items()}
    wrong = sorted({code for some in found.values() for code in some.values() if not is_meaning(code)})
    if wrong:
        raise ValueError(f"no meanings of columns: {', '.join(wrong)}")
    return found


def with_meanings(head: Head, said: Mapping[int, str]) -> Head:
    """The head as a person says it; one column holds the titles, so another one yields."""
    said = {index: code for index, code in said.items() if head.offset <= index < head.offset + len(head.columns)}
    if not said:
        return head
    titled = "title" in said.values()
    columns = []
    for index, column in enumerate(head.columns, head.offset):
        if index in said and is_meaning(said[index]):
            columns.append(_meant(column, said[index]))
        elif titled and column.role == "title":
            columns.append(replace(column, role="other"))
        else:
            columns.append(column)
    return replace(head, columns=tuple(columns), told=True)


def head_of_unknown(table: Table) -> Head | None:
    """A head for a table whose own was not understood: by what stands in its columns, else its first row."""
    guessed = guess_head(table)
    if guessed is not None:
        return guessed
    rows = [row for row in table.rows if not row.blank]
    if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
        return None
    first = rows[0]
    if may_be_head(first) and len(first.cells) == max(len(row.cells) for row in rows):
        at = table.rows.index(first)
        return Head(tuple(HeadColumn(cell.folded, start, cell.span, None) for start, cell in first.positions()), at, 1)
    return Head(tuple(HeadColumn("", start, 1, None) for start in range(min(_width(rows), _WIDEST))), 0, 0)


_WIDEST = 40


def _width(rows: list[Row]) -> int:
    return max(row.width for row in rows)


def _meant(column: HeadColumn, code: str) -> HeadColumn:
    year = _YEAR.match(code)
    if year:
        return replace(column, role=None, year=int(year[1]))
    return replace(column, role=cast("Role", code), year=None)
