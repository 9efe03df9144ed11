"""What people type about regions and municipalities."""

from typing import Any

from django import forms

from ..models import Municipality, Region


class _Labels(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.label:
                field.label = field.label[0].upper() + field.label[1:]

    def _post_clean(self) -> None:
        """The service checks, for the command too; the form only takes what was typed."""

    def show(self, problems: dict[str, list[str]]) -> None:
        """What the service refused, each beside its field."""
        for name, messages in problems.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class RegionForm(_Labels):
    class Meta:
        model = Region
        fields = ("name", "slug")
        help_texts = {"slug": "Латиницей, так он стоит в адресах страниц: /region/ozerny/."}


class RegionNameForm(_Labels):
    class Meta:
        model = Region
        fields = ("name",)


class MunicipalityForm(_Labels):
    """Names, time zone, head, logo; `version` is the one that the person opened."""

    logo_file = forms.FileField(label="Герб", required=False, help_text="PNG или JPEG, лучше с прозрачным фоном.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Municipality
        fields = ("name", "name_genitive", "name_prepositional", "head_post", "head_name", "time_zone")
        labels = {
            "name_genitive": "Название в родительном падеже",
            "name_prepositional": "Название в предложном падеже",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["logo_file"].widget.attrs["accept"] = "image/png,image/jpeg"
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    @property
    def facts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}


class NewMunicipalityForm(MunicipalityForm):
    class Meta(MunicipalityForm.Meta):
        fields = (  # type: ignore[assignment]
            "region",
            "name",
            "slug",
            *MunicipalityForm.Meta.fields[1:],
        )
        help_texts = {"slug": "Латиницей, так он стоит в адресах страниц: /m/sosnovka/. Потом не меняется."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["region"].empty_label = "Выберите регион"  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, str]:
        return {name: value for name, value in super().facts.items() if name not in {"region", "slug"}}
