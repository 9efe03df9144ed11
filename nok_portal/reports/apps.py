from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "nok_portal.reports"
    label = "reports"
    verbose_name = "Отчёты"
