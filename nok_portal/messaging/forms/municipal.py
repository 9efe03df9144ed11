"""How a municipality reminds, as an administrator types it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget

from nok_portal.common.text import fold_spaces

from ..kinds import Kind, all_kinds
from ..models import ReminderSettings
from ..models.settings import LONGEST_OPENING
from ..people import Staff
from ..reminding import Thresholds
from ..services.settings import MunicipalWishes
from ..typed_days import FARTHEST, DaysNotRead, read_days, write_days


class DaysField(forms.CharField):
    """Days as people type them; nothing typed means none."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, max_length=200, **facts)

    def clean(self, value: Any) -> tuple[int, ...]:
        try:
            return read_days(super().clean(value))
        except DaysNotRead as problem:
            raise ValidationError(str(problem)) from problem


class MunicipalForm(forms.Form):
    """Thresholds, hour, opening line, kinds, and who hears of long lateness; without data what is saved, so that what
    it comes to is known at once."""

    before = DaysField(
        label="За сколько дней до срока", help_text="Числа в любом порядке. Пусто: заранее не напоминать."
    )
    after = DaysField(
        label="Через сколько дней после срока",
        help_text="Пока отчёта нет. В сам день срока портал напоминает отдельно.",
    )
    every = forms.IntegerField(
        label="Затем каждые, дней",
        min_value=0,
        max_value=FARTHEST,
        required=False,
        help_text="Пусто или 0: больше не напоминать.",
        error_messages={
            "invalid": "Напишите целое число дней, например 14.",
            "min_value": "Меньше нуля быть не может. Чтобы больше не напоминать, оставьте поле пустым.",
            "max_value": f"Это больше года. Самое большее {FARTHEST}.",
        },
    )
    hour = forms.TypedChoiceField(
        label="В котором часу писать",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(hour, f"{hour}:00") for hour in range(24)],
    )
    opening = forms.CharField(
        label="Вступление",
        required=False,
        max_length=LONGEST_OPENING,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Одна-две фразы муниципалитета: стоят в каждом письме сразу после обращения. Например, кому звонить с вопросами.",
    )
    kinds = forms.MultipleChoiceField(label="О чём напоминать", required=False, widget=forms.CheckboxSelectMultiple)
    escalate_after = forms.IntegerField(
        label="Через сколько рабочих дней просрочки",
        min_value=1,
        max_value=FARTHEST,
        required=False,
        error_messages={
            "invalid": "Напишите целое число рабочих дней, например 5.",
            "min_value": "Самое меньшее 1: раньше дня срока просрочки нет.",
            "max_value": f"Самое большее {FARTHEST}.",
        },
    )
    people = forms.TypedMultipleChoiceField(
        label="Кому ещё",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Выберите человека, который работает в этом муниципалитете."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, row: ReminderSettings, escalation: list[int], staff: Staff
    ) -> None:
        saved = {
            "before": write_days(row.before, falling=True),
            "after": write_days(row.after),
            "every": row.every or None,
            "hour": row.hour,
            "opening": row.opening,
            "kinds": [kind.key for kind in all_kinds() if kind.key not in row.kinds_off],
            "escalate_after": row.escalate_after,
            "people": escalation,
            "version": row.version,
        }
        super().__init__(saved if data is None else data)
        zone = row.municipality.get_time_zone_display()
        self.fields["hour"].help_text = f"По рабочим дням. Часовой пояс: {zone}."
        for name in ("before", "after", "every", "escalate_after"):
            self.fields[name].widget.attrs |= {"class": "short", "autocomplete": "off"}
        names = sorted((one.name, one.user_id) for one in staff.people.values())
        _choose(self.fields["people"], [(user_id, name) for name, user_id in names])
        _choose(self.fields["kinds"], [(kind.key, kind.title) for kind in all_kinds()])

    def kinds_with_words(self) -> Iterator[tuple[BoundWidget, Kind]]:
        """Each box with what its kind means."""
        return zip(self["kinds"], all_kinds(), strict=True)

    def clean_hour(self) -> int:
        return _given(self.cleaned_data["hour"], "Выберите час.")

    def clean_escalate_after(self) -> int:
        return _given(self.cleaned_data["escalate_after"], "Напишите число рабочих дней, например 5.")

    def clean_opening(self) -> str:
        return fold_spaces(self.cleaned_data["opening"])

    @property
    def kinds_off(self) -> tuple[str, ...]:
        return tuple(kind.key for kind in all_kinds() if kind.key not in self.cleaned_data.get("kinds", ()))

    @property
    def thresholds(self) -> Thresholds | None:
        """None while they cannot be read."""
        said = self.cleaned_data
        if not {"before", "after", "every", "escalate_after"} <= said.keys():
            return None
        return Thresholds(said["before"], said["after"], said["every"] or 0)

    @property
    def wishes(self) -> MunicipalWishes:
        said = self.cleaned_data
        return MunicipalWishes(
            before=said["before"],
            after=said["after"],
            every=said["every"] or 0,
            hour=said["hour"],
            escalate_after=said["escalate_after"],
            opening=said["opening"],
            kinds_off=self.kinds_off,
        )


def _given(value: int | None, otherwise: str) -> int:
    """Neither field may be empty; they are not called required, or every other would be marked as optional."""
    if value is None:
        raise ValidationError(otherwise)
    return value


def _choose(field: forms.Field, choices: list[tuple[Any, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
