"""Removes what nobody comes back for: folders of killed test runs, databases of deleted checkouts."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .places import CHECKOUT_MARK, THROWAWAY_PREFIX, Places, machine_folder

MINUTE, DAY = 60.0, 86_400.0
TEST_RUN_AGE = 10 * MINUTE
DATABASE_AGE = 7 * DAY


def sweep() -> None:
    """Whatever a keeper still holds stays."""
    for folder in Path(tempfile.gettempdir()).glob(f"{THROWAWAY_PREFIX}*"):
        _remove(folder, older_than=TEST_RUN_AGE)
    for folder in _orphans():
        _remove(folder, older_than=DATABASE_AGE)


def _orphans() -> Iterator[Path]:
    """Root's databases whose checkout is gone, or has been replaced by another one at its place."""
    if os.geteuid() != 0:
        return
    for note in machine_folder().glob("*/checkout"):
        checkout = Path(note.read_text().strip())
        mark = checkout / CHECKOUT_MARK
        if not mark.exists() or not note.parent.name.endswith(mark.read_text().strip()):
            yield note.parent


def _remove(folder: Path, *, older_than: float) -> None:
    with suppress(OSError):
        lock_path = Places(folder).keeper_lock
        if folder.stat().st_uid != os.geteuid() or time.time() - lock_path.stat().st_mtime < older_than:
            return
        with lock_path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
