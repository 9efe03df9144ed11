from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MessagingConfig(AppConfig):
    name = "nok_portal.messaging"
    label = "messaging"
    verbose_name = "Сообщения"

    def ready(self) -> None:
        # each app's kinds of reminders, its figures for ministries, what it adds to calendar feeds, its letters' names
        autodiscover_modules("reminders", "regional_figures", "feeds", "letters")
