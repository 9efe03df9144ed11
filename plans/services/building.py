"""Rows of a plan from its draft: one place that both the import's screens and the command use."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from nok_portal.accounts.models import User
from nok_portal.audit.services import Told, record_many
from nok_portal.common.text import fold, fold_spaces
from nok_portal.tenants.models import Municipality, StoredFile
from plans.deadlines import to_json
from plans.enums import PlanKind
from plans.importing.drafts import Draft, DraftLine, read_words, reading_of
from plans.lines.readings import CORRECTED
from plans.models import (
    Activity,
    ActivityParty,
    DueDate,
    Plan,
    ResponsibleParty,
    Section,
    TargetIndicator,
    TargetValue,
)
from plans.party_kinds import kind_of_party
from plans.services.party_locks import lock_parties
from plans.table import Finding
from plans.table.limits_check import LONGEST_PARTY

NAMELESS = "(без названия)"


def build_plan(
    *, draft: Draft, municipality: Municipality, source_file: StoredFile | None, actor: User | None, at: datetime
) -> Plan:
    """Insert the plan with sections, activities, parties, due dates and targets; inside the caller's transaction."""
    facts = draft.facts
    assert facts.period_from is not None
    assert facts.period_to is not None
    plan = Plan.objects.create(
        municipality=municipality,
        kind=PlanKind(facts.kind),
        title=facts.title[:1000],
        period_from=facts.period_from,
        period_to=facts.period_to,
        assessment_years=sorted(facts.assessment_years),
        spheres=list(facts.spheres),
        findings=findings_as_json(draft.findings),
        settled=list(draft.settled),
        source_file=source_file,
        created_by=actor,
        created_at=at,
    )
    sections = Section.objects.bulk_create(
        Section(
            municipality=municipality,
            plan=plan,
            position=position,
            number=(section.number or "")[:30],
            title=fold_spaces(section.title)[:2000],
        )
        for position, section in enumerate(draft.sections, start=1)
    )
    lines = draft.kept_lines
    correctors = _known_users(line.correction.by for line in lines if line.correction)
    activities = Activity.objects.bulk_create(
        _activity(line, plan, sections, position, correctors) for position, line in enumerate(lines, start=1)
    )
    write_parties(activities, [line.row.responsible for line in lines], municipality)
    DueDate.objects.bulk_create(
        due
        for activity, line in zip(activities, lines, strict=True)
        for due in due_dates_of(activity, line.due, entered_on=plan.entered_on)
    )
    _write_targets(draft, plan)
    _record_corrected_readings(activities, lines, actor=actor, at=at)
    return plan


def due_dates_of(activity: Activity, due: Iterable[Any], *, entered_on: date) -> list[DueDate]:
    """Rows for the days that a reading gives; equal windows count once. `entered_on`: when the plan came in."""
    windows = {(one.starts_on, one.ends_on): one for one in reversed(list(due))}
    return [due_row(activity, one, entered_on=entered_on) for one in sorted(windows.values())]


def due_row(activity: Activity, one: Any, *, entered_on: date, organization_id: int | None = None) -> DueDate:
    """A row for a day that a reading gives, not saved yet."""
    return DueDate(
        municipality_id=activity.municipality_id,
        activity=activity,
        organization_id=organization_id,
        window_from=one.starts_on,
        window_to=one.ends_on,
        label=one.label[:200],
        origin=one.origin,
        is_outside_period=one.outside_period,
        ended_before_entry=one.ends_on < entered_on,
    )


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What is kept of findings beside the line they are about."""
    return [
        {"code": one.code, "severity": one.severity, "message": one.message, "field": one.field} for one in findings
    ]


def remarks_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What is kept of a line's findings: questions about the reading were answered when the plan was made."""
    return findings_as_json(one for one in findings if one.severity != "question")


def write_parties(
    activities: Sequence[Activity], names: Sequence[Sequence[str]], municipality: Municipality
) -> set[tuple[int, int]]:
    """Give each activity these parties in the place of those it has; one that no plan knows yet is added.

    Answers the pairs (activity, party) that were not so before.
    """
    # held before any link is touched, so that nobody merges them meanwhile
    parties = _parties_by_key({name for some in names for name in some}, municipality)
    links = ActivityParty.objects.filter(activity__in=activities)
    before = set(links.values_list("activity", "party"))
    links.delete()
    written = ActivityParty.objects.bulk_create(
        ActivityParty(municipality=municipality, activity=activity, party_id=pk, position=position)
        for activity, some in zip(activities, names, strict=True)
        for position, pk in enumerate(dict.fromkeys(parties[party_key(name)] for name in some), start=1)
    )
    return {(link.activity_id, link.party_id) for link in written} - before


