"""What proves that a due date was met: added and removed while nobody has decided on the report.

The same proof may be put under several due dates at once; where one is there already it is not added twice. It is
added at once, not with the report: a file that was uploaded stays, whatever is wrong with the rest of the form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from nok_portal.common.text import fold_spaces
from nok_portal.tenants.file_kinds import FileRefused
from nok_portal.tenants.models import LegalAct, StoredFile
from nok_portal.tenants.services.acts import ActExists, add_act
from nok_portal.tenants.services.files import store_file
from plans.enums import DueState, EvidenceKind
from plans.models import DueDate, Evidence
from plans.models.dues import EVIDENCE_PURPOSE
from plans.services.due_locks import DueGone, check_may_report, check_plan, lock_dues, name_of
from plans.transitions import UNDECIDED, refusal

LONGEST_URL = 2000
_is_address = URLValidator(schemes=["http", "https"])


class EvidenceFixed(DomainError):
    """The report was decided on: its evidence stays as it is."""

    def __init__(self, due: DueDate) -> None:
        super().__init__(f"Подтверждения уже не меняются: {refusal(due.state)}.")


class LinkWrong(DomainError):
    """What was typed is no address of a page."""


@dataclass(frozen=True)
class FileProblem:
    """A file that was not taken, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Attached:
    """What became of several files: those kept, and those refused with the reason."""

    kept: tuple[Evidence, ...] = ()
    refused: tuple[FileProblem, ...] = ()


@transaction.atomic
def add_files(*, dues: Sequence[DueDate], files: Sequence[IO[bytes]], actor: User, at: datetime) -> Attached:
    """Put files under due dates; one that is refused does not keep the others out.

    Raises EvidenceFixed, NotYours, PlanAsksNothing, DueGone.
    """
    locked = _lock(dues, actor=actor, at=at)
    kept: list[Evidence] = []
    refused: list[FileProblem] = []
    for file in files:
        name = str(getattr(file, "name", "") or "файл").rpartition("/")[2]
        try:
            with transaction.atomic():
                stored = store_file(
                    municipality=locked[0].municipality,
                    content=file,
                    name=name,
                    purpose=EVIDENCE_PURPOSE,
                    uploaded_by=actor,
                    at=at,
                )
                added = _add(
                    locked,
                    lambda due, stored=stored: Evidence(kind=EvidenceKind.FILE, file=stored),  # type: ignore[misc]
                    same=Q(file__sha256=stored.sha256, file__name=stored.name),
                    actor=actor,
                    at=at,
                )
                if not added:
                    stored.delete()  # these very bytes are there under this very name
        except FileRefused as error:
            refused.append(FileProblem(name, str(error)))
        else:
            kept += added
    return Attached(tuple(kept), tuple(refused))


@transaction.atomic
def add_link(*, dues: Sequence[DueDate], url: str, title: str = "", actor: User, at: datetime) -> list[Evidence]:
    """Put the address of a page under due dates; the portal never opens it. Raises LinkWrong too."""
    url = checked_address(url)
    return _add(
        _lock(dues, actor=actor, at=at),
        lambda due: Evidence(kind=EvidenceKind.LINK, url=url, title=fold_spaces(title)[:500]),
        same=Q(kind=EvidenceKind.LINK, url=url),
        actor=actor,
        at=at,
    )


@transaction.atomic
def add_legal_act(*, dues: Sequence[DueDate], act: LegalAct, actor: User, at: datetime) -> list[Evidence]:
    """Put an act of the register under due dates."""
    return _add(
        _lock(dues, actor=actor, at=at),
        lambda due: Evidence(kind=EvidenceKind.ACT, act=act),
        same=Q(act=act),
        actor=actor,
        at=at,
    )


@transaction.atomic
def add_new_act(*, dues: Sequence[DueDate], facts: Mapping[str, Any], actor: User, at: datetime) -> list[Evidence]:
    """Enter an act into the register and put it under due dates; one that is there already is taken as it is.

    Raises ActWrong too.
    """
    locked = _lock(dues, actor=actor, at=at)
    try:
        with transaction.atomic():
            act = add_act(municipality=locked[0].municipality, facts=facts, file=None, actor=actor, at=at)
    except ActExists as error:
        act = error.act
    return add_legal_act(dues=locked, act=act, actor=actor, at=at)


