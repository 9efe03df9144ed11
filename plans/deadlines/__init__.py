"""Deadline words of municipal plans: read, turned into days, said back in plain Russian.

`parse(text)` reads words into a `Deadline`, `schedule(deadline, context)` gives its due dates,
`describe(deadline)` says how it was understood, `explain(text, context)` does all three as JSON values,
`to_json` and `from_json` store a `Deadline`.
"""

from .describe import describe
from .explain import explain, problems_in
from .model import (
    Context,
    DayOffShift,
    Deadline,
    DueDate,
    Edge,
    Flag,
    Mode,
    Period,
    Place,
    PlaceKind,
    Recurrence,
    Rule,
    Span,
    SpanKind,
    Term,
    Years,
    YearsKind,
)  # fmt: skip
from .reader import parse
from .schedule import schedule
from .storing import from_json, to_json

__all__ = [
    "Context", "DayOffShift", "Deadline", "DueDate", "Edge", "Flag", "Mode", "Period", "Place", "PlaceKind", "Recurrence",
    "Rule", "Span", "SpanKind", "Term", "Years", "YearsKind", "describe", "explain", "from_json", "parse", "problems_in",
    "schedule", "to_json",
]  # fmt: skip
