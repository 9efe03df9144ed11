from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "nok_portal.common"
    label = "common"
    verbose_name = "Общее"
