from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from nok_portal.tenants.rights import Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in by e-mail. What they may do is in their memberships."""

    email = models.EmailField("электронная почта", unique=True)
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    is_active = models.BooleanField("действует", default=True)
    is_support = models.BooleanField("сотрудник поддержки портала", default=False)
    created_at = models.DateTimeField("создан")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_lower")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def name_for_journal(self) -> str:
        return f"{self} (поддержка портала)" if self.is_support else str(self)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A role of a person in one municipality (for an institution: of one organization) or in one region."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="кто")
    role = models.CharField("роль", max_length=30, choices=Role.choices)
    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="муниципалитет"
    )
    region = models.ForeignKey(
        "tenants.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    organization = models.ForeignKey(
        "tenants.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="учреждение",
    )
    post = models.CharField("должность", max_length=200, blank=True)
    created_at = models.DateTimeField("с какого времени")
    ended_at = models.DateTimeField("до какого времени", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.MINISTRY, region__isnull=False, municipality__isnull=True)
                | (~Q(role=Role.MINISTRY) & Q(region__isnull=True, municipality__isnull=False)),
                name="accounts_membership_place",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(role=Role.INSTITUTION),
                name="accounts_membership_organization",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "municipality", "organization"],
                condition=Q(ended_at__isnull=True, municipality__isnull=False),
                nulls_distinct=False,
                name="accounts_membership_once",
            ),
            models.UniqueConstraint(
                fields=["user", "region"],
                condition=Q(ended_at__isnull=True, region__isnull=False),
                name="accounts_membership_region_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
