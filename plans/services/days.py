"""Due dates follow the words, the plan's period, the calendar and what has happened.

`days_difference` says what would change and writes nothing, `refresh_days` is the one way to apply it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from nok_portal.accounts.models import User
from nok_portal.audit.services import Told, record_many
from nok_portal.tenants.models import Organization
from plans.days.changes import FELL_AWAY, Changes, Link, Row, RowState, Wanted, day_changes, wanted_days
from plans.days.difference import ChangedDay, ChangeKind, DaysDifference
from plans.deadlines import Context, Deadline
from plans.enums import DueState
from plans.models import Activity, ActivityOrganization, DueDate, Plan
from plans.selectors import context_of_plan
from plans.services.building import due_row

RECOMPUTED = "Сроки пересчитаны"
_STATES = {
    DueState.OPEN: RowState.OPEN,
    DueState.REPORTED: RowState.REPORTED,
    DueState.ACCEPTED: RowState.REPORTED,
    DueState.CANCELLED: RowState.CANCELLED,
}


def days_difference(
    plan: Plan,
    *,
    facts: Mapping[str, Any] | None = None,
    deadlines: Mapping[int, Deadline] | None = None,
    events: Mapping[str, date | tuple[date, ...]] | None = None,
    organizations: Mapping[int, Sequence[Link]] | None = None,
) -> DaysDifference:
    """What would happen to the days of the plan with other facts, readings, events or organizations; writes nothing.

    `deadlines` and `organizations` speak of the activities that they name: with nothing else given only these are
    looked at, otherwise the whole plan.
    """
    named = {*(deadlines or {}), *(organizations or {})}
    only = named if named and facts is None and events is None else None
    context = context_of_plan(plan)
    becoming = context
    if facts is not None:
        years = tuple(facts["assessment_years"])
        becoming = replace(becoming, starts_on=facts["period_from"], ends_on=facts["period_to"], assessment_years=years)
    if events is not None:
        becoming = replace(becoming, events=events)
    activities = _activities(plan, only)
    links = _links(plan, only)
    dues = list(_dues(plan, only))
    wanted = _wanted(activities, becoming, deadlines or {}, links | dict(organizations or {}))
    changes = day_changes(map(_row, dues), wanted)
    if changes.kept:
        # a report whose window fell away earlier is no news
        known = {row.activity for row in changes.kept}
        before = _wanted([one for one in activities if one.pk in known], context, {}, links)
        windows = {(one.activity, one.organization, one.window) for one in before}
        news = tuple(row for row in changes.kept if (row.activity, row.organization, row.window) in windows)
        changes = replace(changes, kept=news)
    return _difference(changes, activities)


@transaction.atomic
def refresh_days(
    plan: Plan, *, actor: User | None, at: datetime, reason: str = "", only: Collection[int] | None = None
) -> DaysDifference:
    """Compute the days of the plan anew: open ones are added, moved and taken away, all others stay.

    An open day with a report or evidence is never deleted: it moves, or is cancelled for `reason`. The history of
    each activity tells what changed. `only`: the activities to look at, where no others can have changed.
    """
    activities = _activities(plan, only)
    dues = list(_dues(plan, only).select_for_update(of=("self",)))
    context = context_of_plan(plan)
    changes = day_changes(map(_row, dues), _wanted(activities, context, {}, _links(plan, only)))
    _apply(changes, {due.pk: due for due in dues}, {one.pk: one for one in activities}, plan, reason=reason)
    _mark_outside([due for due in dues if due.state != DueState.OPEN], context)
    difference = _difference(replace(changes, kept=()), activities)
    _tell(difference, activities, dues, actor=actor, at=at, reason=reason)
    return difference


def write_first_days(plan: Plan) -> None:
    """The days of a plan that has none yet: its history begins with them, so it tells nothing of them."""
    activities = _activities(plan, None)
    wanted = _wanted(activities, context_of_plan(plan), {}, _links(plan, None))
    _add(wanted, {one.pk: one for one in activities}, plan)


def _activities(plan: Plan, only: Collection[int] | None) -> list[Activity]:
    found = plan.activities.order_by("position").defer("source", "findings")
    return list(found if only is None else found.filter(pk__in=only))


def _links(plan: Plan, only: Collection[int] | None) -> dict[int, list[Link]]:
    """Which organizations the lines name; a merged double counts as the one that was kept."""
    found = ActivityOrganization.objects.filter(activity__plan=plan)
    if only is not None:
        found = found.filter(activity__in=only)
    links: dict[int, list[Link]] = defaultdict(list)
    rows = found.values_list("activity_id", "organization_id", "organization__merged_into_id", "year")
    for activity, organization, merged_into, year in rows:
        links[activity].append((merged_into or organization, year))
    return links


def _dues(plan: Plan, only: Collection[int] | None) -> QuerySet[DueDate]:
    found = DueDate.objects.filter(activity__plan=plan).order_by("pk")
    if only is not None:
        found = found.filter(activity__in=only)
    return found.telling_work()


def _row(due: DueDate) -> Row:
    return Row(
        due=due.pk,
        activity=due.activity_id,
        organization=due.organization_id,
        starts_on=due.window_from,
        ends_on=due.window_to,
        origin=due.origin,
        state=RowState.FALLEN if due.fell_away else _STATES[DueState(due.state)],
        has_work=due.has_work,  # type: ignore[attr-defined]
    )


def _wanted(
    activities: Iterable[Activity],
    context: Context,
    deadlines: Mapping[int, Deadline],
    links: Mapping[int, Sequence[Link]],
) -> list[Wanted]:
    return [
        wanted
        for one in activities
        for wanted in wanted_days(one.pk, deadlines.get(one.pk) or one.deadline, context, links.get(one.pk, ()))
    ]


def _apply(
    changes: Changes,
    dues: Mapping[int, DueDate],
    activities: Mapping[int, Activity],
    plan: Plan,
    *,
    reason: str,
) -> None:
    entered_on = plan.entered_on
    described, moved = [], []
    for row, wanted in changes.same:
        if row.state is not RowState.OPEN:
            continue
        new = due_row(activities[wanted.activity], wanted.day, entered_on=entered_on)
        if _describe(dues[row.due], new):
            described.append(dues[row.due])
    for row, wanted in (*changes.moved, *changes.back):
        due = dues[row.due]
        new = due_row(activities[wanted.activity], wanted.day, entered_on=entered_on)
        due.window_from, due.window_to = new.window_from, new.window_to
        due.ended_before_entry = new.ended_before_entry
        _describe(due, new)
        due.version += 1
        if row.state is RowState.FALLEN:
            due.state, due.cancelled_reason, due.fell_away = DueState.OPEN, "", False
        moved.append(due)
    for row in changes.cancelled:
        due = dues[row.due]
        due.state, due.fell_away = DueState.CANCELLED, True
        due.cancelled_reason = f"{FELL_AWAY}: {reason}" if reason else FELL_AWAY
        due.version += 1
        moved.append(due)
    if described:
        DueDate.objects.bulk_update(described, _WORDS)
    if moved:
        DueDate.objects.bulk_update(moved, [*_WORDS, *_MOVING])
    if changes.gone:
        DueDate.objects.filter(pk__in=[row.due for row in changes.gone]).delete()
    _add(changes.added, activities, plan)


def _add(wanted: Iterable[Wanted], activities: Mapping[int, Activity], plan: Plan) -> None:
    entered_on = plan.entered_on
    DueDate.objects.bulk_create(
        due_row(activities[one.activity], one.day, entered_on=entered_on, organization_id=one.organization)
        for one in wanted
    )


def _mark_outside(dues: Iterable[DueDate], context: Context) -> None:
    """Of days that are settled only this follows: whether the plan's period holds them, which is no part of a report."""
    changed = [due for due in dues if due.is_outside_period == context.covers(due.window_to)]
    for due in changed:
        due.is_outside_period = not due.is_outside_period
    if changed:
        DueDate.objects.bulk_update(changed, ["is_outside_period"])


