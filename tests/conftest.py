"""Databases of the suite: the owner migrates one template, each worker copies it and works as the runtime role."""

import os
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

# how long one example takes says more of the machine's load than of the code: benchmarks measure
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

# filled by migrations, so they survive the flush after a transactional test
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


def run_name(config: pytest.Config) -> str:
    """The template's name, the same in all processes of one run."""
    controller = config.pluginmanager.get_plugin("dsession")
    if controller:
        uid = controller.nodemanager.testrunuid
    else:
        uid = getattr(config, "workerinput", {}).get("testrunuid", f"{os.getpid()}")
    return f"nok_test_{zlib.crc32(uid.encode()):08x}"


def connect_as_owner(name: str) -> Any:
    values = settings.DATABASES["owner"]
    return psycopg2.connect(
        host=values["HOST"] or None,
        port=values["PORT"] or None,
        user=values["USER"] or None,
        password=values["PASSWORD"] or None,
        dbname=name,
    )


def drop_database(cursor: Any, name: str) -> None:
    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.hookimpl(trylast=True)  # after the shuffle and after the browser tests have got their marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that both processes end together: the browser, then what commits."""

    def place(item: pytest.Item) -> int:
        marker = item.get_closest_marker("django_db")
        commits = item.get_closest_marker("slow") or (marker and marker.kwargs.get("transaction"))
        return 0 if item.get_closest_marker("browser") else 1 if commits else 2

    items.sort(key=place)


def use_database(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def server() -> Iterator[Any]:
    connection = connect_as_owner(settings.DATABASES["owner"]["NAME"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@contextmanager
def template_made(cursor: Any, template: str) -> Iterator[None]:
    """Processes start together: the first that comes here makes the template, the others wait."""
    home = settings.DATABASES["owner"]["NAME"]
    cursor.execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(template.encode())])
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE DATABASE \"{template}\" TEMPLATE template0 ENCODING 'UTF8'")
        use_database(template)
        call_command("migrate", database="owner", verbosity=0)
        use_database(home)
    yield
    cursor.execute("SELECT pg_advisory_unlock(%s)", [zlib.crc32(template.encode())])


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    template = run_name(request.config)
    mine = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock(), server() as cursor:
        with template_made(cursor, template):
            drop_database(cursor, mine)
            cursor.execute(f'CREATE DATABASE "{mine}" TEMPLATE "{template}"')
        use_database(mine)
        yield
        connections.close_all()
        drop_database(cursor, mine)
        if not hasattr(request.config, "workerinput"):
            drop_database(cursor, template)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """When all tests run, the controller makes the template while the processes that it started collect them."""
    config = session.config
    if config.pluginmanager.has_plugin("dsession") and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        with config.stash[blocking_manager_key].unblock(), server() as cursor, template_made(cursor, run_name(config)):
            connections.close_all()
    return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller of a parallel run drops the template that its workers copied."""
    if session.config.pluginmanager.has_plugin("dsession"):
        with server() as cursor:
            drop_database(cursor, run_name(session.config))


def flush_as_owner(test_case: TransactionTestCase) -> None:
    """The runtime role may not TRUNCATE, so transactional tests clean up as the owner."""
    connections["default"].close()
    owner = connect_as_owner(connections["default"].settings_dict["NAME"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({row[0] for row in cursor.fetchall()} - KEPT_TABLES)
        truncate = "TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " RESTART IDENTITY CASCADE"
        cursor.execute("SET lock_timeout = '20s'")
        try:
            cursor.execute(truncate)
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
            # a request that its browser has left, or a worker that was stopped, holds a row: it would hold the suite
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            cursor.execute(truncate)
    owner.close()


TransactionTestCase._fixture_teardown = flush_as_owner  # type: ignore[method-assign]
