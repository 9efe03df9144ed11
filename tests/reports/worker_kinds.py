"""Kinds of work for the tests of jobs; the worker process imports them too."""

import os
import time
from pathlib import Path

from nok_portal.common.errors import DomainError
from nok_portal.reports.jobs import JobFile, JobResult, Progress, job_kind
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.models import Organization
from nok_portal.tenants.rights import Right
from tests.factories import OrganizationFactory

# nobody else's worker listens here
QUEUE = os.environ.setdefault("NOK_TEST_QUEUE", f"test-{os.getpid()}")


def add_organization(job: BackgroundJob) -> None:
    OrganizationFactory(municipality=job.municipality)


@job_kind("test.file", title="Файл", right=Right.SEE_PLANS, units="строка,строки,строк", queue=QUEUE)
def make_file(job: BackgroundJob, progress: Progress) -> JobResult:
    progress.expect(3)
    add_organization(job)
    progress.advance(3)
    return JobResult(file=JobFile("итог.txt", f"Строк: {job.parameters['rows']}".encode()))


@job_kind("test.refuse", title="Отказ", right=Right.EDIT_PLANS, queue=QUEUE)
def refuse(job: BackgroundJob, progress: Progress) -> JobResult:
    add_organization(job)
    raise DomainError("В файле нет таблицы.")


@job_kind("test.break", title="Поломка", right=Right.EDIT_PLANS, queue=QUEUE)
def break_down(job: BackgroundJob, progress: Progress) -> JobResult:
    add_organization(job)
    raise ZeroDivisionError


@job_kind("test.long", title="Долгая работа", right=Right.EDIT_PLANS, queue=QUEUE)
def work_long(job: BackgroundJob, progress: Progress) -> JobResult:
    """Adds an organization and, at its first try, goes on until it is stopped or killed."""
    add_organization(job)
    progress.expect(1000)
    Path(job.parameters["says"]).write_text(str(os.getpid()))
    for _ in range(1000 if job.tries == 1 else 1):
        time.sleep(0.05)
        progress.advance()
    return JobResult(url="/somewhere/", link="Открыть план")


@job_kind("test.snapshot", title="Снимок", right=Right.EDIT_PLANS, queue=QUEUE, snapshot=True)
def count_twice(job: BackgroundJob, progress: Progress) -> JobResult:
    """Counts organizations before and after another process was given time to add one."""
    before = Organization.objects.count()
    Path(job.parameters["says"]).write_text("counted")
    deadline = time.monotonic() + 10
    while not Path(job.parameters["hears"]).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return JobResult(data={"counts": [before, Organization.objects.count()]})