@transaction.atomic
def add_portal_proof(*, dues: Sequence[DueDate], title: str, path: str, actor: User, at: datetime) -> list[Evidence]:
    """Put what the portal itself has made under due dates: `path` of its page, from the first slash on."""
    return _add(
        _lock(dues, actor=actor, at=at),
        lambda due: Evidence(kind=EvidenceKind.PORTAL, title=title[:500], url=path),
        same=Q(kind=EvidenceKind.PORTAL, url=path),
        actor=actor,
        at=at,
    )


@transaction.atomic
def remove_evidence(*, evidence: Sequence[Evidence], actor: User, at: datetime) -> None:
    """Take proofs away again; a file under no other due date goes with them. What is gone already stays gone.

    Raises EvidenceFixed, NotYours, PlanAsksNothing.
    """
    there = Evidence.objects.filter(pk__in=[one.pk for one in evidence])
    dues = list(DueDate.objects.filter(pk__in=there.values("due_date")))
    if not dues:
        return
    locked = {due.pk: due for due in _lock(dues, actor=actor, at=at)}
    # somebody may have removed some of them before the due dates were held
    rows = list(there.select_related("file", "act"))
    files = {row.file.pk for row in rows if row.file is not None}
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        _tell("Убрано подтверждение", locked[row.due_date_id], row, actor=actor, at=at)
    for due_id in {row.due_date_id for row in rows}:
        _touch(locked[due_id])
    still = set(Evidence.objects.filter(file__in=files).values_list("file_id", flat=True))
    StoredFile.objects.filter(pk__in=files - still).delete()


def checked_address(url: str) -> str:
    """An http or https address; raises LinkWrong."""
    url = url.strip()
    if url and "://" not in url:
        url = f"https://{url}"
    if len(url) > LONGEST_URL:
        raise LinkWrong(f"Адрес длиннее {LONGEST_URL} знаков. Укажите более короткий.")
    try:
        _is_address(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        raise LinkWrong("Это не похоже на адрес страницы. Пример: https://adm.example.ru/nok") from None
    if parts.username or parts.password:
        raise LinkWrong("В адресе указаны имя или пароль. Дайте ссылку без них.")
    return url


def _lock(dues: Sequence[DueDate], *, actor: User, at: datetime) -> list[DueDate]:
    locked = lock_dues(dues)
    if not locked or len(locked) < len({due.pk for due in dues}):
        raise DueGone
    for due in locked:
        check_plan(due.activity.plan)
        if due.state not in UNDECIDED:
            raise EvidenceFixed(due)
    check_may_report(locked, actor=actor, at=at)
    return locked


def _add(
    locked: Sequence[DueDate], make: Callable[[DueDate], Evidence], *, same: Q, actor: User, at: datetime
) -> list[Evidence]:
    there = set(Evidence.objects.filter(same, due_date__in=locked).values_list("due_date_id", flat=True))
    added = []
    for due in locked:
        if due.pk in there:
            continue
        row = make(due)
        row.municipality_id, row.due_date, row.added_by, row.added_at = due.municipality_id, due, actor, at
        added.append(row)
    Evidence.objects.bulk_create(added)
    for row in added:
        _tell("Приложено подтверждение", row.due_date, row, actor=actor, at=at)
        _touch(row.due_date)
    return added


def _touch(due: DueDate) -> None:
    """Whoever is looking at the report to decide on it must see what has changed; an open one nobody decides on."""
    if due.state == DueState.REPORTED:
        due.version += 1
        due.save(update_fields=["version"])


def _tell(verb: str, due: DueDate, row: Evidence, *, actor: User, at: datetime) -> None:
    record(
        verb=verb,
        on=due.activity,
        actor=actor,
        at=at,
        after={"due_id": due.pk, "due": name_of(due), "evidence": str(row), "kind": row.kind},
    )
