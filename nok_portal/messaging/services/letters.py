"""What an administrator does with letters that have been written: send them again; what calls a letter back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted
from nok_portal.tenants.models import Municipality

from ..mail_problems import withdrawn
from ..models import OutgoingMail
from ..people import directory
from ..resending import is_paused, why_not

State = OutgoingMail.State
HAS_GONE = "Это письмо уже ушло. Ещё раз его отправляют с его страницы."


class CannotSendAgain(DomainError):
    """Why a letter stays as it is."""


@dataclass(frozen=True)
class Refused:
    """A letter that cannot be sent again, and why."""

    mail: OutgoingMail
    why: str


class SeveralRefused(DomainError):
    """Nothing was sent, because some cannot be; `refused` says which."""

    def __init__(self, refused: Sequence[Refused], total: int) -> None:
        of = counted(total, "письма", "писем", "писем")
        super().__init__(f"Ничего не отправлено: не подходят {len(refused)} из {of}.")
        self.refused = list(refused)


@transaction.atomic
def send_again(*, mail: OutgoingMail, actor: Any, at: datetime, seen: str = "") -> OutgoingMail:
    """Put a letter that failed, has gone or waits for its next try back to those that go now, to the person's present
    address.

    It keeps its Message-ID and starts its tries anew; the sweep sends it within a minute. `seen`: the stamp of what
    the person saw. Raises CannotSendAgain where its text is not kept any more, its person does not work here any
    more, it is waiting already, or it was sent again meanwhile.
    """
    (locked,) = _lock([mail.pk])
    why = why_not(locked, staff=_staff(locked.municipality_id), seen=seen)
    if why:
        raise CannotSendAgain(why)
    _put_back([locked], actor=actor, at=at)
    return locked


@transaction.atomic
def send_several_again(
    *, municipality: Municipality, seen: Mapping[UUID, str], actor: Any, at: datetime
) -> list[OutgoingMail]:
    """Send these that have not gone again, each with the stamp that was seen; all of them or, raising SeveralRefused,
    none. One that has gone is repeated by itself."""
    mails = [mail for mail in _lock(seen) if mail.municipality_id == municipality.pk]
    staff = _staff(municipality.pk)
    refused = [
        Refused(mail, why)
        for mail in mails
        if (why := why_not(mail, staff=staff, seen=seen[mail.pk]) or (HAS_GONE if mail.state == State.SENT else ""))
    ]
    if refused:
        raise SeveralRefused(refused, len(mails))
    _put_back(mails, actor=actor, at=at)
    return mails


def call_back(*, mail_id: UUID | None, why: str) -> None:
    """A letter that has not gone shall not go any more, and is no failure; what its text opened is erased."""
    if mail_id is not None:
        OutgoingMail.objects.filter(pk=mail_id).exclude(state=State.SENT).update(
            state=State.FAILED, error=withdrawn(why), text="", html=""
        )


def _lock(keys: Collection[UUID]) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.select_for_update(of=("self",)).select_related("user")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _staff(municipality_id: int | None) -> Collection[int]:
    if municipality_id is None:
        return ()
    here = directory().staff([municipality_id]).get(municipality_id)
    return here.people if here else ()


def _put_back(mails: Sequence[OutgoingMail], *, actor: Any, at: datetime) -> None:
    told: dict[str, list[audit.Told]] = defaultdict(list)
    for mail in mails:
        verb = "Письмо отправлено, не дожидаясь повтора" if is_paused(mail) else "Письмо отправлено ещё раз"
        before = {"state": mail.state, "recipient": mail.recipient, "tries": mail.tries, "error": mail.error}
        if mail.user is not None and not mail.has_secret:
            mail.recipient = mail.user.email
        mail.state, mail.tries, mail.error = State.WAITING, 0, ""
        mail.next_try_at, mail.claimed_until = at, None
        told[verb].append(audit.Told(mail, before, {"state": mail.state, "recipient": mail.recipient}))
    changed = ["recipient", "state", "tries", "error", "next_try_at", "claimed_until"]
    OutgoingMail.objects.bulk_update(mails, changed)
    for verb, about in told.items():
        audit.record_many(verb=verb, about=about, actor=actor, at=at)
