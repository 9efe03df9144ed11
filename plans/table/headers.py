"""Columns by meaning: which heading holds what, in any order and under any usual name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.table.cells import Cell, Row, Table
from plans.table.roles import MAX_HEADING, YEAR, Role, role_of, role_of_period, year_of
from plans.table.words import canonical, item_number

# Names of parties only where no column says so more plainly.
_WEAK_PARTY = re.compile(
    r"^(?:организаци[яи]|учреждени[ея]|(?:структурн\w+ )?подразделени[ея]|должностн\w+ лиц\w+|служб[аы]|орган(?:ы|изации)?"
    r"|кто|фио|ф\.?\s?и\.?\s?о\.?|фамили.*|должность|заказчик|лиц[оа])$"
)
# Of several columns that can hold titles the first kind that occurs: activities, then what else is done, then
# what only groups it.
_TITLE_KINDS = tuple(
    map(
        re.compile,
        (
            r"мероприяти",
            r"наименовани|содержани|действи|работ|вопрос|повестк|меры?\b|событи|поручени|предложени|рекомендаци|что ",
            r"показател",
            r"тема|тематик|перечень|процедур|назван|шаг|дел[ао]$",
            r"",
        ),
    )
)
# Beside a column of activities these say what is to come of them, and those what they belong to.
_MEASURE = re.compile(r"^(?:целев\w+ |наименовани\w+ )?показател")
_THEME = re.compile(r"^(?:\w+ )?(?:направлени|раздел|подраздел|блок|этап|задач|цел[ьи]|тем[аы]|тематик|критери|сфер)")
_ONLY_YEAR = re.compile(r"^(?:в |на )?20[0-4]\d(?: ?(?:год\w*|г\.?))?$")
_DEADLINE_WORD = re.compile(r"^(?:срок|дат|период|график)\w*(?:\s+\w+ия)?[\s,:–—-]*", re.IGNORECASE)
HEAD_SEARCH = 40
_HIGHEST = 3


@dataclass(frozen=True)
class HeadColumn:
    """A heading with its grid columns [start, start + span) and what it means."""

    heading: str
    start: int
    span: int
    role: Role | None
    year: int | None = None
    own: str = ""

    @property
    def period(self) -> str:
        """The words that a mark under this heading stands for: «II кв.» of «Сроки, 2027 год | II кв.»."""
        words = _DEADLINE_WORD.sub("", self.own or self.heading) or self.heading
        year = YEAR.search(canonical(self.heading))
        if year is None:
            return words
        return (
            f"{year[1]} год"
            if _ONLY_YEAR.match(canonical(words))
            else words
            if year[1] in words
            else f"{words} {year[1]} года"
        )


@dataclass(frozen=True)
class Head:
    """A recognised head: `rows` counts the rows it takes, `first` is the first one's position in the table.

    `guessed` was read from the cells beneath, of `told` a person said what columns mean. `offset` counts the
    columns of heads above it in the same table.
    """

    columns: tuple[HeadColumn, ...]
    first: int
    rows: int
    guessed: bool = False
    told: bool = False
    offset: int = 0

    def place_of(self, column: HeadColumn) -> int:
        """The index of a column among those of its table."""
        return self.offset + self.columns.index(column)

    def of(self, *roles: Role) -> list[HeadColumn]:
        return [column for column in self.columns if column.role in roles]

    @property
    def width(self) -> int:
        return max((column.start + column.span for column in self.columns), default=0)

    @property
    def is_plan(self) -> bool:
        if not self.of("title"):
            return False
        if self.of("deadline", "deadline_from", "deadline_to", "responsible"):
            return True
        # «№ | Мероприятие»: days and parties may stand in heading rows.
        listed = bool(self.of("number")) and _TITLE_KINDS[0].search(canonical(self.of("title")[0].heading)) is not None
        return (self.told or listed) and not self.years and not self.has_year_rows

    @property
    def years(self) -> list[HeadColumn]:
        return [column for column in self.columns if column.year is not None]

    @property
    def is_targets(self) -> bool:
        if self.of("deadline", "deadline_from", "deadline_to", "responsible"):
            return False
        return bool(self.years) or self.has_year_rows

    @property
    def has_year_rows(self) -> bool:
        """Each row holds an indicator's value for one year."""
        return bool(self.of("year") and self.of("value") and self.of("title"))


def find_head(table: Table) -> Head | None:
    """The head of a plan or of target indicators: the best of the first rows, or None."""
    for position, row in enumerate(table.rows[:HEAD_SEARCH]):
        if not may_be_head(row):
            continue
        for rows in _heights(table.rows, position):
            head = _head(table.rows[position : position + rows], position)
            head = _with_themes(_with_number_column(head, table.rows[position + rows :]), table.rows[position + rows :])
            if head.is_plan:
                return head
            if head.is_targets and _looks_like_targets(head, row):
                return _with_title(head)
    return _head_without_title(table)


