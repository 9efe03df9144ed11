"""When a due date is late and when it is soon; selectors.dues asks the database the same."""

from datetime import date, timedelta
from typing import Protocol

from plans.enums import DueState

SOON = 14  # days


class Day(Protocol):
    """A due date, or as much of one as tells whether it is late."""

    @property
    def state(self) -> str: ...
    @property
    def window_to(self) -> date: ...
    @property
    def ended_before_entry(self) -> bool: ...


def due_is_late(due: Day, today: date) -> bool:
    """Open, and its last day is over; not what was over before the plan came in: nobody could report it here."""
    return due.state == DueState.OPEN and due.window_to < today and not due.ended_before_entry


def soon_until(today: date) -> date:
    """The last day that is soon."""
    return today + timedelta(days=SOON)
