"""What a person corrects in the preview of a document: kept beside the reading, which is never altered.

Each correction is a step that `undo_correction` takes back.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces
from plans.importing.drafts import (
    INHERITABLE,
    Draft,
    DraftLine,
    DraftSection,
    DraftTarget,
    key_of,
    stamp_of,
    words_above,
)
from plans.importing.past import LONGEST, step_of, taken_back
from plans.models import PlanImport
from plans.services.imports import draft_of_import, lock_open_import

Part = Literal["activities", "sections", "targets"]
Change = Callable[[Draft, dict[str, Any]], object]
STALE = "Пока вы работали, эту строку исправил другой человек. Посмотрите, что вышло, и повторите правку."
TAKEN_BACK = "Отменить это уже нельзя: с тех пор в документе исправили другое. Посмотрите, что вышло."
NAMES = {"deadline_text": "срок", "expected_result": "результат", "responsible": "исполнители"}


class NoSuchLine(DomainError):
    """The draft has no line of that number."""


class NoSuchFinding(DomainError):
    """The line has no finding of that key."""


@transaction.atomic
def correct_line(*, plan_import: PlanImport, index: int, stamp: str, values: Mapping[str, Any], at: datetime) -> None:
    """Say what the plan shall have in a line. What equals the document is no correction.

    `values` may hold number, title, section_index (the key of a section), deadline_text, expected_result,
    responsible, step. Words that differ from those inherited are the line's own from then on.
    """

    def change(draft: Draft, said: dict[str, Any]) -> None:
        line = _line(draft, index)
        inherited = [name for name in line.row.inherited if _same(values.get(name), getattr(line.row, name))]
        under = draft.sections[line.row.section_index].key if line.row.section_index is not None else None
        for name, value in values.items():
            if name == "section_index" and _same(value, under):
                continue  # where it stands anyway, moved or not
            said.pop(name, None)
            is_read = _same(value, getattr(line.read, name))
            # among sections that a person made it is not plain where the document would have it
            if not is_read or (name == "section_index" and any(section.was_line for section in draft.sections)):
                said[name] = list(value) if isinstance(value, tuple) else value
        said.pop("inherited", None)
        if tuple(inherited) != line.read.inherited:
            said["inherited"] = inherited

    _change(plan_import, "activities", index, stamp, at, change, words="исправлена")


@transaction.atomic
def correct_section(*, plan_import: PlanImport, key: int, stamp: str, number: str, title: str, at: datetime) -> None:
    """Say how a section is called and numbered."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        read = _section(draft, key).read
        for name, value in (("number", number), ("title", title)):
            said.pop(name, None)
            if not _same(value, getattr(read, name)):
                said[name] = value

    _change(plan_import, "sections", key, stamp, at, change, words="исправлен")


@transaction.atomic
def make_section(*, plan_import: PlanImport, index: int, stamp: str, at: datetime) -> None:
    """A line is the heading of a section: the lines below it stand under it."""
    locked = lock_open_import(plan_import=plan_import, at=at)
    before = deepcopy(locked.corrections)
    line = _line(draft_of_import(locked), index)
    said = _said(locked, "activities", index)
    _check_stamp(said, stamp)
    if line.was_section:
        _said(locked, "sections", line.read.section_index or 0).pop("is_activity", None)
    else:
        said["is_section"] = True
    _save(locked, before, f"{_name_of(line)}: теперь это раздел")


@transaction.atomic
def make_line(*, plan_import: PlanImport, key: int, stamp: str, at: datetime) -> None:
    """What was taken for a section is an activity: it and the lines below it stand under the section above."""
    locked = lock_open_import(plan_import=plan_import, at=at)
    before = deepcopy(locked.corrections)
    section = _section(draft_of_import(locked), key)
    said = _said(locked, "sections", key)
    _check_stamp(said, stamp)
    if section.was_line:
        index = key - len((locked.table or {})["sections"])
        _said(locked, "activities", index).pop("is_section", None)
        locked.corrections["sections"].pop(str(key), None)
    else:
        said["is_activity"] = True
    _save(locked, before, f"{_name_of(section)}: теперь это мероприятие")