def _head_without_title(table: Table) -> Head | None:
    """Deadlines beside other known columns, but no heading for what is done: then the wordiest column says it."""
    for position, row in enumerate(table.rows[:HEAD_SEARCH]):
        if not may_be_head(row):
            continue
        head = _head([row], position)
        others = head.of("responsible", "number", "result")
        unknown = [column for column in head.columns if column.role is None and column.heading]
        if head.of("title") or head.years or not (head.of("deadline", "deadline_to") and others and unknown):
            continue
        beneath = table.rows[position + 1 : position + HEAD_SEARCH]
        chosen = max(unknown, key=lambda column: (_words_beneath(column, beneath), -column.start))
        columns = tuple(replace(column, role="title") if column is chosen else column for column in head.columns)
        return replace(head, columns=columns, guessed=True)
    return None


def _words_beneath(column: HeadColumn, rows: Sequence[Row]) -> int:
    return sum(len(cell.folded) for row in rows for start, cell in row.positions() if start == column.start)


def may_be_head(row: Row) -> bool:
    """Headings are short words: no item numbers, and no days in the heading of the days."""
    texts = [cell.folded for cell in row.cells if not cell.blank]
    return (
        len(texts) >= 2
        and all(len(text) <= MAX_HEADING and item_number(text) is None for text in texts)
        and not any(any(map(str.isdigit, YEAR.sub("", text))) and role_of(text) == "deadline" for text in texts)
    )


def parts_at_heads(table: Table, head: Head) -> list[Table]:
    """The table, parted where rows below are the head of another one: tables that follow each other without a gap."""
    starts = [0]
    for position in range(head.first + head.rows + 1, len(table.rows)):
        row = table.rows[position]
        filled = [cell for cell in row.cells if not cell.blank]
        if len(filled) < 3 or is_repeated_head(row, head) or not all(_is_heading(cell) for cell in filled):
            continue
        other = _head([row], position)
        if (other.is_plan or _looks_like_targets(other, row)) and other.columns != head.columns:
            starts.append(position)
    return [replace(table, rows=table.rows[start:end]) for start, end in pairwise([*starts, len(table.rows)])]


def _is_heading(cell: Cell) -> bool:
    text = cell.folded
    return len(text) <= MAX_HEADING and (role_of(text) is not None or year_of(text) is not None)


def is_repeated_head(row: Row, head: Head) -> bool:
    """Whether a row inside the table repeats its head, as after a page break."""
    texts = [canonical(cell.text) for cell in row.cells if not cell.blank]
    known = {canonical(column.heading) for column in head.columns}
    return (
        len(texts) >= 2
        and all(text in known or role_of(text) == "number" for text in texts)
        and any(text in known for text in texts)
    )


def is_column_numbers(row: Row) -> bool:
    """A row that counts the columns: 1 2 3 4."""
    texts = [cell.folded for cell in row.cells if not cell.blank]
    return len(texts) >= 3 and [text.rstrip(".)") for text in texts] == [str(n) for n in range(1, len(texts) + 1)]


def _heights(rows: Sequence[Row], position: int) -> Iterable[int]:
    """How many rows the head may take: more while the next one belongs to it (something above is merged or spans)."""
    height = 1
    while height < _HIGHEST and position + height < len(rows):
        row, following = rows[position + height - 1], rows[position + height]
        spans = any(cell.span > 1 and not cell.blank for cell in row.cells)
        merged = any(cell.merged for cell in following.cells)
        belongs = merged and (spans or all(cell.merged or _short(cell) for cell in following.cells))
        if not belongs and not _fills_gaps(row, following):
            break
        height += 1
    return range(height, 0, -1)


def _fills_gaps(row: Row, following: Row) -> bool:
    """In text merges are lost: headings that stand under blanks or a common one («Исполнение»), and nothing else."""
    above = dict(row.positions())
    cells = {start: cell for start, cell in following.positions() if not cell.blank}
    if len(cells) < 2 or len(row.cells) != len(following.cells) or any(cell.merged for cell in row.cells):
        return False
    places = [start for start, _ in following.positions()]
    gaps = {start for start in cells if above.get(start, Cell()).blank}
    common = {left for left, right in pairwise(places) if right in gaps}
    return bool(gaps) and cells.keys() <= gaps | common and all(_is_heading(cell) for cell in cells.values())


def _short(cell: Cell) -> bool:
    return len(cell.folded) <= 40 and item_number(cell.text) is None


@dataclass(frozen=True)
class _Heading:
    """The words of a column down to a row of the head, and its own last ones."""

    text: str
    start: int
    span: int
    own: str


def _beneath(above: _Heading, start: int, cell: Cell) -> _Heading:
    if cell.merged or cell.blank:
        return _Heading(above.text, start, cell.span, above.own)
    return _Heading(f"{above.text} {cell.folded}".strip(), start, cell.span, cell.folded)


def _follows_gap(above: _Heading, cell: Cell, row: Row) -> bool:
    """A heading under a blank one in a table without merges: the blank belongs to the heading on its left."""
    return not above.text and not cell.blank and not any(other.merged or other.span > 1 for other in row.cells)


def _before(columns: Sequence[_Heading], start: int) -> _Heading:
    return next(
        (column for column in reversed(columns) if column.start < start and column.text), _Heading("", 0, 1, "")
    )


