"""Reports on due dates: sent, corrected, withdrawn, accepted, returned; due dates cancelled and opened again.

Who may do it is checked here too, whichever screen or program asks. Every step is told in the journal of the
activity, with the words that were there before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from nok_portal.common.text import counted, date_in_words, figure_in_words
from plans.enums import DueState
from plans.models import DueDate
from plans.services.due_locks import (
    PlanAsksNothing,
    StaleDue,
    check_may_decide,
    check_may_report,
    check_plan,
    lock_due,
    lock_dues,
    name_of,
    not_reportable,
)
from plans.services.notices import notify_returned
from plans.transitions import TOLD, TRANSITIONS, Verb, is_allowed, refusal

LONGEST_TEXT = 5000
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Report:
    """What a person says was done. `before_period`: they know that the day is before the plan's period."""

    text: str
    done_on: date | None
    quantity: Decimal | None = None
    before_period: bool = False


class WrongState(DomainError):
    """The due date does not stand where the step begins."""

    def __init__(self, verb: Verb, due: DueDate) -> None:
        super().__init__(f"{_CANNOT[verb]}: {refusal(due.state)}.")


class ReportWrong(DomainError):
    """Something in the report cannot be; `field` says what: report_text, quantity or done_on."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DoneBeforePeriod(ReportWrong):
    """The day is before the plan's period: perhaps a wrong year, perhaps so."""

    def __init__(self, begins: date) -> None:
        super().__init__(
            "done_on",
            f"План начинается {date_in_words(begins)}, а день исполнения раньше. Проверьте год"
            " или подтвердите, что сделано до начала плана.",
        )


class NoReason(DomainError):
    """A decision against somebody's work wants its reason."""


@dataclass(frozen=True)
class Refused:
    """One of several due dates with which it cannot be done, and why."""

    due: DueDate
    why: str


class SeveralRefused(DomainError):
    """Nothing was done, because with some it cannot be; `refused` says which."""

    def __init__(self, refused: Sequence[Refused], total: int) -> None:
        super().__init__(
            f"Ничего не изменено: не подходят {len(refused)} из {counted(total, 'срока', 'сроков', 'сроков')}."
            " Уберите их из выбранных или откройте каждый отдельно."
        )
        self.refused = list(refused)


_CANNOT = {
    Verb.REPORT: "Отправить отчёт нельзя",
    Verb.EDIT: "Исправить отчёт нельзя",
    Verb.WITHDRAW: "Отозвать отчёт нельзя",
    Verb.ACCEPT: "Принять нельзя",
    Verb.RETURN: "Вернуть нельзя",
    Verb.CANCEL: "Снять срок нельзя",
    Verb.REOPEN: "Открыть срок снова нельзя",
}


@transaction.atomic
def save_draft(*, due: DueDate, version: int, report: Report, actor: User, at: datetime) -> DueDate:
    """Keep what has been typed of a report that is not sent yet; nothing is asked of it.

    Raises StaleDue, WrongState, NotYours, PlanAsksNothing, DueGone, as the other steps of one due date do.
    """
    locked = lock_due(due, version=version)
    check_may_report([locked], actor=actor, at=at)
    if locked.state != DueState.OPEN:
        raise WrongState(Verb.REPORT, locked)
    before = _told(locked)
    _write(locked, report)
    if _told(locked) != before:
        _save(locked)
        # the words are the writer's own until they are sent
        _record("Сохранён черновик отчёта", locked, before={}, after={}, actor=actor, at=at)
    return locked


@transaction.atomic
def report_due(*, due: DueDate, version: int, report: Report, actor: User, at: datetime) -> DueDate:
    """Send the report for acceptance. Raises ReportWrong beside what a step of one due date raises."""
    return _report(Verb.REPORT, due, version, report, actor=actor, at=at)


@transaction.atomic
def edit_report(*, due: DueDate, version: int, report: Report, actor: User, at: datetime) -> DueDate:
    """Correct a report that nobody has decided on yet."""
    return _report(Verb.EDIT, due, version, report, actor=actor, at=at)


@transaction.atomic
def withdraw_report(*, due: DueDate, version: int, actor: User, at: datetime) -> DueDate:
    """Take the report back: the due date is open again, text and evidence stay."""
    locked = lock_due(due, version=version)
    check_may_report([locked], actor=actor, at=at)
    return _step(Verb.WITHDRAW, locked, actor=actor, at=at)


@transaction.atomic
def accept_report(*, due: DueDate, version: int, actor: User, at: datetime, remark: str = "") -> DueDate:
    """Say that it is done."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return _step(Verb.ACCEPT, locked, actor=actor, at=at, reason=remark)


@transaction.atomic
def take_back_acceptance(*, due: DueDate, version: int, actor: User, at: datetime) -> DueDate:
    """«Отменить» of the acceptance that was seen: the report waits again with the remark it had; nobody gets a letter.

    Who returned it before is not known any more.
    """
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return _step(Verb.UNACCEPT, locked, actor=actor, at=at)


@transaction.atomic
def return_report(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Give the report back with what to mend; whoever sent it gets a letter. Raises NoReason too."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    _step(Verb.RETURN, locked, actor=actor, at=at, reason=reason)
    notify_returned(dues=[locked], reason=locked.returned_reason, actor=actor, at=at)
    return locked


@transaction.atomic
def cancel_due(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Ask for nothing on this day any more; a report and evidence stay. Raises NoReason too."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return _step(Verb.CANCEL, locked, actor=actor, at=at, reason=reason)


@transaction.atomic
def reopen(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Open a cancelled or an accepted due date again; an accepted report goes back to whoever sent it.

    Raises NoReason too.
    """
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    was_accepted = locked.state == DueState.ACCEPTED
    _step(Verb.REOPEN, locked, actor=actor, at=at, reason=reason)
    if was_accepted:
        notify_returned(dues=[locked], reason=locked.returned_reason, actor=actor, at=at)
    return locked


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
            _check_report(_of_due(report, due, quantities), due, today=due.municipality.day_of(at))
        except ReportWrong as error:
            return str(error)
        return ""

    locked = _lock_several(Verb.REPORT, dues, actor=actor, at=at, wrong=wrong)
    for due in locked:
        _send(Verb.REPORT, due, _of_due(report, due, quantities), actor=actor, at=at)
    return locked


@transaction.atomic
def accept_many(*, dues: Sequence[DueDate], actor: User, at: datetime) -> list[DueDate]:
    """Accept several reports. All or none: raises SeveralRefused."""
    return _decide_many(Verb.ACCEPT, dues, actor=actor, at=at, reason="")


@transaction.atomic
def return_many(*, dues: Sequence[DueDate], reason: str, actor: User, at: datetime) -> list[DueDate]:
    """Return several reports for one reason, with one letter a person. All or none: SeveralRefused, NoReason."""
    returned = _decide_many(Verb.RETURN, dues, actor=actor, at=at, reason=reason)
    notify_returned(dues=returned, reason=_checked_reason(Verb.RETURN, reason), actor=actor, at=at)
    return returned


@transaction.atomic
def cancel_many(*, dues: Sequence[DueDate], reason: str, actor: User, at: datetime) -> list[DueDate]:
    """Cancel several due dates for one reason. All or none: SeveralRefused, NoReason."""
    return _decide_many(Verb.CANCEL, dues, actor=actor, at=at, reason=reason)


def _decide_many(verb: Verb, dues: Sequence[DueDate], *, actor: User, at: datetime, reason: str) -> list[DueDate]:
    if dues:
        check_may_decide(dues[0].municipality, actor=actor, at=at)
    reason = _checked_reason(verb, reason)
    locked = _lock_several(verb, dues, actor=actor, at=at)
    return [_step(verb, due, actor=actor, at=at, reason=reason) for due in locked]


def _lock_several(
    verb: Verb, dues: Sequence[DueDate], *, actor: User, at: datetime, wrong: Any = None
) -> list[DueDate]:
    seen = {due.pk: due for due in dues}
    locked = {due.pk: due for due in lock_dues(dues)}
    others = not_reportable(list(locked.values()), actor=actor, at=at) if verb is Verb.REPORT else set()
    refused = []
    for key, due in seen.items():
        now = locked.get(key)
        if why := _why_not(verb, due, now, others) or (wrong(now) if wrong else ""):
            refused.append(Refused(now or due, why))
    if refused:
        raise SeveralRefused(refused, len(seen))
    return list(locked.values())


def _why_not(verb: Verb, seen: DueDate, now: DueDate | None, others: set[int]) -> str:
    if now is None:
        return "Этого срока больше нет: сроки плана пересчитали."
    if now.pk in others:
        return "По этому сроку отчитывается другой исполнитель."
    try:
        check_plan(now.activity.plan)
    except PlanAsksNothing as error:
        return str(error)
    if not is_allowed(verb, now.state):
        return f"{refusal(now.state).capitalize()}."
    return str(StaleDue(now)) if now.version != seen.version else ""


