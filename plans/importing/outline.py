"""What of a document is a section and what an activity, and which lines stand under which section. Pure.

Both have keys that no correction changes: a section of the table has its index as key, an activity that a person
made a section has `len(sections) + its index`; with lines it is the other way round.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plans.table import ActivityRow, PlanTable, SectionRow
from plans.table.steps import propose_step

Said = Mapping[str, Mapping[str, Any]]
Entry = tuple[Literal["section", "line"], int]


@dataclass
class Group:
    """A section by its key (None: lines outside of sections) with the keys of its lines."""

    section: int | None
    lines: list[int] = field(default_factory=list)


def outline_of(table: PlanTable, lines_said: Said, sections_said: Said) -> list[Group]:
    """Sections with their lines in the order of the document; a line that was moved stands where it would belong."""
    groups, places, moved = [Group(None)], {}, []
    read_under: int | None = None
    for place, (kind, index) in enumerate(_entries(table)):
        key = _key_of(kind, index, table, lines_said, sections_said)
        if kind == "section":
            read_under = index
        elif table.activities[index].section_index != read_under:
            read_under = table.activities[index].section_index
            groups.append(Group(read_under))
        places[key] = place
        if key[0] == "section":
            groups.append(Group(key[1]))
            continue
        said = lines_said.get(str(key[1]), {})
        if "section_index" in said:
            moved.append((key[1], said["section_index"]))
        groups[-1].lines.append(key[1])
    for line, section in moved:
        _move(groups, line, section, {key: place for (_, key), place in places.items() if _ == "line"})
    return [group for group in groups if group.section is not None or group.lines]


def turned_key(key: int, own: int, others: int) -> int:
    """The key of a line once it is a section, or of a section once it is a line, and back.

    `own` is how many rows of its kind the document has, `others` how many of the other kind.
    """
    return key + others if key < own else key - own


def section_at(table: PlanTable, key: int) -> SectionRow:
    """The section of that key as the document has it."""
    if key < len(table.sections):
        return table.sections[key]
    row = table.activities[key - len(table.sections)]
    return SectionRow(row.number, row.title, row.source)


def line_at(table: PlanTable, key: int) -> ActivityRow:
    """The activity of that key as the document has it; a section has words and a number, and nothing else."""
    if key < len(table.activities):
        return table.activities[key]
    index = key - len(table.activities)
    section = table.sections[index]
    step, reason = propose_step(section.title)
    return ActivityRow(
        number=section.number,
        section=None,
        section_index=index,
        title=section.title,
        deadline_text="",
        expected_result="",
        responsible=(),
        responsible_text="",
        step=step,
        step_reason=reason,
        inherited=(),
        source=section.source,
    )


def _key_of(
    kind: str, index: int, table: PlanTable, lines_said: Said, sections_said: Said
) -> tuple[Literal["section", "line"], int]:
    if kind == "section":
        is_line = bool(sections_said.get(str(index), {}).get("is_activity"))
        return (
            ("line", turned_key(index, len(table.sections), len(table.activities))) if is_line else ("section", index)
        )
    is_section = bool(lines_said.get(str(index), {}).get("is_section"))
    return ("section", turned_key(index, len(table.activities), len(table.sections))) if is_section else ("line", index)


def _entries(table: PlanTable) -> Iterator[Entry]:
    """Headings and activities as they follow each other in the document."""
    told = 0
    for index, row in enumerate(table.activities):
        while row.section_index is not None and told <= row.section_index:
            yield "section", told
            told += 1
        yield "line", index
    for index in range(told, len(table.sections)):
        yield "section", index


def _move(groups: list[Group], line: int, section: int | None, places: Mapping[int, int]) -> None:
    """Into the section that a person named; where that is no section any more the line stays."""
    target = next((group for group in groups if group.section == section), None)
    home = next(group for group in groups if line in group.lines)
    if target is None or target is home:
        return
    home.lines.remove(line)
    target.lines.append(line)
    target.lines.sort(key=places.__getitem__)
