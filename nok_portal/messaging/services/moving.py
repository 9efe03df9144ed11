"""The ledger follows a thing that goes on under another name, so that nobody is told of it once more."""

from collections.abc import Iterable
from dataclasses import dataclass

from nok_portal.tenants.models import Municipality

from ..models import Reminder, ReminderRun

_BATCH = 500
_SAME = ("kind", "thing", "due_on", "stage", "recipient_id")


@dataclass(frozen=True)
class Moved:
    """A thing of the ledger, what it is called from now on, and where that is found."""

    thing: str
    to: str
    url: str
    group_title: str
    group_url: str


def move_reminders(*, municipality: Municipality, moves: Iterable[Moved]) -> int:
    """What was told of these things counts as told of the others; answers how many rows that are.

    Runs in a transaction and in the municipality's scope; whoever decides about reminders here meanwhile is waited
    for. What the other thing was told already stays as it is.
    """
    by_thing = {move.thing: move for move in moves}
    if not by_thing:
        return 0
    ReminderRun.objects.select_for_update().filter(municipality=municipality).first()
    ours = Reminder.objects.filter(municipality=municipality)
    known = set(ours.filter(thing__in=[move.to for move in by_thing.values()]).values_list(*_SAME))
    moved = []
    for row in ours.filter(thing__in=by_thing).only(*_SAME, "group_title", "group_url", "url"):
        move = by_thing[row.thing]
        if (row.kind, move.to, row.due_on, row.stage, row.recipient_id) in known:
            continue
        row.thing, row.url, row.group_title, row.group_url = move.to, move.url, move.group_title, move.group_url
        moved.append(row)
    Reminder.objects.bulk_update(moved, ["thing", "url", "group_title", "group_url"], batch_size=_BATCH)
    return len(moved)
