import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import StoredFile, TenantModel


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
