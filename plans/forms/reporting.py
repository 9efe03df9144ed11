"""What people type about a due date: the report, its evidence, a decision with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from nok_portal.common.text import figure_in_words, whole_number
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.forms.days import DayInput
from nok_portal.tenants.models import LegalAct
from plans.models import DueDate
from plans.selectors.due_list import DueSort
from plans.services.report_steps import LONGEST_REASON, LONGEST_TEXT, DoneBeforePeriod, Report

MOST_AT_ONCE = 200


class ReportForm(forms.Form):
    """What was done, when, and how much where the line plans a quantity."""

    done_on = forms.DateField(
        label="День исполнения", widget=DayInput(css="short"), error_messages={"required": "Укажите день исполнения."}
    )
    before_period = forms.BooleanField(label="Сделано до начала плана, день верный", required=False)
    quantity = forms.DecimalField(
        label="Сколько сделано",
        max_digits=14,
        decimal_places=3,
        min_value=0,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
    )
    report_text = forms.CharField(
        label="Что сделано",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Два-три предложения: что сделано и где это видно.",
        error_messages={"required": "Напишите, что сделано."},
    )

    def __init__(self, *args: Any, due: DueDate, is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins = due.activity.plan.period_from
        planned = due.activity.planned_quantity
        if planned is None:
            del self.fields["quantity"]
        else:
            unit = due.activity.quantity_unit
            self.fields["quantity"].label = f"Сколько {unit}" if unit else "Сколько сделано"
            self.fields["quantity"].help_text = f"По плану {figure_in_words(planned)}"
            self.fields["quantity"].error_messages["required"] = "Укажите, сколько сделано."
        if is_draft:
            for field in self.fields.values():
                field.required = False

    @property
    def asks_before_period(self) -> bool:
        """The question whether so early a day is meant, put only where there is one."""
        return _is_before(self["done_on"].value(), self.begins)

    @property
    def report(self) -> Report:
        """What a valid form says."""
        data = self.cleaned_data
        return Report(
            text=data.get("report_text", ""),
            done_on=data.get("done_on"),
            quantity=data.get("quantity"),
            before_period=data.get("before_period", False),
        )


class ReportManyForm(forms.Form):
    """One report for several due dates; a quantity for each whose line plans one."""

    done_on = ReportForm.base_fields["done_on"]
    before_period = ReportForm.base_fields["before_period"]
    report_text = ReportForm.base_fields["report_text"]

    def __init__(self, *args: Any, dues: Sequence[DueDate], is_checked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins = max((due.activity.plan.period_from for due in dues), default=date.min)
        self.quantified = [due for due in dues if due.activity.planned_quantity is not None]
        for due in self.quantified:
            self.fields[f"quantity_{due.pk}"] = forms.DecimalField(
                label=f"{due.activity}, {due.label or due.window_to}",
                max_digits=14,
                decimal_places=3,
                min_value=0,
                localize=True,
                help_text=f"По плану {figure_in_words(due.activity.planned_quantity)} {due.activity.quantity_unit}".strip(),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
                error_messages={"required": "Укажите, сколько сделано."},
            )
        if not is_checked:
            for field in self.fields.values():
                field.required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("done_on") and data["done_on"] < self.begins and not data.get("before_period"):
            self.add_error("done_on", str(DoneBeforePeriod(self.begins)))
        return data

    @property
    def asks_before_period(self) -> bool:
        return _is_before(self["done_on"].value(), self.begins)

    @property
    def quantity_fields(self) -> list[forms.BoundField]:
        return [self[f"quantity_{due.pk}"] for due in self.quantified]

    @property
    def report(self) -> Report:
        data = self.cleaned_data
        return Report(data["report_text"], data["done_on"], before_period=data["before_period"])

    @property
    def quantities(self) -> dict[int, Decimal | None]:
        return {due.pk: self.cleaned_data[f"quantity_{due.pk}"] for due in self.quantified}


class DuesFilterForm(forms.Form):
    """Which due dates the list shows; what makes no sense in the address is left out, never an error."""

    q = forms.CharField(
        label="Найти срок",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Номер, мероприятие, исполнитель"}),
    )
    show = forms.ChoiceField(choices=DueSort.choices, required=False, widget=forms.HiddenInput)

    @property
    def sort(self) -> DueSort:
        self.is_valid()
        return DueSort(self.cleaned_data.get("show") or DueSort.MINE)

    @property
    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("q", "")

    @property
    def kept(self) -> dict[str, str]:
        """What another sort keeps of the address."""
        return {"q": self.words} if self.words else {}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is looked at by the service, so that one that is refused keeps no other out."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class EvidenceForm(forms.Form):
    """Files, the address of a page, an act of the register or a new one: whatever of these was filled in."""

    uploads = FilesField(label="Файлы", required=False)
    link_url = forms.CharField(
        label="Адрес страницы",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    link_title = forms.CharField(label="Что там видно", required=False, max_length=500)
    legal_act = forms.ModelChoiceField(
        label="Акт из реестра", queryset=LegalAct.objects.none(), required=False, empty_label="Выберите акт"
    )
    act_kind = forms.ChoiceField(label="Вид акта", required=False, choices=[("", "Выберите вид"), *ActKind.choices])
    act_number = forms.CharField(label="Номер", required=False, max_length=50)
    act_adopted_on = forms.DateField(label="Дата", required=False, widget=DayInput())

    def __init__(self, *args: Any, acts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_act"].queryset = acts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.has_new_act:
            for name, words in (
                ("act_kind", "Выберите вид акта."),
                ("act_number", "Впишите номер акта. Если его нет, напишите «б/н»."),
                ("act_adopted_on", "Укажите дату акта."),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        elif data.get("link_title") and not data.get("link_url"):
            self.add_error("link_url", "Укажите адрес страницы.")
        return data

    @property
    def has_new_act(self) -> bool:
        """Whether a new act was begun; its kind alone is no beginning."""
        return bool(self["act_number"].value() or self["act_adopted_on"].value())

    @property
    def new_act(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"kind": data["act_kind"], "number": data["act_number"], "adopted_on": data["act_adopted_on"]}


class DecisionForm(forms.Form):
    """What is said with a decision."""

    reason = forms.CharField(
        label="Замечание",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Обязательно, если отчёт возвращается: это увидит тот, кто отчитался.",
    )


def as_typed(form: type[forms.Form], data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into the fields of a form, to be shown again without being judged."""
    return {name: value for name, value in data.items() if name in form.base_fields or name.startswith("quantity_")}


def version_of(data: Mapping[str, Any]) -> int:
    """The version that a person has seen; 0 for what no page sends."""
    return whole_number(str(data.get("version", ""))) or 0


def chosen(values: Iterable[str]) -> dict[int, int]:
    """Which due dates were chosen, each with the version seen (0: none sent): '17' or '17:3'; nonsense is left out."""
    found: dict[int, int] = {}
    for value in values:
        key, _, version = value.partition(":")
        numbers = whole_number(key), whole_number(version or "0")
        if numbers[0] is not None and numbers[1] is not None:
            found.setdefault(numbers[0], numbers[1])
        if len(found) == MOST_AT_ONCE:
            break
    return found


def _is_before(typed: Any, begins: date) -> bool:
    if isinstance(typed, str):
        try:
            typed = date.fromisoformat(typed)
        except ValueError:
            return False
    return isinstance(typed, date) and typed < begins
