from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nok_portal.accounts"
    label = "accounts"
    verbose_name = "Учётные записи"
