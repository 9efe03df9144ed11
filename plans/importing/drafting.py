"""A plan between the document and the database: the table as read, with a person's corrections laid over it.

Pure, no Django. The reading is never altered: corrections are a small JSON beside it,

    {"facts": {"title", "kind", "period_from", "period_to", "assessment_years", "spheres"},
     "activities": {"<key>": {<field>: value, "reading": {…}, "is_section": bool, "is_deleted": bool,
                    "settled": ["<code>:<field>"]}},
     "sections": {"<key>": {"number", "title", "is_activity": bool, "settled": […]}},
     "targets": {"<index>": {"title", "values": {"<year>": number}, "is_deleted": bool, "settled": […]}},
     "settled": […]}

(keys are those of plans.importing.outline), and `draft_of` says what the two make: every line with its days, its findings and whether it may stay so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from plans.deadlines import Context, Deadline, DueDate, schedule
from plans.facts import Facts, facts_of
from plans.importing.drafts import Draft, DraftLine, DraftSection, DraftTarget, key_of, read_words, stamp_of
from plans.importing.outline import Said, line_at, outline_of, section_at
from plans.lines.readings import reading_for
from plans.table import ActivityRow, Finding, PlanTable, SectionRow, TargetRow, check_plan
from plans.table.remarks import ACTIVITY_REMARKS

Corrections = Mapping[str, Any]

TEXT_FIELDS = ("number", "title", "deadline_text", "expected_result")
ASKED_BY_FACTS = frozenset({"no_activities", "no_period", "no_spheres"})
EMPTY_SECTION = "В разделе нет ни одного мероприятия. Это раздел? Если нет, сделайте его мероприятием."


def draft_of(table: PlanTable, corrections: Corrections) -> Draft:
    """The plan that the reading and the corrections make, checked anew."""
    facts = facts_of(table, corrections)
    said_of, said_of_sections = corrections.get("activities", {}), corrections.get("sections", {})
    groups = outline_of(table, said_of, said_of_sections)
    keys = [group.section for group in groups if group.section is not None]
    places = {key: place for place, key in enumerate(keys)}
    headings = {key: _heading(key, table, said_of_sections, said_of) for key in keys}
    rows = {
        index: _corrected_row(line_at(table, index), said_of.get(str(index), {}), place, heading)
        for group in groups
        for place, heading in [
            (None, None) if group.section is None else (places[group.section], headings[group.section])
        ]
        for index in group.lines
    }
    kept = [index for index in rows if not said_of.get(str(index), {}).get("is_deleted")]
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
        sections=tuple(headings.values()),
        activities=tuple(rows[index] for index in kept),
        targets=tuple(targets[index] for index in kept_targets),
    )
    corrected = [reading_for(said_of.get(str(i), {}).get("reading"), rows[i].deadline_text)[0] for i in kept]
    readings = {place: one.deadline for place, one in enumerate(corrected) if one}
    becoming = becoming.with_findings(checked(becoming, facts, readings))
    by_line = _findings_by(becoming.findings, "activity_index", kept)
    by_target = _findings_by(becoming.findings, "target_index", kept_targets)
    settled = tuple(corrections.get("settled", ()))
    used = {rows[index].section_index for index in kept}
    return Draft(
        facts=facts,
        table=becoming,
        sections=tuple(
            _section(key, headings[key], table, said_of_sections, is_empty=place not in used)
            for place, key in enumerate(keys)
        ),
        lines=tuple(
            _line(index, table, row, said_of.get(str(index), {}), by_line.get(index, []), facts)
            for index, row in rows.items()
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


@lru_cache(maxsize=4096)
def _due(
    deadline: Deadline, starts_on: date | None, ends_on: date | None, years: tuple[int, ...]
) -> tuple[DueDate, ...]:
    """`schedule`, remembered: a correction of one line leaves the days of all others as they were."""
    return tuple(schedule(deadline, Context(starts_on=starts_on, ends_on=ends_on, assessment_years=years)))


def _heading(key: int, table: PlanTable, sections_said: Said, lines_said: Said) -> SectionRow:
    """A section with what a person said of it; one that was a line keeps what was said of that."""
    read = section_at(table, key)
    said = {**lines_said.get(str(key - len(table.sections)), {}), **sections_said.get(str(key), {})}
    return replace(read, number=said.get("number", read.number) or None, title=said.get("title", read.title))


def _section(key: int, row: SectionRow, table: PlanTable, sections_said: Said, *, is_empty: bool) -> DraftSection:
    said = sections_said.get(str(key), {})
    was_line = key >= len(table.sections)
    asked = [Finding("section_empty", "question", EMPTY_SECTION, row.number, field="title")] if is_empty else []
    return DraftSection(
        key=key,
        read=section_at(table, key),
        number=row.number,
        title=row.title,
        is_corrected=was_line or bool(set(said) - {"settled"}),
        was_line=was_line,
        findings=_unsettled(asked, said.get("settled", ())),
        stamp=stamp_of(said),
    )


def _corrected_row(
    row: ActivityRow, said: Mapping[str, Any], place: int | None, heading: SectionRow | None
) -> ActivityRow:
    changes: dict[str, Any] = {name: said[name] for name in TEXT_FIELDS if name in said}
    if "number" in changes:
        changes["number"] = changes["number"] or None
    if "responsible" in said:
        changes["responsible"] = tuple(said["responsible"])
    if "step" in said:
        changes["step"] = said["step"] or None
    if "inherited" in said:
        changes["inherited"] = tuple(said["inherited"])
    if changes:
        # what the reader did to a field is no question any more once a person has written it
        changes["remarks"] = tuple(code for code in row.remarks if ACTIVITY_REMARKS[code][2] not in changes)
    under = heading.number if heading else None
    if place != row.section_index or under != row.section:
        changes |= {"section_index": place, "section": under}
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
    facts: Facts,
) -> DraftLine:
    was_section = index >= len(table.activities)
    correction, is_dropped = reading_for(said.get("reading"), row.deadline_text)
    deadline = correction.deadline if correction else read_words(row.deadline_text)
    settled = tuple(said.get("settled", ()))
    return DraftLine(
        index=index,
        read=line_at(table, index),
        row=row,
        is_deleted=bool(said.get("is_deleted")),
        is_corrected=was_section or bool(set(said) - {"settled"}),
        deadline=deadline,
        due=_due(deadline, facts.period_from, facts.period_to, facts.assessment_years),
        findings=_unsettled(findings, settled),
        settled=settled,
        stamp=stamp_of(said),
        correction=correction,
        correction_is_dropped=is_dropped,
        was_section=was_section,
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
            mine: dict[str, Any] = {name: kept[position]}  # whatever lines above are left out
            found.setdefault(kept[position], []).append(replace(finding, **mine))
    return found
