"""What a person does with reminders in the portal."""

from datetime import datetime
from typing import Any

from nok_portal.tenants.models import Municipality

from ..models import Reminder


def mark_read(
    *,
    municipality: Municipality,
    user: Any,
    at: datetime,
    reminder_id: int | None = None,
    until: int | None = None,
) -> int:
    """The person has seen the thing of this reminder of theirs, or (None) all; answers how many rows were new.

    `until` is the latest reminder that was on the screen: what was written after it stays new.
    """
    mine = Reminder.objects.filter(municipality=municipality, recipient=user.pk)
    unread = mine.filter(read_at__isnull=True)
    if reminder_id is not None:
        unread = unread.filter(thing__in=mine.filter(pk=reminder_id).values("thing"))
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=at)
