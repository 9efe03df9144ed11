"""A plan's rows as the table they came from, so that the plan check can look at them again."""

from dataclasses import dataclass

from plans.deadlines import Deadline
from plans.enums import TargetUnit
from plans.facts import Facts
from plans.models import Activity, Plan, Section, TargetIndicator
from plans.selectors import lines_of_plan, targets_of_plan
from plans.table import ActivityRow, PlanTable, SectionRow, Source, TargetRow

_NOWHERE = Source(table=0, row=0)


@dataclass(frozen=True)
class StoredPlan:
    """The table, with the activities and target indicators that its indices point to."""

    table: PlanTable
    facts: Facts
    activities: tuple[Activity, ...]
    targets: tuple[TargetIndicator, ...]

    @property
    def corrected_readings(self) -> dict[int, Deadline]:
        """What persons said that deadline words mean, by the index of the activity."""
        return {i: one.deadline for i, one in enumerate(self.activities) if one.reading_is_corrected}


def table_of_plan(plan: Plan) -> StoredPlan:
    """The plan as plans.table knows it, without source cells."""
    sections = list(plan.sections.order_by("position"))
    places = {section.pk: index for index, section in enumerate(sections)}
    lines = lines_of_plan(plan)
    targets = targets_of_plan(plan)
    facts = Facts(
        title=plan.title,
        kind=plan.kind,
        period_from=plan.period_from,
        period_to=plan.period_to,
        assessment_years=tuple(plan.assessment_years),
        spheres=tuple(plan.spheres),
    )
    table = PlanTable(
        title=plan.title,
        period=(plan.period_from.isoformat(), plan.period_to.isoformat()),
        spheres=tuple(plan.spheres),
        columns=(),
        sections=tuple(SectionRow(section.number or None, section.title, _NOWHERE) for section in sections),
        activities=tuple(
            _row(line.activity, tuple(party.name for party in line.parties), sections, places) for line in lines
        ),
        targets=tuple(_target(target) for target in targets),
        findings=(),
    )
    return StoredPlan(table, facts, tuple(line.activity for line in lines), tuple(targets))


def _row(activity: Activity, parties: tuple[str, ...], sections: list[Section], places: dict[int, int]) -> ActivityRow:
    index = places.get(activity.section_id) if activity.section_id else None
    return ActivityRow(
        number=activity.number or None,
        section=sections[index].number or None if index is not None else None,
        section_index=index,
        title=activity.title,
        deadline_text=activity.deadline_text,
        expected_result=activity.expected_result,
        responsible=parties,
        responsible_text=activity.responsible_text,
        step=activity.step or None,
        step_reason="",
        inherited=tuple(activity.inherited),
        source=Source(activity.source.get("table", 0), activity.source.get("row", 0)),
    )


def _target(target: TargetIndicator) -> TargetRow:
    return TargetRow(
        title=target.title,
        unit="percent" if target.unit == TargetUnit.PERCENT else "count",
        cumulative=target.is_cumulative,
        values={value.year: _number(value.planned) for value in target.values.all()},
        base_year=target.base_year,
        source=_NOWHERE,
    )


def _number(value: object) -> int | float:
    number = float(str(value))
    return int(number) if number.is_integer() else number
