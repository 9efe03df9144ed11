"""Letters: written as a row inside the transaction that causes them, sent later by a task."""

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet

from nok_portal.tenants.scope import scope

from ..mail_problems import noted
from ..models import OutgoingMail
from ..places import Place
from ..rendering import render_letter

logger = logging.getLogger(__name__)
# after the first failure, the second …; one more failure and the letter is given up, some 22 hours later
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
SENDER_DIED = "SenderDied: the program that sent the letter ended each time"
# longer than a batch may take, so that nobody else sends what is being sent
HOLD = timedelta(minutes=10)
BATCH = 20


class Recipient(Protocol):
    """A user, as far as a letter needs one."""

    @property
    def pk(self) -> Any: ...


def queue_mail(  # noqa: PLR0913 - a letter has that many facts
    *,
    kind: str,
    recipient: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    at: datetime,
    municipality_id: int | None = None,
    region_id: int | None = None,
    user: Recipient | None = None,
    has_secret: bool = False,
    unsubscribe_url: str = "",
) -> OutgoingMail:
    """Write a letter as a row and have it sent once the transaction is committed.

    `template` without its ending: `<template>.txt` and `<template>.html` are rendered with `context` and
    `portal_url`. A letter of a municipality or region is written in the scope that is open; one of neither
    opens the system's. `has_secret`: the text holds a link that opens something and is kept only until the
    letter has gone. `unsubscribe_url` is where a bare POST declines such letters (RFC 8058). With the broker down the row stands, and
    the sweep sends it.
    """
    rendered = render_letter(template, subject=subject, context=context)
    place = Place(municipality_id, region_id)
    with scope(system=True) if place == Place() else nullcontext():
        mail = OutgoingMail.objects.create(
            municipality_id=municipality_id,
            region_id=region_id,
            user_id=user.pk if user else None,
            kind=kind,
            recipient=recipient,
            subject=" ".join(subject.split())[:300],
            text=rendered.text,
            html=rendered.html,
            has_secret=has_secret,
            unsubscribe_url=unsubscribe_url,
            message_id=make_msgid(domain=urlsplit(settings.PORTAL_URL).hostname or "localhost"),
            created_at=at,
            next_try_at=at,
        )

    def hand_over() -> None:  # not a partial: Django's log of a robust callback wants its name
        _hand_to_worker(mail.pk, place)

    transaction.on_commit(hand_over, robust=True)
    return mail


def send_waiting(*, place: Place, at: datetime, mail_id: UUID | None = None) -> int:
    """Send the letters of a place that are due at `at` (or the one named), and say how many have gone.

    Must run outside a transaction: each letter is claimed and committed, then sent without any lock, then
    noted. A crash in between leaves the claim, which runs out; the letter goes again under its Message-ID.
    """
    gone = 0
    while mails := _claim(place=place, at=at, mail_id=mail_id):
        gone += _send(mails, place=place, at=at)
        if mail_id is not None or len(mails) < BATCH:
            break
    return gone


def places_with_waiting_mail(
    *, municipality_ids: Iterable[int], region_ids: Iterable[int], at: datetime
) -> list[Place]:
    """Whose letters are due: one query over the given tenants and the portal itself, whatever their number."""
    with scope(readable=municipality_ids, regions=region_ids, system=True):
        rows = _due(at).order_by().values_list("municipality_id", "region_id").distinct()
        return sorted(
            (Place(municipality_id, region_id) for municipality_id, region_id in rows),
            key=lambda place: (place.municipality_id or 0, place.region_id or 0),
        )


def _due(at: datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, next_try_at__lte=at).filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    )


def _claim(*, place: Place, at: datetime, mail_id: UUID | None) -> list[OutgoingMail]:
    """Take letters into one's hands; a try is counted here, so that one that kills its sender ends too."""
    with place.scope():
        due = _due(at)
        if mail_id is not None:
            due = due.filter(pk=mail_id)
        _give_up_killers(due, at=at)
        mails = list(due.order_by("next_try_at", "pk").select_for_update(skip_locked=True)[:BATCH])
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            claimed_until=at + HOLD, tries=F("tries") + 1
        )
    for mail in mails:
        mail.claimed_until = at + HOLD
        mail.tries += 1
    return mails


def _give_up_killers(due: QuerySet[OutgoingMail], *, at: datetime) -> None:
    """Letters whose tries are over without a word of what became of the last one: each sender died with them."""
    killers = due.filter(tries__gt=len(PAUSES))
    if not (keys := list(killers.select_for_update(skip_locked=True).values_list("pk", flat=True))):
        return
    killers = OutgoingMail.objects.filter(pk__in=keys)
    killers.filter(has_secret=True).update(text="", html="")
    killers.update(state=OutgoingMail.State.FAILED, error=SENDER_DIED, next_try_at=at, claimed_until=None)
    for key in keys:
        logger.warning("letter %s given up: its senders died", key)


def _send(mails: list[OutgoingMail], *, place: Place, at: datetime) -> int:
    gone = 0
    connection = get_connection()
    try:
        for mail in mails:
            problem: Exception | None = None
            try:
                connection.open()
                connection.send_messages([_message(mail)])
            except Exception as error:  # noqa: BLE001 - whatever goes wrong belongs to the letter's row
                problem = error
                _close_quietly(connection)
            _note(mail, problem, place=place, at=at)
            gone += problem is None
    finally:
        _close_quietly(connection)
    return gone


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", "Content-Language": "ru"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _note(mail: OutgoingMail, problem: Exception | None, *, place: Place, at: datetime) -> None:
    """Write down what became of a try, unless the claim has run out and another sender has the letter."""
    values: dict[str, Any] = {"claimed_until": None}
    if problem is None:
        values |= {"state": OutgoingMail.State.SENT, "sent_at": at, "error": ""}
    elif _is_final(problem) or mail.tries > len(PAUSES):
        # the moment of the last try: failures of the last days are told by it
        values |= {"state": OutgoingMail.State.FAILED, "error": noted(problem), "next_try_at": at}
    else:
        values |= {"next_try_at": at + PAUSES[mail.tries - 1], "error": noted(problem)}
    if mail.has_secret and "state" in values:
        values |= {"text": "", "html": ""}
    with place.scope():
        written = OutgoingMail.objects.filter(
            pk=mail.pk, state=OutgoingMail.State.WAITING, claimed_until=mail.claimed_until
        ).update(**values)
    if written and values.get("state") == OutgoingMail.State.FAILED:
        # the address and the server's words, which may name it, stay in the row
        logger.warning("letter %s (%s) given up at try %s: %s", mail.pk, mail.kind, mail.tries, type(problem).__name__)


def _is_final(problem: Exception) -> bool:
    """Whether the mail server refused this address or this letter for good (5xx): trying again is pointless.

    What it says of the connection, the log-in or the sender is about the portal's settings and may be put right.
    """
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    return isinstance(problem, SMTPDataError) and problem.smtp_code >= 500


def _close_quietly(connection: Any) -> None:
    try:
        connection.close()
    except Exception:  # noqa: BLE001 - what mattered has been noted already
        connection.connection = None


def _hand_to_worker(mail_id: UUID, place: Place) -> None:
    from ..tasks import send_mail  # the task calls this module

    send_mail.delay(mail_id=str(mail_id), municipality_id=place.municipality_id, region_id=place.region_id)
