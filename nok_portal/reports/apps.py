from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "nok_portal.reports"
    label = "reports"
    verbose_name = "Отчёты"

    def ready(self) -> None:
        from nok_portal.tenants.services.files import register_purpose

        from .selectors import may_read_job_file
        from .services import JOB_FILE

        register_purpose(JOB_FILE, reader=may_read_job_file)
        # each app's kinds of work and reports
        autodiscover_modules("jobs", "reports")
