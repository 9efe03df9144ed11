"""What a person does with reminders in the portal."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from nok_portal.tenants.models import Municipality

from ..models import Reminder


def mark_read(
    *, municipality: Municipality, user: Any, at: datetime, reminder_ids: Collection[int] | None = None
) -> int:
    """The person has seen these of their reminders, or (None) all; answers how many were new to them."""
    mine = Reminder.objects.filter(municipality=municipality, recipient=user.pk, read_at__isnull=True)
    if reminder_ids is not None:
        mine = mine.filter(pk__in=reminder_ids)
    return mine.update(read_at=at)
