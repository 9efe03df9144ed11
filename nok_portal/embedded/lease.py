"""How a command gets servers: from its environment, from a running keeper, or from one it starts."""

import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .leftovers import sweep
from .places import CHECKOUT, Places
from .processes import last_lines

SECONDS_FOR_KEEPER = 90.0


class ServersUnavailable(Exception):
    """The servers could not be started; the message says why."""


@dataclass(frozen=True)
class Lease:
    """Servers that live at least as long as this object's socket is open somewhere."""

    environment: dict[str, str]
    is_new: bool
    connection: socket.socket

    def fileno(self) -> int:
        """Readable when the keeper is gone, and its servers with it."""
        return self.connection.fileno()

    def hand_over(self) -> int:
        """The descriptor to leave open in the program that takes our place or that we start."""
        self.connection.set_inheritable(True)
        return self.connection.fileno()

    def release(self) -> None:
        """Give back, and wait until the servers have stopped if nobody else needs them."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(4096):
                pass
        self.connection.close()


def servers_needed(environment: Mapping[str, str]) -> list[str]:
    """Names of the servers that the environment does not already give."""
    needed = []
    if not environment.get("DATABASE_URL") and not environment.get("DATABASE_OWNER_URL"):
        needed.append("postgres")
    if not environment.get("REDIS_URL"):
        needed.append("valkey")
    return needed


def take_lease(places: Places, needed: list[str]) -> Lease:
    """Join the keeper of these places or start one. Two commands at once end up with the same keeper."""
    try:
        places.make()
        if not places.throwaway:
            sweep()
        connection, line = _ask(places, needed)
    except OSError as error:
        raise ServersUnavailable(str(error)) from error
    answer = json.loads(line or "{}")
    if "environment" not in answer:
        connection.close()
        raise ServersUnavailable(answer.get("error") or "Серверы не запустились.\n" + last_lines(places.keeper_log))
    return Lease(answer["environment"], answer["is_new"], connection)


def erase(places: Places) -> None:
    """Forget the data of servers that nobody uses."""
    places.make()
    with places.keeper_lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServersUnavailable("Портал сейчас работает. Остановите его и повторите.") from error
        places.erase()


def _ask(places: Places, needed: list[str]) -> tuple[socket.socket, str]:
    """The connection and the keeper's line. A keeper that is just ending hangs up: then we start the next one."""
    while True:
        with places.start_lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            joined = _connect(places)
            connection = joined or _start_keeper(places)
        line = ""
        with suppress(OSError), connection.makefile("rw", encoding="utf-8") as stream:
            stream.write(json.dumps(needed) + "\n")
            stream.flush()
            line = stream.readline()
        if line or joined is None:
            return connection, line
        connection.close()
        time.sleep(0.05)


def _connect(places: Places) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(places.keeper_socket))
    except OSError:
        connection.close()
        return None
    return connection


def _start_keeper(places: Places) -> socket.socket:
    command = [sys.executable, "-m", "nok_portal.embedded", "keep", str(places.state)]
    if places.throwaway:
        command.append("--throwaway")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with places.keeper_log.open("w") as log, Path(os.devnull).open() as nothing:
        files = [(os.POSIX_SPAWN_DUP2, source.fileno(), number) for number, source in enumerate((nothing, log, log))]
        # in a session of its own: it outlives us when others hold leases too
        keeper = os.posix_spawn(sys.executable, command, environment, file_actions=files, setsid=True)
    deadline = time.monotonic() + SECONDS_FOR_KEEPER
    while time.monotonic() < deadline:
        if connection := _connect(places):
            return connection
        if os.waitpid(keeper, os.WNOHANG) != (0, 0):
            break
        time.sleep(0.02)
    raise ServersUnavailable("Серверы не запустились.\n" + last_lines(places.keeper_log))
