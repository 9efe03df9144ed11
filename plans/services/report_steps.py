"""What every step of a report shares: what may be said in it, what is written, what the journal tells."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from nok_portal.common.text import date_in_words, figure_in_words
from plans.enums import DueState
from plans.models import DueDate
from plans.services.due_locks import name_of
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


_CANNOT = {
    Verb.REPORT: "Отправить отчёт нельзя",
    Verb.EDIT: "Исправить отчёт нельзя",
    Verb.WITHDRAW: "Отозвать отчёт нельзя",
    Verb.ACCEPT: "Принять нельзя",
    Verb.RETURN: "Вернуть нельзя",
    Verb.CANCEL: "Снять срок нельзя",
    Verb.REOPEN: "Открыть срок снова нельзя",
    Verb.UNACCEPT: "Отменить принятие нельзя",
}


def send(verb: Verb, locked: DueDate, report: Report, *, actor: User, at: datetime) -> DueDate:
    before = told(locked)
    write(locked, report)
    locked.state = TRANSITIONS[verb][1]
    locked.reported_by, locked.reported_at = actor, at
    save(locked)
    record_step(TOLD[verb], locked, before=before, after=told(locked), actor=actor, at=at)
    return locked


def step(verb: Verb, locked: DueDate, *, actor: User, at: datetime, reason: str = "") -> DueDate:
    """Any step that leaves text, quantity and day of the report as they are."""
    if not is_allowed(verb, locked.state):
        raise WrongState(verb, locked)
    reason = checked_reason(verb, reason)
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
    save(locked)
    record_step(
        TOLD[verb], locked, before={"state": was}, after={"state": locked.state}, actor=actor, at=at, reason=reason
    )
    return locked


def check_report(report: Report, due: DueDate, *, today: date) -> None:
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


def checked_reason(verb: Verb, reason: str) -> str:
    reason = reason.strip()[:LONGEST_REASON]
    if not reason and verb in _REASONS:
        raise NoReason(_REASONS[verb])
    return reason


_REASONS = {
    Verb.RETURN: "Напишите, что исправить: это увидит тот, кто отчитался.",
    Verb.CANCEL: "Напишите, почему срок снимается.",
    Verb.REOPEN: "Напишите, почему срок открывается снова.",
}


def write(due: DueDate, report: Report) -> None:
    due.report_text = report.text.strip()
    due.done_on = report.done_on
    due.quantity = report.quantity


def save(due: DueDate) -> None:
    due.version += 1
    due.save()


def told(due: DueDate) -> dict[str, Any]:
    return {"report_text": due.report_text, "quantity": due.quantity, "done_on": due.done_on}


def record_step(
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
