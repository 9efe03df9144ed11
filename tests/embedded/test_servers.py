"""PostgreSQL and Valkey from wheels: they keep what was stored, and end with their last user."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest
import redis

from nok_portal.embedded.lease import Lease, ServersUnavailable, erase, servers_needed, take_lease
from nok_portal.embedded.places import Places, throwaway_places

from .conftest import processes_of, wait_until_none

BOTH = ["postgres", "valkey"]


def query(lease: Lease, statement: str) -> Any:
    with closing(psycopg2.connect(lease.environment["DATABASE_OWNER_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


def cache(lease: Lease) -> redis.Redis:
    return redis.Redis.from_url(lease.environment["REDIS_URL"])


def test_stored_values_survive_a_restart(empty_places: Places):
    places = empty_places
    first = take_lease(places, BOTH)
    query(first, "CREATE TABLE kept AS SELECT 'Лесной' AS name")
    with cache(first) as client:
        client.set("kept", "да")
    first.release()
    assert wait_until_none(places, seconds=1)

    second = take_lease(places, BOTH)

    assert (first.is_new, second.is_new) == (True, False)
    assert query(second, "SELECT name FROM kept") == "Лесной"
    with cache(second) as client:
        assert client.get("kept") == "да".encode()
    second.release()


def test_owner_is_no_superuser_and_may_become_a_role_it_made(places: Places):
    lease = take_lease(places, ["postgres"])

    assert query(lease, "SELECT current_setting('is_superuser')") == "off"
    query(lease, "CREATE ROLE made NOLOGIN; SET ROLE made; RESET ROLE; CREATE EXTENSION pg_trgm")
    assert query(lease, "SELECT lower('ЁЛКА')") == "ёлка"
    lease.release()


def test_two_users_share_servers_until_the_last_one_leaves(places: Places):
    first = take_lease(places, ["valkey"])
    second = take_lease(places, ["valkey"])
    assert first.environment == second.environment

    first.release()
    with cache(second) as client:
        assert client.ping()

    second.release()
    assert wait_until_none(places, seconds=1)


@pytest.mark.parametrize(
    ("number", "servers"), [(signal.SIGINT, ["valkey"]), (signal.SIGTERM, ["valkey"]), (signal.SIGKILL, BOTH)]
)
def test_no_process_outlives_its_killed_user(
    places: Places, hold: Callable[..., subprocess.Popen[str]], number: signal.Signals, servers: list[str]
):
    holder = hold(places, *servers)
    assert processes_of(places)

    holder.send_signal(number)

    assert wait_until_none(places)


def test_killed_keeper_takes_its_servers_along_and_data_are_recovered(places: Places):
    first = take_lease(places, BOTH)
    query(first, "CREATE TABLE kept AS SELECT 7 AS number")
    keeper = min(processes_of(places))
    os.kill(keeper, signal.SIGKILL)

    second = take_lease(places, BOTH)

    assert query(second, "SELECT number FROM kept") == 7
    second.release()
    first.connection.close()
    assert wait_until_none(places)


def test_killed_postgres_ends_the_keeper_and_data_are_recovered(places: Places):
    first = take_lease(places, BOTH)
    query(first, "CREATE TABLE kept AS SELECT 7 AS number")
    postmaster = int((places.state / "pgdata" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert first.connection.recv(1) == b""
    first.connection.close()

    second = take_lease(places, BOTH)

    assert query(second, "SELECT number FROM kept") == 7
    second.release()


def test_stale_lock_that_names_a_stranger_and_half_made_folder_do_not_hinder(places: Places):
    take_lease(places, ["postgres"]).release()
    (places.state / "postmaster.pid").unlink(missing_ok=True)
    lock = places.state / "pgdata" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{places.state / 'pgdata'}\n1\n1\n\n\n\n")
    (places.state / "pgdata.new").mkdir()
    places.keeper_socket.touch()

    lease = take_lease(places, ["postgres"])

    assert query(lease, "SELECT 1") == 1
    lease.release()


def test_database_of_another_version_is_refused_with_advice(places: Places):
    take_lease(places, ["postgres"]).release()
    (places.state / "pgdata" / "PG_VERSION").write_text("9\n")

    with pytest.raises(ServersUnavailable, match=r"создана PostgreSQL 9, а установлен PostgreSQL \d+"):
        take_lease(places, ["postgres"])

    assert wait_until_none(places)


def test_data_are_erased_only_when_nobody_uses_them(places: Places):
    lease = take_lease(places, ["postgres"])
    with pytest.raises(ServersUnavailable, match="Портал сейчас работает"):
        erase(places)
    lease.release()
    assert wait_until_none(places, seconds=1)

    erase(places)

    again = take_lease(places, ["postgres"])
    assert again.is_new
    again.release()


def test_throwaway_servers_leave_no_folder():
    places = throwaway_places()
    lease = take_lease(places, BOTH)
    assert query(lease, "SHOW fsync") == "off"

    lease.release()

    assert not places.state.exists()


@pytest.mark.parametrize(
    ("environment", "needed"),
    [
        ({}, ["postgres", "valkey"]),
        ({"DATABASE_URL": "postgres://…"}, ["valkey"]),
        ({"DATABASE_OWNER_URL": "postgres://…", "REDIS_URL": ""}, ["valkey"]),
        ({"DATABASE_URL": "postgres://…", "REDIS_URL": "redis://…"}, []),
    ],
)
def test_given_servers_are_used_as_they_are(environment: dict[str, str], needed: list[str]):
    assert servers_needed(environment) == needed
