"""Rows of a plan's table: sections, activities, rows that go on, and cells that inherit.

In .docx and .xlsx a cell inherits where it is vertically merged. In text, where merges are lost, a numbered row
whose cells after the title are all blank inherits them from the row above, unless the next rows continue its
number (1 → 1.1): then it is a section. A single blank cell stays blank. Everywhere a ditto mark («-//-», «то же»)
means the cell above and «см. п. 2» that of the row named; a dash is an empty cell.

A column of themes («Направление», «Раздел») parts the rows into sections: its words go on to the rows below.
"""

import re
from dataclasses import dataclass, field, replace

from plans.table.cells import Cell, Kind, Row, Table
from plans.table.headers import Head, HeadColumn, is_column_numbers, is_repeated_head
from plans.table.marks import is_ditto, is_nothing, referred_number
from plans.table.model import Origin
from plans.table.roles import MARK
from plans.table.words import canonical, fold, is_roman, item_number, split_number

_LONGEST_NOTE = 100
FIELDS = ("deadline_text", "expected_result", "responsible")
_FIELD_OF = {
    "deadline": "deadline_text",
    "deadline_from": "deadline_text",
    "deadline_to": "deadline_text",
    "result": "expected_result",
    "responsible": "responsible",
    "number": "number",
    "title": "title",
}
FIELD_ROLES = frozenset({"deadline", "deadline_from", "deadline_to", "result", "responsible"})
_GOES_ON = re.compile(r"^[а-яёa-z(,;:)•·–—-]")
_NOTE = re.compile(
    r"^(?:недостатк|замечани|нарушени)?\w*\s*(?:не (?:выявл|установл|обнаруж|имеется|указан)\w*|отсутству\w+|нет)\b"
)
_TOTAL = re.compile(r"^(?:итого|всего)\b")
_ENDS = re.compile(r"[.!?;]\s*$")


@dataclass
class Line:
    """A section or an activity while it is put together; texts keep their line breaks."""

    table: int
    row: int
    cells: list[tuple[HeadColumn | None, str, bool]]
    number: str | None
    title: str
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    inherited: list[str] = field(default_factory=list)
    is_section: bool = False
    joined_rows: list[int] = field(default_factory=list)
    composed: bool = False
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    group: tuple[str | None, str] | None = None


@dataclass
class _Parts:
    """One row by the meaning of its cells."""

    number_text: str = ""
    title: str = ""
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    merged: set[str] = field(default_factory=set)
    cells: list[tuple[HeadColumn | None, str, bool]] = field(default_factory=list)
    only: str | None = None
    covered: bool = False
    signed: bool = False
    composed: bool = False
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    group: str = ""
    group_number: str | None = None
    said_nothing: bool = False

    @property
    def is_note(self) -> bool:
        """Neither an activity nor a section: «Недостатков не выявлено», «Итого», a signature across the columns."""
        words = canonical(self.title or self.number_text)
        if self.rest_blank and len(words) <= _LONGEST_NOTE and _NOTE.match(words):
            return True
        return not self.texts["deadline_text"].strip() and (self.signed or _TOTAL.match(words) is not None)

    @property
    def rest_blank(self) -> bool:
        return not any(self.texts.values()) and not self.merged & {*FIELDS}


