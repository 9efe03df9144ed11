"""What the portal's support staff types."""

from typing import Any

from django import forms

from ..services.support import VISIT_HOURS


class SupportInviteForm(forms.Form):
    """A first administrator, or a person of a ministry."""

    email = forms.EmailField(
        label="Электронная почта", max_length=254, help_text="На неё придёт ссылка, действует 14 дней."
    )
    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)
    post = forms.CharField(label="Должность", max_length=200, required=False)


class VisitForm(forms.Form):
    """Why support enters a municipality, and for how long."""

    reason = forms.CharField(
        label="Причина",
        max_length=500,
        help_text="Например: обращение № 12, не открывается план. Её увидят в журнале муниципалитета.",
    )
    hours = forms.TypedChoiceField(
        label="На сколько",
        coerce=int,
        choices=[(hours, f"{hours} {'час' if hours == 1 else 'часа'}") for hours in VISIT_HOURS],
        widget=forms.RadioSelect,
        initial=VISIT_HOURS[0],
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Причина", max_length=500, help_text="Останется в журнале.")


class SearchForm(forms.Form):
    """The search of a list; any words make sense."""

    q = forms.CharField(label="Найти", required=False, max_length=200, widget=forms.SearchInput)

    def __init__(self, *args: Any, placeholder: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = placeholder

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))
