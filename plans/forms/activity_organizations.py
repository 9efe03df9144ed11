"""Organizations of a line while a person picks them: the state of the page is what it sends."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from nok_portal.common.text import whole_number
from plans.days.changes import Link

EVERY = "every"
_MOST = 500


@dataclass(frozen=True)
class Picked:
    """An organization that stands on the page, with the years ticked; none: every year."""

    organization: int
    years: tuple[int, ...] = ()

    @property
    def links(self) -> list[Link]:
        return [(self.organization, year) for year in self.years] or [(self.organization, None)]


class PickForm(forms.Form):
    """What to look for in the register, and under which year to add it."""

    q = forms.CharField(
        label="Найти в реестре",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Название, адрес или ИНН"}),
    )
    year = forms.ChoiceField(label="На какой год добавлять", required=False)

    def __init__(self, *args: object, years: Iterable[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(EVERY, "на каждый год плана"), *((str(year), f"на {year} год") for year in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    @property
    def adding(self) -> tuple[int, ...]:
        """The years that what is added gets."""
        year = self.cleaned_data.get("year", "") if self.is_valid() else ""
        return (int(year),) if year.isdigit() else ()


def picked_in(data: QueryDict, years: Collection[int]) -> list[Picked]:
    """The organizations that the page sent; what no page sends is passed over."""
    found: dict[int, Picked] = {}
    for text in data.getlist("organization")[:_MOST]:
        key = whole_number(text)
        if not key:
            continue
        said = data.getlist(f"year-{key}")
        ticked = tuple(sorted({year for one in said if (year := whole_number(one) or 0) in years}))
        found[key] = Picked(key, () if EVERY in said else ticked)
    return list(found.values())


def key_of_verb(verb: str) -> int:
    """'add-7' → 7."""
    return whole_number(verb.partition("-")[2]) or 0
