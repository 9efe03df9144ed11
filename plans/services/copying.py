"""The rows of one plan as the rows of another: for a new edition and for the next period."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from plans.deadlines import Deadline, to_json
from plans.importing.drafts import reading_of
from plans.models import Activity, ActivityOrganization, ActivityParty, Plan, Section, TargetIndicator

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Rewording:
    """What is said otherwise in the copy. `words` gets where a text stands ('line-12-title') and the text."""

    words: Callable[[str, str], str]
    deadline: Callable[[Activity, str], Deadline]
    year: Callable[[int], int]
    is_edition: bool = False


AS_IT_IS = Rewording(
    words=lambda place, text: text, deadline=lambda line, text: line.deadline, year=lambda year: year, is_edition=True
)


def copy_rows(source: Plan, target: Plan, said: Rewording) -> dict[int, Activity]:
    """Sections, activities, their parties and organizations, target indicators without values.

    Answers the new activities by the keys of those that they were copied from.
    """
    sections = _copy_sections(source, target, said)
    lines = list(source.activities.order_by("position"))
    copies = [_line(line, target, sections, said) for line in lines]
    activities = dict(zip([line.pk for line in lines], Activity.objects.bulk_create(copies), strict=True))
    ActivityParty.objects.bulk_create(
        _copy(link, activity=activities[link.activity_id])
        for link in ActivityParty.objects.filter(activity__plan=source).order_by("pk")
    )
    ActivityOrganization.objects.bulk_create(
        _copy(link, activity=activities[link.activity_id], year=said.year(link.year) if link.year else None)
        for link in ActivityOrganization.objects.filter(activity__plan=source).order_by("pk")
    )
    return activities


def copy_targets(source: Plan, target: Plan, said: Rewording) -> dict[int, TargetIndicator]:
    """Target indicators without their values; new ones by the keys of the old."""
    indicators = list(source.targets.order_by("position"))
    copies = [
        _copy(
            one,
            plan=target,
            title=said.words(f"target-{one.pk}", one.title),
            base_year=said.year(one.base_year) if one.base_year else None,
            version=1,
        )
        for one in indicators
    ]
    return dict(zip([one.pk for one in indicators], TargetIndicator.objects.bulk_create(copies), strict=True))


def _copy_sections(source: Plan, target: Plan, said: Rewording) -> dict[int | None, Section]:
    sections = list(source.sections.order_by("position"))
    copies = [_copy(one, plan=target, title=said.words(f"section-{one.pk}", one.title), version=1) for one in sections]
    return dict(zip([one.pk for one in sections], Section.objects.bulk_create(copies), strict=True))


def _line(line: Activity, target: Plan, sections: dict[int | None, Section], said: Rewording) -> Activity:
    deadline_text = said.words(f"line-{line.pk}-deadline_text", line.deadline_text)
    deadline = said.deadline(line, deadline_text)
    return _copy(
        line,
        plan=target,
        section=sections.get(line.section_id),
        title=said.words(f"line-{line.pk}-title", line.title),
        expected_result=said.words(f"line-{line.pk}-expected_result", line.expected_result),
        deadline_text=deadline_text,
        deadline_rule=to_json(deadline),
        deadline_reading=reading_of(deadline),
        previous=line if said.is_edition else None,
        # cells of a document are those of the plan that was read from it
        source=line.source if said.is_edition else {},
        version=1,
    )


def _copy(row: M, **changes: Any) -> M:
    """The row once more, not saved, with other values."""
    values = {field.attname: getattr(row, field.attname) for field in _fields(row) if field.name not in changes}
    return type(row)(**values, **changes)


def _fields(row: Model) -> Iterable[Any]:
    return (field for field in row._meta.concrete_fields if not field.primary_key)
