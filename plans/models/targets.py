from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import TenantModel

from ..enums import TargetMeasure, TargetUnit
from .plans import Plan


class TargetIndicator(TenantModel):
    """A figure that the plan promises year by year; `base_year` is reported, not promised."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="targets", verbose_name="план")
    position = models.PositiveIntegerField("порядок")
    title = models.TextField("показатель")
    unit = models.CharField("единица", max_length=10, choices=TargetUnit.choices)
    is_cumulative = models.BooleanField("нарастающим итогом", default=False)
    base_year = models.PositiveSmallIntegerField("базовый год", null=True)
    measure = models.CharField("как считается факт", max_length=40, choices=TargetMeasure.choices, blank=True)
    findings = models.JSONField("замечания", default=list)
    settled = ArrayField(models.CharField(max_length=80), verbose_name="решено оставить", default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="plan"),
            models.UniqueConstraint(fields=["plan", "position"], name="plans_targetindicator_position"),
            models.CheckConstraint(condition=~Q(title=""), name="plans_targetindicator_titled"),
        ]

    def __str__(self) -> str:
        return self.title


class TargetValue(TenantModel):
    """The planned figure of one year, and the actual one when it is known."""

    indicator = models.ForeignKey(
        TargetIndicator, models.CASCADE, db_constraint=False, related_name="values", verbose_name="показатель"
    )
    year = models.PositiveSmallIntegerField("год")
    planned = models.DecimalField("план", max_digits=14, decimal_places=3)
    actual = models.DecimalField("факт", max_digits=14, decimal_places=3, null=True)
    note = models.TextField("пояснение", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто внёс факт"
    )
    recorded_at = models.DateTimeField("когда внесён факт", null=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="indicator"),
            models.UniqueConstraint(fields=["indicator", "year"], name="plans_targetvalue_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.planned}"
