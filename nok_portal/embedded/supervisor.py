"""bin/run: the portal with all it needs in one terminal, until Ctrl-C."""

import http.client
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from . import processes
from .lease import Lease
from .places import CHECKOUT, LOCAL_STATE, Places
from .preparation import PreparationFailed, prepare

FIRST_PORT, LAST_PORT = 8000, 8099
SECONDS_TO_ANSWER = 90.0
LOGS = LOCAL_STATE / "logs"


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


class RunFailed(Exception):
    """The portal cannot go on; the message says what happened and where to look."""


class Supervisor:
    """Prepares the database, then runs web, worker and beat and stops all of them when one ends.

    `own`: where our own database lies; None when one was given, into which no demo may go.
    """

    def __init__(self, environment: dict[str, str], lease: Lease | None, *, own: Places | None) -> None:
        self.lease = lease
        self.own = own
        self.port = choose_port(environment.get("PORT", ""))
        self.address = f"http://{processes.ADDRESS}:{self.port}"
        self.environment = {"PORTAL_URL": self.address, **environment}
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def run(self) -> int:
        """Everything from an empty database to the stopped portal; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _on_signal)
        try:
            greeting = prepare(self.own, self.environment)
            self._start_parts()
            self._wait_for_answer()
            self._greet(greeting)
            self._watch()
        except StopRequested:
            print("\nОстанавливаю портал…", flush=True)
            return 0
        except (RunFailed, PreparationFailed) as failure:
            print(f"\n{failure}", file=sys.stderr, flush=True)
            return 1
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._stop_parts()
            if self.lease:
                self.lease.release()

    def _start_parts(self) -> None:
        print("Запускаю портал…", flush=True)
        LOGS.mkdir(parents=True, exist_ok=True)
        python = sys.executable
        web = ["--bind", f"{processes.ADDRESS}:{self.port}", "--workers", "1", "--threads", "4"]
        web += ["--timeout", "60", "--graceful-timeout", "5", "--no-control-socket"]
        self._start("web", [python, "-m", "gunicorn", "nok_portal.wsgi", *web])
        celery = [python, "-m", "celery", "--app", "nok_portal"]
        queues = ["--queues", "default,pdf", "--concurrency", "2", "--max-memory-per-child", "400000"]
        quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        self._start("worker", [*celery, "worker", *queues, *quiet])
        schedule = ["--schedule", str(LOCAL_STATE / "celerybeat-schedule"), "--pidfile", ""]
        self._start("beat", [*celery, "beat", *schedule, "--loglevel", "INFO"])

    def _start(self, name: str, command: list[str]) -> None:
        with processes.open_log(LOGS / f"{name}.log") as log:
            self.parts[name] = processes.start(
                command,
                log=log,
                # a task cut off is run again (acks_late): no need to wait for it when stopping
                environment={**self.environment, "REMAP_SIGTERM": "SIGQUIT", "PYTHONUNBUFFERED": "1"},
                folder=CHECKOUT,
                inherited=[self.lease.hand_over()] if self.lease else [],
            )

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline:
            self._check_parts()
            status = self._status()
            if status is not None:
                if status >= 500:
                    print(f"Портал отвечает ошибкой {status}. Журнал: {LOGS / 'web.log'}", file=sys.stderr, flush=True)
                return
            time.sleep(0.1)
        raise RunFailed(f"Портал не ответил за {SECONDS_TO_ANSWER:.0f} секунд. Журнал: {LOGS / 'web.log'}")

    def _status(self) -> int | None:
        connection = http.client.HTTPConnection(processes.ADDRESS, self.port, timeout=30)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def _greet(self, greeting: str) -> None:
        if greeting:
            print(f"\n{greeting}")
        print(f"\nПортал работает: {self.address}")
        print(f"Журналы: {LOGS}. Остановить: Ctrl-C.", flush=True)

    def _watch(self) -> NoReturn:
        while True:
            self._check_parts()
            if self.lease is None:
                time.sleep(0.5)
            elif select.select([self.lease], [], [], 0.5)[0]:
                raise RunFailed("Остановились серверы базы данных, поэтому останавливаю портал.")

    def _check_parts(self) -> None:
        for name, process in self.parts.items():
            if process.poll() is not None:
                log = LOGS / f"{name}.log"
                raise RunFailed(
                    f"Часть портала «{name}» завершилась (код {process.returncode}), поэтому останавливаю остальные. "
                    f"Конец журнала {log}:\n{processes.last_lines(log)}"
                )

    def _stop_parts(self) -> None:
        for process in self.parts.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.parts.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            processes.stop(process)


def choose_port(wanted: str) -> int:
    """The port asked for in PORT, or the first free one from 8000."""
    if wanted:
        if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
            raise RunFailed(f"PORT={wanted}: это не номер порта.")
        if not _is_free(int(wanted)):
            raise RunFailed(f"Порт {wanted} занят другой программой. Укажите другой: PORT=8001 bin/run")
        return int(wanted)
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if _is_free(port):
            return port
    raise RunFailed(f"Все порты с {FIRST_PORT} по {LAST_PORT} заняты. Укажите свободный: PORT=9000 bin/run")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((processes.ADDRESS, port))
        except OSError:
            return False
        return True


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested
