"""Reports on due dates: sent, corrected, withdrawn, accepted, returned; due dates cancelled and opened again.

Who may do it is checked here too, whichever screen or program asks. Every step is told in the journal of the
activity, with the words that were there before.
"""

from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from plans.enums import DueState
from plans.models import DueDate
from plans.services.due_locks import check_may_decide, check_may_report, lock_due
from plans.services.notices import notify_returned
from plans.services.report_steps import Report, WrongState, check_report, record_step, save, send, step, told, write
from plans.transitions import Verb, is_allowed


@transaction.atomic
def save_draft(*, due: DueDate, version: int, report: Report, actor: User, at: datetime) -> DueDate:
    """Keep what has been typed of a report that is not sent yet; nothing is asked of it.

    Raises StaleDue, WrongState, NotYours, PlanAsksNothing, DueGone, as the other steps of one due date do.
    """
    locked = lock_due(due, version=version)
    check_may_report([locked], actor=actor, at=at)
    if locked.state != DueState.OPEN:
        raise WrongState(Verb.REPORT, locked)
    before = told(locked)
    write(locked, report)
    if told(locked) != before:
        save(locked)
        # the words are the writer's own until they are sent
        record_step("Сохранён черновик отчёта", locked, before={}, after={}, actor=actor, at=at)
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
    return step(Verb.WITHDRAW, locked, actor=actor, at=at)


@transaction.atomic
def accept_report(*, due: DueDate, version: int, actor: User, at: datetime, remark: str = "") -> DueDate:
    """Say that it is done."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return step(Verb.ACCEPT, locked, actor=actor, at=at, reason=remark)


@transaction.atomic
def take_back_acceptance(*, due: DueDate, version: int, actor: User, at: datetime) -> DueDate:
    """«Отменить» of the acceptance that was seen: the report waits again with the remark it had; nobody gets a letter.

    Who returned it before is not known any more.
    """
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return step(Verb.UNACCEPT, locked, actor=actor, at=at)


@transaction.atomic
def return_report(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Give the report back with what to mend; whoever sent it gets a letter. Raises NoReason too."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    step(Verb.RETURN, locked, actor=actor, at=at, reason=reason)
    notify_returned(dues=[locked], reason=locked.returned_reason, actor=actor, at=at)
    return locked


@transaction.atomic
def cancel_due(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Ask for nothing on this day any more; a report and evidence stay. Raises NoReason too."""
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    return step(Verb.CANCEL, locked, actor=actor, at=at, reason=reason)


@transaction.atomic
def reopen(*, due: DueDate, version: int, reason: str, actor: User, at: datetime) -> DueDate:
    """Open a cancelled or an accepted due date again; an accepted report goes back to whoever sent it.

    Raises NoReason too.
    """
    locked = _lock_to_decide(due, version, actor=actor, at=at)
    was_accepted = locked.state == DueState.ACCEPTED
    step(Verb.REOPEN, locked, actor=actor, at=at, reason=reason)
    if was_accepted:
        notify_returned(dues=[locked], reason=locked.returned_reason, actor=actor, at=at)
    return locked


def _report(verb: Verb, due: DueDate, version: int, report: Report, *, actor: User, at: datetime) -> DueDate:
    locked = lock_due(due, version=version)
    check_may_report([locked], actor=actor, at=at)
    if not is_allowed(verb, locked.state):
        raise WrongState(verb, locked)
    check_report(report, locked, today=locked.municipality.day_of(at))
    return send(verb, locked, report, actor=actor, at=at)


def _lock_to_decide(due: DueDate, version: int, *, actor: User, at: datetime) -> DueDate:
    check_may_decide(due.municipality, actor=actor, at=at)
    return lock_due(due, version=version)
