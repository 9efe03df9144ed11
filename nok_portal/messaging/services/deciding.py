"""What is to be told is decided once a day in each municipality and written into the ledger."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from nok_portal.common.workdays import is_working_day
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope

from ..models import Reminder, ReminderRun, ReminderSettings
from ..selectors.foreseen import Foreseen, foreseen, row_of

logger = logging.getLogger(__name__)
CHUNK = 100  # municipalities that share a transaction
BATCH = 1000
Written = tuple[Municipality, Foreseen]


def decide_due_places(*, at: datetime) -> int:
    """Decide wherever the municipality's hour of a working day has come and nothing was decided that day.

    Many municipalities share a transaction, because a country must be decided in seconds; when that fails, each has
    its own. One that is broken is logged and left for the next time. Answers how many reminders were written.
    """
    by_day: dict[date, list[Municipality]] = defaultdict(list)
    for municipality, day in places_to_decide(at=at):
        by_day[day].append(municipality)
    return sum(len(decide_on(municipalities, day=day, at=at)) for day, municipalities in by_day.items())


def decide_on(municipalities: Sequence[Municipality], *, day: date, at: datetime) -> list[Written]:
    """Decide a day for these municipalities, whatever their hour; on a day off, and where it was decided already, nothing is written."""
    if not is_working_day(day):
        return []
    chunks = (municipalities[start : start + CHUNK] for start in range(0, len(municipalities), CHUNK))
    return [written for chunk in chunks for written in _decide(chunk, day=day, at=at)]


def foresee(municipalities: Sequence[Municipality], *, day: date) -> list[Written]:
    """What `decide_on` would write, without writing."""
    if not is_working_day(day):
        return []
    with scope(readable=[one.pk for one in municipalities]):
        found = foreseen(municipalities, day=day)
    return [(one, reminder) for one in municipalities for reminder in found.get(one.pk, ())]


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
        day, latest = municipality.day_of(at), decided.get(municipality.pk)
        has_come = municipality.local(at).hour >= hours.get(municipality.pk, SHIPPED_HOUR) and is_working_day(day)
        if has_come and (latest is None or latest < day):
            found.append((municipality, day))
    return found


SHIPPED_HOUR: int = ReminderSettings._meta.get_field("hour").default


def _decide(municipalities: Sequence[Municipality], *, day: date, at: datetime) -> list[Written]:
    try:
        return _write(municipalities, day=day, at=at)
    except Exception:
        if len(municipalities) > 1:  # find the one that is broken
            return [written for one in municipalities for written in _decide([one], day=day, at=at)]
        logger.exception("reminders of %s cannot be decided", municipalities[0].slug)
        return []


def _write(municipalities: Sequence[Municipality], *, day: date, at: datetime) -> list[Written]:
    """Read what is to be told and write it, in one transaction with the note that the day is decided.

    What another worker has in its hands, or has decided already, is left out.
    """
    by_key = {one.pk: one for one in municipalities}
    with scope(writable=by_key):
        known = set(ReminderRun.objects.filter(municipality__in=by_key).values_list("municipality", flat=True))
        missing = [ReminderRun(municipality_id=key) for key in by_key if key not in known]
        ReminderRun.objects.bulk_create(missing, ignore_conflicts=True)
        undecided = Q(decided_on__isnull=True) | Q(decided_on__lt=day)
        runs = ReminderRun.objects.filter(undecided, municipality__in=by_key).select_for_update(skip_locked=True)
        ours = [by_key[run.municipality_id] for run in runs.order_by("municipality") if run.municipality_id]
        found = foreseen(ours, day=day)
        rows = [row_of(one, reminder, at=at) for one in ours for reminder in found.get(one.pk, ())]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        ReminderRun.objects.filter(municipality__in=ours).update(decided_on=day)
        return [(one, reminder) for one in ours for reminder in found.get(one.pk, ())]


def lock_run(municipality: Municipality) -> bool:
    """Take the municipality's reminders into one's own hands until the transaction ends; False: another has them.

    Wants its scope, and its reminders decided at least once.
    """
    run = ReminderRun.objects.select_for_update(skip_locked=True).filter(municipality=municipality)
    return run.first() is not None
