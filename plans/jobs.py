"""Long work of plans: reading a document."""

from nok_portal.common.errors import DomainError
from nok_portal.reports.jobs import JobResult, Progress, job_kind
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.rights import Right

from .models import PlanImport
from .models.imports import JOB_KIND


@job_kind(JOB_KIND, title="Чтение документа", right=Right.EDIT_PLANS)
def read_uploaded_document(job: BackgroundJob, progress: Progress) -> JobResult:
    """Read the document into its import; what is wrong with it becomes the job's error."""
    # the readers are loaded when there is something to read
    from .services.document_reading import keep_reading, read_document

    plan_import = PlanImport.objects.select_related("file").filter(pk=job.parameters["plan_import_id"]).first()
    if plan_import is None:
        raise DomainError("Документ уже удалён, читать нечего.")
    keep_reading(plan_import_id=plan_import.pk, table=read_document(plan_import))
    progress.advance()
    return JobResult()
