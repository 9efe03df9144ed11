"""How plans stand: the due dates of the year, and what is missing so that they can be worked with."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from nok_portal.common.text import counted
from plans.enums import DueState
from plans.models import Activity, ActivityParty, DueDate, Plan, ResponsibleParty

from .behind import behind_parties
from .dues import is_late


@dataclass(frozen=True)
class PlanHealth:
    """One plan: its due dates of a year by state, and its gaps.

    `alone` are its parties behind which nobody stands.
    """

    plan: Plan
    year: int
    dues: int = 0
    accepted: int = 0
    reported: int = 0
    late: int = 0
    activities: int = 0
    unread: int = 0
    without_party: int = 0
    with_findings: int = 0
    alone: tuple[ResponsibleParty, ...] = field(default=())

    @property
    def ahead(self) -> int:
        return self.dues - self.accepted - self.reported - self.late

    @property
    def in_words(self) -> str:
        """'Из 41 срока принято 27, на проверке 3, просрочено 2, впереди 9'."""
        dues = counted(self.dues, "срока", "сроков", "сроков")
        done = f"принято {self.accepted}, на проверке {self.reported}"
        return f"Из {dues} {done}, просрочено {self.late}, впереди {self.ahead}"

    @property
    def is_whole(self) -> bool:
        """Nothing is missing."""
        return not any((self.unread, self.without_party, self.with_findings, self.alone))


def health_of_plans(plans: Iterable[Plan], today: date) -> list[PlanHealth]:
    """How each plan stands, in the order given; the same number of queries for one plan as for many."""
    plans = list(plans)
    keys = [plan.pk for plan in plans]
    dues, lines = _dues_by_plan(keys, today), _lines_by_plan(keys)
    alone = _alone_by_plan(keys, today)
    return [
        PlanHealth(
            plan=plan,
            year=today.year,
            **dues.get(plan.pk, {}),
            **lines.get(plan.pk, {}),
            alone=tuple(alone[plan.pk]),
        )
        for plan in plans
    ]


def _dues_by_plan(plans: Collection[int], today: date) -> dict[int, dict[str, Any]]:
    """Of the present year, without those that were cancelled or were over before the plan came in."""
    rows = (
        DueDate.objects.filter(activity__plan__in=plans, window_to__year=today.year)
        .exclude(state=DueState.CANCELLED)
        .exclude(state=DueState.OPEN, ended_before_entry=True)
        .values("activity__plan")
        .annotate(
            dues=Count("pk"),
            accepted=Count("pk", filter=Q(state=DueState.ACCEPTED)),
            reported=Count("pk", filter=Q(state=DueState.REPORTED)),
            late=Count("pk", filter=is_late(today)),
        )
    )
    return _by_plan(rows, "activity__plan")


def _lines_by_plan(plans: Collection[int]) -> dict[int, dict[str, Any]]:
    parties = ActivityParty.objects.filter(activity=OuterRef("pk"))
    rows = (
        Activity.objects.filter(plan__in=plans)
        .values("plan")
        .annotate(
            activities=Count("pk"),
            unread=Count("pk", filter=Q(deadline_reading="")),
            without_party=Count("pk", filter=~Q(Exists(parties))),
            with_findings=Count("pk", filter=~Q(findings=[])),
        )
    )
    return _by_plan(rows, "plan")


def _by_plan(rows: Iterable[Any], key: str) -> dict[int, dict[str, Any]]:
    return {row[key]: {name: value for name, value in row.items() if name != key} for row in rows}


def _alone_by_plan(plans: Collection[int], today: date) -> dict[int, list[ResponsibleParty]]:
    links = ActivityParty.objects.filter(activity__plan__in=plans).values_list("activity__plan", "party").distinct()
    wanted = list(links)
    parties = ResponsibleParty.objects.in_bulk([party for _, party in wanted])
    nobody = {key for key, behind in behind_parties(parties.values(), on=today).items() if behind.is_nobody}
    found: dict[int, list[ResponsibleParty]] = defaultdict(list)
    for plan, party in sorted(wanted, key=lambda pair: parties[pair[1]].name_key):
        if party in nobody:
            found[plan].append(parties[party])
    return found
