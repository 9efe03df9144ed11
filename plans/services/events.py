"""What has happened, so that terms that wait for it become days."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import date_in_words, fold_spaces
from plans.days.difference import DaysDifference
from plans.deadlines.matching import same_event
from plans.models import Plan, ProcessEvent
from plans.permissions import Part
from plans.services.days import days_difference, refresh_days
from plans.services.plan_locks import lock_plan_lines

LONGEST_WORDS = 500


class EventWrong(DomainError):
    """The event cannot be recorded like this."""


class EventGone(DomainError):
    """Somebody has removed the event meanwhile."""

    def __init__(self) -> None:
        super().__init__("Эту запись о событии уже удалил другой человек.")


@dataclass(frozen=True)
class EventChange:
    """The event as it stands (None: it was removed), and what that did to the days of the plan."""

    event: ProcessEvent | None
    days: DaysDifference


def difference_of_event(plan: Plan, *, words: str, happened_on: date, at: datetime) -> DaysDifference:
    """What recording the event would change; writes nothing. Raises EventWrong where it could not be recorded."""
    _check_day(plan, words, happened_on, at=at)
    return days_difference(plan, events=_days_of(plan.events.all(), (words, happened_on)))


def difference_of_day(event: ProcessEvent, *, happened_on: date, at: datetime) -> DaysDifference:
    """What having the event on another day would change; writes nothing. Raises EventWrong."""
    _check_day(event.plan, event.words, happened_on, at=at, besides=event)
    rest = event.plan.events.exclude(pk=event.pk)
    return days_difference(event.plan, events=_days_of(rest, (event.words, happened_on)))


def difference_without(event: ProcessEvent) -> DaysDifference:
    """What removing the event would change; writes nothing."""
    return days_difference(event.plan, events=_days_of(event.plan.events.exclude(pk=event.pk)))


def _days_of(events: QuerySet[ProcessEvent], *more: tuple[str, date]) -> dict[str, date | tuple[date, ...]]:
    days: dict[str, list[date]] = {}
    for words, day in (*events.order_by("happened_on", "pk").values_list("words", "happened_on"), *more):
        days.setdefault(words, []).append(day)
    return {words: tuple(some) for words, some in days.items()}


@transaction.atomic
def record_event(*, plan: Plan, words: str, happened_on: date, actor: User | None, at: datetime) -> EventChange:
    """Say what happened when; terms that wait for it get their days, none that was reported changes.

    Raises PlanGone, WordsAreFixed, EventWrong.
    """
    locked = lock_plan_lines(plan.pk, part=Part.EVENTS)
    words = fold_spaces(words)[:LONGEST_WORDS]
    if not words:
        raise EventWrong("Напишите, что произошло.")
    _check_day(locked, words, happened_on, at=at)
    event = ProcessEvent.objects.create(
        municipality_id=locked.municipality_id,
        plan=locked,
        words=words,
        happened_on=happened_on,
        recorded_by=actor,
        recorded_at=at,
    )
    record(verb="Записано событие", on=locked, actor=actor, at=at, after=_told(event))
    return EventChange(event, refresh_days(locked, actor=actor, at=at, reason=f"записано событие «{words}»"))


@transaction.atomic
def change_event_day(*, event: ProcessEvent, was: date, happened_on: date, actor: User, at: datetime) -> EventChange:
    """Correct the day of an event; open days that count from it move. `was`: the day that the person saw.

    Raises EventGone, WordsAreFixed, StaleVersion, EventWrong.
    """
    locked = _lock_event(event, was)
    if locked.happened_on == happened_on:
        return EventChange(locked, DaysDifference())
    _check_day(locked.plan, locked.words, happened_on, at=at, besides=locked)
    before = _told(locked)
    locked.happened_on, locked.recorded_by, locked.recorded_at = happened_on, actor, at
    locked.save(update_fields=["happened_on", "recorded_by", "recorded_at"])
    record(verb="Исправлен день события", on=locked.plan, actor=actor, at=at, before=before, after=_told(locked))
    reason = f"исправлен день события «{locked.words}»"
    return EventChange(locked, refresh_days(locked.plan, actor=actor, at=at, reason=reason))


@transaction.atomic
def remove_event(*, event: ProcessEvent, was: date, actor: User, at: datetime, reason: str = "") -> EventChange:
    """Take back what was recorded by mistake; open days that counted from it fall away.

    Raises EventGone, WordsAreFixed, StaleVersion.
    """
    locked = _lock_event(event, was)
    plan, words = locked.plan, locked.words
    record(verb="Удалена запись о событии", on=plan, actor=actor, at=at, before=_told(locked), reason=reason)
    locked.delete()
    why = f"удалена запись о событии «{words}»"
    return EventChange(None, refresh_days(plan, actor=actor, at=at, reason=why))


def _check_day(plan: Plan, words: str, happened_on: date, *, at: datetime, besides: ProcessEvent | None = None) -> None:
    today = plan.municipality.day_of(at)
    if happened_on > today:
        raise EventWrong(
            f"{date_in_words(happened_on).capitalize()} ещё не наступило. Запишите событие, когда оно произойдёт:"
            " сроки считаются от дня, в который оно случилось."
        )
    for other in plan.events.all():
        if other != besides and other.happened_on == happened_on and same_event(other.words, words):
            raise EventWrong(f"Это событие на {date_in_words(happened_on)} уже записано: «{other.words}».")


def _lock_event(event: ProcessEvent, was: date) -> ProcessEvent:
    """The plan first, as every change of its days does, then the event."""
    plan = lock_plan_lines(event.plan_id, part=Part.EVENTS)
    locked = ProcessEvent.objects.select_for_update(of=("self",)).filter(pk=event.pk).first()
    if locked is None:
        raise EventGone
    if locked.happened_on != was:
        raise StaleVersion(
            f"Пока вы работали, день этого события исправил другой человек: теперь {date_in_words(locked.happened_on)}."
        )
    locked.plan = plan
    return locked


def _told(event: ProcessEvent) -> dict[str, object]:
    return {"words": event.words, "happened_on": event.happened_on}
