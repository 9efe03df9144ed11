"""How a municipality reminds and how a person wants to be reminded: set, with a note in the journal."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces
from nok_portal.tenants.models import Municipality

from ..kinds import all_kinds
from ..models import EscalationPerson, PersonalReminders, ReminderSettings
from ..selectors.settings import escalation_people as people_chosen
from ..selectors.settings import possible_deputies, staff_of

OWN_STALE = "Эти настройки тем временем изменены, например в другой вкладке. Ниже то, что выбрали вы: сверьте и сохраните ещё раз."


class SettingsRefused(DomainError):
    """Why reminders cannot be set so."""


@dataclass(frozen=True)
class MunicipalWishes:
    """What an administrator sets; days are whole numbers, the order in which they are given does not matter."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    every: int
    hour: int
    escalate_after: int
    opening: str = ""
    kinds_off: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonalWishes:
    """What a person sets; `weekday`: Monday is 0, None means each working day."""

    kinds_off: tuple[str, ...] = ()
    weekday: int | None = None
    paused_from: date | None = None
    paused_to: date | None = None
    deputy_id: int | None = None


@transaction.atomic
def change_reminder_settings(
    *,
    municipality: Municipality,
    wishes: MunicipalWishes,
    escalation_people: Collection[int],
    version: int,
    actor: Any,
    at: datetime,
) -> ReminderSettings:
    """Set thresholds, hour, opening line, kinds, and who hears of long lateness. Runs in the municipality's scope.

    `version` is 0 where nothing was set before. Raises StaleVersion, SettingsRefused.
    """
    found = ReminderSettings.objects.select_for_update().filter(municipality=municipality).first()
    if (found.version if found else 0) != version:
        raise StaleVersion
    people = sorted(set(escalation_people))
    if not set(people) <= set(staff_of(municipality).people):
        raise SettingsRefused("Выберите человека, который работает в этом муниципалитете.")
    row = found or ReminderSettings(municipality=municipality, version=0)
    before = {**values_of(row), "escalation": people_chosen(municipality)}
    row.before = sorted(set(wishes.before), reverse=True)
    row.after = sorted(set(wishes.after))
    row.every, row.hour, row.escalate_after = wishes.every, wishes.hour, wishes.escalate_after
    row.opening = fold_spaces(wishes.opening)
    row.kinds_off = _known(wishes.kinds_off, declinable_only=False)
    _clean(row)
    EscalationPerson.objects.filter(municipality=municipality).exclude(user__in=people).delete()
    EscalationPerson.objects.bulk_create(
        [EscalationPerson(municipality=municipality, user_id=one) for one in people], ignore_conflicts=True
    )
    old, new = audit.changed_fields(before, {**values_of(row), "escalation": people})
    if new:
        _save(row)
        audit.record(verb="Изменены настройки напоминаний", on=row, actor=actor, at=at, before=old, after=new)
    return row


@transaction.atomic
def ship_reminder_settings(*, municipality: Municipality, actor: Any, at: datetime) -> ReminderSettings:
    """Set everything as it was when the municipality began: no opening line, nobody named, all kinds on."""
    found = ReminderSettings.objects.select_for_update().filter(municipality=municipality).first()
    return change_reminder_settings(
        municipality=municipality,
        wishes=MunicipalWishes(**values_of(ReminderSettings())),
        escalation_people=(),
        version=found.version if found else 0,
        actor=actor,
        at=at,
    )


@transaction.atomic
def change_personal_reminders(
    *, municipality: Municipality, user: Any, wishes: PersonalWishes, sees_people: bool, version: int, at: datetime
) -> PersonalReminders:
    """Set what comes by letter, how often, and who stands in during a pause. Runs in the municipality's scope.

    `sees_people`: whether the list of people is open to the person. `version` is 0 where nothing was set before.
    Raises StaleVersion, SettingsRefused.
    """
    staff = staff_of(municipality)
    if user.pk not in staff.people:
        raise SettingsRefused("Напоминания получают те, кто работает в этом муниципалитете.")
    found = PersonalReminders.objects.select_for_update().filter(municipality=municipality, user=user.pk).first()
    if (found.version if found else 0) != version:
        raise StaleVersion(OWN_STALE)
    row = found or PersonalReminders(municipality=municipality, user_id=user.pk, version=0)
    before = _values(row, PersonalWishes)
    deputies = {one.user_id for one in possible_deputies(staff, row, sees_people=sees_people)}
    row.kinds_off = _known(wishes.kinds_off, declinable_only=True)
    row.weekday = wishes.weekday
    row.paused_from, row.paused_to, row.deputy_id = wishes.paused_from, wishes.paused_to, wishes.deputy_id
    if (row.paused_from is None) != (row.paused_to is None):
        raise SettingsRefused("Укажите оба дня перерыва: с какого и по какой.")
    if row.paused_from is None or row.paused_to is None:
        row.deputy_id = None
    elif row.paused_to < row.paused_from:
        raise SettingsRefused("Перерыв заканчивается раньше, чем начинается. Поправьте дни.")
    elif row.deputy_id is None or row.deputy_id == user.pk:
        raise SettingsRefused("Выберите, кто замещает вас: иначе о сроках во время перерыва никто не узнает.")
    elif row.deputy_id not in deputies:
        raise SettingsRefused("Выберите, кто замещает вас, из списка.")
    _clean(row)
    old, new = audit.changed_fields(before, _values(row, PersonalWishes))
    if new:
        _save(row, stale=OWN_STALE)
        audit.record(verb="Изменены личные напоминания", on=row, actor=user, at=at, before=old, after=new)
    return row


@transaction.atomic
def decline_letters(*, municipality: Municipality, user: Any, at: datetime) -> PersonalReminders:
    """No letter about anything that may be declined, as if each kind were unticked. Runs in the municipality's scope."""
    new_row = PersonalReminders(municipality=municipality, user_id=user.pk, version=0)
    PersonalReminders.objects.bulk_create([new_row], ignore_conflicts=True)  # mail programs may ask twice at once
    row = PersonalReminders.objects.select_for_update().get(municipality=municipality, user=user.pk)
    before = {"kinds_off": row.kinds_off}
    row.kinds_off = _known([kind.key for kind in all_kinds()], declinable_only=True)
    old, new = audit.changed_fields(before, {"kinds_off": row.kinds_off})
    if new:
        row.version += 1
        row.save()
        audit.record(verb="Отказ от писем по ссылке из письма", on=row, actor=user, at=at, before=old, after=new)
    return row


def values_of(row: ReminderSettings) -> dict[str, Any]:
    """What an administrator has set, by the names of MunicipalWishes."""
    return _values(row, MunicipalWishes)


def _save(row: ReminderSettings | PersonalReminders, *, stale: str = "") -> None:
    """The row's next version; where there was none to be locked, another may have been quicker."""
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if row.version > 1:
            raise
        raise StaleVersion(stale) from error


def _values(row: Any, wishes: type) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(wishes)}


def _known(keys: Collection[str], *, declinable_only: bool) -> list[str]:
    return [kind.key for kind in all_kinds() if kind.key in keys and (kind.is_declinable or not declinable_only)]


def _clean(row: ReminderSettings | PersonalReminders) -> None:
    try:
        row.clean_fields(exclude=["municipality", "user", "deputy"])
    except ValidationError as problem:
        raise SettingsRefused(" ".join(problem.messages)) from problem
