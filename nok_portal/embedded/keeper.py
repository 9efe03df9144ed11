"""The process that owns the servers of one checkout while anyone holds a lease on them.

A lease is a connection to the keeper's socket. Its holder writes one line, the names of the servers
it needs, and reads one line, their environment. When the last lease is closed the keeper stops the
servers and ends; for the holder of the last one the connection closes only then.
"""

import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Protocol, TypedDict

from .passwords import passwords
from .places import Places
from .postgres import Postgres, PostgresFailed
from .programs import ProgramMissing
from .valkey import Valkey, ValkeyFailed

SECONDS_FOR_FIRST_LEASE = 30.0
SECONDS_FOR_PREDECESSOR = 60.0


class Answer(TypedDict, total=False):
    environment: dict[str, str]
    is_new: bool
    error: str


class Server(Protocol):
    is_new: bool

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def is_alive(self) -> bool: ...
    def environment(self) -> dict[str, str]: ...


class Keeper:
    def __init__(self, places: Places) -> None:
        self.places = places
        self.passwords = passwords(places.secrets)
        self.servers: dict[str, Server] = {}
        self.leases: set[socket.socket] = set()
        self.selector = selectors.DefaultSelector()
        self.stopping = False
        self._last_lease: socket.socket | None = None

    def run(self) -> None:
        """Serve leases until the last is gone, a server has died or a signal comes; then stop everything."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._on_signal)
        address = self.places.keeper_socket
        address.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(address))
        address.chmod(0o600)
        listener.listen(16)
        self.selector.register(listener, selectors.EVENT_READ)
        patience = time.monotonic() + SECONDS_FOR_FIRST_LEASE
        try:
            while not self.stopping and (self.leases or time.monotonic() < patience):
                for key, _events in self.selector.select(timeout=1):
                    if key.fileobj is listener:
                        self._take_lease(listener)
                        patience = 0
                    elif isinstance(key.fileobj, socket.socket):
                        self._end_lease(key.fileobj)
                self._look_after_servers()
        finally:
            address.unlink(missing_ok=True)
            listener.close()
            for server in self.servers.values():
                server.stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _take_lease(self, listener: socket.socket) -> None:
        lease, _address = listener.accept()
        with lease.makefile("rw", encoding="utf-8") as stream:
            try:
                needs = json.loads(stream.readline())
                stream.write(json.dumps(self._provide(needs)) + "\n")
                stream.flush()
            except (OSError, ValueError):
                lease.close()
                return
        self.leases.add(lease)
        self.selector.register(lease, selectors.EVENT_READ)

    def _provide(self, names: list[str]) -> Answer:
        """Start what is not running yet. What a name means is known here alone."""
        kinds: dict[str, Callable[[Places, dict[str, str]], Server]] = {"postgres": Postgres, "valkey": Valkey}
        environment: dict[str, str] = {}
        is_new = False
        for name in names:
            if name not in self.servers:
                try:
                    server = kinds[name](self.places, self.passwords)
                    server.start()
                except (PostgresFailed, ValkeyFailed, ProgramMissing, OSError) as error:
                    print(error, file=sys.stderr, flush=True)
                    return {"error": str(error)}
                self.servers[name] = server
                is_new = is_new or server.is_new
            environment |= self.servers[name].environment()
        return {"environment": environment, "is_new": is_new}

    def _end_lease(self, lease: socket.socket) -> None:
        self.selector.unregister(lease)
        self.leases.discard(lease)
        if self.leases:
            lease.close()
        else:
            self._last_lease = lease  # stays open until the servers have stopped

    def let_go(self) -> None:
        """Tell the last holder, who may be waiting for it, that everything has stopped."""
        if self._last_lease:
            self._last_lease.close()

    def _look_after_servers(self) -> None:
        for name, server in self.servers.items():
            if not server.is_alive():
                print(f"{name}: сервер остановился сам", file=sys.stderr, flush=True)
                self.stopping = True


def keep(state: Path, *, throwaway: bool) -> None:
    """Body of the keeper's process."""
    places = Places(state, throwaway=throwaway)
    os.chdir("/")
    with places.keeper_lock.open("w") as lock:
        if not _lock_in_time(lock.fileno(), SECONDS_FOR_PREDECESSOR):
            print("Прежний процесс серверов не завершился за минуту.", file=sys.stderr)
            sys.exit(1)
        keeper = Keeper(places)
        keeper.run()
        if throwaway:
            shutil.rmtree(places.state, ignore_errors=True)
            if places.sockets != places.state:
                shutil.rmtree(places.sockets, ignore_errors=True)
        keeper.let_go()


def _lock_in_time(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            os.set_inheritable(descriptor, False)
            return True
