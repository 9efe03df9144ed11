"""Reads of jobs: who sees which."""

import re
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality, StoredFile
from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.rights import Right

from .jobs import find_kind
from .models import BackgroundJob, IssuedDocument
from .pulse import SILENCE

_CODE = re.compile(r"[0-9a-z]{1,20}")


def jobs_of(*, owner: User, municipality: Municipality) -> QuerySet[BackgroundJob]:
    """What a person has had done in a municipality, newest first."""
    found = BackgroundJob.objects.filter(municipality=municipality, owner=owner)
    return found.select_related("file").order_by("-created_at", "-pk")


def is_silent(job: BackgroundJob, at: datetime) -> bool:
    """Whether nobody works on an unfinished job: its worker died or none has taken it; the sweep will see to it."""
    if job.state == BackgroundJob.State.WAITING:
        return job.queued_at <= at - SILENCE
    return job.state == BackgroundJob.State.RUNNING and (job.heartbeat_at or job.queued_at) <= at - SILENCE


def may_see_job(job: BackgroundJob, *, rights: Collection[Right]) -> bool:
    """Whoever has the right that the kind of work asks for, the owner too."""
    kind = find_kind(job.kind)
    return kind is not None and kind.right in rights


def may_read_job_file(stored: StoredFile, request: PortalRequest) -> bool:
    """The reader of files that jobs made."""
    job = BackgroundJob.objects.filter(file=stored).first()
    return job is not None and may_see_job(job, rights=request.rights)


def published_document(code: str) -> IssuedDocument | None:
    """A finished document by the code printed on it: for everybody who holds it."""
    code = code.lower()
    if not _CODE.fullmatch(code):
        return None
    return IssuedDocument.objects.filter(code=code, made_at__isnull=False).select_related("municipality").first()
