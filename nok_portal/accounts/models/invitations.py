from django.db import models

from nok_portal.tenants.rights import Role

from .people import User


class Invitation(models.Model):
    """An offer of a role, sent as a link. Only the link's hash is kept, so a stolen table opens nothing."""

    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField("электронная почта")
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    role = models.CharField("роль", max_length=30, choices=Role.choices)
    post = models.CharField("должность", max_length=200, blank=True)
    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    region = models.ForeignKey("tenants.Region", models.PROTECT, null=True, related_name="+", verbose_name="регион")
    organization = models.ForeignKey(
        "tenants.Organization", models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="учреждение"
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="кто пригласил")
    created_at = models.DateTimeField("создано")
    expires_at = models.DateTimeField("действует до")
    accepted_at = models.DateTimeField("принято", null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="кто принял")
    revoked_at = models.DateTimeField("отозвано", null=True)

    def __str__(self) -> str:
        return f"Приглашение для {self.email}"
