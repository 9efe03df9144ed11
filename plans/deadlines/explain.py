"""The answer of `explain_deadline`: everything that the words say, in a shape for other programs."""

from typing import Any

from .describe import describe
from .model import Context, Deadline, Span, SpanKind, YearsKind
from .reader import parse
from .schedule import schedule, years_of

NO_ASSESSMENT_YEARS = "Срок зависит от года проведения оценки, а годы оценки не указаны"


def explain(text: str, context: Context) -> dict[str, Any]:
    """The reading of `text` with its days in `context`, as JSON values."""
    deadline = parse(text)
    due = schedule(deadline, context)
    return {
        "description": describe(deadline),
        "due": [item.ends_on.isoformat() for item in due],
        "windows": [[item.starts_on.isoformat(), item.ends_on.isoformat()] for item in due],
        "repeats": deadline.repeats,
        "after": [[term.amount, term.unit and term.unit.value, term.event] for term in deadline.terms],
        "flags": [flag.value for flag in deadline.flags],
        "problems": [*deadline.problems, *problems_in(deadline, context)],
        "unparsed": deadline.unparsed,
    }


def problems_in(deadline: Deadline, context: Context) -> list[str]:
    """What the words lack in this context: assessment years, a leap year."""
    problems: list[str] = []
    kinds = {rule.years.kind for rule in deadline.rules}
    if YearsKind.ASSESSMENT in kinds and not context.assessment_years:
        problems.append(NO_ASSESSMENT_YEARS)
    leap_day = Span(SpanKind.DAY, 29, 2)
    for rule in deadline.rules:
        if leap_day in (rule.span, rule.until):
            common = [year for year in years_of(rule.years, context) if year % 4 or (year % 100 == 0 and year % 400)]
            problems += [f"В {year} году нет 29 февраля" for year in common]
    return problems
