"""Reports on several due dates at once: all or none, but for an acceptance that is taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted
from plans.models import DueDate
from plans.services.due_locks import (
    DueGone,
    PlanAsksNothing,
    StaleDue,
    check_may_decide,
    check_plan,
    lock_dues,
    not_reportable,
)
from plans.services.notices import notify_returned
from plans.services.report_steps import Report, ReportWrong, check_report, checked_reason, send, step
from plans.transitions import Verb, is_allowed, refusal


@dataclass(frozen=True)
class Refused:
    """One of several due dates with which it cannot be done, and why."""

    due: DueDate
    why: str


@dataclass(frozen=True)
class TakenBack:
    """Acceptances that are taken back, and those that are not with the reason."""

    done: list[DueDate]
    refused: list[Refused]


class SeveralRefused(DomainError):
    """Nothing was done, because with some it cannot be; `refused` says which."""

    def __init__(self, refused: Sequence[Refused], total: int) -> None:
        super().__init__(
            f"Ничего не изменено: не подходят {len(refused)} из {counted(total, 'срока', 'сроков', 'сроков')}."
            " Уберите их из выбранных или откройте каждый отдельно."
        )
        self.refused = list(refused)


@transaction.atomic
def report_many(
    *,
    dues: Sequence[DueDate],
    report: Report,
    actor: User,
    at: datetime,
    quantities: Mapping[int, Decimal | None] | None = None,
) -> list[DueDate]:
    """Send the same report for several due dates, each with a quantity of its own where its line plans one.

    All or none: raises SeveralRefused. `version` of each given due date is the one that the person saw.
    """
    quantities = quantities or {}

    def wrong(due: DueDate) -> str:
        try:
            check_report(_of_due(report, due, quantities), due, today=due.municipality.day_of(at))
        except ReportWrong as error:
            return str(error)
        return ""

    locked = _lock_several(Verb.REPORT, dues, actor=actor, at=at, wrong=wrong)
    for due in locked:
        send(Verb.REPORT, due, _of_due(report, due, quantities), actor=actor, at=at)
    return locked


@transaction.atomic
def accept_many(*, dues: Sequence[DueDate], actor: User, at: datetime) -> list[DueDate]:
    """Accept several reports. All or none: raises SeveralRefused."""
    return _decide_many(Verb.ACCEPT, dues, actor=actor, at=at, reason="")


@transaction.atomic
def take_back_acceptances(*, dues: Sequence[DueDate], actor: User, at: datetime) -> TakenBack:
    """«Отменить» of several acceptances: the reports wait again, but for those with which something has happened since.

    `version` of each given due date is the one that its acceptance left.
    """
    if dues:
        check_may_decide(dues[0].municipality, actor=actor, at=at)
    locked, refused = _lock_those_that_fit(Verb.UNACCEPT, dues, actor=actor, at=at)
    return TakenBack([step(Verb.UNACCEPT, due, actor=actor, at=at) for due in locked], refused)


@transaction.atomic
def return_many(*, dues: Sequence[DueDate], reason: str, actor: User, at: datetime) -> list[DueDate]:
    """Return several reports for one reason, with one letter a person. All or none: SeveralRefused, NoReason."""
    returned = _decide_many(Verb.RETURN, dues, actor=actor, at=at, reason=reason)
    notify_returned(dues=returned, reason=checked_reason(Verb.RETURN, reason), actor=actor, at=at)
    return returned


@transaction.atomic
def cancel_many(*, dues: Sequence[DueDate], reason: str, actor: User, at: datetime) -> list[DueDate]:
    """Cancel several due dates for one reason. All or none: SeveralRefused, NoReason."""
    return _decide_many(Verb.CANCEL, dues, actor=actor, at=at, reason=reason)


def _decide_many(verb: Verb, dues: Sequence[DueDate], *, actor: User, at: datetime, reason: str) -> list[DueDate]:
    if dues:
        check_may_decide(dues[0].municipality, actor=actor, at=at)
    reason = checked_reason(verb, reason)
    locked = _lock_several(verb, dues, actor=actor, at=at)
    return [step(verb, due, actor=actor, at=at, reason=reason) for due in locked]


def _lock_several(
    verb: Verb, dues: Sequence[DueDate], *, actor: User, at: datetime, wrong: Callable[[DueDate], str] | None = None
) -> list[DueDate]:
    locked, refused = _lock_those_that_fit(verb, dues, actor=actor, at=at, wrong=wrong)
    if refused:
        raise SeveralRefused(refused, len(locked) + len(refused))
    return locked


def _lock_those_that_fit(
    verb: Verb, dues: Sequence[DueDate], *, actor: User, at: datetime, wrong: Callable[[DueDate], str] | None = None
) -> tuple[list[DueDate], list[Refused]]:
    """Those with which it can be done, and the others with the reason."""
    seen = {due.pk: due for due in dues}
    locked = {due.pk: due for due in lock_dues(dues)}
    others = not_reportable(list(locked.values()), actor=actor, at=at) if verb is Verb.REPORT else set()
    refused = []
    for key, due in seen.items():
        now = locked.get(key)
        if why := _why_not(verb, due, now, others) or (wrong(now) if wrong and now else ""):
            refused.append(Refused(now or due, why))
    bad = {one.due.pk for one in refused}
    return [due for key, due in locked.items() if key not in bad], refused


def _why_not(verb: Verb, seen: DueDate, now: DueDate | None, others: set[int]) -> str:
    if now is None:
        return str(DueGone())
    if now.pk in others:
        return "По этому сроку отчитывается другой исполнитель."
    try:
        check_plan(now.activity.plan)
    except PlanAsksNothing as error:
        return str(error)
    if not is_allowed(verb, now.state):
        return f"{refusal(now.state).capitalize()}."
    return str(StaleDue(now)) if now.version != seen.version else ""


def _of_due(report: Report, due: DueDate, quantities: Mapping[int, Decimal | None]) -> Report:
    return Report(
        text=report.text,
        done_on=report.done_on,
        quantity=quantities.get(due.pk),
        before_period=report.before_period,
    )
