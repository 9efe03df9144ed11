"""`{% load plans %}`: how a line of a plan stands today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template

from nok_portal.common.text import counted, plural
from plans.enums import DueState
from plans.models import Activity, DueDate
from plans.selectors import Line
from plans.table.steps import STEPS

register = template.Library()

SOON = 14  # days
_DAYS = ("день", "дня", "дней")


@dataclass(frozen=True)
class Standing:
    """A kind of includes/state.html with its words."""

    kind: str
    text: str


@register.filter
def standing(line: Line, today: date) -> Standing:
    """The state of the line: that of its oldest open due date, else of the whole."""
    open_ones = sorted(
        (due for due in line.dues if due.state == DueState.OPEN),
        key=lambda due: (due.ended_before_entry, due.window_to),
    )
    if open_ones:
        return due_standing(open_ones[0], today)
    if any(due.state == DueState.REPORTED for due in line.dues):
        return Standing("review", DueState.REPORTED.label)
    if any(due.state == DueState.ACCEPTED for due in line.dues):
        return Standing("done", DueState.ACCEPTED.label)
    if line.dues:
        return Standing("off", DueState.CANCELLED.label)
    return _without_days(line.activity.deadline_rule)


@register.filter
def due_standing(due: DueDate, today: date) -> Standing:
    """The state of one due date, with lateness in the place of «В работе»."""
    kinds = {DueState.REPORTED: "review", DueState.ACCEPTED: "done", DueState.CANCELLED: "off"}
    if due.state in kinds:
        return Standing(kinds[DueState(due.state)], DueState(due.state).label)
    days = (due.window_to - today).days
    if due.ended_before_entry:
        return Standing("open", "До внесения плана")
    if days < 0:
        return Standing("late", f"Просрочено на {counted(-days, *_DAYS)}")
    if days == 0:
        return Standing("soon", "Последний день сегодня")
    if days <= SOON:
        return Standing("soon", f"{plural(days, 'Остался', 'Осталось', 'Осталось')} {counted(days, *_DAYS)}")
    return Standing("open", "В работе" if due.window_from <= today else "Впереди")


@register.filter
def pending(line: Line) -> str:
    """Why a line that was understood has no day yet."""
    rule = line.activity.deadline_rule
    if line.dues or not rule.get("terms"):
        return ""
    return "день появится, когда это произойдёт"


@register.filter
def last_days(line: Line) -> list[date]:
    """The last days, each once, in order."""
    return sorted({due.window_to for due in line.dues})


@register.filter
def figure(value: Any) -> str:
    """'33,3', '50': as people write it."""
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value:f}" else str(value)


def _without_days(rule: dict[str, Any]) -> Standing:
    flags = rule.get("flags", [])
    if rule.get("terms"):
        return Standing("wait", "Ждёт события")
    if "ongoing" in flags:
        return Standing("open", "Постоянно")
    if "as_needed" in flags or "on_request" in flags:
        return Standing("wait", "По мере надобности")
    if rule.get("rules"):
        return Standing("open", "Регулярно")
    return Standing("open", "Без срока")


@register.filter
def step_name(activity: Activity) -> str:
    """The step of the assessment that the activity means, in words; empty for none."""
    return STEPS.get(activity.step, "")
