"""Approved plans of the demo, and a new edition that is being prepared."""

from datetime import datetime, timedelta
from typing import Any

from nok_portal.accounts.models import User
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.services.acts import NewAct
from plans.models import Plan
from plans.services.approval import approve_plan
from plans.services.arranging import add_activity, delete_activity
from plans.services.editing import edit_activity
from plans.services.editions import start_new_edition

# what the new edition says otherwise, by the number of the line
CHANGED: dict[str, dict[str, Any]] = {
    "2": {"title": "Определение порядка и графика выезда экспертов в организации"},
    "6": {"deadline_text": "с 15 сентября по 31 октября"},
    "8": {"deadline_text": "до 25 ноября"},
    "12": {"responsible": ("Начальник управления образования", "Общественная палата города")},
}
DELETED = "13"
ADDED: dict[str, Any] = {
    "title": "Встречи с родителями по итогам оценки",
    "deadline_text": "январь – февраль года, следующего за годом проведения оценки",
    "responsible": ("Управление образования",),
}


def approve_demo_plan(*, municipality: Municipality, actor: User, at: datetime) -> Plan:
    """The municipality's plan is approved by an act of the day before yesterday's month."""
    plan = Plan.objects.get(municipality=municipality)
    day = (at - timedelta(days=29)).date()
    facts = {
        "kind": ActKind.DECREE,
        "number": f"{100 + day.month}-п",
        "adopted_on": day,
        "issuer": f"администрации {municipality.name_genitive}",
        "title": "Об утверждении плана мероприятий по независимой оценке",
    }
    return approve_plan(plan=plan, version=plan.version, act=NewAct(facts), actor=actor, at=at - timedelta(days=29))


def prepare_demo_edition(*, plan: Plan, actor: User, at: datetime) -> Plan:
    """A new edition with words changed, a line added and one deleted."""
    edition = start_new_edition(plan=plan, version=plan.version, actor=actor, at=at)
    for number, changes in CHANGED.items():
        line = edition.activities.get(number=number)
        edit_activity(activity=line, version=line.version, changes=changes, actor=actor, at=at)
    gone = edition.activities.get(number=DELETED)
    delete_activity(activity=gone, version=gone.version, actor=actor, at=at)
    add_activity(plan=edition, values=ADDED, actor=actor, at=at)
    return edition
