"""What is to be told is decided once a day in each municipality and written into the ledger."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nok_portal.common.workdays import is_working_day
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope

from ..models import Reminder, ReminderRun, ReminderSettings
from ..selectors.foreseen import Foreseen, foreseen

logger = logging.getLogger(__name__)
CHUNK = 50  # municipalities that are read at once; it also bounds how old the reading is when it is written
BATCH = 1000


def decide_due_places(*, at: datetime) -> int:
    """Decide wherever the municipality's hour of a working day has come and nothing was decided that day.

    Read for many municipalities at once, written in the scope of each. One that is broken is logged and left for the
    next time; the others go on. Answers how many reminders were written.
    """
    by_day: dict[date, list[Municipality]] = defaultdict(list)
    for municipality, day in places_to_decide(at=at):
        by_day[day].append(municipality)
    written = 0
    for day, municipalities in by_day.items():
        for start in range(0, len(municipalities), CHUNK):
            written += _decide(municipalities[start : start + CHUNK], day=day, at=at)
    return written


def decide_reminders(*, municipality: Municipality, at: datetime) -> int:
    """The same for one municipality, whatever its hour; on a day off and a second time that day nothing."""
    day = local_day(municipality, at)
    return _decide([municipality], day=day, at=at) if is_working_day(day) else 0


def local_day(municipality: Municipality, at: datetime) -> date:
    """The municipality's date at the moment."""
    return at.astimezone(ZoneInfo(municipality.time_zone)).date()


def local_hour(municipality: Municipality, at: datetime) -> int:
    return at.astimezone(ZoneInfo(municipality.time_zone)).hour


def places_to_decide(*, at: datetime) -> list[tuple[Municipality, date]]:
    """Active municipalities whose hour of a working day has come and whose reminders of that day are not decided,
    with their date: three queries whatever their number."""
    municipalities = list(Municipality.objects.active().order_by("pk"))
    with scope(readable=[one.pk for one in municipalities]):
        hours = dict(ReminderSettings.objects.values_list("municipality_id", "hour"))
        decided = dict(
            ReminderRun.objects.filter(municipality__isnull=False).values_list("municipality_id", "decided_on")
        )
    found = []
    for municipality in municipalities:
        day, latest = local_day(municipality, at), decided.get(municipality.pk)
        has_come = local_hour(municipality, at) >= hours.get(municipality.pk, SHIPPED_HOUR) and is_working_day(day)
        if has_come and (latest is None or latest < day):
            found.append((municipality, day))
    return found


SHIPPED_HOUR: int = ReminderSettings._meta.get_field("hour").default


def _decide(municipalities: Sequence[Municipality], *, day: date, at: datetime) -> int:
    try:
        with scope(readable=[one.pk for one in municipalities]):
            found = foreseen(municipalities, day=day)
    except Exception:
        if len(municipalities) > 1:  # find the one that is broken
            return sum(_decide([one], day=day, at=at) for one in municipalities)
        logger.exception("reminders of %s cannot be decided", municipalities[0].slug)
        return 0
    written = 0
    for municipality in municipalities:
        if municipality.pk in found:
            try:
                written += _write(municipality, found[municipality.pk], day=day, at=at)
            except Exception:
                logger.exception("reminders of %s cannot be written", municipality.slug)
    _note_quiet_day((one.pk for one in municipalities if one.pk not in found), day=day)
    return written


def _write(municipality: Municipality, found: Iterable[Foreseen], *, day: date, at: datetime) -> int:
    """The rows of one day, in one transaction with the note that the day is decided."""
    with scope(writable=[municipality.pk]):
        run = lock_run(municipality)
        if run is None or (run.decided_on is not None and run.decided_on >= day):
            return 0  # another worker is at it, or has done it
        rows = [_row(municipality, one, at=at) for one in found]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        run.decided_on = day
        run.save(update_fields=["decided_on"])
        return len(rows)


def lock_run(municipality: Municipality) -> ReminderRun | None:
    """The municipality's reminders in one's own hands until the transaction ends; None: in somebody else's."""
    ReminderRun.objects.bulk_create([ReminderRun(municipality=municipality)], ignore_conflicts=True)
    return ReminderRun.objects.select_for_update(skip_locked=True).filter(municipality=municipality).first()


def _note_quiet_day(municipality_ids: Iterable[int], *, day: date) -> None:
    """Nothing to say there today: all of them in two statements."""
    quiet = list(municipality_ids)
    with scope(writable=quiet):
        missing = [ReminderRun(municipality_id=key) for key in quiet]
        ReminderRun.objects.bulk_create(missing, ignore_conflicts=True)
        behind = ReminderRun.objects.filter(municipality__in=quiet)
        free = behind.select_for_update(skip_locked=True).exclude(decided_on__gte=day)
        ReminderRun.objects.filter(pk__in=[run.pk for run in free]).update(decided_on=day)


def _row(municipality: Municipality, one: Foreseen, *, at: datetime) -> Reminder:
    item = one.item
    return Reminder(
        municipality=municipality,
        kind=one.kind.key,
        thing=item.thing,
        due_on=item.due_on,
        stage=one.stage,
        recipient_id=one.recipient.user_id,
        because=one.because[:1500],
        is_escalation=one.is_escalation,
        group_title=item.group_title,
        group_url=item.group_url,
        number=item.number,
        title=item.title,
        words=item.words,
        url=item.url,
        by_mail=one.by_mail,
        created_at=at,
    )
