"""A plan between the document and the database: what stands in it, and what is still to be decided. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Literal

from plans.deadlines import Deadline, DueDate, describe, parse
from plans.facts import Facts
from plans.lines.readings import CorrectedReading
from plans.table import ActivityRow, Finding, PlanTable, SectionRow, TargetRow

Show = Literal["findings", "all", "corrected"]

INHERITABLE = ("deadline_text", "expected_result", "responsible")


@dataclass(frozen=True)
class DraftLine:
    """An activity of the draft beside the line of the document. `stamp` changes with every correction of it.

    `index` is its key, the same whatever is corrected; `row.section_index` points into `Draft.sections`.
    """

    index: int
    read: ActivityRow
    row: ActivityRow
    is_deleted: bool
    is_corrected: bool
    deadline: Deadline
    due: tuple[DueDate, ...]
    findings: tuple[Finding, ...]
    settled: tuple[str, ...]
    stamp: str
    was_section: bool = False
    correction: CorrectedReading | None = None
    correction_is_dropped: bool = False

    @property
    def reading(self) -> str:
        """The deadline words back in plain Russian; empty where nothing was understood."""
        return reading_of(self.deadline)

    @property
    def days(self) -> list[date]:
        """The last days, each once, in order."""
        return sorted({one.ends_on for one in self.due})

    @property
    def stops(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True)
class DraftSection:
    """A heading of the draft beside that of the document; `key` stays the same whatever is corrected."""

    key: int
    read: SectionRow
    number: str | None
    title: str
    is_corrected: bool
    was_line: bool
    findings: tuple[Finding, ...]
    stamp: str


@dataclass(frozen=True)
class DraftTarget:
    """A target indicator of the draft beside that of the document."""

    index: int
    read: TargetRow
    row: TargetRow
    is_deleted: bool
    is_corrected: bool
    findings: tuple[Finding, ...]
    settled: tuple[str, ...]
    stamp: str


@dataclass(frozen=True)
class Draft:
    """What the plan will be; `table` is without deleted lines and carries the findings of the plan check.

    `lines` and `sections` stand in the order of the plan.
    """

    facts: Facts
    table: PlanTable
    lines: tuple[DraftLine, ...]
    targets: tuple[DraftTarget, ...]
    findings: tuple[Finding, ...]
    settled: tuple[str, ...]
    facts_stamp: str
    sections: tuple[DraftSection, ...] = ()

    @property
    def all_findings(self) -> list[Finding]:
        return [
            *self.findings,
            *(finding for section in self.sections for finding in section.findings),
            *(finding for line in self.lines for finding in line.findings),
            *(finding for target in self.targets for finding in target.findings),
        ]

    @property
    def errors(self) -> int:
        """How many decisions are still owed: the plan cannot be made before."""
        stopping = sum(1 for finding in self.all_findings if finding.severity == "error")
        return stopping + len(self.facts.missing) + (0 if self.kept_lines else 1)

    @property
    def remarks(self) -> int:
        """How many findings may stay and will be seen in the plan."""
        return sum(1 for finding in self.all_findings if finding.severity == "warning")

    @property
    def questions(self) -> int:
        """How many times the portal asks «Верно?»; whoever makes the plan without an answer says yes."""
        return sum(1 for finding in self.all_findings if finding.severity == "question")

    @property
    def kept_lines(self) -> list[DraftLine]:
        return [line for line in self.lines if not line.is_deleted]

    @property
    def corrected(self) -> int:
        """How many lines, headings and target indicators a person has corrected."""
        return sum(one.is_corrected for some in (self.lines, self.sections, self.targets) for one in some)

    def line(self, index: int) -> DraftLine | None:
        """The line of that key; None where there is none, or where it is a section now."""
        place = self._places.get(index)
        return None if place is None else self.lines[place]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {line.index: place for place, line in enumerate(self.lines)}

    def section(self, key: int) -> DraftSection | None:
        return next((section for section in self.sections if section.key == key), None)

    def target(self, index: int) -> DraftTarget | None:
        return self.targets[index] if 0 <= index < len(self.targets) else None

    def above(self, line: DraftLine) -> DraftLine | None:
        """The nearest kept line above."""
        place = self._places[line.index]
        return next((one for one in reversed(self.lines[:place]) if not one.is_deleted), None)

    def lines_to_show(self, show: Show, also: Iterable[int] = ()) -> list[DraftLine]:
        """Lines with findings and those above and below them, all, or those a person corrected."""
        if show == "all":
            return list(self.lines)
        wanted = set(also)
        for place, line in enumerate(self.lines):
            if show == "corrected":
                wanted |= {line.index} if line.is_corrected else set()
            elif line.findings:
                wanted |= {one.index for one in self.lines[max(place - 1, 0) : place + 2]}
        return [line for line in self.lines if line.index in wanted]

    def targets_to_show(self, show: Show, also: Iterable[int] = ()) -> list[DraftTarget]:
        if show == "all":
            return list(self.targets)
        kept = set(also)
        return [
            target
            for target in self.targets
            if (target.is_corrected if show == "corrected" else target.findings) or target.index in kept
        ]


def key_of(finding: Finding) -> str:
    """What a decision about a finding is remembered by."""
    return f"{finding.code}:{finding.field or ''}"


def stamp_of(said: Mapping[str, Any]) -> str:
    """A short mark of what was said so far: a form made from older words is noticed by it."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def reading_of(deadline: Deadline) -> str:
    """What was understood, in plain Russian; empty where nothing was."""
    understood = deadline.rules or deadline.terms or deadline.flags
    return describe(deadline) if understood else ""


@lru_cache(maxsize=4096)
def read_words(text: str) -> Deadline:
    """`parse`, remembered: a preview asks for the same words again and again."""
    return parse(text)


def words_above(draft: Draft, line: DraftLine, name: str) -> Any:
    """What stands in a field of the nearest kept line above; None where there is none."""
    above = draft.above(line)
    return getattr(above.row, name) if above else None
