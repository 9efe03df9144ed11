"""The pulse of running work: shows in the job's row that it lives and how far it is, and hears «Остановить»."""

import logging
import threading
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection
from django.utils import timezone

from nok_portal.tenants.scope import scope

from .jobs import Progress
from .models import BackgroundJob

INTERVAL = 1.0  # seconds; how old the amount on the screen may be
SILENCE = timedelta(seconds=45)  # a worker that has been silent for so long is gone
log = logging.getLogger(__name__)


class Pulse:
    """Beats in a thread with a connection of its own: the work's transaction would hide what it writes."""

    def __init__(self, job: BackgroundJob, progress: Progress) -> None:
        self._mine = {"pk": job.pk, "state": BackgroundJob.State.RUNNING, "tries": job.tries}
        self._municipality_id = job.municipality_id
        self._progress = progress
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._over.wait(INTERVAL):
                try:
                    self._beat()
                except DatabaseError:
                    # the next beat connects anew; a database that stays away lets the sweep take over
                    log.exception("a pulse was missed")
                    connection.close()
        finally:
            connection.close()

    def _beat(self) -> None:
        with scope(writable=[self._municipality_id]):
            mine = BackgroundJob.objects.filter(**self._mine)
            alive = mine.update(
                heartbeat_at=timezone.now(), done_units=self._progress.done, total_units=self._progress.total
            )
            asked = mine.filter(stop_requested_at__isnull=False).exists()
        self._progress.stop_asked = asked or not alive
