"""Events of plans: what terms wait for, what was recorded, what has probably happened already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nok_portal.common.text import date_in_words
from nok_portal.tenants.models import Municipality
from plans.days.awaited_events import (
    AwaitedEvent,
    LineTerms,
    Waiting,
    awaited_events,
    days_of_event,
    is_event_of,
    waiting_for,
)
from plans.deadlines import Deadline
from plans.deadlines.matching import same_event
from plans.enums import DueState
from plans.models import Activity, DueDate, Plan, ProcessEvent

from .plans import context_of_plan


@dataclass(frozen=True)
class Likely:
    """Why an event has probably happened, and on which day, where that is known; `since`: when that came to light."""

    because: str
    happened_on: date | None
    since: date


@dataclass(frozen=True)
class Recorded:
    """A recorded event with the lines to which it gives days."""

    event: ProcessEvent
    lines: tuple[tuple[Waiting, tuple[date, ...]], ...]


@dataclass(frozen=True)
class PlanEvents:
    """What the tab «События» shows: events without a day yet, and those recorded, newest first."""

    awaited: tuple[tuple[AwaitedEvent, Likely | None], ...]
    recorded: tuple[Recorded, ...]
    known: tuple[AwaitedEvent, ...]

    @property
    def again(self) -> tuple[AwaitedEvent, ...]:
        """Events that were recorded and may happen in another year, too."""
        fresh = {event.words for event, _ in self.awaited}
        return tuple(event for event in self.known if event.words not in fresh)


@dataclass(frozen=True)
class EventToRecord:
    """An event that lines of a plan wait for; `likely` when another line says that it has happened."""

    plan: Plan
    words: str
    lines: int
    likely: Likely | None


@dataclass(frozen=True)
class _PlanLines:
    terms: list[LineTerms]
    titles: list[tuple[int, str, str]]


def events_of_plan(plan: Plan, today: date) -> PlanEvents:
    """Awaited and recorded events of one plan; the same few queries however long it is."""
    lines = _lines_of([plan])[plan.pk]
    known = awaited_events(lines.terms)
    recorded = list(plan.events.select_related("recorded_by").order_by("-happened_on", "-pk"))
    likely = _likely({plan.pk: (lines, known)}, {plan.pk: recorded}, today)
    context = context_of_plan(plan)
    deadlines = {line.activity: line.deadline for line in lines.terms}
    return PlanEvents(
        awaited=tuple(
            (event, likely.get((plan.pk, event.words))) for event in known if not _dates(event.words, recorded)
        ),
        recorded=tuple(
            Recorded(
                event,
                tuple(
                    (
                        line,
                        tuple(
                            sorted(
                                day.ends_on
                                for day in days_of_event(
                                    deadlines[line.activity], context, event.words, event.happened_on
                                )
                            )
                        ),
                    )
                    for line in waiting_for(event.words, lines.terms)
                ),
            )
            for event in recorded
        ),
        known=tuple(known),
    )


def events_to_record(municipality: Municipality, today: date) -> list[EventToRecord]:
    """Events that plans in force wait for, those that have probably happened first.

    One that was recorded is named again only when a line that does it was due in a later year.
    """
    return events_to_record_in([municipality], today)


def events_to_record_in(
    municipalities: Collection[Municipality], today: date, *, plan_ids: Collection[int] | None = None
) -> list[EventToRecord]:
    """The same for several municipalities at once, in four queries whatever their number; `plan_ids`: of these only."""
    in_force = Plan.objects.in_force().filter(municipality__in=municipalities)
    if plan_ids is not None:
        in_force = in_force.filter(pk__in=plan_ids)
    plans = list(in_force.newest_first())
    lines = _lines_of(plans)
    events: dict[int, list[ProcessEvent]] = defaultdict(list)
    for event in ProcessEvent.objects.filter(plan__in=plans).order_by("happened_on", "pk"):
        events[event.plan_id].append(event)
    known = {plan.pk: (lines[plan.pk], awaited_events(lines[plan.pk].terms)) for plan in plans}
    likely = _likely(known, events, today)
    found = [
        EventToRecord(plan, event.words, len(event.lines), likely.get((plan.pk, event.words)))
        for plan in plans
        for event in known[plan.pk][1]
        if (plan.pk, event.words) in likely or not _dates(event.words, events[plan.pk])
    ]
    return sorted(found, key=lambda one: one.likely is None)


def event_of_activity(activity: Activity) -> str:
    """The words of the first event that a line waits for; empty when it waits for none."""
    alone = awaited_events([LineTerms(activity.pk, activity.number, activity.title, activity.deadline)])
    return alone[0].words if alone else ""


def _lines_of(plans: Sequence[Plan]) -> dict[int, _PlanLines]:
    found = {plan.pk: _PlanLines([], []) for plan in plans}
    fields = ("pk", "plan_id", "number", "title", "deadline_text", "deadline_rule")
    for one in Activity.objects.filter(plan__in=plans).order_by("plan", "position").only(*fields):
        lines = found[one.plan_id]
        lines.titles.append((one.pk, one.number, one.title))
        deadline = _with_terms(one)
        if deadline:
            lines.terms.append(LineTerms(one.pk, one.number, one.title, deadline))
    return found


def _with_terms(activity: Activity) -> Deadline | None:
    """The reading where it has terms; most lines have none and are not looked at closer."""
    if activity.deadline_rule and not activity.deadline_rule.get("terms"):
        return None
    return activity.deadline if activity.deadline_text else None


def _dates(words: str, recorded: Iterable[ProcessEvent]) -> list[date]:
    return [event.happened_on for event in recorded if same_event(event.words, words)]


def _likely(
    known: dict[int, tuple[_PlanLines, list[AwaitedEvent]]], recorded: dict[int, list[ProcessEvent]], today: date
) -> dict[tuple[int, str], Likely]:
    """Events whose own line was reported, or should have been done by now, in a year after the last one recorded."""
    sources: dict[int, list[tuple[int, str]]] = defaultdict(list)  # activity → plan and words of what it does
    names: dict[int, str] = {}
    for plan, (lines, events) in known.items():
        for event in events:
            waiting = {line.activity for line in event.lines}
            for activity, number, title in lines.titles:
                if activity not in waiting and is_event_of(title, event.words):
                    sources[activity].append((plan, event.words))
                    names[activity] = number or f"«{title[:60]}»"
    if not sources:
        return {}
    found: dict[tuple[int, str], Likely] = {}
    dues = DueDate.objects.filter(activity__in=sources).exclude(state=DueState.CANCELLED).order_by("window_to", "pk")
    for due in dues:
        done = due.state in (DueState.REPORTED, DueState.ACCEPTED)
        if not done and due.window_to >= today:
            continue
        day = due.done_on if done and due.done_on else due.window_to
        for plan, words in sources[due.activity_id]:
            years = [one.year for one in _dates(words, recorded.get(plan, ()))]
            if not years or day.year > max(years):
                name = names[due.activity_id]
                because = f"мероприятие {name} исполнено" if done else f"срок мероприятия {name} прошёл"
                found[plan, words] = Likely(f"{because} {date_in_words(day)}", day if done else None, day)
    return found
