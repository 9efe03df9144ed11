"""What the bell shows a person: the same things as their letters, each once, those told last first.

A thing of which several reminders tell (soon, today, late) is one entry that reads as it is today.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, QuerySet

from nok_portal.tenants.models import Municipality

from ..digest import Note, note_of
from ..models import Reminder
from .standing import standing

MOST_COUNTED = 99  # beyond it the bell says '99+'
MOST_LOOKED_AT = 2000  # unread reminders, the newest: what still asks for something is told again long before


class _Row(NamedTuple):
    """A reminder without its words."""

    pk: int
    kind: str
    thing: str
    due_on: date
    stage: int
    recipient_id: int


@dataclass(frozen=True)
class BellItem:
    """A thing of which the person was told; one that `is_settled` asks for nothing any more.

    `reminder` is the latest that still holds; `notes` are what all that hold say today.
    """

    reminder: Reminder
    notes: tuple[Note, ...]
    is_settled: bool
    is_unread: bool


@dataclass(frozen=True)
class Unread:
    """What is new to the person: so many things, and the latest reminder of one of them (0: none)."""

    things: tuple[str, ...] = ()
    newest: int = 0

    @property
    def count(self) -> int:
        return len(self.things)


def unread_things(*, municipality: Municipality, user_id: int, today: date) -> Unread:
    """What the person has not seen and still has to do, told last first.

    Pages ask for it all the time, so it reads no words; without unread reminders it is one query, else those of the
    kinds that there are, however many rows.
    """
    unread = _mine(municipality, user_id).filter(read_at__isnull=True).order_by("-pk")
    rows = map(_Row._make, unread.values_list(*_Row._fields)[:MOST_LOOKED_AT])
    asking = standing(rows, municipality=municipality, day=today)
    things = tuple(dict.fromkeys(row.thing for row in asking))
    return Unread(things, newest=asking[0].pk if asking else 0)


def latest_things(*, municipality: Municipality, user_id: int) -> "QuerySet[Reminder, str]":
    """All things of which the person was told, told last first; to be sliced."""
    mine = _mine(municipality, user_id)
    return mine.values("thing").annotate(newest=Max("pk")).order_by("-newest").values_list("thing", flat=True)


def items_of_things(
    things: Collection[str], *, municipality: Municipality, user_id: int, today: date
) -> list[BellItem]:
    """These things in their order, those of which the person was never told left out."""
    wanted = list(things)
    rows = list(_mine(municipality, user_id).filter(thing__in=wanted).order_by("-pk"))
    asking = {row.pk for row in standing(rows, municipality=municipality, day=today)}
    by_thing: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        by_thing[row.thing].append(row)
    return [_item(by_thing[thing], asking, today) for thing in wanted if thing in by_thing]


def _item(rows: list[Reminder], asking: set[int], today: date) -> BellItem:
    """Of one thing, newest first."""
    hold = [row for row in rows if row.pk in asking]
    notes: dict[str, Note] = {}
    for row in hold or rows[:1]:
        note = note_of(row, day=today)
        notes.setdefault(note.text, note)
    return BellItem(
        reminder=hold[0] if hold else rows[0],
        notes=tuple(notes.values()),
        is_settled=not hold,
        is_unread=any(row.read_at is None for row in hold),
    )


def _mine(municipality: Municipality, user_id: int) -> QuerySet[Reminder]:
    return Reminder.objects.filter(municipality=municipality, recipient=user_id)
