"""The guide of a municipality that has just begun."""

import pytest

from nok_portal.tenants.rights import RIGHTS, Role
from nok_portal.tenants.scope import scope
from plans.selectors.first_steps import first_steps
from tests.factories import MunicipalityFactory, OrganizationFactory, member_of
from tests.factories.plans import PlanFactory

pytestmark = pytest.mark.django_db


def test_steps_are_ticked_one_by_one_and_leave_when_all_are_done(django_assert_max_num_queries):
    municipality = MunicipalityFactory()
    rights = RIGHTS[Role.ADMINISTRATOR]
    member_of(municipality, Role.ADMINISTRATOR)

    def done():
        with django_assert_max_num_queries(6):
            return [step.is_done for step in first_steps(municipality, rights)]

    with scope(writable=[municipality.pk]):
        assert done() == [False, False, False, False]
        OrganizationFactory(municipality=municipality)
        assert done() == [True, False, False, False]
        member_of(municipality)
        assert done() == [True, True, False, False]
        plan = PlanFactory(municipality=municipality)
        assert done() == [True, True, True, False]
        plan.delete()
        PlanFactory(municipality=municipality, state="approved")
        assert first_steps(municipality, rights) == []


def test_whoever_may_not_do_a_step_gets_no_button():
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        steps = first_steps(municipality, RIGHTS[Role.EDITOR])
        assert [step.step for step in steps if step.may_act] == ["organizations", "plan"]
        assert not any(step.may_act for step in first_steps(municipality, RIGHTS[Role.COUNCIL_MEMBER]))
