"""Lines are added, moved and deleted; numbers go on as the document has them.

Where a line stands now is what counts, so moving asks for no version: no words are overwritten by it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.models import Organization
from plans.lines.fields import as_kept, put_back
from plans.lines.numbering import Numbers, Part, Row, row_above, row_below
from plans.models import Activity, ActivityOrganization, DueDate, Plan, Section
from plans.services.days import refresh_days
from plans.services.editing import names_of_parties, set_parties, with_known_corrector, with_what_follows
from plans.services.outlines import Outline, Place, outline_of, write_outline
from plans.services.plan_locks import LineGone, lock_plan_lines
from plans.services.plans import refresh_findings

ADDED = "Добавлена строка"
DELETED = "Удалена строка"
MOVED = "Перемещена строка"
_BLANK = as_kept(Activity(), ())


class LineHasWork(DomainError):
    """Somebody has reported on the line: deleting it would lose the report."""

    def __init__(self) -> None:
        super().__init__(
            "По этой строке уже отчитались или решали о сроках, поэтому удалить её нельзя: отчёты пропали бы."
            " Снимите её сроки с указанием причины, строка останется в плане."
        )


class PlaceGone(DomainError):
    """The row or section beside which a row was to stand is no more."""

    def __init__(self) -> None:
        super().__init__("Места, куда переносится строка, больше нет: план изменили. Посмотрите его и повторите.")


class NowhereToGo(DomainError):
    """There is nothing above or below."""


@transaction.atomic
def add_activity(
    *,
    plan: Plan,
    values: Mapping[str, Any],
    section: Section | None = None,
    above: Activity | None = None,
    actor: User,
    at: datetime,
) -> tuple[Activity, AuditEntry]:
    """A new line behind `above`, or at the end of the section (None: of the rows outside of sections).

    `values`: the fields of plans.lines.fields WORDS and OWN but for the number, which goes on as others do. Raises
    PlanGone, WordsAreFixed, PlaceGone.
    """
    locked = lock_plan_lines(plan.pk)
    outline = outline_of(locked)
    if above is not None:
        if above.pk not in outline.rows:
            raise PlaceGone
        section_id = outline.section_of(above.pk)
        place: Place = {"section": section_id, "above": above.pk, "index": 0}
    else:
        section_id = section.pk if section else None
        if section_id not in outline.order:
            raise PlaceGone
        rows = outline.order[section_id]
        place = {"section": section_id, "above": rows[-1] if rows else None, "index": len(rows)}
    return insert_line(outline, with_what_follows(_BLANK, values), place, verb=ADDED, actor=actor, at=at)


def insert_line(
    outline: Outline,
    kept: Mapping[str, Any],
    place: Place,
    *,
    verb: str,
    actor: User,
    at: datetime,
    pk: int | None = None,
    numbers: Numbers | None = None,
) -> tuple[Activity, AuditEntry]:
    """Insert a line of what the journal keeps of one. `pk`: a deleted one comes back under its old key."""
    plan = outline.plan
    before = outline.parts()
    kept = with_known_corrector(kept)
    previous = kept.get("previous")
    line = Activity(
        pk=pk,
        municipality_id=plan.municipality_id,
        plan=plan,
        section_id=place["section"],
        # the last one for a moment: a position belongs to one row
        position=max((row.position for row in outline.rows.values()), default=0) + 1,
        source=kept.get("source", {}),
        # the line of the previous edition may be deleted by now
        previous_id=previous if previous and Activity.objects.filter(pk=previous).exists() else None,
    )
    put_back(line, kept)
    line.save(force_insert=True)
    named = kept.get("organizations", [])
    there = set(Organization.objects.filter(pk__in=[one for one, _ in named]).values_list("pk", flat=True))
    ActivityOrganization.objects.bulk_create(
        ActivityOrganization(municipality_id=plan.municipality_id, activity=line, organization_id=one, year=year)
        for one, year in named
        if one in there
    )
    outline.rows[line.pk] = line
    outline.put([line.pk], section=place["section"], above=place["above"], index=place["index"])
    given = write_outline(outline, before, numbers=numbers)
    if kept.get("responsible"):
        set_parties({line: kept["responsible"]}, plan, actor=actor, at=at)
    entry = record(
        verb=verb,
        on=line,
        actor=actor,
        at=at,
        before=_others(given.before, line),
        after=_all_of(outline, line) | _others(given.after, line),
    )
    refresh_days(plan, actor=actor, at=at, only=[line.pk])
    refresh_findings(plan)
    return line, entry


@transaction.atomic
def delete_activity(*, activity: Activity, version: int, actor: User, at: datetime) -> AuditEntry:
    """Delete a line on which nobody has reported. Raises PlanGone, WordsAreFixed, LineGone, StaleVersion, LineHasWork."""
    plan = lock_plan_lines(activity.plan_id)
    outline = outline_of(plan)
    line = outline.rows.get(activity.pk)
    if line is None:
        raise LineGone
    if line.version != version:
        raise StaleVersion
    return remove_line(outline, line, verb=DELETED, actor=actor, at=at)


def remove_line(
    outline: Outline, line: Activity, *, verb: str, actor: User, at: datetime, numbers: Numbers | None = None
) -> AuditEntry:
    """Take a line out of the plan, with all that the journal needs to bring it back. Raises LineHasWork."""
    if has_work(line):
        raise LineHasWork
    kept, pk = _all_of(outline, line), line.pk
    before = outline.parts()
    outline.take_out([pk])
    del outline.rows[pk]
    line.delete()
    line.pk = pk  # the journal names it
    given = write_outline(outline, before, numbers=numbers)
    entry = record(
        verb=verb,
        on=line,
        actor=actor,
        at=at,
        before=kept | dict(given.before),
        after={"plan": outline.plan.pk} | dict(given.after),
    )
    refresh_findings(outline.plan)
    return entry


@transaction.atomic
def move_activity(
    *, activity: Activity, section_id: int | None, above_id: int | None, actor: User, at: datetime
) -> AuditEntry | None:
    """Put a line, with those that stand under it, behind another of that section, or first in it.

    None where it stands there already. Raises PlanGone, WordsAreFixed, LineGone, PlaceGone.
    """
    outline = outline_of(lock_plan_lines(activity.plan_id))
    if activity.pk not in outline.rows:
        raise LineGone
    if section_id not in outline.order or (above_id is not None and above_id not in outline.order[section_id]):
        raise PlaceGone
    return put_line(outline, activity.pk, {"section": section_id, "above": above_id, "index": 0}, actor=actor, at=at)


@transaction.atomic
def step_activity(*, activity: Activity, way: int, actor: User, at: datetime) -> AuditEntry:
    """«Выше» (-1) and «Ниже» (1): past the neighbour, at the edge of a section into the one beside it.

    Raises PlanGone, WordsAreFixed, LineGone, NowhereToGo.
    """
    outline = outline_of(lock_plan_lines(activity.plan_id))
    if activity.pk not in outline.rows:
        raise LineGone
    section_id = outline.section_of(activity.pk)
    rows = [Row(pk, outline.rows[pk].number) for pk in outline.order[section_id]]
    keys = [row.key for row in rows]
    beside = row_above(rows, activity.pk) if way < 0 else row_below(rows, activity.pk)
    if beside is not None:
        above = beside if way > 0 else (keys[keys.index(beside) - 1] if keys.index(beside) else None)
        place = {"section": section_id, "above": above, "index": 0}
    else:
        place = _place_beside(outline, section_id, way)
    entry = put_line(outline, activity.pk, place, actor=actor, at=at)
    assert entry is not None
    return entry


def put_line(
    outline: Outline,
    pk: int,
    place: Place,
    *,
    actor: User,
    at: datetime,
    verb: str = MOVED,
    numbers: Numbers | None = None,
    block: Sequence[int] = (),
) -> AuditEntry | None:
    """Put a row with its block at a place of an outline that is held; None where it stands there already."""
    block = block or outline.block_of(pk)
    before, stood = outline.parts(), outline.place_of(pk)
    if place["above"] in block:
        return None
    outline.take_out(block)
    outline.put(block, section=place["section"], above=place["above"], index=place["index"])
    if _same_order(before, outline):
        return None
    given = write_outline(outline, before, moved=block, numbers=numbers)
    line = outline.rows[pk]
    line.plan = outline.plan
    entry = record(
        verb=verb,
        on=line,
        actor=actor,
        at=at,
        before={"place": stood, "block": block, **given.before},
        after={"place": outline.place_of(pk), "block": block, **given.after},
    )
    refresh_findings(outline.plan)
    return entry


def has_work(line: Activity) -> bool:
    """Whether somebody has reported on one of the line's due dates, proved it or decided about it."""
    return DueDate.objects.filter(activity=line.pk).with_work().exists()


