"""What a municipality's settings, saved or not, will come to: told of a due day of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nok_portal.tenants.models import Municipality

from ..foretelling import Ladders, foretell
from ..kinds import Item, all_kinds
from ..reminding import Ladder, Thresholds

_DAY = timedelta(days=1)
_SPARE = 60  # days beyond the first reminder in which an example is looked for


@dataclass(frozen=True)
class Foretold:
    """Sentences about one due day; `of` names whose it is, '' for an example of our own."""

    sentences: tuple[str, ...]
    of: str


def foretold(
    municipality: Municipality,
    *,
    thresholds: Thresholds,
    kinds_off: Sequence[str],
    escalate_after: int,
    above: Sequence[str],
    day: date,
) -> Foretold:
    """Wants the municipality readable; the due days ahead are read once."""
    ahead = today = late = None
    for kind in all_kinds():
        if kind.is_of_due_days and kind.key not in kinds_off:
            ladder = kind.ladder_for(thresholds)
            if kind.escalates:
                late = ladder
            elif ladder.on_the_day:
                today = ladder
            else:
                ahead = ladder
    item = _example(municipality, thresholds, day=day)
    due_on = item.due_on if item else _made_up_day(day + (Ladder(thresholds.before).farthest() + 1) * _DAY)
    said = foretell(Ladders(ahead, today, late, escalate_after), due_on, above=above)
    return Foretold(tuple(said), f"{item.number} {item.title}".strip() if item else "")


def _example(municipality: Municipality, thresholds: Thresholds, *, day: date) -> Item | None:
    """The nearest thing whose first reminder still lies ahead."""
    first = Ladder(thresholds.before).farthest()
    items = [
        item
        for kind in all_kinds()
        if kind.is_of_due_days and not kind.escalates
        for item in kind.items([municipality], day=day, ahead=first + _SPARE)
        if (item.due_on - day).days > first
    ]
    return min(items, key=lambda item: (item.due_on, item.number), default=None)


def _made_up_day(since: date) -> date:
    """The first of the next month."""
    return date(since.year + since.month // 12, since.month % 12 + 1, 1)
