"""What happens to accounts, in the portal's own journal: log-in, passwords, second factor."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver
from django.utils import timezone

from nok_portal.audit import services as audit
from nok_portal.tenants.scope import scope

from .models import User
from .services.people import follow_new_password

_ADDED = {
    Authenticator.Type.TOTP: "Второй фактор включён",
    Authenticator.Type.RECOVERY_CODES: "Запасные коды выпущены",
}
_REMOVED = {
    Authenticator.Type.TOTP: "Второй фактор отключён",
    Authenticator.Type.RECOVERY_CODES: "Запасные коды отменены",
}


def note(verb: str, *, user: User, actor: User | None, after: dict[str, Any] | None = None) -> None:
    """One entry about an account."""
    with scope(system=True):
        audit.record(verb=verb, on=user, actor=actor, at=timezone.now(), after=after)


@receiver(account_signals.user_logged_in)
def _logged_in(user: User, **kwargs: Any) -> None:
    note("Вход в портал", user=user, actor=user)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
def _password_changed(user: User, **kwargs: Any) -> None:
    note("Изменён пароль", user=user, actor=user)
    follow_new_password(user=user, at=timezone.now())


@receiver(account_signals.password_reset)
def _password_reset(user: User, **kwargs: Any) -> None:
    note("Пароль задан по ссылке из письма", user=user, actor=user)
    follow_new_password(user=user, at=timezone.now())


@receiver(mfa_signals.authenticator_added)
def _factor_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note(_ADDED[authenticator.type], user=user, actor=user)


@receiver(mfa_signals.authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note(_REMOVED[authenticator.type], user=user, actor=user)


@receiver(mfa_signals.authenticator_reset)
def _factor_reset(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    note("Запасные коды выпущены заново", user=user, actor=user)


@receiver(mfa_signals.authenticator_used)
def _factor_used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note("Использован запасной код", user=user, actor=user)


@receiver(mfa_signals.authentication_failed)
def _factor_failed(user: User, **kwargs: Any) -> None:
    note("Неверный код второго фактора", user=user, actor=None)
