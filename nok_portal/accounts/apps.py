from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nok_portal.accounts"
    label = "accounts"
    verbose_name = "Учётные записи"

    def ready(self) -> None:
        import_module("nok_portal.accounts.directory")  # tells reminders who works where
        import_module("nok_portal.accounts.journal")  # connects its receivers
        import_module("nok_portal.accounts.moves")  # registers what follows a merged organization
