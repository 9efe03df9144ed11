"""Reads of municipalities: what is known of one, and how it came to be so."""

from dataclasses import dataclass

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for

from ..models import Municipality
from ..models.places import TIME_ZONES
from ..services.places import FACTS

HISTORY_LENGTH = 50


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


def history_of_municipality(municipality: Municipality) -> list[AuditEntry]:
    """Its journal entries, newest first, each with `changes` in words. Wants its scope."""
    labels = {name: str(getattr(Municipality._meta.get_field(name), "verbose_name", name)) for name in (*FACTS, "logo")}
    labels |= {"name_genitive": "название в родительном падеже", "name_prepositional": "название в предложном падеже"}
    zones = dict(TIME_ZONES)
    entries = list(timeline_for(municipality)[:HISTORY_LENGTH])
    for entry in entries:
        entry.changes = [  # type: ignore[attr-defined]
            Change(
                labels[name],
                zones.get(entry.before.get(name, ""), entry.before.get(name, "")),
                zones.get(entry.after[name], entry.after[name]),
            )
            for name in labels
            if entry.before and name in entry.after
        ]
    return entries
