"""Corrections of one reading of a document carried over to another reading of the same document. Pure.

Only what columns mean differs, so a line is the same where it stands in the same row of the same table. What a
person said of a field holds as long as the document says the same there; where the new reading says just that by
itself, nothing need be said; anything else would be lost, and is named before it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plans.importing.outline import line_at, section_at
from plans.lines.readings import reading_for
from plans.table import PlanTable, Source

NAMES = {
    "number": "номер",
    "title": "название",
    "deadline_text": "срок",
    "reading": "понимание срока",
    "expected_result": "результат",
    "responsible": "исполнители",
    "step": "шаг оценки",
    "section_index": "раздел",
    "values": "значения",
}
SILENT = frozenset({"settled", "inherited"})
WITHOUT_WORDS = SILENT | {"is_deleted", "is_section", "is_activity"}
Key = tuple[int, int, int]


@dataclass(frozen=True)
class Lost:
    """A correction that has no place in the new reading; `words` say what it was."""

    table: int
    row: int
    words: str


@dataclass(frozen=True)
class Carried:
    corrections: dict[str, Any]
    lost: tuple[Lost, ...]


def carried_over(old: PlanTable, corrections: Mapping[str, Any], new: PlanTable) -> Carried:
    """What of the corrections of `old` can be said of `new`."""
    found: dict[str, Any] = {name: corrections[name] for name in ("facts", "settled") if name in corrections}
    lost: list[Lost] = []
    places = {key: (kind, index) for kind, index, key in _rows(new)}
    for kind, index, key in _rows(old):
        part = "activities" if kind == "line" else "sections"
        said = corrections.get(part, {}).get(str(index), {})
        other = corrections.get("sections" if kind == "line" else "activities", {})
        turned = other.get(str(len(old.sections if kind == "line" else old.activities) + index), {})
        if not said and not turned:
            continue
        at = places.get(key)
        if at is None:
            lost += _all_lost(key, {**said, **turned})
            continue
        if at[0] != kind:
            # what a person turned into the other thing is read as that now
            if said.get("is_section") or said.get("is_activity"):
                found.setdefault("sections" if kind == "line" else "activities", {})[str(at[1])] = dict(turned)
            else:
                lost += _all_lost(key, said)
            continue
        kept, gone = _carry(said, _Row(kind, index, old), _Row(kind, at[1], new), key)
        lost += gone
        if kept:
            found.setdefault(part, {})[str(at[1])] = kept
        if turned:
            base = len(new.sections if kind == "line" else new.activities)
            found.setdefault("sections" if kind == "line" else "activities", {})[str(base + at[1])] = dict(turned)
    lost += _targets(found, old, corrections.get("targets", {}), new)
    return Carried(found, tuple(lost))


@dataclass(frozen=True)
class _Row:
    kind: str
    index: int
    table: PlanTable

    @property
    def read(self) -> Any:
        return line_at(self.table, self.index) if self.kind == "line" else section_at(self.table, self.index)


def _carry(said: Mapping[str, Any], old: _Row, new: _Row, key: Key) -> tuple[dict[str, Any], list[Lost]]:
    """What of the words about a row can be said of it in the new reading."""
    kept, lost = {}, []
    for name, value in said.items():
        if name in WITHOUT_WORDS:
            kept[name] = value
        elif name == "section_index":
            section = _same_section(old.table, value, new.table)
            if section is not None or value is None:
                kept[name] = section
            else:
                lost.append(_lost(key, name, None))
        elif name == "reading":
            if "deadline_text" in said or reading_for(value, new.read.deadline_text)[0]:
                kept[name] = value
            else:
                lost.append(_lost(key, name, None))
        elif _plain(getattr(old.read, name)) == _plain(getattr(new.read, name)):
            kept[name] = value
        elif _plain(value) != _plain(getattr(new.read, name)):
            lost.append(_lost(key, name, value))
    if "inherited" in kept and not any(name in kept for name in kept["inherited"]):
        del kept["inherited"]
    return kept, lost


def _targets(found: dict[str, Any], old: PlanTable, said_of: Mapping[str, Any], new: PlanTable) -> list[Lost]:
    lost: list[Lost] = []
    places = {key: index for index, key in enumerate(_keys(row.source for row in new.targets))}
    for index, key in enumerate(_keys(row.source for row in old.targets)):
        said = said_of.get(str(index))
        if not said:
            continue
        at = places.get(key)
        if at is not None and replace(old.targets[index], origins=()) == replace(new.targets[at], origins=()):
            found.setdefault("targets", {})[str(at)] = dict(said)
        else:
            lost += _all_lost(key, said)
    return lost


def _rows(table: PlanTable) -> list[tuple[str, int, Key]]:
    """Sections and activities with where they stand."""
    sections = [("section", index, row.source) for index, row in enumerate(table.sections)]
    lines = [("line", index, row.source) for index, row in enumerate(table.activities)]
    rows = sorted([*sections, *lines], key=lambda one: (one[2].table, one[2].row))
    keys = _keys(source for _, _, source in rows)
    return [(kind, index, key) for (kind, index, _), key in zip(rows, keys, strict=True)]


def _keys(sources: Iterable[Source]) -> list[Key]:
    """Table, row, and which one of those that stand in it."""
    seen: dict[tuple[int, int], int] = {}
    keys = []
    for source in sources:
        place = (source.table, source.row)
        seen[place] = seen.get(place, -1) + 1
        keys.append((*place, seen[place]))
    return keys


def _same_section(old: PlanTable, key: int | None, new: PlanTable) -> int | None:
    """The key in the new reading of the section that stands in the same row."""
    if key is None:
        return None
    if key >= len(old.sections):
        source = old.activities[key - len(old.sections)].source
        at = next((i for i, row in enumerate(new.activities) if _place(row.source) == _place(source)), None)
        return None if at is None else len(new.sections) + at
    place = _place(old.sections[key].source)
    return next((index for index, row in enumerate(new.sections) if _place(row.source) == place), None)


def _place(source: Source) -> tuple[int, int]:
    return source.table, source.row


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value or None


def _lost(key: Key, name: str, value: Any) -> Lost:
    if isinstance(value, dict):
        value = [f"{year}: {amount}" for year, amount in value.items()]
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    told = f"{NAMES[name]}: «{words}»" if words else NAMES[name]
    return Lost(key[0], key[1], told)


def _all_lost(key: Key, said: Mapping[str, Any]) -> list[Lost]:
    told = {
        "is_deleted": "строка не попадала в план",
        "is_section": "строка была разделом",
        "is_activity": "раздел был мероприятием",
    }
    return [
        Lost(key[0], key[1], told[name])
        if name in told
        else _lost(key, name, None if name in {"section_index", "reading"} else value)
        for name, value in said.items()
        if name not in SILENT
    ]
