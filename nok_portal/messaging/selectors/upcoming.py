"""What a person's letter of today holds or, when that is over, their next one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from nok_portal.common.workdays import is_working_day
from nok_portal.tenants.models import Municipality

from ..models import Reminder, ReminderRun
from .foreseen import foreseen, row_of
from .settings import personal_settings_of
from .standing import standing


@dataclass(frozen=True)
class Letter:
    """The reminders of a person's letter of `day`, none: nothing to say. `is_decided`: nothing will be added."""

    day: date
    rows: tuple[Reminder, ...]
    is_decided: bool = False


def next_letter(municipality: Municipality, *, user_id: int, at: datetime) -> Letter:
    """Today's letter where there is one, else that of the person's next day, as things stand now.

    Wants the municipality readable; a constant number of queries, whatever the number of people and due dates.
    """
    today = municipality.day_of(at)
    run = ReminderRun.objects.filter(municipality=municipality).first()
    decided_on = run.decided_on if run else None
    mine = Reminder.objects.filter(municipality=municipality, recipient=user_id, by_mail=True)
    if decided_on == today:
        rows = [row for row in mine.order_by("-pk")[:200] if municipality.day_of(row.created_at) == today]
        told = standing(reversed(rows), municipality=municipality, day=today)
        if told:
            return Letter(today, tuple(told), is_decided=True)
    rhythm = personal_settings_of(municipality, user_id).rhythm
    if decided_on != today and is_working_day(today):
        coming = _foreseen(municipality, mine, user_id=user_id, day=today, at=at)
        # what cannot wait is told on any day
        if coming or rhythm.tells_on(today, decided_on=decided_on):
            return Letter(today, coming)
    day = rhythm.next_day(today)
    return Letter(day, _foreseen(municipality, mine, user_id=user_id, day=day, at=at))


def _foreseen(
    municipality: Municipality, mine: QuerySet[Reminder], *, user_id: int, day: date, at: datetime
) -> tuple[Reminder, ...]:
    """What is in no letter yet, and what is still to be written."""
    waiting = standing(mine.filter(mail__isnull=True).order_by("pk"), municipality=municipality, day=day)
    coming = foreseen([municipality], day=day).get(municipality.pk, [])
    new = [row_of(municipality, one, at=at) for one in coming if one.by_mail and one.recipient.user_id == user_id]
    return (*waiting, *new)