@dataclass
class RowReader:
    """Reads the rows of plan tables one table after another, so that a table may go on with the one before."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)
    ignored: list[tuple[int, int, str]] = field(default_factory=list)
    _above: dict[int, tuple[str, Origin | None]] = field(default_factory=dict)
    _group: tuple[str | None, str] | None = None

    def read(self, table: Table, head: Head, *, goes_on: bool = False) -> None:
        """Adds the lines of one table; `goes_on` says that it is the next page of the table before."""
        rows = [row for row in table.rows[0 if goes_on else head.first + head.rows :] if not row.blank]
        rows = [row for row in rows if not is_column_numbers(row) and not is_repeated_head(row, head)]
        parts = [self._parts(row, head, table.index) for row in rows]
        self._group = self._group if goes_on else None
        if head.of("section"):
            _number_groups(parts)
        has_numbers = bool(head.of("number"))
        numbered = has_numbers and sum(bool(part.number_text) for part in parts) * 3 >= len(parts)
        for position, (row, part) in enumerate(zip(rows, parts, strict=True)):
            later = _numbers_below(parts[position + 1 : position + 6])
            first = goes_on and position == 0
            self._add(table.index, row.index, part, later, numbered=numbered or (goes_on and has_numbers), first=first)

    def _add(self, table: int, row: int, part: _Parts, later: list[str], *, numbered: bool, first: bool) -> None:
        if part.is_note:
            self.ignored.append((table, row, fold(" ".join(dict.fromkeys(text for _, text, _ in part.cells)))))
            return
        last = self.lines[-1] if self.lines and not self.lines[-1].is_section else None
        number, title = _number(part)
        if not title and not any(part.texts.values()) and number is None:
            if part.merged or not any(text for _, text, _ in part.cells):
                return
            self.ignored.append((table, row, fold(" ".join(text for _, text, _ in part.cells))))
            return
        if last is not None and self._goes_on(part, number, title, last, numbered=numbered, first=first):
            self._join(last, part, row)
            return
        line = Line(table, row, part.cells, number, title, dict(part.texts), composed=part.composed,
                    origins=part.origins)  # fmt: skip
        if self._is_section(part, number, title, later):
            line.is_section = True
            self._group = None
        else:
            if part.group:
                self._group = (part.group_number, part.group)
            line.group = self._group
            self._inherit(line, part, last)
        self.lines.append(line)

    def _goes_on(
        self, part: _Parts, number: str | None, title: str, last: Line, *, numbered: bool, first: bool
    ) -> bool:
        """Whether the row goes on with the one before: cut by a page, or one more line of a merged activity."""
        if "number" in part.merged and "title" in part.merged:
            return True
        if number is not None or part.merged & {"title", *FIELDS}:
            return False
        if not title:
            return True
        if not numbered:
            return False
        starts = [text for text in (title, *part.texts.values()) if text.strip()]
        if _GOES_ON.match(fold(title)):
            return True
        return (
            first
            and not _ENDS.search(last.title)
            and all(_GOES_ON.match(fold(text)) for text in starts[1:])
            and (len(starts) > 1)
        )

    def _join(self, last: Line, part: _Parts, row: int) -> None:
        if part.title.strip() and "title" not in part.merged:
            last.title = _joined(last.title, part.title)
            last.origins.setdefault("title", []).extend(part.origins.get("title", ()))
        for name in FIELDS:
            if name not in part.merged and part.texts[name].strip():
                last.texts[name] = _joined(last.texts[name], part.texts[name])
                last.origins.setdefault(name, []).extend(part.origins.get(name, ()))
                if name in last.inherited:
                    last.inherited.remove(name)
        last.joined_rows.append(row)
        for index, (column, text, merged) in enumerate(part.cells):
            if index < len(last.cells) and text.strip() and not merged:
                known, before, was_merged = last.cells[index]
                last.cells[index] = (known or column, _joined(before, text), was_merged)

    def _is_section(self, part: _Parts, number: str | None, title: str, later: list[str]) -> bool:
        if not title or not part.rest_blank or "title" in part.merged:
            return False
        if part.only is not None or number is None or part.covered:
            return True
        following = later[0] if later else None
        if following is None:
            return False
        if following.startswith(f"{number}.") or (is_roman(number) and not is_roman(following)):
            return True
        return following == "1" and number.isdigit()

    def _inherit(self, line: Line, part: _Parts, last: Line | None) -> None:
        for name in FIELDS:
            if name in part.merged and line.texts[name]:
                line.inherited.append(name)
            if (number := referred_number(line.texts[name])) and (meant := self._line(number, name)):
                line.texts[name] = meant.texts[name]
                line.origins[name] = list(meant.origins.get(name, ()))
                line.inherited = [*dict.fromkeys([*line.inherited, name])]
        if self.kind == "text" and part.rest_blank and last is not None and not part.said_nothing:
            for name in FIELDS:
                if last.texts[name].strip():
                    line.texts[name] = last.texts[name]
                    line.origins[name] = list(last.origins.get(name, ()))
                    line.inherited.append(name)
        if "title" in part.merged:
            line.inherited.insert(0, "title")
        if "number" in part.merged:
            line.inherited.insert(0, "number")

    def _line(self, number: str, name: str) -> Line | None:
        """The nearest activity above that has this number and words for a field."""
        above = (line for line in reversed(self.lines) if not line.is_section and line.number == number)
        return next((line for line in above if line.texts[name].strip()), None)

    def _parts(self, row: Row, head: Head, table: int) -> _Parts:
        part = _Parts()
        filled = [(start, cell) for start, cell in row.positions() if not cell.blank or cell.merged]
        days: list[tuple[HeadColumn, str]] = []
        for column, start, cell in _assigned(row, head):
            role = column.role if column else None
            text, origin, taken = self._words(row, cell, column, start, head, table, alone=len(filled) == 1)
            part.cells.append((column, text, taken))
            if role in FIELD_ROLES and is_nothing(text):
                part.said_nothing, text = True, ""
            if origin is not None and text.strip():
                part.origins.setdefault(origin.field, []).append(origin)
            if role == "number":
                part.number_text = text
                part.signed = item_number(text) is None and _covers_title(cell, start, head)
                _mark(part.merged, "number", taken)
            elif role == "title":
                part.title = text
                _mark(part.merged, "title", taken)
                part.covered = cell.span > 1 and start + cell.span >= head.width > start + 1
            elif role == "section":
                part.group = text
                _mark(part.merged, "section", taken)
            elif column is not None and role in _FIELD_OF:
                name = _FIELD_OF[role]
                _mark(part.merged, name, taken)
                if name == "deadline_text":
                    days.append((column, text))
                elif text.strip():
                    part.texts[name] = _listed(part.texts[name], text, name)
        part.texts["deadline_text"], part.composed = _deadline_words(days, head)
        if len(filled) == 1 and not filled[0][1].merged:
            self._single(part, *filled[0], row, head)
        return part

    def _words(
        self, row: Row, cell: Cell, column: HeadColumn | None, start: int, head: Head, table: int, *, alone: bool
    ) -> tuple[str, Origin | None, bool]:
        """A cell's words and where they stand: above, as the last says, where it is merged or a mark for them."""
        if cell.merged or is_ditto(cell.text):
            text, origin = self._above.get(start, ("", None))
            if cell.merged or text.strip():
                return text, origin, True
        name = _FIELD_OF.get(column.role or "") if column else None
        origin = None
        if column is not None and name is not None:
            origin = Origin(name, table, row.index, head.place_of(column), column.heading, cell.text)
        if not (alone and cell.blank):
            self._above[start] = (cell.text, origin)
        return cell.text, origin, False

    @staticmethod
    def _single(part: _Parts, start: int, cell: Cell, row: Row, head: Head) -> None:
        """A row with one filled cell: a heading across the table, whatever column it begins in."""
        titles = head.of("title")
        wide = cell.span > 1 or len(row.cells) == 1
        in_title = any(start <= column.start < start + cell.span for column in (*titles[:1], *head.of("section")))
        if wide or in_title or (start == 0 and item_number(cell.text) is None):
            part.only = cell.text
            part.title, part.number_text, part.signed = cell.text, "", False
            part.texts = dict.fromkeys(FIELDS, "")
            part.group = ""
            part.origins = {
                "title": [replace(found, field="title") for some in part.origins.values() for found in some]
            }


