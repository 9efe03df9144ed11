from django.conf import settings
from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """One thing that somebody did: append-only, the history and the undo of every object.

    Belongs to a municipality or, for what concerns accounts, regions or the portal itself, to a region
    or to none. The actor's name is kept as it was on the day.
    """

    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    region = models.ForeignKey("tenants.Region", models.PROTECT, null=True, related_name="+", verbose_name="регион")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто"
    )
    actor_name = models.CharField("имя", max_length=200)
    verb = models.CharField("действие", max_length=100)
    object_type = models.CharField("вид объекта", max_length=100)
    object_id = models.CharField("номер объекта", max_length=40)
    object_title = models.CharField("объект", max_length=500)
    before = models.JSONField("было", default=dict)
    after = models.JSONField("стало", default=dict)
    reason = models.TextField("причина", blank=True)
    at = models.DateTimeField("когда")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(region__isnull=True), name="audit_auditentry_one_place"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "object_type", "object_id", "-at"], name="audit_entry_object"),
            models.Index(fields=["municipality", "-at"], name="audit_entry_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.object_title}"
