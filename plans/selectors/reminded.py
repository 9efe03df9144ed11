"""Who was reminded of due dates, when and how: read from the ledger of reminders."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nok_portal.common.text import counted
from nok_portal.messaging.kinds import DAYS, find_kind
from nok_portal.messaging.models import OutgoingMail, Reminder
from nok_portal.messaging.selectors.sent import reminders_of_things
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right
from plans.models import DueDate

from .told import thing_of_due

MOST = 100
_HOW = {
    OutgoingMail.State.SENT: "письмом и в портале",
    OutgoingMail.State.WAITING: "письмо ждёт отправки",
    OutgoingMail.State.FAILED: "письмо не отправлено",
}


@dataclass(frozen=True)
class Reminded:
    """One person told once of one due date; `letter` is the letter that has not gone, None for all others."""

    name: str
    at: datetime
    what: str
    how: str
    due_on: date
    letter: UUID | None


def reminded_of(dues: Iterable[DueDate], *, municipality: Municipality, rights: Collection[Right]) -> list[Reminded]:
    """Who was told of these due dates, the latest first, in one query; nothing for those who may not see people."""
    days = {thing_of_due(due.pk): due.window_to for due in dues}
    if not days or Right.SEE_PEOPLE not in rights:
        return []
    return [
        _reminded(row, days[row.thing], told_on=municipality.day_of(row.created_at))
        for row in reminders_of_things(municipality, days)[:MOST]
    ]


def _reminded(row: Reminder, due_on: date, *, told_on: date) -> Reminded:
    state = getattr(row, "mail_state", None)
    failed = state == OutgoingMail.State.FAILED
    how = _HOW[OutgoingMail.State(state)] if state else "письмо готовится" if row.by_mail else "в портале"
    return Reminded(
        name=row.recipient.full_name,
        at=row.created_at,
        what=_what(row, told_on),
        how=how,
        due_on=due_on,
        letter=row.mail_id if failed else None,
    )


def _what(row: Reminder, told_on: date) -> str:
    """'срок скоро, за 14 дней', 'срок сегодня', 'просрочено, через 7 дней'."""
    found = find_kind(row.kind)
    title = found.title[:1].lower() + found.title[1:] if found else ""
    distance = (told_on - row.due_on).days  # what falls on a day off is told before it or after it
    if not distance:
        return title
    return f"{title}, {'за' if distance < 0 else 'через'} {counted(abs(distance), *DAYS)}".removeprefix(", ")
