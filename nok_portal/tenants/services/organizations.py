"""Writes of the organizations register; each leaves an entry in the journal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from nok_portal.audit.services import Actor, Told, changed_fields, record, record_many
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import date_in_words

from ..models import Municipality, Organization
from ..register.matching import FIELDS as FACTS
from ..register.names import short_name_of

BATCH = 500


class OrganizationExists(DomainError):
    def __init__(self) -> None:
        super().__init__("Организация с таким названием и ИНН уже есть в реестре. Найдите её и измените сведения там.")


class OrganizationStale(StaleVersion):
    """Somebody else saved the organization first; `current` is what stands in the register now."""

    def __init__(self, current: Organization) -> None:
        super().__init__("Пока вы работали, сведения об этой организации изменил другой человек.")
        self.current = current


class OrganizationMerged(DomainError):
    def __init__(self) -> None:
        super().__init__("Эта запись объединена с другой как дубль. Меняйте сведения в той, что осталась.")


class ActivePeriodWrong(DomainError):
    pass


def facts_of(organization: Organization) -> dict[str, Any]:
    """What people know and change about an organization, by field."""
    return {name: getattr(organization, name) for name in FACTS}


def add_organization(
    *,
    municipality: Municipality,
    facts: dict[str, Any],
    actor: Actor | None,
    at: datetime,
    verb: str = "добавлена организация",
    reason: str = "",
) -> Organization:
    """A new organization with these facts (`name` and `sphere` at least); raises OrganizationExists."""
    (added,) = add_organizations(municipality=municipality, facts=[facts], actor=actor, at=at, verb=verb, reason=reason)
    return added


def add_organizations(
    *,
    municipality: Municipality,
    facts: Iterable[dict[str, Any]],
    actor: Actor | None,
    at: datetime,
    verb: str = "добавлена организация",
    reason: str = "",
) -> list[Organization]:
    """One new organization for each of `facts`, all or none, in few queries; raises OrganizationExists."""
    added = [Organization(municipality=municipality, **one) for one in facts]
    for organization in added:
        _fill(organization)
    with _refusals_in_words():
        Organization.objects.bulk_create(added, batch_size=BATCH)
    record_many(
        verb=verb,
        about=[Told(one, after={**_stated(one), "version": one.version}) for one in added],
        actor=actor,
        at=at,
        reason=reason,
    )
    return added


def change_organization(
    *,
    organization: Organization,
    facts: dict[str, Any],
    version: int,
    actor: Actor | None,
    at: datetime,
    verb: str = "изменены сведения",
    reason: str = "",
) -> Organization:
    """The organization with the given facts changed, others kept. Nothing differs: nothing is written.

    `version` is the one that the person saw; raises OrganizationStale when another has been saved since,
    OrganizationMerged for a double, OrganizationExists when the name is taken.
    """
    current = lock_organization(organization.pk, version=version)
    told = _change(current, facts)
    if told is None:
        return current
    save_organization(current)
    record(
        verb=verb,
        on=current,
        actor=actor,
        at=at,
        before=told.before,
        after=told.after,
        reason=reason,
    )
    return current


def change_organizations(
    *,
    changes: Iterable[tuple[Organization, dict[str, Any]]],
    actor: Actor | None,
    at: datetime,
    verb: str = "изменены сведения",
    reason: str = "",
) -> None:
    """Change facts of organizations from `lock_organizations`, all or none, in few queries.

    Where nothing differs, nothing is written. Raises OrganizationExists, ActivePeriodWrong.
    """
    changed = [(current, told) for current, facts in changes if (told := _change(current, facts))]
    about = [told for _, told in changed]
    fields = {"version", "short_name", "sort_key", "search_text", *(name for told in about for name in told.after)}
    with _refusals_in_words():
        # INSERT … ON CONFLICT: the CASE lists of bulk_update take four times as long
        Organization.objects.bulk_create(
            [current for current, _ in changed],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted(fields),
        )
    record_many(verb=verb, about=about, actor=actor, at=at, reason=reason)


def close_organization(
    *, organization: Organization, last_day: date, version: int, actor: Actor, at: datetime, reason: str = ""
) -> Organization:
    """The organization with `last_day` as the last one of its work; it stays in the register."""
    if organization.active_from and last_day < organization.active_from:
        raise ActivePeriodWrong(
            f"Организация действует с {date_in_words(organization.active_from)}. Последний день не может быть раньше."
        )
    return change_organization(
        organization=organization,
        facts={"active_to": last_day},
        version=version,
        actor=actor,
        at=at,
        verb="организация закрыта",
        reason=reason,
    )


def reopen_organization(*, organization: Organization, version: int, actor: Actor, at: datetime) -> Organization:
    """The organization without a last day."""
    return change_organization(
        organization=organization,
        facts={"active_to": None},
        version=version,
        actor=actor,
        at=at,
        verb="организация снова действует",
    )


def lock_organization(pk: int, *, version: int | None = None) -> Organization:
    """The organization, locked until the transaction ends; raises OrganizationStale or OrganizationMerged."""
    current = Organization.objects.select_for_update().get(pk=pk)
    if current.merged_into_id is not None:
        raise OrganizationMerged
    if version is not None and current.version != version:
        raise OrganizationStale(current)
    return current


def lock_organizations(pks: Iterable[int]) -> dict[int, Organization]:
    """The organizations by key, locked until the transaction ends; raises OrganizationMerged."""
    # in one order, so that two who lock the same ones wait for each other
    locked = {one.pk: one for one in Organization.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    if any(one.merged_into_id is not None for one in locked.values()):
        raise OrganizationMerged
    return locked


def save_organization(organization: Organization) -> None:
    """Store it with fresh keys; raises OrganizationExists, ActivePeriodWrong."""
    organization.refresh_keys()
    with _refusals_in_words():
        organization.save()


def _stated(organization: Organization) -> dict[str, Any]:
    return {name: value for name, value in facts_of(organization).items() if value not in {"", None}}


def _fill(organization: Organization) -> None:
    organization.short_name = organization.short_name or short_name_of(organization.name)
    organization.refresh_keys()


def _change(current: Organization, facts: dict[str, Any]) -> Told | None:
    """Set what differs and tell the journal's side of it; None when nothing does."""
    old = facts_of(current)
    before, after = changed_fields(old, {**old, **facts})
    if not after:
        return None
    for name, value in after.items():
        setattr(current, name, value)
    version, current.version = current.version, current.version + 1
    _fill(current)
    return Told(current, before={**before, "version": version}, after={**after, "version": current.version})


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    """What the database refuses becomes an error that a person can act on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "tenants_organization_inn_name" in str(error):
            raise OrganizationExists from error
        if "tenants_organization_active_period" in str(error):
            raise ActivePeriodWrong("Организация закрыта раньше, чем открыта. Проверьте обе даты.") from error
        raise
