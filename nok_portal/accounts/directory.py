"""Who works where, for reminders: current roles of open accounts."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from nok_portal.messaging.people import Contact, Staff, register_directory
from nok_portal.tenants.rights import Role

from .models import Membership

_KEEPERS = (Role.ADMINISTRATOR, Role.EDITOR)  # of what is nobody's; the first of these roles that somebody has
_FIELDS = ("user_id", "user__full_name", "user__email", "role")


class Memberships:
    """The directory that messaging asks."""

    def staff(self, municipality_ids: Collection[int]) -> dict[int, Staff]:
        people: dict[int, dict[int, Contact]] = defaultdict(dict)
        keepers: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        rows = _current().filter(municipality__in=municipality_ids).values_list("municipality_id", *_FIELDS)
        for municipality_id, user_id, name, email, role in rows:
            people[municipality_id].setdefault(user_id, Contact(user_id, name or email, email))
            keepers[municipality_id][role].append(user_id)
        return {
            municipality_id: Staff(
                found,
                next(
                    (tuple(keepers[municipality_id][role]) for role in _KEEPERS if keepers[municipality_id][role]), ()
                ),
            )
            for municipality_id, found in people.items()
        }

    def ministries(self, region_ids: Collection[int]) -> dict[int, list[Contact]]:
        found: dict[int, list[Contact]] = defaultdict(list)
        rows = _current().filter(region__in=region_ids, role=Role.MINISTRY).values_list("region_id", *_FIELDS)
        for region_id, user_id, name, email, _ in rows:
            found[region_id].append(Contact(user_id, name or email, email))
        return dict(found)


def _current() -> QuerySet[Membership]:
    return Membership.objects.current().filter(user__is_active=True).order_by("pk")


register_directory(Memberships())
