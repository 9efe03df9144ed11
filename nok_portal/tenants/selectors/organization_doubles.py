"""Reads for finding and merging doubles in the organizations register."""

from dataclasses import dataclass
from typing import Any

from ..models import Municipality, Organization, OrganizationDistinction
from ..register.matching import FIELDS as FACTS
from ..register.names import Named, likely_doubles, shared_inns
from .organizations import label_of, shown


@dataclass(frozen=True)
class DoublePair:
    """Two organizations that may be one."""

    first: Organization
    second: Organization
    same_inn: bool


@dataclass(frozen=True)
class SharedInn:
    """An INN of several organizations."""

    inn: str
    organizations: list[Organization]


def doubles_in(municipality: Municipality) -> tuple[list[DoublePair], list[SharedInn]]:
    """Pairs with names alike that nobody called different, and INNs shared beyond those pairs."""
    listed = {one.pk: one for one in Organization.objects.filter(municipality=municipality).listed().in_russian_order()}
    named = [Named(one.pk, one.name, one.short_name, one.inn) for one in listed.values()]
    apart = set(OrganizationDistinction.objects.filter(municipality=municipality).values_list("first_id", "second_id"))
    pairs = [
        DoublePair(listed[double.first], listed[double.second], double.same_inn)
        for double in likely_doubles(named)
        if (double.first, double.second) not in apart
    ]
    paired = {frozenset((pair.first.pk, pair.second.pk)) for pair in pairs}
    shared = [
        SharedInn(inn, [listed[pk] for pk in members])
        for inn, members in shared_inns(named).items()
        if frozenset(members) not in paired
    ]
    return pairs, shared


@dataclass(frozen=True)
class MergeField:
    """A fact of two organizations side by side; `choice` is what the form offers at first."""

    name: str
    label: str
    kept: str
    double: str
    choice: str

    @property
    def differs(self) -> bool:
        return self.kept != self.double


def merge_fields(kept: Organization, double: Organization) -> list[MergeField]:
    """All facts; the kept one's value is offered unless it has none."""
    found = []
    for name in FACTS:
        own, other = shown(name, getattr(kept, name)), shown(name, getattr(double, name))
        found.append(MergeField(name, label_of(name), own, other, "double" if other and not own else "kept"))
    return found


def chosen_facts(kept: Organization, double: Organization, choices: dict[str, str]) -> dict[str, Any]:
    """The facts that a person's choices ('kept' or 'double' by field) make; the kept one's where nothing was said."""
    return {name: getattr(double if choices.get(name) == "double" else kept, name) for name in FACTS}
