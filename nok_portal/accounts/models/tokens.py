from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nok_portal.tenants.rights import Right

from .people import User


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def valid(self, at: datetime) -> "AccessTokenQuerySet":
        """Neither revoked nor expired."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class AccessToken(models.Model):
    """A person's key for programs: it reads what the person may read, in one municipality or one region.

    Only the key's hash is kept; `beginning` is what tells keys apart on a screen. `rights` narrow those of the
    person, who may lose them at any time.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens", verbose_name="чей")
    name = models.CharField("для чего", max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    beginning = models.CharField("начало ключа", max_length=12)
    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    region = models.ForeignKey("tenants.Region", models.PROTECT, null=True, related_name="+", verbose_name="регион")
    rights = ArrayField(models.CharField(max_length=30), verbose_name="что открывает")
    created_at = models.DateTimeField("создан")
    expires_at = models.DateTimeField("действует до")
    last_used_on = models.DateField("последний раз", null=True)
    revoked_at = models.DateTimeField("отозван", null=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, region__isnull=True)
                | Q(municipality__isnull=True, region__isnull=False),
                name="accounts_accesstoken_place",
            ),
            models.CheckConstraint(condition=Q(rights__len__gt=0), name="accounts_accesstoken_rights"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @property
    def place_name(self) -> str:
        """Where it opens anything."""
        return str(self.municipality or self.region)

    @property
    def right_labels(self) -> list[str]:
        return [Right(right).label for right in self.rights]
