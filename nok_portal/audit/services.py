"""Write to the journal: called by every service that changes something, inside its transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from .models import AuditEntry

PORTAL = "портал"
BATCH = 1000


class Actor(Protocol):
    """A user, as the journal sees one."""

    pk: Any

    @property
    def name_for_journal(self) -> str: ...


@dataclass(frozen=True)
class Told:
    """What `record_many` says about one object."""

    on: Model
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


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
    entry = _entry(
        verb=verb,
        on=on,
        actor=actor,
        at=at,
        municipality_id=municipality_id,
        region_id=region_id,
        before=before,
        after=after,
        reason=reason,
    )
    entry.save(force_insert=True)
    return entry


def record_many(
    *, verb: str, about: Iterable[Told], actor: Actor | None, at: datetime, reason: str = ""
) -> list[AuditEntry]:
    """Append one entry about each, the same as `record` would, in few queries."""
    entries = [
        _entry(verb=verb, on=one.on, actor=actor, at=at, before=one.before, after=one.after, reason=reason)
        for one in about
    ]
    return AuditEntry.objects.bulk_create(entries, batch_size=BATCH)


def _entry(
    *,
    verb: str,
    on: Model,
    actor: Actor | None,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
    municipality_id: int | None = None,
    region_id: int | None = None,
) -> AuditEntry:
    if municipality_id is None and region_id is None:
        municipality_id = getattr(on, "municipality_id", None)
    return AuditEntry(
        municipality_id=municipality_id,
        region_id=region_id,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name_for_journal if actor else PORTAL,
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
