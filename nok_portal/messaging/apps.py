from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "nok_portal.messaging"
    label = "messaging"
    verbose_name = "Сообщения"