_WORDS = ("label", "origin", "is_outside_period")
_MOVING = (
    "window_from", "window_to", "ended_before_entry", "state", "cancelled_reason", "fell_away", "version",
)  # fmt: skip


def _describe(due: DueDate, new: DueDate) -> bool:
    """Give the row the words of the window as they are now; whether anything was different."""
    differs = False
    for name in _WORDS:
        if getattr(due, name) != getattr(new, name):
            setattr(due, name, getattr(new, name))
            differs = True
    return differs


def _difference(changes: Changes, activities: Sequence[Activity]) -> DaysDifference:
    rows: list[tuple[ChangeKind, Row | None, Wanted | None]] = [
        *((ChangeKind.ADDED, None, one) for one in changes.added),
        *((ChangeKind.ADDED, row, one) for row, one in changes.back),
        *((ChangeKind.MOVED, row, one) for row, one in changes.moved),
        *((ChangeKind.GONE, row, None) for row in changes.gone),
        *((ChangeKind.CANCELLED, row, None) for row in changes.cancelled),
        *((ChangeKind.KEPT, row, None) for row in changes.kept),
    ]
    beside = {id(one): row.ends_on for row, one in changes.beside}
    asked = [subject.organization for _, row, one in rows if (subject := row or one) and subject.organization]
    names = dict(Organization.objects.filter(pk__in=asked).values_list("pk", "short_name")) if asked else {}
    order = {one.pk: place for place, one in enumerate(activities)}
    found = []
    for kind, row, one in rows:
        subject = row or one
        assert subject is not None
        found.append(
            ChangedDay(
                kind=kind,
                activity=subject.activity,
                was=row.ends_on if row and kind is not ChangeKind.ADDED else None,
                now=one.day.ends_on if one else None,
                organization=names.get(subject.organization, "") if subject.organization else "",
                beside=beside.get(id(one)) if one else None,
            )
        )
    found.sort(key=lambda change: (order[change.activity], change.now or change.was or date.max, change.organization))
    told = {change.activity for change in found}
    titles = {one.pk: (one.number, one.title) for one in activities if one.pk in told}
    return DaysDifference(tuple(found), titles)


def _tell(
    difference: DaysDifference,
    activities: Sequence[Activity],
    dues: Sequence[DueDate],
    *,
    actor: User | None,
    at: datetime,
    reason: str,
) -> None:
    """The journal of each activity whose days changed: its last days before and after."""
    changed = difference.changed_activities
    if not changed:
        return
    record_many(
        verb=RECOMPUTED,
        about=[
            Told(on=one, before=difference.before_of(one.pk), after=difference.after_of(one.pk))
            for one in activities
            if one.pk in changed
        ],
        actor=actor,
        at=at,
        reason=reason,
    )
