"""A plan as the command `import_plan` answers it: days computed for a period and assessment years."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from plans.deadlines import Context, parse, schedule
from plans.table.check import check_plan
from plans.table.model import PlanTable


def for_period(plan: PlanTable, period: tuple[date, date] | None, assessment_years: Sequence[int]) -> PlanTable:
    """The plan with the caller's period, if there is one, checked anew."""
    if period is not None:
        plan = replace(plan, period=(period[0].isoformat(), period[1].isoformat()))
    return plan.with_findings(check_plan(plan, assessment_years))


def answer_of(plan: PlanTable, assessment_years: Sequence[int] = ()) -> dict[str, Any]:
    """JSON values; `due` are the last days of the windows that the deadline words give in the plan's period."""
    context = Context(
        starts_on=date.fromisoformat(plan.period[0]) if plan.period else None,
        ends_on=date.fromisoformat(plan.period[1]) if plan.period else None,
        assessment_years=tuple(assessment_years),
    )
    return {
        "title": plan.title,
        "period": list(plan.period) if plan.period else None,
        "spheres": list(plan.spheres),
        "sections": [{"number": section.number, "title": section.title} for section in plan.sections],
        "activities": [
            {
                "number": row.number,
                "section": row.section,
                "title": row.title,
                "deadline_text": row.deadline_text,
                "expected_result": row.expected_result,
                "responsible": list(row.responsible),
                "step": row.step,
                "due": due_days(row.deadline_text, context),
                "inherited": list(row.inherited),
            }
            for row in plan.activities
        ],
        "targets": [
            {
                "title": row.title,
                "unit": row.unit,
                "cumulative": row.cumulative,
                "values": {str(year): value for year, value in row.values.items()},
            }
            for row in plan.targets
        ],
        "findings": [
            {"code": found.code, "activity": found.activity, "message": found.message} for found in plan.findings
        ],
    }


def due_days(words: str, context: Context) -> list[str]:
    """The last days of all windows, each once, in order."""
    return sorted({due.ends_on.isoformat() for due in schedule(parse(words), context)})
