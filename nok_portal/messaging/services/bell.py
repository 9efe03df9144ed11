"""What a person does with reminders in the portal, and an administrator with letters."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import Municipality

from ..models import OutgoingMail, Reminder


class CannotSendAgain(DomainError):
    """Why a letter stays as it is."""


def mark_read(
    *, municipality: Municipality, user: Any, at: datetime, reminder_ids: Collection[int] | None = None
) -> int:
    """The person has seen these of their reminders, or (None) all; answers how many were new to them."""
    mine = Reminder.objects.filter(municipality=municipality, recipient=user.pk, read_at__isnull=True)
    if reminder_ids is not None:
        mine = mine.filter(pk__in=reminder_ids)
    return mine.update(read_at=at)


@transaction.atomic
def send_again(*, mail: OutgoingMail, actor: Any, at: datetime) -> OutgoingMail:
    """Put a letter that failed or has gone back to those that wait, to the person's present address.

    It keeps its Message-ID and starts its tries anew; the sweep sends it within a minute. Raises CannotSendAgain
    where its text is not kept any more or it is waiting already.
    """
    locked = OutgoingMail.objects.select_for_update(of=("self",)).select_related("user").get(pk=mail.pk)
    if locked.state == OutgoingMail.State.WAITING:
        raise CannotSendAgain("Письмо и так ждёт отправки: оно уйдёт само.")
    if not locked.text:
        raise CannotSendAgain("В письме была ссылка-ключ, поэтому его текст не хранится. Отправьте ссылку заново.")
    before = {"state": locked.state, "recipient": locked.recipient}
    if locked.user is not None:
        locked.recipient = locked.user.email
    locked.state, locked.tries, locked.error = OutgoingMail.State.WAITING, 0, ""
    locked.next_try_at, locked.claimed_until = at, None
    locked.save()
    audit.record(
        verb="Письмо отправлено ещё раз",
        on=locked,
        actor=actor,
        at=at,
        before=before,
        after={"state": locked.state, "recipient": locked.recipient},
    )
    return locked
