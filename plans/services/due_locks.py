"""A due date held for one change: its plan first, as every change of days does, then the due date itself."""

from collections.abc import Collection, Iterable
from datetime import datetime

from nok_portal.accounts.access import standing_in_municipality
from nok_portal.accounts.models import User
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import date_in_words
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right
from plans.enums import DueState
from plans.models import DueDate, Plan
from plans.permissions import reportable, why_asks_nothing


class DueGone(DomainError):
    """Days were computed anew, and this one is no more."""

    def __init__(self) -> None:
        super().__init__("Этого срока больше нет: сроки плана пересчитали. Откройте мероприятие, чтобы увидеть новые.")


class PlanAsksNothing(DomainError):
    """The plan is closed, in the archive, or an edition that is still being prepared."""


class NotYours(DomainError):
    """The due date is somebody else's work, or decisions are."""


class StaleDue(StaleVersion):
    """Somebody else was first; `due` is how it stands now."""

    def __init__(self, due: DueDate) -> None:
        super().__init__(_what_happened(due))
        self.due = due


def lock_due(due: DueDate, *, version: int | None = None) -> DueDate:
    """The due date for update. Raises DueGone, PlanAsksNothing, StaleDue (not without a version)."""
    found = lock_dues([due])
    if not found:
        raise DueGone
    locked = found[0]
    check_plan(locked.activity.plan)
    if version is not None and locked.version != version:
        raise StaleDue(locked)
    return locked


def lock_dues(dues: Iterable[DueDate]) -> list[DueDate]:
    """Those of the due dates that are still there, for update, in the order of their keys."""
    keys = [due.pk for due in dues]
    plans = {
        plan.pk: plan
        for plan in Plan.objects.select_for_update(of=("self",))
        .filter(pk__in=DueDate.objects.filter(pk__in=keys).values("activity__plan"))
        .order_by("pk")
    }
    related = ("activity", "organization", "municipality", "reported_by", "decided_by")
    locked = list(
        DueDate.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related(*related).order_by("pk")
    )
    for due in locked:
        due.activity.plan = plans[due.activity.plan_id]
    return locked


def check_plan(plan: Plan) -> None:
    """Raises PlanAsksNothing unless work on the plan's due dates goes on."""
    if why := why_asks_nothing(plan):
        raise PlanAsksNothing(why)


def check_may_report(dues: Collection[DueDate], *, actor: User, at: datetime) -> None:
    """Raises NotYours when one of them is another's work."""
    if not_reportable(dues, actor=actor, at=at):
        raise NotYours(
            "По этому сроку отчитывается другой исполнитель. Если это ваша работа, попросите редактора указать вас."
        )


def not_reportable(dues: Collection[DueDate], *, actor: User, at: datetime) -> set[int]:
    """The keys of those on which the person may not report."""
    keys = {due.pk for due in dues}
    if not keys:
        return set()
    municipality = next(iter(dues)).municipality
    standing = standing_in_municipality(actor, municipality, at=at)
    mine = reportable(
        DueDate.objects.filter(pk__in=keys),
        municipality=municipality,
        user=actor,
        on=municipality.day_of(at),
        rights=standing.rights if standing.may_write else (),
        organization_ids=standing.organization_ids,
    )
    return keys - set(mine.values_list("pk", flat=True))


def check_may_decide(municipality: Municipality, *, actor: User, at: datetime) -> None:
    """Raises NotYours for those who may not accept and return."""
    standing = standing_in_municipality(actor, municipality, at=at)
    if not standing.may_write or Right.ACCEPT_REPORTS not in standing.rights:
        raise NotYours("Принимать и возвращать отчёты могут редактор и администратор муниципалитета.")


def name_of(due: DueDate) -> str:
    """'IV квартал 2026 (Читальня № 1)': how the journal and lists of refusals call it."""
    name = due.label or date_in_words(due.window_to)
    return f"{name} ({due.organization.short_name or due.organization.name})" if due.organization else name


def _what_happened(due: DueDate) -> str:
    by = f": {due.decided_by}" if due.decided_by else ""
    match due.state:
        case DueState.ACCEPTED:
            return f"Пока вы работали, отчёт по этому сроку принят{by}."
        case DueState.CANCELLED:
            return f"Пока вы работали, этот срок снят: «{due.cancelled_reason}»."
        case DueState.REPORTED:
            sent = f" ({due.reported_by})" if due.reported_by else ""
            return f"Пока вы работали, отчёт по этому сроку отправили или исправили{sent}. Посмотрите его ниже."
        case _ if due.is_returned:
            return f"Пока вы работали, отчёт по этому сроку вернули: «{due.returned_reason}»."
    return "Пока вы работали, этот срок изменил другой человек. Посмотрите, что изменилось, и повторите."
