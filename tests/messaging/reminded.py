"""What tests of reminders stand on: runs at a moment, and what the ledger and the outbox then hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from nok_portal.messaging.models import OutgoingMail, PersonalReminders, Reminder, ReminderSettings
from nok_portal.messaging.services.deciding import decide_due_places, decide_on
from nok_portal.messaging.services.digests import compose_due_places
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope
from plans.models import DueDate
from tests.plans.reporting import World

TUESDAY = date(2026, 11, 24)


def noon(day: date) -> datetime:
    """9:00 UTC is noon in Moscow."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def due_in(world: World, left: int, **facts: Any) -> DueDate:
    """So many days after Tuesday."""
    return world.due(window_to=TUESDAY + days(left), **facts)


def municipal(world: World, **values: Any) -> None:
    """Settings of the municipality, others than as shipped."""
    with scope(writable=[world.municipality.pk]):
        ReminderSettings.objects.update_or_create(municipality=world.municipality, defaults=values)


def personal(world: World, user: Any, **values: Any) -> None:
    """What one person wants."""
    with scope(writable=[world.municipality.pk]):
        PersonalReminders.objects.update_or_create(municipality=world.municipality, user=user, defaults=values)


def run(day: date) -> None:
    """One tick of beat at noon of the day."""
    tick(noon(day))


def tick(at: datetime) -> None:
    decide_due_places(at=at)
    compose_due_places(at=at)


def decide(municipality: Municipality, day: date) -> list[Reminder]:
    """What the day adds to the ledger."""
    before = {row.pk for row in ledger(municipality)}
    decide_on([municipality], day=day, at=noon(day))
    return [row for row in ledger(municipality) if row.pk not in before]


def ledger(municipality: Municipality) -> list[Reminder]:
    with scope(readable=[municipality.pk]):
        return list(Reminder.objects.select_related("recipient", "mail").order_by("pk"))


def told(municipality: Municipality, day: date) -> list[tuple[Any, ...]]:
    """Kind, stage and person of each reminder that the day adds."""
    return [(row.kind, row.stage, row.recipient) for row in decide(municipality, day)]


def outbox(municipality: Municipality) -> list[OutgoingMail]:
    with scope(readable=[municipality.pk]):
        return list(OutgoingMail.objects.filter(kind="reminders.digest").order_by("created_at", "recipient"))
