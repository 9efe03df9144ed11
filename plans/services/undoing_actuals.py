"""«Отменить» of actual figures: a year gets back what stood there, while nobody has written another figure since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from plans.models import Plan, TargetIndicator, TargetValue
from plans.permissions import Part
from plans.services.targets import Reached, TargetGone, lock_indicator, write_actuals
from plans.services.undo_checks import CannotUndo


def undo_actuals(*, plan: Plan, entry: AuditEntry, verb: str, actor: User, at: datetime) -> AuditEntry:
    """What stood there before is written down again. Raises CannotUndo, TargetGone, PlanGone, WordsAreFixed."""
    indicator = TargetIndicator.objects.filter(plan=plan, pk=entry.object_id).first()
    if indicator is None:
        raise TargetGone
    locked = lock_indicator(indicator, None, part=Part.EVENTS)
    if why := _why_not(entry, _figures_of([entry])):
        raise CannotUndo(why)
    before = {int(year): _reached(told) for year, told in entry.before.items()}
    found = write_actuals(locked, before, verb=verb, actor=actor, at=at)
    assert found is not None, "what stands is what the entry wrote, and that differs from what was before"
    return found


def undoable_actuals(entries: Iterable[AuditEntry]) -> set[int]:
    """The keys of those entries that could be taken back now, in one query."""
    entries = list(entries)
    figures = _figures_of(entries) if entries else {}
    return {entry.pk for entry in entries if not _why_not(entry, figures)}


def _why_not(entry: AuditEntry, figures: Mapping[tuple[int, int], Reached]) -> str:
    key = int(entry.object_id)
    changed = [year for year, told in entry.after.items() if figures.get((key, int(year))) != _reached(told)]
    return f"С тех пор изменён факт за {', '.join(sorted(changed))} год. Поправьте его вручную." if changed else ""


def _figures_of(entries: Iterable[AuditEntry]) -> dict[tuple[int, int], Reached]:
    """What stands now in the years of the indicators that the entries are about: (indicator, year) → figure."""
    found = TargetValue.objects.filter(indicator__in={int(entry.object_id) for entry in entries})
    return {(one.indicator_id, one.year): Reached(one.actual, one.note) for one in found}


def _reached(told: Mapping[str, Any]) -> Reached:
    actual = told["actual"]
    return Reached(None if actual is None else Decimal(actual), told["note"])
