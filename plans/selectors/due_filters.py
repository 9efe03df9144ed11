"""Which due dates a calendar, a list or a report is about: one filter, the fields are those of the address."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.enums import TextChoices

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from plans.enums import DueState
from plans.models import ActivityParty, DueDate, Plan, ResponsibleParty

from .dues import dues_of, is_late
from .people import only_of_person


class DuePick(TextChoices):
    """How due dates stand that are wanted; none of these: all but the cancelled ones."""

    LATE = "late", "Просрочено"
    OPEN = "open", "В работе и впереди"
    RETURNED = "returned", "Возвращено"
    REPORTED = "reported", "На проверке"
    ACCEPTED = "accepted", "Принято"
    CANCELLED = "cancelled", "Снято"


@dataclass(frozen=True)
class DuesFilter:
    """`person`: only what this person is to report, with the institutions where they have a role.

    Without a plan those in force are meant. `first` and `last` bound the last day of the window.
    """

    plan: int | None = None
    party: int | None = None
    step: str = ""
    state: DuePick | None = None
    person: User | None = None
    organization_ids: frozenset[int] = field(default_factory=frozenset)
    first: date | None = None
    last: date | None = None

    @property
    def is_active(self) -> bool:
        """Whether it leaves anything out beside the days."""
        return any((self.plan, self.party, self.step, self.state, self.person))


def filtered_dues(municipality: Municipality, wanted: DuesFilter, today: date) -> QuerySet[DueDate]:
    """The due dates that the filter means, each once, in no order."""
    found: QuerySet[DueDate] = dues_of(municipality, plan=wanted.plan, first=wanted.first, last=wanted.last)
    found = found.filter(_stands(wanted, today))
    if wanted.party:
        found = found.filter(activity__in=_lines_of(ResponsibleParty.objects.filter(pk=wanted.party)))
    if wanted.step:
        found = found.filter(activity__step=wanted.step)
    if wanted.person:
        found = only_of_person(
            found,
            municipality=municipality,
            user_id=wanted.person.pk,
            on=today,
            organization_ids=wanted.organization_ids,
        )
    return found


def parties_of_plans(municipality: Municipality, plan: int | None = None) -> QuerySet[ResponsibleParty]:
    """Who answers for something in the plans in force, or in one plan, by name."""
    plans = Plan.objects.filter(municipality=municipality)
    plans = plans.filter(pk=plan) if plan else plans.in_force()
    named = ActivityParty.objects.filter(activity__plan__in=plans).values("party")
    return ResponsibleParty.objects.filter(municipality=municipality, pk__in=named).order_by("name_key", "pk")


def answers_in_plan(party: int, *, municipality: Municipality, plan: int) -> bool:
    """Whether the plan names the party."""
    return parties_of_plans(municipality, plan).filter(pk=party).exists()


def _stands(wanted: DuesFilter, today: date) -> Q:
    open_ones = Q(state=DueState.OPEN)
    match wanted.state:
        case None:
            return ~Q(state=DueState.CANCELLED)
        case DuePick.LATE:
            return is_late(today)
        case DuePick.OPEN:
            return open_ones & Q(window_to__gte=today)
        case DuePick.RETURNED:
            return open_ones & ~Q(returned_reason="")
        case _:
            return Q(state=wanted.state)


def _lines_of(parties: QuerySet[ResponsibleParty]) -> "QuerySet[Any, Any]":
    return ActivityParty.objects.filter(party__in=parties.values("pk")).values("activity")
