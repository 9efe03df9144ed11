"""A plan between the document and the database: the table as read, with a person's corrections laid over it.

Pure, no Django. The reading is never altered: corrections are a small JSON beside it,

    {"facts": {"title", "kind", "period_from", "period_to", "assessment_years", "spheres"},
     "activities": {"<index>": {<field>: value, "reading": {…}, "is_deleted": bool, "settled": ["<code>:<field>"]}},
     "targets": {"<index>": {"title", "values": {"<year>": number}, "is_deleted": bool, "settled": […]}},
     "settled": […]}

and `draft_of` says what the two make: every line with its days, its findings and whether it may stay so.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from nok_portal.common.text import fold, fold_spaces
from plans.deadlines import Context, Deadline, DueDate, describe, parse, schedule
from plans.readings import CorrectedReading, reading_for
from plans.table import ActivityRow, Finding, PlanTable, SectionRow, TargetRow, check_plan
from plans.table.remarks import ACTIVITY_REMARKS

Corrections = Mapping[str, Any]
Show = Literal["findings", "all", "corrected"]

TEXT_FIELDS = ("number", "title", "deadline_text", "expected_result")
ASKED_BY_FACTS = frozenset({"no_activities", "no_period", "no_spheres"})
FIRST_YEAR, LAST_YEAR, LONGEST_PERIOD = 2000, 2100, 10
INHERITABLE = ("deadline_text", "expected_result", "responsible")


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


@dataclass(frozen=True)
class DraftLine:
    """An activity of the draft beside the line of the document. `stamp` changes with every correction of it."""

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
    same_as: str = ""
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
    """What the plan will be; `table` is without deleted lines and carries the findings of the plan check."""

    facts: Facts
    table: PlanTable
    lines: tuple[DraftLine, ...]
    targets: tuple[DraftTarget, ...]
    findings: tuple[Finding, ...]
    settled: tuple[str, ...]
    facts_stamp: str
    sections: tuple[SectionRow, ...] = field(default=())

    @property
    def all_findings(self) -> list[Finding]:
        return [
            *self.findings,
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
        corrected = [one.is_corrected for one in self.lines] + [one.is_corrected for one in self.targets]
        return corrected.count(True)

    def lines_to_show(self, show: Show, also: Iterable[int] = ()) -> list[DraftLine]:
        """Lines with findings and those above and below them, all, or those a person corrected."""
        if show == "all":
            return list(self.lines)
        if show == "corrected":
            wanted = {line.index for line in self.lines if line.is_corrected}
        else:
            doubtful = {line.index for line in self.lines if line.findings}
            wanted = doubtful | {index - 1 for index in doubtful} | {index + 1 for index in doubtful}
        wanted |= set(also)
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


def facts_of(table: PlanTable, corrections: Corrections) -> Facts:
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


def draft_of(table: PlanTable, corrections: Corrections) -> Draft:
    """The plan that the reading and the corrections make, checked anew."""
    facts = facts_of(table, corrections)
    said_of = corrections.get("activities", {})
    rows = [_corrected_row(row, said_of.get(str(index), {}), table) for index, row in enumerate(table.activities)]
    kept = [index for index in range(len(rows)) if not said_of.get(str(index), {}).get("is_deleted")]
    said_of_targets = corrections.get("targets", {})
    targets = [_corrected_target(row, said_of_targets.get(str(i), {})) for i, row in enumerate(table.targets)]
    kept_targets = [i for i in range(len(targets)) if not said_of_targets.get(str(i), {}).get("is_deleted")]
    period = (
        (facts.period_from.isoformat(), facts.period_to.isoformat()) if facts.period_from and facts.period_to else None
    )
    becoming = replace(
        table,
        title=facts.title,
        period=period,
        spheres=facts.spheres,
        activities=tuple(rows[index] for index in kept),
        targets=tuple(targets[index] for index in kept_targets),
    )
    corrected = [reading_for(said_of.get(str(i), {}).get("reading"), rows[i].deadline_text)[0] for i in kept]
    readings = {place: one.deadline for place, one in enumerate(corrected) if one}
    becoming = becoming.with_findings(checked(becoming, facts, readings))
    by_line = _findings_by(becoming.findings, "activity_index", kept)
    by_target = _findings_by(becoming.findings, "target_index", kept_targets)
    context = facts.context
    settled = tuple(corrections.get("settled", ()))
    return Draft(
        facts=facts,
        table=becoming,
        sections=table.sections,
        lines=tuple(
            _line(index, table, rows[index], said_of.get(str(index), {}), by_line.get(index, []), context)
            for index in range(len(rows))
        ),
        targets=tuple(
            _target(index, table.targets[index], targets[index], said_of_targets.get(str(index), {}), by_target)
            for index in range(len(targets))
        ),
        findings=_unsettled(
            [one for one in becoming.findings if one.activity_index is None and one.target_index is None], settled
        ),
        settled=settled,
        facts_stamp=stamp_of(corrections.get("facts", {})),
    )


def checked(table: PlanTable, facts: Facts, readings: Mapping[int, Deadline]) -> tuple[Finding, ...]:
    """The findings of the plan check for the table as it is now; what the facts lack is asked for by their form.

    `readings` are those that a person corrected, by the index of their activity.
    """
    found = check_plan(table, facts.assessment_years, readings)
    return tuple(_weighed(one) for one in found if one.code not in ASKED_BY_FACTS and not _is_about_the_name(one))


def _is_about_the_name(finding: Finding) -> bool:
    return finding.code == "no_title" and finding.activity_index is None


def _weighed(finding: Finding) -> Finding:
    """A line without words cannot be kept: here that stops."""
    nameless = finding.code == "no_title" and finding.activity_index is not None
    return replace(finding, severity="error") if nameless else finding


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


def words_above(draft: Draft, index: int, name: str) -> Any:
    """What stands in a field of the nearest kept line above; None where there is none."""
    for line in reversed(draft.lines[:index]):
        if not line.is_deleted:
            return getattr(line.row, name)
    return None


def _corrected_row(row: ActivityRow, said: Mapping[str, Any], table: PlanTable) -> ActivityRow:
    changes: dict[str, Any] = {name: said[name] for name in TEXT_FIELDS if name in said}
    if "number" in changes:
        changes["number"] = changes["number"] or None
    if "responsible" in said:
        changes["responsible"] = tuple(said["responsible"])
    if "step" in said:
        changes["step"] = said["step"] or None
    if "inherited" in said:
        changes["inherited"] = tuple(said["inherited"])
    if "section_index" in said:
        index = said["section_index"]
        changes["section_index"] = index
        changes["section"] = table.sections[index].number if index is not None else None
    if changes:
        # what the reader did to a field is no question any more once a person has written it
        changes["remarks"] = tuple(code for code in row.remarks if ACTIVITY_REMARKS[code][2] not in changes)
    return replace(row, **changes) if changes else row


def _corrected_target(row: TargetRow, said: Mapping[str, Any]) -> TargetRow:
    changes: dict[str, Any] = {}
    if "title" in said:
        changes["title"] = said["title"]
    if "values" in said:
        changes["values"] = {int(year): value for year, value in said["values"].items()}
        changes["unread"] = ()
    return replace(row, **changes) if changes else row


def _line(
    index: int,
    table: PlanTable,
    row: ActivityRow,
    said: Mapping[str, Any],
    findings: list[Finding],
    context: Context,
) -> DraftLine:
    correction, is_dropped = reading_for(said.get("reading"), row.deadline_text)
    deadline = correction.deadline if correction else read_words(row.deadline_text)
    settled = tuple(said.get("settled", ()))
    return DraftLine(
        index=index,
        read=table.activities[index],
        row=row,
        is_deleted=bool(said.get("is_deleted")),
        is_corrected=bool(set(said) - {"settled"}),
        deadline=deadline,
        due=tuple(schedule(deadline, context)),
        findings=_unsettled(findings, settled),
        settled=settled,
        stamp=stamp_of(said),
        correction=correction,
        correction_is_dropped=is_dropped,
    )


def _target(
    index: int, read: TargetRow, row: TargetRow, said: Mapping[str, Any], findings: Mapping[int, list[Finding]]
) -> DraftTarget:
    settled = tuple(said.get("settled", ()))
    return DraftTarget(
        index=index,
        read=read,
        row=row,
        is_deleted=bool(said.get("is_deleted")),
        is_corrected=bool(set(said) - {"settled"}),
        findings=_unsettled(findings.get(index, []), settled),
        settled=settled,
        stamp=stamp_of(said),
    )


def _unsettled(findings: Iterable[Finding], settled: Iterable[str]) -> tuple[Finding, ...]:
    """Errors are never settled by a word: they must be corrected."""
    done = set(settled)
    return tuple(one for one in findings if one.severity == "error" or key_of(one) not in done)


def _findings_by(findings: Iterable[Finding], name: str, kept: Sequence[int]) -> dict[int, list[Finding]]:
    """Findings by the index that their line has in the document."""
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        position = getattr(finding, name)
        if position is not None:
            found.setdefault(kept[position], []).append(finding)
    return found
