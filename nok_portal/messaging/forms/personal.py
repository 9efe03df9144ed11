"""What a person says of their own reminders."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget

from nok_portal.common.text import WEEKDAYS
from nok_portal.tenants.forms.days import DayInput

from ..kinds import Kind, all_kinds
from ..models import PersonalReminders
from ..people import Contact
from ..services.settings import PersonalWishes

DAY = DayInput()


class PersonalForm(forms.Form):
    """Which kinds come by letter, how often, and who stands in during a pause."""

    kinds = forms.MultipleChoiceField(
        label="О чём присылать письма",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekday = forms.TypedChoiceField(
        label="Как часто",
        choices=[
            ("", "Каждый рабочий день, если есть о чём"),
            *((str(n), f"Раз в неделю: {WEEKDAYS[n]}") for n in range(5)),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=(
            "Одно письмо обо всём. Выпал выбранный день на выходной — письмо придёт в следующий рабочий. Если между"
            " письмами вам поручат дело, срок которого наступит не позже следующего письма, портал напомнит о нём в"
            " ближайший рабочий день."
        ),
    )
    paused_from = forms.DateField(label="Перерыв с", required=False, widget=DAY)
    paused_to = forms.DateField(label="Перерыв по", required=False, widget=DAY)
    deputy = forms.TypedChoiceField(
        label="Кто замещает",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Если и он в это время в перерыве, напоминания получит администратор.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: PersonalReminders, deputies: Sequence[Contact]) -> None:
        declinable = [kind for kind in all_kinds() if kind.is_declinable]
        initial = {
            "kinds": [kind.key for kind in declinable if kind.key not in row.kinds_off],
            "weekday": "" if row.weekday is None else str(row.weekday),
            "paused_from": row.paused_from,
            "paused_to": row.paused_to,
            "deputy": row.deputy_id,
            "version": row.version,
        }
        super().__init__(data, initial=initial)
        kinds, deputy = self.fields["kinds"], self.fields["deputy"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(deputy, forms.ChoiceField)
        kinds.choices = [(kind.key, kind.title) for kind in declinable]
        deputy.choices = [("", "Никто"), *((one.user_id, one.name) for one in deputies)]

    def kinds_with_words(self) -> Iterator[tuple[BoundWidget, Kind]]:
        """Each box with what its kind means."""
        return zip(self["kinds"], [kind for kind in all_kinds() if kind.is_declinable], strict=True)

    @property
    def wishes(self) -> PersonalWishes:
        said = self.cleaned_data
        return PersonalWishes(
            kinds_off=tuple(kind.key for kind in all_kinds() if kind.is_declinable and kind.key not in said["kinds"]),
            weekday=said["weekday"],
            paused_from=said["paused_from"],
            paused_to=said["paused_to"],
            deputy_id=said["deputy"],
        )
