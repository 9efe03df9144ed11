"""Who may do what with a plan and its lines now, beyond the right that a page asks for."""

from collections.abc import Collection
from datetime import date
from enum import Enum, auto

from django.db.models import QuerySet

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right

from .enums import PlanState
from .models import DueDate, Plan
from .selectors.people import only_of_person


class Part(Enum):
    """What of a plan is to change."""

    WORDS = auto()  # what a legal act approves
    OWN = auto()  # what the portal adds; a new edition has it from the day on which it is begun
    EVENTS = auto()  # what happened and was reached; a new edition gets it when it is approved


def why_fixed(plan: Plan, part: Part) -> str:
    """Why this part of the plan must stay as it is, and what to do; '' while it may change."""
    if plan.state == PlanState.CLOSED:
        return "План закрыт, его больше не меняют."
    if plan.archived_at is not None:
        return "План в архиве. Чтобы менять его, сначала верните его из архива."
    if part is Part.WORDS and plan.words_are_fixed:
        return "План утверждён. Чтобы изменить строки, создайте новую редакцию."
    if part is Part.OWN and plan.words_are_fixed and Plan.objects.filter(previous=plan).exists():
        return "Готовится новая редакция плана: измените это в ней."
    return ""


def why_asks_nothing(plan: Plan) -> str:
    """Why nobody reports on the plan's due dates, and what to do; '' while work on them goes on."""
    if plan.archived_at is not None:
        return "План в архиве: отчёты по нему больше не меняются. Сначала верните план из архива."
    if plan.state == PlanState.CLOSED:
        return "План закрыт: отчёты по нему больше не меняются."
    if plan.is_being_replaced:
        return "Эту редакцию плана ещё готовят. Отчитывайтесь по действующей редакции."
    return ""


def may_change(plan: Plan, part: Part, *, rights: Collection[Right]) -> bool:
    """Whether somebody with these rights may change this part of the plan now."""
    return Right.EDIT_PLANS in rights and not why_fixed(plan, part)


def may_report(
    due: DueDate, *, user: User, on: date, rights: Collection[Right], organization_ids: Collection[int] = ()
) -> bool:
    """Whoever accepts reports may write any; others those of the parties they stand behind and of their institution."""
    mine = reportable(
        DueDate.objects.filter(pk=due.pk),
        municipality=due.municipality,
        user=user,
        on=on,
        rights=rights,
        organization_ids=organization_ids,
    )
    return mine.exists()


def reportable(
    dues: QuerySet[DueDate],
    *,
    municipality: Municipality,
    user: User,
    on: date,
    rights: Collection[Right],
    organization_ids: Collection[int] = (),
) -> QuerySet[DueDate]:
    """Those of the due dates on which the person may report, whatever their states."""
    if Right.ACCEPT_REPORTS in rights:
        return dues
    if Right.REPORT not in rights:
        return dues.none()
    return only_of_person(dues, municipality=municipality, user_id=user.pk, on=on, organization_ids=organization_ids)
