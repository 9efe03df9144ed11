"""Sections of a plan are added, renamed, moved and deleted; their rows stay in the plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.audit.services import changed_fields, record
from nok_portal.common.errors import DomainError, StaleVersion
from plans.lines.numbering import Numbers
from plans.models import Plan, Section
from plans.services.arranging import NowhereToGo
from plans.services.outlines import Outline, outline_of, write_outline
from plans.services.plan_locks import lock_plan_lines
from plans.services.plans import refresh_findings

ADDED = "Добавлен раздел"
EDITED = "Изменён раздел"
DELETED = "Удалён раздел"
MOVED = "Перемещён раздел"


class SectionGone(DomainError):
    """Somebody has deleted the section meanwhile."""

    def __init__(self) -> None:
        super().__init__("Этот раздел уже удалил другой человек. Обновите страницу плана.")


@transaction.atomic
def add_section(
    *, plan: Plan, title: str, after: Section | None = None, actor: User, at: datetime
) -> tuple[Section, AuditEntry]:
    """A new section without rows behind another, or at the end; its number goes on as others do.

    Raises PlanGone, WordsAreFixed, SectionGone.
    """
    outline = outline_of(lock_plan_lines(plan.pk))
    keys = [section.pk for section in outline.sections]
    if after is not None and after.pk not in keys:
        raise SectionGone
    index = keys.index(after.pk) + 1 if after else len(keys)
    return insert_section(outline, {"title": title, "number": ""}, index, verb=ADDED, actor=actor, at=at)


def insert_section(
    outline: Outline,
    kept: Mapping[str, Any],
    index: int,
    *,
    verb: str,
    actor: User,
    at: datetime,
    pk: int | None = None,
    rows: Sequence[int] = (),
    numbers: Numbers | None = None,
) -> tuple[Section, AuditEntry]:
    """Insert a section of what the journal keeps of one, with those of the plan's rows that were its own."""
    plan, before = outline.plan, outline.parts()
    section = Section(
        pk=pk,
        municipality_id=plan.municipality_id,
        plan=plan,
        # the last one for a moment: a position belongs to one section
        position=max((one.position for one in outline.sections), default=0) + 1,
        title=kept["title"],
        number=kept["number"],
    )
    section.save(force_insert=True)
    rows = [row for row in rows if row in outline.rows]
    outline.take_out(rows)
    outline.sections.insert(min(index, len(outline.sections)), section)
    outline.order[section.pk] = list(rows)
    given = write_outline(outline, before, moved=rows, numbers=numbers)
    section.refresh_from_db()
    entry = record(
        verb=verb,
        on=section,
        actor=actor,
        at=at,
        before=dict(given.before),
        after=_all_of(outline, section) | dict(given.after),
    )
    refresh_findings(plan)
    return section, entry


@transaction.atomic
def edit_section(
    *, section: Section, version: int, number: str, title: str, actor: User, at: datetime, verb: str = EDITED
) -> AuditEntry | None:
    """Say how a section is called and numbered; None where nothing is different. Raises StaleVersion, SectionGone …"""
    plan = lock_plan_lines(section.plan_id)
    locked = _lock(section, version)
    was, now = changed_fields(
        {"number": locked.number, "title": locked.title}, {"number": number[:30], "title": title[:2000]}
    )
    if not now:
        return None
    for name, value in now.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    entry = record(verb=verb, on=locked, actor=actor, at=at, before=was, after=now)
    refresh_findings(plan)
    return entry


@transaction.atomic
def delete_section(*, section: Section, version: int, actor: User, at: datetime) -> AuditEntry:
    """Delete a heading; its rows go to the end of the section above. Raises StaleVersion, SectionGone …"""
    outline = outline_of(lock_plan_lines(section.plan_id))
    locked = _lock(section, version)
    return remove_section(outline, locked.pk, verb=DELETED, actor=actor, at=at)


def remove_section(
    outline: Outline, pk: int, *, verb: str, actor: User, at: datetime, numbers: Numbers | None = None
) -> AuditEntry:
    """Take a section out of an outline that is held."""
    before = outline.parts()
    keys = [one.pk for one in outline.sections]
    index = keys.index(pk)
    section = outline.sections[index]
    kept, rows = _all_of(outline, section), outline.order.pop(pk)
    del outline.sections[index]
    outline.order[keys[index - 1] if index else None].extend(rows)
    given = write_outline(outline, before, moved=rows, numbers=numbers)
    Section.objects.filter(pk=pk).delete()
    entry = record(
        verb=verb,
        on=section,
        actor=actor,
        at=at,
        before=kept | dict(given.before),
        after={"plan": outline.plan.pk} | dict(given.after),
    )
    refresh_findings(outline.plan)
    return entry


@transaction.atomic
def move_section(*, section: Section, way: int, actor: User, at: datetime) -> AuditEntry:
    """«Выше» (-1) and «Ниже» (1), with all its rows. Raises SectionGone, NowhereToGo …"""
    outline = outline_of(lock_plan_lines(section.plan_id))
    keys = [one.pk for one in outline.sections]
    if section.pk not in keys:
        raise SectionGone
    index = keys.index(section.pk) + way
    if not 0 <= index < len(keys):
        raise NowhereToGo("Раздел уже первый в плане." if way < 0 else "Раздел уже последний в плане.")
    return put_section(outline, section.pk, index, verb=MOVED, actor=actor, at=at)


def put_section(
    outline: Outline, pk: int, index: int, *, verb: str, actor: User, at: datetime, numbers: Numbers | None = None
) -> AuditEntry:
    """Put a section of an outline that is held at that place among the others."""
    before = outline.parts()
    stood = [one.pk for one in outline.sections].index(pk)
    section = outline.sections.pop(stood)
    outline.sections.insert(index, section)
    given = write_outline(outline, before, numbers=numbers)
    entry = record(
        verb=verb,
        on=section,
        actor=actor,
        at=at,
        before={"index": stood, **given.before},
        after={"index": index, **given.after},
    )
    refresh_findings(outline.plan)
    return entry


def _lock(section: Section, version: int) -> Section:
    locked = Section.objects.select_for_update(of=("self",)).filter(pk=section.pk).first()
    if locked is None:
        raise SectionGone
    if locked.version != version:
        raise StaleVersion
    return locked


def _all_of(outline: Outline, section: Section) -> dict[str, Any]:
    keys = [one.pk for one in outline.sections]
    return {
        "plan": outline.plan.pk,
        "number": section.number,
        "title": section.title,
        "index": keys.index(section.pk),
        "rows": list(outline.order[section.pk]),
    }
