"""Child processes that do not outlive their parent."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from .places import Account

PR_SET_PDEATHSIG = 1
ADDRESS = "127.0.0.1"
_libc = ctypes.CDLL(None)


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | None,
    environment: Mapping[str, str],
    account: Account | None = None,
    when_parent_dies: signal.Signals = signal.SIGTERM,
    folder: Path | None = None,
    inherited: Iterable[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: a Ctrl-C at the terminal reaches us alone.

    Its output goes to `log`, or where ours goes. The kernel sends it `when_parent_dies` when we are gone, kill -9 included.
    """
    parent = os.getpid()

    def tie_to_parent() -> None:
        # after the change of account, which would undo it
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(when_parent_dies), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        env=dict(environment),
        cwd=folder,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        pass_fds=tuple(inherited),
        preexec_fn=tie_to_parent,  # noqa: PLW1509 (we have one thread)
    )


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds; in the end kill the whole session."""
    for number, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def runs_in(pid: int, folder: Path) -> bool:
    """Whether such a process exists and works in that folder (a number may have gone to another process)."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def wait_until_gone(pid: int, folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while runs_in(pid, folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def open_log(path: Path, largest: int = 5_000_000) -> IO[bytes]:
    """Open for appending; a log that has grown large starts anew and keeps its predecessor."""
    if path.exists() and path.stat().st_size > largest:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab", buffering=0)


def last_lines(path: Path, count: int = 15) -> str:
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
