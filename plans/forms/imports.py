from typing import Any

from django import forms
from django.conf import settings

from nok_portal.common.text import fold_spaces
from plans.importing.drafts import DraftLine, DraftSection, DraftTarget

from .lines import LineFields


class UploadForm(forms.Form):
    """A document or a pasted table, one of the two."""

    file = forms.FileField(
        label="Документ",
        required=False,
        help_text="Word (.docx), Excel (.xlsx) или текст (.txt), до 20 МБ. Скан или PDF портал не прочитает.",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx,.txt"}),
        error_messages={"empty": "Файл пустой. Проверьте, тот ли файл выбран."},
    )
    text = forms.CharField(
        label="Или вставьте таблицу",
        required=False,
        strip=False,
        help_text="Выделите таблицу в Word, в Excel или на сайте вместе с заголовками, скопируйте и вставьте сюда.",
        widget=forms.Textarea(attrs={"rows": 6, "data-paste": "id_html"}),
    )
    # what was pasted as its program formats it, put here by a script: it knows merged cells
    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload and upload.size > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            raise forms.ValidationError(f"Файл больше {limit} МБ. Оставьте в нём только таблицу плана.")
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        upload, text = data.get("file"), (data.get("text") or "").strip()
        if not upload and not text:
            self.add_error("file", "Выберите документ или вставьте таблицу в поле ниже.")
        elif upload and text:
            self.add_error("text", "Выбран и документ, и вставленная таблица. Оставьте одно из двух.")
        return data


class LineForm(LineFields):
    """A line of a document as a person corrects it."""

    section_index = forms.TypedChoiceField(label="Раздел", required=False, coerce=int, empty_value=None)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, line: DraftLine, sections: tuple[DraftSection, ...], focus: str = "", **kwargs: Any
    ) -> None:
        row = line.row
        initial = {
            "number": row.number or "",
            "section_index": sections[row.section_index].key if row.section_index is not None else "",
            "title": row.title,
            "deadline_text": row.deadline_text,
            "responsible": "\n".join(row.responsible),
            "expected_result": row.expected_result,
            "step": row.step or "",
            "stamp": line.stamp,
        }
        super().__init__(*args, **{**kwargs, "initial": initial, "prefix": f"line{line.index}"})
        choices = [(section.key, section_name(section)) for section in sections]
        section = self.fields["section_index"]
        section.choices = [("", "Вне разделов"), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["section_index"]
        if not self.is_bound:
            self.fields[focus if focus in self.fields else "number"].widget.attrs["data-focus"] = ""
        self.order_fields(
            ["number", "title", "deadline_text", "responsible", "expected_result", "section_index", "step"]
        )

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "stamp"}


class TargetForm(forms.Form):
    """A target indicator: its words, and one field a year."""

    title = forms.CharField(label="Показатель", widget=forms.Textarea(attrs={"rows": 3}))
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, target: DraftTarget, **kwargs: Any) -> None:
        row = target.row
        initial: dict[str, Any] = {"title": row.title, "stamp": target.stamp}
        initial |= {f"year_{year}": value for year, value in row.values.items()}
        super().__init__(*args, **{**kwargs, "initial": initial, "prefix": f"target{target.index}"})
        self.years = sorted(row.values)
        if not self.is_bound:
            self.fields["title"].widget.attrs["data-focus"] = ""
        for year in self.years:
            self.fields[f"year_{year}"] = forms.DecimalField(
                label=str(year),
                min_value=0,
                max_digits=12,
                decimal_places=3,
                localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
            )

    def clean_title(self) -> str:
        return fold_spaces(self.cleaned_data["title"])

    @property
    def year_fields(self) -> list[forms.BoundField]:
        return [self[f"year_{year}"] for year in self.years]

    @property
    def values(self) -> dict[int, float]:
        """Whole numbers stay whole."""
        found = {year: self.cleaned_data[f"year_{year}"] for year in self.years}
        return {year: int(value) if value == int(value) else float(value) for year, value in found.items()}


class SectionForm(forms.Form):
    """A heading as a person corrects it."""

    number = forms.CharField(
        label="Номер", required=False, max_length=30, widget=forms.TextInput(attrs={"class": "short"})
    )
    title = forms.CharField(label="Раздел", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, section: DraftSection, **kwargs: Any) -> None:
        initial = {"number": section.number or "", "title": section.title, "stamp": section.stamp}
        super().__init__(*args, **{**kwargs, "initial": initial, "prefix": f"section{section.key}"})
        if not self.is_bound:
            self.fields["title"].widget.attrs["data-focus"] = ""

    def clean_title(self) -> str:
        title = fold_spaces(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Напишите, как называется раздел, или сделайте строку мероприятием.")
        return title

    def clean_number(self) -> str:
        return fold_spaces(self.cleaned_data["number"]).rstrip(".")


def section_name(section: DraftSection) -> str:
    """'II. Проведение опроса'."""
    return f"{section.number}. {section.title}" if section.number else section.title
