"""The difference that a recomputation makes, as people are shown it before and told of it after. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

_Key = tuple["ChangeKind", date | None, date | None, date | None]


class ChangeKind(StrEnum):
    """What happens to a day."""

    ADDED = "added"
    MOVED = "moved"
    GONE = "gone"
    CANCELLED = "cancelled"  # falls away too, but its report or evidence stays
    KEPT = "kept"  # the words give it no longer; it stays because it was reported


@dataclass(frozen=True)
class ChangedDay:
    """One day of one line, of one organization where the line names some; days are last days of windows.

    `beside`: the last day of a report that stays although the words now give this day instead.
    """

    kind: ChangeKind
    activity: int
    was: date | None
    now: date | None
    organization: str = ""
    beside: date | None = None


@dataclass(frozen=True)
class DayGroup:
    """What happens to days of the same organizations (none: of the line itself)."""

    kind: ChangeKind
    organizations: tuple[str, ...]
    days: tuple[ChangedDay, ...]


@dataclass(frozen=True)
class LineDifference:
    """What changes in one line."""

    activity: int
    number: str
    title: str
    groups: tuple[DayGroup, ...]


@dataclass(frozen=True)
class DaysDifference:
    """All changes in the order of the document."""

    changes: tuple[ChangedDay, ...] = ()
    titles: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def _of(self, *kinds: ChangeKind) -> tuple[ChangedDay, ...]:
        return tuple(one for one in self.changes if one.kind in kinds)

    @cached_property
    def added(self) -> tuple[ChangedDay, ...]:
        return self._of(ChangeKind.ADDED)

    @cached_property
    def moved(self) -> tuple[ChangedDay, ...]:
        return self._of(ChangeKind.MOVED)

    @cached_property
    def gone(self) -> tuple[ChangedDay, ...]:
        """Days that fall away, with or without something that must be kept of them."""
        return self._of(ChangeKind.GONE, ChangeKind.CANCELLED)

    @cached_property
    def cancelled(self) -> tuple[ChangedDay, ...]:
        """Those of them that stay as cancelled, because a report or evidence hangs on them."""
        return self._of(ChangeKind.CANCELLED)

    @cached_property
    def kept(self) -> tuple[ChangedDay, ...]:
        return self._of(ChangeKind.KEPT)

    @property
    def changed_activities(self) -> set[int]:
        """Lines of which a day comes, moves or falls away."""
        return {one.activity for one in self.changes if one.kind is not ChangeKind.KEPT}

    @cached_property
    def lines(self) -> tuple[LineDifference, ...]:
        """Line by line; the same change for several organizations is told once."""
        found: dict[int, list[ChangedDay]] = {}
        for one in self.changes:
            found.setdefault(one.activity, []).append(one)
        return tuple(
            LineDifference(activity, *self.titles[activity], _grouped(changes)) for activity, changes in found.items()
        )

    @cached_property
    def stamp(self) -> str:
        """Says whether a person has seen this very difference."""
        told = [
            (one.kind.value, one.activity, str(one.was), str(one.now), one.organization, str(one.beside))
            for one in self.changes
        ]
        return sha256(repr(told).encode()).hexdigest()[:24]

    def before_of(self, activity: int) -> dict[str, Any]:
        """For the journal: the days that are no more."""
        return _told([(one.was, one.organization) for one in self.changes if one.activity == activity and _ends(one)])

    def after_of(self, activity: int) -> dict[str, Any]:
        """For the journal: the days that came in."""
        return _told([(one.now, one.organization) for one in self.changes if one.activity == activity and one.now])


def _grouped(changes: list[ChangedDay]) -> tuple[DayGroup, ...]:
    """Kind by kind: first whose day it is, then all days of the same organizations together."""
    whose: dict[_Key, list[ChangedDay]] = {}
    for one in changes:
        whose.setdefault((one.kind, one.was, one.now, one.beside), []).append(one)
    groups: dict[tuple[ChangeKind, tuple[str, ...]], list[ChangedDay]] = {}
    for (kind, *_), some in whose.items():
        names = tuple(one.organization for one in some if one.organization)
        groups.setdefault((kind, names), []).append(some[0])
    order = list(ChangeKind)
    return tuple(
        DayGroup(kind, names, tuple(days))
        for (kind, names), days in sorted(groups.items(), key=lambda item: order.index(item[0][0]))
    )


def _ends(one: ChangedDay) -> bool:
    return one.kind in (ChangeKind.MOVED, ChangeKind.GONE, ChangeKind.CANCELLED)


def _told(days: list[tuple[date | None, str]]) -> dict[str, Any]:
    """{'days': ['2026-12-01'], 'organizations': {'Школа № 1': ['2026-12-01']}}, only what there is."""
    told: dict[str, Any] = {"days": sorted({str(day) for day, name in days if not name})}
    named: dict[str, list[str]] = {}
    for day, name in days:
        if name:
            named.setdefault(name, []).append(str(day))
    if named:
        told["organizations"] = {name: sorted(some) for name, some in named.items()}
    return told
