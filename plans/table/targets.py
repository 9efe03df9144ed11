"""Tables of target indicators: what is to be reached in which year, in counts and shares."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite

from plans.table.cells import Cell, Row, Table
from plans.table.headers import Head, HeadColumn, is_column_numbers, is_repeated_head
from plans.table.model import Origin, Source, SourceCell, TargetRow, Unit
from plans.table.roles import year_of
from plans.table.words import canonical, fold

_VALUE = re.compile(
    r"^(?:не\s+(?:менее|более|ниже)\s+|до\s+|от\s+|≥|>=|>|~)?\s*"
    r"(?P<value>-?\d{1,3}(?:[\s\u00a0]\d{3})+(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?)\s*(?P<unit>%|[^\d]{0,30})$"
)
# «5 / 25 %», «5 (25 %)»: a count and its share in one cell.
_BOTH = re.compile(r"^(?P<count>\d+)\s*(?:ед\.?|шт\.?)?\s*[/(;]\s*(?P<percent>\d+(?:[.,]\d+)?)\s*%\s*\)?$")
_NOTHING = re.compile(r"^(?:[-–—xх]|нет|н/д|…)?$")
_PERCENT = re.compile(r"%|процент|\bдол[яи]\b|\bдол\.|удельн\w* вес")
_COUNT = re.compile(
    r"\bколичеств|\bкол-?во\b|\bчисло\b|\bчисленност|натуральн|\bед(?:\.|иниц|$)|\bшт\b|\bчел|абсолютн|заседани\w* в год"
)
_CUMULATIVE = re.compile(r"нарастающ\w* итог")
_BASE = re.compile(r"базов|отчет|факт")


def is_unit_heading(text: str) -> bool:
    words = canonical(text)
    return bool(words) and len(words) <= 30 and not any(map(str.isdigit, words)) and unit_of(words) is not None


def unit_of(text: str) -> Unit | None:
    """What words count in: «доля (%)» percent, «ед.» count, None when they do not say."""
    words = canonical(text)
    percent, count = _PERCENT.search(words), _COUNT.search(words)
    if percent and count:
        # «Доля организаций … от общего количества» is a share, «Количество …, доля которых» a count.
        return "percent" if percent.start() < count.start() or "%" in words else "count"
    return "percent" if percent else "count" if count else None


def value_of(text: str) -> int | float | None:
    """A planned value: '66,6 %' → 66.6, 'не менее 3 ед.' → 3; None when there is none."""
    match = _VALUE.match(fold(text))
    if not match:
        return None
    digits = re.sub(r"\s", "", match["value"]).replace(",", ".")
    number = float(digits)
    if not isfinite(number):  # hundreds of digits
        return None
    return int(number) if number.is_integer() and len(digits) < 15 else number


def read_targets(table: Table, head: Head, heading: str) -> list[TargetRow]:
    """The indicators of a table; `heading` are the words above it, which may say that figures are cumulative."""
    heading = " ".join([heading, *(column.heading for column in head.columns if not column.year)])
    if head.has_year_rows:
        return _by_rows(table, head, heading)
    found: list[TargetRow] = []
    units: dict[int, str] = {}
    title = ""
    for row in table.rows[head.first + head.rows :]:
        if row.blank or is_column_numbers(row) or is_repeated_head(row, head):
            continue
        label, values, columns = _split(row, head)
        title = label or title
        filled = [cell.folded for _, cell in values if not cell.blank]
        if filled and all(is_unit_heading(text) for text in filled):
            units = {start: cell.folded for start, cell in values if not cell.blank}
            continue
        if not filled or not title:
            continue
        rows, missed = _indicators(title, values, head, units, _unit_cell(row, head))
        origins = tuple(_origins(row, head, table.index, label or None))
        cumulative = bool(_CUMULATIVE.search(canonical(f"{heading} {title}")))
        source = Source(table.index, row.index, columns)
        for unit, by_year in rows or [(unit_of(title) or "count", {})]:
            found.append(
                TargetRow(fold(title), unit, cumulative, by_year, _base_year(head), source, tuple(missed), origins)
            )
            missed = []
    return found


def _by_rows(table: Table, head: Head, heading: str) -> list[TargetRow]:
    """Indicators whose years stand one below the other; a blank or merged title goes on with the one above."""
    found: dict[tuple[str, Unit], TargetRow] = {}
    title = unit_words = ""
    for row in table.rows[head.first + head.rows :]:
        cells = {column.role: cell for start, cell in row.positions() if (column := _column_at(head, start))}
        title_cell, unit_cell = cells.get("title", Cell()), cells.get("unit", Cell())
        if not title_cell.blank and not title_cell.merged and title_cell.folded != title:
            title, unit_words = title_cell.folded, ""
        unit_words = unit_cell.folded or unit_words
        year = year_of(cells.get("year", Cell()).text)
        if year is None or not title or is_repeated_head(row, head):
            continue
        words = cells.get("value", Cell()).text
        unit = unit_of(words) or unit_of(unit_words) or unit_of(title) or "count"
        before = found.get((title, unit)) or TargetRow(
            fold(title), unit, bool(_CUMULATIVE.search(canonical(f"{heading} {title}"))), {}, None,
            Source(table.index, row.index, _shown(row, head)),
        )  # fmt: skip
        value = value_of(words)
        missed = () if value is not None or _NOTHING.match(canonical(words)) else (fold(words),)
        found[title, unit] = replace(
            before,
            values=before.values if value is None else {**before.values, year: value},
            unread=before.unread + missed,
            origins=(*before.origins, *_origins(row, head, table.index, title, year)),
        )
    return list(found.values())


def _shown(row: Row, head: Head) -> tuple[SourceCell, ...]:
    pairs = [(_column_at(head, start), cell) for start, cell in row.positions()]
    return tuple(
        SourceCell(column.heading if column else "", cell.text, column.role if column else None, cell.merged)
        for column, cell in pairs
    )


def _split(row: Row, head: Head) -> tuple[str, list[tuple[int, Cell]], tuple[SourceCell, ...]]:
    """The title, the value cells with their columns, and all cells for the preview."""
    first = min(column.start for column in head.years)
    label = ""
    values, shown = [], []
    titles = head.of("title")
    title_at = (
        titles[0].start
        if titles
        else next((column.start for column in head.columns if column.start < first and column.role is None), 0)
    )
    for start, cell in row.positions():
        column = _column_at(head, start)
        role = "title" if start == title_at else "value" if start >= first else column.role if column else None
        shown.append(SourceCell(column.heading if column else "", cell.text, role, cell.merged))
        if start >= first:
            values.append((start, cell))
        elif start == title_at or (not label and column is not None and column.role not in {"number", "unit"}):
            label = cell.folded
    return label, values, tuple(shown)


def _origins(row: Row, head: Head, table: int, title: str | None, year_of_row: int | None = None) -> Iterator[Origin]:
    """The cells of an indicator's row: its title, its unit and its values."""
    first = min((column.start for column in head.years), default=0)
    for start, cell in row.positions():
        column = _column_at(head, start)
        if column is None or cell.blank:
            continue
        if start >= first and column.year is not None:
            name = f"year:{column.year}"
        elif column.role == "value" and year_of_row is not None:
            name = f"year:{year_of_row}"
        elif column.role == "unit":
            name = "unit"
        elif cell.folded == title:
            name = "title"
        else:
            continue
        yield Origin(name, table, row.index, head.place_of(column), column.heading, cell.text)


