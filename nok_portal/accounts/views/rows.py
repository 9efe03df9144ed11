"""Invitations as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nok_portal.messaging.models import OutgoingMail

from ..models import Invitation, InvitationState


@dataclass(frozen=True)
class InvitationRow:
    """An open invitation with what has become of its letter."""

    offer: Invitation
    is_expired: bool
    kind: str
    text: str


def invitation_rows(offers: Iterable[Invitation], *, at: datetime) -> list[InvitationRow]:
    return [_row(offer, at) for offer in offers]


def _row(offer: Invitation, at: datetime) -> InvitationRow:
    if offer.state(at=at) is InvitationState.EXPIRED:
        return InvitationRow(offer, is_expired=True, kind="off", text="Срок истёк")
    state = offer.mail.state if offer.mail else None
    if state == OutgoingMail.State.FAILED:
        return InvitationRow(offer, is_expired=False, kind="late", text="Письмо не отправлено")
    if state == OutgoingMail.State.WAITING:
        late = offer.mail is not None and offer.mail.tries > 0
        text = "Письмо не уходит, портал повторяет" if late else "Письмо отправляется"
        return InvitationRow(offer, is_expired=False, kind="soon" if late else "open", text=text)
    return InvitationRow(offer, is_expired=False, kind="wait", text="Ждёт ответа")
