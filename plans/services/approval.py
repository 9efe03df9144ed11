"""The states of a plan: a draft is approved by a legal act, an approved plan is closed, and back while that is honest."""

from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted, fold_spaces
from nok_portal.tenants.models import LegalAct
from nok_portal.tenants.services.acts import NewAct, known_act
from plans.enums import PlanState
from plans.facts import Facts
from plans.models import Plan
from plans.selectors.editions import is_ahead_of_previous, is_replaced, next_edition, still_open, work_in
from plans.services.editions import give_back, take_over
from plans.services.plan_locks import lock_plan


class ApprovalRefused(DomainError):
    """The plan cannot go into that state now; the message says why and what to do."""


class ReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__("Напишите причину: она останется в истории плана.")


@transaction.atomic
def approve_plan(*, plan: Plan, version: int, act: LegalAct | NewAct, actor: User, at: datetime) -> Plan:
    """The draft is in force by `act`; an edition replaces the previous one and takes over its reports.

    What the plan check found does not hinder it. Raises ApprovalRefused, PlanGone, StaleVersion, and for an act that
    is entered here what tenants.services.acts.add_act raises.
    """
    previous = _previous(plan)
    locked = lock_plan(plan, version)
    if why := not_approvable(locked):
        raise ApprovalRefused(why)
    approving = known_act(act=act, municipality=locked.municipality, actor=actor, at=at)
    locked.state = PlanState.APPROVED
    locked.approved_by = approving
    locked.version += 1
    locked.save(update_fields=["state", "approved_by", "version"])
    told = {"act": str(approving), "act_id": approving.pk, "edition": locked.edition}
    if previous is not None:
        previous.state, previous.closed_at = PlanState.CLOSED, at
        previous.version += 1
        previous.save(update_fields=["state", "closed_at", "version"])
        told["reports"] = take_over(edition=locked, previous=previous, actor=actor, at=at)
        record(
            verb="План заменён новой редакцией",
            on=previous,
            actor=actor,
            at=at,
            after={"next": locked.pk, "edition": locked.edition, "act": str(approving)},
        )
    record(verb="План утверждён", on=locked, actor=actor, at=at, before={"state": PlanState.DRAFT}, after=told)
    return locked


@transaction.atomic
def withdraw_approval(*, plan: Plan, version: int, reason: str, actor: User, at: datetime) -> Plan:
    """The plan is a draft again, and the edition that it replaced is in force again.

    Only while nothing rests on the approval. Raises ApprovalRefused, ReasonMissing, PlanGone, StaleVersion.
    """
    reason = _reason(reason)
    previous = _previous(plan)
    locked = lock_plan(plan, version)
    if why := not_withdrawable(locked):
        raise ApprovalRefused(why)
    act = str(locked.approved_by)
    if previous is not None:
        give_back(edition=locked)
        previous.state, previous.closed_at = PlanState.APPROVED, None
        previous.version += 1
        previous.save(update_fields=["state", "closed_at", "version"])
        record(verb="План снова действует", on=previous, actor=actor, at=at, reason=reason)
    locked.state, locked.approved_by = PlanState.DRAFT, None
    locked.version += 1
    locked.save(update_fields=["state", "approved_by", "version"])
    record(verb="Утверждение отозвано", on=locked, actor=actor, at=at, before={"act": act}, reason=reason)
    return locked


@transaction.atomic
def close_plan(*, plan: Plan, version: int, reason: str, actor: User, at: datetime) -> Plan:
    """The plan is only read from now on; its history tells what stayed open.

    Raises ApprovalRefused, ReasonMissing, PlanGone, StaleVersion.
    """
    reason = _reason(reason)
    locked = lock_plan(plan, version)
    if why := not_closable(locked):
        raise ApprovalRefused(why)
    undone = still_open(locked)
    locked.state, locked.closed_at = PlanState.CLOSED, at
    locked.version += 1
    locked.save(update_fields=["state", "closed_at", "version"])
    record(
        verb="План закрыт",
        on=locked,
        actor=actor,
        at=at,
        after={"open": [f"{due.activity}: {due}" for due in undone]},
        reason=reason,
    )
    return locked


@transaction.atomic
def reopen_plan(*, plan: Plan, version: int, reason: str, actor: User, at: datetime) -> Plan:
    """A closed plan is in force again. Raises ApprovalRefused, ReasonMissing, PlanGone, StaleVersion."""
    reason = _reason(reason)
    locked = lock_plan(plan, version)
    if why := not_reopenable(locked):
        raise ApprovalRefused(why)
    locked.state, locked.closed_at = PlanState.APPROVED, None
    locked.version += 1
    locked.save(update_fields=["state", "closed_at", "version"])
    record(verb="План открыт снова", on=locked, actor=actor, at=at, reason=reason)
    return locked


def not_approvable(plan: Plan) -> str:
    """Why the plan cannot be approved now, and what to do; '' when it can."""
    if plan.state != PlanState.DRAFT:
        return "Утвердить можно только черновик. Этот план уже утверждён."
    if plan.archived_at is not None:
        return "План в архиве. Сначала верните его из архива."
    facts = Facts(title=plan.title, period_from=plan.period_from, period_to=plan.period_to, spheres=tuple(plan.spheres))
    if facts.missing:
        return f"Не указаны {', '.join(facts.missing)}. Заполните сведения о плане, потом утверждайте."
    if not plan.activities.exists():
        return "В плане нет ни одного мероприятия. Добавьте их, потом утверждайте."
    if plan.previous is not None and plan.previous.state != PlanState.APPROVED:
        return "Прежняя редакция уже не действует. Откройте её снова, потом утверждайте новую."
    return ""


def not_withdrawable(plan: Plan) -> str:
    """Why the approval must stand; '' when it may be withdrawn."""
    if plan.state != PlanState.APPROVED:
        return "Отозвать можно утверждение действующего плана."
    if next_edition(plan) is not None:
        return "Готовится новая редакция этого плана. Сначала откажитесь от неё."
    if work := work_in(plan):
        dues = counted(len(work), "сроку", "срокам", "срокам")
        return f"По {dues} уже отчитались или приняли решение. Изменить план можно новой редакцией."
    if is_ahead_of_previous(plan):
        return "После утверждения записаны события или фактические значения. Изменить план можно новой редакцией."
    return ""


def not_closable(plan: Plan) -> str:
    """Why the plan cannot be closed; '' when it can."""
    if plan.state == PlanState.CLOSED:
        return "План уже закрыт."
    if plan.state != PlanState.APPROVED:
        return "Закрыть можно утверждённый план. Черновик можно удалить или убрать в архив."
    if next_edition(plan) is not None:
        return "Готовится новая редакция этого плана. Утвердите её или откажитесь от неё."
    return ""


def not_reopenable(plan: Plan) -> str:
    """Why the plan cannot be opened again; '' when it can."""
    if plan.state != PlanState.CLOSED:
        return "Этот план не закрыт."
    if is_replaced(plan):
        return "Этот план заменён новой редакцией: работа идёт по ней."
    return ""


def _previous(plan: Plan) -> Plan | None:
    """The edition that this one replaces, locked: the older plan first, whoever locks two."""
    if plan.previous_id is None:
        return None
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.previous_id)


def _reason(reason: str) -> str:
    reason = fold_spaces(reason)
    if not reason:
        raise ReasonMissing
    return reason[:500]
