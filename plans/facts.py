"""What is said of a plan as a whole: proposed from the document, decided by a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nok_portal.common.text import fold, fold_spaces
from plans.deadlines import Context
from plans.table import PlanTable

FIRST_YEAR, LAST_YEAR, LONGEST_PERIOD = 2000, 2100, 10


@dataclass(frozen=True)
class Facts:
    """What is said of the plan as a whole: proposed from the document, decided by a person."""

    title: str = ""
    kind: str = "assessment"
    period_from: date | None = None
    period_to: date | None = None
    assessment_years: tuple[int, ...] = ()
    spheres: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """What must be said before the plan can be made."""
        told = {
            "название": self.title,
            "период": self.period_from and self.period_to,
            "сферы": self.spheres,
        }
        return [name for name, value in told.items() if not value]

    @property
    def context(self) -> Context:
        """What days depend on."""
        return Context(starts_on=self.period_from, ends_on=self.period_to, assessment_years=self.assessment_years)


def proposed_facts(table: PlanTable) -> Facts:
    """What the document says of the plan; assessment years are those of the period until a person says other."""
    start, end = (date.fromisoformat(day) for day in table.period) if table.period else (None, None)
    title = fold_spaces(table.title)
    folded = fold(title)
    return Facts(
        title=title,
        kind="campaign" if "информационн" in folded and "кампани" in folded else "assessment",
        period_from=start,
        period_to=end,
        assessment_years=tuple(range(start.year, end.year + 1)) if start and end else (),
        spheres=tuple(table.spheres),
    )


def facts_of(table: PlanTable, corrections: Mapping[str, Any]) -> Facts:
    """The proposal with what a person decided."""
    said = corrections.get("facts")
    if not said:
        return proposed_facts(table)
    return Facts(
        title=said["title"],
        kind=said["kind"],
        period_from=date.fromisoformat(said["period_from"]) if said["period_from"] else None,
        period_to=date.fromisoformat(said["period_to"]) if said["period_to"] else None,
        assessment_years=tuple(said["assessment_years"]),
        spheres=tuple(said["spheres"]),
    )
