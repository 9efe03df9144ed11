"""What the database itself refuses of plans."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory, SectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"period_from": date(2027, 1, 1), "period_to": date(2026, 1, 1)}, "plans_plan_period"),
        ({"title": ""}, "plans_plan_titled"),
        ({"state": "approved", "spheres": []}, "plans_plan_spheres"),
    ],
)
def test_plan_against_the_rules_is_refused(ours, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlanFactory(municipality=ours, **wrong)


def test_same_window_twice_is_refused(ours):
    due = DueDateFactory(activity=ActivityFactory(plan=PlanFactory(municipality=ours)))
    with pytest.raises(IntegrityError, match="plans_duedate_window"), transaction.atomic():
        DueDateFactory(activity=due.activity)


def test_window_that_ends_before_it_begins_is_refused(ours):
    activity = ActivityFactory(plan=PlanFactory(municipality=ours))
    with pytest.raises(IntegrityError, match="plans_duedate_order"), transaction.atomic():
        DueDateFactory(activity=activity, window_from=date(2026, 12, 2), window_to=date(2026, 12, 1))


def test_activity_cannot_hang_under_a_plan_of_another_municipality(ours):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        alien = SectionFactory(plan=PlanFactory(municipality=theirs))
    with pytest.raises(DatabaseError, match="plans_activity_section_municipality"), transaction.atomic():
        ActivityFactory(plan=PlanFactory(municipality=ours), section_id=alien.pk)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_deleting_a_plan_takes_its_lines_and_keeps_the_parties(ours):
    link = ActivityPartyFactory(activity=ActivityFactory(plan=PlanFactory(municipality=ours)))
    link.activity.plan.delete()
    assert not type(link).objects.exists()
    assert type(link.party).objects.get() == link.party
