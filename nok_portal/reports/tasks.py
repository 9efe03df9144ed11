"""Celery's side of jobs: what is to be done is decided from rows."""

from uuid import UUID

from django.utils import timezone

from nok_portal.celery import app
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.services.files import remove_orphans
from nok_portal.tenants.tasks import each_municipality

from . import services


@app.task(name="nok_portal.reports.tasks.run_job", soft_time_limit=540)
def run_job(*, municipality_id: int, job_id: str) -> None:
    """Do a job; repeated, it finds nothing to do."""
    services.run_job(municipality_id=municipality_id, job_id=UUID(job_id))


@app.task(name="nok_portal.reports.tasks.pick_up_jobs")
def pick_up_jobs() -> None:
    """Begin again what a killed worker or an emptied broker has left."""
    active = Municipality.objects.active().values_list("pk", flat=True)
    services.pick_up_jobs(municipality_ids=active, at=timezone.now())


@app.task(name="nok_portal.reports.tasks.remove_orphan_files")
def remove_orphan_files() -> None:
    """Remove the bytes of files whose rows are gone or never came to be."""
    for municipality in each_municipality():
        remove_orphans(municipality=municipality, at=timezone.now())
