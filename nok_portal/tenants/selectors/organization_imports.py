"""Reads of lists of organizations between upload and confirmation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import QuerySet

from ..models import Municipality, OrganizationImport
from ..register.matching import FIELDS as FACTS
from .organizations import FieldChange, label_of, shown

KEPT_FOR = timedelta(days=30)
KINDS = ("error", "new", "changed", "same", "skipped")


class Person(Protocol):
    """A user, as these reads see one."""

    pk: Any


@dataclass(frozen=True)
class PreviewRow:
    """One line of a list as the preview shows it."""

    number: int
    kind: str
    title: str
    chosen: bool
    facts: list[tuple[str, str]] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    organization: int | None = None

    @property
    def may_be_chosen(self) -> bool:
        return self.kind in {"new", "changed"}


def imports_in(municipality: Municipality, *, at: datetime) -> QuerySet[OrganizationImport]:
    """Lists of the last 30 days, newest first; older ones are out of reach."""
    return OrganizationImport.objects.filter(municipality=municipality, created_at__gt=at - KEPT_FOR).order_by(
        "-created_at", "-pk"
    )


def drafts_of(person: Person, municipality: Municipality, *, at: datetime) -> QuerySet[OrganizationImport]:
    """The person's own lists that wait for a decision, without their lines."""
    return (
        imports_in(municipality, at=at)
        .filter(created_by_id=person.pk, confirmed_at__isnull=True)
        .defer("rows", "reading")
    )


def row_counts(draft: OrganizationImport) -> dict[str, int]:
    """How many lines of each kind."""
    counts = dict.fromkeys(KINDS, 0)
    for row in draft.rows:
        counts[row["kind"]] += 1
    return counts


def chosen_count(draft: OrganizationImport) -> int:
    """How many lines the confirmation would write."""
    return sum(1 for row in draft.rows if row["chosen"] and row["kind"] in {"new", "changed"})


def preview_rows(draft: OrganizationImport, *, kind: str = "") -> list[dict[str, Any]]:
    """The stored lines of one kind, or all but the skipped ones; errors first, then in the order of the file."""
    wanted = [row for row in draft.rows if row["kind"] == kind or (not kind and row["kind"] != "skipped")]
    return sorted(wanted, key=lambda row: (row["kind"] != "error", row["line"]["number"]))


def told(row: dict[str, Any]) -> PreviewRow:
    """A stored line in words."""
    values = row["values"] or row["line"]["values"]
    facts = [
        (label_of(name), shown(name, values[name]))
        for name in FACTS
        if name != "name" and values.get(name) not in {None, ""}
    ]
    return PreviewRow(
        number=row["line"]["number"],
        kind=row["kind"],
        title=str(values.get("name") or values.get("short_name") or ""),
        chosen=row["chosen"],
        facts=facts if row["kind"] == "new" else [],
        changes=[
            FieldChange(
                label_of(change["field"]),
                shown(change["field"], change["before"]),
                shown(change["field"], change["after"]),
            )
            for change in row["changes"]
        ],
        problems=row["problems"],
        notes=row["notes"],
        organization=row["organization"],
    )
