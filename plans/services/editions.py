"""A new edition of an approved plan: prepared beside the one in force, which it replaces when it is approved.

What was reported, and what happened, goes over from the old edition; nothing is taken away from it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from nok_portal.accounts.models import User
from nok_portal.audit.services import Told, record, record_many
from nok_portal.common.errors import DomainError
from nok_portal.messaging.services.moving import Moved, move_reminders
from plans.enums import PlanState
from plans.models import Activity, DueDate, Evidence, Plan, ProcessEvent, TargetValue
from plans.selectors.editions import CARRIED, carried_from, reports_to_carry
from plans.selectors.told import thing_of_due
from plans.services.copying import AS_IT_IS, copy_rows, copy_targets
from plans.services.days import refresh_days
from plans.services.plan_locks import lock_plan
from plans.services.plans import refresh_findings

CAME_OVER = "Отчёт перенесён из прежней редакции"


class EditionRefused(DomainError):
    """No new edition of this plan can be begun now."""


@transaction.atomic
def start_new_edition(*, plan: Plan, version: int, actor: User, at: datetime) -> Plan:
    """A draft with all that the approved plan says, to be changed and approved in its place.

    Raises EditionRefused, PlanGone, StaleVersion.
    """
    locked = lock_plan(plan, version)
    if locked.state != PlanState.APPROVED or locked.archived_at is not None:
        raise EditionRefused("Новую редакцию готовят для утверждённого плана. Черновик можно менять и так.")
    if Plan.objects.filter(previous=locked).exists():
        raise EditionRefused("Новая редакция этого плана уже готовится. Откройте её и продолжите.")
    edition = Plan.objects.create(
        municipality=locked.municipality,
        kind=locked.kind,
        title=locked.title,
        period_from=locked.period_from,
        period_to=locked.period_to,
        assessment_years=locked.assessment_years,
        spheres=locked.spheres,
        findings=locked.findings,
        settled=locked.settled,
        edition=locked.edition + 1,
        previous=locked,
        created_by=actor,
        created_at=at,
    )
    activities = copy_rows(locked, edition, AS_IT_IS)
    indicators = copy_targets(locked, edition, AS_IT_IS)
    _copy_values(locked, indicators)
    _copy_events(locked, edition)
    _copy_days(locked, activities)
    record(
        verb="Начата новая редакция плана",
        on=edition,
        actor=actor,
        at=at,
        after={"edition": edition.edition, "previous": locked.pk, "activities": len(activities)},
    )
    record(verb="Начата новая редакция плана", on=locked, actor=actor, at=at, after={"next": edition.pk})
    return edition


def take_over(*, edition: Plan, previous: Plan, actor: User, at: datetime) -> int:
    """Give the edition what happened under the previous one: events, actual figures, reports with their evidence.

    Both are locked by the caller. Answers how many due dates brought work along; what has no counterpart stays with
    the previous edition (selectors.editions.reports_to_carry names it).
    """
    _bring_events(previous, edition)
    refresh_days(edition, actor=actor, at=at, reason="вступила в силу новая редакция")
    _bring_actuals(previous, edition)
    carry = reports_to_carry(edition)
    for old, new in carry.pairs:
        for name, value in carried_from(old).items():
            setattr(new, name, value)
        new.version += 1
    changed = [new for _, new in carry.pairs]
    DueDate.objects.bulk_update(changed, [*CARRIED, "version"])
    with_work = [(old, new) for old, new in carry.pairs if carry.has_work(old)]
    _copy_evidence({old.pk: new for old, new in with_work})
    record_many(
        verb=CAME_OVER,
        about=[
            Told(on=new.activity, after={"due_id": new.pk, "due": str(new), "state": new.state}) for _, new in with_work
        ],
        actor=actor,
        at=at,
    )
    _move_reminders(carry.pairs, edition)
    refresh_findings(edition)
    return len(with_work)


def give_back(*, edition: Plan) -> None:
    """Undo `take_over` where nobody has touched anything since: the previous edition still has all of it."""
    carry = reports_to_carry(edition)
    came = [new for old, new in carry.pairs if carry.has_work(old)]
    Evidence.objects.filter(due_date__in=came).delete()
    fallen = [new.pk for new in came if new.fell_away]  # stood only for what came with it
    empty = DueDate()
    for new in came:
        for name in CARRIED:
            if name != "ended_before_entry":
                setattr(new, name, getattr(empty, name))
        new.version += 1
    DueDate.objects.bulk_update(came, [*CARRIED, "version"])
    assert edition.previous is not None, "it took over from one"
    _move_reminders([(new, old) for old, new in carry.pairs], edition.previous)
    DueDate.objects.filter(pk__in=fallen).delete()


def _move_reminders(pairs: Iterable[tuple[DueDate, DueDate]], plan: Plan) -> None:
    """What people were told of the one due date of each pair counts for the other, which is the plan's."""
    slug = plan.municipality.slug
    move_reminders(
        municipality=plan.municipality,
        moves=[
            Moved(
                thing=thing_of_due(one.pk),
                to=thing_of_due(other.pk),
                url=reverse("office:due", args=[slug, other.pk]),
                group_title=plan.title,
                group_url=reverse("office:plan", args=[slug, plan.pk]),
            )
            for one, other in pairs
        ],
    )


