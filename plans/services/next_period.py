"""A plan copied to another period: the same work, with the years of its words moved."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from plans.deadlines import Deadline, parse
from plans.editions.shifting import shift_deadline
from plans.models import Activity, Plan, TargetValue
from plans.selectors.next_period import rewordings
from plans.services.copying import Rewording, copy_rows, copy_targets
from plans.services.days import write_first_days
from plans.services.plan_locks import lock_plan
from plans.services.plans import refresh_findings


class CopyRefused(DomainError):
    """The plan cannot be copied to that period."""


@transaction.atomic
def copy_plan(
    *,
    plan: Plan,
    version: int,
    period_from: date,
    period_to: date,
    assessment_years: Sequence[int],
    kept: Collection[str] = (),
    with_values: bool = False,
    actor: User,
    at: datetime,
) -> Plan:
    """A new draft for the period: years in titles and deadlines move with its beginning, events and reports stay here.

    `kept`: places (selectors.next_period.Reworded) whose words stay as they are. Target indicators come without
    figures unless `with_values`. Raises CopyRefused, PlanGone, StaleVersion.
    """
    locked = lock_plan(plan, version)
    if period_to < period_from:
        raise CopyRefused("Конец периода раньше начала. Поменяйте дни местами или исправьте год.")
    by = period_from.year - locked.period_from.year
    moved = {one.place: one.after for one in rewordings(locked, by) if one.place not in kept}

    def words(place: str, text: str) -> str:
        return moved.get(place, text)

    said = Rewording(
        words=words,
        deadline=lambda line, text: _deadline(line, text, by),
        year=lambda year: year + by,
    )
    copy = Plan.objects.create(
        municipality=locked.municipality,
        kind=locked.kind,
        title=words("title", locked.title),
        period_from=period_from,
        period_to=period_to,
        assessment_years=sorted(assessment_years),
        spheres=locked.spheres,
        created_by=actor,
        created_at=at,
    )
    lines = copy_rows(locked, copy, said)
    indicators = copy_targets(locked, copy, said)
    if with_values:
        TargetValue.objects.bulk_create(
            TargetValue(
                municipality_id=copy.municipality_id,
                indicator=indicators[value.indicator_id],
                year=said.year(value.year),
                planned=value.planned,
            )
            for value in TargetValue.objects.filter(indicator__plan=locked).order_by("pk")
        )
    write_first_days(copy)
    refresh_findings(copy)
    record(
        verb="План скопирован на другой период",
        on=copy,
        actor=actor,
        at=at,
        after={"source": locked.pk, "title": copy.title, "years_moved": by, "activities": len(lines)},
    )
    return copy


def _deadline(line: Activity, text: str, by: int) -> Deadline:
    """A person's own reading moves with its words; words that stay keep it as it is."""
    if not line.reading_is_corrected:
        return parse(text)
    return shift_deadline(line.deadline, by if text != line.deadline_text else 0, text)
