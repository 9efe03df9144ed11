"""A real Celery worker in a process of its own, which a test may kill at any moment; the clock is the test's.

Processes are forked from a server that has loaded Django, so that starting one takes a moment.
"""

import multiprocessing
from contextlib import suppress
from ctypes import c_double
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.db import connections
from django.utils import timezone

from nok_portal.celery import app

for name in ("celery.bin.worker", "celery.concurrency.solo", "kombu.transport.redis", "nok_portal.urls"):
    import_module(name)  # what a worker would load first thing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


class Worker:
    """Works at once, until it is killed."""

    def __init__(self, *, smtp_port: int, ahead: Any) -> None:
        """`ahead`: seconds by which its clock differs from the real one, shared."""
        database = connections["default"].settings_dict["NAME"]
        self.process = processes.Process(target=_work, args=(database, smtp_port, ahead))
        self.process.start()

    def kill(self) -> None:
        """SIGKILL: nothing after it runs."""
        self.process.kill()
        self.process.join()


def clock() -> Any:
    return processes.Value(c_double, 0.0)


def _work(database: str, smtp_port: int, ahead: Any) -> None:
    connections["default"].settings_dict["NAME"] = database
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_port
    setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(seconds=ahead.value))  # noqa: B010 - typed as a function
    with suppress(KeyboardInterrupt):
        app.worker_main("worker --pool=solo --loglevel=WARNING --without-gossip --without-mingle".split())
