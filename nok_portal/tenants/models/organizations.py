from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from nok_portal.common.sorting import russian_sort_key
from nok_portal.common.text import fold

from ..constraints import SameMunicipality
from ..enums import Sphere
from .base import TenantModel


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def listed(self) -> "OrganizationQuerySet":
        """Without doubles that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def active_on(self, day: date) -> "OrganizationQuerySet":
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=day), Q(active_to__isnull=True) | Q(active_to__gte=day)
        )

    def in_russian_order(self) -> "OrganizationQuerySet":
        return self.order_by("sort_key", "pk")


class Organization(TenantModel):
    """A school, library, club … of the municipality: what is assessed."""

    name = models.CharField("полное название", max_length=500)
    short_name = models.CharField("короткое название", max_length=200)
    inn = models.CharField(
        "ИНН",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^(\d{10}|\d{12})$", "ИНН организации: 10 цифр, предпринимателя: 12.")],
    )
    sphere = models.CharField("сфера", max_length=20, choices=Sphere.choices)
    organization_type = models.CharField("тип", max_length=200, blank=True, help_text="Например: библиотека")
    founder = models.CharField("учредитель", max_length=300, blank=True)
    site = models.URLField("сайт", max_length=300, blank=True)
    address = models.CharField("адрес", max_length=500, blank=True)
    head_post = models.CharField("должность руководителя", max_length=200, blank=True)
    head_name = models.CharField("руководитель", max_length=200, blank=True)
    recipients_last_year = models.PositiveIntegerField("получателей услуг за прошлый год", null=True, blank=True)
    active_from = models.DateField("действует с", null=True, blank=True)
    active_to = models.DateField("действует по", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+", verbose_name="дубль"
    )
    # made of the fields above by `refresh_keys`; the collation makes every server sort alike
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="merged_into"),
            models.UniqueConstraint(
                fields=["municipality", "inn", "name"],
                condition=Q(merged_into__isnull=True),
                name="tenants_organization_inn_name",
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_from__isnull=True) | Q(active_to__gte=F("active_from")),
                name="tenants_organization_active_period",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "sort_key"], name="tenants_organization_order")]

    def __str__(self) -> str:
        return self.short_name

    def refresh_keys(self) -> None:
        """Make the keys for order and search of the present values; every service that saves one calls this."""
        self.sort_key = russian_sort_key(self.short_name or self.name)
        self.search_text = fold(
            f"{self.short_name} {self.name} {self.inn} {self.address} {self.head_name} {self.organization_type}"
        )

    def is_active_on(self, day: date) -> bool:
        """Whether the organization works on the day: its first and last day count."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


class OrganizationDistinction(TenantModel):
    """Somebody looked at two organizations with names alike and said that they are two."""

    first = models.ForeignKey(
        Organization, models.CASCADE, db_constraint=False, related_name="+", verbose_name="одна организация"
    )
    second = models.ForeignKey(
        Organization, models.CASCADE, db_constraint=False, related_name="+", verbose_name="другая организация"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто решил"
    )
    decided_at = models.DateTimeField("когда")

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="first"),
            SameMunicipality(field="second"),
            models.UniqueConstraint(fields=["first", "second"], name="tenants_organizationdistinction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="tenants_organizationdistinction_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first} и {self.second}"


class OrganizationImport(TenantModel):
    """An uploaded list of organizations between its preview and the confirmation.

    `rows` are lines of the file with what each would do (tenants.register.matching), `reading` says which
    sheet and columns were understood, `result` what the confirmation did.
    """

    file_name = models.CharField("файл", max_length=255)
    reading = models.JSONField("как понят файл", default=dict)
    rows = models.JSONField("строки", default=list)
    result = models.JSONField("итог", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто загрузил"
    )
    created_at = models.DateTimeField("когда")
    confirmed_at = models.DateTimeField("подтверждён", null=True)

    class Meta:
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.file_name
