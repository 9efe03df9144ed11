"""Calendar feeds (iCalendar, RFC 5545): a secret address for each person, and the file behind it."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from icalendar import Alarm, Calendar, Event, vDuration
from redis import RedisError

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.secrets import hash_of_secret
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope

from ..feeds import FeedEntry, entries_of
from ..models import FeedKey
from ..people import directory

PAST = timedelta(days=90)
REFRESH = timedelta(hours=4)
MOST_READINGS = 20  # of one address within a minute
NOTED_EVERY = timedelta(hours=1)
# at nine in the morning, a week and a day before the day
ALARMS = (timedelta(days=-7, hours=9), timedelta(days=-1, hours=9))


class ReadTooOften(DomainError):
    """The address was read so often within a minute that the next one has to be waited for."""

    def __init__(self, *, wait: int) -> None:
        super().__init__("Календарь обращается слишком часто. Портал ответит через минуту.")
        self.wait = wait


@transaction.atomic
def renew_feed(*, municipality: Municipality, user: Any, at: datetime) -> str:
    """Make a new secret address; the former one opens nothing any more. The address is told this once."""
    key = secrets.token_urlsafe(24)
    row, _ = FeedKey.objects.update_or_create(
        municipality=municipality,
        user_id=user.pk,
        defaults={"key_hash": hash_of_secret(key), "created_at": at, "last_read_at": None},
    )
    audit.record(verb="Создан адрес календаря", on=row, actor=user, at=at)
    return settings.PORTAL_URL.rstrip("/") + reverse("calendar_feed", args=[municipality.slug, key])


@transaction.atomic
def close_feed(*, municipality: Municipality, user: Any, actor: Any, at: datetime) -> None:
    """The address opens nothing from now on; without one nothing happens."""
    row = FeedKey.objects.filter(municipality=municipality, user=user.pk).first()
    if row is not None:
        audit.record(verb="Закрыт адрес календаря", on=row, actor=actor, at=at)
        row.delete()


def owner_of_feed(*, municipality: Municipality, key: str) -> int | None:
    """Whose address it is, while they work in the municipality; None for everything else."""
    row = FeedKey.objects.filter(municipality=municipality, key_hash=hash_of_secret(key)).first()
    staff = directory().staff([municipality.pk]).get(municipality.pk) if row else None
    return row.user_id if row and staff and row.user_id in staff.people else None


def note_reading(*, municipality: Municipality, key: str, at: datetime) -> None:
    """Count a reading of an address that opens something, and note when it was. Raises ReadTooOften."""
    key_hash = hash_of_secret(key)
    minute, second = divmod(int(at.timestamp()), 60)
    if _count(f"feed:{key_hash}:{minute}") > MOST_READINGS:
        raise ReadTooOften(wait=60 - second)
    long_ago = Q(last_read_at__isnull=True) | Q(last_read_at__lte=at - NOTED_EVERY)
    noted = FeedKey.objects.filter(long_ago, municipality=municipality, key_hash=key_hash)
    if noted.exists():
        with scope(writable=[municipality.pk]):
            noted.update(last_read_at=at)


def _count(name: str) -> int:
    """How often this was counted within its minute; nothing is refused while the cache cannot be reached."""
    try:
        cache.add(name, 0, timeout=120)
        return cache.incr(name)
    except (RedisError, ValueError):  # or it fell out of the cache between the two
        return 0


def feed_file(*, municipality: Municipality, user_id: int, at: datetime) -> bytes:
    """The person's days from three months ago on, as phones and office programs read them. While nothing changes it is
    the same all day, so that a program that asks often is answered 'not modified'."""
    since = municipality.day_of(at) - PAST
    return write_calendar(
        entries_of(municipality=municipality, user_id=user_id, since=since),
        title=f"НОК: {municipality.name}",
        at=at.replace(hour=0, minute=0, second=0, microsecond=0),
        portal_url=settings.PORTAL_URL.rstrip("/"),
    )


def write_calendar(entries: Iterable[FeedEntry], *, title: str, at: datetime, portal_url: str) -> bytes:
    """The entries as one calendar of all-day events."""
    calendar = Calendar()
    calendar.add("prodid", "-//NOK portal//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    host = urlsplit(portal_url).hostname or "localhost"
    for entry in entries:
        calendar.add_component(_event(entry, host=host, at=at, portal_url=portal_url))
    return calendar.to_ical()


def _event(entry: FeedEntry, *, host: str, at: datetime, portal_url: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", at)
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", f"Сделано: {entry.title}" if entry.is_done else entry.title)
    event.add("description", f"{entry.about}\n{portal_url}{entry.url}".strip())
    event.add("url", portal_url + entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a due day does not make its owner busy
    if not (entry.is_done or entry.is_cancelled):
        for before in ALARMS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.title)
            alarm.add("trigger", before)
            event.add_component(alarm)
    return event
