"""The rows of a plan under its sections while they are put in another order; positions and numbers follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plans.lines.numbering import Numbers, Part, Row, renumbered, with_descendants
from plans.models import Activity, Plan, Section

Place = dict[str, Any]


@dataclass
class Outline:
    """Sections and rows of one plan, held for update. `order`: the rows of each section (None: before the first)."""

    plan: Plan
    sections: list[Section]
    rows: dict[int, Activity]
    order: dict[int | None, list[int]] = field(default_factory=dict)

    def parts(self) -> list[Part]:
        """As plans.lines.numbering sees it."""
        numbers: dict[int | None, str] = {None: "", **{section.pk: section.number for section in self.sections}}
        return [
            Part(key, number, tuple(Row(pk, self.rows[pk].number) for pk in self.order.get(key, [])))
            for key, number in numbers.items()
        ]

    def section_of(self, pk: int) -> int | None:
        return self.rows[pk].section_id

    def place_of(self, pk: int) -> Place:
        """Where a row stands, as the journal keeps it."""
        section = self.section_of(pk)
        index = self.order[section].index(pk)
        return {"section": section, "above": self.order[section][index - 1] if index else None, "index": index}

    def block_of(self, pk: int) -> list[int]:
        """The row with those that stand under it by their numbers."""
        rows = [Row(one, self.rows[one].number) for one in self.order[self.section_of(pk)]]
        return [int(str(key)) for key in with_descendants(rows, pk)]

    def take_out(self, pks: Collection[int]) -> None:
        for rows in self.order.values():
            rows[:] = [pk for pk in rows if pk not in pks]

    def put(self, pks: Sequence[int], *, section: int | None, above: int | None, index: int = 0) -> None:
        """Put rows behind `above`; at `index` where that row does not stand in the section any more."""
        rows = self.order.setdefault(section, [])
        start = rows.index(above) + 1 if above in rows else (min(index, len(rows)) if above is not None else 0)
        rows[start:start] = pks


@dataclass(frozen=True)
class Renumbered:
    """Which rows and sections have another number now, by their keys, as the journal keeps it."""

    before: Mapping[str, Mapping[str, str]]
    after: Mapping[str, Mapping[str, str]]


def outline_of(plan: Plan) -> Outline:
    """The plan's outline; rows outside of sections stand first, as every screen shows them."""
    sections = list(plan.sections.select_for_update(of=("self",)).order_by("position"))
    rows = plan.activities.select_for_update(of=("self",)).order_by("position")
    found = Outline(plan, sections, {row.pk: row for row in rows})
    found.order = {None: [], **{section.pk: [] for section in sections}}
    for row in found.rows.values():
        found.order[row.section_id].append(row.pk)
    return found


def write_outline(
    outline: Outline, before: Sequence[Part], *, moved: Collection[int] = (), numbers: Numbers | None = None
) -> Renumbered:
    """Write positions, sections and numbers that follow from the order. `numbers`: instead of those that the rule gives.

    A row is newer for others who edit it where its number or its section is another, not where only its position is.
    """
    given = numbers or renumbered(before, outline.parts(), moved)
    was_of_rows, was_of_sections = {}, {}
    for section in outline.sections:
        number = given.sections.get(section.pk, section.number)
        if number != section.number:
            was_of_sections[section.pk], section.number = section.number, number
            section.version += 1
    changed: list[Activity] = []
    position = 0
    for section_id, pks in _in_order(outline):
        for pk in pks:
            position += 1
            row = outline.rows[pk]
            number = given.rows.get(pk, row.number)
            if (row.position, row.number, row.section_id) == (position, number, section_id):
                continue
            if (row.number, row.section_id) != (number, section_id):
                row.version += 1
            if row.number != number:
                was_of_rows[pk] = row.number
            row.position, row.number, row.section_id = position, number, section_id
            changed.append(row)
    for place, section in enumerate(outline.sections, start=1):
        section.position = place
    Section.objects.bulk_update(outline.sections, ["position", "number", "version"])
    Activity.objects.bulk_update(changed, ["position", "number", "section", "version"])
    numbers_of = {section.pk: section.number for section in outline.sections}
    return Renumbered(
        before=_numbers_kept(was_of_rows, was_of_sections),
        after=_numbers_kept(
            {pk: outline.rows[pk].number for pk in was_of_rows}, {pk: numbers_of[pk] for pk in was_of_sections}
        ),
    )


def _in_order(outline: Outline) -> list[tuple[int | None, list[int]]]:
    return [(key, outline.order.get(key, [])) for key in (None, *(section.pk for section in outline.sections))]


def _numbers_kept(rows: Mapping[int, str], sections: Mapping[int, str]) -> dict[str, dict[str, str]]:
    found = {"numbers": {str(pk): number for pk, number in rows.items()}}
    if sections:
        found["section_numbers"] = {str(pk): number for pk, number in sections.items()}
    return found
