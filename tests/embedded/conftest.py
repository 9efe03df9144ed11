"""Servers of their own for each test, outside pytest's folder: root's is closed to the servers' account."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from nok_portal.embedded.lease import take_lease
from nok_portal.embedded.places import CHECKOUT, Places

HOLDER = """
import signal, sys, time
from pathlib import Path
from nok_portal.embedded.lease import take_lease
from nok_portal.embedded.places import Places
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run in the background hands down that it is ignored
lease = take_lease(Places(Path(sys.argv[1])), sys.argv[2:])
print("ready", flush=True)
time.sleep(60)
"""


def processes_of(places: Places) -> list[int]:
    """Numbers of the keeper and the servers that name these places in their command or work in them."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            if "-c\0" not in command[:400] or "nok_portal.embedded\0keep" in command or "pgdata" in command:
                works_in = str((folder / "cwd").readlink())
                if str(places.state) in command or works_in.startswith(str(places.state)):
                    found.append(int(folder.name))
    return found


def wait_until_none(places: Places, seconds: float = 40.0) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(places):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="session")
def initialized() -> Iterator[Path]:
    """A state folder with a database made once; making one takes longer than the rest of a test."""
    folder = Path(tempfile.mkdtemp(prefix="nok-portal-launcher-"))
    made = Places(folder)
    take_lease(made, ["postgres"]).release()
    assert wait_until_none(made)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty_places() -> Iterator[Places]:
    """Durable ones: what a test stores is there after a restart."""
    folder = Path(tempfile.mkdtemp(prefix="nok-portal-launcher-"))
    made = Places(folder)
    yield made
    for number in processes_of(made):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    wait_until_none(made)
    shutil.rmtree(folder)


@pytest.fixture
def places(empty_places: Places, initialized: Path) -> Places:
    """The same with a database from the start; owners of the files are kept."""
    for name in ("pgdata", "secrets.json"):
        subprocess.run(["cp", "--archive", initialized / name, empty_places.state / name], check=True)
    return empty_places


@pytest.fixture
def hold() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts another process that holds a lease, as bin/run does."""
    holders = []

    def start(places: Places, *servers: str) -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(places.state), *servers], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        holders.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        return holder

    yield start
    for holder in holders:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()
