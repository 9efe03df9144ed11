"""What stands in a person's calendar feed: apps above say it in `feeds.py`, which is found by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from nok_portal.tenants.models import Municipality


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A day of a person's work.

    `uid` names it for ever ('duedate-7'), `revision` grows with every change. What is done stays without alarms, what
    is cancelled is struck from the calendar. `url` is a path.
    """

    uid: str
    day: date
    title: str
    about: str
    url: str
    revision: int
    is_done: bool = False
    is_cancelled: bool = False


class FeedSource(Protocol):
    """Entries of one person in one municipality (readable) from `since` on, in a constant number of queries."""

    def __call__(self, *, municipality: Municipality, user_id: int, since: date) -> Iterable[FeedEntry]: ...


_sources: list[FeedSource] = []


def feed_source(source: FeedSource) -> FeedSource:
    """Register a source."""
    _sources.append(source)
    return source


def entries_of(*, municipality: Municipality, user_id: int, since: date) -> list[FeedEntry]:
    """What all sources say, by day."""
    found = [entry for source in _sources for entry in source(municipality=municipality, user_id=user_id, since=since)]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))
