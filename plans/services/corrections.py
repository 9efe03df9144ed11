"""What a person corrects in the preview of a document: kept beside the reading, which is never altered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from nok_portal.common.errors import DomainError, StaleVersion
from plans.drafts import INHERITABLE, Draft, DraftLine, DraftTarget, key_of, stamp_of, words_above
from plans.models import PlanImport
from plans.services.imports import draft_of_import, lock_open_import

Part = Literal["activities", "targets"]
STALE = "Пока вы работали, эту строку исправил другой человек. Посмотрите, что вышло, и повторите правку."


class NoSuchLine(DomainError):
    """The draft has no line of that number."""


class NoSuchFinding(DomainError):
    """The line has no finding of that key."""


@transaction.atomic
def correct_line(*, plan_import: PlanImport, index: int, stamp: str, values: Mapping[str, Any], at: datetime) -> None:
    """Say what the plan shall have in a line. What equals the document is no correction.

    `values` may hold number, title, section_index, deadline_text, expected_result, responsible, step. Words
    that differ from those inherited are the line's own from then on.
    """

    def change(draft: Draft, said: dict[str, Any]) -> None:
        line = draft.lines[index]
        inherited = [name for name in line.row.inherited if _same(values.get(name), getattr(line.row, name))]
        for name, value in values.items():
            original = getattr(line.read, name)
            said.pop(name, None)
            if not _same(value, original):
                said[name] = list(value) if isinstance(value, tuple) else value
        said.pop("inherited", None)
        if tuple(inherited) != line.read.inherited:
            said["inherited"] = inherited

    _change(plan_import, "activities", index, stamp, at, change)


@transaction.atomic
def delete_line(*, plan_import: PlanImport, part: Part, index: int, stamp: str, at: datetime) -> None:
    """Leave a line of the document out of the plan; it can be brought back."""
    _change(plan_import, part, index, stamp, at, lambda _, said: said.update(is_deleted=True))


@transaction.atomic
def restore_line(*, plan_import: PlanImport, part: Part, index: int, stamp: str, at: datetime) -> None:
    """Back to what the document says: deletion and corrections of the line are undone."""
    _change(plan_import, part, index, stamp, at, lambda _, said: said.clear())


@transaction.atomic
def settle_finding(
    *, plan_import: PlanImport, part: Part | None, index: int, stamp: str, key: str, at: datetime
) -> None:
    """«Верно», «Оставить так»: the finding is seen and stays as it is. Errors cannot be settled by a word.

    Raises NoSuchFinding for a key that nothing there is known by.
    """

    def change(draft: Draft, said: dict[str, Any]) -> None:
        _require_finding(key, draft.lines[index] if part == "activities" else draft.targets[index])
        said["settled"] = sorted({*said.get("settled", []), key})

    if part is not None:
        _change(plan_import, part, index, stamp, at, change)
        return
    locked = lock_open_import(plan_import=plan_import, at=at)
    _require_finding(key, draft_of_import(locked))
    locked.corrections["settled"] = sorted({*locked.corrections.get("settled", []), key})
    _save(locked)


@transaction.atomic
def inherit_field(*, plan_import: PlanImport, index: int, stamp: str, name: str, at: datetime) -> None:
    """A blank cell stands for the words above it."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        value = words_above(draft, index, _inheritable(name))
        if not value:
            raise DomainError("В строке выше это поле тоже пустое: взять нечего.")
        said[name] = list(value) if isinstance(value, tuple) else value
        said["inherited"] = sorted({*draft.lines[index].row.inherited, name})

    _change(plan_import, "activities", index, stamp, at, change)


@transaction.atomic
def leave_field_empty(*, plan_import: PlanImport, index: int, stamp: str, name: str, at: datetime) -> None:
    """A blank cell is blank: what was taken from above is not meant."""

    def change(draft: Draft, said: dict[str, Any]) -> None:
        said[_inheritable(name)] = [] if name == "responsible" else ""
        said["inherited"] = [one for one in draft.lines[index].row.inherited if one != name]

    _change(plan_import, "activities", index, stamp, at, change)


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

    _change(plan_import, "targets", index, stamp, at, change)


@transaction.atomic
def correct_facts(*, plan_import: PlanImport, stamp: str, facts: Mapping[str, Any], at: datetime) -> None:
    """Say what the plan is: title, kind, period, assessment years, spheres."""
    locked = lock_open_import(plan_import=plan_import, at=at)
    if stamp_of(locked.corrections.get("facts", {})) != stamp:
        raise StaleVersion(STALE)
    locked.corrections["facts"] = {
        "title": facts["title"],
        "kind": facts["kind"],
        "period_from": facts["period_from"].isoformat(),
        "period_to": facts["period_to"].isoformat(),
        "assessment_years": sorted(facts["assessment_years"]),
        "spheres": list(facts["spheres"]),
    }
    _save(locked)


def change_line(
    plan_import: PlanImport, index: int, stamp: str, at: datetime, change: Callable[[Draft, dict[str, Any]], object]
) -> None:
    """Alter what is said of a line, inside the caller's transaction. Raises StaleVersion, NoSuchLine."""
    _change(plan_import, "activities", index, stamp, at, change)


def _change(
    plan_import: PlanImport,
    part: Part,
    index: int,
    stamp: str,
    at: datetime,
    change: Callable[[Draft, dict[str, Any]], object],
) -> None:
    locked = lock_open_import(plan_import=plan_import, at=at)
    draft = draft_of_import(locked)
    rows: tuple[Any, ...] = draft.lines if part == "activities" else draft.targets
    if not 0 <= index < len(rows):
        raise NoSuchLine("Такой строки в документе нет. Обновите страницу.")
    said = locked.corrections.setdefault(part, {}).setdefault(str(index), {})
    if stamp_of(said) != stamp:
        raise StaleVersion(STALE)
    change(draft, said)
    if not said:
        del locked.corrections[part][str(index)]
    _save(locked)


def _require_finding(key: str, part: Draft | DraftLine | DraftTarget) -> None:
    if key not in {*map(key_of, part.findings), *part.settled}:
        raise NoSuchFinding("Этого замечания здесь уже нет. Обновите страницу.")


def _save(locked: PlanImport) -> None:
    locked.version += 1
    locked.save(update_fields=["corrections", "version"])


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, list | tuple) or isinstance(other, list | tuple):
        return list(value or ()) == list(other or ())
    return (None if value == "" else value) == (None if other == "" else other)


def _inheritable(name: str) -> str:
    if name not in INHERITABLE:
        raise DomainError("Это поле не берётся из строки выше.")
    return name
