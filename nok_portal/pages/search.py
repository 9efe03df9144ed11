"""One search over what a municipality's office keeps: groups of a few hits, each with the way to all of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from nok_portal.accounts.selectors import PeopleFilter, people_of
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right
from nok_portal.tenants.selectors.acts import ActFilter, acts_for_list
from nok_portal.tenants.selectors.organizations import OrganizationFilter, organizations_for_list
from plans.selectors.search import find_activities, find_parties, find_plans

SHOWN = 8
SHORTEST = 2  # letters: one is in nearly everything


@dataclass(frozen=True)
class Hit:
    """Something found: its name, where it is, what else tells it from its like."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Hits of one kind; `more_url` leads to all `total` of them where a list can show these."""

    title: str
    icon: str
    hits: list[Hit]
    total: int
    more_url: str = ""


@dataclass(frozen=True)
class Kind:
    """Something that can be looked for by whoever has the right."""

    title: str
    icon: str
    right: Right
    find: Callable[[Municipality, str], QuerySet[Any]]
    tell: Callable[[Any, str], Hit]
    list_name: str = ""
    list_filter: tuple[tuple[str, str], ...] = ()


def search(municipality: Municipality, words: str, *, rights: Collection[Right]) -> list[Group]:
    """What is found by all of the words, kind by kind; two queries a kind at most, none for too short words."""
    if is_too_short(words):
        return []
    found = []
    for kind in KINDS:
        if kind.right not in rights:
            continue
        rows = kind.find(municipality, words)
        hits = list(rows[: SHOWN + 1])
        total = len(hits) if len(hits) <= SHOWN else rows.count()
        if hits:
            told = [kind.tell(one, municipality.slug) for one in hits[:SHOWN]]
            more = reverse(kind.list_name, args=[municipality.slug]) if kind.list_name and total > SHOWN else ""
            more_url = f"{more}?{urlencode({'q': words, **dict(kind.list_filter)})}" if more else ""
            found.append(Group(kind.title, kind.icon, told, total, more_url))
    return found


def is_too_short(words: str) -> bool:
    """Words that would find nearly everything."""
    return len("".join(words.split())) < SHORTEST


def _plan(plan: Any, slug: str) -> Hit:
    note = f"{plan.years}, {'в архиве' if plan.archived_at else plan.get_state_display().lower()}"
    return Hit(plan.title, reverse("office:plan", args=[slug, plan.pk]), note)


def _activity(activity: Any, slug: str) -> Hit:
    url = f"{reverse('office:plan', args=[slug, activity.plan_id])}?line={activity.pk}#a{activity.pk}"
    title = f"{activity.number.rstrip('.')}. {activity.title}" if activity.number else activity.title
    return Hit(title, url, f"{activity.deadline_text or 'срок не указан'} · план на {activity.plan.years}")


def _party(party: Any, slug: str) -> Hit:
    return Hit(party.name, reverse("office:party", args=[slug, party.pk]), party.get_kind_display())


def _organization(one: Any, slug: str) -> Hit:
    note = ", ".join(part for part in (one.get_sphere_display(), one.organization_type, one.address) if part)
    return Hit(one.short_name or one.name, reverse("office:organization", args=[slug, one.pk]), note)


def _act(act: Any, slug: str) -> Hit:
    return Hit(str(act), reverse("office:act", args=[slug, act.pk]), act.title)


def _person(membership: Any, slug: str) -> Hit:
    note = ", ".join(part for part in (membership.post, membership.get_role_display()) if part)
    return Hit(membership.user.full_name, reverse("office:person", args=[slug, membership.pk]), note)


KINDS = (
    Kind("Мероприятия", "plan", Right.SEE_PLANS, find_activities, _activity),
    Kind("Планы", "plan", Right.SEE_PLANS, find_plans, _plan),
    Kind(
        "Организации",
        "org",
        Right.SEE_ORGANIZATIONS,
        lambda municipality, words: organizations_for_list(
            municipality, OrganizationFilter(words=words, state="all"), today=timezone.localdate()
        ),
        _organization,
        "office:organizations",
        (("state", "all"),),
    ),
    Kind("Исполнители", "people", Right.SEE_PLANS, find_parties, _party, "office:parties"),
    Kind(
        "Правовые акты",
        "act",
        Right.SEE_ACTS,
        lambda municipality, words: acts_for_list(municipality, ActFilter(words=words)),
        _act,
        "office:acts",
    ),
    Kind(
        "Люди",
        "council",
        Right.SEE_PEOPLE,
        lambda municipality, words: people_of(municipality, PeopleFilter(words=words)),
        _person,
        "office:people",
    ),
)
