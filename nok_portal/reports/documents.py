"""What a report says, before it becomes PDF, Word or Excel: headings and tables of plain values."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.utils.formats import number_format

Value = str | int | float | Decimal | date | None

# XML, and therefore Word and Excel, cannot hold these
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """`width` in millimetres, None takes what is left."""

    title: str
    width: float | None = None
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True)
class Cell:
    """A value with the portal's small words under it. `continued`: the cell above goes on here."""

    value: Value
    note: str = ""
    continued: bool = False


@dataclass(frozen=True)
class Heading:
    """A row across the whole table."""

    text: str


Row = Sequence[Value | Cell]


@dataclass(frozen=True)
class Table:
    """`numbered`: a row with the numbers of the columns under the head, as approved plans have it."""

    columns: Sequence[Column]
    rows: Iterable[Row | Heading]
    title: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Document:
    """`mark` are the lines at the upper right (approval, «Проект»), `legend` the small print at the end.

    `file_name` without its ending; the title, unless that is too long to be one.
    """

    title: str
    tables: Sequence[Table]
    subtitle: str = ""
    mark: Sequence[str] = ()
    legend: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class Stamp:
    """What the portal prints at the foot: which document this is, and where it can be checked.

    `made_at` is local to the municipality.
    """

    number: str
    made_at: datetime
    digest: str
    check_url: str

    @property
    def short_digest(self) -> str:
        return short_digest(self.digest)


def short_digest(digest: str) -> str:
    """'9f4c 21ae 7b03 d85e 40c1 6a9f': what a person can compare."""
    return " ".join(digest[place : place + 4] for place in range(0, 24, 4))


def clean(text: str) -> str:
    """`text` without the characters that no document can hold."""
    return _FORBIDDEN.sub("", text)


def in_words(value: Value) -> str:
    """A value as people write it: '33,3', '01.12.2026'."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float | Decimal):
        value = Decimal(str(value)).normalize()
    return number_format(value, use_l10n=True, force_grouping=False)


def as_cell(value: Value | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def digest_of(document: Document) -> str:
    """SHA-256 of what the document says, whatever it is written as."""
    said = {
        "title": document.title,
        "subtitle": document.subtitle,
        "mark": list(document.mark),
        "tables": [
            [table.title, [column.title for column in table.columns], [_said(row) for row in table.rows]]
            for table in document.tables
        ],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _said(row: Row | Heading) -> str | list[str]:
    return row.text if isinstance(row, Heading) else [in_words(as_cell(value).value) for value in row]
