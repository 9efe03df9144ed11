"""What a plan is like when somebody is about to approve it."""

from dataclasses import dataclass
from typing import Any

from plans.models import Plan

from .lines import lines_of_plan


@dataclass(frozen=True)
class Remark:
    """What the plan check found in a line (`line` is its key), or of the plan as a whole (None)."""

    line: int | None
    where: str
    message: str


@dataclass(frozen=True)
class Readiness:
    """How much the plan holds, errors of the check one by one, and how many lines have milder remarks."""

    lines: int
    targets: int
    without_party: int
    errors: tuple[Remark, ...]
    remarks: int


def readiness_of(plan: Plan) -> Readiness:
    lines = lines_of_plan(plan)
    targets = list(plan.targets.order_by("position"))
    told: list[tuple[int | None, str, list[dict[str, Any]]]] = [(None, "", plan.findings)]
    told += [(line.activity.pk, str(line.activity), line.findings) for line in lines]
    told += [(None, target.title, target.findings) for target in targets]
    errors = [
        Remark(key, where, one["message"])
        for key, where, findings in told
        for one in findings
        if one["severity"] == "error"
    ]
    mild = [findings for _, _, findings in told if any(one["severity"] != "error" for one in findings)]
    return Readiness(
        lines=len(lines),
        targets=len(targets),
        without_party=sum(1 for line in lines if not line.parties),
        errors=tuple(errors),
        remarks=len(mild),
    )
