"""The ministry's weekly letter: figures of its municipalities side by side, never single reminders."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from nok_portal.audit import services as audit
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.scope import scope

from ..kinds import all_figures
from ..models import DeclinedRegionLetter, ReminderRun
from ..people import directory
from ..reminding import Rhythm
from ..selectors.settings import without_region_letter
from .deciding import SHIPPED_HOUR
from .mail import queue_mail
from .unsubscribing import unsubscribe_region_address

logger = logging.getLogger(__name__)
KIND = "reminders.region"
WEEKLY = Rhythm(weekday=0)


@dataclass(frozen=True)
class Cell:
    title: str
    count: int
    is_alarming: bool


@dataclass(frozen=True)
class Row:
    """One municipality."""

    name: str
    cells: tuple[Cell, ...]


def tell_regions(*, at: datetime) -> int:
    """Write the weekly letters of every region whose day and hour have come; answers how many were written.

    One region that is broken is logged; the others go on.
    """
    written = 0
    for region in Region.objects.order_by("pk"):
        municipalities = list(Municipality.objects.active().filter(region=region).order_by("name", "pk"))
        if not municipalities:
            continue
        try:
            written += tell_ministry(region=region, municipalities=municipalities, at=at)
        except Exception:
            logger.exception("the digest of %s cannot be written", region.slug)
    return written


def tell_ministry(*, region: Region, municipalities: Sequence[Municipality], at: datetime) -> int:
    """One letter to each person of the ministry who has not declined it, once a week; none where every figure is 0.

    The region's time is that of most of its municipalities.
    """
    clock = _most_common_clock(municipalities)
    day = clock.day_of(at)
    if clock.local(at).hour < SHIPPED_HOUR:
        return 0
    with scope(readable=[one.pk for one in municipalities], regions=[region.pk]):
        run = _lock_run(region)
        if run is None or not WEEKLY.tells_on(day, decided_on=run.decided_on) or run.decided_on == day:
            return 0
        run.decided_on = day
        run.save(update_fields=["decided_on"])
        declined = without_region_letter(region)
        people = [one for one in directory().ministries([region.pk]).get(region.pk, []) if one.user_id not in declined]
        context = digest_of_region(region=region, municipalities=municipalities, day=day)
        if not context["rows"]:
            return 0
        for person in people:
            queue_mail(
                kind=KIND,
                recipient=person.email,
                subject=str(context["subject"]),
                template="messaging/mail/region_digest",
                context={**context, "person": person},
                at=at,
                region_id=region.pk,
                user=person,
                unsubscribe_url=unsubscribe_region_address(region=region, user_id=person.user_id),
            )
        return len(people)


@transaction.atomic
def want_letter(*, region: Region, user: Any, wanted: bool, at: datetime) -> None:
    """Decline the weekly letter or have it again; nothing happens where it is so already. Runs in the region's scope."""
    ours = DeclinedRegionLetter.objects.filter(region=region, user=user.pk)
    if wanted:
        changed = bool(ours.delete()[0])
    else:
        _, changed = DeclinedRegionLetter.objects.get_or_create(region=region, user_id=user.pk)
    if changed:
        verb = "Сводка снова приходит письмом" if wanted else "Отказ от сводки письмом"
        audit.record(verb=verb, on=region, actor=user, at=at, region_id=region.pk)


def digest_of_region(*, region: Region, municipalities: Sequence[Municipality], day: date) -> dict[str, Any]:
    """What the letter says: municipalities with any figure, the most alarming first. Wants them readable."""
    figures = all_figures()
    counts: list[Mapping[int, int]] = [figure.counts(municipalities, day=day) for figure in figures]
    rows = [
        Row(
            one.name,
            tuple(
                Cell(figure.title, found.get(one.pk, 0), figure.is_alarming)
                for figure, found in zip(figures, counts, strict=True)
            ),
        )
        for one in municipalities
    ]
    told = [row for row in rows if any(cell.count for cell in row.cells)]
    told.sort(key=lambda row: -sum(cell.count for cell in row.cells if cell.is_alarming))
    sums = [(figure.title, sum(found.values())) for figure, found in zip(figures, counts, strict=True)]
    home = settings.PORTAL_URL.rstrip("/")
    alarming = sum(cell.count for row in told for cell in row.cells if cell.is_alarming)
    return {
        "subject": f"{region.name}: просрочено {alarming}" if alarming else f"{region.name}: просроченного нет",
        "region": region,
        "day": day,
        "titles": [figure.title for figure in figures],
        "rows": told,
        "sums": sums,
        "quiet": len(rows) - len(told),
        "link": home + reverse("region:home", args=[region.slug]),
        "settings_url": home + reverse("region:letter", args=[region.slug]),
    }


def _most_common_clock(municipalities: Sequence[Municipality]) -> Municipality:
    zone = Counter(one.time_zone for one in municipalities).most_common(1)[0][0]
    return next(one for one in municipalities if one.time_zone == zone)


def _lock_run(region: Region) -> ReminderRun | None:
    ReminderRun.objects.bulk_create([ReminderRun(region=region)], ignore_conflicts=True)
    return ReminderRun.objects.select_for_update(skip_locked=True).filter(region=region).first()
