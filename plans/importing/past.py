"""Corrections that can be taken back, the last one first. Pure.

A step keeps what was said before it of the parts that it changed: [part, key or null, what was said or null].
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

WHOLE = ("facts", "settled")
BY_KEY = ("activities", "sections", "targets")
LONGEST = 100


def step_of(before: Mapping[str, Any], after: Mapping[str, Any], *, words: str, serial: int) -> dict[str, Any]:
    """What it takes to come back from `after` to `before`; `serial` tells steps of one import apart."""
    was = [[part, None, before.get(part)] for part in WHOLE if before.get(part) != after.get(part)]
    for part in BY_KEY:
        said, says = before.get(part, {}), after.get(part, {})
        was += [[part, key, said.get(key)] for key in sorted({*said, *says}) if said.get(key) != says.get(key)]
    return {"serial": serial, "words": words, "was": deepcopy(was)}


def taken_back(corrections: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """The corrections without that step."""
    found = deepcopy(dict(corrections))
    for part, key, said in step["was"]:
        holder, name = (found, part) if key is None else (found.setdefault(part, {}), key)
        if said is None:
            holder.pop(name, None)
        else:
            holder[name] = said
    return found
