from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import StoredFile, TenantModel

from ..enums import ImportState
from .plans import Plan

KEPT_FOR = timedelta(days=30)
JOB_KIND = "plans.import"
FILE_PURPOSE = "plans.source"


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def unfinished(self, at: datetime) -> "PlanImportQuerySet":
        """Still to be read or checked, and not yet expired."""
        return self.filter(state__in=(ImportState.READING, ImportState.REVIEW), expires_at__gt=at)


class PlanImport(TenantModel):
    """A document between its upload and the draft of a plan: what was read, and what a person corrected.

    `table` is the reading (plans.table, as JSON) and is never altered; `corrections` say what differs in the
    plan (plans.importing.drafting), `past` how to take them back (plans.importing.past). `columns` are the meanings of columns that a
    person set, `rereading` another reading with other ones while it is made and until it is agreed to. Whether a
    reading failed is said by its job; without a job the document waits, because it was loaded before. The draft is
    given up after 30 days.
    """

    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="документ"
    )
    pasted_text = models.TextField("вставленная таблица", blank=True)
    pasted_html = models.TextField("вставленная таблица с оформлением", blank=True)
    source_name = models.CharField("источник", max_length=255)
    source_hash = models.CharField(max_length=64)
    job = models.ForeignKey(
        BackgroundJob, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="чтение"
    )
    state = models.CharField("состояние", max_length=10, choices=ImportState.choices, default=ImportState.READING)
    table = models.JSONField("как понята таблица", null=True)
    corrections = models.JSONField("исправления", default=dict)
    past = models.JSONField("что можно отменить", default=list)
    columns = models.JSONField("значения колонок", default=dict)
    rereading = models.JSONField("новое чтение", null=True)
    plan = models.ForeignKey(
        Plan, models.SET_NULL, null=True, db_constraint=False, related_name="+", verbose_name="план"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто загрузил"
    )
    created_at = models.DateTimeField("загружен")
    expires_at = models.DateTimeField("хранится до")
    version = models.PositiveIntegerField(default=1)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="file"),
            SameMunicipality(field="job"),
            SameMunicipality(field="plan"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, pasted_text="") | (Q(file__isnull=True) & ~Q(pasted_text="")),
                name="plans_planimport_one_source",
            ),
            models.CheckConstraint(condition=~Q(state="review") | Q(table__isnull=False), name="plans_planimport_read"),
        ]
        indexes = [
            models.Index(fields=["municipality", "source_hash"], name="plans_planimport_source"),
            models.Index(fields=["municipality", "-created_at"], name="plans_planimport_newest"),
        ]

    @property
    def is_being_read(self) -> bool:
        """A worker has it or will; not one that failed, nor one that waits for a person because it is known."""
        return self.state == ImportState.READING and self.job is not None and self.job.finished_at is None

    def __str__(self) -> str:
        return self.source_name
