"""Whether a letter may be sent again: judged by its row, by the services that do it and the pages that offer it."""

from collections.abc import Collection

from .letter_kinds import find_letter_kind
from .mail_problems import WITHDRAWN
from .models import OutgoingMail

State = OutgoingMail.State


def stamp_of(mail: OutgoingMail) -> str:
    """What a page that shows the letter sends back, so that a letter which has gone meanwhile is not sent twice."""
    return f"{mail.state}:{mail.next_try_at.timestamp():.6f}"


def why_not(mail: OutgoingMail, *, staff: Collection[int], seen: str = "") -> str:
    """Why a letter cannot be sent again; '' where it can. `staff`: those who work in its municipality now."""
    if mail.state == State.WAITING and not is_paused(mail):
        return "Письмо и так ждёт отправки: оно уйдёт само."
    # one that waits for its next try has gone nowhere, however often the portal tried meanwhile
    if seen and not is_paused(mail) and seen != stamp_of(mail):
        return "Пока страница была открыта, письмо уже отправили ещё раз."
    if not mail.text or (mail.has_secret and mail.state != State.WAITING):
        kind = find_letter_kind(mail.kind)
        return f"В письме была ссылка-ключ, поэтому его текст не хранится. {kind.new_link}".strip()
    if mail.user_id is not None and mail.municipality_id is not None and mail.user_id not in staff:
        return "Этот человек больше не работает в муниципалитете."
    return ""


def is_paused(mail: OutgoingMail) -> bool:
    """Whether a letter waits for its next try, in nobody's hands."""
    return mail.state == State.WAITING and mail.tries > 0 and mail.claimed_until is None


def is_called_back(mail: OutgoingMail) -> bool:
    return mail.error.startswith(WITHDRAWN)
