"""python -m nok_portal.embedded run | manage … | test … : what bin/run, bin/manage and bin/test call."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from .commands import ABOUT_MIGRATIONS, needs_servers, run_without_servers
from .lease import Lease, ServersUnavailable, erase, servers_needed, take_lease
from .places import CHECKOUT, LOCAL_STATE, checkout_places, throwaway_places
from .preparation import forget
from .supervisor import RunFailed, Supervisor

MANAGE = CHECKOUT / "manage.py"
LOCAL_SETTINGS = "nok_portal.settings.local"
TEST_SETTINGS = "nok_portal.settings.test"


def run(arguments: list[str]) -> int:
    if unknown := set(arguments) - {"--new-database"}:
        raise RunFailed(f"Неизвестный параметр {unknown.pop()}. Есть один: --new-database (начать с пустой базы).")
    if arguments:
        erase(checkout_places())
        shutil.rmtree(LOCAL_STATE / "files", ignore_errors=True)
    environment = {"DJANGO_SETTINGS_MODULE": LOCAL_SETTINGS, **os.environ}
    needed = servers_needed(environment)
    places = checkout_places()
    lease = take_lease(places, needed) if needed else None
    # demonstration data goes into a database of its own, never into one that was given
    own = places if "postgres" in needed else None
    return Supervisor(_with_servers(environment, lease), lease, own=own).run()


def manage(arguments: list[str]) -> NoReturn:
    environment = {"DJANGO_SETTINGS_MODULE": LOCAL_SETTINGS, **os.environ}
    needed: list[str] = []
    if needs_servers(arguments):
        needed = servers_needed(environment)
    else:
        os.environ.update(environment)
        if run_without_servers(arguments):
            sys.exit()
    lease = None
    if needed:
        places = checkout_places()
        lease = take_lease(places, needed)
        forget(places)
    environment = _with_servers(environment, lease)
    if lease and lease.is_new and arguments[0] not in ABOUT_MIGRATIONS:
        migrate = [sys.executable, str(MANAGE), "migrate", "--database", "owner", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, stdout=sys.stderr, check=False)
    _become([sys.executable, str(MANAGE), *arguments], environment, lease)


def test(arguments: list[str]) -> NoReturn:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": TEST_SETTINGS}
    needed = servers_needed(environment)
    lease = take_lease(throwaway_places(), needed) if needed else None
    os.chdir(CHECKOUT)
    _become([sys.executable, "-m", "pytest", *arguments], _with_servers(environment, lease), lease)


def keep(arguments: list[str]) -> None:
    from .keeper import keep as keep_servers

    keep_servers(Path(arguments[0]), throwaway="--throwaway" in arguments)


def _with_servers(environment: dict[str, str], lease: Lease | None) -> dict[str, str]:
    """The environment with the servers' addresses; psql and pg_dump of the same version come first."""
    if lease is None:
        return environment
    given = dict(lease.environment)
    programs = given.pop("POSTGRES_PROGRAMS", None)
    path = environment.get("PATH", os.defpath)
    return {**environment, **given, "PATH": f"{programs}{os.pathsep}{path}" if programs else path}


def _become(command: list[str], environment: dict[str, str], lease: Lease | None) -> NoReturn:
    """Replace this process; the lease stays open until the new program has ended."""
    if lease:
        lease.hand_over()
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)


def main() -> int:
    name, arguments = sys.argv[1], sys.argv[2:]
    try:
        if name == "run":
            return run(arguments)
        if name == "manage":
            manage(arguments)
        if name == "test":
            test(arguments)
        if name == "keep":
            keep(arguments)
            return 0
    except (ServersUnavailable, RunFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"Неизвестная команда: {name}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
