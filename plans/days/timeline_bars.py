"""A line of the plan as the timeline draws it: its bars with their places, words and states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from nok_portal.common.text import counted, date_in_words
from plans.days.standing import Window, due_standing, standing_without_days
from plans.days.timeline import Span, span_of, stacked
from plans.enums import DueState

# pixels of a lane: its padding, a track with the gap below it
PADDING, BAR, TRACK = 10, 24, 28
# a letter's share of the year where the page is narrowest, and what the icon needs beside the words
_LETTER, _BESIDE = 0.0105, 0.045
# the most urgent first: it is the state of a bar that several organizations share
_URGENCY = ("late", "returned", "soon", "open", "wait", "review", "done", "off")


class Due(Window, Protocol):
    """A due date as a bar names it."""

    @property
    def label(self) -> str: ...


class Activity(Protocol):
    """A line's own words."""

    pk: Any

    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def deadline_rule(self) -> Mapping[str, Any]: ...


class YearLine(Protocol):
    """A line with what it has to do in the year (plans.selectors.timeline.YearLine)."""

    @property
    def activity(self) -> Activity: ...
    @property
    def parties(self) -> Sequence[str]: ...
    @property
    def dues(self) -> Sequence[Due]: ...
    @property
    def has_days(self) -> bool: ...


@dataclass(frozen=True)
class Bar:
    """A window as the lane draws it; lengths as SVG attributes want them. `is_before`: over before the plan came in."""

    kind: str
    icon: str
    is_before: bool
    said: str
    words: str
    x: str
    right: str
    width: str
    y: int
    is_cut_left: bool
    is_cut_right: bool


@dataclass(frozen=True)
class Row:
    """A line of the plan: who and what, then its lane; `note` where the lane is empty."""

    pk: int
    url: str
    number: str
    title: str
    parties: str
    bars: Sequence[Bar]
    height: int
    note: str
    is_late: bool


def row_of(line: YearLine, *, url: str, year: int, today: date) -> Row:
    activity = line.activity
    bars = _bars(line.dues, year, today)
    tracks = 1 + max(((bar.y - PADDING) // TRACK for bar in bars), default=0)
    return Row(
        pk=activity.pk,
        url=url,
        number=activity.number,
        title=activity.title,
        parties="; ".join(line.parties),
        bars=bars,
        height=2 * PADDING + BAR + (tracks - 1) * TRACK,
        note="" if bars else _note(line, year),
        is_late=any(bar.kind == "late" for bar in bars),
    )


def _note(line: YearLine, year: int) -> str:
    if line.has_days:
        return f"в {year} году сроков нет"
    return standing_without_days(line.activity.deadline_rule).text.lower()


def _bars(dues: Iterable[Due], year: int, today: date) -> list[Bar]:
    """One for each window; due dates of several organizations in the same window share it."""
    windows = [list(same) for _, same in groupby(dues, key=lambda due: (due.window_from, due.window_to))]
    spans = ((same, span) for same in windows if (span := span_of(same[0].window_from, same[0].window_to, year)))
    return [_bar(one.item, one.span, PADDING + one.track * TRACK, year, today) for one in stacked(spans)]


def _bar(same: list[Due], span: Span, y: int, year: int, today: date) -> Bar:
    standings = [due_standing(due, today) for due in same]
    foremost = min(standings, key=lambda one: _URGENCY.index(one.kind))
    words = _words(same, span, year)
    fits = len(words) * _LETTER + _BESIDE + 0.02 * (span.is_cut_left + span.is_cut_right) <= span.width
    return Bar(
        kind=foremost.kind,
        icon=foremost.icon,
        is_before=all(due.ended_before_entry and due.state == DueState.OPEN for due in same),
        said=_said(same, foremost.text),
        words=words if fits else "",
        x=percent(span.left),
        right=percent(span.right),
        width=percent(span.width),
        y=y,
        is_cut_left=span.is_cut_left,
        is_cut_right=span.is_cut_right,
    )


def _words(same: list[Due], span: Span, year: int) -> str:
    """What stands in the bar: how many of its organizations are through, where it goes on, or its name."""
    if len(same) > 1:
        through = sum(due.state == DueState.ACCEPTED for due in same)
        return f"{through} из {len(same)}"
    if span.is_cut_right:
        return f"до {date_in_words(same[0].window_to)}"
    return same[0].label.replace(f" {year} года", "").replace(f" {year}", "")


def _said(same: list[Due], state: str) -> str:
    """'Принято, с 1 апреля 2026 по 30 июня 2026': the same for those who listen or point at the bar."""
    first, last = same[0].window_from, same[0].window_to
    days = f"по {date_in_words(last)}" if first < last else date_in_words(last)
    if first < last:
        days = f"с {date_in_words(first)} {days}"
    many = f", {counted(len(same), 'организация', 'организации', 'организаций')}" if len(same) > 1 else ""
    return f"{state}, {days}{many}"


def percent(share: float) -> str:
    return f"{share * 100:.2f}%"
