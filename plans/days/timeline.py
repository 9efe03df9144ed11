"""Where windows lie in the twelve equal months of a year, and how bars that touch share a lane. Pure.

Places are shares of the year's width: 0 is its left edge, 1 its right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from nok_portal.common.workdays import last_day_of_month

Item = TypeVar("Item")

# of a bar that holds its icon even where the page is narrowest: some 24 px of 760
LEAST_WIDTH = 0.034
_MONTHS = 12


@dataclass(frozen=True)
class Span:
    """A window within one year; `is_cut_*`: it begins before or ends after that year."""

    left: float
    right: float
    is_cut_left: bool
    is_cut_right: bool

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Placed(Generic[Item]):
    """An item at its place; `track` counts from the top of the lane."""

    item: Item
    span: Span
    track: int


def span_of(window_from: date, window_to: date, year: int) -> Span | None:
    """The window's part of the year, at least LEAST_WIDTH wide; None where it lies outside.

    The right edge is the end of the last day. Only in the first days of January a bar that would leave the year
    on the left is wide to the right instead.
    """
    if window_to.year < year or window_from.year > year:
        return None
    is_cut_left, is_cut_right = window_from.year < year, window_to.year > year
    left = 0.0 if is_cut_left else begin_of(window_from)
    right = 1.0 if is_cut_right else end_of(window_to)
    left = max(0.0, min(left, right - LEAST_WIDTH))
    return Span(left, max(right, left + LEAST_WIDTH), is_cut_left, is_cut_right)


def begin_of(day: date) -> float:
    """Where the day begins in its year."""
    return (day.month - 1 + (day.day - 1) / last_day_of_month(day.year, day.month)) / _MONTHS


def end_of(day: date) -> float:
    """Where the day ends in its year."""
    return (day.month - 1 + day.day / last_day_of_month(day.year, day.month)) / _MONTHS


def stacked(items: Iterable[tuple[Item, Span]]) -> Sequence[Placed[Item]]:
    """From left to right, each on the highest track where it covers no other."""
    ends: list[float] = []
    placed = []
    for item, span in sorted(items, key=lambda pair: (pair[1].left, pair[1].right)):
        track = next((n for n, end in enumerate(ends) if end <= span.left + 1e-9), len(ends))
        ends[track : track + 1] = [span.right]
        placed.append(Placed(item, span, track))
    return placed
