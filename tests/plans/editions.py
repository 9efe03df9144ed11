"""What tests of editions stand on: a plan that is approved, its reports, and the edition after it."""

from datetime import UTC, date, datetime, timedelta

from plans.models import DueDate, Evidence
from plans.services.approval import approve_plan
from plans.services.editions import start_new_edition
from plans.services.imports import import_table
from tests.factories import NOW, LegalActFactory
from tests.factories.plans import TargetIndicatorFactory, TargetValueFactory, table_of

ENTERED = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
# before and after the edition is begun
EARLIER, LATER = NOW - timedelta(days=5), NOW + timedelta(days=5)


def plan_in_force(ours, actor):
    """An approved plan of three years: 1.1 and 1.2, 2.1 and 2.2, with a target."""
    made = import_table(table=table_of(), municipality=ours, actor=actor, at=ENTERED)
    made.spheres = ["culture"]
    made.save()
    indicator = TargetIndicatorFactory(plan=made, position=1, title="Доля организаций", base_year=2026)
    TargetValueFactory(indicator=indicator, year=2026, planned=33)
    return approve(made, actor)


def approve(plan, actor):
    act = LegalActFactory(municipality=plan.municipality)
    return approve_plan(plan=plan, version=plan.version, act=act, actor=actor, at=NOW)


def begin(plan, actor):
    return start_new_edition(plan=plan, version=plan.version, actor=actor, at=NOW)


def due(plan, number, year):
    return DueDate.objects.get(activity__plan=plan, activity__number=number, window_to__year=year)


def report(plan, number="1.1", year=2026, **changes):
    found = due(plan, number, year)
    values = {
        "state": "accepted",
        "report_text": "Перечень утверждён",
        "done_on": date(2026, 3, 20),
        "reported_at": NOW,
    }
    for name, value in {**values, **changes}.items():
        setattr(found, name, value)
    found.save()
    return found


def prove(found, url="https://example.org/list"):
    return Evidence.objects.create(
        municipality=found.municipality, due_date=found, kind="link", url=url, title="Перечень", added_at=NOW
    )


def said(found):
    return (
        found.state,
        found.report_text,
        found.done_on,
        found.reported_at,
        found.returned_reason,
        found.cancelled_reason,
    )


def everything(plan):
    """All due dates of a plan with their reports and proofs, as they are stored."""
    return [
        (row["pk"], row, list(Evidence.objects.filter(due_date=row["pk"]).order_by("pk").values()))
        for row in DueDate.objects.filter(activity__plan=plan).order_by("pk").values("pk", *CONTENT)
    ]


CONTENT = (
    "state",
    "report_text",
    "quantity",
    "done_on",
    "returned_reason",
    "cancelled_reason",
    "window_from",
    "window_to",
)


def returned(plan, actor, number="1.1"):
    """A report that was returned: the day is open, and somebody has decided."""
    return report(
        plan,
        number,
        state="open",
        returned_reason="Нет протокола",
        decided_by=actor,
        decided_at=NOW - timedelta(days=1),
    )


def decision(found):
    return found.state, found.fell_away, found.cancelled_reason, found.decided_by, found.decided_at


def reread(line, words):
    line.deadline_text, line.deadline_rule = words, {}
    line.save()
