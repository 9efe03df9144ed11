"""What has happened in the demo: an event that a term waited for; organizations that a line names by year."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from plans.models import Activity, Plan
from plans.selectors.activity_organizations import suggested_organizations
from plans.services.activity_organizations import set_activity_organizations
from plans.services.events import record_event

EVENT = "заключение контракта с оператором"
NAMING = "2.6"


def add_events(*, municipality: Municipality, people: Mapping[str, User], at: datetime) -> None:
    """Record the contract with the operator, and give the organizations of one line their own days."""
    editor = people["editor"]
    plan = Plan.objects.get(municipality=municipality)
    signed_on = min(date(at.year, 6, 2), at.date() - timedelta(days=20))
    record_event(plan=plan, words=EVENT, happened_on=signed_on, actor=editor, at=at - timedelta(days=15))
    activity = Activity.objects.select_related("plan").get(plan=plan, number=NAMING)
    links = [link for one in suggested_organizations(activity) for link in one.links]
    set_activity_organizations(
        activity=activity, version=activity.version, links=links, actor=editor, at=at - timedelta(days=15)
    )
