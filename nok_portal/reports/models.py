import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import StoredFile, TenantModel

from .documents import short_digest


class BackgroundJob(TenantModel):
    """Long work as a row: what to do, how far it is, what came out. A sweep restarts what a crash left.

    `tries` is also the running worker's ticket: whoever holds an older one changes nothing any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "В очереди"
        RUNNING = "running", "Выполняется"
        DONE = "done", "Готово"
        FAILED = "failed", "Не получилось"
        STOPPED = "stopped", "Остановлено"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("вид работы", max_length=60)
    title = models.CharField("название", max_length=300)
    parameters = models.JSONField("параметры", default=dict)
    state = models.CharField("состояние", max_length=10, choices=State.choices, default=State.WAITING)
    done_units = models.PositiveIntegerField("сделано", default=0)
    total_units = models.PositiveIntegerField("всего", default=0)
    tries = models.PositiveSmallIntegerField("попыток", default=0)
    error = models.TextField("ошибка", blank=True)
    result = models.JSONField("итог", default=dict)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="файл"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто поручил"
    )
    created_at = models.DateTimeField("создано")
    queued_at = models.DateTimeField("отдано исполнителям")
    stop_requested_at = models.DateTimeField("просили остановить", null=True)
    heartbeat_at = models.DateTimeField("последний признак жизни", null=True)
    finished_at = models.DateTimeField("закончено", null=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="file"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "stopped"], finished_at__isnull=False),
                name="reports_backgroundjob_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "created_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="reports_job_unfinished",
            ),
            models.Index(fields=["municipality", "owner", "-created_at"], name="reports_job_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class IssuedDocument(TenantModel):
    """The number of a document that a report makes, given when it is ordered: no gaps, none twice.

    `code` is in the address where anyone who holds the document can check it; it cannot be guessed.
    """

    job = models.OneToOneField(
        BackgroundJob, models.CASCADE, db_constraint=False, related_name="document", verbose_name="задание"
    )
    year = models.PositiveSmallIntegerField("год")
    sequence = models.PositiveIntegerField("номер в году")
    code = models.CharField("код проверки", max_length=20)
    title = models.CharField("название", max_length=1000, blank=True)
    made_at = models.DateTimeField("сформирован", null=True)
    digest = models.CharField("контрольная сумма содержания", max_length=64, blank=True)
    file_sha256 = models.CharField("хеш файла", max_length=64, blank=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="job"),
            models.UniqueConstraint(fields=["municipality", "year", "sequence"], name="reports_issueddocument_number"),
            models.UniqueConstraint(fields=["municipality", "code"], name="reports_issueddocument_code"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:04}"

    @property
    def short_digest(self) -> str:
        return short_digest(self.digest)
