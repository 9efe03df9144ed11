from typing import Any

from django import forms

from nok_portal.common.text import fold_spaces
from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.selectors.organizations import organization_types
from plans.enums import GROUP_SPHERES, PartyKind
from plans.models import ResponsibleParty
from plans.selectors.parties import PartyFilter, colleagues_of, organization_choices
from plans.table.limits_check import LONGEST_PARTY


class PartyFilterForm(forms.Form):
    """Whom to show; what makes no sense in the address is left out, never an error."""

    q = forms.CharField(
        label="Найти исполнителя",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Найти исполнителя"}),
    )
    kind = forms.ChoiceField(label="Кто это", required=False, choices=[("", "Все виды"), *PartyKind.choices])
    people = forms.ChoiceField(required=False, choices=[("none", "Без людей")], widget=forms.HiddenInput)
    doubles = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def wanted(self) -> PartyFilter:
        self.is_valid()
        return PartyFilter(
            words=self.cleaned_data.get("q", ""),
            kind=self.cleaned_data.get("kind", ""),
            without_people=self.cleaned_data.get("people") == "none",
            doubles=self.cleaned_data.get("doubles", False),
        )


class PartyForm(forms.Form):
    """What a responsible party is. `version` is the one that the person opened."""

    name = forms.CharField(
        label="Название",
        max_length=LONGEST_PARTY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Слова планов не изменятся. Прежнее название останется вторым: новые документы узнают исполнителя"
        " и по нему.",
    )
    kind = forms.ChoiceField(label="Кто это", choices=PartyKind.choices)
    organization = forms.ModelChoiceField(
        label="Учреждение в реестре",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="Не указано",
        help_text="Отвечать будут сотрудники этого учреждения с учётной записью.",
    )
    group_sphere = forms.ChoiceField(
        label="Сфера",
        required=False,
        choices=[("", "Не указана"), *GROUP_SPHERES],
        help_text="Группа — все действующие организации реестра этой сферы и этого типа.",
    )
    group_type = forms.ChoiceField(label="Тип организаций", required=False)
    curator = forms.ChoiceField(
        label="Куратор",
        required=False,
        help_text="Получает напоминания, пока у исполнителя нет людей с учётной записью, и узнаёт о долгой просрочке, если"
        " руководитель не отмечен.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one for one in colleagues_of(municipality)}
        fields: dict[str, Any] = self.fields
        fields["organization"].queryset = organization_choices(municipality)
        types = organization_types(municipality)
        held = self.initial.get("group_type")
        if held and held not in types:
            types = [held, *types]
        fields["group_type"].choices = [("", "Любой"), *((name, name) for name in types)]
        fields["curator"].choices = [
            ("", "Не назначен"),
            *((key, f"{one.post}, {one.user}") for key, one in self.people.items()),
        ]

    def clean_name(self) -> str:
        return fold_spaces(self.cleaned_data["name"])

    @property
    def facts(self) -> dict[str, Any]:
        """As plans.services.parties.FACTS names them."""
        chosen = self.people.get(self.cleaned_data["curator"])
        names = ("name", "kind", "organization", "group_sphere", "group_type")
        return {**{name: self.cleaned_data[name] for name in names}, "curator": chosen.user if chosen else None}

    @staticmethod
    def initial_of(party: ResponsibleParty) -> dict[str, Any]:
        return {
            "name": party.name,
            "kind": party.kind,
            "organization": party.organization_id,
            "group_sphere": party.group_sphere,
            "group_type": party.group_type,
            "curator": party.curator_id or "",
            "version": party.version,
        }


class PersonForm(forms.Form):
    """Who from now on works for a party."""

    user = forms.ChoiceField(label="Кого назначить", error_messages={"required": "Выберите человека."})

    def __init__(self, *args: Any, municipality: Municipality, linked: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one for one in colleagues_of(municipality) if one.user.pk not in linked}
        field: Any = self.fields["user"]
        field.choices = [("", "Выберите"), *((key, f"{one.post}, {one.user}") for key, one in self.people.items())]


class HeadForm(forms.Form):
    """Whether a person heads a party: what the button says that was pressed."""

    head = forms.BooleanField(required=False)

    @property
    def is_head(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("head"))


class VersionsForm(forms.Form):
    """A merge stands for what the person saw of both."""

    kept_version = forms.IntegerField(widget=forms.HiddenInput)
    double_version = forms.IntegerField(widget=forms.HiddenInput)


class ProposalsForm(forms.Form):
    """Which proposals were agreed to; those that stand no more are simply not applied."""

    accept = forms.MultipleChoiceField(error_messages={"required": "Отметьте хотя бы одно предложение."})

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["accept"]
        field.choices = [(key, key) for key in keys]
