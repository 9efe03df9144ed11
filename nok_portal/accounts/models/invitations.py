from datetime import datetime
from enum import Enum

from django.db import models
from django.db.models import Q

from nok_portal.tenants.rights import Role

from .people import User


class InvitationState(Enum):
    """Where an invitation is; computed, but for the moments that made it so."""

    WAITING = "Ждёт ответа"
    EXPIRED = "Срок истёк"
    ACCEPTED = "Принято"
    REVOKED = "Отозвано"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; some of them may have expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def waiting(self, *, at: datetime) -> "InvitationQuerySet":
        return self.unanswered().filter(expires_at__gt=at)


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
        "tenants.Organization",
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name="учреждение",
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="кто пригласил")
    # the last letter about it; whether it has gone is seen in the list
    mail = models.ForeignKey(
        "messaging.OutgoingMail", models.SET_NULL, null=True, related_name="+", verbose_name="письмо"
    )
    created_at = models.DateTimeField("создано")
    expires_at = models.DateTimeField("действует до")
    accepted_at = models.DateTimeField("принято", null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="кто принял")
    revoked_at = models.DateTimeField("отозвано", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.MINISTRY, region__isnull=False, municipality__isnull=True)
                | (~Q(role=Role.MINISTRY) & Q(region__isnull=True, municipality__isnull=False)),
                name="accounts_invitation_place",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.INSTITUTION, organization__isnull=False)
                | (~Q(role=Role.INSTITUTION) & Q(organization__isnull=True)),
                name="accounts_invitation_organization",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="accounts_invitation_one_end"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "-created_at"], name="accounts_invitation_newest")]

    def __str__(self) -> str:
        return f"Приглашение для {self.email}"

    def state(self, *, at: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.WAITING if self.expires_at > at else InvitationState.EXPIRED
