"""Columns by meaning: which heading holds what, in any order and under any usual name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from plans.table.cells import Cell, Row, Table
from plans.table.words import canonical, item_number

Role = Literal[
    "number", "title", "deadline", "deadline_from", "deadline_to", "result", "responsible", "unit", "year", "value", "other"
]  # fmt: skip

_MONTHS = r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?"
PERIOD = rf"(?:{_MONTHS}|(?:i{{1,3}}|iv|[1-4])(?:-?\s?й)?\s*(?:кв\.?|квартал)|(?:i|ii|[12])(?:-?\s?е)?\s*(?:полугодие|п/г))(?:\s*20\d\d(?:\s*(?:г\.?|год|года))?)?"

# The first rule that fits decides: narrower meanings stand before wider ones («Ответственные за реализацию
# мероприятия» names parties and not the activity, «Срок реализации мероприятия» names days).
ROLE_RULES: tuple[tuple[Role, str], ...] = (
    ("number", r"^(?:№|n|no|номер|#)?\s*(?:п\s*[/.\\]?\s*п\.?|пп\.?)$|^(?:№|номер|#|nn|№№)\s*(?:пункта|строки|мероприятия)?\.?$"),
    ("number", r"^№\s*п(?:/п)?\b.{0,4}$|^пункт(?: плана)?$|^п/п$"),
    ("other", r"^(?:отметк|примечан|комментар|ход исполнен|ход реализ|статус|информаци\w* об? (?:исполн|выполн))|об исполнении|о выполнении|\bфакт|^сведени\w* о ходе"),
    ("other", r"финансирован|стоимост|бюджет\w*|руб\.|тыс\.|источник|\bсумм[аы]\b|затрат"),
    ("other", r"^(?:выявленн\w+ )?(?:недостат|замечан|проблем|нарушен)|^основани|^место\b|^адрес|^целевая (?:аудитор|групп)|^категори|^телефон"),
    ("responsible", r"ответственн|^(?:отв|исп)\b\.?|исполнител|^кто\b(?!$)|соисполнител|организатор|участник\w* (?:мероприят|реализац)|докладчик|докладыва|выступа|^куратор|^координатор"),
    ("title", r"^мероприяти|наименовани\w* (?:\w+ ){0,2}мероприят|содержани\w* мероприят"),
    ("unit", r"^ед(?:\.|иниц\w*)? ?изм"),
    ("year", r"^год(?:ы)?$|^отчетный год$|^год (?:реализации|достижения)$"),
    ("value", r"^(?:планов\w+ |целев\w+ |ожидаем\w+ )?значени\w*(?: показател\w*)?$|^план$"),
    ("deadline_from", r"(?:дата|срок\w*|день)? ?начал\w*(?: реализации| исполнения| работ)?$"),
    ("deadline_to", r"(?:дата|срок\w*|день)? ?(?:окончан|завершен)\w*(?: реализации| исполнения| работ)?$"),
    ("deadline", r"\bсрок(?:и|а|ов|у|ом)?\b|\bдат[аы]\b|^период|\bкогда\b|\bвремя\b (?:провед|исполн|реализ)|^время$|периодичност|^календарн|^месяц|^квартал$|^график|^дедлайн"),
    ("deadline", rf"^{PERIOD}$"),
    ("result", r"результат|форма|вид документ|(?:итогов|подтверждающ|отчетн)\w* документ|документ\w*,? подтверж|^документ|^отчетност|^эффект|^показател\w* (?:результ|выполн|эффект|достиж)|ожидаем|контрольн\w+ (?:событи|точк)|^что (?:получ|будет (?:получ|достиг))|^итог|^продукт|^индикатор|критери\w* (?:исполн|выполн|оценк\w* результ)"),
    ("title", r"мероприяти|^наименовани|^название|содержани|вид\w* (?:работ|деятельности)|^действи|^работы?$|^задач|^перечень|^показател|целев\w* показател|^меры?\b|^что\b|^этап|^шаг|^тема|^тематик|вопрос|^повестк|^процедур|^направлени|^раздел|^блок|^событи|^поручени|^предложени|^рекомендаци|^дел[ао]$"),
)  # fmt: skip
# Names of parties only where no column says so more plainly.
_WEAK_PARTY = re.compile(
    r"^(?:организаци[яи]|учреждени[ея]|(?:структурн\w+ )?подразделени[ея]|должностн\w+ лиц\w+|служб[аы]|орган(?:ы|изации)?"
    r"|кто|фио|ф\.?\s?и\.?\s?о\.?|фамили.*|должность|заказчик|лиц[оа])$"
)
_RULES = tuple((role, re.compile(pattern)) for role, pattern in ROLE_RULES)
# Of several columns that can hold titles the first kind that occurs: activities, then what else is done, then
# what only groups it.
_TITLE_KINDS = tuple(
    map(
        re.compile,
        (
            r"мероприяти|целев\w* показател|^показател",
            r"наименовани|содержани|действи|работ|вопрос|повестк|меры?\b|событи|поручени|предложени|рекомендаци|что ",
            r"тема|тематик|перечень|процедур|назван|шаг|дел[ао]$",
            r"",
        ),
    )
)
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_ONLY_YEAR = re.compile(r"^(?:в |на )?20[0-4]\d(?: ?(?:год\w*|г\.?))?$")
_DEADLINE_WORD = re.compile(r"^(?:срок|дат|период|график)\w*(?:\s+\w+ия)?[\s,:–—-]*", re.IGNORECASE)
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
    own: str = ""

    @property
    def period(self) -> str:
        """The words that a mark under this heading stands for: «II кв.» of «Сроки, 2027 год | II кв.»."""
        words = _DEADLINE_WORD.sub("", self.own or self.heading) or self.heading
        year = _YEAR.search(canonical(self.heading))
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
        return bool(self.of("deadline", "deadline_from", "deadline_to", "responsible")) or (
            self.told and not self.years
        )

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


def role_of(heading: str) -> Role | None:
    """What a heading means, None when no rule fits."""
    text = canonical(heading)
    if not text or len(text) > MAX_HEADING:
        return None
    return next((role for role, pattern in _RULES if pattern.search(text)), None)


def _role_of_period(heading: str) -> Role | None:
    """«1 кв.» under «2027 год»."""
    return "deadline" if re.match(rf"^{PERIOD}$", canonical(heading)) else None


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
            head = _with_number_column(head, table.rows[position + rows :])
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
        and not any(any(map(str.isdigit, _YEAR.sub("", text))) and role_of(text) == "deadline" for text in texts)
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
        columns = [(cell.folded, start, cell.span, cell.folded) for start, cell in upper]
    else:
        above = {column: cell for start, cell in upper for column in range(start, start + cell.span)}
        for start, cell in rows[1].positions():
            parent = above.get(start, Cell())
            text = parent.folded if cell.merged or cell.blank else f"{parent.folded} {cell.folded}".strip()
            columns.append((text, start, cell.span, parent.folded if cell.merged or cell.blank else cell.folded))
    found = [
        HeadColumn(text, start, span, role_of(text) or _role_of_period(own), year_of(text), own)
        for text, start, span, own in columns
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
        role: Role | None = "other" if column.role == "title" and column is not chosen else column.role
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


def _looks_like_targets(head: Head, row: Row) -> bool:
    """A year in a heading is not enough: years must have columns of their own beside a title."""
    if head.has_year_rows:
        return True
    if len(head.years) >= 2:
        return True
    return len(head.years) == 1 and bool(head.of("title")) and len(row.cells) <= 5
