"""DATABASES from the environment: `default` is the runtime role, `owner` the owner."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

RUNTIME_ROLE = "nok_runtime"


def databases(env: environ.Env, *, derive_runtime_role: bool) -> dict[str, dict[str, Any]]:
    """Both connections, read from DATABASE_URL (runtime) and DATABASE_OWNER_URL (owner).

    Given the owner alone, local and test settings (`derive_runtime_role`) let `default` log in as the
    owner and become the runtime role at once; production wants two log-ins. Given the runtime role
    alone there is no `owner`: the web and the workers need none.
    """
    runtime = env.db_url("DATABASE_URL", default="") if env.str("DATABASE_URL", default="") else None
    owner = env.db_url("DATABASE_OWNER_URL", default="") if env.str("DATABASE_OWNER_URL", default="") else None
    if runtime is None and owner is None:
        raise ImproperlyConfigured(
            "Не задан DATABASE_URL. Запустите портал через bin/run или bin/manage либо укажите сервер PostgreSQL."
        )
    if runtime is None:
        if not derive_runtime_role:
            raise ImproperlyConfigured(
                "Задан только DATABASE_OWNER_URL. На рабочем сервере нужен ещё DATABASE_URL: отдельная роль,"
                " которой не принадлежит ни одна таблица. Как её создать, написано в docs/operations.md."
            )
        assert owner is not None
        runtime = {**owner, "OPTIONS": {**owner.get("OPTIONS", {}), "options": f"-c role={RUNTIME_ROLE}"}}
    found = {"default": {**runtime, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
    if owner is not None:
        found["owner"] = {**owner, "CONN_MAX_AGE": 0}
    return found
