"""`{% load days %}`: the due dates of a line day by day, and the event that it waits for."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import template

from nok_portal.common.text import date_in_words
from plans.enums import DueState
from plans.models import Activity, DueDate
from plans.selectors import Line, event_of_activity

register = template.Library()
_FEW = 5
_SHOWN = 4


@dataclass(frozen=True)
class DueDay:
    """The due dates of one last day: the line's own, or one for each organization."""

    last_day: date
    dues: tuple[DueDate, ...]

    @property
    def is_of_organizations(self) -> bool:
        return any(due.organization_id for due in self.dues)

    @property
    def is_long(self) -> bool:
        """Too many organizations to show them all at once."""
        return len(self.dues) > _FEW

    @property
    def is_outside_period(self) -> bool:
        return any(due.is_outside_period for due in self.dues)

    @property
    def done(self) -> int:
        return sum(due.state in (DueState.REPORTED, DueState.ACCEPTED) for due in self.dues)


@register.filter
def by_day(line: Line) -> list[DueDay]:
    """The due dates of a line under their last days, organizations in Russian order."""
    days = []
    for last_day, some in groupby(line.dues, key=lambda due: due.window_to):
        dues = sorted(some, key=lambda due: (due.organization.sort_key if due.organization else "", due.pk))
        days.append(DueDay(last_day, tuple(dues)))
    return days


@register.filter
def days_told(values: dict[str, Any]) -> str:
    """The last days that an entry of the journal names, of the line and of its organizations, each once."""
    organizations = values.get("organizations") or {}
    named = [day for days in organizations.values() for day in days] if isinstance(organizations, dict) else []
    days = [date.fromisoformat(day) for day in sorted({*values.get("days", ()), *named})]
    told = ", ".join(date_in_words(day) for day in days[:_SHOWN])
    return f"{told} и ещё {len(days) - _SHOWN}" if len(days) > _SHOWN else told


@register.filter
def awaited_event(activity: Activity) -> str:
    """The words of the event that a line's term counts from; empty when it counts from none."""
    return event_of_activity(activity)
