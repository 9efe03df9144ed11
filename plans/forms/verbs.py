"""What a button sends that shows no fields: whoever writes such a request by hand is told, and nothing breaks."""

from typing import Any

from django import forms

ACTS = ("delete", "restore", "settle", "inherit", "leave_empty", "join", "make_section", "make_line", "undo")
OF = {"line": {*ACTS} - {"make_line", "undo"}, "section": {"settle", "restore", "make_line"},
      "target": {"settle", "delete", "restore"}, "": {"settle", "undo"}}  # fmt: skip


class DeleteForm(forms.Form):
    """The end of a draft, with a reason where one is given."""

    reason = forms.CharField(label="Причина", max_length=500, required=False)


class ActForm(forms.Form):
    """A verb of a line (`of` is 'line-3'), of a heading ('section-1'), of a target ('target-0') or of the whole plan.

    `act` may name what it is about: 'inherit:responsible', 'settle:no_deadline:deadline_text', 'undo:7'.
    """

    act = forms.CharField(max_length=120)
    of = forms.RegexField(r"\A(?:line|section|target)-\d{1,5}\Z", required=False, max_length=20)
    stamp = forms.CharField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        act, _, value = data["act"].partition(":")
        if act not in OF[data["of"].partition("-")[0]]:
            self.add_error("act", "Так с этой строкой поступить нельзя.")
        return {**data, "act": act, "value": value}


class VersionForm(forms.Form):
    """The version that a person has seen; 0 for what no page sends."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    @property
    def seen(self) -> int:
        return self.cleaned_data["version"] if self.is_valid() else 0
