from collections.abc import Iterable, Mapping

from django import forms

from nok_portal.common.text import whole_number
from plans.selectors import PlanContents, PlanFilter
from plans.table.steps import STEPS

# names in the address → fields of the filter
FLAGS = {
    "overdue": "overdue",
    "soon": "soon",
    "mine": "mine",
    "waiting": "waiting",
    "unread": "not_understood",
    "findings": "with_findings",
}
_ON = {"1", "True", "on"}


class PlanFilterForm(forms.Form):
    """What of the plan to show; what cannot be read is ignored, an address never fails."""

    q = forms.CharField(
        label="Найти в плане",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Найти в плане"}),
    )
    party = forms.ChoiceField(label="Исполнитель", required=False)
    step = forms.ChoiceField(label="Шаг оценки", required=False)

    def __init__(self, *args: object, contents: PlanContents, also: Iterable[str] = (), **kwargs: object) -> None:
        """`also`: names of the address that stay when other filters change."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        parties = ((str(one.pk), one.name) for one in contents.parties)
        self.fields["party"].choices = [("", "Все исполнители"), *parties]  # type: ignore[attr-defined]
        steps = ((step, STEPS.get(step, step)) for step in contents.steps)
        self.fields["step"].choices = [("", "Все шаги"), *steps]  # type: ignore[attr-defined]
        if not contents.steps:
            del self.fields["step"]
        for name in (*FLAGS, *also):
            if self.data.get(name):
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)


def filter_of(query: Mapping[str, str]) -> PlanFilter:
    """The filter that an address asks for."""
    return PlanFilter(
        search=query.get("q", "").strip()[:200],
        party=whole_number(query.get("party", "")),
        step=query.get("step", "") if query.get("step", "") in STEPS else "",
        **{field: query.get(name, "") in _ON for name, field in FLAGS.items()},
    )


def address_of(wanted: PlanFilter) -> dict[str, str]:
    """What of an address gives this filter."""
    found = {"q": wanted.search, "party": str(wanted.party or ""), "step": wanted.step}
    found |= {name: "1" for name, field in FLAGS.items() if getattr(wanted, field)}
    return {name: value for name, value in found.items() if value}
