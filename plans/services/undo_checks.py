"""Whether what an entry of the journal tells of a line or section still is as the entry left it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError
from plans.lines.fields import LABELS, as_kept, same_value
from plans.models import Activity, Plan, Section
from plans.services import editing
from plans.services.outlines import Outline

LINE, SECTION, PLAN, TARGET = "plans.activity", "plans.section", "plans.plan", "plans.targetindicator"


class CannotUndo(DomainError):
    """What was changed is no longer as the change left it."""


@dataclass
class Present:
    """How the lines and sections of the plan are now; read when they are asked for."""

    plan: Plan
    outline: Outline | None = None

    @cached_property
    def rows(self) -> dict[int, Activity]:
        if self.outline is not None:
            return self.outline.rows
        return {row.pk: row for row in self.plan.activities.order_by("position").defer("findings", "source")}

    @cached_property
    def sections(self) -> dict[int, Section]:
        found = self.outline.sections if self.outline is not None else self.plan.sections.order_by("position")
        return {section.pk: section for section in found}

    @cached_property
    def order(self) -> dict[int | None, list[int]]:
        found: dict[int | None, list[int]] = {None: [], **{pk: [] for pk in self.sections}}
        for row in self.rows.values():
            found[row.section_id].append(row.pk)
        return found

    @cached_property
    def names(self) -> dict[int, list[str]]:
        return editing.names_of_parties(self.rows)

    def kept(self, pk: int) -> dict[str, Any]:
        return as_kept(self.rows[pk], self.names[pk])


def kind_of(entry: AuditEntry) -> str:
    """What taking the entry back means: edit, move, delete, undelete (of a section: …_section), or edit rows."""
    before, after = entry.before, entry.after
    if entry.object_type == PLAN:
        return "rows"
    is_section = "_section" if entry.object_type == SECTION else ""
    if "title" in before and "plan" in before:
        return f"undelete{is_section}"
    if "title" in after and "plan" in after:
        return f"delete{is_section}"
    return f"move{is_section}" if "place" in after or "index" in after else f"edit{is_section}"


def why_not(entry: AuditEntry, present: Present) -> str:
    """Why the entry cannot be taken back now; empty where it can."""
    kind, key = kind_of(entry), int(entry.object_id)
    if entry.object_type == LINE and kind != "undelete" and key not in present.rows:
        return "Эта строка с тех пор удалена."
    if entry.object_type == SECTION and kind != "undelete_section" and key not in present.sections:
        return "Этот раздел с тех пор удалён."
    return _WHY[kind](entry, present, key)


def _rows(entry: AuditEntry, present: Present, key: int) -> str:
    changed = [
        str(present.rows[int(pk)]) if int(pk) in present.rows else "удалённая строка"
        for pk, some in entry.after["rows"].items()
        if int(pk) not in present.rows or _different(some, present.kept(int(pk)))
    ]
    return f"С тех пор изменены строки: {'; '.join(changed[:3])}. Поправьте их вручную." if changed else ""


def _edited(entry: AuditEntry, present: Present, key: int) -> str:
    return _changed_since(entry.after, present.kept(key))


def _added(entry: AuditEntry, present: Present, key: int) -> str:
    """The number follows the neighbours, so it may be another."""
    return _changed_since({name: value for name, value in entry.after.items() if name != "number"}, present.kept(key))


def _deleted(entry: AuditEntry, present: Present, key: int) -> str:
    return "Эта строка уже возвращена." if key in present.rows else _no_place(entry.before["place"], present)


def _moved(entry: AuditEntry, present: Present, key: int) -> str:
    place = entry.after["place"]
    rows = present.order.get(place["section"], [])
    above = rows[rows.index(key) - 1] if key in rows and rows.index(key) else None
    if key not in rows or above != place["above"]:
        return "Строку или ту, что над ней, с тех пор переместили. Переставьте её вручную."
    return _no_place(entry.before["place"], present)


def _section_edited(entry: AuditEntry, present: Present, key: int) -> str:
    section = present.sections[key]
    return _changed_since(entry.after, {"number": section.number, "title": section.title})


def _section_added(entry: AuditEntry, present: Present, key: int) -> str:
    if present.order[key] != entry.after["rows"]:
        return "В этот раздел с тех пор добавили строки или убрали их. Удалите его вручную."
    return _changed_since(entry.after, {"title": present.sections[key].title})


def _section_deleted(entry: AuditEntry, present: Present, key: int) -> str:
    return "Этот раздел уже возвращён." if key in present.sections else ""


def _section_moved(entry: AuditEntry, present: Present, key: int) -> str:
    is_there = list(present.sections).index(key) == entry.after["index"]
    return "" if is_there else "Разделы с тех пор переставили. Переместите этот вручную."


_WHY: dict[str, Callable[[AuditEntry, Present, int], str]] = {
    "rows": _rows,
    "edit": _edited,
    "delete": _added,
    "undelete": _deleted,
    "move": _moved,
    "edit_section": _section_edited,
    "delete_section": _section_added,
    "undelete_section": _section_deleted,
    "move_section": _section_moved,
}


def _changed_since(after: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    names = _different(after, now)
    if not names:
        return ""
    said = [LABELS[name].lower() for name in names if name in LABELS] or ["сведения"]
    return f"С тех пор изменено: {', '.join(said)}. Поправьте это вручную."


def _different(after: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name, value in after.items() if name in now and not same_value(value, now[name])]


def _no_place(place: Mapping[str, Any], present: Present) -> str:
    gone = place["section"] is not None and place["section"] not in present.sections
    return "Раздел, в котором стояла строка, с тех пор удалён." if gone else ""
