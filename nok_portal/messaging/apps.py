from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MessagingConfig(AppConfig):
    name = "nok_portal.messaging"
    label = "messaging"
    verbose_name = "Сообщения"

    def ready(self) -> None:
        autodiscover_modules("reminders")  # each app's kinds of reminders
