"""Functions in a child process with bounds."""

import math
import os
import sys
import time

import pytest

from nok_portal.common.bounded import BoundsExceeded, ChildError, Limits, run_bounded
from nok_portal.common.text import fold_letters

SMALL = Limits(memory=200, cpu=1, wall=20)


def exceeded(function: object, *args: object) -> str:
    with pytest.raises(BoundsExceeded) as caught:
        run_bounded(function, SMALL, *args)  # type: ignore[arg-type, call-arg]
    assert str(caught.value).endswith(".")
    return caught.value.reason


def test_result() -> None:
    assert run_bounded(math.factorial, SMALL, 20) == math.factorial(20)


def test_own_errors_are_raised_again() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        run_bounded(int, SMALL, "x")


def test_memory() -> None:
    assert exceeded(bytearray, 10**9) == "memory"


def test_processor_time() -> None:
    assert exceeded(math.factorial, 10**7) == "cpu"


def test_wall_time() -> None:
    started = time.monotonic()
    with pytest.raises(BoundsExceeded) as caught:
        run_bounded(time.sleep, Limits(wall=0.5), 30)
    assert caught.value.reason == "time"
    assert time.monotonic() - started < 5


def test_crash() -> None:
    assert exceeded(os.abort) == "died"


def test_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    assert run_bounded(os.getenv, SMALL, "SECRET_KEY") is None
    assert run_bounded(os.getenv, SMALL, "HOME") is None


def test_child_has_no_open_files_of_its_parent() -> None:
    with open(__file__) as kept:
        os.set_inheritable(kept.fileno(), True)
        with pytest.raises(OSError, match="Bad file descriptor"):
            run_bounded(os.fstat, SMALL, kept.fileno() + 20)
        assert len(run_bounded(os.listdir, SMALL, "/proc/self/fd")) <= 5


def test_child_cannot_write_files(tmp_path: os.PathLike[str]) -> None:
    with pytest.raises((OSError, BoundsExceeded)):
        run_bounded(os.truncate, SMALL, os.fspath(tmp_path / "none"), 5)  # type: ignore[operator]


def test_printing_does_not_mix_with_the_answer() -> None:
    assert run_bounded(print, SMALL, "шум") is None


def test_what_cannot_come_back_is_named() -> None:
    with pytest.raises(ChildError, match=r"frame"):
        run_bounded(sys._getframe, SMALL)


def test_large_arguments_and_results() -> None:
    text = "план " * 400_000
    assert run_bounded(fold_letters, Limits(), text) == text
