"""One Valkey (or Redis) server of a checkout."""

import signal
import socket
import subprocess
import time
from collections.abc import Mapping

from . import processes
from .places import Places, unprivileged_account
from .programs import valkey_program

USER = "redis"
ATTEMPTS = 3
SECONDS_TO_START = 30.0


class ValkeyFailed(Exception):
    """The server could not be started; the message holds the end of its log."""


class Valkey:
    def __init__(self, places: Places, passwords: Mapping[str, str]) -> None:
        self.places = places
        self.password = passwords[USER]
        self.program = valkey_program()
        self.log = places.state / "valkey.log"
        self.account = unprivileged_account()
        self.is_new = False
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for _attempt in range(ATTEMPTS):
            self.port = processes.free_port()
            if self._launch():
                return
        raise ValkeyFailed(f"Valkey не запустился. Конец журнала {self.log}:\n" + processes.last_lines(self.log))

    def stop(self) -> None:
        if self._process:
            processes.stop(self._process, (signal.SIGTERM, 10))

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def environment(self) -> dict[str, str]:
        return {"REDIS_URL": f"redis://:{self.password}@{processes.ADDRESS}:{self.port}/0"}

    def _launch(self) -> bool:
        folder = self.places.make_folder(self.places.state / "valkey")
        configuration = folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        if self.account:
            self.account.own(configuration)
        with processes.open_log(self.log) as log:
            self._process = processes.start(
                [self.program, configuration],
                log=log,
                environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                account=self.account,
                folder=folder,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.is_alive():
            if self._answers():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _configuration(self) -> str:
        lines = [
            f"bind {processes.ADDRESS}",
            f"port {self.port}",
            f"requirepass {self.password}",
            "dir ./",
            "daemonize no",
            'save ""',
            f"appendonly {'no' if self.places.throwaway else 'yes'}",
            # a log cut short by kill -9 is read up to the cut
            "aof-load-truncated yes",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        """PONG comes only when the append-only file has been loaded."""
        try:
            with socket.create_connection((processes.ADDRESS, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(1024)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