@transaction.atomic
def join_parties(*, plan_import: PlanImport, index: int, stamp: str, at: datetime) -> None:
    """The parties that the portal told apart are one: the words of the cell as they stand."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        words = fold_spaces(_line(draft, index).read.responsible_text)
        if not words:
            raise DomainError("В документе исполнители не названы: объединять нечего.")
        said["responsible"] = [words]

    _change(plan_import, "activities", index, stamp, at, change, words="исполнители объединены")


@transaction.atomic
def delete_line(*, plan_import: PlanImport, part: Part, index: int, stamp: str, at: datetime) -> None:
    """Leave a line of the document out of the plan; it can be brought back."""
    _change(
        plan_import, part, index, stamp, at, lambda _, said: said.update(is_deleted=True), words="не попадёт в план"
    )


@transaction.atomic
def restore_line(*, plan_import: PlanImport, part: Part, index: int, stamp: str, at: datetime) -> None:
    """Back to what the document says: deletion and corrections of the line are undone."""
    _change(plan_import, part, index, stamp, at, lambda _, said: said.clear(), words="снова как в документе")


@transaction.atomic
def settle_finding(
    *, plan_import: PlanImport, part: Part | None, index: int, stamp: str, key: str, at: datetime
) -> None:
    """«Верно», «Оставить так»: the finding is seen and stays as it is. Errors cannot be settled by a word.

    Raises NoSuchFinding for a key that nothing there is known by.
    """

    def change(draft: Draft, said: dict[str, Any]) -> None:
        _require_finding(key, _found(draft, part or "activities", index))
        said["settled"] = sorted({*said.get("settled", []), key})

    if part is not None:
        _change(plan_import, part, index, stamp, at, change, words="решено")
        return
    locked = lock_open_import(plan_import=plan_import, at=at)
    before = deepcopy(locked.corrections)
    _require_finding(key, draft_of_import(locked))
    locked.corrections["settled"] = sorted({*locked.corrections.get("settled", []), key})
    _save(locked, before, "Замечание о документе: решено")


@transaction.atomic
def inherit_field(*, plan_import: PlanImport, index: int, stamp: str, name: str, at: datetime) -> None:
    """A blank cell stands for the words above it."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        line = _line(draft, index)
        value = words_above(draft, line, _inheritable(name))
        if not value:
            raise DomainError("В строке выше это поле тоже пустое: взять нечего.")
        said[name] = list(value) if isinstance(value, tuple) else value
        said["inherited"] = sorted({*line.row.inherited, name})

    words = f"{NAMES.get(name, '')}: как в строке выше"
    _change(plan_import, "activities", index, stamp, at, change, words=words)


@transaction.atomic
def leave_field_empty(*, plan_import: PlanImport, index: int, stamp: str, name: str, at: datetime) -> None:
    """A blank cell is blank: what was taken from above is not meant."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        said[_inheritable(name)] = [] if name == "responsible" else ""
        said["inherited"] = [one for one in _line(draft, index).row.inherited if one != name]

    _change(plan_import, "activities", index, stamp, at, change, words=f"{NAMES.get(name, '')}: пусто, как в ячейке")


@transaction.atomic
def correct_target(
    *, plan_import: PlanImport, index: int, stamp: str, title: str, values: Mapping[int, float], at: datetime
) -> None:
    """Say what a target indicator is and what it shall reach year by year."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        read = draft.targets[index].read
        said.pop("title", None)
        said.pop("values", None)
        if title != read.title:
            said["title"] = title
        if dict(values) != dict(read.values):
            said["values"] = {str(year): value for year, value in values.items()}

    _change(plan_import, "targets", index, stamp, at, change, words="исправлен")


@transaction.atomic
def correct_facts(*, plan_import: PlanImport, stamp: str, facts: Mapping[str, Any], at: datetime) -> None:
    """Say what the plan is: title, kind, period, assessment years, spheres."""
    locked = lock_open_import(plan_import=plan_import, at=at)
    before = deepcopy(locked.corrections)
    _check_stamp(locked.corrections.get("facts", {}), stamp)
    locked.corrections["facts"] = {
        "title": facts["title"],
        "kind": facts["kind"],
        "period_from": facts["period_from"].isoformat(),
        "period_to": facts["period_to"].isoformat(),
        "assessment_years": sorted(facts["assessment_years"]),
        "spheres": list(facts["spheres"]),
    }
    _save(locked, before, "Сведения о плане сохранены")


