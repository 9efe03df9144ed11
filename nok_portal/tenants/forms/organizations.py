"""What people type about organizations."""

from datetime import date
from typing import Any

from django import forms

from ..enums import Sphere
from ..models import Municipality, Organization
from ..register.cells import MOST_RECIPIENTS
from ..register.inn import inn_problem
from ..register.matching import FIELDS as FACTS
from ..selectors.organizations import OrganizationFilter, organization_types
from ..services.organizations import facts_of
from .days import DayInput

STATES = [("active", "действуют"), ("closed", "закрыты"), ("all", "все")]


class OrganizationFilterForm(forms.Form):
    """Search and filters of the list; what makes no sense in the address is left out, never an error."""

    q = forms.CharField(
        label="Найти организацию",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Название, ИНН, адрес"}),
    )
    sphere = forms.ChoiceField(label="Сфера", required=False, choices=[("", "Все сферы"), *Sphere.choices])
    type = forms.ChoiceField(label="Тип", required=False)
    state = forms.ChoiceField(required=False, choices=STATES, widget=forms.HiddenInput)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [("", "Все типы"), *((name, name) for name in organization_types(municipality))]
        self.fields["type"].choices = types  # type: ignore[attr-defined]

    @property
    def wanted(self) -> OrganizationFilter:
        self.is_valid()
        return OrganizationFilter(
            words=self.cleaned_data.get("q", ""),
            sphere=self.cleaned_data.get("sphere", ""),
            organization_type=self.cleaned_data.get("type", ""),
            state=self.cleaned_data.get("state") or "active",
        )


class OrganizationForm(forms.ModelForm):
    """The facts of one organization. `version` is the one that the person opened."""

    site = forms.URLField(label="Сайт", required=False, max_length=300, assume_scheme="https")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Organization
        fields = (
            "name",
            "short_name",
            "inn",
            "sphere",
            "organization_type",
            "founder",
            "address",
            "site",
            "head_post",
            "head_name",
            "recipients_last_year",
            "active_from",
        )
        widgets = {
            "name": forms.Textarea(attrs={"rows": 2}),
            "inn": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 20, "class": "short"}),
            "organization_type": forms.TextInput(attrs={"list": "organization-types"}),
            "recipients_last_year": forms.NumberInput(attrs={"class": "short", "min": 0}),
            "active_from": DayInput(),
        }
        error_messages = {
            "name": {"required": "Впишите полное название."},
            "sphere": {"required": "Выберите сферу."},
        }
        help_texts = {
            "name": "Как в уставе.",
            "short_name": "Так организация называется в списках. Если оставить пустым, портал сократит полное.",
            "organization_type": "Например: библиотека, детский сад.",
            "recipients_last_year": "Сколько человек получили услуги. Нужно, чтобы посчитать объём опроса.",
        }

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = organization_types(municipality)
        self.fields["short_name"].required = False
        self.fields["sphere"].choices = [("", "Выберите сферу"), *Sphere.choices]  # type: ignore[attr-defined]
        self.fields["recipients_last_year"].max_value = MOST_RECIPIENTS  # type: ignore[attr-defined]
        for field in self.fields.values():
            if field.label:
                field.label = field.label[0].upper() + field.label[1:]

    def clean_inn(self) -> str:
        inn = "".join(self.cleaned_data["inn"].split())
        if inn and (problem := inn_problem(inn)):
            raise forms.ValidationError(problem)
        return inn

    def clean_recipients_last_year(self) -> int | None:
        amount = self.cleaned_data["recipients_last_year"]
        if amount is not None and amount > MOST_RECIPIENTS:
            raise forms.ValidationError("Слишком большое число. Проверьте, нет ли лишних цифр.")
        return amount

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}

    @staticmethod
    def initial_of(organization: Organization) -> dict[str, Any]:
        return {**facts_of(organization), "version": organization.version}


class CloseForm(forms.Form):
    """The last day of an organization's work."""

    last_day = forms.DateField(
        label="Последний день работы",
        widget=DayInput(),
        help_text="Можно указать будущий: до него организация действует.",
    )
    reason = forms.CharField(
        label="Причина",
        required=False,
        max_length=500,
        help_text="Например: присоединена к другой, постановление № 12.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_last_day(self) -> date:
        day = self.cleaned_data["last_day"]
        if not 1900 <= day.year <= 2100:
            raise forms.ValidationError(f"Год {day.year} похож на опечатку. Проверьте.")
        return day


class VersionForm(forms.Form):
    """A button that stands for what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ImportForm(forms.Form):
    """A list of organizations from Excel."""

    file = forms.FileField(
        label="Список организаций",
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={"required": "Выберите файл .xlsx.", "empty": "Файл пустой. Проверьте, тот ли файл выбран."},
        help_text="Книга Excel (.xlsx), до 5 000 строк и 10 МБ. Столбцы в любом порядке.",
    )
    sphere = forms.ChoiceField(
        label="Сфера",
        required=False,
        choices=[("", "Указана в файле"), *Sphere.choices],
        help_text="Для строк, где сфера не указана.",
    )
