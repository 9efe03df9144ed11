from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import TenantModel
from plans.deadlines import Deadline, from_json, parse

from ..enums import DueState, PartyKind
from .plans import Plan, Section


class Activity(TenantModel):
    """A line of a plan. The words of the document stand beside what was understood of them.

    `deadline_rule` is the reading of `deadline_text` (plans.deadlines.to_json), a person's own one where
    `reading_corrected_at` is set; `inherited` names the fields whose words stand in a row above; `source` is where
    the line stood in the document.
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
            models.UniqueConstraint(fields=["plan", "position"], name="plans_activity_position"),
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


class ResponsibleParty(TenantModel):
    """Who answers for activities, by the name that the plans use; one row for all plans of the municipality."""

    name = models.CharField("название", max_length=500)
    name_key = models.CharField(max_length=500, editable=False)
    kind = models.CharField("кто это", max_length=20, choices=PartyKind.choices, default=PartyKind.OTHER)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["municipality", "name_key"], name="plans_responsibleparty_name"),
            models.CheckConstraint(condition=~Q(name_key=""), name="plans_responsibleparty_named"),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityParty(TenantModel):
    """A responsible party of one activity, in the order of the document."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, db_constraint=False, related_name="party_links", verbose_name="мероприятие"
    )
    party = models.ForeignKey(
        ResponsibleParty,
        models.PROTECT,
        db_constraint=False,
        related_name="activity_links",
        verbose_name="исполнитель",
    )
    position = models.PositiveSmallIntegerField("порядок")

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="activity"),
            SameMunicipality(field="party"),
            models.UniqueConstraint(fields=["activity", "party"], name="plans_activityparty_once"),
            models.UniqueConstraint(fields=["activity", "position"], name="plans_activityparty_position"),
        ]

    def __str__(self) -> str:
        return str(self.party)


class DueDate(TenantModel):
    """One window in which an activity must be done; its last day is the due day."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, db_constraint=False, related_name="due_dates", verbose_name="мероприятие"
    )
    window_from = models.DateField("первый день")
    window_to = models.DateField("последний день")
    label = models.CharField("название", max_length=200, blank=True)
    origin = models.TextField("откуда", blank=True)
    is_outside_period = models.BooleanField("вне периода плана", default=False)
    # the portal cannot know whether it was met, so it never counts as late
    ended_before_entry = models.BooleanField("прошёл до внесения плана", default=False)
    state = models.CharField("состояние", max_length=10, choices=DueState.choices, default=DueState.OPEN)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="activity"),
            models.UniqueConstraint(fields=["activity", "window_from", "window_to"], name="plans_duedate_window"),
            models.CheckConstraint(condition=Q(window_to__gte=F("window_from")), name="plans_duedate_order"),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="plans_duedate_state"),
        ]
        indexes = [
            models.Index(fields=["municipality", "window_to"], condition=Q(state="open"), name="plans_duedate_open")
        ]

    def __str__(self) -> str:
        return self.label or self.window_to.isoformat()
