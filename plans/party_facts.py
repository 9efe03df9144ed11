"""What a responsible party takes from its double when the two become one."""

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
