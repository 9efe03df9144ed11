"""Run one function in a child process that cannot take more memory or time than it was given.

Files that strangers send are parsed here: a child that grows or hangs is stopped, and the web process or
Celery worker goes on. A plain subprocess rather than multiprocessing, because Celery workers are daemonic
and may not have children of that kind. The child starts with an empty environment (no secrets), no open
files of its parent but the three standard ones, and cannot write files.
"""

import contextlib
import importlib
import io
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

Reason = Literal["memory", "cpu", "time", "died"]

_MESSAGES: dict[Reason, str] = {
    "memory": "Обработка потребовала слишком много памяти.",
    "cpu": "Обработка заняла слишком много времени процессора.",
    "time": "Обработка заняла слишком много времени.",
    "died": "Обработка прервалась.",
}


class BoundsExceeded(Exception):
    """The child was stopped; `reason` says by which bound ('died': it ended without an answer)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason: Reason = reason


class ChildError(Exception):
    """The function raised something that could not be carried over; the text names it."""


@dataclass(frozen=True)
class Limits:
    """Memory in MiB of address space, processor and wall time in seconds."""

    memory: int = 300
    cpu: int = 25
    wall: float = 30.0


def run_bounded(function: Callable[P, T], limits: Limits, *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `function(*args, **kwargs)`, computed in a child within `limits`.

    The function must be importable (top level of a module), arguments and result picklable. What it raises
    is raised here again; raises BoundsExceeded when the child was stopped.
    """
    header = json.dumps({"limits": asdict(limits), "path": sys.path}).encode()
    call = pickle.dumps((function.__module__, function.__qualname__, args, kwargs))
    child = subprocess.Popen(
        [sys.executable, "-E", "-s", "-P", str(Path(__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    try:
        answer, _ = child.communicate(header + b"\n" + call, timeout=limits.wall)
    except subprocess.TimeoutExpired:
        raise BoundsExceeded("time") from None
    finally:
        _stop(child)
    if not answer:
        raise BoundsExceeded("cpu" if child.returncode in {-signal.SIGXCPU, -signal.SIGKILL} else "died")
    succeeded, value = pickle.loads(answer)  # noqa: S301 - our own child wrote it
    if succeeded:
        return cast(T, value)
    if isinstance(value, MemoryError):
        raise BoundsExceeded("memory")
    raise value


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """End the child with everything it started, and wait for it."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _limit(limits: dict[str, float]) -> None:
    memory = int(limits["memory"]) * 1024 * 1024
    cpu = int(limits["cpu"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _call(payload: bytes) -> tuple[bool, Any]:
    try:
        module, name, args, kwargs = pickle.loads(payload)  # noqa: S301 - our own parent wrote it
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return True, function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - carried to the parent as it is
        return False, error


def _answer(succeeded: bool, value: Any) -> bytes:
    """The pickled answer; what cannot be carried over becomes a ChildError that names it."""
    try:
        packed = pickle.dumps((succeeded, value))
        pickle.loads(packed)  # noqa: S301 - an exception may pickle well and fail to come back
    except MemoryError:
        return pickle.dumps((False, MemoryError()))
    except Exception:  # noqa: BLE001
        return pickle.dumps((False, ChildError(f"{type(value).__name__}: {value}")))
    return packed


def _main() -> None:
    # What the function prints must not mix with the answer.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    given = cast(io.BufferedReader, sys.stdin.buffer)
    header = json.loads(given.readline())
    _limit(header["limits"])
    sys.path[:] = header["path"]
    # The child runs this file as a script; errors must be known to the parent under their real module.
    real = importlib.import_module("nok_portal.common.bounded")
    try:
        payload = given.read()
        packed = real._answer(*real._call(payload))
    except MemoryError:
        packed = pickle.dumps((False, MemoryError()))
    channel.write(packed)
    channel.close()


if __name__ == "__main__":
    _main()
