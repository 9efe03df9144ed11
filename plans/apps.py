from importlib import import_module

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Планы"

    def ready(self) -> None:
        from nok_portal.tenants.rights import Right
        from nok_portal.tenants.services.files import register_purpose

        from .models.dues import EVIDENCE_PURPOSE
        from .models.imports import FILE_PURPOSE

        register_purpose(FILE_PURPOSE, reader=Right.SEE_PLANS)
        register_purpose(EVIDENCE_PURPOSE, reader=Right.SEE_PLANS)
        import_module("plans.act_uses")  # registers what rests on legal acts
        import_module("plans.handing_over")  # registers the work of people who leave
        import_module("plans.due_reports")  # registers the list of due dates
        import_module("plans.moves")  # registers what follows a merged organization