def _role_in(column: _Heading) -> Role | None:
    """What all words say; under «Мероприятие» or the like the last ones («срок»)."""
    role = role_of(column.text) or role_of_period(column.own)
    own = role_of(column.own)
    return own if role == "title" and own in {"deadline", "deadline_from", "deadline_to", "responsible"} else role


def _head(rows: Sequence[Row], first: int) -> Head:
    columns = [_Heading(cell.folded, start, cell.span, cell.folded) for start, cell in rows[0].positions()]
    for row in rows[1:]:
        above = {place: column for column in columns for place in range(column.start, column.start + column.span)}
        parent = _Heading("", 0, 1, "")
        columns = [
            _beneath(above.get(start, parent), start, cell)
            if not _follows_gap(above.get(start, parent), cell, row)
            else _beneath(_before(columns, start), start, cell)
            for start, cell in row.positions()
        ]
    found = [
        HeadColumn(column.text, column.start, column.span, _role_in(column), year_of(column.text), column.own)
        for column in columns
    ]
    return Head(tuple(_settled(found)), first, len(rows))


def _settled(columns: list[HeadColumn]) -> list[HeadColumn]:
    """Roles that depend on the other columns.

    One column holds the titles. Without a column of parties one with a weaker heading stands in. In a plan, columns
    of years hold deadlines.
    """
    chosen = _title_column([column for column in columns if column.role == "title"])
    if not any(column.role == "responsible" for column in columns):
        weak = [column for column in columns if column.role is None and _WEAK_PARTY.match(canonical(column.heading))]
        columns = [replace(column, role="responsible") if column in weak else column for column in columns]
    parties = any(column.role == "responsible" for column in columns)
    kept = []
    for column in columns:
        role = column.role
        if role == "title" and column is not chosen:
            role = "result" if _MEASURE.match(canonical(column.own or column.heading)) else "other"
        year = column.year if role in {None, "other", "title"} and column is not chosen else None
        if parties and chosen and year and role is None and _ONLY_YEAR.match(canonical(column.own)):
            role, year = "deadline", None
        if chosen and role in {"year", "value"} and not _has_year_rows(columns):
            role = None
        kept.append(replace(column, role=role, year=year))
    return kept


def _has_year_rows(columns: list[HeadColumn]) -> bool:
    return {"year", "value"} <= {column.role for column in columns}


def _title_column(titles: list[HeadColumn]) -> HeadColumn | None:
    for kind in _TITLE_KINDS:
        for column in titles:
            if kind.search(canonical(column.heading)):
                return column
    return None


def _with_title(head: Head) -> Head:
    """What stands before the years and says nothing else names the indicators."""
    before = [column for column in head.columns if column.role is None and column.year is None]
    if head.of("title") or not before or not head.years or before[0].start > head.years[0].start:
        return head
    named = replace(before[0], role="title")
    return replace(head, columns=tuple(named if column is before[0] else column for column in head.columns))


def _with_number_column(head: Head, beneath: Sequence[Row]) -> Head:
    """Without a column of numbers, a first one that holds nothing but numbers is it («Этап»: 1, 2, 3)."""
    first = head.columns[0] if head.columns else None
    if first is None or head.of("number") or first.role not in {None, "other"} or first.year is not None:
        return head
    texts = [cell.folded for row in beneath[:HEAD_SEARCH] for start, cell in row.positions() if start == first.start]
    filled = [text for text in texts if text]
    if not filled or sum(item_number(text) is not None for text in filled) * 5 < len(filled) * 4:
        return head
    return replace(head, columns=(replace(first, role="number"), *head.columns[1:]))


def _with_themes(head: Head, beneath: Sequence[Row]) -> Head:
    """A column of themes before the activities is their section where rows share a theme; of several the nearest."""
    titles = head.of("title")
    for place, column in reversed(list(enumerate(head.columns))):
        if column.role not in {None, "other"} or not titles or column.start >= titles[0].start or column.year:
            continue
        if _THEME.match(canonical(column.own or column.heading)) and _is_shared(column, beneath):
            columns = (*head.columns[:place], replace(column, role="section"), *head.columns[place + 1 :])
            return replace(head, columns=columns)
    return head


def _is_shared(column: HeadColumn, rows: Sequence[Row]) -> bool:
    """Whether words of a column go for several rows: merged, left blank below or repeated."""
    under = [(row, cell) for row in rows for start, cell in row.positions() if start == column.start]
    cells = [cell for row, cell in under if cell.span == column.span and sum(not cell.blank for cell in row.cells) > 1]
    texts = [cell.folded for cell in cells if not cell.blank and not cell.merged]
    return bool(texts) and (len(texts) < len(cells) or len(set(texts)) < len(texts))


def _looks_like_targets(head: Head, row: Row) -> bool:
    """A year in a heading is not enough: years must have columns of their own beside a title."""
    if head.has_year_rows:
        return True
    if len(head.years) >= 2:
        return True
    return len(head.years) == 1 and bool(head.of("title")) and len(row.cells) <= 5
