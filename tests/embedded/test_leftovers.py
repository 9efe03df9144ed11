"""Databases of deleted checkouts and folders of killed test runs go; what may be wanted stays."""

import fcntl
import os
import time
from pathlib import Path

import pytest

from nok_portal.embedded import leftovers
from nok_portal.embedded.leftovers import DATABASE_AGE, sweep


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(leftovers, "machine_folder", lambda: tmp_path)
    monkeypatch.setattr(leftovers.tempfile, "gettempdir", lambda: str(tmp_path))
    if os.getuid() != 0:
        pytest.skip("базы вне копии проекта бывают только у root")
    return tmp_path


def database_of(checkout: Path, machine: Path, *, mark: str, days_old: float) -> Path:
    folder = machine / f"0123-{mark}"
    folder.mkdir()
    (folder / "checkout").write_text(str(checkout))
    lock = folder / "keeper.lock"
    lock.touch()
    moment = time.time() - days_old * 86_400
    os.utime(lock, (moment, moment))
    return folder


def test_old_database_of_a_deleted_checkout_goes(machine: Path):
    gone = database_of(machine / "deleted", machine, mark="aaaa", days_old=8)
    recent = database_of(machine / "deleted", machine, mark="bbbb", days_old=1)
    sweep()
    assert (gone.exists(), recent.exists()) == (False, True)


def test_database_of_a_living_checkout_stays_and_its_predecessors_goes(machine: Path):
    checkout = machine / "checkout"
    (checkout / ".state").mkdir(parents=True)
    (checkout / ".state" / "checkout").write_text("cccc")
    own = database_of(checkout, machine, mark="cccc", days_old=100)
    predecessors = database_of(checkout, machine, mark="dddd", days_old=DATABASE_AGE / 86_400 + 1)
    sweep()
    assert (own.exists(), predecessors.exists()) == (True, False)


def test_database_in_use_stays(machine: Path):
    used = database_of(machine / "deleted", machine, mark="eeee", days_old=8)
    with (used / "keeper.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep()
    assert used.exists()


def test_old_folder_of_a_test_run_goes(machine: Path):
    run = database_of(machine / "deleted", machine, mark="ffff", days_old=1).rename(machine / "nok-portal-test-1")
    (run / "checkout").unlink()
    sweep()
    assert not run.exists()
