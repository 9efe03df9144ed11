"""`Deadline` ↔ JSON, as the database keeps it. The version tells how an older row is to be read."""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from nok_portal.common.workdays import TermUnit

from .model import (
    DayOffShift,
    Deadline,
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

VERSION = 1


def to_json(deadline: Deadline) -> dict[str, Any]:
    """Plain dicts, lists, strings and numbers; what equals its default is left out."""
    return {"version": VERSION, **_plain(deadline)}


def from_json(data: dict[str, Any]) -> Deadline:
    """The deadline that `to_json` wrote. Raises ValueError for a version that is not known."""
    if data.get("version") != VERSION:
        msg = f"Неизвестная версия записи срока: {data.get('version')}"
        raise ValueError(msg)
    return Deadline(
        text=data.get("text", ""),
        rules=tuple(_rule(rule) for rule in data.get("rules", ())),
        terms=tuple(_term(term) for term in data.get("terms", ())),
        flags=tuple(Flag(flag) for flag in data.get("flags", ())),
        problems=tuple(data.get("problems", ())),
        unparsed=data.get("unparsed", ""),
        day_off_shift=DayOffShift(data.get("day_off_shift", DayOffShift.STAYS)),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {
            part.name: _plain(getattr(value, part.name))
            for part in fields(value)
            if getattr(value, part.name) != part.default or part.name in ("amount", "kind", "period", "base")
        }
    return value


def _rule(data: dict[str, Any]) -> Rule:
    return Rule(
        span=_span(data.get("span")),
        until=_span(data.get("until")),
        years=_years(data.get("years")),
        until_year=data.get("until_year", 0),
        place=_place(data.get("place")),
        every=_recurrence(data.get("every")),
        mode=Mode(data.get("mode", Mode.DURING)),
    )


def _span(data: dict[str, Any] | None) -> Span | None:
    return Span(SpanKind(data["kind"]), data.get("number", 1), data.get("month", 0)) if data else None


def _years(data: dict[str, Any] | None) -> Years:
    if not data:
        return Years()
    return Years(YearsKind(data["kind"]), tuple(data.get("listed", ())), data.get("offset", 0))


def _place(data: dict[str, Any] | None) -> Place | None:
    if not data:
        return None
    return Place(
        base=Period(data["base"]) if data.get("base") else None,
        month=data.get("month", 0),
        length=data.get("length", 1),
        kind=PlaceKind(data.get("kind", PlaceKind.WHOLE)),
        day=data.get("day", 0),
        day_to=data.get("day_to", 0),
    )


def _recurrence(data: dict[str, Any] | None) -> Recurrence | None:
    return Recurrence(Period(data["period"]), data.get("count", 1), data.get("times", 1)) if data else None


def _term(data: dict[str, Any]) -> Term:
    return Term(
        amount=data.get("amount"),
        unit=TermUnit(data["unit"]) if data.get("unit") else None,
        event=data.get("event", ""),
        link=data.get("link", ""),
        before=data.get("before", False),
        anchor=_rule(data["anchor"]) if data.get("anchor") else None,
        edge=Edge(data.get("edge", Edge.END)),
    )
