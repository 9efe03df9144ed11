"""Reads of plans for screens and reports. Lists cost the same number of queries however long they are."""

from .behind import (
    Behind,
    Person,
    behind_parties,
    organizations_of,
    people_behind,
)
from .dues import (
    DueLine,
    due_dates,
    due_lines,
    is_late,
    is_soon,
    open_dues,
)
from .events import (
    EventToRecord,
    PlanEvents,
    event_of_activity,
    events_of_plan,
    events_to_record,
)
from .history import (
    history_of_line,
    history_of_plan,
)
from .imports import (
    Doubles,
    context_of_import,
    doubles_of,
    unfinished_imports,
)
from .lines import (
    Line,
    line_of_activity,
    lines_of_activities,
    lines_of_plan,
    neighbours_of,
)
from .people import (
    dues_of_person,
    parties_of_person,
)
from .plans import (
    PlanSummary,
    context_of_plan,
    plans_of_municipality,
    summaries,
    targets_of_plan,
)
from .table import (
    PlanContents,
    PlanFilter,
    SectionRows,
    TableRow,
    plan_contents,
)

__all__ = [
    "Behind",
    "Doubles",
    "DueLine",
    "EventToRecord",
    "Line",
    "Person",
    "PlanContents",
    "PlanEvents",
    "PlanFilter",
    "PlanSummary",
    "SectionRows",
    "TableRow",
    "behind_parties",
    "context_of_import",
    "context_of_plan",
    "doubles_of",
    "due_dates",
    "due_lines",
    "dues_of_person",
    "event_of_activity",
    "events_of_plan",
    "events_to_record",
    "history_of_line",
    "history_of_plan",
    "is_late",
    "is_soon",
    "line_of_activity",
    "lines_of_activities",
    "lines_of_plan",
    "neighbours_of",
    "open_dues",
    "organizations_of",
    "parties_of_person",
    "people_behind",
    "plan_contents",
    "plans_of_municipality",
    "summaries",
    "targets_of_plan",
    "unfinished_imports",
]
