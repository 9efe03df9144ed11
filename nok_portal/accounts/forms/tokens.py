"""What a person says of a new key for programs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nok_portal.tenants.models import Municipality, Region

from ..services.tokens import LIFETIMES, READABLE


class TokenForm(forms.Form):
    """A name, a place of work, what the key opens and for how long."""

    name = forms.CharField(
        label="Для чего ключ", max_length=100, help_text="Например: выгрузка сроков в электронную таблицу"
    )
    place = forms.ChoiceField(label="Место работы", error_messages={"required": "Выберите место работы."})
    rights = forms.MultipleChoiceField(
        label="Что открывает",
        choices=[(right.value, right.label) for right in READABLE],
        initial=[right.value for right in READABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Ключ только читает и никогда не открывает больше, чем открыто вам.",
        error_messages={"required": "Отметьте хотя бы одно."},
    )
    days = forms.TypedChoiceField(
        label="Срок действия", coerce=int, choices=list(LIFETIMES.items()), initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, places: Sequence[Municipality | Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"{type(place).__name__.lower()}-{place.pk}": place for place in places}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, place.name) for key, place in self.places.items()]
        if len(self.places) == 1:
            field.initial = next(iter(self.places))

    def clean_place(self) -> Municipality | Region:
        return self.places[self.cleaned_data["place"]]
