"""What of a plan's words names years, and how they read in a copy for another period."""

from collections.abc import Iterator
from dataclasses import dataclass

from plans.editions.shifting import shift_years
from plans.models import Plan


@dataclass(frozen=True)
class Reworded:
    """One text that names years. `place` is its key for services.next_period, `where` its place in words."""

    place: str
    where: str
    before: str
    after: str


def rewordings(plan: Plan, by: int) -> list[Reworded]:
    """The texts that differ when the plan moves by `by` years, in the order of its document."""
    return [
        Reworded(place, where, text, moved)
        for place, where, text in _texts(plan)
        if (moved := shift_years(text, by)) != text
    ]


def _texts(plan: Plan) -> Iterator[tuple[str, str, str]]:
    yield "title", "Название плана", plan.title
    sections = {section.pk: section for section in plan.sections.order_by("position")}
    seen: set[int] = set()
    for line in plan.activities.order_by("position"):
        section = sections.get(line.section_id or 0)
        if section is not None and section.pk not in seen:
            seen.add(section.pk)
            yield f"section-{section.pk}", f"Раздел {section.number}".strip(), section.title
        where = f"Строка {line.number}" if line.number else f"Строка «{line.title[:60]}»"
        yield f"line-{line.pk}-title", f"{where}, мероприятие", line.title
        yield f"line-{line.pk}-deadline_text", f"{where}, срок", line.deadline_text
        yield f"line-{line.pk}-expected_result", f"{where}, результат", line.expected_result
    for pk, section in sections.items():
        if pk not in seen:
            yield f"section-{pk}", f"Раздел {section.number}".strip(), section.title
    for place, target in enumerate(plan.targets.order_by("position"), start=1):
        yield f"target-{target.pk}", f"Показатель {place}", target.title