def _unit_cell(row: Row, head: Head) -> str:
    places = {column.start for column in head.of("unit")}
    return next((cell.folded for start, cell in row.positions() if start in places), "")


def _indicators(
    title: str, values: list[tuple[int, Cell]], head: Head, units: Mapping[int, str], unit_cell: str
) -> tuple[list[tuple[Unit, dict[int, int | float]]], list[str]]:
    """One series of values for each unit, in the order of the columns."""
    series: dict[Unit, dict[int, int | float]] = {}
    missed: list[str] = []
    for place, (start, cell) in enumerate(values):
        year, covers_units = _year_at(place, values, head, units)
        if year is None:
            continue
        both = _BOTH.match(cell.folded)
        if both:
            series.setdefault("count", {})[year] = value_of(both["count"]) or 0
            series.setdefault("percent", {})[year] = value_of(both["percent"]) or 0
            continue
        value = value_of(cell.text)
        if value is None:
            if not _NOTHING.match(canonical(cell.text)):
                missed.append(cell.folded)
            continue
        column = _column_at(head, start)
        own = None if covers_units else units.get(start)
        said = (unit_of(own) if own else None) or unit_of(cell.text) or unit_of(unit_cell)
        said = said or (unit_of(column.heading) if column else None) or unit_of(title) or "count"
        series.setdefault(said, {})[year] = value
    return list(series.items()), missed


def _year_at(
    place: int, values: list[tuple[int, Cell]], head: Head, units: Mapping[int, str]
) -> tuple[int | None, bool]:
    """The year that a value stands under, and whether it covers all unit columns of that year."""
    years = head.years
    start, cell = values[place]
    if len(values) == len(years):
        return years[place].year, bool(units) and (cell.span > 1 or len(units) > len(years))
    spans = any(column.span > 1 for column in years)
    column = _column_at(head, start)
    if spans:
        return (column.year if column else None), bool(column and cell.span >= column.span > 1)
    if len(values) % len(years) == 0:
        return years[place // (len(values) // len(years))].year, False
    return (column.year if column else None), False


def _column_at(head: Head, start: int) -> HeadColumn | None:
    return next((column for column in head.columns if column.start <= start < column.start + column.span), None)


def _base_year(head: Head) -> int | None:
    return next((column.year for column in head.years if _BASE.search(canonical(column.heading))), None)
