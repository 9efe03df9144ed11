"""Real processes of Celery, and a Redis, which a test may kill at any moment; the worker's clock is the test's.

Processes are forked from a server that has loaded Django, so that starting one takes a moment.
"""

import json
import multiprocessing
import subprocess
from collections.abc import Callable
from contextlib import suppress
from ctypes import c_double
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import redis
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.db import connections
from django.utils import timezone
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from nok_portal.celery import app
from nok_portal.embedded.processes import free_port
from nok_portal.embedded.programs import valkey_program

for name in (
    *("celery.bin.worker", "celery.concurrency.solo", "kombu.transport.redis", "nok_portal.urls"),
    *("celery.bin.beat", "celery.apps.beat"),
):
    import_module(name)  # what a worker or a beat would load first thing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


TICK = 0.2  # seconds between a beat's ticks, which are 10 minutes or 30 seconds apart in earnest


class Killable:
    """A process of our own that works until it is killed."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        self.process = processes.Process(target=work, args=given)
        self.process.start()

    def kill(self) -> None:
        """SIGKILL: nothing after it runs."""
        self.process.kill()
        self.process.join()


class Worker(Killable):
    def __init__(self, *, broker: str, smtp_port: int, ahead: Any) -> None:
        """`ahead`: seconds by which its clock differs from the real one, shared."""
        super().__init__(_work, broker, connections["default"].settings_dict["NAME"], smtp_port, ahead)


class Beat(Killable):
    def __init__(self, *, broker: str, schedule: Path) -> None:
        """`schedule`: the file in which it keeps when it last ticked."""
        super().__init__(_beat, broker, str(schedule))

    def is_heard(self, broker: Any) -> bool:
        """Whether a tick for reminders that this very process has sent waits in Redis."""
        waiting = (json.loads(message)["headers"] for message in broker.lrange("default", 0, -1))
        mine = {one["task"] for one in waiting if one["origin"].startswith(f"gen{self.process.pid}@")}
        return settings.CELERY_BEAT_SCHEDULE["remind"]["task"] in mine


class Redis:
    """A server that keeps nothing: killed and started again it is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = {"--bind": "127.0.0.1", "--port": f"{self.port}", "--save": "", "--dir": f"{self.folder}"}
        command = [str(valkey_program()), *(word for option in options.items() for word in option)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url, retry=Retry(ConstantBackoff(0.05), 400)) as client:
            client.ping()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def clock() -> Any:
    return processes.Value(c_double, 0.0)


def _work(broker: str, database: str, smtp_port: int, ahead: Any) -> None:
    app.conf.broker_url = broker
    connections["default"].settings_dict["NAME"] = database
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_port
    setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(seconds=ahead.value))  # noqa: B010 - typed as a function
    with suppress(KeyboardInterrupt):
        app.worker_main("worker --pool=solo --loglevel=WARNING --without-gossip --without-mingle".split())


def _beat(broker: str, schedule: str) -> None:
    app.conf.broker_url = broker
    app.conf.beat_schedule = {
        name: {**entry, "schedule": TICK}
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
        if name in ("remind", "send-waiting-mail")
    }
    with suppress(KeyboardInterrupt):
        app.start(["beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"])
