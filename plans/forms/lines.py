"""A line of a plan as people type it: in a document that is being checked, and in the plan."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from nok_portal.common.text import counted, figure_in_words, fold_spaces
from plans.lines.fields import OWN, WORDS, quantity_in_words
from plans.models import Activity, Section
from plans.services.editing import Assignment
from plans.table.limits_check import LONGEST_PARTY
from plans.table.steps import STEPS

NO_STEP = ("", "Не относится к шагам оценки")


class LineFields(forms.Form):
    """The words of a line: one party a line, so that they split and join with one key."""

    number = forms.CharField(label="Номер", required=False, max_length=30)
    # required too; all labels alike would otherwise say «необязательно»
    title = forms.CharField(label="Мероприятие", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    deadline_text = forms.CharField(
        label="Срок словами", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.CharField(
        label="Исполнители",
        required=False,
        help_text="Каждый на своей строке: так их можно разделить, объединить или переименовать.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected_result = forms.CharField(
        label="Ожидаемый результат", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    step = forms.ChoiceField(label="Шаг оценки", required=False, choices=[NO_STEP, *STEPS.items()])

    def clean_title(self) -> str:
        title = fold_spaces(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Напишите, что нужно сделать, или удалите строку.")
        return title

    def clean_number(self) -> str:
        return fold_spaces(self.cleaned_data["number"]).rstrip(".")

    def clean_deadline_text(self) -> str:
        return fold_spaces(self.cleaned_data["deadline_text"])

    def clean_expected_result(self) -> str:
        return fold_spaces(self.cleaned_data["expected_result"])

    def clean_responsible(self) -> tuple[str, ...]:
        return names_in(self.cleaned_data["responsible"])


class ActivityForm(LineFields):
    """A line of a plan: what it says and what the portal adds.

    The fields carry what they were filled with, so that only what a person changed is sent to the service. Of an
    approved plan only what the portal adds may be changed.
    """

    planned_quantity = forms.DecimalField(
        label="Сколько запланировано",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )
    quantity_unit = forms.CharField(
        label="Чего", required=False, max_length=60, help_text="В родительном падеже: «организаций», «встреч»."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, words: bool = True, is_new: bool = False, **kwargs: Any) -> None:
        """`words`: they may be changed; `is_new`: the line is not in the plan yet, so the number is to come."""
        super().__init__(*args, **kwargs)
        for name in (*(() if words else WORDS), *(("number",) if is_new else ())):
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version" and not is_new
        if not self.is_bound:
            self.fields["title" if words else "step"].widget.attrs["data-focus"] = ""

    def clean_planned_quantity(self) -> Decimal | None:
        quantity: Decimal | None = self.cleaned_data["planned_quantity"]
        return quantity

    def clean_quantity_unit(self) -> str:
        return fold_spaces(self.cleaned_data["quantity_unit"])

    @property
    def hidden_initials(self) -> SafeString:
        """What the fields were filled with, to be sent back with them."""
        kept = (self[name] for name, field in self.fields.items() if field.show_hidden_initial)
        return mark_safe("".join(field.as_hidden(only_initial=True) for field in kept))  # noqa: S308 (made of widgets)

    @property
    def values(self) -> dict[str, Any]:
        """All fields, as the service and the journal have them."""
        found = {name: self.cleaned_data[name] for name in (*WORDS, *OWN) if name in self.cleaned_data}
        found["planned_quantity"] = quantity_in_words(found.get("planned_quantity"))
        return found

    @property
    def changes(self) -> dict[str, Any]:
        """What the person changed."""
        return {name: value for name, value in self.values.items() if name in self.changed_data}

    @property
    def seen(self) -> dict[str, Any]:
        """What the fields were filled with, as far as the page tells."""
        found = {}
        for name in self.fields:
            if name != "version":
                hidden = self.fields[name].hidden_widget()
                value = hidden.value_from_datadict(self.data, self.files, self.add_initial_prefix(name))
                found[name] = _as_value(name, value or "")
        return found


def filled_with(activity: Activity, parties: Iterable[str]) -> dict[str, Any]:
    """What the fields of an ActivityForm begin with."""
    return {
        **{name: getattr(activity, name) for name in (*WORDS, *OWN) if name != "responsible"},
        "responsible": "\n".join(parties),
        "planned_quantity": figure_in_words(activity.planned_quantity),
        "version": activity.version,
    }


def _as_value(name: str, text: str) -> Any:
    match name:
        case "responsible":
            return [line for one in text.splitlines() if (line := fold_spaces(one))]
        case "planned_quantity":
            return text.replace(",", ".") or None
        case _:
            return text.strip()


def names_in(text: str) -> tuple[str, ...]:
    """Parties as they are typed, each on a line of its own."""
    names = [fold_spaces(name) for name in text.splitlines()]
    names = list(dict.fromkeys(name for name in names if name))
    if any(len(name) > LONGEST_PARTY for name in names):
        raise forms.ValidationError(
            f"Название исполнителя длиннее {counted(LONGEST_PARTY, 'знака', 'знаков', 'знаков')}."
            " Разделите исполнителей по строкам."
        )
    return tuple(names)


class SectionHeadForm(forms.Form):
    """The heading of a section of a plan."""

    number = forms.CharField(
        label="Номер", required=False, max_length=30, widget=forms.TextInput(attrs={"class": "short"})
    )
    title = forms.CharField(
        label="Раздел", max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["number"]

    def clean_title(self) -> str:
        return fold_spaces(self.cleaned_data["title"])

    def clean_number(self) -> str:
        return fold_spaces(self.cleaned_data["number"]).rstrip(".")


class PlaceForm(forms.Form):
    """Where a line is to stand: a section, and a row of it behind which, or the first."""

    section = forms.TypedChoiceField(label="Раздел", required=False, coerce=int, empty_value=None)
    above = forms.TypedChoiceField(label="После строки", required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        *args: Any,
        sections: Sequence[Section],
        rows: Mapping[int | None, Sequence[tuple[int, str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        outside = [("", "Вне разделов")] if rows.get(None) or not sections else []
        self.fields["section"].choices = [*outside, *((one.pk, str(one)) for one in sections)]  # type: ignore[attr-defined]
        groups = [(str(one), list(rows.get(one.pk, ()))) for one in sections]
        self.fields["above"].choices = [("", "Первой в разделе"), *rows.get(None, ()), *groups]  # type: ignore[attr-defined]


class SeveralForm(forms.Form):
    """What is to become of the lines that were marked."""

    row = forms.TypedMultipleChoiceField(coerce=int, required=False)
    how = forms.ChoiceField(
        label="Что сделать",
        choices=[
            (Assignment.ADD, "Добавить исполнителя"),
            (Assignment.REPLACE, "Заменить всех исполнителей на"),
            (Assignment.REMOVE, "Убрать исполнителя"),
        ],
        required=False,
    )
    party = forms.CharField(label="Исполнитель", required=False, max_length=LONGEST_PARTY)
    step = forms.ChoiceField(label="Шаг оценки", required=False, choices=[NO_STEP, *STEPS.items()])
    do = forms.ChoiceField(choices=[("parties", "Назначить"), ("step", "Указать шаг")])

    def __init__(self, *args: Any, keys: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("do") == "parties" and not fold_spaces(data.get("party", "")):
            self.add_error("party", "Напишите, кого назначить или убрать.")
        return data
