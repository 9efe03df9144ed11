"""What a button sends that shows no fields: whoever writes such a request by hand is told, and nothing breaks."""

from typing import Any

from django import forms

ACTS = ("delete", "restore", "settle", "inherit", "leave_empty")


class DeleteForm(forms.Form):
    """The end of a draft, with a reason where one is given."""

    reason = forms.CharField(label="Причина", max_length=500, required=False)


class ActForm(forms.Form):
    """A verb of a line (`of` is 'line-3'), of a target ('target-0') or of the whole plan (no `of`)."""

    act = forms.ChoiceField(choices=[(name, name) for name in ACTS])
    of = forms.RegexField(r"\A(?:line|target)-\d{1,5}\Z", required=False, max_length=20)
    value = forms.CharField(max_length=80, required=False)
    stamp = forms.CharField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["of"] and data["act"] != "settle":
            self.add_error("of", "Не сказано, о какой строке речь.")
        return data
