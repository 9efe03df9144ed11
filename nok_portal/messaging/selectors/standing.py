"""Which reminders still ask for something: what was done, moved or given up since is silent at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from nok_portal.tenants.models import Municipality

from ..kinds import find_kind


class ToldRow(Protocol):
    """What of a reminder decides; a whole one, or a row without its words."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def thing(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def stage(self) -> int: ...
    @property
    def recipient_id(self) -> int: ...


Row = TypeVar("Row", bound=ToldRow)


def standing(rows: Iterable[Row], *, municipality: Municipality, day: date) -> list[Row]:
    """Those of the rows whose thing is still to be done by the same day, in their order; of several stages of one
    kind the latest only."""
    rows = list(rows)
    things: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        things[row.kind].add(row.thing)
    due_days = {
        key: found.standing(municipality, things=some, day=day)
        for key, some in things.items()
        if (found := find_kind(key)) is not None
    }
    asking = [row for row in rows if due_days.get(row.kind, {}).get(row.thing) == row.due_on]
    latest = {(row.kind, row.thing, row.recipient_id): row.pk for row in sorted(asking, key=lambda row: row.stage)}
    return [row for row in asking if latest[row.kind, row.thing, row.recipient_id] == row.pk]
