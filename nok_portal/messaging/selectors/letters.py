"""Letters as pages show them: how each stands, what is said of it, whether it can be sent again."""

from collections.abc import Iterable
from dataclasses import dataclass

from nok_portal.tenants.models import Municipality

from ..letter_kinds import LetterKind, find_letter_kind
from ..mail_problems import Reason, reason_of
from ..models import OutgoingMail
from ..resending import is_called_back, stamp_of, why_not
from .settings import staff_of

State = OutgoingMail.State


@dataclass(frozen=True)
class Finding:
    """What is said above a letter (includes/finding.html); `leads_on`: to the page where its link is made anew."""

    kind: str
    strong: str
    text: str
    leads_on: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter as a page shows it; `why_not`: why it cannot be sent again."""

    mail: OutgoingMail
    kind: LetterKind
    reason: Reason | None
    why_not: str

    @property
    def is_failure(self) -> bool:
        return self.mail.state == State.FAILED and not is_called_back(self.mail)

    @property
    def is_retried(self) -> bool:
        return self.mail.state == State.WAITING and self.mail.tries > 0

    @property
    def may_be_marked(self) -> bool:
        """Several at once are those that have not gone: one that has is repeated from its own page."""
        return (self.is_failure or self.is_retried) and not self.why_not

    @property
    def stamp(self) -> str:
        return stamp_of(self.mail)

    @property
    def name(self) -> str:
        return self.mail.user.full_name if self.mail.user else ""

    @property
    def present_address(self) -> str:
        """Where it would go now; '' where it has gone there already."""
        now = self.mail.user.email if self.mail.user and not self.mail.has_secret else self.mail.recipient
        return now if now != self.mail.recipient else ""

    @property
    def text(self) -> str:
        """What it said; a text with a link that opens something is nobody else's to read."""
        return "" if self.mail.has_secret else self.mail.text

    @property
    def state_kind(self) -> str:
        """Of includes/state.html."""
        if self.mail.state == State.FAILED:
            return "late" if self.is_failure else "off"
        if self.mail.state == State.WAITING:
            return "soon" if self.mail.tries else "open"
        return "done"

    @property
    def state_words(self) -> str:
        if self.mail.state == State.FAILED and not self.is_failure:
            return "Отозвано"
        return "Не уходит, портал повторяет" if self.is_retried else self.mail.get_state_display()

    @property
    def findings(self) -> list[Finding]:
        """What has become of it and what to do. A letter that waits needs no word of why it cannot be sent again, one
        that was called back has its own."""
        renewed = bool(self.kind.new_link_page)
        trouble = f"{self.reason.words}." if self.reason else ""
        advice = self.reason.advice if self.reason else ""
        found: list[Finding] = []
        if self.is_failure and renewed:
            found.append(Finding("late", trouble, self.why_not, leads_on=True))
        elif self.is_failure:
            found.append(Finding("late", trouble, advice))
        elif self.is_retried:
            hurry = "" if self.why_not else " Если причина устранена, письмо можно отправить сейчас."
            found.append(Finding("soon", trouble, f"Портал повторит отправку сам.{hurry}"))
        elif self.reason:
            found.append(Finding("info", trouble, advice))
        if self.why_not and (self.mail.state == State.SENT or (self.is_failure and not renewed)):
            found.append(Finding("info", "Ещё раз отправить нельзя.", self.why_not, leads_on=renewed))
        if self.present_address and not self.why_not:
            words = f"Ещё раз письмо уйдёт на {self.present_address}"
            found.append(Finding("info", "Адрес с тех пор сменился.", words))
        return found


def letters_to_show(municipality: Municipality, mails: Iterable[OutgoingMail]) -> list[Letter]:
    """These letters of the municipality, in their order."""
    staff = staff_of(municipality).people
    return [
        Letter(mail, find_letter_kind(mail.kind), reason_of(mail.error), why_not(mail, staff=staff)) for mail in mails
    ]
