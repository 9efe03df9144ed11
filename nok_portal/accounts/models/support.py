from django.db import models
from django.db.models import F, Q

from .people import User


class SupportVisit(models.Model):
    """Support staff entering a municipality: with a reason, for a limited time, in its journal."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто")
    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, related_name="+", verbose_name="муниципалитет"
    )
    reason = models.TextField("причина")
    started_at = models.DateTimeField("с")
    until = models.DateTimeField("до")
    ended_at = models.DateTimeField("завершено", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="accounts_supportvisit_period"),
            models.CheckConstraint(condition=~Q(reason=""), name="accounts_supportvisit_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"
