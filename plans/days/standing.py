"""How a line of a plan and each of its due dates stand today, in the words and kinds of includes/state.html."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from nok_portal.common.text import counted, plural
from plans.days.lateness import SOON, Day, due_is_late
from plans.enums import DueState

RETURNED = "Возвращено"
_DAYS = ("день", "дня", "дней")


class Window(Day, Protocol):
    """A due date, or as much of one as tells how it stands."""

    @property
    def window_from(self) -> date: ...
    @property
    def is_returned(self) -> bool: ...


class Dated(Protocol):
    """A line of a plan: its due dates, and how its deadline is understood."""

    @property
    def dues(self) -> Sequence[Window]: ...
    @property
    def rule(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Standing:
    """A kind of includes/state.html with its words."""

    kind: str
    text: str

    @property
    def icon(self) -> str:
        return {"review": "half", "returned": "undo"}.get(self.kind, self.kind)


def standing(line: Dated, today: date) -> Standing:
    """The state of the line: what is late, else what was returned, else its oldest day that is not done, else all."""
    unfinished = sorted(
        (due for due in line.dues if due.state in (DueState.OPEN, DueState.REPORTED)),
        key=lambda due: (due.ended_before_entry, due.window_to),
    )
    if unfinished:
        late = (due for due in unfinished if due_is_late(due, today))
        returned = (due for due in unfinished if due.is_returned)
        return due_standing(next(late, None) or next(returned, None) or unfinished[0], today)
    if any(due.state == DueState.ACCEPTED for due in line.dues):
        return Standing("done", DueState.ACCEPTED.label)
    if line.dues:
        return Standing("off", DueState.CANCELLED.label)
    return standing_without_days(line.rule)


def due_standing(due: Window, today: date) -> Standing:
    """The state of one due date, with lateness in the place of «В работе»; what was returned says both."""
    kinds = {DueState.REPORTED: "review", DueState.ACCEPTED: "done", DueState.CANCELLED: "off"}
    if due.state in kinds:
        return Standing(kinds[DueState(due.state)], DueState(due.state).label)
    plain = _open_standing(due, today)
    if not due.is_returned:
        return plain
    if plain.kind == "open":
        return Standing("returned", RETURNED)
    return Standing("late" if plain.kind == "late" else "returned", f"{RETURNED}, {plain.text.lower()}")


def _open_standing(due: Window, today: date) -> Standing:
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


def pending(line: Dated) -> str:
    """Why a line that was understood has no day yet."""
    if line.dues or not line.rule.get("terms"):
        return ""
    return "день появится, когда это произойдёт"


def standing_without_days(rule: Mapping[str, Any]) -> Standing:
    """Why a line has no due date, as it is understood."""
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
