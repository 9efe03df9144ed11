from importlib import import_module

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Планы"

    def ready(self) -> None:
        from nok_portal.tenants.rights import Right
        from nok_portal.tenants.services.files import register_purpose

        from .models.imports import FILE_PURPOSE

        register_purpose(FILE_PURPOSE, reader=Right.SEE_PLANS)
        import_module("plans.act_uses")  # registers what rests on legal acts
        import_module("plans.moves")  # registers what follows a merged organization
