"""The two database roles: the owner migrates, the runtime role serves and is bound by row-level security."""

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class RuntimeRoleUnsafe(Exception):
    """The role that serves requests could read past row-level security."""


def runtime_role() -> str:
    """The name of the role that `default` works as."""
    default = settings.DATABASES["default"]
    for option in default.get("OPTIONS", {}).get("options", "").split("-c"):
        name, _, value = option.strip().partition("=")
        if name == "role":
            return value
    return default["USER"]


def ensure_runtime_role(owner: BaseDatabaseWrapper) -> None:
    """Create the runtime role and let the owner become it, where `default` is derived from the owner.

    Roles belong to the whole cluster: another process may create it at the same moment.
    """
    if settings.DATABASES["default"]["USER"] != settings.DATABASES["owner"]["USER"]:
        return
    role = owner.ops.quote_name(runtime_role())
    with owner.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [runtime_role()])
        if cursor.fetchone() is None:
            try:
                with transaction.atomic(using=owner.alias):
                    cursor.execute(f"CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
            except DatabaseError:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [runtime_role()])
                if cursor.fetchone() is None:
                    raise
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [runtime_role()])
        if not cursor.fetchone()[0]:
            cursor.execute(f"GRANT {role} TO CURRENT_USER")


def assert_runtime_role_is_bound(connection: BaseDatabaseWrapper) -> None:
    """Raise RuntimeRoleUnsafe unless the connection's role is neither superuser, BYPASSRLS nor owner of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS ("
            "  SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            raise RuntimeRoleUnsafe(
                "Роль базы данных в DATABASE_URL может читать данные в обход разграничения доступа:"
                " она суперпользователь, имеет BYPASSRLS или владеет таблицами. Укажите отдельную роль,"
                " как описано в docs/operations.md."
            )