def _number_groups(parts: list[_Parts]) -> None:
    """Numbers that count the themes and not the activities: each stands beside a theme, rows below have none."""
    rows = [part for part in parts if part.title.strip() and part.only is None and "title" not in part.merged]
    own = [("number" not in part.merged and bool(part.number_text.strip()), part) for part in rows]
    starts = ["section" not in part.merged and bool(part.group.strip()) for part in rows]
    if [numbered for numbered, _ in own] != starts or all(starts):
        return
    for numbered, part in own:
        part.group_number = item_number(part.number_text) if numbered else None
        part.number_text = ""
        part.merged.discard("number")
        part.origins.pop("number", None)
        if not numbered:
            part.group = ""


def _numbers_below(parts: list[_Parts]) -> list[str]:
    """Numbers of the next rows; after a heading only those that may go on with a number above it."""
    found: list[str] = []
    heading = False
    for part in parts:
        number = _number(part)[0]
        if number and not (heading and number == "1"):
            found.append(number)
        heading = heading or part.only is not None
    return found


def _listed(before: str, text: str, name: str) -> str:
    """The words of two columns with one meaning: two columns never hold one name or one result."""
    ended = name == "expected_result" and before.rstrip().endswith((".", ";"))
    between = "\n" if not before or ended else ";\n"
    return f"{before}{between}{text}".strip("\n")


