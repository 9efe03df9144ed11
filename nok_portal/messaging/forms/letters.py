"""What the list of letters keeps in its address, and which letters were marked."""

from collections.abc import Iterable
from uuid import UUID

from django import forms

from nok_portal.tenants.forms.days import DayInput

from ..letter_kinds import letter_kinds_of_office
from ..models import OutgoingMail
from ..selectors.sent import MailFilter

MOST_AT_ONCE = 200
STATES = {
    "": "Все",
    OutgoingMail.State.FAILED: "Не отправлено",
    OutgoingMail.State.WAITING: "Ждёт отправки",
    OutgoingMail.State.SENT: "Отправлено",
}


class LettersFilter(forms.Form):
    """Which letters the list shows; what makes no sense in the address is left out, never an error."""

    q = forms.CharField(
        label="Найти письмо",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Кому, адрес или тема"}),
    )
    kind = forms.ChoiceField(label="О чём", required=False)
    since = forms.DateField(label="С", required=False, widget=DayInput())
    till = forms.DateField(label="По", required=False, widget=DayInput())
    state = forms.ChoiceField(choices=STATES.items(), required=False, widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        kinds = [(one.key, one.title) for one in letter_kinds_of_office()]
        self.fields["kind"].choices = [("", "Все письма"), *kinds]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> MailFilter:
        self.is_valid()
        said = self.cleaned_data
        return MailFilter(
            words=said.get("q", ""),
            state=said.get("state", ""),
            kind=said.get("kind", ""),
            since=said.get("since"),
            till=said.get("till"),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What another state keeps of the address."""
        wanted = self.wanted
        said = {"q": wanted.words, "kind": wanted.kind, "since": wanted.since, "till": wanted.till}
        return {name: str(value) for name, value in said.items() if value}

    @property
    def is_filled(self) -> bool:
        return bool(self.kept)


def marked(values: Iterable[str]) -> dict[UUID, str]:
    """Which letters were marked, each with the stamp that was seen: 'key' or 'key@stamp'; nonsense is left out."""
    found: dict[UUID, str] = {}
    for value in values:
        key, _, stamp = value.partition("@")
        try:
            found.setdefault(UUID(key), stamp)
        except ValueError:
            continue
        if len(found) == MOST_AT_ONCE:
            break
    return found
