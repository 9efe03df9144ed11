from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import Organization, TenantModel
from plans.deadlines import Deadline, from_json, parse

from .plans import Plan, Section


class Activity(TenantModel):
    """A line of a plan. The words of the document stand beside what was understood of them.

    `deadline_rule` is the reading of `deadline_text` (plans.deadlines.to_json), a person's own one where
    `reading_corrected_at` is set; `inherited` names the fields whose words stand in a row above; `source` is where
    the line stood in the document. `previous` is the same line of the plan's previous edition.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="activities", verbose_name="план")
    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="activities",
        verbose_name="раздел",
    )
    position = models.PositiveIntegerField("порядок")
    number = models.CharField("номер", max_length=30, blank=True)
    title = models.TextField("мероприятие")
    deadline_text = models.TextField("срок словами плана", blank=True)
    deadline_rule = models.JSONField("как понят срок", default=dict)
    deadline_reading = models.TextField("срок, как он понят", blank=True)
    reading_corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто исправил понимание"
    )
    reading_corrected_at = models.DateTimeField("понимание исправлено", null=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    responsible_text = models.TextField("исполнители словами плана", blank=True)
    planned_quantity = models.DecimalField("сколько запланировано", max_digits=14, decimal_places=3, null=True)
    quantity_unit = models.CharField("чего", max_length=60, blank=True, help_text="В родительном падеже: организаций")
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, db_constraint=False, related_name="+", verbose_name="в прежней редакции"
    )
    step = models.CharField("шаг оценки", max_length=40, blank=True)
    inherited = ArrayField(models.CharField(max_length=30), verbose_name="взято из строки выше", default=list)
    findings = models.JSONField("замечания", default=list)
    settled = ArrayField(models.CharField(max_length=80), verbose_name="решено оставить", default=list)
    source = models.JSONField("место в документе", default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="plan"),
            SameMunicipality(field="section"),
            SameMunicipality(field="previous"),
            models.UniqueConstraint(
                fields=["plan", "position"], name="plans_activity_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(title=""), name="plans_activity_titled"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def deadline(self) -> Deadline:
        """How the deadline words are understood: as read or, while the words stay the same, as a person said."""
        return from_json(self.deadline_rule) if self.deadline_rule else parse(self.deadline_text)

    @property
    def reading_is_corrected(self) -> bool:
        return self.reading_corrected_at is not None


class ActivityOrganization(TenantModel):
    """An organization that a line names, for one year or (None) for all: it gets due dates of its own."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, db_constraint=False, related_name="organization_links", verbose_name="мероприятие"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, db_constraint=False, related_name="+", verbose_name="организация"
    )
    year = models.PositiveSmallIntegerField("год", null=True)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="activity"),
            SameMunicipality(field="organization"),
            models.UniqueConstraint(
                fields=["activity", "organization", "year"],
                nulls_distinct=False,
                name="plans_activityorganization_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)
