"""What a responsible party takes from its double when the two become one."""

from collections.abc import Mapping
from typing import Any

from plans.enums import PartyKind
from plans.models import ResponsibleParty


def taken_facts(kept: ResponsibleParty, double: ResponsibleParty) -> dict[str, Any]:
    """What the kept one does not say and the double does, by column; an institution never becomes a group."""
    taken: dict[str, Any] = {}
    becomes_group = double.kind == PartyKind.INSTITUTIONS
    if kept.kind == PartyKind.OTHER != double.kind and not (becomes_group and kept.organization_id):
        taken["kind"] = double.kind
    if taken.get("kind", kept.kind) == PartyKind.INSTITUTIONS:
        # a type belongs to its sphere
        if double.group_sphere and not kept.group_sphere:
            taken |= {"group_sphere": double.group_sphere, "group_type": double.group_type}
    elif double.organization_id and not kept.organization_id:
        taken["organization_id"] = double.organization_id
    if double.curator_id and not kept.curator_id:
        taken["curator_id"] = double.curator_id
    return taken


def given_back(kept: ResponsibleParty, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What of the taken facts goes when the two part again: those that nobody has changed since.

    A group that somebody has described anew stays a group, with all that it says of itself.
    """
    unchanged = {name: value for name, value in before.items() if getattr(kept, name) == after[name]}
    if kept.group_sphere != after.get("group_sphere", "") or kept.group_type != after.get("group_type", ""):
        unchanged = {name: value for name, value in unchanged.items() if name not in _GROUP}
    return unchanged


_GROUP = ("kind", "group_sphere", "group_type")