def _copy_values(source: Plan, indicators: Mapping[int, Any]) -> None:
    TargetValue.objects.bulk_create(
        TargetValue(
            municipality_id=source.municipality_id,
            indicator=indicators[value.indicator_id],
            **{name: getattr(value, name) for name in ("year", "planned", "actual", "note", "recorded_at")},
            recorded_by_id=value.recorded_by_id,
        )
        for value in TargetValue.objects.filter(indicator__plan=source).order_by("pk")
    )


def _bring_actuals(source: Plan, target: Plan) -> None:
    """Actual figures that were recorded, corrected or taken away while the edition was prepared: the newer one counts.

    The same figure is that of the same indicator, by its words, and year.
    """
    known = {_of_figure(value): value for value in _figures(source)}
    changed = []
    for value in _figures(target):
        old = known.get(_of_figure(value))
        if old is None or not _is_newer(old, value, begun_at=target.created_at):
            continue
        value.actual, value.note = old.actual, old.note
        value.recorded_by_id, value.recorded_at = old.recorded_by_id, old.recorded_at
        changed.append(value)
    TargetValue.objects.bulk_update(changed, ["actual", "note", "recorded_by", "recorded_at"])


def _figures(plan: Plan) -> Iterable[TargetValue]:
    return TargetValue.objects.filter(indicator__plan=plan).select_related("indicator")


def _of_figure(value: TargetValue) -> tuple[str, str, int]:
    return value.indicator.title, value.indicator.unit, value.year


def _is_newer(old: TargetValue, new: TargetValue, *, begun_at: datetime) -> bool:
    if new.actual is None or new.recorded_at is None:
        # what stood when the edition was begun was copied: if it is not there, the edition took it away
        return old.actual is not None and (old.recorded_at is None or old.recorded_at >= begun_at)
    if old.recorded_at is None:
        # taken away in the plan in force; the edition has the copy of it, unless it recorded one of its own
        return old.actual is None and new.recorded_at < begun_at
    return old.recorded_at > new.recorded_at


def _copy_events(source: Plan, target: Plan, *, since: datetime | None = None) -> None:
    known = set(target.events.values_list("words", "happened_on"))
    events = source.events.order_by("pk")
    ProcessEvent.objects.bulk_create(
        ProcessEvent(
            municipality_id=target.municipality_id,
            plan=target,
            words=event.words,
            happened_on=event.happened_on,
            recorded_by_id=event.recorded_by_id,
            recorded_at=event.recorded_at,
        )
        for event in (events if since is None else events.filter(recorded_at__gte=since))
        if (event.words, event.happened_on) not in known
    )


def _bring_events(source: Plan, target: Plan) -> None:
    """What happened to the events of the plan in force while the edition was prepared happens to its copies of them.

    What the edition itself recorded, corrected or removed stays as it is there.
    """
    there = set(source.events.values_list("words", "happened_on"))
    copied = target.events.filter(recorded_at__lt=target.created_at)
    gone = [event.pk for event in copied if (event.words, event.happened_on) not in there]
    target.events.filter(pk__in=gone).delete()
    _copy_events(source, target, since=target.created_at)


def _copy_days(source: Plan, activities: Mapping[int, Activity]) -> None:
    """The days of the plan, all open: work stays with the edition in force until this one is approved."""
    DueDate.objects.bulk_create(
        DueDate(
            municipality_id=due.municipality_id,
            activity=activities[due.activity_id],
            organization_id=due.organization_id,
            **{
                name: getattr(due, name)
                for name in ("window_from", "window_to", "label", "origin", "is_outside_period", "ended_before_entry")
            },
        )
        for due in DueDate.objects.filter(activity__plan=source).exclude(fell_away=True).order_by("pk")
    )


def _copy_evidence(dues: Mapping[int, DueDate]) -> None:
    rows: Iterable[Evidence] = Evidence.objects.filter(due_date__in=dues).order_by("pk")
    Evidence.objects.bulk_create(
        Evidence(
            municipality_id=row.municipality_id,
            due_date=dues[row.due_date_id],
            kind=row.kind,
            title=row.title,
            file_id=row.file_id,
            url=row.url,
            act_id=row.act_id,
            added_by_id=row.added_by_id,
            added_at=row.added_at,
        )
        for row in rows
    )
