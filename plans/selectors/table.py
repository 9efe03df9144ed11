"""A plan's table as its page shows it: rows prepared for it, narrowed by the filters of the address.

Plans have hundreds of lines with thousands of days, and the page shows all of them: rows are read without models.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from nok_portal.common.text import fold
from plans.days.lateness import due_is_late, soon_until
from plans.enums import DueState
from plans.models import Activity, ActivityParty, DueDate, Plan, Section


class RowDue(NamedTuple):
    """A due date as far as a row tells of it."""

    window_to: date
    window_from: date
    state: str
    ended_before_entry: bool
    returned_reason: str

    @property
    def is_returned(self) -> bool:
        return self.state == DueState.OPEN and self.returned_reason != ""


class RowParty(NamedTuple):
    pk: int
    name: str


class TableRow(NamedTuple):
    """A line of the plan as a row of its table."""

    pk: int
    number: str
    title: str
    deadline_text: str
    deadline_reading: str
    rule: Mapping[str, Any]
    expected_result: str
    section_id: int | None
    step: str
    findings: list[dict[str, Any]]
    parties: list[RowParty]
    dues: list[RowDue]

    @property
    def days(self) -> list[date]:
        """The last days, each once, in order."""
        return sorted({due.window_to for due in self.dues})

    @property
    def is_not_understood(self) -> bool:
        """Whether words of the deadline are left that nobody understood, or make no sense."""
        rule = self.rule
        return bool(self.deadline_text and (not self.deadline_reading or rule.get("unparsed") or rule.get("problems")))

    @property
    def is_waiting(self) -> bool:
        """Whether its days wait for something to happen."""
        return not self.dues and bool(self.rule.get("terms"))


@dataclass(frozen=True)
class PlanFilter:
    """What of a plan to show; the fields are those of the address, all that are given hold together."""

    search: str = ""
    party: int | None = None
    step: str = ""
    soon: bool = False
    overdue: bool = False
    mine: bool = False
    not_understood: bool = False
    with_findings: bool = False
    waiting: bool = False

    @property
    def is_active(self) -> bool:
        return self != PlanFilter()


FLAGS = ("overdue", "soon", "mine", "waiting", "not_understood", "with_findings")


@dataclass(frozen=True)
class SectionRows:
    """A section (None: rows before the first one) with those of its rows that were asked for."""

    section: Section | None
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class PlanContents:
    """A plan's table; `counts` say how many rows of the whole plan each flag of the filter would leave."""

    sections: tuple[SectionRows, ...]
    shown: int
    total: int
    counts: Mapping[str, int]
    has_results: bool = False
    parties: tuple[RowParty, ...] = ()
    steps: tuple[str, ...] = field(default=())


def plan_contents(
    plan: Plan, wanted: PlanFilter | None = None, *, today: date, mine: Collection[int] = ()
) -> PlanContents:
    """The plan as its table shows it, in the order of the document; an empty section stays unless filtered.

    `mine`: the parties that the person who looks stands behind.
    """
    wanted = wanted or PlanFilter()
    rows = list(_rows(plan))
    flags = _flags(today, set(mine))
    shown = [row for row in rows if _is_wanted(row, wanted, flags)]
    by_section: dict[int | None, list[TableRow]] = defaultdict(list)
    for row in shown:
        by_section[row.section_id].append(row)
    sections: list[Section | None] = [None, *plan.sections.order_by("position")]
    parties = {party.pk: party for row in rows for party in row.parties}
    return PlanContents(
        sections=tuple(
            SectionRows(section, tuple(found))
            for section in sections
            if (found := by_section.get(section.pk if section else None, []))
            or (section is not None and not wanted.is_active)
        ),
        shown=len(shown),
        total=len(rows),
        counts={name: sum(map(flags[name], rows)) for name in FLAGS},
        has_results=any(row.expected_result for row in rows),
        parties=tuple(sorted(parties.values(), key=lambda party: fold(party.name))),
        steps=tuple(dict.fromkeys(row.step for row in rows if row.step)),
    )


def _rows(plan: Plan) -> Iterator[TableRow]:
    """All rows in the order of the document, in three queries."""
    parties: dict[int, list[RowParty]] = defaultdict(list)
    links = ActivityParty.objects.filter(activity__plan=plan).order_by("position")
    for activity, pk, name in links.values_list("activity_id", "party_id", "party__name"):
        parties[activity].append(RowParty(pk, name))
    dues: dict[int, list[RowDue]] = defaultdict(list)
    found = DueDate.objects.filter(activity__plan=plan).order_by("window_to", "window_from")
    for activity, *values in found.values_list("activity_id", *RowDue._fields):
        dues[activity].append(RowDue(*values))
    activities = Activity.objects.filter(plan=plan).order_by("position")
    columns = ("deadline_rule" if name == "rule" else name for name in TableRow._fields[:-2])
    for values in activities.values_list(*columns):
        yield TableRow._make((*values, parties[values[0]], dues[values[0]]))


def _flags(today: date, mine: Collection[int]) -> dict[str, Callable[[TableRow], bool]]:
    until = soon_until(today)

    def has_open(row: TableRow, test: Callable[[RowDue], bool]) -> bool:
        return any(due.state == DueState.OPEN and test(due) for due in row.dues)

    return {
        "overdue": lambda row: any(due_is_late(due, today) for due in row.dues),
        "soon": lambda row: has_open(row, lambda due: today <= due.window_to <= until),
        "mine": lambda row: any(party.pk in mine for party in row.parties),
        "waiting": lambda row: row.is_waiting,
        "not_understood": lambda row: row.is_not_understood,
        "with_findings": lambda row: bool(row.findings),
    }


def _is_wanted(row: TableRow, wanted: PlanFilter, flags: Mapping[str, Callable[[TableRow], bool]]) -> bool:
    if wanted.party and all(party.pk != wanted.party for party in row.parties):
        return False
    if wanted.step and row.step != wanted.step:
        return False
    if any(getattr(wanted, name) and not flags[name](row) for name in FLAGS):
        return False
    if wanted.search:
        words = [row.number, row.title, row.deadline_text, row.expected_result, *(party.name for party in row.parties)]
        text = fold(" ".join(words))
        return all(word in text for word in fold(wanted.search).split())
    return True
