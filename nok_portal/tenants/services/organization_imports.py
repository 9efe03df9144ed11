"""Import of a list of organizations from Excel: read, look at, choose, confirm."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from nok_portal.audit.selectors import timeline_for
from nok_portal.audit.services import Actor, record
from nok_portal.common.bounded import BoundsExceeded, Limits, run_bounded
from nok_portal.common.errors import DomainError
from nok_portal.common.text import fold_spaces

from ..file_kinds import XLSX, FileRefused, kind_of
from ..models import Municipality, Organization, OrganizationImport
from ..register.matching import Known, Outcome, classify
from ..register.reading import Line, Table, read_table
from ..register.sheet import Sheet, SheetRefused, read_sheets
from ..selectors.organization_imports import KEPT_FOR
from .organizations import (
    OrganizationExists,
    OrganizationMerged,
    add_organizations,
    change_organizations,
    facts_of,
    lock_organizations,
)

LIMITS = Limits(memory=500, cpu=25, wall=30.0)
MAX_BYTES = 10 * 1024 * 1024
CONFIRMED = "загружен список организаций"
_DAYS = ("active_from", "active_to")


class ImportRefused(DomainError):
    """The file cannot be read as a list of organizations; the message says why and what to do."""


class ImportOutdated(DomainError):
    """The register changed since the preview; the preview now shows what would happen today."""

    def __init__(self) -> None:
        super().__init__(
            "Пока вы смотрели, реестр изменился, и часть строк теперь означает другое. Ничего не записано:"
            " посмотрите список ещё раз."
        )


class ImportGone(DomainError):
    """The draft was deleted while somebody looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "Этого списка больше нет: загрузку отменил другой человек или прошло 30 дней. Загрузите файл ещё раз."
        )


class ImportConfirmed(DomainError):
    """The list is in the register already, and not by this person's confirmation."""


class NothingChosen(DomainError):
    def __init__(self) -> None:
        super().__init__("Не выбрано ни одной строки. Отметьте те, что нужно записать.")


def start_import(
    *, municipality: Municipality, content: BinaryIO, file_name: str, sphere: str, actor: Actor, at: datetime
) -> OrganizationImport:
    """Read an .xlsx into a draft with its preview; nothing in the register changes.

    `sphere` stands for lines that name none. Raises ImportRefused.
    """
    table = read_file(content, sphere=sphere)
    outcomes = classify(table.lines, known_organizations(municipality))
    return OrganizationImport.objects.create(
        municipality=municipality,
        file_name=fold_spaces(file_name.replace("\x00", ""))[-255:] or "список.xlsx",
        reading={
            "sheet": table.sheet,
            "columns": [{"field": name, **asdict(column)} for name, column in table.columns.items()],
            "unused": [asdict(column) for column in table.unused],
        },
        rows=[_stored(outcome, chosen=True) for outcome in outcomes],
        created_by_id=actor.pk,
        created_at=at,
    )


def read_file(content: BinaryIO, *, sphere: str = "") -> Table:
    """The list in the file, read in a child process with limits; raises ImportRefused."""
    data = content.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ImportRefused(
            f"Файл больше {MAX_BYTES // 1024 // 1024} МБ. Скопируйте таблицу в новую книгу Excel без картинок."
        )
    if not data:
        raise ImportRefused("Файл пустой. Проверьте, тот ли файл выбран.")
    try:
        kind = kind_of(content)
        if kind is not XLSX:
            raise ImportRefused(
                f"Нужна книга Excel (.xlsx), а это {kind.title}. Откройте таблицу в Excel и сохраните её."
            )
        sheets: list[Sheet] = run_bounded(read_sheets, LIMITS, data)
        return read_table(sheets, sphere=sphere)
    except (FileRefused, SheetRefused) as error:
        raise ImportRefused(str(error)) from error
    except BoundsExceeded as error:
        raise ImportRefused(
            f"{error} Скопируйте таблицу в новую книгу Excel без картинок и лишних листов и загрузите её."
        ) from error


def known_organizations(municipality: Municipality) -> list[Known]:
    """The register as lines of a list are compared with it, merged doubles included."""
    return [
        Known(one.pk, one.version, _as_json(facts_of(one)), merged=one.merged_into_id is not None)
        for one in Organization.objects.filter(municipality=municipality).order_by("pk")
    ]


def choose_rows(*, draft: OrganizationImport, shown: Iterable[int], chosen: Iterable[int]) -> OrganizationImport:
    """Keep the choice made on one page of the preview: of the lines `shown`, those in `chosen` are wanted."""
    shown, chosen = set(shown), set(chosen)
    draft = _lock(draft)
    if draft.confirmed_at is None:
        for row in draft.rows:
            if row["line"]["number"] in shown:
                row["chosen"] = row["line"]["number"] in chosen
        draft.save(update_fields=["rows"])
    return draft


def confirm_import(*, draft: OrganizationImport, actor: Actor, at: datetime) -> OrganizationImport:
    """Write the chosen lines into the register, all or none; to confirm again one's own list changes nothing.

    Raises ImportGone, ImportConfirmed when another person confirmed it, NothingChosen, or ImportOutdated when a chosen line would now do something else than the
    preview said; `refresh_import` then makes the preview anew.
    """
    draft = _lock(draft)
    if draft.confirmed_at is not None:
        _assert_confirmed_by(actor, draft)
        return draft
    wanted = [row for row in draft.rows if row["chosen"] and row["kind"] in {"new", "changed"}]
    if not wanted:
        raise NothingChosen
    new = [row for row in wanted if row["kind"] == "new"]
    changed = [row for row in wanted if row["kind"] == "changed"]
    reason = f"файл «{draft.file_name}»"
    try:
        with transaction.atomic():
            # what is compared below cannot change any more
            locked = lock_organizations(row["organization"] for row in changed)
            _assert_fresh(draft, wanted)
            change_organizations(
                changes=[(locked[row["organization"]], _new_facts(row)) for row in changed],
                actor=actor,
                at=at,
                reason=reason,
            )
            add_organizations(
                municipality=draft.municipality,
                facts=[_from_json(row["values"]) for row in new],
                actor=actor,
                at=at,
                reason=reason,
            )
    except (OrganizationExists, OrganizationMerged, IntegrityError) as error:
        raise ImportOutdated from error
    counts = {"new": len(new), "changed": len(changed)}
    draft.confirmed_at = at
    draft.result = counts
    draft.save(update_fields=["confirmed_at", "result"])
    record(verb=CONFIRMED, on=draft, actor=actor, at=at, after=counts)
    return draft


def refresh_import(*, draft: OrganizationImport) -> OrganizationImport:
    """Compare the lines with the register as it is now, keeping the person's choice."""
    draft = _lock(draft)
    if draft.confirmed_at is None:
        unwanted = {row["line"]["number"] for row in draft.rows if not row["chosen"]}
        outcomes = _classify_again(draft)
        draft.rows = [_stored(outcome, chosen=outcome.line.number not in unwanted) for outcome in outcomes]
        draft.save(update_fields=["rows"])
    return draft


def discard_import(*, draft: OrganizationImport) -> None:
    """Forget a draft; raises ImportConfirmed for a list that is in the register, ImportGone."""
    draft = _lock(draft)
    if draft.confirmed_at is not None:
        raise ImportConfirmed(
            "Отменить загрузку уже нельзя: список записан в реестр. Лишние правки исправьте в самих организациях."
        )
    draft.delete()


def drop_expired_imports(*, municipality: Municipality, at: datetime) -> int:
    """Forget drafts that nobody finished in 30 days and nobody can open any more; answers how many."""
    expired = OrganizationImport.objects.filter(
        municipality=municipality, confirmed_at__isnull=True, created_at__lte=at - KEPT_FOR
    )
    # one that somebody is confirming this moment waits for the next time
    with transaction.atomic():
        pks = list(expired.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OrganizationImport.objects.filter(pk__in=pks).delete()
    return len(pks)


def _lock(draft: OrganizationImport) -> OrganizationImport:
    drafts = OrganizationImport.objects.select_for_update(of=("self",)).select_related("municipality")
    try:
        return drafts.get(pk=draft.pk)
    except OrganizationImport.DoesNotExist as error:
        raise ImportGone from error


def _assert_confirmed_by(actor: Actor, draft: OrganizationImport) -> None:
    entry = timeline_for(draft).filter(verb=CONFIRMED).first()
    if entry is not None and entry.actor_id != actor.pk:
        raise ImportConfirmed(
            f"Этот список уже записал в реестр другой человек: {entry.actor_name}. Ваш выбор строк не применён."
            " Если чего-то не хватает, загрузите файл ещё раз."
        )


def _classify_again(draft: OrganizationImport) -> list[Outcome]:
    return classify([Line.from_json(row["line"]) for row in draft.rows], known_organizations(draft.municipality))


def _assert_fresh(draft: OrganizationImport, wanted: list[dict[str, Any]]) -> None:
    now = {outcome.line.number: outcome for outcome in _classify_again(draft)}
    for row in wanted:
        outcome = now[row["line"]["number"]]
        if (outcome.kind, outcome.organization, outcome.changes) != (row["kind"], row["organization"], row["changes"]):
            raise ImportOutdated


def _new_facts(row: dict[str, Any]) -> dict[str, Any]:
    return _from_json({change["field"]: change["after"] for change in row["changes"]})


def _stored(outcome: Outcome, *, chosen: bool) -> dict[str, Any]:
    return {
        "line": outcome.line.as_json(),
        "kind": outcome.kind,
        "problems": [asdict(problem) for problem in outcome.problems],
        "notes": outcome.notes,
        "organization": outcome.organization,
        "changes": outcome.changes,
        "values": outcome.values if outcome.kind == "new" else {},
        "chosen": chosen,
    }


def _as_json(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _from_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in values.items()}
