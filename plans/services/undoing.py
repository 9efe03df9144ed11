"""«Отменить»: what an entry of the journal says was done to a plan's lines, sections and figures is taken back.

It can be while what it changed still is as it left it. What is taken back is told in the journal as any other
change, so that it can be taken back in its turn.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from plans.lines.fields import KEPT, OWN
from plans.lines.numbering import Key, Numbers
from plans.models import Plan
from plans.permissions import Part, why_fixed
from plans.services import arranging, editing, sections, targets
from plans.services.outlines import Outline, outline_of
from plans.services.plan_locks import lock_plan_lines
from plans.services.undo_checks import LINE, PLAN, SECTION, TARGET, CannotUndo, Present, kind_of, why_not
from plans.services.undoing_actuals import undo_actuals, undoable_actuals

UNDONE = "Отменено: "
_VERBS = {
    LINE: (editing.EDITED, arranging.ADDED, arranging.DELETED, arranging.MOVED),
    SECTION: (sections.ADDED, sections.EDITED, sections.DELETED, sections.MOVED),
    PLAN: (editing.PARTIES_SET, editing.STEP_SET),
    TARGET: (targets.REACHED,),
}


@transaction.atomic
def undo_entry(*, plan: Plan, entry: AuditEntry, actor: User, at: datetime) -> AuditEntry:
    """Take back what the entry tells. Raises CannotUndo with the reason, PlanGone, WordsAreFixed, LineHasWork."""
    if not is_known(entry):
        raise CannotUndo("Это действие отсюда не отменяется.")
    if entry.object_type == TARGET:
        return undo_actuals(plan=plan, entry=entry, verb=UNDONE + _told(entry), actor=actor, at=at)
    locked = lock_plan_lines(plan.pk, part=Part.OWN if _is_own(entry) else Part.WORDS)
    outline = outline_of(locked)
    present = Present(locked, outline)
    reason = why_not(entry, present)
    if reason:
        raise CannotUndo(reason)
    return _HOW[kind_of(entry)](entry, outline, present, UNDONE + _told(entry), actor, at)


def is_known(entry: AuditEntry) -> bool:
    """Whether the entry tells of a change that is made here, or of one that was taken back."""
    verb = entry.verb.removeprefix(UNDONE)
    return verb[:1].upper() + verb[1:] in _VERBS.get(entry.object_type, ())


def undoable(plan: Plan, entries: Iterable[AuditEntry]) -> set[int]:
    """The keys of those entries that could be taken back now; the number of queries does not depend on how many."""
    known = [entry for entry in entries if is_known(entry)]
    figures = [entry for entry in known if entry.object_type == TARGET]
    found = set() if why_fixed(plan, Part.EVENTS) else undoable_actuals(figures)
    of_lines = [entry for entry in known if entry.object_type != TARGET]
    if not of_lines or why_fixed(plan, Part.OWN):
        return found
    if why_fixed(plan, Part.WORDS):
        of_lines = [entry for entry in of_lines if _is_own(entry)]
    present = Present(plan)
    return found | {entry.pk for entry in of_lines if not why_not(entry, present)}


def _is_own(entry: AuditEntry) -> bool:
    """Whether only what the portal adds to a line was changed: that is possible in an approved plan too."""
    rows = entry.after.get("rows")
    changed = [*rows.values()] if isinstance(rows, dict) else [entry.after]
    words = set(KEPT) - {*OWN, "settled", "inherited"}
    return kind_of(entry) in ("rows", "edit") and not any(words & set(some) for some in changed)


def _told(entry: AuditEntry) -> str:
    """Taking back twice is doing again: «Отменено: изменена строка»."""
    verb = entry.verb.removeprefix(UNDONE)
    return verb[:1].lower() + verb[1:]


def _numbers_of(entry: AuditEntry, outline: Outline) -> Numbers | None:
    """The numbers as they were, where all still are as the entry left them; else the rule gives them."""
    rows = {int(pk): number for pk, number in entry.after.get("numbers", {}).items() if int(pk) in outline.rows}
    names = {int(pk): number for pk, number in entry.after.get("section_numbers", {}).items()}
    known = {section.pk: section.number for section in outline.sections}
    if any(outline.rows[pk].number != number for pk, number in rows.items()):
        return None
    if any(known.get(pk, number) != number for pk, number in names.items()):
        return None
    before: dict[Key, str] = {int(pk): number for pk, number in entry.before.get("numbers", {}).items()}
    before_of_sections: dict[Key, str] = {
        int(pk): number for pk, number in entry.before.get("section_numbers", {}).items()
    }
    if "plan" in entry.before:
        own = entry.before["number"]
        if entry.object_type == SECTION:
            before_of_sections[int(entry.object_id)] = own
        elif own and own in {
            before.get(pk, outline.rows[pk].number) for pk in outline.order[entry.before["place"]["section"]]
        }:
            return None  # another line has it by now
        else:
            before[int(entry.object_id)] = own
    return Numbers(before_of_sections, before)


_Undo = Callable[[AuditEntry, Outline, Present, str, User, datetime], AuditEntry]


def _edit(entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime) -> AuditEntry:
    key = int(entry.object_id)
    line = outline.rows[key]
    line.plan = outline.plan
    found = editing.write_line(outline.plan, line, entry.before, present.names[key], verb=verb, actor=actor, at=at)
    assert found is not None
    return found


def _rows(entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime) -> AuditEntry:
    changes = {int(pk): some for pk, some in entry.before["rows"].items()}
    found = editing.write_lines(outline.plan, outline.rows, changes, present.names, verb=verb, actor=actor, at=at)
    assert found is not None
    return found


def _undelete(
    entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime
) -> AuditEntry:
    _, found = arranging.insert_line(
        outline,
        entry.before,
        entry.before["place"],
        pk=int(entry.object_id),
        numbers=_numbers_of(entry, outline),
        verb=verb,
        actor=actor,
        at=at,
    )
    return found


def _delete(entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime) -> AuditEntry:
    line = outline.rows[int(entry.object_id)]
    return arranging.remove_line(outline, line, numbers=_numbers_of(entry, outline), verb=verb, actor=actor, at=at)


def _move(entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime) -> AuditEntry:
    block = [pk for pk in entry.before["block"] if pk in outline.rows]
    found = arranging.put_line(
        outline,
        int(entry.object_id),
        entry.before["place"],
        numbers=_numbers_of(entry, outline),
        block=block,
        verb=verb,
        actor=actor,
        at=at,
    )
    if found is None:
        raise CannotUndo("Строка уже стоит на прежнем месте.")
    return found


def _edit_section(
    entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime
) -> AuditEntry:
    section = present.sections[int(entry.object_id)]
    values = {"number": section.number, "title": section.title} | dict(entry.before)
    found = sections.edit_section(section=section, version=section.version, **values, verb=verb, actor=actor, at=at)
    assert found is not None
    return found


def _undelete_section(
    entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime
) -> AuditEntry:
    _, found = sections.insert_section(
        outline,
        entry.before,
        entry.before["index"],
        pk=int(entry.object_id),
        rows=entry.before["rows"],
        numbers=_numbers_of(entry, outline),
        verb=verb,
        actor=actor,
        at=at,
    )
    return found


def _delete_section(
    entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime
) -> AuditEntry:
    return sections.remove_section(
        outline, int(entry.object_id), numbers=_numbers_of(entry, outline), verb=verb, actor=actor, at=at
    )


def _move_section(
    entry: AuditEntry, outline: Outline, present: Present, verb: str, actor: User, at: datetime
) -> AuditEntry:
    return sections.put_section(
        outline,
        int(entry.object_id),
        entry.before["index"],
        numbers=_numbers_of(entry, outline),
        verb=verb,
        actor=actor,
        at=at,
    )


_HOW: dict[str, _Undo] = {
    "edit": _edit,
    "rows": _rows,
    "undelete": _undelete,
    "delete": _delete,
    "move": _move,
    "edit_section": _edit_section,
    "undelete_section": _undelete_section,
    "delete_section": _delete_section,
    "move_section": _move_section,
}
