import re
from typing import Any

from django import forms

from nok_portal.common.text import fold_spaces
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.forms.days import DayInput
from plans.enums import PlanKind
from plans.facts import FIRST_YEAR, LAST_YEAR, LONGEST_PERIOD

_YEARS = re.compile(r"(20\d\d)(?:\s*[-–—]\s*(20\d\d))?")


class YearsField(forms.CharField):
    """'2026, 2028' or '2026–2028' → [2026, …]."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        if not text:
            return []
        years: set[int] = set()
        for first, last in _YEARS.findall(text):
            years.update(range(int(first), int(last or first) + 1))
        rest = _YEARS.sub("", text).strip(" ,;.и")
        if not years or re.search(r"\w", rest) or len(years) > LONGEST_PERIOD:
            raise forms.ValidationError("Перечислите годы через запятую, например: 2026, 2027, 2028.")
        return sorted(years)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else ", ".join(map(str, value or []))


class PeriodForm(forms.Form):
    """For which time a plan is made."""

    period_from = forms.DateField(label="Начало периода", widget=DayInput())
    period_to = forms.DateField(label="Конец периода", widget=DayInput())
    assessment_years = YearsField(
        label="Годы оценки",
        required=False,
        help_text="Годы, в которые проводится оценка, через запятую. От них считаются сроки «в год проведения оценки».",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("period_from", "period_to"):
            if data.get(name) and not FIRST_YEAR <= data[name].year <= LAST_YEAR:
                self.add_error(name, f"Год должен быть от {FIRST_YEAR} до {LAST_YEAR}. Проверьте, нет ли опечатки.")
        start, end = data.get("period_from"), data.get("period_to")  # without those just refused
        if start and end:
            if end < start:
                self.add_error("period_to", "Конец периода раньше начала. Поменяйте дни местами или исправьте год.")
            elif (end.year - start.year, end.month, end.day) >= (LONGEST_PERIOD, start.month, start.day):
                self.add_error("period_to", "Период длиннее десяти лет. Проверьте годы.")
        return data


class FactsForm(PeriodForm):
    """What a plan is as a whole."""

    field_order = ("title", "kind", "period_from", "period_to", "assessment_years", "spheres", "stamp")

    title = forms.CharField(
        label="Название плана", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
    kind = forms.ChoiceField(label="О чём план", choices=PlanKind.choices)
    spheres = forms.MultipleChoiceField(
        label="Сферы", choices=Sphere.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одну сферу, к которой относится план."},
    )  # fmt: skip
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_title(self) -> str:
        return fold_spaces(self.cleaned_data["title"])


class PlanFactsForm(FactsForm):
    """The facts of a plan that stands; `version` notices what somebody else changed meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)
