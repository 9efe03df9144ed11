from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "nok_portal.audit"
    label = "audit"
    verbose_name = "Журнал"
