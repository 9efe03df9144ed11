"""Changes of target indicators: what was reached, how it is counted, and in a draft what is promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.audit.services import changed_fields, record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces
from plans.enums import TargetMeasure
from plans.models import Plan, TargetIndicator, TargetValue
from plans.permissions import Part
from plans.services.plan_locks import lock_plan_lines
from plans.services.plans import refresh_findings

FACTS = ("title", "unit", "is_cumulative", "base_year")
REACHED = "Внесён факт показателя"


class TargetStale(StaleVersion):
    """Somebody else saved the indicator first; nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__("Пока вы работали, этот показатель изменил другой человек. Сверьте цифры и сохраните снова.")


class TargetGone(DomainError):
    def __init__(self) -> None:
        super().__init__("Этот показатель уже удалил другой человек. Менять в нём больше нечего.")


@dataclass(frozen=True)
class Reached:
    """The actual figure of a year (None: not known) and what a person says of it."""

    actual: Decimal | None
    note: str = ""


@transaction.atomic
def record_actuals(
    *, indicator: TargetIndicator, reached: Mapping[int, Reached], version: int, actor: User, at: datetime
) -> TargetIndicator:
    """Write down what was reached, by year; years that the indicator does not have are left out.

    Also of an approved plan: what it promises stays. Raises TargetStale, TargetGone, WordsAreFixed for a closed plan.
    """
    locked = lock_indicator(indicator, version, part=Part.EVENTS)
    write_actuals(locked, reached, verb=REACHED, actor=actor, at=at)
    return locked


def write_actuals(
    locked: TargetIndicator, reached: Mapping[int, Reached], *, verb: str, actor: User, at: datetime
) -> AuditEntry | None:
    """The figures of an indicator that is held; None where nothing is different."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for value in TargetValue.objects.filter(indicator=locked, year__in=reached).order_by("year"):
        new = reached[value.year]
        note = fold_spaces(new.note)
        if (value.actual, value.note) == (new.actual, note):
            continue
        before[str(value.year)] = {"actual": value.actual, "note": value.note}
        after[str(value.year)] = {"actual": new.actual, "note": note}
        value.actual, value.note = new.actual, note
        value.recorded_by, value.recorded_at = (None, None) if new.actual is None else (actor, at)
        value.save()
    if not after:
        return None
    _touch(locked)
    return record(verb=verb, on=locked, actor=actor, at=at, before=before, after=after)


@transaction.atomic
def set_measure(
    *, indicator: TargetIndicator, measure: TargetMeasure, version: int, actor: User, at: datetime
) -> TargetIndicator:
    """Whether the portal counts what was reached. Figures that people wrote stay and come first."""
    locked = lock_indicator(indicator, version, part=Part.OWN)
    if locked.measure == measure:
        return locked
    before, locked.measure = locked.measure, measure
    _touch(locked)
    record(
        verb="Изменено, как считается факт показателя",
        on=locked,
        actor=actor,
        at=at,
        before={"measure": before},
        after={"measure": measure},
    )
    return locked


@transaction.atomic
def add_indicator(
    *, plan: Plan, facts: Mapping[str, Any], planned: Mapping[int, Decimal], actor: User, at: datetime
) -> TargetIndicator:
    """A new indicator at the end of a draft's list. Raises WordsAreFixed."""
    locked = lock_plan_lines(plan.pk)
    last = TargetIndicator.objects.filter(plan=locked).aggregate(last=Max("position"))["last"] or 0
    indicator = TargetIndicator(municipality_id=locked.municipality_id, plan=locked, position=last + 1)
    _set_facts(indicator, facts)
    indicator.save()
    _write_planned(indicator, planned)
    refresh_findings(locked)
    record(verb="Добавлен показатель", on=indicator, actor=actor, at=at, after=_stated(indicator, planned))
    return indicator


@transaction.atomic
def edit_indicator(
    *,
    indicator: TargetIndicator,
    facts: Mapping[str, Any],
    planned: Mapping[int, Decimal],
    version: int,
    actor: User,
    at: datetime,
) -> TargetIndicator:
    """Change what a draft promises. A year that is left out goes, with what was written about it.

    Raises WordsAreFixed, TargetStale, TargetGone.
    """
    locked = lock_indicator(indicator, version)
    held = {value.year: value.planned for value in locked.values.all()}
    before = _stated(locked, held)
    _set_facts(locked, facts)
    was, now = changed_fields(before, _stated(locked, planned))
    if not now:
        return locked
    locked.values.exclude(year__in=planned).delete()
    _write_planned(locked, planned)
    _touch(locked)
    refresh_findings(locked.plan)
    record(verb="Изменён показатель", on=locked, actor=actor, at=at, before=was, after=now)
    return locked


@transaction.atomic
def delete_indicator(*, indicator: TargetIndicator, version: int, actor: User, at: datetime) -> None:
    """Take an indicator out of a draft. Raises WordsAreFixed, TargetStale, TargetGone."""
    locked = lock_indicator(indicator, version)
    plan, held = locked.plan, {value.year: value.planned for value in locked.values.all()}
    record(verb="Удалён показатель", on=locked, actor=actor, at=at, before={"plan": plan.pk, **_stated(locked, held)})
    locked.delete()
    refresh_findings(plan)


def lock_indicator(indicator: TargetIndicator, version: int | None, *, part: Part = Part.WORDS) -> TargetIndicator:
    """The indicator for update, after its plan, always in this order; no version: nothing seen is overwritten."""
    plan = lock_plan_lines(indicator.plan_id, part=part)
    locked = TargetIndicator.objects.select_for_update(of=("self",)).filter(pk=indicator.pk).first()
    if locked is None:
        raise TargetGone
    if version is not None and locked.version != version:
        raise TargetStale
    locked.plan = plan
    return locked


def _set_facts(indicator: TargetIndicator, facts: Mapping[str, Any]) -> None:
    for name in FACTS:
        if name in facts:
            setattr(indicator, name, facts[name])
    indicator.title = fold_spaces(indicator.title)


def _write_planned(indicator: TargetIndicator, planned: Mapping[int, Decimal]) -> None:
    TargetValue.objects.bulk_create(
        [
            TargetValue(municipality_id=indicator.municipality_id, indicator=indicator, year=year, planned=value)
            for year, value in sorted(planned.items())
        ],
        update_conflicts=True,
        unique_fields=["indicator", "year"],
        update_fields=["planned"],
    )


def _touch(indicator: TargetIndicator) -> None:
    indicator.version += 1
    indicator.save()


def _stated(indicator: TargetIndicator, planned: Mapping[int, Decimal]) -> dict[str, Any]:
    """Facts and promises, comparable: years as the journal has them."""
    figures = {str(year): f"{value.normalize():f}" for year, value in sorted(planned.items())}
    return {**{name: getattr(indicator, name) for name in FACTS}, "planned": figures}
