"""Who the responsible parties of the demo are; one double and some proposals are left for whoever tries them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from nok_portal.accounts.models import User
from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality
from plans.enums import PartyKind
from plans.models import ResponsibleParty
from plans.services.parties import change_party

# how the plan calls a party → what it is
PARTIES: dict[str, dict[str, Any]] = {
    "руководители учреждений культуры": {"kind": PartyKind.INSTITUTIONS, "group_sphere": "culture"},
    "управление образования": {"kind": PartyKind.DEPARTMENT},
}
# whom the administrator of the portal reminds personally
WITH_CURATOR = ("руководители учреждений культуры", "управление образования", "отдел закупок")


def tell_who_parties_are(*, municipality: Municipality, people: Mapping[str, User], at: datetime) -> None:
    """Groups and curators; the first of `people` decides and is the curator."""
    decider = next(iter(people.values()))
    for party in ResponsibleParty.objects.filter(municipality=municipality):
        name = fold(party.name)
        facts = dict(PARTIES.get(name, {})) | ({"curator": decider} if name in WITH_CURATOR else {})
        if facts:
            change_party(party=party, facts=facts, version=party.version, actor=decider, at=at - timedelta(days=29))
