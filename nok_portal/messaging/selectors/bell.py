"""What the bell shows a person: the same reminders as their letters, new ones first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from nok_portal.tenants.models import Municipality

from ..digest import Note, note_of
from ..models import Reminder
from .standing import standing

MOST_UNREAD = 100  # beyond it the bell says '99+'


@dataclass(frozen=True)
class BellItem:
    """A reminder as it reads today; one that `is_settled` asks for nothing any more."""

    reminder: Reminder
    note: Note
    is_settled: bool

    @property
    def is_unread(self) -> bool:
        return self.reminder.read_at is None and not self.is_settled


def unread_count(*, municipality: Municipality, user_id: int, today: date) -> int:
    """How many reminders the person has not seen that still ask for something; a few queries at most."""
    unread = _mine(municipality, user_id).filter(read_at__isnull=True)[:MOST_UNREAD]
    return len(standing(unread, municipality=municipality, day=today))


def bell_items(*, municipality: Municipality, user_id: int, today: date, limit: int = 20) -> list[BellItem]:
    """The person's latest reminders, those that are done or overtaken by a newer one marked as settled."""
    rows = list(_mine(municipality, user_id)[:limit])
    asking = {row.pk for row in standing(rows, municipality=municipality, day=today)}
    return [BellItem(row, note_of(row, day=today), is_settled=row.pk not in asking) for row in rows]


def _mine(municipality: Municipality, user_id: int) -> QuerySet[Reminder]:
    return Reminder.objects.filter(municipality=municipality, recipient=user_id).order_by("-pk")
