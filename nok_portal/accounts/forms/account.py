"""allauth's forms in the portal's words: labels above, hints below, no placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django import forms

PASSWORD_HELP = "Не короче 10 знаков, не только цифры. Хорошо подходит несколько слов подряд."  # noqa: S105


class PlainWords(forms.Form):
    """Takes labels and hints from `words` and the placeholders away."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, hint = self.words.get(name, ("", ""))
            if label:
                field.label, field.help_text = label, hint


class LoginForm(PlainWords, account.LoginForm):
    words = {"login": ("Электронная почта", ""), "password": ("Пароль", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    words = {"email": ("Электронная почта", "Та, с которой вы входите в портал.")}


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    words = {"password1": ("Новый пароль", PASSWORD_HELP), "password2": ("Новый пароль ещё раз", "")}


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Пароль сейчас", ""),
        "password1": ("Новый пароль", PASSWORD_HELP),
        "password2": ("Новый пароль ещё раз", ""),
    }


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    words = {"password": ("Пароль", "")}


CODE = ("Код из приложения", "Шесть цифр. Подойдёт и запасной код.")


class _CodeForm(PlainWords):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # one field a page, and the person came for it
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class AuthenticateForm(_CodeForm, mfa.AuthenticateForm):
    words = {"code": CODE}


class SecondFactorReauthenticateForm(_CodeForm, mfa.ReauthenticateForm):
    words = {"code": CODE}


class ActivateTOTPForm(_CodeForm, AllauthActivateTOTPForm):
    words = {"code": ("Код из приложения", "Шесть цифр, которые приложение показывает сейчас.")}
