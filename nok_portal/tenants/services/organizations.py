"""Writes of the organizations register; each leaves an entry in the journal."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from nok_portal.audit.services import Actor, changed_fields, record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import date_in_words

from ..models import Municipality, Organization
from ..register.matching import FIELDS as FACTS
from ..register.names import short_name_of


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
    organization = Organization(municipality=municipality, **facts)
    organization.short_name = organization.short_name or short_name_of(organization.name)
    _save(organization)
    stated = {name: value for name, value in facts_of(organization).items() if value not in {"", None}}
    record(verb=verb, on=organization, actor=actor, at=at, after={**stated, "version": 1}, reason=reason)
    return organization


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
    old = facts_of(current)
    before, after = changed_fields(old, {**old, **facts})
    if not after:
        return current
    for name, value in after.items():
        setattr(current, name, value)
    current.short_name = current.short_name or short_name_of(current.name)
    current.version += 1
    _save(current)
    record(
        verb=verb,
        on=current,
        actor=actor,
        at=at,
        before={**before, "version": version},
        after={**after, "version": current.version},
        reason=reason,
    )
    return current


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


def _save(organization: Organization) -> None:
    organization.refresh_keys()
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as error:
        if "tenants_organization_inn_name" in str(error):
            raise OrganizationExists from error
        if "tenants_organization_active_period" in str(error):
            raise ActivePeriodWrong("Организация закрыта раньше, чем открыта. Проверьте обе даты.") from error
        raise
