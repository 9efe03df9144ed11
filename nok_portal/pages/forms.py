"""Filters that the pages of this package keep in their address."""

from django import forms
from django.db.models import Q, QuerySet

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.forms.days import DayInput


class JournalFilter(forms.Form):
    """What of the journal to show: words in verb, object or name; days, both included."""

    q = forms.CharField(
        label="Найти в журнале",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Кто, что или над чем"}),
    )
    since = forms.DateField(label="С", required=False, widget=DayInput())
    till = forms.DateField(label="По", required=False, widget=DayInput())

    @property
    def is_filled(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def apply(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The entries that fit; an impossible day in the address asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        for word in (asked.get("q") or "").split():
            entries = entries.filter(
                Q(verb__icontains=word) | Q(object_title__icontains=word) | Q(actor_name__icontains=word)
            )
        if asked.get("since"):
            entries = entries.filter(at__date__gte=asked["since"])
        if asked.get("till"):
            entries = entries.filter(at__date__lte=asked["till"])
        return entries