def _covers_title(cell: Cell, start: int, head: Head) -> bool:
    return any(start < column.start < start + cell.span for column in head.of("title"))


def _assigned(row: Row, head: Head) -> list[tuple[HeadColumn | None, int, Cell]]:
    """Each cell with the head's column that it stands under; by order where only the spans differ."""
    columns = head.columns
    if len(row.cells) == len(columns) and row.width != head.width:
        return [(column, column.start, cell) for column, cell in zip(columns, row.cells, strict=True)]
    found = []
    for start, cell in row.positions():
        under = next((column for column in columns if column.start <= start < column.start + column.span), None)
        found.append((under, start, cell))
    return found


def _deadline_words(days: list[tuple[HeadColumn, str]], head: Head) -> tuple[str, bool]:
    """The words of the deadline; composed where it stands in two columns or under years."""
    filled = [(column, text) for column, text in days if text.strip()]
    if not filled:
        return "", False
    if len(head.of("deadline", "deadline_from", "deadline_to")) == 1:
        column, text = filled[0]
        return (column.period, True) if MARK.match(fold(text)) else (text, False)
    ends = {column.role: fold(text) for column, text in filled}
    if "deadline_from" in ends and "deadline_to" in ends:
        return f"с {ends['deadline_from']} по {ends['deadline_to']}", True
    words = []
    for column, text in filled:
        year = re.search(r"\b20\d\d\b", column.heading)
        if MARK.match(fold(text)):
            words.append(column.period)
        elif year and year[0] not in text:
            words.append(f"{fold(text)} {year[0]} года")
        else:
            words.append(fold(text))
    return "; ".join(dict.fromkeys(words)), True


def _number(part: _Parts) -> tuple[str | None, str]:
    """Number and title; where the number has no cell of its own it begins the title."""
    written = "" if is_nothing(part.number_text) else fold(part.number_text)
    if part.only is not None:
        return split_number(part.only) if fold(part.only) else (None, "")
    if written:
        number = item_number(written)
        if number is not None:
            return number, part.title
        if len(written) <= 12 and part.title.strip():
            return written.rstrip(".) ") or None, part.title
        split, rest = split_number(written)
        return split, part.title or rest
    number, rest = split_number(part.title)
    return (number, rest) if number is not None else (None, part.title)


def _joined(before: str, after: str) -> str:
    """Two pieces of one text; a word that a page break hyphenated is put together only by a soft hyphen."""
    if not before.strip():
        return after
    return f"{before.rstrip()}\n{after.lstrip()}"


def _mark(merged: set[str], name: str, value: bool) -> None:
    if value:
        merged.add(name)
