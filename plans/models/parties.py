from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import Organization, TenantModel

from ..enums import GROUP_SPHERES, PartyKind
from .activities import Activity


class ResponsibleParty(TenantModel):
    """Who answers for activities, by the name that the plans use; one row for all plans of the municipality.

    An institution is one of the register; a group is all active organizations of the register of one sphere (or of
    every one; blank: nobody has said yet) and type (blank: of any). Who works for the party in the portal is said by
    its accounts; `curator` is told where there are none. Another name of a party is a row that is merged into it.
    """

    name = models.CharField("название", max_length=500)
    name_key = models.CharField(max_length=500, editable=False)
    kind = models.CharField("кто это", max_length=20, choices=PartyKind.choices, default=PartyKind.OTHER)
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="учреждение в реестре",
    )
    group_sphere = models.CharField("сфера группы", max_length=20, choices=GROUP_SPHERES, blank=True)
    group_type = models.CharField("тип организаций группы", max_length=200, blank=True)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="куратор"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="doubles", verbose_name="дубль"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="organization"),
            SameMunicipality(field="merged_into"),
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


class PartyAccount(TenantModel):
    """A person of the portal who works for a responsible party.

    `is_head`: who answers for its people and hears of what is late for long, instead of every reminder.
    """

    party = models.ForeignKey(
        ResponsibleParty, models.CASCADE, db_constraint=False, related_name="account_links", verbose_name="исполнитель"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="человек")
    is_head = models.BooleanField("руководитель", default=False)

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="party"),
            models.UniqueConstraint(fields=["party", "user"], name="plans_partyaccount_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class PartyDistinction(TenantModel):
    """Somebody looked at two responsible parties with names alike and said that they are two."""

    first = models.ForeignKey(
        ResponsibleParty, models.CASCADE, db_constraint=False, related_name="+", verbose_name="один исполнитель"
    )
    second = models.ForeignKey(
        ResponsibleParty, models.CASCADE, db_constraint=False, related_name="+", verbose_name="другой исполнитель"
    )

    class Meta:
        constraints = [
            *TenantModel.Meta.constraints,
            SameMunicipality(field="first"),
            SameMunicipality(field="second"),
            models.UniqueConstraint(fields=["first", "second"], name="plans_partydistinction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="plans_partydistinction_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first} и {self.second}"
