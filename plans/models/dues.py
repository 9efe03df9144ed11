from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import LegalAct, Organization, StoredFile, TenantModel

from ..enums import DueState, EvidenceKind
from .activities import Activity
from .plans import Plan

EVIDENCE_PURPOSE = "plans.evidence"  # of the files that prove something


class DueDateQuerySet(models.QuerySet["DueDate"]):
    def with_work(self) -> "DueDateQuerySet":
        """Those on which somebody has reported or begun to, which somebody has proved or decided about."""
        return self.filter(_has_work())

    def telling_work(self) -> "DueDateQuerySet":
        """Each with `has_work`: whether it is one of those."""
        return self.annotate(has_work=_has_work())


def _has_work() -> Q:
    said = ~Q(report_text="") | ~Q(returned_reason="") | Q(reported_at__isnull=False) | Q(quantity__isnull=False)
    proved = Exists(Evidence.objects.filter(due_date=OuterRef("pk")))
    return ~Q(state=DueState.OPEN) | said | Q(proved)


class DueDate(TenantModel):
    """One window in which an activity must be done, by one organization where the line names some; its last day is
    the due day.

    The report stays when it is returned: the due date is open again, `returned_reason` says what to mend. That
    outlives a mended report and its acceptance: only an open one is to be mended. One that
    `fell_away` was cancelled by a recomputation, nobody decided that; it is open again as it was when its window is.
    """

    activity = models.ForeignKey(
        Activity, models.CASCADE, db_constraint=False, related_name="due_dates", verbose_name="мероприятие"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="организация"
    )
    window_from = models.DateField("первый день")
    window_to = models.DateField("последний день")
    label = models.CharField("название", max_length=200, blank=True)
    origin = models.TextField("откуда", blank=True)
    is_outside_period = models.BooleanField("вне периода плана", default=False)
    # the portal cannot know whether it was met, so it never counts as late
    ended_before_entry = models.BooleanField("прошёл до внесения плана", default=False)
    state = models.CharField("состояние", max_length=10, choices=DueState.choices, default=DueState.OPEN)
    report_text = models.TextField("что сделано", blank=True)
    quantity = models.DecimalField("сколько сделано", max_digits=14, decimal_places=3, null=True)
    done_on = models.DateField("день исполнения", null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто отчитался"
    )
    reported_at = models.DateTimeField("когда отчитались", null=True)
    returned_reason = models.TextField("почему возвращено", blank=True)
    cancelled_reason = models.TextField("почему снято", blank=True)
    fell_away = models.BooleanField("отпал при пересчёте", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто принял решение"
    )
    decided_at = models.DateTimeField("когда решено", null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DueDateQuerySet.as_manager()

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="activity"),
            SameMunicipality(field="organization"),
            models.UniqueConstraint(
                fields=["activity", "organization", "window_from", "window_to"],
                nulls_distinct=False,
                name="plans_duedate_window",
            ),
            models.CheckConstraint(condition=Q(window_to__gte=F("window_from")), name="plans_duedate_order"),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="plans_duedate_state"),
            models.CheckConstraint(
                condition=Q(state__in=(DueState.OPEN, DueState.CANCELLED))
                | Q(done_on__isnull=False, reported_at__isnull=False),
                name="plans_duedate_reported",
            ),
            models.CheckConstraint(
                condition=~Q(state=DueState.CANCELLED) | ~Q(cancelled_reason=""), name="plans_duedate_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(fell_away=False) | Q(state=DueState.CANCELLED), name="plans_duedate_fell_away"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "window_to"], condition=Q(state="open"), name="plans_duedate_open")
        ]

    def __str__(self) -> str:
        return self.label or self.window_to.isoformat()

    @property
    def is_returned(self) -> bool:
        """Reported, looked at, and to be mended."""
        return self.state == DueState.OPEN and self.returned_reason != ""


class Evidence(TenantModel):
    """What proves that a due date was met: a file, a link, a legal act, or what the portal itself made."""

    due_date = models.ForeignKey(
        DueDate, models.PROTECT, db_constraint=False, related_name="evidence", verbose_name="срок"
    )
    kind = models.CharField("вид", max_length=10, choices=EvidenceKind.choices)
    title = models.CharField("название", max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="файл"
    )
    url = models.URLField("адрес", max_length=2000, blank=True)
    act = models.ForeignKey(
        LegalAct, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="правовой акт"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто приложил"
    )
    added_at = models.DateTimeField("когда приложено")

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="due_date"),
            SameMunicipality(field="file"),
            SameMunicipality(field="act"),
            models.CheckConstraint(
                condition=Q(kind=EvidenceKind.FILE, file__isnull=False, url="", act__isnull=True)
                | Q(kind=EvidenceKind.ACT, file__isnull=True, url="", act__isnull=False)
                | (
                    Q(kind__in=(EvidenceKind.LINK, EvidenceKind.PORTAL), file__isnull=True, act__isnull=True)
                    & ~Q(url="")
                ),
                name="plans_evidence_one_source",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.file or self.act or self.url)


class ProcessEvent(TenantModel):
    """What happened on which day: terms that count from it become days. Words are those of the plan's deadlines."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="events", verbose_name="план")
    words = models.CharField("что произошло", max_length=500)
    happened_on = models.DateField("когда произошло")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто записал"
    )
    recorded_at = models.DateTimeField("когда записано")

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="plan"),
            models.UniqueConstraint(fields=["plan", "words", "happened_on"], name="plans_processevent_once"),
            models.CheckConstraint(condition=~Q(words=""), name="plans_processevent_worded"),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.happened_on:%d.%m.%Y}"
