"""The plan as it was read, beside where it stands in the document. Stored as JSON until it is saved as rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

Severity = Literal["error", "warning", "question"]
Unit = Literal["count", "percent"]


@dataclass(frozen=True)
class SourceCell:
    """A cell's words under the heading of its column; `role` is what the column was taken for, if anything."""

    heading: str
    text: str
    role: str | None = None
    merged: bool = False


@dataclass(frozen=True)
class Source:
    """Where something stands: table and row as a reader counts them, from 1; row 0 is a heading above the table."""

    table: int
    row: int
    cells: tuple[SourceCell, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        cells = tuple(SourceCell(**cell) for cell in data["cells"])
        return cls(table=data["table"], row=data["row"], cells=cells)


@dataclass(frozen=True)
class Origin:
    """A cell that a value of the plan came from.

    `field` is the value: a name of ActivityRow or TargetRow, for a value of an indicator "year:2027". `table` and
    `row` count from 1 as in Source (row 0: a heading above the table), `column` is the index of a Column of the
    table whose head stands above, None outside its columns; `words` are the cell's. A value that was put
    together has several origins, an inherited one that of the row above.
    """

    field: str
    table: int
    row: int
    column: int | None
    heading: str
    words: str


@dataclass(frozen=True)
class Column:
    """What a column of a table was taken for. `role` is None where it was not understood.

    `example` are the first words under the heading.
    """

    table: int
    index: int
    heading: str
    role: str | None
    example: str = ""


@dataclass(frozen=True)
class SectionRow:
    number: str | None
    title: str
    source: Source

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(number=data["number"], title=data["title"], source=Source.from_json(data["source"]))


@dataclass(frozen=True)
class ActivityRow:
    """One activity. `number` and `section` are None where the document has none.

    `section_index` points into `PlanTable.sections` (sections may lack a number or share one). `responsible` are
    the parties by their names, `responsible_text` is the cell. `step` is a code of `steps.py`, `step_reason` the
    words of the plan that decided it. `inherited` names fields whose words stand in a row above, `remarks` are
    codes of what the reader did to the row (`remarks.py`).
    """

    number: str | None
    section: str | None
    section_index: int | None
    title: str
    deadline_text: str
    expected_result: str
    responsible: tuple[str, ...]
    responsible_text: str
    step: str | None
    step_reason: str
    inherited: tuple[str, ...]
    source: Source
    remarks: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()

    def origins_of(self, name: str) -> tuple[Origin, ...]:
        return tuple(origin for origin in self.origins if origin.field == name)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        lists = {name: tuple(data.get(name, ())) for name in ("responsible", "inherited", "remarks")}
        return cls(**{**data, **lists, **_places(data)})


@dataclass(frozen=True)
class TargetRow:
    """A target indicator in one unit.

    `values` by year; `base_year` is the one that is reported and not planned; `unread` are cells without a number.
    """

    title: str
    unit: Unit
    cumulative: bool
    values: Mapping[int, int | float]
    base_year: int | None
    source: Source
    unread: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()

    def origins_of(self, name: str) -> tuple[Origin, ...]:
        return tuple(origin for origin in self.origins if origin.field == name)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        values = {int(year): value for year, value in data["values"].items()}
        unread = tuple(data.get("unread", ()))
        return cls(**{**data, "values": values, "unread": unread, **_places(data)})


@dataclass(frozen=True)
class Finding:
    """Something a person should look at. An error must be decided, a warning may stay, a question asks «Верно?».

    `activity` is the activity's number as shown (None for the whole plan), `activity_index` and `target_index`
    point into the plan, `field` names the field it is about.
    """

    code: str
    severity: Severity
    message: str
    activity: str | None = None
    activity_index: int | None = None
    target_index: int | None = None
    field: str | None = None


@dataclass(frozen=True)
class PlanTable:
    """A plan as it was read; `period` are ISO days.

    `columns` are those of the tables that were read, `unread_columns` those of tables that were passed over.
    """

    title: str
    period: tuple[str, str] | None
    spheres: tuple[str, ...]
    columns: tuple[Column, ...]
    sections: tuple[SectionRow, ...]
    activities: tuple[ActivityRow, ...]
    targets: tuple[TargetRow, ...]
    findings: tuple[Finding, ...]
    unread_columns: tuple[Column, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON values, for a draft that is stored and edited."""
        data: dict[str, Any] = _plain(asdict(self))
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        period = data["period"]
        return cls(
            title=data["title"],
            period=(period[0], period[1]) if period else None,
            spheres=tuple(data["spheres"]),
            columns=tuple(Column(**column) for column in data["columns"]),
            sections=tuple(SectionRow.from_json(section) for section in data["sections"]),
            activities=tuple(ActivityRow.from_json(activity) for activity in data["activities"]),
            targets=tuple(TargetRow.from_json(target) for target in data["targets"]),
            findings=tuple(Finding(**finding) for finding in data["findings"]),
            unread_columns=tuple(Column(**column) for column in data.get("unread_columns", ())),
        )

    def with_findings(self, findings: tuple[Finding, ...]) -> Self:
        return replace(self, findings=findings)


def _places(data: Mapping[str, Any]) -> dict[str, Any]:
    origins = tuple(Origin(**origin) for origin in data.get("origins", ()))
    return {"source": Source.from_json(data["source"]), "origins": origins}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
