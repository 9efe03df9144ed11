"""Which due dates a filter means."""

from datetime import date

import pytest

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import PartyAccount
from plans.selectors.due_filters import DuePick, DuesFilter, filtered_dues, parties_of_plans
from tests.factories import MunicipalityFactory, OrganizationFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
TODAY = date(2026, 11, 24)
PAST, AHEAD = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def plan(ours):
    return PlanFactory(municipality=ours)


def found(ours, **wanted):
    return set(filtered_dues(ours, DuesFilter(**wanted), TODAY))


def test_all_but_the_cancelled_are_meant_when_nothing_is_asked(ours, plan):
    line = ActivityFactory(plan=plan)
    kept = {DueDateFactory(activity=line, window_to=day) for day in (PAST, date(2026, 12, 2))}
    DueDateFactory(activity=line, window_to=AHEAD, state="cancelled")
    assert found(ours) == kept


def test_states_are_told_apart(ours, plan):
    line = ActivityFactory(plan=plan)
    dues = {
        DuePick.LATE: DueDateFactory(activity=line, window_to=PAST),
        DuePick.OPEN: DueDateFactory(activity=line, window_to=AHEAD),
        DuePick.REPORTED: DueDateFactory(activity=line, window_to=date(2026, 10, 1), state="reported"),
        DuePick.ACCEPTED: DueDateFactory(activity=line, window_to=date(2026, 9, 1), state="accepted"),
        DuePick.CANCELLED: DueDateFactory(activity=line, window_to=date(2026, 8, 1), state="cancelled"),
    }
    assert {pick: found(ours, state=pick) for pick in dues} == {pick: {due} for pick, due in dues.items()}
    returned = DueDateFactory(activity=line, window_to=date(2026, 12, 3), returned_reason="Нет акта")
    assert found(ours, state=DuePick.RETURNED) == {returned}


def test_days_bound_the_last_day(ours, plan):
    line = ActivityFactory(plan=plan)
    due = DueDateFactory(activity=line, window_from=PAST, window_to=AHEAD)
    assert found(ours, first=AHEAD, last=AHEAD) == {due}
    assert found(ours, first=PAST, last=date(2026, 11, 30)) == set()


def test_party_and_step_narrow(ours, plan):
    survey, other = ActivityFactory(plan=plan, step="survey"), ActivityFactory(plan=plan, step="ranking_approval")
    party = ActivityPartyFactory(activity=survey).party
    wanted = DueDateFactory(activity=survey)
    DueDateFactory(activity=other)
    assert found(ours, party=party.pk) == found(ours, step="survey") == {wanted}


def test_plan_that_is_closed_is_meant_only_when_it_is_named(ours, plan):
    closed = PlanFactory(municipality=ours, state="closed")
    old = DueDateFactory(activity=ActivityFactory(plan=closed))
    new = DueDateFactory(activity=ActivityFactory(plan=plan))
    assert found(ours) == {new}
    assert found(ours, plan=closed.pk) == {old}


def test_own_are_those_of_the_parties_a_person_stands_behind_each_once(ours, plan):
    person = member_of(ours, Role.INSTITUTION)
    mine, others = OrganizationFactory(municipality=ours), OrganizationFactory(municipality=ours)
    line = ActivityFactory(plan=plan)
    for _ in range(2):
        PartyAccount.objects.create(municipality=ours, party=ActivityPartyFactory(activity=line).party, user=person)
    accepted = DueDateFactory(activity=line, window_to=PAST, state="accepted")
    named = DueDateFactory(activity=line, organization=mine)
    DueDateFactory(activity=line, organization=others)
    DueDateFactory(activity=ActivityFactory(plan=plan))
    wanted = DuesFilter(person=person, organization_ids=frozenset({mine.pk}))
    assert sorted(due.pk for due in filtered_dues(ours, wanted, TODAY)) == sorted([accepted.pk, named.pk])


def test_nothing_of_another_municipality(ours, plan):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        other = PlanFactory(municipality=theirs)
        ActivityPartyFactory(activity=DueDateFactory(activity=ActivityFactory(plan=other)).activity)
    with scope(writable=[ours.pk, theirs.pk]):
        assert found(ours) == found(ours, plan=other.pk) == set()
        assert list(parties_of_plans(ours)) == []
