"""«Мои сроки»: due dates as a list to work through, and how many there are of each sort."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.enums import TextChoices

from nok_portal.accounts.models import User
from nok_portal.common.text import date_in_words, fold
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right
from plans.enums import DueState
from plans.models import ActivityParty, DueDate
from plans.permissions import reportable, why_asks_nothing
from plans.transitions import Verb, is_allowed

from .dues import dues_of, is_late, is_soon
from .folded import folded
from .people import dues_of_person

_MOST_WORDS = 10


class DueSort(TextChoices):
    """Which due dates a person looks at."""

    MINE = "mine", "Мои"
    WAITING = "waiting", "На проверке"
    RETURNED = "returned", "Возвращённые"
    OVERDUE = "overdue", "Просроченные"
    SOON = "soon", "Ближайшие две недели"
    ALL = "all", "Все"


@dataclass(frozen=True)
class Viewer:
    """Who looks, with what they may do here."""

    user: User
    rights: frozenset[Right]
    organization_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ListedDue:
    """A due date of the list: its line's parties, how many proofs it has, what this person may do with it.

    `asks`: its time has come, and nobody is still to find out what was before the plan was entered. `is_over`: why
    nobody does anything with it, whoever they are; '' while work on its plan goes on.
    """

    due: DueDate
    parties: tuple[str, ...]
    proofs: int
    verbs: frozenset[Verb]
    asks: bool = False
    is_over: str = ""

    @property
    def label(self) -> str:
        """The name of the window where it says more than the day."""
        return "" if self.due.label == f"до {date_in_words(self.due.window_to)}" else self.due.label

    @property
    def may_report(self) -> bool:
        return Verb.REPORT in self.verbs

    @property
    def may_accept(self) -> bool:
        return Verb.ACCEPT in self.verbs


def dues_of_sort(
    municipality: Municipality, sort: DueSort, *, viewer: Viewer, today: date, words: str = ""
) -> QuerySet[DueDate]:
    """Due dates of plans in force, those to be done first on top; every word must occur in number, title or party."""
    found = dues_of(municipality).filter(_is_of(sort, municipality, viewer, today))
    for word in fold(words).split()[:_MOST_WORDS]:
        party = ActivityParty.objects.filter(party__name_key__contains=word).values("activity")
        found = found.alias(said=folded("activity__title", "organization__short_name")).filter(
            Q(activity__number__startswith=word) | Q(said__contains=word) | Q(activity__in=party)
        )
    order = ("reported_at",) if sort is DueSort.WAITING else ("ended_before_entry", "window_to", "activity__position")
    return found.order_by(*order, "pk")


def counts_of_sorts(municipality: Municipality, *, viewer: Viewer, today: date) -> dict[DueSort, int]:
    """How many due dates of each sort there are, in one query."""
    counts = {sort.value: Count("pk", filter=_is_of(sort, municipality, viewer, today)) for sort in DueSort}
    found = dues_of(municipality).aggregate(**counts)
    return {sort: found[sort.value] for sort in DueSort}


def listed(dues: Iterable[DueDate], municipality: Municipality, *, viewer: Viewer, today: date) -> list[ListedDue]:
    """What the list says of these due dates, in as many queries for all as for one."""
    links = ActivityParty.objects.select_related("party").order_by("position")
    keys = [due.pk for due in dues]
    related = ("activity__plan", "organization", "reported_by")
    rows = {
        due.pk: due
        for due in DueDate.objects.filter(pk__in=keys)
        .select_related(*related)
        .prefetch_related(Prefetch("activity__party_links", links))
        .annotate(proofs=Count("evidence"))
    }
    mine = reportable(
        DueDate.objects.filter(pk__in=keys),
        municipality=municipality,
        user=viewer.user,
        on=today,
        rights=viewer.rights,
        organization_ids=viewer.organization_ids,
    )
    may_report = set(mine.values_list("pk", flat=True))
    may_decide = Right.ACCEPT_REPORTS in viewer.rights
    found = [rows[key] for key in keys if key in rows]
    return [
        ListedDue(
            due=due,
            parties=tuple(link.party.name for link in due.activity.party_links.all()),
            proofs=due.proofs,
            asks=_asks(due, today),
            is_over=(over := why_asks_nothing(due.activity.plan)),
            verbs=frozenset() if over else _verbs(due.state, may_report=due.pk in may_report, may_decide=may_decide),
        )
        for due in found
    ]


def chosen_dues(municipality: Municipality, keys: Collection[int]) -> QuerySet[DueDate]:
    """The due dates that a person has chosen, in the order of their days."""
    return DueDate.objects.filter(municipality=municipality, pk__in=keys).order_by(
        "window_to", "activity__position", "pk"
    )


def _verbs(state: str, *, may_report: bool, may_decide: bool) -> frozenset[Verb]:
    """What the list offers of a due date that stands so."""
    offered = {Verb.REPORT: may_report, Verb.ACCEPT: may_decide, Verb.RETURN: may_decide, Verb.CANCEL: may_decide}
    return frozenset(verb for verb, may in offered.items() if may and is_allowed(verb, state))


def _asks(due: DueDate, today: date) -> bool:
    return due.is_returned or (due.window_from <= today and not due.ended_before_entry)


def _is_of(sort: DueSort, municipality: Municipality, viewer: Viewer, today: date) -> Q:
    match sort:
        case DueSort.MINE:
            mine = dues_of_person(
                municipality=municipality, user=viewer.user, on=today, organization_ids=viewer.organization_ids
            )
            return Q(pk__in=mine.values("pk"), ended_before_entry=False)
        case DueSort.WAITING:
            return Q(state=DueState.REPORTED)
        case DueSort.RETURNED:
            return Q(state=DueState.OPEN) & ~Q(returned_reason="")
        case DueSort.OVERDUE:
            return is_late(today)
        case DueSort.SOON:
            return is_soon(today)
        case DueSort.ALL:
            return Q()
