from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from ..models import User
from .account import PASSWORD_HELP


class NewAccountForm(forms.Form):
    """What a new person says about themselves on the invitation page."""

    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)
    password = forms.CharField(
        label="Пароль",
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label="Пароль ещё раз", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password, again = values.get("password"), values.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "Пароли различаются. Введите один и тот же дважды.")
        elif password:
            try:
                validate_password(password, User(email=self.email, full_name=values.get("full_name", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return values