@transaction.atomic
def undo_correction(*, plan_import: PlanImport, serial: str, at: datetime) -> str:
    """Take the last correction back, if it is still the one that the person saw; answers its words."""
    locked = lock_open_import(plan_import=plan_import, at=at)
    if not locked.past or str(locked.past[-1]["serial"]) != serial:
        raise StaleVersion(TAKEN_BACK)
    step = locked.past.pop()
    locked.corrections = taken_back(locked.corrections, step)
    locked.version += 1
    locked.save(update_fields=["corrections", "past", "version"])
    return str(step["words"])


def change_line(plan_import: PlanImport, index: int, stamp: str, at: datetime, change: Change) -> None:
    """Alter what is said of a line, inside the caller's transaction. Raises StaleVersion, NoSuchLine."""
    _change(plan_import, "activities", index, stamp, at, change, words="исправлена")


def _change(
    plan_import: PlanImport, part: Part, index: int, stamp: str, at: datetime, change: Change, *, words: str
) -> None:
    locked = lock_open_import(plan_import=plan_import, at=at)
    before = deepcopy(locked.corrections)
    draft = draft_of_import(locked)
    found = _found(draft, part, index)
    said = _said(locked, part, index)
    _check_stamp(said, stamp)
    change(draft, said)
    _save(locked, before, f"{_name_of(found)}: {words}")


def _said(locked: PlanImport, part: Part, index: int) -> dict[str, Any]:
    said: dict[str, Any] = locked.corrections.setdefault(part, {}).setdefault(str(index), {})
    return said


def _check_stamp(said: Mapping[str, Any], stamp: str) -> None:
    if stamp_of(said) != stamp:
        raise StaleVersion(STALE)


def _found(draft: Draft, part: Part, index: int) -> DraftLine | DraftSection | DraftTarget:
    of = {"activities": draft.line, "sections": draft.section, "targets": draft.target}
    found = of[part](index)
    if found is None:
        raise NoSuchLine("Такой строки в документе нет. Обновите страницу.")
    return found


def _line(draft: Draft, index: int) -> DraftLine:
    found = _found(draft, "activities", index)
    assert isinstance(found, DraftLine)
    return found


def _section(draft: Draft, key: int) -> DraftSection:
    found = _found(draft, "sections", key)
    assert isinstance(found, DraftSection)
    return found


def _name_of(found: DraftLine | DraftSection | DraftTarget) -> str:
    names = {DraftLine: "Строка", DraftSection: "Раздел, строка", DraftTarget: "Показатель, строка"}
    return f"{names[type(found)]} {found.read.source.row}"


def _require_finding(key: str, part: Draft | DraftLine | DraftSection | DraftTarget) -> None:
    settled = () if isinstance(part, DraftSection) else part.settled
    if key not in {*map(key_of, part.findings), *settled}:
        raise NoSuchFinding("Этого замечания здесь уже нет. Обновите страницу.")


def _save(locked: PlanImport, before: Mapping[str, Any], words: str) -> None:
    """Write what is said now, and how to take it back."""
    for part in ("activities", "sections", "targets"):
        kept = {key: said for key, said in locked.corrections.get(part, {}).items() if said}
        locked.corrections[part] = kept
        if not kept:
            del locked.corrections[part]
    locked.version += 1
    if locked.corrections != before:
        step = step_of(before, locked.corrections, words=words, serial=locked.version)
        locked.past = [*locked.past, step][-LONGEST:]
    locked.save(update_fields=["corrections", "past", "version"])


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, list | tuple) or isinstance(other, list | tuple):
        return list(value or ()) == list(other or ())
    return (None if value == "" else value) == (None if other == "" else other)


def _inheritable(name: str) -> str:
    if name not in INHERITABLE:
        raise DomainError("Это поле не берётся из строки выше.")
    return name
