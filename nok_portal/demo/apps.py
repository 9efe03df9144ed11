from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "nok_portal.demo"
    label = "demo"
    verbose_name = "Пример"
