from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from nok_portal.tenants.models import TenantModel

from ..reminding import Rhythm, Thresholds
from ..typed_days import FARTHEST, MOST

SHIPPED = Thresholds()
LONGEST_OPENING = 500
_one_day_or_more = [MinValueValidator(1), MaxValueValidator(FARTHEST)]


def shipped_before() -> list[int]:
    return list(SHIPPED.before)


def shipped_after() -> list[int]:
    return list(SHIPPED.after)


class ReminderSettings(TenantModel):
    """How a municipality reminds; without a row as shipped.

    `escalate_after` counts working days of lateness. `opening` stands above the items of every letter.
    """

    before = ArrayField(
        models.PositiveSmallIntegerField(validators=_one_day_or_more),
        verbose_name="за сколько дней до срока",
        default=shipped_before,
        size=MOST,
        blank=True,
    )
    after = ArrayField(
        models.PositiveSmallIntegerField(validators=_one_day_or_more),
        verbose_name="через сколько дней после срока",
        default=shipped_after,
        size=MOST,
        blank=True,
    )
    every = models.PositiveSmallIntegerField(
        "затем каждые, дней", default=SHIPPED.every, validators=[MaxValueValidator(FARTHEST)]
    )
    hour = models.PositiveSmallIntegerField("час отправки", default=9, validators=[MaxValueValidator(23)])
    escalate_after = models.PositiveSmallIntegerField(
        "сообщать о просрочке выше через, рабочих дней", default=5, validators=_one_day_or_more
    )
    opening = models.CharField("вступление", max_length=LONGEST_OPENING, blank=True)
    kinds_off = ArrayField(models.CharField(max_length=40), verbose_name="отключённые виды", default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["municipality"], name="messaging_remindersettings_one"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="messaging_remindersettings_hour"),
        ]

    def __str__(self) -> str:
        return "настройки напоминаний"

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(tuple(self.before), tuple(self.after), self.every)


class EscalationPerson(TenantModel):
    """Somebody who is told of what is late for long, beside the curators of those who are late."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="кто")

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["municipality", "user"], name="messaging_escalationperson_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class DeclinedRegionLetter(models.Model):
    """Somebody of a ministry who does without the weekly letter about the region."""

    region = models.ForeignKey("tenants.Region", models.CASCADE, related_name="+", verbose_name="регион")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="кто")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "user"], name="messaging_declinedregionletter_once"),
        ]

    def __str__(self) -> str:
        return "сводка по региону"


class PersonalReminders(TenantModel):
    """How a person wants to be reminded in one municipality; without a row daily and of everything.

    `kinds_off` are kinds that come by no letter; the ledger holds them all the same. `weekday`: one letter a week on that day
    (Monday is 0), None: each working day. During a pause everything goes to the deputy.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="кто")
    kinds_off = ArrayField(models.CharField(max_length=40), verbose_name="не присылать", default=list, blank=True)
    weekday = models.PositiveSmallIntegerField("день недели", null=True, blank=True)
    paused_from = models.DateField("перерыв с", null=True, blank=True)
    paused_to = models.DateField("перерыв по", null=True, blank=True)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто замещает"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["municipality", "user"], name="messaging_personalreminders_one"),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=4), name="messaging_personalreminders_weekday"
            ),
            models.CheckConstraint(
                condition=Q(paused_from__isnull=True, paused_to__isnull=True)
                | Q(paused_from__isnull=False, paused_to__gte=F("paused_from")),
                name="messaging_personalreminders_pause",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")), name="messaging_personalreminders_deputy"
            ),
        ]

    def __str__(self) -> str:
        return f"напоминания: {self.user}"

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.weekday)

    def is_away(self, day: date) -> bool:
        """Whether the day lies in the person's pause."""
        return self.paused_from is not None and self.paused_to is not None and self.paused_from <= day <= self.paused_to
