from django.conf import settings
from django.db import models
from django.db.models import Q

from nok_portal.tenants.models import TenantModel

from .mail import OutgoingMail


class Reminder(TenantModel):
    """The ledger: one row for each stage of which a person was told, or is about to be.

    `thing` names what is due ('duedate:7'), `stage` is in days from the due day. The words are kept as they were
    told. `by_mail`: goes out with the next letter; when `mail` is set it is in that letter. `read_at` is the person's
    in the portal.
    """

    kind = models.CharField("вид", max_length=40)
    thing = models.CharField(max_length=120)
    due_on = models.DateField("срок")
    stage = models.SmallIntegerField("дней от срока")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="кому")
    because = models.CharField("почему", max_length=1500)
    is_escalation = models.BooleanField("о чужой просрочке", default=False)
    group_title = models.CharField("план", max_length=1000, blank=True)
    group_url = models.CharField(max_length=500, blank=True)
    number = models.CharField("номер", max_length=30, blank=True)
    title = models.TextField("о чём")
    words = models.TextField("срок словами плана", blank=True)
    url = models.TextField("адрес")
    by_mail = models.BooleanField("письмом", default=True)
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="reminders", verbose_name="письмо")
    created_at = models.DateTimeField("создано")
    read_at = models.DateTimeField("прочитано", null=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["municipality", "kind", "thing", "due_on", "stage", "recipient"],
                name="messaging_reminder_once",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "recipient", "-id"], name="messaging_reminder_newest"),
            models.Index(
                fields=["municipality", "recipient", "-id"],
                condition=Q(read_at__isnull=True),
                name="messaging_reminder_unread",
            ),
            models.Index(
                fields=["municipality"],
                condition=Q(by_mail=True, mail__isnull=True),
                name="messaging_reminder_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}".strip()


class ReminderRun(models.Model):
    """Until which day reminders of a municipality (or the digest of a region) are decided; its row is the lock."""

    municipality = models.ForeignKey("tenants.Municipality", models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("tenants.Region", models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "region"], nulls_distinct=False, name="messaging_reminderrun_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality or self.region}: {self.decided_on}"
