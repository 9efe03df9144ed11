"""Kinds of reminders: one class each, with what is due, when, and whose it is.

    @kind
    class MinutesNotSigned(Kind):
        key, title, tally = "minutes_not_signed", "Протокол не подписан", "протоколы"
        about = "Протокол заседания готов, но его никто не подписал."
        ladder = Ladder(after=(3, 7), every=7)

        def items(self, municipalities, *, day, ahead): …

An app keeps its kinds in `reminders.py`, which is found by itself. Stages, the ledger, letters, settings
and escalation are the same for all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from nok_portal.common.text import WEEKDAYS, counted, date_in_words
from nok_portal.tenants.models import Municipality

from .reminding import Ladder, Thresholds

DAYS = ("день", "дня", "дней")
Page = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is to be told, and why they, in a clause that goes on from 'потому что'."""

    user_id: int
    because: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is due, with all that a letter says of it.

    `thing` names it for ever ('duedate:7'); `words` are the deadline's in the plan; `page` is where it is done: the
    name of a URL and its arguments, from which `url` makes the path when it is wanted. `people` are told; without any
    the municipality's administrators, because of `nobody`. `superiors` hear of it, too, when it is late for long;
    `responsible` names who is late.
    """

    municipality_id: int
    thing: str
    due_on: date
    title: str
    page: Page
    query: str = ""
    number: str = ""
    words: str = ""
    group_title: str = ""
    group_page: Page = ()
    people: tuple[Told, ...] = ()
    nobody: str = "вы администратор"
    superiors: tuple[Told, ...] = ()
    responsible: str = ""

    @property
    def url(self) -> str:
        return _path(self.page) + self.query

    @property
    def group_url(self) -> str:
        return _path(self.group_page) if self.group_page else ""


@lru_cache(maxsize=4096)
def _path(page: Page) -> str:
    name, *arguments = page
    return reverse(str(name), args=arguments)


class Kind(ABC):
    """`tally` names it in the subject of a letter: «просрочено 2», `about` says on the screens of settings what it
    means. `escalates`: superiors hear when it is late for long. `is_declinable`: a person may do without letters of it.
    `is_of_due_days`: of the days that a municipality's thresholds are about.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    tally: ClassVar[str]
    about: ClassVar[str]
    ladder: ClassVar[Ladder] = Ladder()
    escalates: ClassVar[bool] = False
    is_declinable: ClassVar[bool] = True
    is_of_due_days: ClassVar[bool] = False

    def ladder_for(self, thresholds: Thresholds) -> Ladder:
        """The stages where a municipality has set its thresholds; most kinds have their own."""
        return self.ladder

    @abstractmethod
    def items(self, municipalities: Collection[Municipality], *, day: date, ahead: int) -> Iterable[Item]:
        """What is due in these municipalities (whose rows are readable) and not done, in a constant number of queries.

        At least what has reached a stage on `day`, with what is due within `ahead` days; more does no harm.
        """

    def standing(self, municipality: Municipality, *, things: Collection[str], day: date) -> Mapping[str, date]:
        """Of `things` those that are still to be done, with their due days. Simpler queries than `items` may do."""
        found = self.items([municipality], day=day, ahead=366)
        return {item.thing: item.due_on for item in found if item.thing in things}

    def said(self, due_on: date, day: date) -> str:
        """What a letter of `day` says about the due day."""
        return said_of_deadline(due_on, day)

    def is_late(self, due_on: date, day: date) -> bool:
        """Whether what `said` says on the day is marked as late."""
        return self.escalates


def said_of_deadline(due_on: date, day: date) -> str:
    """'срок 1 декабря 2026, вторник: осталось 7 дней'."""
    left = (due_on - day).days
    words = date_in_words(due_on, year=due_on.year != day.year)
    if left > 1:
        return f"срок {words}, {WEEKDAYS[due_on.weekday()]}: осталось {counted(left, *DAYS)}"
    if left == 1:
        return f"срок завтра, {words}"
    if left == 0:
        return f"срок сегодня, {words}"
    return f"срок был {words}: просрочено на {counted(-left, *DAYS)}"


_kinds: dict[str, Kind] = {}
KindClass = TypeVar("KindClass", bound=type[Kind])


def kind(one: KindClass) -> KindClass:
    """Register a kind; the order of registration is that of lists of settings."""
    if one.key in _kinds:
        raise ImproperlyConfigured(f"two kinds of reminders are called {one.key}")
    _kinds[one.key] = one()
    return one


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def find_kind(key: str) -> Kind | None:
    """The kind of a row in the ledger; None when it has been given up since."""
    return _kinds.get(key)


class RegionalFigure(ABC):
    """A figure of the ministry's weekly digest: so many in each municipality. `is_alarming`: none is best."""

    key: ClassVar[str]
    title: ClassVar[str]
    is_alarming: ClassVar[bool] = False

    @abstractmethod
    def counts(self, municipalities: Collection[Municipality], *, day: date) -> Mapping[int, int]:
        """By municipality, in a constant number of queries; none may be left out."""


_figures: dict[str, RegionalFigure] = {}
FigureClass = TypeVar("FigureClass", bound=type[RegionalFigure])


def regional_figure(one: FigureClass) -> FigureClass:
    if one.key in _figures:
        raise ImproperlyConfigured(f"two regional figures are called {one.key}")
    _figures[one.key] = one()
    return one


def all_figures() -> list[RegionalFigure]:
    return list(_figures.values())
