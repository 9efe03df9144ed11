"""What people type when a plan is approved, closed, copied or taken from the template."""

from datetime import date
from typing import Any

from django import forms

from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.forms.acts import ActChoiceForm
from plans.editions.template_plan import LENGTHS
from plans.facts import FIRST_YEAR, LAST_YEAR
from plans.forms.facts import PeriodForm

_LENGTH_NAMES = {1: "на один год", 3: "на три года"}


class ApprovalForm(ActChoiceForm):
    """By which act the plan is approved; `version` is the plan's that the person saw."""


class ReasonForm(forms.Form):
    """A reason that the plan's history keeps."""

    reason = forms.CharField(
        label="Причина",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите причину: она останется в истории плана."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CopyForm(PeriodForm):
    """For which period the plan is copied, and which of its words stay; `shown_by` is what the table was made for."""

    VALUES = (("", "Оставить пустыми: значения внесёте сами"), ("copy", "Перенести, как в этом плане"))

    values = forms.ChoiceField(
        label="Плановые значения показателей", choices=VALUES, required=False, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    shown_by = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("period_from", "period_to", "assessment_years", "values")


class SampleForm(forms.Form):
    """Which template plan is wanted."""

    spheres = forms.MultipleChoiceField(
        label="Сферы",
        choices=Sphere.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одну сферу, к которой относится план."},
    )
    first_year = forms.TypedChoiceField(label="Первый год оценки", coerce=int)
    years = forms.TypedChoiceField(
        label="На какой срок",
        coerce=int,
        choices=[(length, _LENGTH_NAMES[length]) for length in LENGTHS],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = range(max(FIRST_YEAR, today.year - 1), min(LAST_YEAR, today.year + 4))
        self.fields["first_year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


def usual_sample(today: date, spheres: list[str]) -> dict[str, Any]:
    """Sensible defaults: three years from this one, late in the year from the next; the spheres of the register."""
    return {
        "first_year": today.year + (today.month >= 10),
        "years": 3,
        "spheres": spheres or list(Sphere.values),
    }
