from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import LegalAct, StoredFile, TenantModel

from ..enums import PlanKind, PlanState


class PlanQuerySet(models.QuerySet["Plan"]):
    def current(self) -> "PlanQuerySet":
        """Without the archive."""
        return self.filter(archived_at__isnull=True)

    def in_force(self) -> "PlanQuerySet":
        """Plans whose days count: neither archived nor closed, nor an edition that is still being prepared."""
        return self.current().exclude(state=PlanState.CLOSED).exclude(state=PlanState.DRAFT, previous__isnull=False)

    def not_replaced(self) -> "PlanQuerySet":
        """Without editions in whose place a later one came into force."""
        replacing = self.model._default_manager.exclude(state=PlanState.DRAFT).filter(previous__isnull=False)
        return self.exclude(pk__in=replacing.values("previous"))

    def newest_first(self) -> "PlanQuerySet":
        return self.order_by("-period_to", "-period_from", "-pk")


class Plan(TenantModel):
    """An activity plan: sections, activities and target indicators of one document, for some years.

    `findings` are those of the plan check that concern the whole plan; those of a line stand on it. An edition that
    is prepared has `previous`; when it is approved the previous one is closed.
    """

    kind = models.CharField("вид", max_length=20, choices=PlanKind.choices, default=PlanKind.ASSESSMENT)
    title = models.CharField("название", max_length=1000)
    period_from = models.DateField("начало периода")
    period_to = models.DateField("конец периода")
    assessment_years = ArrayField(models.PositiveSmallIntegerField(), verbose_name="годы оценки", default=list)
    spheres = ArrayField(models.CharField(max_length=20, choices=Sphere.choices), verbose_name="сферы", default=list)
    state = models.CharField("состояние", max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    findings = models.JSONField("замечания", default=list)
    settled = ArrayField(models.CharField(max_length=80), verbose_name="решено оставить", default=list)
    source_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="документ"
    )
    edition = models.PositiveSmallIntegerField("редакция", default=1)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="прежняя"
    )
    approved_by = models.ForeignKey(
        LegalAct, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="чем утверждён"
    )
    closed_at = models.DateTimeField("закрыт", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто внёс"
    )
    created_at = models.DateTimeField("внесён")
    archived_at = models.DateTimeField("в архиве с", null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="source_file"),
            SameMunicipality(field="previous"),
            SameMunicipality(field="approved_by"),
            models.UniqueConstraint(fields=["previous"], name="plans_plan_one_next"),
            models.CheckConstraint(
                condition=~Q(state=PlanState.APPROVED) | Q(approved_by__isnull=False), name="plans_plan_approved_by"
            ),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="plans_plan_period"),
            models.CheckConstraint(condition=~Q(title=""), name="plans_plan_titled"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT) | Q(spheres__len__gt=0), name="plans_plan_spheres"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "-period_to", "-id"], name="plans_plan_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def entered_on(self) -> date:
        """The day on which the plan's first edition came into the portal, in the municipality's time zone."""
        if self.previous is not None:
            return self.previous.entered_on
        return self.municipality.day_of(self.created_at)

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_being_replaced(self) -> bool:
        """A new edition that is still being prepared: the previous one is in force."""
        return self.is_draft and self.previous_id is not None

    @property
    def is_in_force(self) -> bool:
        """As PlanQuerySet.in_force has it."""
        return self.archived_at is None and self.state != PlanState.CLOSED and not self.is_being_replaced

    @property
    def words_are_fixed(self) -> bool:
        """What a legal act has approved is changed by a new edition only."""
        return self.state != PlanState.DRAFT

    @property
    def years(self) -> str:
        """'2026–2028', or '2026'."""
        first, last = self.period_from.year, self.period_to.year
        return str(first) if first == last else f"{first}–{last}"

    @property
    def sphere_labels(self) -> list[str]:
        return [Sphere(sphere).label for sphere in self.spheres]


class Section(TenantModel):
    """A part of a plan under its own heading; the number is kept as written."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="sections", verbose_name="план")
    position = models.PositiveIntegerField("порядок")
    number = models.CharField("номер", max_length=30, blank=True)
    title = models.CharField("название", max_length=2000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="plan"),
            models.UniqueConstraint(
                fields=["plan", "position"], name="plans_section_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title
