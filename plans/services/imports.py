"""From an uploaded document to the draft of a plan: start, read, confirm, give up."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import IO

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.reports.models import BackgroundJob
from nok_portal.reports.services import start_job
from nok_portal.tenants.file_kinds import DOCX, TEXT, XLSX
from nok_portal.tenants.models import Municipality, StoredFile
from nok_portal.tenants.services.files import store_file
from plans.enums import ImportState
from plans.facts import FIRST_YEAR, LAST_YEAR, facts_of
from plans.importing.drafting import draft_of
from plans.importing.drafts import Draft, stamp_of
from plans.models import Plan, PlanImport
from plans.models.imports import FILE_PURPOSE, JOB_KIND, KEPT_FOR
from plans.selectors import doubles_of
from plans.services.building import build_plan
from plans.table import PlanTable
from plans.table.limits_check import CANNOT_BE_KEPT

FILE_KINDS = (DOCX, XLSX, TEXT)
PASTED_NAME = "вставленная таблица"
LONGEST_PASTE = 500_000
LONGEST_HTML = 4_000_000


class ImportNotOpen(DomainError):
    """The draft has become a plan, was given up or has expired."""


class ImportGone(ImportNotOpen):
    """Somebody has deleted the document meanwhile."""

    def __init__(self) -> None:
        super().__init__("Этот документ уже удалили из проверки. Если он ещё нужен, загрузите его снова.")


class DraftNotReady(DomainError):
    """Something must still be decided before the plan can be made."""


@transaction.atomic
def start_import(
    *,
    municipality: Municipality,
    actor: User,
    at: datetime,
    upload: IO[bytes] | None = None,
    name: str = "",
    text: str = "",
    html: str = "",
) -> PlanImport:
    """Keep the document (or the pasted table) and have it read in the background.

    `html` is what was pasted as its program formats it. A document that was loaded before is kept and not read:
    `read_again` does that once a person has seen where it went. Raises FileRefused for what is no Word, Excel or
    text document.
    """
    stored = None
    if upload is not None:
        stored = store_file(
            municipality=municipality,
            content=upload,
            name=name,
            purpose=FILE_PURPOSE,
            uploaded_by=actor,
            at=at,
            kinds=FILE_KINDS,
        )
    elif not text.strip():
        raise DomainError("Приложите документ или вставьте таблицу: читать пока нечего.")
    elif len(text) > LONGEST_PASTE:
        raise DomainError("Вставлено слишком много. Загрузите таблицу файлом Word или Excel.")
    plan_import = PlanImport.objects.create(
        municipality=municipality,
        file=stored,
        pasted_text="" if stored else text,
        pasted_html="" if stored else html[:LONGEST_HTML],
        source_name=stored.name if stored else PASTED_NAME,
        source_hash=stored.sha256 if stored else hashlib.sha256(text.encode()).hexdigest(),
        created_by=actor,
        created_at=at,
        expires_at=at + KEPT_FOR,
    )
    record(verb="Загружен документ для плана", on=plan_import, actor=actor, at=at)
    found = doubles_of(plan_import)
    if not found.plans and not found.imports:
        start_reading(plan_import, actor=actor, at=at)
    return plan_import


@transaction.atomic
def read_again(*, plan_import: PlanImport, actor: User, at: datetime) -> None:
    """Read a document that was loaded before: there will be a second plan of it."""
    locked = lock_import(plan_import)
    if locked.state == ImportState.READING and locked.job is None:
        start_reading(locked, actor=actor, at=at)


def start_reading(plan_import: PlanImport, *, actor: User, at: datetime) -> None:
    """A worker reads the document; a job that has ended before gives way."""
    former = plan_import.job_id
    plan_import.job = start_job(
        kind=JOB_KIND,
        municipality=plan_import.municipality,
        title=f"Чтение документа «{plan_import.source_name}»",
        parameters={"plan_import_id": plan_import.pk, "version": plan_import.version},
        owner=actor,
        at=at,
    )
    plan_import.save(update_fields=["job"])
    if former and former != plan_import.job_id:
        BackgroundJob.objects.filter(pk=former).delete()


@transaction.atomic
def confirm_import(*, plan_import: PlanImport, version: int, actor: User, at: datetime) -> Plan:
    """Make the draft of a plan, in one transaction; whoever confirms has seen this very version.

    Raises ImportNotOpen, StaleVersion, DraftNotReady.
    """
    locked = lock_open_import(plan_import=plan_import, at=at)
    if locked.version != version:
        raise StaleVersion
    draft = draft_of_import(locked)
    _check_ready(draft)
    plan = build_plan(draft=draft, municipality=locked.municipality, source_file=locked.file, actor=actor, at=at)
    locked.state = ImportState.CONFIRMED
    locked.plan = plan
    locked.version += 1
    locked.save(update_fields=["state", "plan", "version"])
    record(
        verb="Внесён план из документа",
        on=plan,
        actor=actor,
        at=at,
        after={**_summary(plan, draft), "document": locked.source_name, "corrected": draft.corrected},
    )
    record(verb="Документ стал планом", on=locked, actor=actor, at=at, after={"plan": plan.pk})
    return plan


@transaction.atomic
def import_table(
    *,
    table: PlanTable,
    municipality: Municipality,
    actor: User | None,
    at: datetime,
    period: tuple[date, date] | None = None,
    assessment_years: Iterable[int] = (),
) -> Plan:
    """Make a plan of a table as it was read, for the command: findings stay in the plan, nobody is asked.

    Raises DomainError when neither the document nor the caller tells the period, when years are far off and
    when something is too much to keep.
    """
    start, end = period or _period_of(table)
    if end < start:
        raise DraftNotReady("Конец периода раньше его начала.")
    years = tuple(assessment_years) or tuple(range(start.year, end.year + 1))
    if not all(FIRST_YEAR <= year <= LAST_YEAR for year in (start.year, end.year, *years)):
        raise DraftNotReady(f"Годы плана и годы оценки должны быть от {FIRST_YEAR} до {LAST_YEAR}.")
    proposed = facts_of(table, {})
    draft = draft_of(
        table,
        {
            "facts": {
                "title": proposed.title or f"План на {start.year}–{end.year} годы",
                "kind": proposed.kind,
                "period_from": start.isoformat(),
                "period_to": end.isoformat(),
                "assessment_years": list(years),
                "spheres": list(proposed.spheres),
            }
        },
    )
    if not draft.kept_lines:
        raise DraftNotReady("В документе не нашлось ни одного мероприятия.")
    for finding in draft.all_findings:
        if finding.code in CANNOT_BE_KEPT:
            raise DraftNotReady(finding.message)
    plan = build_plan(draft=draft, municipality=municipality, source_file=None, actor=actor, at=at)
    record(verb="Внесён план из документа", on=plan, actor=actor, at=at, after=_summary(plan, draft))
    return plan


@transaction.atomic
def discard_import(*, plan_import: PlanImport, actor: User, at: datetime) -> None:
    """Give a draft up: the document, the reading and the corrections are forgotten."""
    locked = lock_import(plan_import)
    if locked.state == ImportState.CONFIRMED:
        raise ImportNotOpen("Этот документ уже стал планом. Удалить можно сам черновик плана.")
    record(verb="Загрузка документа отменена", on=locked, actor=actor, at=at, before={"document": locked.source_name})
    _forget(locked)


@transaction.atomic
def drop_expired_imports(*, municipality: Municipality, at: datetime) -> int:
    """Forget drafts that nobody finished in 30 days; answers how many."""
    expired = PlanImport.objects.filter(municipality=municipality, expires_at__lte=at).exclude(
        state=ImportState.CONFIRMED
    )
    found = list(expired.select_for_update(skip_locked=True))
    for plan_import in found:
        record(
            verb="Загрузка документа истекла",
            on=plan_import,
            actor=None,
            at=at,
            before={"document": plan_import.source_name},
        )
        _forget(plan_import)
    return len(found)


def lock_open_import(*, plan_import: PlanImport, at: datetime) -> PlanImport:
    """The import, locked until the transaction ends; raises ImportNotOpen unless it can still be worked on."""
    locked = lock_import(plan_import)
    if locked.state == ImportState.CONFIRMED:
        raise ImportNotOpen("Этот документ уже стал планом: правьте сам план.")
    if locked.expires_at <= at:
        raise ImportNotOpen("Проверку не закончили за 30 дней, и черновик удалён. Загрузите документ снова.")
    if locked.state != ImportState.REVIEW:
        raise ImportNotOpen("Документ ещё не прочитан. Подождите, пока закончится чтение.")
    return locked


def lock_import(plan_import: PlanImport) -> PlanImport:
    """The import, locked until the transaction ends; raises ImportGone."""
    found = PlanImport.objects.select_for_update(of=("self",)).select_related("municipality")
    locked = found.filter(pk=plan_import.pk).first()
    if locked is None:
        raise ImportGone
    return locked


@dataclass(frozen=True)
class _AsItStands:
    """An import known by all that its draft depends on."""

    pk: int
    version: int
    said: str
    plan_import: PlanImport = field(compare=False, repr=False)


def draft_of_import(plan_import: PlanImport) -> Draft:
    """What the plan will be as things stand; remembered, since one correction asks for it several times."""
    told = {"of": plan_import.source_hash, "columns": plan_import.columns, "corrections": plan_import.corrections}
    said = stamp_of(told)
    return _draft(_AsItStands(plan_import.pk, plan_import.version, said, plan_import))


@lru_cache(maxsize=8)
def _draft(known: _AsItStands) -> Draft:
    return draft_of(PlanTable.from_json(known.plan_import.table or {}), known.plan_import.corrections)


def _check_ready(draft: Draft) -> None:
    if draft.facts.missing:
        raise DraftNotReady(f"Укажите сведения о плане: {', '.join(draft.facts.missing)}.")
    if not draft.kept_lines:
        raise DraftNotReady("В плане не осталось ни одного мероприятия. Верните хотя бы одну строку.")
    if draft.errors:
        raise DraftNotReady("Сначала исправьте строки, отмеченные красным: с ними план не создать.")


def _period_of(table: PlanTable) -> tuple[date, date]:
    if table.period is None:
        raise DraftNotReady("В документе не указан период плана. Задайте его: --from ДАТА --to ДАТА.")
    return date.fromisoformat(table.period[0]), date.fromisoformat(table.period[1])


def _summary(plan: Plan, draft: Draft) -> dict[str, object]:
    return {
        "title": plan.title,
        "period": [plan.period_from, plan.period_to],
        "activities": len(draft.kept_lines),
        "findings": draft.remarks,
    }


def _forget(plan_import: PlanImport) -> None:
    """Delete the row, its job and its file; what another import or plan uses stays."""
    file_id, job_id = plan_import.file_id, plan_import.job_id
    plan_import.delete()
    if job_id:
        BackgroundJob.objects.filter(pk=job_id).delete()
    if file_id and not Plan.objects.filter(source_file_id=file_id).exists():
        StoredFile.objects.filter(pk=file_id).delete()
