from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from nok_portal.common.text import figure_in_words, fold_spaces
from plans.enums import TargetMeasure, TargetUnit
from plans.facts import FIRST_YEAR, LAST_YEAR
from plans.models import Plan, TargetIndicator
from plans.selectors.targets import TargetView
from plans.services.targets import Reached


class FigureField(forms.DecimalField):
    """A figure as people write it: «66,7», «1 250», «40 %»."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_digits=14,
            decimal_places=3,
            error_messages={
                "invalid": "Впишите число, например 66,7.",
                "min_value": "Число не может быть меньше нуля.",
                "max_decimal_places": "Не больше трёх знаков после запятой.",
                "max_digits": "Слишком большое число. Проверьте, нет ли лишних цифр.",
                "max_whole_digits": "Слишком большое число. Проверьте, нет ли лишних цифр.",
            },
            **options,
        )
        self.widget.attrs |= {"inputmode": "decimal", "class": "short", "maxlength": 20}

    def to_python(self, value: Any) -> Any:
        text = value
        if isinstance(value, str):
            text = "".join(value.split()).removesuffix("%").replace(",", ".")
        return super().to_python(text)

    def prepare_value(self, value: Any) -> Any:
        return figure_in_words(value) if isinstance(value, Decimal) else value


class ActualsForm(forms.Form):
    """What was reached, by year. Only what the person changed counts: another year may be somebody else's by now."""

    measure = forms.ChoiceField(
        label="Как считается факт",
        required=False,
        choices=[
            (TargetMeasure.BY_HAND.value, "Вносится вручную"),
            (
                TargetMeasure.ORGANIZATIONS_ASSESSED.value,
                "Считает портал: организации, по которым приняты отчёты об оценке",
            ),
        ],
        help_text="Внесённое вручную всегда важнее: портал заполнит только пустые годы.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, view: TargetView, measure_is_fixed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view, self.measure_is_fixed = view, measure_is_fixed  # why, where it is
        if measure_is_fixed:
            del self.fields["measure"]
        for one in view.years:
            row = one.row
            if row.year == view.indicator.base_year:
                continue
            self.fields[f"actual_{row.year}"] = FigureField(
                label=f"Факт, {row.year} год", required=False, initial=row.actual
            )
            self.fields[f"note_{row.year}"] = forms.CharField(
                label=f"Пояснение, {row.year} год", required=False, max_length=1000, initial=row.note
            )
            for name, held in (("actual", figure_in_words(row.actual)), ("note", row.note)):
                self.fields[f"was_{name}_{row.year}"] = forms.CharField(
                    required=False, initial=held, widget=forms.HiddenInput
                )
        if not measure_is_fixed:
            self.fields["was_measure"] = forms.CharField(
                required=False, initial=view.indicator.measure, widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        """A page that was opened while it could still be changed sends it."""
        sent = [self.data.get(name, "") for name in ("measure", "was_measure")]
        if self.measure_is_fixed and sent[0] != sent[1]:
            self.add_error(None, self.measure_is_fixed)
        return self.cleaned_data

    @property
    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """(year, field of the figure, field of the note) for each year that can be filled in."""
        for one in self.view.years:
            if f"actual_{one.row.year}" in self.fields:
                yield one, self[f"actual_{one.row.year}"], self[f"note_{one.row.year}"]

    @property
    def reached(self) -> dict[int, Reached]:
        """The years that the person changed."""
        data, found = self.cleaned_data, {}
        for one in self.view.years:
            year = one.row.year
            if f"actual_{year}" not in self.fields:
                continue
            actual, note = data[f"actual_{year}"], fold_spaces(data[f"note_{year}"])
            was = (data[f"was_actual_{year}"], fold_spaces(data[f"was_note_{year}"]))
            if (figure_in_words(actual), note) != was:
                found[year] = Reached(actual, note)
        return found

    @property
    def measure_is_changed(self) -> bool:
        return bool(self.cleaned_data.get("measure") != self.cleaned_data.get("was_measure"))


class IndicatorForm(forms.Form):
    """What a draft promises: the words of an indicator and a figure for each year, blank where there is none."""

    title = forms.CharField(label="Показатель", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    unit = forms.ChoiceField(label="Единица", choices=[("count", "количество"), ("percent", "проценты")])
    is_cumulative = forms.BooleanField(
        label="Нарастающим итогом", required=False, help_text="Каждый год включает все предыдущие."
    )
    base_year = forms.IntegerField(
        label="Базовый год",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text="Год, от которого отсчитывают: его цифра отчётная, а не обещанная.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: Plan, indicator: TargetIndicator | None = None, **kwargs: Any) -> None:
        held = {value.year: value.planned for value in indicator.values.all()} if indicator else {}
        if indicator:
            names = ("title", "unit", "is_cumulative", "base_year", "version")
            kwargs["initial"] = {name: getattr(indicator, name) for name in names}
        super().__init__(*args, **kwargs)
        self.years = sorted({*held, *range(plan.period_from.year - 1, plan.period_to.year + 1)})
        for year in self.years:
            self.fields[f"planned_{year}"] = FigureField(label=f"{year} год", required=False, initial=held.get(year))

    @property
    def year_fields(self) -> list[Any]:
        return [self[f"planned_{year}"] for year in self.years]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.planned:
            raise forms.ValidationError("Впишите цифру хотя бы для одного года.")
        base = data.get("base_year")
        if base is not None and not self.errors and base not in self.planned:
            self.add_error("base_year", "У базового года должна быть цифра. Впишите её или уберите год.")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("title", "is_cumulative", "base_year")},
            "unit": TargetUnit(data["unit"]),
        }

    @property
    def planned(self) -> dict[int, Decimal]:
        figures = {year: self.cleaned_data.get(f"planned_{year}") for year in self.years}
        return {year: value for year, value in figures.items() if value is not None}
