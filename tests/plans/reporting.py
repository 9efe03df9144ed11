"""What tests of reports stand on: a plan with lines of a party, and the people around it."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import Activity, DueDate, PartyAccount, Plan, ResponsibleParty
from plans.services.report_steps import Report
from plans.services.reporting import report_due
from tests.factories import NOW, MunicipalityFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)

PDF = b"%PDF-1.7 "


@dataclass
class World:
    """A municipality with an approved plan; `responsible` stands behind `party`, `other` behind nobody."""

    municipality: Municipality
    editor: User
    responsible: User
    other: User
    plan: Plan
    party: ResponsibleParty

    def activity(self, **facts: Any) -> Activity:
        with scope(writable=[self.municipality.pk]):
            activity = ActivityFactory(plan=self.plan, **facts)
            ActivityPartyFactory(activity=activity, party=self.party)
            return activity

    def due(self, *, activity: Activity | None = None, **facts: Any) -> DueDate:
        activity = activity or self.activity()
        with scope(writable=[self.municipality.pk]):
            return DueDateFactory(activity=activity, **facts)

    def reported(self, **facts: Any) -> DueDate:
        due = self.due(**facts)
        with scope(writable=[self.municipality.pk]):
            return report_due(due=due, version=1, report=report(), actor=self.responsible, at=NOW)


def make_world() -> World:
    municipality = MunicipalityFactory()
    editor = member_of(municipality, full_name="Осипова Дарья")
    responsible = member_of(municipality, Role.RESPONSIBLE, full_name="Седов Павел")
    other = member_of(municipality, Role.RESPONSIBLE)
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality, state="approved")
        party = ResponsiblePartyFactory(municipality=municipality)
        PartyAccount.objects.create(municipality=municipality, party=party, user=responsible)
    return World(municipality, editor, responsible, other, plan, party)


def report(text: str = "Опрос проведён", done_on: date | None = date(2026, 11, 20), **facts: Any) -> Report:
    return Report(text=text, done_on=done_on, **facts)


def step(**more: Any) -> dict[str, Any]:
    """What every service wants beside its own: the clock."""
    return {"at": NOW, **more}


def a_file(name: str = "Акт.pdf", content: bytes = PDF) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)
