"""What people type about legal acts, on their own page and where one is needed."""

from typing import Any

from django import forms

from nok_portal.common.text import fold_spaces

from ..enums import ActKind
from ..models import LegalAct, Municipality
from ..selectors.acts import ActFilter, acts_for_list, issuers_of_acts, years_of_acts
from ..services.acts import FACTS, FILE_KINDS, NewAct, facts_of
from .days import DayInput

ACCEPT = ",".join(ending for kind in FILE_KINDS for ending in kind.endings)


class ActFilterForm(forms.Form):
    """Search and filters of the list; what makes no sense in the address is left out, never an error."""

    q = forms.CharField(
        label="Найти акт",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Номер, о чём, кто принял"}),
    )
    kind = forms.ChoiceField(label="Вид акта", required=False, choices=[("", "Все виды"), *ActKind.choices])
    year = forms.ChoiceField(label="Год", required=False)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [("", "Все годы"), *((str(year), str(year)) for year in years_of_acts(municipality))]
        self.fields["year"].choices = years  # type: ignore[attr-defined]

    @property
    def wanted(self) -> ActFilter:
        self.is_valid()
        data = self.cleaned_data
        return ActFilter(words=data.get("q", ""), kind=data.get("kind", ""), year=int(data.get("year") or 0))


class ActForm(forms.Form):
    """The facts of one act and its file. `version` is the one that the person opened."""

    kind = forms.ChoiceField(label="Вид акта", choices=ActKind.choices, initial=ActKind.DIRECTIVE)
    number = forms.CharField(
        label="Номер",
        max_length=50,
        widget=forms.TextInput(attrs={"class": "short"}),
        error_messages={"required": "Впишите номер акта. Если его нет, напишите «б/н»."},
    )
    adopted_on = forms.DateField(label="Дата", widget=DayInput(), error_messages={"required": "Укажите дату акта."})
    issuer = forms.CharField(
        label="Кто принял",
        max_length=300,
        required=False,
        help_text="В родительном падеже: администрации района. Так акт будет назван в документах.",
        widget=forms.TextInput(attrs={"list": "act-issuers"}),
    )
    title = forms.CharField(label="О чём", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(
        label="Файл акта",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Файл пустой. Проверьте, тот ли файл выбран."},
        help_text="Подписанный документ: PDF, скан или Word.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, municipality: Municipality, act: LegalAct | None = None
    ) -> None:
        initial = {**facts_of(act), "version": act.version} if act else {"issuer": _usual_issuer(municipality)}
        super().__init__(data, files, initial=initial)
        self.issuers = issuers_of_acts(municipality)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class ActChoiceForm(ActForm):
    """An act of the register, or a new one: then its number and date are needed."""

    NEW = "Новый акт: внесу ниже"

    act = forms.ModelChoiceField(label="Каким актом", queryset=LegalAct.objects.none(), required=False, empty_label=NEW)

    def __init__(self, data: Any = None, files: Any = None, *, municipality: Municipality) -> None:
        super().__init__(data, files, municipality=municipality)
        known = acts_for_list(municipality, ActFilter())
        self.has_acts = known.exists()
        field = self.fields["act"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = known
        for name in ("kind", "number", "adopted_on"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") is None and "act" not in self.errors:
            for name in ("kind", "number", "adopted_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data

    @property
    def chosen(self) -> LegalAct | NewAct:
        found = self.cleaned_data["act"]
        return found or NewAct(self.facts, self.cleaned_data.get("file"))


class ActEndForm(forms.Form):
    """Why an act is removed."""

    reason = forms.CharField(label="Причина", max_length=500, required=False)


def _usual_issuer(municipality: Municipality) -> str:
    """Whose the last act was: the next one is mostly theirs too."""
    last = LegalAct.objects.filter(municipality=municipality).exclude(issuer="").order_by("-pk").first()
    return last.issuer if last else fold_spaces(f"администрации {municipality.name_genitive}")
