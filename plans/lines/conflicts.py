"""Two people on one line: what the one saw, what the one changed, and what stands in the plan by now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plans.lines.fields import LABELS, same_value
from plans.table.steps import STEPS

# what other changes of the plan bring about: rows above were added or moved
_FOLLOWS = frozenset({"number"})


@dataclass(frozen=True)
class Versions:
    """A field that somebody changed: both versions. `is_clash`: both people changed it, one must be chosen."""

    name: str
    label: str
    mine: str
    now: str
    is_mine: bool
    is_theirs: bool

    @property
    def is_clash(self) -> bool:
        return self.is_mine and self.is_theirs


def compare(seen: Mapping[str, Any], changes: Mapping[str, Any], now: Mapping[str, Any]) -> list[Versions]:
    """The fields that one of the two changed, in the order of the form; what both made alike is left out."""
    found = []
    for name, was in seen.items():
        is_theirs = not same_value(was, now[name])
        is_mine = name in changes and not same_value(changes[name], now[name])
        if is_theirs or is_mine:
            mine = changes.get(name, was)
            found.append(
                Versions(name, LABELS[name], in_words(name, mine), in_words(name, now[name]), is_mine, is_theirs)
            )
    return found


def is_harmless(versions: list[Versions]) -> bool:
    """Whether the other change touched nothing that people wrote: only the number went on with its neighbours."""
    return all(not one.is_theirs or (one.name in _FOLLOWS and not one.is_mine) for one in versions)


def in_words(name: str, value: Any) -> str:
    """A value as people read it; empty for none."""
    if name == "step":
        return STEPS.get(value, value or "")
    if isinstance(value, list | tuple):
        return "; ".join(value)
    return str(value).replace(".", ",") if name == "planned_quantity" and value is not None else str(value or "")
