"""Who works where, as far as reminders need to know; accounts above registers the answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to whom a letter can go."""

    user_id: int
    name: str
    email: str

    @property
    def pk(self) -> int:
        return self.user_id


@dataclass(frozen=True)
class Staff:
    """The people of one municipality who have a role and an open account, and those of them who see to what is
    nobody's: its administrators or, without any, its editors."""

    people: Mapping[int, Contact] = field(default_factory=dict)
    administrators: tuple[int, ...] = ()


class Directory(Protocol):
    """Reads of memberships; each in one query whatever the number of places."""

    def staff(self, municipality_ids: Collection[int]) -> Mapping[int, Staff]:
        """Staff by municipality; one without people may be left out."""
        ...

    def ministries(self, region_ids: Collection[int]) -> Mapping[int, list[Contact]]:
        """The people of the ministries, by region."""
        ...


_registered: list[Directory] = []


def register_directory(one: Directory) -> None:
    if _registered:
        raise ImproperlyConfigured("who works where is said twice")
    _registered.append(one)


def directory() -> Directory:
    return _registered[0]
