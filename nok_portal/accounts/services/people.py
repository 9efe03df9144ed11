"""Accounts: made by an accepted invitation, closed with the last role, never deleted by the portal."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.text import fold_spaces
from nok_portal.messaging.services import queue_mail
from nok_portal.tenants.scope import scope

from ..models import Membership, User
from .tokens import revoke_tokens


class AccountExists(DomainError):
    def __init__(self, email: str) -> None:
        super().__init__(f"Учётная запись {email} уже есть.")


def open_account(*, email: str, full_name: str, password: str | None, at: datetime, by_portal: bool = False) -> User:
    """Make an account, or reopen a closed one, with a password; None: one is set by a link later.

    The address counts as verified: whoever gets here has followed a link sent to it.
    """
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email).first()
    verb = "Учётная запись снова открыта"
    if user is None:
        user, verb = User(email=email, created_at=at), "Создана учётная запись"
    elif user.is_active:
        raise AccountExists(email)
    user.full_name, user.is_active = fold_spaces(full_name), True
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # two invitations to one new address, accepted at the same moment
        raise AccountExists(email) from error
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    with scope(system=True):
        audit.record(verb=verb, on=user, actor=None if by_portal else user, at=at)
    return user


def close_account_without_roles(*, user: User, actor: User, at: datetime) -> bool:
    """Close the account of a person whose last role has ended: sessions and keys die at once. Says whether it did."""
    if user.is_support or Membership.objects.current().filter(user_id=user.pk).exists():
        return False
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    revoke_tokens(user=user, actor=actor, at=at)
    with scope(system=True):
        audit.record(verb="Учётная запись закрыта", on=user, actor=actor, at=at, reason="Ролей в портале не осталось")
    return True


def end_sessions(*, user: User) -> int:
    """Sign the person out everywhere; says of how many places."""
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def follow_new_password(*, user: User, at: datetime) -> None:
    """Whoever fears for a password fears for what it could make: keys fall, and the person is told."""
    revoke_tokens(user=user, actor=user, at=at)
    queue_mail(
        kind="password_changed",
        recipient=user.email,
        subject="Пароль в НОК-портале изменён",
        template="accounts/mail/password_changed",
        context={"name": user.full_name},
        at=at,
        user=user,
    )


def reset_second_factor(*, user: User, actor: User, reason: str, at: datetime) -> None:
    """Take the second factor off an account whose owner has lost both device and codes; sessions and keys die."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user=user)
    revoke_tokens(user=user, actor=actor, at=at)
    with scope(system=True):
        audit.record(verb="Второй фактор сброшен поддержкой", on=user, actor=actor, at=at, reason=reason)


def open_support_account(*, email: str, full_name: str, actor: User | None, at: datetime) -> User:
    """Make somebody support staff of the portal; their password is set by a link (see `password_link`)."""
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email, is_active=True).first()
    if user is None:
        user = open_account(email=email, full_name=full_name, password=None, at=at, by_portal=True)
    user.is_support = True
    user.save(update_fields=["is_support"])
    with scope(system=True):
        audit.record(verb="Назначен сотрудником поддержки", on=user, actor=actor, at=at)
    return user


def password_link(user: User) -> str:
    """A link by which the person sets a password, as the reset letter brings it: three days, once."""
    return password_address(user_pk_to_url_str(user), default_token_generator.make_token(user))


def password_address(uid: str, token: str) -> str:
    """From the settings and not from a request: a forged Host header would lead the link elsewhere."""
    return settings.PORTAL_URL.rstrip("/") + reverse("account_reset_password_from_key", args=[uid, token])
