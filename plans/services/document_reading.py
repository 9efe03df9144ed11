"""Reading an uploaded document: the first time, and again when a person says that its columns mean something else."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.services.files import open_file
from plans.enums import ImportState
from plans.importing.carrying import Carried, carried_over
from plans.models import PlanImport
from plans.services.imports import lock_import, lock_open_import, start_reading
from plans.table import PlanTable, UnreadableFile, meanings_from_json, read_pasted_bounded, read_plan_bounded

Columns = Mapping[str, Mapping[str, str]]
NOT_OFFERED = "Новое чтение документа уже принято или отклонено. Посмотрите, что вышло."


def read_document(plan_import: PlanImport) -> PlanTable:
    """The table of the document, read in a child process that cannot take the worker with it.

    Raises DomainError in words for the person who uploaded it.
    """
    wanted = plan_import.columns if plan_import.rereading is None else plan_import.rereading["columns"]
    meanings = meanings_from_json(wanted)
    try:
        if plan_import.file is None:
            return read_pasted_bounded(plan_import.pasted_text, plan_import.pasted_html or None, meanings=meanings)
        with open_file(plan_import.file) as content:
            return read_plan_bounded(content.read(), plan_import.file.name, meanings)
    except UnreadableFile as error:
        raise DomainError(str(error)) from error


@transaction.atomic
def keep_reading(*, plan_import_id: int, table: PlanTable) -> None:
    """What was read becomes the preview; a second run of the same job changes nothing.

    A reading that would lose corrections is only offered: a person agrees to it or keeps the former one.
    """
    plan_import = PlanImport.objects.select_for_update().filter(pk=plan_import_id).first()
    if plan_import is None or plan_import.state != ImportState.READING:
        return
    plan_import.state = ImportState.REVIEW
    plan_import.version += 1
    if plan_import.rereading is None:
        plan_import.table = table.to_json()
    else:
        plan_import.rereading = {**plan_import.rereading, "table": table.to_json()}
        carried = carried_to_offer(plan_import)
        if carried is not None and not carried.lost:
            _take(plan_import, carried)
    plan_import.save()


@transaction.atomic
def set_columns(*, plan_import: PlanImport, version: int, columns: Columns, actor: User, at: datetime) -> None:
    """Have the document read again with what a person says that its columns mean.

    Raises ImportNotOpen, StaleVersion.
    """
    locked = lock_open_import(plan_import=plan_import, at=at)
    if locked.version != version:
        raise StaleVersion
    meanings_from_json(columns)
    locked.rereading = {"columns": {table: dict(said) for table, said in columns.items()}}
    locked.state = ImportState.READING
    locked.version += 1
    locked.save(update_fields=["rereading", "state", "version"])
    start_reading(locked, actor=actor, at=at)


def carried_to_offer(plan_import: PlanImport) -> Carried | None:
    """What would become of the corrections in the reading that is offered; None where none is."""
    if plan_import.rereading is None or "table" not in plan_import.rereading:
        return None
    former, offered = plan_import.table or {}, plan_import.rereading["table"]
    return carried_over(PlanTable.from_json(former), plan_import.corrections, PlanTable.from_json(offered))


@transaction.atomic
def take_reading(*, plan_import: PlanImport, version: int, actor: User, at: datetime) -> None:
    """Agree to the new reading; corrections that have no place in it are forgotten.

    Raises ImportNotOpen, StaleVersion.
    """
    locked = lock_open_import(plan_import=plan_import, at=at)
    carried = carried_to_offer(locked)
    if carried is None or locked.version != version:
        raise StaleVersion(NOT_OFFERED)
    _take(locked, carried)
    locked.version += 1
    locked.save()
    lost = [f"строка {one.row}: {one.words}" for one in carried.lost]
    record(verb="Документ прочитан заново", on=locked, actor=actor, at=at, after={"lost": lost})


@transaction.atomic
def keep_former_reading(*, plan_import: PlanImport, at: datetime) -> None:
    """Stay with the reading there was, also where the new one failed or is still being made."""
    locked = lock_import(plan_import)
    if locked.rereading is None:
        lock_open_import(plan_import=plan_import, at=at)
        raise StaleVersion(NOT_OFFERED)
    locked.rereading = None
    locked.state = ImportState.REVIEW
    locked.version += 1
    locked.save(update_fields=["rereading", "state", "version"])


def _take(locked: PlanImport, carried: Carried) -> None:
    assert locked.rereading is not None
    locked.table, locked.columns = locked.rereading["table"], locked.rereading["columns"]
    locked.corrections, locked.past, locked.rereading = carried.corrections, [], None
