from django.conf import settings
from django.db import models
from django.db.models import Q

from ..constraints import SameMunicipality
from ..enums import ActKind
from .base import TenantModel
from .files import StoredFile


class LegalAct(TenantModel):
    """A decree, order or decision: what approves plans and rankings and proves that something was done."""

    kind = models.CharField("вид акта", max_length=20, choices=ActKind.choices)
    number = models.CharField("номер", max_length=50)
    adopted_on = models.DateField("дата")
    title = models.CharField("о чём", max_length=1000, blank=True)
    issuer = models.CharField(
        "кто принял", max_length=300, blank=True, help_text="Чей акт, в родительном падеже: администрации района"
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+", verbose_name="файл"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто внёс"
    )
    created_at = models.DateTimeField("когда внесён")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="file"),
            models.UniqueConstraint(
                fields=["municipality", "kind", "number", "adopted_on", "issuer"], name="tenants_legalact_once"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="tenants_legalact_numbered"),
        ]
        indexes = [models.Index(fields=["municipality", "-adopted_on", "-id"], name="tenants_legalact_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} от {self.adopted_on:%d.%m.%Y} № {self.number}"