def _place_beside(outline: Outline, section_id: int | None, way: int) -> Place:
    """The end of the section above or the beginning of the one below."""
    order = [None, *(section.pk for section in outline.sections)]
    place = order.index(section_id) + way
    if not 0 <= place < len(order) or (order[place] is None and not outline.order[None]):
        raise NowhereToGo("Строка уже первая в плане." if way < 0 else "Строка уже последняя в плане.")
    rows = outline.order[order[place]]
    return {"section": order[place], "above": rows[-1] if way < 0 and rows else None, "index": 0}


def _same_order(before: Sequence[Part], outline: Outline) -> bool:
    return [(part.key, [row.key for row in part.rows]) for part in before] == [
        (part.key, [row.key for row in part.rows]) for part in outline.parts()
    ]


def _all_of(outline: Outline, line: Activity) -> dict[str, Any]:
    """The whole line for the journal."""
    links = ActivityOrganization.objects.filter(activity=line.pk).order_by("pk")
    return {
        **as_kept(line, names_of_parties([line.pk])[line.pk]),
        "plan": outline.plan.pk,
        "place": outline.place_of(line.pk),
        "source": line.source,
        "previous": line.previous_id,
        "organizations": [list(pair) for pair in links.values_list("organization_id", "year")],
    }


def _others(numbers: Mapping[str, Mapping[str, str]], line: Activity) -> dict[str, dict[str, str]]:
    """Numbers of all but the line itself, whose own stands among its words."""
    return {kind: {pk: one for pk, one in some.items() if pk != str(line.pk)} for kind, some in numbers.items()}
