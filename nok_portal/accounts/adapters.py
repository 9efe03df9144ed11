"""What allauth asks of us: nobody signs up by themselves, letters go out through rows, locks say for how long."""

import base64
import hashlib
import math
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from nok_portal.common.text import counted
from nok_portal.messaging.services import queue_mail

from . import journal
from .access import is_administrator_anywhere
from .models import User
from .services.people import password_address


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Адрес или пароль не подошли. Проверьте раскладку и Caps Lock.",
        "enter_current_password": "Это не тот пароль, с которым вы входите сейчас.",
        "incorrect_password": "Пароль не подошёл. Проверьте раскладку и Caps Lock.",
        "incorrect_code": "Код не подошёл. Подождите, пока приложение покажет следующий, и введите его.",
        "too_many_login_attempts": "Слишком много неудачных попыток. Подождите несколько минут и повторите.",
        "rate_limited": "Слишком много попыток подряд. Подождите несколько минут и повторите.",
        "invalid_password_reset": "Ссылка больше не действует. Запросите новую.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from invitations."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The one letter that allauth writes here; the others are switched off in settings."""
        if template_prefix != "account/email/password_reset_key":
            raise ImproperlyConfigured(f"allauth wants to send {template_prefix}, which the portal has not")
        queue_mail(
            kind="password_reset",
            recipient=email,
            subject="Новый пароль для НОК-портала",
            template="accounts/mail/password_reset",
            context={"name": context["user"].full_name, "link": context["password_reset_url"]},
            at=timezone.now(),
            user=context["user"],
            has_secret=True,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return password_address(uid, token)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has signed in a moment ago is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        is_fresh = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refusal:
            key = self._get_login_attempts_cache_key(request, **credentials)
            seconds = self._locked_for(request, key)
            if not seconds:
                raise
            self._note_lock(key, str(credentials.get("email", "")), seconds)
            minutes = counted(max(1, math.ceil(seconds / 60)), "минуту", "минуты", "минут")
            raise ValidationError(
                f"Слишком много неудачных попыток. Вход закрыт ещё на {minutes}, потом попробуйте снова."
                " Если забыли пароль, задайте новый: это откроет вход сразу.",
                code="too_many_login_attempts",
            ) from refusal

    def _locked_for(self, request: HttpRequest, key: str) -> float:
        """Seconds until the next attempt is counted again, by the strictest limit that is full."""
        now, longest = time.time(), 0.0
        for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
            name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
            hits = [hit for hit in cache.get(name, []) if hit > now - rate.duration]
            if len(hits) >= rate.amount:
                longest = max(longest, hits[-1] + rate.duration - now)
        return longest

    def _note_lock(self, key: str, email: str, seconds: float) -> None:
        """In the journal once a lock, not once an attempt."""
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is not None and cache.add(f"lock-noted:{user.pk}", True, timeout=math.ceil(seconds)):
            journal.note("Вход закрыт после неудачных попыток", user=user, actor=None)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Код не подошёл. Подождите, пока приложение покажет следующий, и введите его.",
        "cannot_delete_authenticator": "Администраторам второй фактор обязателен, отключить его нельзя.",
    }

    def encrypt(self, text: str) -> str:
        """Secrets of second factors lie in the database encrypted with a key made of SECRET_KEY."""
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _ciphers().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.email)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor cannot take it off by themselves."""
        return not (settings.SECOND_FACTOR_REQUIRED and is_administrator_anywhere(authenticator.user))


def _ciphers() -> MultiFernet:
    """The present key first; SECRET_KEY_FALLBACKS still open what older keys closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor {key}".encode()).digest())) for key in keys]
    )
