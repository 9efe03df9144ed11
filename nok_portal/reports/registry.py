"""Reports: one class each, with who may order it, what must be chosen, what it says and as which files.

    @report
    class OrganizationsRegister(Report):
        slug, title, right, formats = "organizations", "Реестр организаций", Right.SEE_ORGANIZATIONS, ("xlsx", "pdf")

        def document(self, *, municipality, parameters, at, progress) -> Document: …

An app keeps its reports in `reports.py`, which is found by itself. `ordering.order_report` starts one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right

from .documents import Document, Stamp
from .jobs import Progress
from .writers.docx import write_docx
from .writers.pdf import write_pdf
from .writers.xlsx import write_xlsx


@dataclass(frozen=True)
class Format:
    """A kind of file that a document is written as."""

    name: str
    label: str
    write: Callable[[Document, Stamp], bytes]


FORMATS = {
    one.name: one
    for one in (
        Format("pdf", "PDF", write_pdf),
        Format("docx", "Word", write_docx),
        Format("xlsx", "Excel", write_xlsx),
    )
}


class ReportForm(forms.Form):
    """What must be chosen before a report is ordered; a report without choices has none of its own."""

    file_format = forms.ChoiceField(label="Вид файла", widget=forms.RadioSelect)

    def __init__(self, *args: Any, report: "Report", municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.order_fields([name for name in self.fields if name != "file_format"])
        field = self.fields["file_format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.name, way.label) for way in report.ways]
        field.initial = report.formats[0]

    def parameters(self) -> dict[str, Any]:
        """The choices as plain JSON, kept with the job; objects by their keys."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "file_format"}
        return {name: value.pk if isinstance(value, Model) else value for name, value in chosen.items()}


class Report(ABC):
    """What is said is read in a worker, in the scope of the municipality, as it is at one moment."""

    slug: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    right: ClassVar[Right]
    formats: ClassVar[tuple[str, ...]]
    units: ClassVar[str] = "строка,строки,строк"
    form_class: ClassVar[type[ReportForm]] = ReportForm

    def job_title(self, *, municipality: Municipality, parameters: Mapping[str, Any]) -> str:
        """The name of one order: 'План: …'."""
        return self.title

    @abstractmethod
    def document(
        self, *, municipality: Municipality, parameters: Mapping[str, Any], at: datetime, progress: Progress
    ) -> Document:
        """What the report says now."""

    @property
    def kind(self) -> str:
        """The kind of job that makes it."""
        return f"report.{self.slug}"

    @property
    def ways(self) -> list[Format]:
        return [FORMATS[name] for name in self.formats]


_reports: dict[str, Report] = {}


def add_report(one: Report) -> None:
    if one.slug in _reports:
        raise ImproperlyConfigured(f"two reports are called {one.slug}")
    _reports[one.slug] = one


def find_report(slug: str) -> Report | None:
    return _reports.get(slug)


def reports_for(rights: frozenset[Right]) -> list[Report]:
    """The reports that someone with these rights may order, by title."""
    return sorted((one for one in _reports.values() if one.right in rights), key=lambda one: one.title)
