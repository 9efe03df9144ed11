"""What a municipality that has just begun does first, and what of it is done."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from nok_portal.accounts.models import Invitation, Membership
from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import Right
from plans.enums import PlanState
from plans.models import Plan


class Step(StrEnum):
    """The steps in their order; their words are those of templates/includes/first_steps.html."""

    ORGANIZATIONS = "organizations"
    PEOPLE = "people"
    PLAN = "plan"
    APPROVAL = "approval"


@dataclass(frozen=True)
class FirstStep:
    """One step of the guide; `may_act`: the reader has something to do there now."""

    step: Step
    is_done: bool
    may_act: bool


def first_steps(municipality: Municipality, rights: Collection[Right]) -> list[FirstStep]:
    """Organizations, people, a plan, its approval: the steps in their order; none once all are done."""
    plans = Plan.objects.filter(municipality=municipality).current()
    has_plan = plans.exists()
    is_done = {
        Step.ORGANIZATIONS: Organization.objects.filter(municipality=municipality).listed().exists(),
        Step.PEOPLE: _has_colleagues(municipality),
        Step.PLAN: has_plan,
        Step.APPROVAL: plans.filter(state__in=(PlanState.APPROVED, PlanState.CLOSED)).exists(),
    }
    may = {
        Step.ORGANIZATIONS: Right.EDIT_ORGANIZATIONS in rights,
        Step.PEOPLE: Right.MANAGE_PEOPLE in rights,
        Step.PLAN: Right.EDIT_PLANS in rights,
        Step.APPROVAL: Right.EDIT_PLANS in rights and has_plan,
    }
    if all(is_done.values()):
        return []
    return [FirstStep(step, is_done[step], may[step] and not is_done[step]) for step in Step]


def _has_colleagues(municipality: Municipality) -> bool:
    """Somebody beside the first person, or an invitation to somebody."""
    others = Membership.objects.current().filter(municipality=municipality)[:2]
    return len(others) > 1 or Invitation.objects.filter(municipality=municipality).exists()
