"""A plan held for one change: as a whole, with its lines and sections, or one of its lines."""

from nok_portal.common.errors import DomainError, StaleVersion
from plans.models import Activity, Plan
from plans.permissions import Part, why_fixed


class PlanGone(DomainError):
    """Somebody has deleted the plan meanwhile."""

    def __init__(self) -> None:
        super().__init__("Этот план уже удалил другой человек. Менять в нём больше нечего.")


class LineGone(DomainError):
    """Somebody has deleted the line meanwhile."""

    def __init__(self) -> None:
        super().__init__("Эту строку уже удалил другой человек. Ничего не сохранено.")


class WordsAreFixed(DomainError):
    """The plan, or this part of it, is not changed now: a new edition is."""


def lock_plan(plan: Plan, version: int) -> Plan:
    """The plan for update, as the person saw it. Raises PlanGone, StaleVersion."""
    locked = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if locked is None:
        raise PlanGone
    if locked.version != version:
        raise StaleVersion
    return locked


def lock_plan_lines(plan_id: int, *, part: Part = Part.WORDS) -> Plan:
    """The plan for update, where this part of it may change. Raises PlanGone, WordsAreFixed."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("municipality").filter(pk=plan_id).first()
    if plan is None:
        raise PlanGone
    if why := why_fixed(plan, part):
        raise WordsAreFixed(why)
    return plan


def lock_line(activity: Activity, version: int | None, *, part: Part = Part.WORDS) -> Activity:
    """The line for update, after its plan, always in this order; no version: nothing that was seen is overwritten.

    Raises PlanGone, LineGone, WordsAreFixed, StaleVersion.
    """
    plan = lock_plan_lines(activity.plan_id, part=part)
    locked = Activity.objects.select_for_update(of=("self",)).filter(pk=activity.pk).first()
    if locked is None:
        raise LineGone
    if version is not None and locked.version != version:
        raise StaleVersion
    locked.plan = plan
    return locked
