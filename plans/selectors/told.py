"""Who is told of a line's due date, and why they: the people behind its parties, and who stands above them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from nok_portal.accounts.models import Membership
from nok_portal.messaging.kinds import Told
from nok_portal.tenants.rights import RIGHTS, Right, Role
from plans.enums import StandsBehind
from plans.models import ActivityParty

from .behind import Behind, behind_parties

NO_PARTY = "у мероприятия нет исполнителя, а вы администратор"


@dataclass(frozen=True)
class WhoIsTold:
    """`nobody`: why the administrators are told where `people` is empty; `superiors` hear of long lateness.
    `responsible` names the parties."""

    people: tuple[Told, ...] = ()
    nobody: str = NO_PARTY
    superiors: tuple[Told, ...] = ()
    responsible: str = ""


Line = tuple[int, int | None]  # an activity, and the organization where a due date names one


def thing_of_due(due_id: int) -> str:
    """What the ledger of reminders calls a due date."""
    return f"duedate:{due_id}"


def told_of_lines(lines: Iterable[Line], *, day: date) -> dict[Line, WhoIsTold]:
    """For lines of one or many municipalities, in five queries whatever their number.

    Accounts of a party are told; without them people of its institution or group (of the organization alone where
    the due date names one), without these its curator. Superiors are the heads of a party, or its curator where it
    has none beside those who are told themselves.
    """
    lines = set(lines)
    links: dict[int, list[int]] = defaultdict(list)
    parties = {}
    found = ActivityParty.objects.filter(activity__in={activity for activity, _ in lines})
    for link in found.select_related("party").order_by("activity", "position"):
        links[link.activity_id].append(link.party_id)
        parties[link.party_id] = link.party
    behind = behind_parties(parties.values(), on=day)
    members = _members({organization for _, organization in lines if organization is not None})
    names = {key: f"«{party.name}»" for key, party in parties.items()}
    by_line = {}
    for activity, organization in lines:
        told: list[Told] = []
        above: list[Told] = []
        for key in links[activity]:
            theirs = list(_told(names[key], behind[key], organization, members))
            told += theirs
            above += _above(names[key], behind[key], {one.user_id for one in theirs})
        nobody, some = NO_PARTY, ", ".join(names[key] for key in links[activity])
        if some:
            nobody = f"за исполнителя ({some}) в портале никто не работает, а вы администратор"
        by_line[activity, organization] = WhoIsTold(tuple(told), nobody, tuple(above), some)
    return by_line


def _told(
    name: str, behind: Behind, organization: int | None, members: Mapping[int, Collection[int]]
) -> Iterable[Told]:
    match behind.reason:
        case StandsBehind.ACCOUNTS:
            return [Told(user.pk, f"вы работаете за исполнителя {name}") for user in behind.reminded]
        case StandsBehind.INSTITUTION | StandsBehind.GROUP:
            because = (
                f"ваше учреждение входит в группу {name}"
                if behind.reason is StandsBehind.GROUP
                else f"исполнитель — ваше учреждение {name}"
            )
            if organization is None:
                return [Told(user.pk, because) for user in behind.users]
            theirs = members.get(organization, ()) if organization in {one.pk for one in behind.organizations} else ()
            if theirs or behind.curator is None:
                return [Told(user_id, because) for user_id in theirs]
            return [Told(behind.curator.user.pk, f"у учреждения нет учётной записи, а вы куратор исполнителя {name}")]
        case StandsBehind.CURATOR:
            return [
                Told(user.pk, f"у исполнителя {name} нет учётной записи, а вы его куратор") for user in behind.users
            ]
        case _:
            return []


def _above(name: str, behind: Behind, told: Collection[int]) -> Iterable[Told]:
    heads = [user.pk for user in behind.heads if user.pk not in told]
    if heads:
        return [Told(user_id, f"просрочено надолго, а вы руководитель исполнителя {name}") for user_id in heads]
    if behind.curator is None or behind.curator.user.pk in told:
        return []
    return [Told(behind.curator.user.pk, f"просрочено надолго, а вы куратор исполнителя {name}")]


def _members(organization_ids: Collection[int]) -> dict[int, list[int]]:
    """People of each institution."""
    found: dict[int, list[int]] = defaultdict(list)
    if organization_ids:
        rows = _staff().filter(organization__in=organization_ids, role=Role.INSTITUTION)
        for organization_id, user_id in rows.order_by("pk").values_list("organization_id", "user_id"):
            found[organization_id].append(user_id)
    return found


def _staff() -> QuerySet[Membership]:
    """Roles that people have now; an account that is switched off is told nothing."""
    return Membership.objects.current().filter(user__is_active=True)


def people_with_right(municipality_ids: Collection[int], right: Right) -> dict[int, list[int]]:
    """Members of each municipality whose role gives the right."""
    roles = [role for role in Role if role is not Role.MINISTRY and right in RIGHTS[role]]
    found: dict[int, list[int]] = defaultdict(list)
    rows = _staff().filter(municipality__in=municipality_ids, role__in=roles)
    for municipality_id, user_id in rows.order_by("pk").values_list("municipality_id", "user_id"):
        if user_id not in found[municipality_id]:
            found[municipality_id].append(user_id)
    return found
