"""What happened and when."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nok_portal.common.text import fold_spaces
from nok_portal.tenants.forms.days import DayInput

OTHER = "other"
LONGEST = 500


class EventForm(forms.Form):
    """An event that terms wait for, or one in a person's own words, with its day."""

    words = forms.ChoiceField(
        label="Что произошло", widget=forms.RadioSelect, error_messages={"required": "Выберите, что произошло."}
    )
    own = forms.CharField(
        label="Другое событие своими словами",
        max_length=LONGEST,
        required=False,
        help_text="Как в сроках плана, например: заключение контракта с оператором.",
    )
    happened_on = forms.DateField(
        label="Когда произошло", widget=DayInput(), error_messages={"required": "Укажите день."}
    )

    def __init__(self, *args: Any, known: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        choices = [*((words, f"{words[:1].upper()}{words[1:]}") for words in known), (OTHER, "Другое событие")]
        field.choices = choices  # type: ignore[attr-defined]
        if not known:
            self.initial.setdefault("words", OTHER)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("words") == OTHER:
            data["words"] = fold_spaces(data.get("own", ""))
            if not data["words"] and "own" not in self.errors:
                self.add_error("own", "Напишите, что произошло.")
        return data


class EventDayForm(forms.Form):
    """Another day of a recorded event; `was` notices what somebody else corrected meanwhile."""

    happened_on = forms.DateField(
        label="Когда произошло", widget=DayInput(), error_messages={"required": "Укажите день."}
    )
    was = forms.DateField(widget=forms.HiddenInput())


class RemoveEventForm(forms.Form):
    """Why a record of an event is taken back."""

    reason = forms.CharField(label="Почему", max_length=500, required=False)
    was = forms.DateField(widget=forms.HiddenInput())
