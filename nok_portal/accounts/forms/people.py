"""What administrators type about people."""

from typing import Any

from django import forms

from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import MUNICIPALITY_ROLES, Role

from ..models import Membership
from ..selectors import PeopleFilter

ROLES = [(role.value, role.label) for role in MUNICIPALITY_ROLES]
ROLE_HELP = (
    "Администратор приглашает людей и меняет настройки, редактор ведёт планы и реестр, остальные видят планы"
    " и свою работу."
)


class PeopleFilterForm(forms.Form):
    """Search and filters of the list; what makes no sense in the address is left out."""

    q = forms.CharField(
        label="Найти человека",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Имя, почта, должность или учреждение"}),
    )
    role = forms.ChoiceField(label="Роль", required=False, choices=[("", "Все роли"), *ROLES])
    state = forms.ChoiceField(
        required=False, choices=[("current", "работают"), ("ended", "сняты")], widget=forms.HiddenInput
    )

    @property
    def wanted(self) -> PeopleFilter:
        self.is_valid()
        return PeopleFilter(
            words=self.cleaned_data.get("q", ""),
            role=self.cleaned_data.get("role", ""),
            state=self.cleaned_data.get("state") or "current",
        )


class RoleForm(forms.Form):
    """Role, post and, for an institution's person, the institution."""

    role = forms.TypedChoiceField(
        label="Роль", choices=[("", "Выберите роль"), *ROLES], coerce=Role, help_text=ROLE_HELP
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Учреждение",
        required=False,
        empty_label="Не выбрано",
        help_text="Только для роли «Учреждение»: чьи ссылки, итоги и меры человек видит.",
    )
    post = forms.CharField(label="Должность", max_length=200, required=False)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = (  # type: ignore[attr-defined]
            Organization.objects.filter(municipality=municipality).listed().in_russian_order()
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        role, organization = values.get("role"), values.get("organization")
        if role == Role.INSTITUTION and organization is None and "organization" not in self.errors:
            self.add_error("organization", "Выберите учреждение, которое человек представляет.")
        if role and role != Role.INSTITUTION and organization is not None:
            self.add_error("organization", "Учреждение выбирают только для роли «Учреждение».")
        return values


class ChangeForm(RoleForm):
    """`version` is the one that the person opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class InviteForm(RoleForm):
    """Whom to invite as what."""

    email = forms.EmailField(
        label="Электронная почта", max_length=254, help_text="На неё придёт ссылка, с нею человек будет входить."
    )
    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)

    field_order = ("email", "full_name", "role", "organization", "post")


class EndForm(forms.Form):
    """To whom open work passes, and why the role ends."""

    to = forms.ModelChoiceField(
        Membership.objects.none(), label="Кому передать работу", required=False, empty_label="Выберите человека"
    )
    reason = forms.CharField(label="Причина", max_length=500, required=False, help_text="Останется в истории.")

    def __init__(self, *args: Any, successors: list[Membership], has_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_work:
            del self.fields["to"]
            return
        to = self.fields["to"]
        to.required = True
        to.error_messages["required"] = "Выберите, кому передать работу."
        to.queryset = Membership.objects.filter(pk__in=[one.pk for one in successors])  # type: ignore[attr-defined]
        to.choices = [("", "Выберите человека"), *((one.pk, _named(one)) for one in successors)]  # type: ignore[attr-defined]


def _named(membership: Membership) -> str:
    return f"{membership.user.full_name}, {membership.post or membership.get_role_display()}"
