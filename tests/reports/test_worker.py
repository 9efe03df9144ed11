"""Jobs in a real Celery worker: done, failed, killed in the middle, forgotten by the broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connections
from django.utils import timezone

from nok_portal.reports import services
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.models import Organization
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.files import open_file
from tests.factories import MunicipalityFactory, member_of
from tests.reports.worker_kinds import QUEUE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

COMMAND = [sys.executable, "-m", "celery", "--app", "nok_portal", "worker", "--include", "tests.reports.worker_kinds"]
COMMAND += ["--queues", QUEUE, "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]


class Worker:
    """A worker process on the test's database; alone on its queue."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        values = connections["default"].settings_dict
        password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
        host = quote(values["HOST"] or "", safe="")
        address = f"postgres://{values['USER']}{password}@{host}:{values['PORT']}/{values['NAME']}"
        environment = {
            **os.environ,
            "DATABASE_OWNER_URL": address,
            "DJANGO_SETTINGS_MODULE": "nok_portal.settings.test",
            "NOK_TEST_QUEUE": QUEUE,
        }
        environment.pop("DATABASE_URL", None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                COMMAND, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(lambda: b" ready." in self.log.read_bytes(), seconds=40)

    def kill(self) -> None:
        """As when the machine loses power: parent and child at once, no farewell."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def worker(tmp_path) -> Iterator[Worker]:
    one = Worker(tmp_path / "worker.log")
    yield one
    one.kill()
    broker().delete(QUEUE)


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.CELERY_BROKER_URL)


@pytest.fixture
def municipality():
    return MunicipalityFactory()


def start(municipality, kind: str, **parameters: Any) -> BackgroundJob:
    owner = member_of(municipality)
    with scope(writable=[municipality.pk]):
        return services.start_job(
            kind=kind, parameters=parameters, municipality=municipality, owner=owner, at=timezone.now()
        )


def now(job: BackgroundJob) -> BackgroundJob:
    with scope(readable=[job.municipality_id]):
        return BackgroundJob.objects.select_related("file").get(pk=job.pk)


def organizations(municipality) -> int:
    with scope(readable=[municipality.pk]):
        return Organization.objects.count()


def test_done_failed_and_broken(worker, municipality):
    done = start(municipality, "test.file", rows=3)
    refused = start(municipality, "test.refuse")
    broken = start(municipality, "test.break")
    worker.start()
    wait_for(lambda: now(broken).is_finished)

    done = now(done)
    assert (done.state, done.done_units, done.total_units) == ("done", 3, 3)
    with open_file(done.file) as content:
        assert content.read().decode() == "Строк: 3"
    assert (now(refused).state, now(refused).error) == ("failed", "В файле нет таблицы.")
    assert (now(broken).state, now(broken).error) == ("failed", services.UNKNOWN)
    # what failed left nothing
    assert organizations(municipality) == 1


def test_killed_worker_is_picked_up_and_the_work_counts_once(worker, municipality, tmp_path):
    worker.start()
    job = start(municipality, "test.long", says=str(tmp_path / "begun"))
    wait_for(lambda: now(job).done_units > 0)  # the progress is seen while the work goes on
    assert now(job).state == "running"
    worker.kill()
    assert organizations(municipality) == 0

    assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=timezone.now()) == 0
    worker.start()
    later = timezone.now() + services.SILENCE
    assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=later) == 1
    wait_for(lambda: now(job).is_finished)
    assert (now(job).state, now(job).tries) == ("done", 2)
    assert organizations(municipality) == 1


def test_killed_child_of_a_living_worker_does_not_run_twice(worker, municipality, tmp_path):
    """The broker hands the message out again at once; the claim keeps the second one away until the sweep."""
    worker.start()
    says = tmp_path / "begun"
    job = start(municipality, "test.long", says=str(says))
    wait_for(lambda: says.exists() and says.read_text() != "")
    os.kill(int(says.read_text()), signal.SIGKILL)
    wait_for(lambda: worker.log.read_bytes().count(b"reports.tasks.run_job[") >= 2)
    services.pick_up_jobs(municipality_ids=[municipality.pk], at=timezone.now() + services.SILENCE)
    wait_for(lambda: now(job).is_finished)
    assert (now(job).state, now(job).tries) == ("done", 2)
    assert organizations(municipality) == 1


def test_job_that_the_broker_forgot_is_found(worker, municipality):
    job = start(municipality, "test.file", rows=1)
    assert broker().delete(QUEUE) == 1
    worker.start()
    soon, later = timezone.now(), timezone.now() + services.RING_AGAIN
    assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=soon) == 0
    assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=later) == 1
    wait_for(lambda: now(job).is_finished)
    assert (now(job).state, now(job).tries) == ("done", 1)


def test_running_job_stops_when_asked(worker, municipality, tmp_path):
    worker.start()
    job = start(municipality, "test.long", says=str(tmp_path / "begun"))
    wait_for(lambda: now(job).state == "running")
    with scope(writable=[municipality.pk]):
        services.stop_job(job=job, at=timezone.now())
    wait_for(lambda: now(job).is_finished)
    assert now(job).state == "stopped"
    assert organizations(municipality) == 0


def test_job_that_kills_its_worker_is_given_up(municipality):
    job = start(municipality, "test.file", rows=1)
    broker().delete(QUEUE)
    at = timezone.now()
    for tries in range(1, services.MOST_TRIES + 1):
        assert services._claim(municipality_id=municipality.pk, job_id=job.pk, at=at).tries == tries
        at += services.SILENCE + timedelta(seconds=1)
        services.pick_up_jobs(municipality_ids=[municipality.pk], at=at)
    assert now(job).state == "failed"
    assert now(job).error.startswith("Работа прерывалась 3 раза подряд")
    broker().delete(QUEUE)
