"""What a municipality that has just begun does first, and what of it is done."""

from collections.abc import Collection
from dataclasses import dataclass

from nok_portal.accounts.models import Invitation, Membership
from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import Right
from plans.enums import PlanState
from plans.models import Plan


@dataclass(frozen=True)
class FirstStep:
    """One step of the guide; `url_name` takes the municipality and is '' where the reader has nothing to do there."""

    title: str
    about: str
    is_done: bool
    act: str = ""
    url_name: str = ""


def first_steps(municipality: Municipality, rights: Collection[Right]) -> list[FirstStep]:
    """Organizations, people, a plan, its approval: the steps in their order; none once all are done."""
    plans = Plan.objects.filter(municipality=municipality).current()
    has_plan = plans.exists()
    found = [
        _step(
            "Внесите организации",
            "Кого оценивают: списком из Excel или по одной.",
            Organization.objects.filter(municipality=municipality).listed().exists(),
            "Загрузить список",
            "office:organization_import" if Right.EDIT_ORGANIZATIONS in rights else "",
        ),
        _step(
            "Пригласите сотрудников",
            "Тех, кто отвечает за мероприятия и отчитывается по ним.",
            _has_colleagues(municipality),
            "Пригласить",
            "office:person_invite" if Right.MANAGE_PEOPLE in rights else "",
        ),
        _step(
            "Внесите план",
            "Возьмите готовый образец на год или на три года либо загрузите свой документ.",
            has_plan,
            "Взять образец",
            "office:plan_sample" if Right.EDIT_PLANS in rights else "",
        ),
        _step(
            "Утвердите план",
            "Укажите распоряжение или постановление, которым он утверждён.",
            plans.filter(state__in=(PlanState.APPROVED, PlanState.CLOSED)).exists(),
            "К планам",
            "office:plans" if Right.EDIT_PLANS in rights and has_plan else "",
        ),
    ]
    return [] if all(step.is_done for step in found) else found


def _step(title: str, about: str, is_done: bool, act: str, url_name: str) -> FirstStep:
    return FirstStep(title, about, is_done, act if url_name else "", "" if is_done else url_name)


def _has_colleagues(municipality: Municipality) -> bool:
    """Somebody beside the first person, or an invitation to somebody."""
    others = Membership.objects.current().filter(municipality=municipality)[:2]
    return len(others) > 1 or Invitation.objects.filter(municipality=municipality).exists()
