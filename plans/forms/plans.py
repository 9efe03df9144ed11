from collections.abc import Iterable

from django import forms

from plans.models import ResponsibleParty
from plans.selectors import PlanFilter


class PlanFilterForm(forms.Form):
    """What of the plan to show; what cannot be read is ignored, an address never fails."""

    q = forms.CharField(
        label="Найти в плане",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Найти в плане"}),
    )
    party = forms.ChoiceField(label="Исполнитель", required=False)
    findings = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, parties: Iterable[ResponsibleParty], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["party"]
        field.choices = [("", "Все исполнители"), *((str(one.pk), one.name) for one in parties)]  # type: ignore[attr-defined]


def filter_of(query: "dict[str, str]") -> PlanFilter:
    """The filter that an address asks for."""
    party = query.get("party", "")
    return PlanFilter(
        search=query.get("q", "").strip()[:200],
        party=int(party) if party.isascii() and party.isdigit() and len(party) < 18 else None,
        with_findings=query.get("findings", "") in {"1", "True", "on"},
    )
