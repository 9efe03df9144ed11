from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class TenantsConfig(AppConfig):
    name = "nok_portal.tenants"
    label = "tenants"
    verbose_name = "Муниципалитеты"

    def ready(self) -> None:
        pre_migrate.connect(_ensure_role, sender=self)
        post_migrate.connect(_secure_tables, sender=self)
        connection_created.connect(_refuse_unsafe_role)

        from .rights import Right
        from .services.acts import ACT_FILE
        from .services.files import MUNICIPALITY_LOGO, register_purpose

        register_purpose(MUNICIPALITY_LOGO, reader=None)
        register_purpose(ACT_FILE, reader=Right.SEE_ACTS)


def _refuse_unsafe_role(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Nothing is served through a role that could read past row-level security: asked once a connection."""
    from .roles import assert_runtime_role_is_bound

    if connection.alias == "default":
        assert_runtime_role_is_bound(connection)


def _ensure_role(using: str, **kwargs: Any) -> None:
    from .roles import ensure_runtime_role

    if using == "owner":
        ensure_runtime_role(connections[using])


def _secure_tables(using: str, **kwargs: Any) -> None:
    from .roles import runtime_role
    from .row_security import secure_tables

    if using == "owner":
        secure_tables(connections[using], runtime_role=runtime_role())
