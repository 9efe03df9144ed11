from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import TenantModel

from ..enums import TargetUnit
from .plans import Plan


class TargetIndicator(TenantModel):
    """A figure that the plan promises year by year; `base_year` is reported, not promised."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="targets", verbose_name="план")
    position = models.PositiveIntegerField("порядок")
    title = models.TextField("показатель")
    unit = models.CharField("единица", max_length=10, choices=TargetUnit.choices)
    is_cumulative = models.BooleanField("нарастающим итогом", default=False)
    base_year = models.PositiveSmallIntegerField("базовый год", null=True)
    findings = models.JSONField("замечания", default=list)
    settled = ArrayField(models.CharField(max_length=80), verbose_name="решено оставить", default=list)

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

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="indicator"),
            models.UniqueConstraint(fields=["indicator", "year"], name="plans_targetvalue_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.planned}"
