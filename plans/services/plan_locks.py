"""A plan held for one change of its lines or sections."""

from nok_portal.common.errors import DomainError
from plans.enums import PlanState
from plans.models import Plan
from plans.services.plans import PlanGone


class WordsAreFixed(DomainError):
    """What a legal act has approved is changed by a new edition only."""


def lock_plan_lines(plan_id: int, *, words: bool = True) -> Plan:
    """The plan for update; `words`: what a legal act approves is to change, not only what the portal adds.

    Raises PlanGone, WordsAreFixed.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("municipality").filter(pk=plan_id).first()
    if plan is None:
        raise PlanGone
    if plan.state == PlanState.CLOSED:
        raise WordsAreFixed("План закрыт, его больше не меняют.")
    if plan.archived_at is not None:
        raise WordsAreFixed("План в архиве. Чтобы менять его, сначала верните его из архива.")
    if words and plan.words_are_fixed:
        raise WordsAreFixed("План утверждён. Чтобы изменить строки, создайте новую редакцию.")
    return plan