def _report(verb: Verb, due: DueDate, version: int, report: Report, *, actor: User, at: datetime) -> DueDate:
    locked = lock_due(due, version=version)
    check_may_report([locked], actor=actor, at=at)
    if not is_allowed(verb, locked.state):
        raise WrongState(verb, locked)
    _check_report(report, locked, today=locked.municipality.day_of(at))
    return _send(verb, locked, report, actor=actor, at=at)


def _send(verb: Verb, locked: DueDate, report: Report, *, actor: User, at: datetime) -> DueDate:
    before = _told(locked)
    _write(locked, report)
    locked.state = TRANSITIONS[verb][1]
    locked.reported_by, locked.reported_at = actor, at
    _save(locked)
    _record(TOLD[verb], locked, before=before, after=_told(locked), actor=actor, at=at)
    return locked


def _step(verb: Verb, locked: DueDate, *, actor: User, at: datetime, reason: str = "") -> DueDate:
    """Any step that leaves text, quantity and day of the report as they are."""
    if not is_allowed(verb, locked.state):
        raise WrongState(verb, locked)
    reason = _checked_reason(verb, reason)
    was = DueState(locked.state)
    locked.state = TRANSITIONS[verb][1]
    if verb is Verb.RETURN or (verb is Verb.REOPEN and was == DueState.ACCEPTED):
        locked.returned_reason = reason
    if verb in (Verb.CANCEL, Verb.REOPEN):
        locked.cancelled_reason = reason if verb is Verb.CANCEL else ""
        locked.fell_away = False
    if verb is Verb.UNACCEPT:
        locked.decided_by, locked.decided_at = None, None
    elif verb is not Verb.WITHDRAW:
        locked.decided_by, locked.decided_at = actor, at
    _save(locked)
    _record(TOLD[verb], locked, before={"state": was}, after={"state": locked.state}, actor=actor, at=at, reason=reason)
    return locked


def _lock_to_decide(due: DueDate, version: int, *, actor: User, at: datetime) -> DueDate:
    check_may_decide(due.municipality, actor=actor, at=at)
    return lock_due(due, version=version)


def _check_report(report: Report, due: DueDate, *, today: date) -> None:
    plan, activity = due.activity.plan, due.activity
    if not report.text.strip():
        raise ReportWrong("report_text", "Напишите, что сделано.")
    if len(report.text) > LONGEST_TEXT:
        raise ReportWrong("report_text", f"Не больше {LONGEST_TEXT} знаков. Подробности приложите файлом.")
    if activity.planned_quantity is not None and report.quantity is None:
        raise ReportWrong("quantity", f"Укажите, сколько сделано: в плане {_planned(due)}.")
    if report.quantity is not None and report.quantity < 0:
        raise ReportWrong("quantity", "Количество не бывает меньше нуля.")
    if report.done_on is None:
        raise ReportWrong("done_on", "Укажите день исполнения.")
    if report.done_on > today:
        raise ReportWrong("done_on", f"{date_in_words(report.done_on)} ещё не наступило. Проверьте день.")
    if report.done_on < plan.period_from and not report.before_period:
        raise DoneBeforePeriod(plan.period_from)


def _planned(due: DueDate) -> str:
    planned = due.activity.planned_quantity
    return f"{figure_in_words(planned)} {due.activity.quantity_unit}".strip()


def _of_due(report: Report, due: DueDate, quantities: Mapping[int, Decimal | None]) -> Report:
    return Report(
        text=report.text,
        done_on=report.done_on,
        quantity=quantities.get(due.pk),
        before_period=report.before_period,
    )


def _checked_reason(verb: Verb, reason: str) -> str:
    reason = reason.strip()[:LONGEST_REASON]
    if not reason and verb in _REASONS:
        raise NoReason(_REASONS[verb])
    return reason


_REASONS = {
    Verb.RETURN: "Напишите, что исправить: это увидит тот, кто отчитался.",
    Verb.CANCEL: "Напишите, почему срок снимается.",
    Verb.REOPEN: "Напишите, почему срок открывается снова.",
}


def _write(due: DueDate, report: Report) -> None:
    due.report_text = report.text.strip()
    due.done_on = report.done_on
    due.quantity = report.quantity


def _save(due: DueDate) -> None:
    due.version += 1
    due.save()


def _told(due: DueDate) -> dict[str, Any]:
    return {"report_text": due.report_text, "quantity": due.quantity, "done_on": due.done_on}


def _record(
    verb: str,
    due: DueDate,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    which = {"due_id": due.pk, "due": name_of(due)}
    record(verb=verb, on=due.activity, actor=actor, at=at, before=before, after={**after, **which}, reason=reason)
