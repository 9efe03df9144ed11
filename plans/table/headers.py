"""Columns by meaning: which heading holds what, in any order and under any usual name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from plans.table.cells import Cell, Row, Table
from plans.table.words import canonical, item_number

Role = Literal["number", "title", "deadline", "deadline_from", "deadline_to", "result", "responsible", "unit", "other"]

# The first rule that fits decides: narrower meanings stand before wider ones («Ответственные за реализацию
# мероприятия» names parties and not the activity, «Срок реализации мероприятия» names days).
ROLE_RULES: tuple[tuple[Role, str], ...] = (
    ("number", r"^(?:№|n|no|номер|#)?\s*(?:п\s*[/.\\]?\s*п\.?|пп\.?)$|^(?:№|номер|#|nn|№№)\s*(?:пункта|строки|мероприятия)?\.?$"),
    ("number", r"^№\s*п(?:/п)?\b.{0,4}$|^пункт(?: плана)?$"),
    ("other", r"^(?:отметк|примечан|комментар|ход исполнен|факт|статус|информаци\w* об? (?:исполн|выполн))|об исполнении|о выполнении"),
    ("other", r"финансирован|стоимост|бюджет\w*|руб\.|тыс\.|источник"),
    ("responsible", r"ответственн|исполнител|кто (?:исполня|отвеча|выполня|проводит)|соисполнител|организатор|участник\w* (?:мероприят|реализац)"),
    ("unit", r"^ед(?:\.|иниц\w*)? ?изм"),
    ("deadline_from", r"(?:дата|срок\w*|день)? ?начал\w*(?: реализации| исполнения| работ)?$"),
    ("deadline_to", r"(?:дата|срок\w*|день)? ?(?:окончан|завершен)\w*(?: реализации| исполнения| работ)?$"),
    ("deadline", r"\bсрок(?:и|а|ов)?\b|\bдат[аы]\b|^период|\bкогда\b|\bвремя\b (?:провед|исполн|реализ)|периодичност|^календарн|^месяц"),
    ("result", r"результат|форма|вид документ|(?:итогов|подтверждающ|отчетн)\w* документ|документ\w*,? подтверж|^эффект|^показател\w* (?:результ|выполн|эффект|достиж)|ожидаем"),
    ("title", r"мероприяти|^наименовани|^название|содержани|вид\w* (?:работ|деятельности)|^действи|^работы?$|^задач|^перечень|^показател|целев\w* показател|^меры?\b|что (?:делать|сделать|делаем)|^этап|^шаг|^тема|^вопрос|^процедур"),
)  # fmt: skip
_RULES = tuple((role, re.compile(pattern)) for role, pattern in ROLE_RULES)
_TITLE_FIRST = re.compile(r"мероприяти|^показател|целев\w* показател")
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
MARK = re.compile(r"^[+xх*v✓✔•vд]$|^да$", re.IGNORECASE)

MAX_HEADING = 220
HEAD_SEARCH = 40


@dataclass(frozen=True)
class HeadColumn:
    """A heading with its grid columns [start, start + span) and what it means."""

    heading: str
    start: int
    span: int
    role: Role | None
    year: int | None = None


@dataclass(frozen=True)
class Head:
    """A recognised head: `rows` counts the rows it takes, `first` is the first one's position in the table.

    `guessed` was read from the cells beneath, of `told` a person said what columns mean.
    """

    columns: tuple[HeadColumn, ...]
    first: int
    rows: int
    guessed: bool = False
    told: bool = False

    def of(self, *roles: Role) -> list[HeadColumn]:
        return [column for column in self.columns if column.role in roles]

    @property
    def width(self) -> int:
        return max((column.start + column.span for column in self.columns), default=0)

    @property
    def is_plan(self) -> bool:
        if not self.of("title"):
            return False
        return bool(self.of("deadline", "deadline_from", "deadline_to", "responsible")) or (
            self.told and not self.years
        )

    @property
    def years(self) -> list[HeadColumn]:
        return [column for column in self.columns if column.year is not None]

    @property
    def is_targets(self) -> bool:
        return bool(self.years) and not self.of("deadline", "deadline_from", "deadline_to", "responsible")


def role_of(heading: str) -> Role | None:
    """What a heading means, None when no rule fits."""
    text = canonical(heading)
    if not text or len(text) > MAX_HEADING:
        return None
    return next((role for role, pattern in _RULES if pattern.search(text)), None)


def year_of(heading: str) -> int | None:
    """The year that a heading of a value column names: '2020 (базовый год, отчет)'; None for prose."""
    text = canonical(heading)
    years = _YEAR.findall(text)
    return int(years[-1]) if len(set(years)) == 1 and len(text) <= 60 else None


def find_head(table: Table) -> Head | None:
    """The head of a plan or of target indicators: the best of the first rows, or None."""
    for position, row in enumerate(table.rows[:HEAD_SEARCH]):
        if not may_be_head(row):
            continue
        for rows in _heights(table.rows, position):
            head = _head(table.rows[position : position + rows], position)
            if head.is_plan or (head.is_targets and _looks_like_targets(head, row)):
                return head
    return None


def may_be_head(row: Row) -> bool:
    """Headings are short words: no item numbers, and no days in the heading of the days."""
    texts = [cell.folded for cell in row.cells if not cell.blank]
    return (
        len(texts) >= 2
        and all(len(text) <= MAX_HEADING and item_number(text) is None for text in texts)
        and not any(any(map(str.isdigit, _YEAR.sub("", text))) and role_of(text) == "deadline" for text in texts)
    )


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
    """Two rows where the second belongs to the head (something above is merged or spans), else one."""
    row = rows[position]
    following = rows[position + 1] if position + 1 < len(rows) else None
    if following is not None and any(cell.merged for cell in following.cells):
        spans = any(cell.span > 1 and not cell.blank for cell in row.cells)
        if spans or all(cell.merged or _short(cell) for cell in following.cells):
            yield 2
    yield 1


def _short(cell: Cell) -> bool:
    return len(cell.folded) <= 40 and item_number(cell.text) is None


def _head(rows: Sequence[Row], first: int) -> Head:
    upper = rows[0].positions()
    columns = []
    if len(rows) == 1:
        columns = [(cell.folded, start, cell.span) for start, cell in upper]
    else:
        above = {column: cell for start, cell in upper for column in range(start, start + cell.span)}
        for start, cell in rows[1].positions():
            parent = above.get(start, Cell())
            text = parent.folded if cell.merged or cell.blank else f"{parent.folded} {cell.folded}".strip()
            columns.append((text, start, cell.span))
    found = [HeadColumn(text, start, span, role_of(text), year_of(text)) for text, start, span in columns]
    return Head(tuple(_one_title(found)), first, len(rows))


def _one_title(columns: list[HeadColumn]) -> list[HeadColumn]:
    """One column is the title: one that speaks of activities before any other; result columns may stand in."""
    titles = [column for column in columns if column.role == "title"]
    best = next((column for column in titles if _TITLE_FIRST.search(canonical(column.heading))), None)
    chosen = best or (titles[0] if titles else None)
    kept = []
    for column in columns:
        role: Role | None = "other" if column.role == "title" and column is not chosen else column.role
        year = column.year if role in {None, "other", "title"} and column is not chosen else None
        kept.append(HeadColumn(column.heading, column.start, column.span, role, year))
    return kept


def _looks_like_targets(head: Head, row: Row) -> bool:
    """A year in a heading is not enough: years must have columns of their own beside a title."""
    if len(head.years) >= 2:
        return True
    return len(head.years) == 1 and bool(head.of("title")) and len(row.cells) <= 5
