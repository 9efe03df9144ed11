"""Changes of a plan as a whole: its facts, the archive, the end of a draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import changed_fields, record
from nok_portal.common.errors import DomainError
from plans.importing.drafting import checked
from plans.importing.drafts import key_of
from plans.importing.stored import StoredPlan, table_of_plan
from plans.models import Activity, ActivityParty, DueDate, Plan, PlanImport, TargetIndicator
from plans.services.building import findings_as_json, remarks_as_json
from plans.services.days import refresh_days
from plans.services.plan_locks import lock_plan
from plans.table import Finding

FACTS = ("title", "kind", "period_from", "period_to", "assessment_years", "spheres")
DAYS_DEPEND_ON = ("period_from", "period_to", "assessment_years")


class PlanNotDraft(DomainError):
    """Only a draft may be deleted."""


class FactsAreFixed(DomainError):
    """What a legal act has approved is changed by a new edition only."""

    def __init__(self) -> None:
        super().__init__("План утверждён. Чтобы изменить сведения о нём, создайте новую редакцию.")


@transaction.atomic
def edit_plan_facts(*, plan: Plan, version: int, facts: Mapping[str, Any], actor: User, at: datetime) -> Plan:
    """Change title, kind, period, assessment years or spheres; open due dates and findings follow.

    Due dates that were reported or accepted stay as they are. Raises FactsAreFixed, StaleVersion, PlanGone.
    """
    locked = lock_plan(plan, version)
    if locked.words_are_fixed:
        raise FactsAreFixed
    before = {name: getattr(locked, name) for name in FACTS}
    for name in FACTS:
        setattr(locked, name, facts[name])
    was, now = changed_fields(before, {name: facts[name] for name in FACTS})
    if not now:
        return locked
    locked.version += 1
    locked.save()
    record(verb="Изменены сведения о плане", on=locked, actor=actor, at=at, before=was, after=now)
    if any(name in now for name in DAYS_DEPEND_ON):
        refresh_days(locked, actor=actor, at=at, reason="изменены сведения о плане")
    refresh_findings(locked)
    return locked


@transaction.atomic
def archive_plan(*, plan: Plan, version: int, actor: User, at: datetime, reason: str = "") -> Plan:
    """Put a plan away: it is kept, and its days ask for nothing any more."""
    locked = lock_plan(plan, version)
    locked.archived_at = at
    locked.version += 1
    locked.save(update_fields=["archived_at", "version"])
    record(verb="План убран в архив", on=locked, actor=actor, at=at, reason=reason)
    return locked


@transaction.atomic
def restore_plan(*, plan: Plan, version: int, actor: User, at: datetime) -> Plan:
    """Bring a plan back from the archive."""
    locked = lock_plan(plan, version)
    locked.archived_at = None
    locked.version += 1
    locked.save(update_fields=["archived_at", "version"])
    record(verb="План возвращён из архива", on=locked, actor=actor, at=at)
    return locked


@transaction.atomic
def delete_draft(*, plan: Plan, version: int, actor: User, at: datetime, reason: str = "") -> None:
    """Delete a draft with its lines; the document stays loaded nowhere. Raises PlanNotDraft, StaleVersion."""
    locked = lock_plan(plan, version)
    if not locked.is_draft:
        raise PlanNotDraft("Удалить можно только черновик. Утверждённый план можно убрать в архив.")
    if DueDate.objects.filter(activity__plan=locked).with_work().exists():
        raise PlanNotDraft("По мероприятиям плана уже отчитались. Уберите план в архив: отчёты сохранятся.")
    record(
        verb="Удалён черновик плана",
        on=locked,
        actor=actor,
        at=at,
        reason=reason,
        before={**{name: getattr(locked, name) for name in FACTS}, "activities": locked.activities.count()},
    )
    file = locked.source_file
    PlanImport.objects.filter(plan=locked).delete()
    ActivityParty.objects.filter(activity__plan=locked).delete()
    locked.delete()
    if file is not None and not PlanImport.objects.filter(file=file).exists():
        file.delete()


def refresh_findings(plan: Plan) -> None:
    """Check the plan anew; what a person decided to leave is not said again."""
    stored = table_of_plan(plan)
    findings = checked(stored.table, stored.facts, stored.corrected_readings)
    _write_findings(stored, findings)
    whole = [one for one in findings if one.activity_index is None and one.target_index is None]
    plan.findings = findings_as_json(_not_settled(whole, plan.settled))
    plan.save(update_fields=["findings"])


def _write_findings(stored: StoredPlan, findings: tuple[Finding, ...]) -> None:
    by_index: tuple[tuple[str, Sequence[Activity | TargetIndicator]], ...] = (
        ("activity_index", stored.activities),
        ("target_index", stored.targets),
    )
    for name, rows in by_index:
        for index, row in enumerate(rows):
            mine = [one for one in findings if getattr(one, name) == index]
            row.findings = remarks_as_json(_not_settled(mine, row.settled))
    Activity.objects.bulk_update(stored.activities, ["findings"])
    TargetIndicator.objects.bulk_update(stored.targets, ["findings"])


def _not_settled(findings: list[Finding], settled: list[str]) -> list[Finding]:
    return [one for one in findings if one.severity == "error" or key_of(one) not in settled]
