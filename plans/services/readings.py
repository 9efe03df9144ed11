"""A person's own reading of deadline words, on a line of a document that is being checked and in a plan."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from plans.deadlines import Deadline, parse, to_json
from plans.importing.drafts import Draft, read_words, reading_of
from plans.lines.readings import CORRECTED, CorrectedReading, reading_as_json
from plans.models import Activity, PlanImport
from plans.permissions import Part
from plans.services.corrections import change_line
from plans.services.days import refresh_days
from plans.services.plan_locks import lock_line
from plans.services.plans import refresh_findings

REREAD = "Возвращено понимание срока по словам"


class NoWords(DomainError):
    """There are no words that could be understood in one way or another."""

    def __init__(self) -> None:
        super().__init__("Срок в этой строке не указан. Сначала впишите его словами.")


@transaction.atomic
def correct_line_reading(
    *, plan_import: PlanImport, index: int, stamp: str, deadline: Deadline, actor: User, at: datetime
) -> None:
    """Say what the deadline words of a line of the document mean; the words stay as they are.

    What equals the portal's own reading is no correction. Raises StaleVersion, NoSuchLine, NoWords.
    """

    def change(draft: Draft, said: dict[str, Any]) -> None:
        line = draft.line(index)
        words = line.row.deadline_text if line else ""
        if not words:
            raise NoWords
        meant = replace(deadline, text=words)
        said.pop("reading", None)
        if meant != read_words(words):
            reading = CorrectedReading(deadline=meant, by=actor.pk, by_name=actor.name_for_journal, at=at)
            said["reading"] = reading_as_json(reading)

    change_line(plan_import, index, stamp, at, change)


@transaction.atomic
def reread_line(*, plan_import: PlanImport, index: int, stamp: str, at: datetime) -> None:
    """«Вернуть как прочитано»: the portal's own reading of the words again."""
    change_line(plan_import, index, stamp, at, lambda _, said: said.pop("reading", None))


@transaction.atomic
def correct_activity_reading(
    *, activity: Activity, version: int, deadline: Deadline, actor: User, at: datetime
) -> Activity:
    """Say what the deadline words of an activity mean; open due dates and findings follow, the words stay.

    Due dates that were reported or accepted stay as they are. Raises what lock_line raises, NoWords.
    """
    locked = lock_line(activity, version, part=Part.OWN)
    words = locked.deadline_text
    if not words:
        raise NoWords
    meant = replace(deadline, text=words)
    if meant == locked.deadline:
        return locked
    is_own = meant != parse(words)
    return _write(locked, meant, CORRECTED if is_own else REREAD, corrected=is_own, actor=actor, at=at)


@transaction.atomic
def reread_activity(*, activity: Activity, version: int, actor: User, at: datetime) -> Activity:
    """«Вернуть как прочитано»: what the words say by themselves. Raises what lock_line raises."""
    locked = lock_line(activity, version, part=Part.OWN)
    if not locked.reading_is_corrected:
        return locked
    return _write(locked, parse(locked.deadline_text), REREAD, corrected=False, actor=actor, at=at)


def _write(locked: Activity, deadline: Deadline, verb: str, *, corrected: bool, actor: User, at: datetime) -> Activity:
    before = locked.deadline_reading
    locked.deadline_rule = to_json(deadline)
    locked.deadline_reading = reading_of(deadline)
    locked.reading_corrected_by = actor if corrected else None
    locked.reading_corrected_at = at if corrected else None
    locked.version += 1
    locked.save()
    record(
        verb=verb,
        on=locked,
        actor=actor,
        at=at,
        before={"deadline_reading": before},
        after={"deadline_reading": locked.deadline_reading},
    )
    refresh_days(locked.plan, actor=actor, at=at, reason=verb[0].lower() + verb[1:], only=[locked.pk])
    refresh_findings(locked.plan)
    return locked
