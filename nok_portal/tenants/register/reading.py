"""A workbook → lines about organizations, each with its values and the cells that could not be understood."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from nok_portal.common.text import counted, fold

from .cells import CellProblem, Value, sphere_in, value_of
from .columns import Column, Header, find_header
from .sheet import MAX_ROWS, Cell, Row, Sheet, SheetRefused

_TOTAL = re.compile(r"^(?:итого|всего)\b")
# «Культура», «II. Учреждения культуры», «Сфера образования»; an institution's own name has a number or quotes
_SECTION = re.compile(
    r"^(?:(?:раздел )?[ivxхі]+[.)]? )?(?:(?:сфера|отрасль|учреждени|организаци)[^\d«»\"„“]*"
    r"|культура|образование|(?:охрана )?здоровь[ея]|здравоохранение|социальное обслуживание)$"
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line: in which column ('' for the whole line), and what to do."""

    column: str
    title: str
    message: str


@dataclass
class Line:
    """One line of the file. `skipped` says why it is not an organization; blank cells give no value."""

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)
    skipped: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Line":
        return cls(
            number=data["number"],
            values=dict(data["values"]),
            faults=[Problem(**fault) for fault in data["faults"]],
            skipped=data["skipped"],
        )


@dataclass(frozen=True)
class Table:
    """The list as it was understood: its sheet, columns by field, titles of no use here, lines."""

    sheet: str
    columns: dict[str, Column]
    unused: tuple[Column, ...]
    lines: list[Line]


def read_table(sheets: list[Sheet], *, sphere: str = "") -> Table:
    """The first sheet with a line of titles, read to its end. `sphere` stands where the file says none.

    Raises SheetRefused when there is no such sheet, nothing below the titles, or more than MAX_ROWS lines.
    """
    if not any(sheet.rows for sheet in sheets):
        raise SheetRefused("В файле нет ни одной заполненной ячейки. Проверьте, тот ли файл выбран.")
    for sheet in sheets:
        header = find_header(sheet.rows)
        if header:
            break
    else:
        raise SheetRefused(
            "Портал не нашёл строку с названиями столбцов. В ней должно быть «Наименование» и ещё хотя бы один столбец:"
            " «ИНН», «Адрес», «Сфера», «Руководитель». Возьмите за основу пример файла."
        )
    rows = sheet.rows[header.position + header.height :]
    if len(rows) > MAX_ROWS:
        raise SheetRefused(
            f"В списке больше {counted(MAX_ROWS, 'строки', 'строк', 'строк')}. Разделите его на несколько файлов."
        )
    lines = _lines(rows, header, sphere)
    if not any(not line.skipped for line in lines):
        raise SheetRefused("Под строкой заголовков нет ни одной организации. Проверьте, тот ли файл выбран.")
    return Table(sheet.name, header.fields, header.unused, lines)


def _lines(rows: tuple[Row, ...], header: Header, sphere: str) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        filled = {index: cell for index, cell in enumerate(row.cells) if cell is not None}
        reason = _why_skipped(filled, header)
        if not reason and (named := _section_sphere(filled)):
            sphere, reason = named, "заголовок раздела"
        if reason:
            lines.append(Line(row.number, skipped=reason))
            continue
        line = _line(row, header)
        column = header.fields.get("sphere")
        if sphere and not any(column and fault.column == column.letter for fault in line.faults):
            line.values.setdefault("sphere", sphere)
        lines.append(line)
    return lines


def _why_skipped(filled: Mapping[int, Cell], header: Header) -> str:
    texts = [fold(str(cell)) for cell in filled.values()]
    if any(_TOTAL.match(text) for text in texts[:2]):
        return "итоговая строка"
    if len(filled) > 1 and all(text.isdecimal() and len(text) < 4 for text in texts):
        first = int(texts[0])
        if [int(text) for text in texts] == list(range(first, first + len(texts))):
            return "номера столбцов"
    titles = {column.index: column.title for column in header.fields.values()}
    if len(filled) > 1 and all(fold(str(filled.get(index))) == fold(title) for index, title in titles.items()):
        return "повтор заголовков"
    known = {column.index for column in header.fields.values()}
    if not known & filled.keys():
        return "в ней нет ни одного нужного столбца"
    return ""


def _section_sphere(filled: Mapping[int, Cell]) -> str:
    """The sphere of a line that is nothing but a heading such as «II. Учреждения культуры»."""
    if len(filled) != 1:
        return ""
    text = str(next(iter(filled.values())))
    return sphere_in(text) if _SECTION.match(fold(text)) else ""


def _line(row: Row, header: Header) -> Line:
    line = Line(row.number)
    for name, column in header.fields.items():
        cell = row.cells[column.index] if column.index < len(row.cells) else None
        try:
            value = value_of(name, cell)
        except CellProblem as problem:
            line.faults.append(Problem(column.letter, column.title, str(problem)))
        else:
            if value not in {"", None}:
                line.values[name] = value
    named = {"name", "short_name"} & {*line.values}
    if not named and not any(fault.column == _name_column(header).letter for fault in line.faults):
        column = _name_column(header)
        line.faults.append(Problem(column.letter, column.title, "Название не указано. Впишите его или удалите строку."))
    if named == {"short_name"}:
        line.values["name"] = line.values["short_name"]
    return line


def _name_column(header: Header) -> Column:
    return header.fields.get("name") or header.fields["short_name"]
