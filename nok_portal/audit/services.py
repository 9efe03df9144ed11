"""Write to the journal: called by every service that changes something, inside its transaction."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from .models import AuditEntry

PORTAL = "портал"


class Actor(Protocol):
    """A user, as the journal sees one."""

    pk: Any

    @property
    def name_for_journal(self) -> str: ...


def record(
    *,
    verb: str,
    on: Model,
    actor: Actor | None,
    at: datetime,
    municipality_id: int | None = None,
    region_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry about `on`.

    `verb` is a past participle in Russian as the timeline prints it («Добавлена организация»). The
    municipality is that of the object unless given; with neither municipality nor region the scope must
    be open for `system`. Without an actor the portal itself did it.
    """
    if municipality_id is None and region_id is None:
        municipality_id = getattr(on, "municipality_id", None)
    return AuditEntry.objects.create(
        municipality_id=municipality_id,
        region_id=region_id,
        actor_id=actor.pk if actor else None,
        actor_name=(actor.name_for_journal if actor else PORTAL)[:200],
        verb=verb,
        object_type=on._meta.label_lower,
        object_id=str(on.pk),
        object_title=str(on)[:500],
        before=_plain(before or {}),
        after=_plain(after or {}),
        reason=reason,
        at=at,
    )


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, as the pair (before, after)."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_value(item) for item in value]
    if isinstance(value, dict):
        return _plain(value)
    return value
