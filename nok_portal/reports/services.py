"""Background jobs: started by a person, run once by whichever worker takes them, watched by a sweep.

The row is the truth and the broker only a bell. A worker claims the row, works in one transaction and
marks the row done in that same transaction, so that work counts exactly once: a worker that was killed
has changed nothing, and one that was given up for dead finds its ticket (`tries`) expired and undoes
what it did.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from nok_portal.accounts.models import User
from nok_portal.common.bounded import BoundsExceeded
from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.files import store_file

from .jobs import JobKind, JobResult, JobStopped, Progress, find_kind
from .models import BackgroundJob
from .pulse import SILENCE, Pulse

State = BackgroundJob.State

MOST_TRIES = 3
RING_AGAIN = timedelta(minutes=2)  # a waiting job that nobody has taken: the bell may have been lost
JOB_FILE = "reports.job"  # purpose of the files that jobs make

UNKNOWN = "Внутренняя ошибка, она записана в журнал портала. Повторите; если не поможет, сообщите в поддержку."
TOO_LONG = "Работа заняла слишком много времени и остановлена. Попробуйте взять меньше данных."
GIVEN_UP = (
    "Работа прерывалась {tries} раза подряд: серверу не хватает памяти или его перезапускали."
    " Повторите позже; если не поможет, сообщите в поддержку."
)
UNHEARD = "Портал такого больше не делает. Начните заново с той страницы, где вы это поручили."

log = logging.getLogger(__name__)


class JobNotRepeatable(DomainError):
    """Only what failed or was stopped can be begun again."""

    def __init__(self) -> None:
        super().__init__("Повторить можно только то, что не получилось или было остановлено.")


class _Superseded(Exception):
    """Another worker has the job now: undo, say nothing."""


def start_job(
    *,
    kind: str,
    parameters: dict[str, Any],
    municipality: Municipality,
    owner: User | None,
    at: datetime,
    title: str = "",
) -> BackgroundJob:
    """Write the job as a row, and ring for a worker once the transaction is committed.

    Pressed twice, the same unfinished job of the same person is answered. With the broker down the row
    stands, and the sweep rings again.
    """
    known = find_kind(kind)
    if known is None:
        raise LookupError(f"no kind of jobs is called {kind}")
    same = BackgroundJob.objects.filter(
        municipality=municipality,
        kind=kind,
        parameters=parameters,
        owner=owner,
        state__in=[State.WAITING, State.RUNNING],
    ).order_by("-created_at", "pk")
    if owner and (running := same.first()):
        return running
    job = BackgroundJob.objects.create(
        municipality=municipality,
        kind=kind,
        title=(title or known.title)[:300],
        parameters=parameters,
        owner=owner,
        created_at=at,
        queued_at=at,
    )
    _ring(job)
    return job


def stop_job(*, job: BackgroundJob, at: datetime) -> None:
    """A waiting job stops at once, a running one at its next unit; a finished one stays as it is."""
    found = BackgroundJob.objects.select_for_update().filter(pk=job.pk).first()
    if found is None:
        return  # what it was for has been deleted, and the job with it
    job = found
    if job.state == State.WAITING:
        _end(job, State.STOPPED, at=at)
    elif job.state == State.RUNNING:
        BackgroundJob.objects.filter(pk=job.pk).update(stop_requested_at=at)


def repeat_job(*, job: BackgroundJob, at: datetime) -> None:
    """Begin a failed or stopped job again, under the same address."""
    again = BackgroundJob.objects.filter(pk=job.pk, state__in=[State.FAILED, State.STOPPED]).update(
        state=State.WAITING,
        tries=0,
        done_units=0,
        total_units=0,
        error="",
        queued_at=at,
        stop_requested_at=None,
        heartbeat_at=None,
        finished_at=None,
    )
    if not again:
        raise JobNotRepeatable
    _ring(job)


def run_job(*, municipality_id: int, job_id: UUID) -> None:
    """Do a waiting job, wherever this is called; of two that try, one finds nothing to do.

    Must run outside a transaction. Errors end up in the row; only a lost database is raised, and the sweep
    takes care of the rest.
    """
    job = _claim(municipality_id=municipality_id, job_id=job_id, at=timezone.now())
    if job is None:
        return
    try:
        kind = find_kind(job.kind)
        if kind is None:
            raise DomainError(UNHEARD)
        progress = Progress()
        with Pulse(job, progress), timezone.override(job.municipality.time_zone):
            _work(job, kind, progress)
    except _Superseded:
        log.warning("job %s was taken over by another worker", job.pk)
    except JobStopped:
        _close(job, State.STOPPED)
    except (DomainError, BoundsExceeded) as refusal:
        _close(job, State.FAILED, str(refusal))
    except SoftTimeLimitExceeded:
        _close(job, State.FAILED, TOO_LONG)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        _close(job, State.FAILED, UNKNOWN)


def pick_up_jobs(*, municipality_ids: Iterable[int], at: datetime) -> int:
    """Ring again for jobs that nobody does: their worker died, or the broker forgot them. Answers how many.

    A job whose worker has died MOST_TRIES times is given up.
    """
    silent = Q(state=State.RUNNING) & Q(heartbeat_at__lte=at - SILENCE)
    unheard = Q(state=State.WAITING) & Q(queued_at__lte=at - RING_AGAIN)
    with scope(readable=municipality_ids):
        found = BackgroundJob.objects.filter(silent | unheard).order_by().values_list("municipality_id", flat=True)
        places = sorted(set(found))
    count = 0
    for municipality_id in places:
        with scope(writable=[municipality_id]):
            for job in (
                BackgroundJob.objects.filter(silent | unheard).order_by("pk").select_for_update(skip_locked=True)
            ):
                count += _pick_up(job, at=at)
    return count


def _pick_up(job: BackgroundJob, *, at: datetime) -> bool:
    if job.state == State.RUNNING and job.stop_requested_at:
        _end(job, State.STOPPED, at=at)
        return False
    if job.state == State.RUNNING and job.tries >= MOST_TRIES:
        _end(job, State.FAILED, error=GIVEN_UP.format(tries=job.tries), at=at)
        return False
    BackgroundJob.objects.filter(pk=job.pk).update(state=State.WAITING, queued_at=at)
    _ring(job)
    return True


def _ring(job: BackgroundJob) -> None:
    from .tasks import run_job as task

    kind = find_kind(job.kind)
    queue = kind.queue if kind else "default"

    def ring() -> None:  # not a partial: Django's log of a robust callback wants its name
        task.apply_async(kwargs={"municipality_id": job.municipality_id, "job_id": str(job.pk)}, queue=queue)

    transaction.on_commit(ring, robust=True)


def _claim(*, municipality_id: int, job_id: UUID, at: datetime) -> BackgroundJob | None:
    with scope(writable=[municipality_id]):
        job = (
            BackgroundJob.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("municipality")
            .filter(pk=job_id, state=State.WAITING)
            .first()
        )
        if job is not None:
            job.state, job.tries, job.heartbeat_at = State.RUNNING, job.tries + 1, at
            job.done_units = job.total_units = 0
            job.save(update_fields=["state", "tries", "heartbeat_at", "done_units", "total_units"])
        return job


def _work(job: BackgroundJob, kind: JobKind, progress: Progress) -> None:
    if kind.snapshot:
        # the pulse changes the row meanwhile, so it cannot be marked done in the snapshot itself
        with scope(readable=[job.municipality_id], isolation="REPEATABLE READ"):
            result = kind.work(job, progress)
        with scope(writable=[job.municipality_id]):
            _finish(job, result, progress)
    else:
        with scope(writable=[job.municipality_id]):
            result = kind.work(job, progress)
            _finish(job, result, progress)


def _finish(job: BackgroundJob, result: JobResult, progress: Progress) -> None:
    at = timezone.now()
    stored = None
    if result.file:
        stored = store_file(
            municipality=job.municipality,
            content=result.file.content,
            name=result.file.name,
            purpose=JOB_FILE,
            uploaded_by=job.owner,
            at=at,
        )
    done = BackgroundJob.objects.filter(pk=job.pk, state=State.RUNNING, tries=job.tries).update(
        state=State.DONE,
        file=stored,
        result={"url": result.url, "link": result.link, **result.data},
        done_units=progress.total or progress.done,
        total_units=progress.total or progress.done,
        finished_at=at,
    )
    if not done:
        raise _Superseded
    if result.keep:
        result.keep(stored)


def _close(job: BackgroundJob, state: str, error: str = "") -> None:
    with scope(writable=[job.municipality_id]):
        _end(job, state, error=error, at=timezone.now())


def _end(job: BackgroundJob, state: str, *, at: datetime, error: str = "") -> None:
    unfinished = BackgroundJob.objects.filter(pk=job.pk, tries=job.tries, finished_at__isnull=True)
    unfinished.update(state=state, error=error, finished_at=at)
