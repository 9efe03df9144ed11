"""Legal acts: what approves plans and rankings and proves that something was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction

from nok_portal.audit.services import changed_fields, record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import date_in_words, fold, fold_spaces

from ..enums import ActKind
from ..file_kinds import DOCX, JPEG, PDF, PNG
from ..models import LegalAct, Municipality, StoredFile
from ..selectors.acts import uses_of_act
from .files import Uploader, store_file

ACT_FILE = "tenants.act"
FILE_KINDS = (PDF, DOCX, PNG, JPEG)
FACTS = ("kind", "number", "adopted_on", "title", "issuer")


@dataclass(frozen=True)
class NewAct:
    """An act that is entered where it is needed: its facts, and its scan or text."""

    facts: Mapping[str, Any]
    file: IO[bytes] | None = None


class ActExists(DomainError):
    """The municipality has this act already: `act`."""

    def __init__(self, act: LegalAct) -> None:
        super().__init__(f"Такой акт уже внесён: {act}. Выберите его из списка.")
        self.act = act


class ActWrong(DomainError):
    """A fact of the act cannot be; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ActInUse(DomainError):
    """Something rests on the act."""

    def __init__(self, uses: Sequence[str]) -> None:
        named = "; ".join(uses[:3])
        more = f" и ещё {len(uses) - 3}" if len(uses) > 3 else ""
        super().__init__(f"Удалить акт нельзя: {named}{more}. Сначала уберите эти ссылки на него.")


class ActGone(DomainError):
    def __init__(self) -> None:
        super().__init__("Этот акт уже удалил другой человек.")


class ActStale(StaleVersion):
    """Somebody else saved the act first; `current` is what stands now."""

    def __init__(self, current: LegalAct) -> None:
        super().__init__("Пока вы работали, сведения об этом акте изменил другой человек.")
        self.current = current


def facts_of(act: LegalAct) -> dict[str, Any]:
    return {name: getattr(act, name) for name in FACTS}


@transaction.atomic
def add_act(
    *,
    municipality: Municipality,
    facts: Mapping[str, Any],
    file: IO[bytes] | None,
    actor: Uploader | None,
    at: datetime,
) -> LegalAct:
    """A new act with kind, number, adopted_on and, where known, title and issuer; `file` is its scan or text.

    Raises ActExists, ActWrong, FileRefused.
    """
    act = LegalAct(municipality=municipality, created_by_id=actor.pk if actor else None, created_at=at)
    _set(act, facts, at)
    act.file = _keep(act, file, actor, at)
    act.save()
    record(
        verb="Внесён правовой акт",
        on=act,
        actor=actor,  # type: ignore[arg-type]
        at=at,
        after={**facts_of(act), "file": act.file.name if act.file else ""},
    )
    return act


def known_act(*, act: LegalAct | NewAct, municipality: Municipality, actor: Any, at: datetime) -> LegalAct:
    """The act that was chosen, or the one that is entered now. Raises ActGone and what `add_act` raises."""
    if isinstance(act, NewAct):
        return add_act(municipality=municipality, facts=act.facts, file=act.file, actor=actor, at=at)
    found = LegalAct.objects.select_for_update(of=("self",)).filter(municipality=municipality, pk=act.pk).first()
    if found is None:
        raise ActGone
    return found


@transaction.atomic
def edit_act(
    *,
    act: LegalAct,
    version: int,
    facts: Mapping[str, Any],
    file: IO[bytes] | None,
    actor: Any,
    at: datetime,
) -> LegalAct:
    """Change facts of an act; a given file takes the place of the old one, which stays reachable from the journal.

    Raises ActStale, ActGone, ActExists, ActWrong, FileRefused.
    """
    locked = _lock(act, version)
    before = _told(locked)
    _set(locked, facts, at)
    locked.file = _keep(locked, file, actor, at)
    was, now = changed_fields(before, _told(locked))
    if not now:
        return locked
    locked.version += 1
    locked.save()
    record(verb="Изменены сведения об акте", on=locked, actor=actor, at=at, before=was, after=now)
    return locked


@transaction.atomic
def delete_act(*, act: LegalAct, version: int, actor: Any, at: datetime, reason: str = "") -> None:
    """Remove an act on which nothing rests; its file stays stored. Raises ActInUse, ActStale, ActGone."""
    locked = _lock(act, version)
    if uses := uses_of_act(locked):
        raise ActInUse([f"{use.label.lower()}: {use.title}" for use in uses])
    record(verb="Удалён правовой акт", on=locked, actor=actor, at=at, before=_told(locked), reason=reason)
    locked.delete()


def _lock(act: LegalAct, version: int) -> LegalAct:
    locked = (
        LegalAct.objects.select_for_update(of=("self",)).select_related("municipality", "file").filter(pk=act.pk)
    ).first()
    if locked is None:
        raise ActGone
    if locked.version != version:
        raise ActStale(locked)
    return locked


def _set(act: LegalAct, facts: Mapping[str, Any], at: datetime) -> None:
    act.kind = ActKind(facts["kind"])
    act.number = fold_spaces(str(facts["number"])).removeprefix("№").strip()
    act.adopted_on = facts["adopted_on"]
    act.title = fold_spaces(facts.get("title", act.title) or "")
    act.issuer = fold_spaces(facts.get("issuer", act.issuer) or "")
    if not act.number:
        raise ActWrong("number", "Впишите номер акта. Если его нет, напишите «б/н».")
    _check_day(act.adopted_on, act.municipality.day_of(at))
    _check_new(act)


def _check_day(day: date, today: date) -> None:
    if day.year < 1991:
        raise ActWrong("adopted_on", f"Год {day.year} похож на опечатку. Проверьте дату акта.")
    if day > today:
        raise ActWrong("adopted_on", f"Дата акта {date_in_words(day)} ещё не наступила. Проверьте её.")


def _check_new(act: LegalAct) -> None:
    """The number as people write it, 12-Р and 12-р, is one number; so is the issuer."""
    same_day = LegalAct.objects.filter(
        municipality_id=act.municipality_id, kind=act.kind, adopted_on=act.adopted_on
    ).exclude(pk=act.pk)
    for other in same_day:
        if fold(other.number) == fold(act.number) and fold(other.issuer) == fold(act.issuer):
            raise ActExists(other)


def _keep(act: LegalAct, file: IO[bytes] | None, actor: Uploader | None, at: datetime) -> StoredFile | None:
    if file is None:
        return act.file
    return store_file(
        municipality=act.municipality,
        content=file,
        name=getattr(file, "name", "") or "акт",
        purpose=ACT_FILE,
        uploaded_by=actor,
        at=at,
        kinds=FILE_KINDS,
    )


def _told(act: LegalAct) -> dict[str, Any]:
    return {**facts_of(act), "file": act.file.name if act.file else "", "file_id": act.file_id}
