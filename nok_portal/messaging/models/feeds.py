from django.conf import settings
from django.db import models

from nok_portal.tenants.models import TenantModel


class FeedKey(TenantModel):
    """The secret in the address of a person's calendar feed; only its hash is kept, a new one replaces it.

    `last_read_at` is noted at most once an hour.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="чей")
    key_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField("создан")
    last_read_at = models.DateTimeField("последнее обращение", null=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["municipality", "user"], name="messaging_feedkey_one"),
            models.UniqueConstraint(fields=["municipality", "key_hash"], name="messaging_feedkey_hash"),
        ]

    def __str__(self) -> str:
        return str(self.user)
