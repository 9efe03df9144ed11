"""Open work of a person who leaves: each app that gives people work says how to count it and pass it on.

An app above registers in its `ready()`; accounts knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from nok_portal.common.text import counted

from .models import Membership, User

Count = Callable[[Membership], int]


class HandOver(Protocol):
    """Pass all open work of `membership` to `to`, in the transaction that is open; answers how much it was."""

    def __call__(self, *, membership: Membership, to: Membership, actor: User, at: datetime) -> int: ...


@dataclass(frozen=True)
class Hook:
    """One kind of work. `words` for one, few and many: ('срок', 'срока', 'сроков')."""

    words: tuple[str, str, str]
    count: Count
    hand_over: HandOver


@dataclass(frozen=True)
class OpenWork:
    """So much work of one kind: `str` is '3 срока'."""

    words: tuple[str, str, str]
    count: int

    def __str__(self) -> str:
        return counted(self.count, *self.words)


_hooks: dict[str, Hook] = {}


def register(kind: str, *, words: tuple[str, str, str], count: Count, hand_over: HandOver) -> None:
    """Make a kind of work known: 'plans.activities', ('мероприятие', 'мероприятия', 'мероприятий'), …

    `count` and `hand_over` run inside the municipality's scope. Work counted must be gone after handing over.
    """
    if kind in _hooks:
        raise ImproperlyConfigured(f"open work of kind {kind} is registered twice")
    _hooks[kind] = Hook(words, count, hand_over)


def open_work(membership: Membership) -> list[OpenWork]:
    """What the person would leave behind, kinds without any left out."""
    found = [OpenWork(hook.words, hook.count(membership)) for hook in _hooks.values()]
    return [work for work in found if work.count]


def hand_over(*, membership: Membership, to: Membership, actor: User, at: datetime) -> list[OpenWork]:
    """Pass everything on, and say what it was."""
    passed = [
        OpenWork(hook.words, hook.hand_over(membership=membership, to=to, actor=actor, at=at))
        for hook in _hooks.values()
    ]
    return [work for work in passed if work.count]