def party_key(name: str) -> str:
    """By what two names are one party: case, ё and blanks make no difference."""
    return fold(name)[:LONGEST_PARTY]


def _parties_by_key(names: set[str], municipality: Municipality) -> dict[str, int]:
    by_key = {party_key(name): fold_spaces(name)[:LONGEST_PARTY] for name in sorted(names)}
    # somebody else may add the same party at this moment
    ResponsibleParty.objects.bulk_create(
        [
            ResponsibleParty(municipality=municipality, name=name, name_key=key, kind=kind_of_party(name))
            for key, name in sorted(by_key.items())
        ],
        ignore_conflicts=True,
    )
    named = ResponsibleParty.objects.filter(municipality=municipality, name_key__in=by_key)
    locked = lock_parties(Q(pk__in=named.values("pk")) | Q(pk__in=named.values("merged_into")))
    # the name of a double means the party that was kept
    return {one.name_key: one.merged_into_id or one.pk for one in locked.values()}


def _known_users(keys: Iterable[int | None]) -> set[int]:
    """Those of the people who corrected readings that still have an account."""
    wanted = {key for key in keys if key}
    return set(User.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def _activity(
    line: DraftLine, plan: Plan, sections: Sequence[Section], position: int, correctors: set[int]
) -> Activity:
    row, correction = line.row, line.correction
    return Activity(
        municipality_id=plan.municipality_id,
        plan=plan,
        section=sections[row.section_index] if row.section_index is not None else None,
        position=position,
        number=(row.number or "")[:30],
        title=row.title or NAMELESS,
        deadline_text=row.deadline_text,
        deadline_rule=to_json(line.deadline),
        deadline_reading=line.reading,
        reading_corrected_by_id=correction.by if correction and correction.by in correctors else None,
        reading_corrected_at=correction.at if correction else None,
        expected_result=row.expected_result,
        responsible_text=row.responsible_text,
        step=row.step or "",
        inherited=list(row.inherited),
        findings=remarks_as_json(line.findings),
        settled=list(line.settled),
        source=source_as_json(line),
    )


def source_as_json(line: DraftLine) -> dict[str, Any]:
    """Where the line stood in the document and what its cells said, whatever was corrected since."""
    source = line.read.source
    return {
        "table": source.table,
        "row": source.row,
        "cells": [{"heading": cell.heading, "text": cell.text} for cell in source.cells],
    }


def _record_corrected_readings(
    activities: Iterable[Activity], lines: Iterable[DraftLine], *, actor: User | None, at: datetime
) -> None:
    """What a person said of a deadline's words while the document was checked goes on in the activity's history."""
    told = [
        Told(
            on=activity,
            before={"deadline_reading": reading_of(read_words(activity.deadline_text))},
            after={"deadline_reading": activity.deadline_reading},
        )
        for activity, line in zip(activities, lines, strict=True)
        if line.correction
    ]
    record_many(verb=CORRECTED, about=told, actor=actor, at=at)


def _write_targets(draft: Draft, plan: Plan) -> None:
    kept = [target for target in draft.targets if not target.is_deleted]
    indicators = TargetIndicator.objects.bulk_create(
        TargetIndicator(
            municipality_id=plan.municipality_id,
            plan=plan,
            position=position,
            title=target.row.title,
            unit=target.row.unit,
            is_cumulative=target.row.cumulative,
            base_year=target.row.base_year,
            findings=remarks_as_json(target.findings),
            settled=list(target.settled),
        )
        for position, target in enumerate(kept, start=1)
    )
    TargetValue.objects.bulk_create(
        TargetValue(municipality_id=plan.municipality_id, indicator=indicator, year=year, planned=Decimal(str(value)))
        for indicator, target in zip(indicators, kept, strict=True)
        for year, value in sorted(target.row.values.items())
    )
