"""Ordering reports: a number at once, the document by a worker, a page where anyone who holds it can check it."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import User
from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import Municipality, StoredFile

from .documents import Stamp, digest_of
from .jobs import JobFile, JobResult, Progress, job_kind
from .models import BackgroundJob, IssuedDocument
from .registry import FORMATS, Report, add_report
from .services import start_job

# without letters and digits that look alike: the code is typed from paper
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
Class = TypeVar("Class", bound=type[Report])


class UnknownFormat(DomainError):
    """The report is not made as such a file."""

    def __init__(self, one: Report) -> None:
        ways = ", ".join(way.label for way in one.ways)
        super().__init__(f"В таком виде этот документ не делается. Выберите: {ways}.")


def report(cls: Class) -> Class:
    """Register a report, and the kind of job that makes it."""
    one = cls()
    add_report(one)

    def work(job: BackgroundJob, progress: Progress) -> JobResult:
        return _make(one, job, progress)

    job_kind(one.kind, title=one.title, right=one.right, units=one.units, queue="pdf", snapshot=True)(work)
    return cls


def order_report(
    *,
    report: Report,
    file_format: str,
    parameters: Mapping[str, Any],
    municipality: Municipality,
    owner: User,
    at: datetime,
) -> BackgroundJob:
    """Start the job that makes the document, with its number. Raises UnknownFormat."""
    if file_format not in report.formats:
        raise UnknownFormat(report)
    job = start_job(
        kind=report.kind,
        title=report.job_title(municipality=municipality, parameters=parameters),
        parameters={**parameters, "format": file_format},
        municipality=municipality,
        owner=owner,
        at=at,
    )
    if not IssuedDocument.objects.filter(job=job).exists():
        _give_number(job, at)
    return job


def _give_number(job: BackgroundJob, at: datetime) -> None:
    with connection.cursor() as cursor:  # two orders at the same moment get two numbers
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"documents/{job.municipality_id}"])
    year = timezone.localtime(at).year
    given = IssuedDocument.objects.filter(municipality=job.municipality, year=year)
    IssuedDocument.objects.create(
        municipality=job.municipality,
        job=job,
        year=year,
        sequence=(given.aggregate(last=Max("sequence"))["last"] or 0) + 1,
        code="".join(secrets.choice(_SIGNS) for _ in range(12)),
    )


def _make(one: Report, job: BackgroundJob, progress: Progress) -> JobResult:
    issued = IssuedDocument.objects.get(job=job)
    made_at = timezone.localtime(timezone.now())
    document = one.document(municipality=job.municipality, parameters=job.parameters, at=made_at, progress=progress)
    digest = digest_of(document)
    address = settings.PORTAL_URL.rstrip("/") + reverse("check", args=[job.municipality.slug, issued.code])
    way = FORMATS[job.parameters["format"]]
    content = way.write(document, Stamp(issued.number, made_at, digest, address))

    def keep(stored: StoredFile | None) -> None:
        IssuedDocument.objects.filter(pk=issued.pk).update(
            title=document.title[:1000],
            made_at=made_at,
            digest=digest,
            file_sha256=stored.sha256 if stored else "",
        )

    return JobResult(file=JobFile(f"{document.file_name or document.title}.{way.name}", content), keep=keep)
