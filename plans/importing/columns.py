"""What the columns of a document were taken for, as the form shows and sends it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nok_portal.common.text import fold_spaces
from plans.table import Column, PlanTable

MEANINGS = {
    "number": "номер",
    "section": "раздел",
    "title": "мероприятие",
    "deadline": "срок",
    "deadline_from": "срок: начало",
    "deadline_to": "срок: конец",
    "responsible": "исполнители",
    "result": "ожидаемый результат",
    "unit": "единица измерения",
    "other": "не нужно",
}
YEARS_AROUND = 2


@dataclass(frozen=True)
class ColumnChoice:
    """A column with what it is taken for ('' where nobody knows) and what it may be."""

    name: str
    heading: str
    example: str
    meaning: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableColumns:
    """The columns of one table of the document; `is_read` unless the table was passed over."""

    index: int
    is_read: bool
    columns: tuple[ColumnChoice, ...]


def columns_of(table: PlanTable) -> list[TableColumns]:
    """All columns by table, those of tables that were passed over last."""
    years = _years(table)
    known = [(True, table.columns), (False, table.unread_columns)]
    found = []
    for is_read, columns in known:
        for index in dict.fromkeys(column.table for column in columns):
            some = tuple(_choice(column, years) for column in columns if column.table == index)
            found.append(TableColumns(index, is_read, some))
    return found


def said_of_columns(table: PlanTable, sent: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The meanings as they are kept, of fields as the form sends them; of what was left as it is nothing is said.

    Tables that were passed over stay so unless something in them is given a meaning.
    """
    said: dict[str, dict[str, str]] = {}
    for one in columns_of(table):
        chosen = {column.name: sent.get(column.name, column.meaning) for column in one.columns}
        known = {column.name: {code for code, _ in column.choices} for column in one.columns}
        kept = {name: code for name, code in chosen.items() if code and code in known[name]}
        if any(code != "other" for code in kept.values()) and (one.is_read or len(kept) > 1):
            said[str(one.index)] = {name.rpartition("-")[2]: code for name, code in kept.items()}
    return said


def _choice(column: Column, years: Iterable[int]) -> ColumnChoice:
    meaning = column.role or ""
    choices = [*MEANINGS.items(), *((f"year:{year}", f"значение за {year} год") for year in years)]
    if meaning and meaning not in dict(choices):
        choices.append((meaning, f"значение за {meaning.removeprefix('year:')} год"))
    if not meaning:
        choices.insert(0, ("", "не понята"))
    return ColumnChoice(
        name=f"column-{column.table}-{column.index}",
        heading=fold_spaces(column.heading),
        example=column.example,
        meaning=meaning,
        choices=tuple(choices),
    )


def _years(table: PlanTable) -> list[int]:
    """Years that a value column may be for: those of the period, and some before it."""
    if table.period is None:
        return []
    first, last = int(table.period[0][:4]), int(table.period[1][:4])
    return list(range(first - YEARS_AROUND, min(last, first + 10) + 1))
