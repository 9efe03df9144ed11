"""Before the portal starts: the database's structure, the demo, what to tell the person at the terminal."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from . import processes
from .places import CHECKOUT, Places

MANAGE = CHECKOUT / "manage.py"
NOT_CODE = {"node_modules", "staticfiles", "tests", "docs", "benchmarks"}


class PreparationFailed(Exception):
    """The database could not be brought up to date; what went wrong has been printed."""


def prepare(places: Places | None, environment: dict[str, str]) -> str:
    """Migrate; in a database of our own (`places`) fill the demo too. The log-ins of the demo, or ''.

    With the same code and the same database there is nothing to do, and the second start is quick.
    """
    if places is None:
        _migrate(environment, advice="")
        return ""
    note = places.preparation_note
    fingerprint = _code_fingerprint()
    with suppress(FileNotFoundError, ValueError):
        done = json.loads(note.read_text())
        if done["code"] == fingerprint:
            return str(done["greeting"])
    _migrate(environment, advice=" Если данные этой копии не нужны, начните с пустой базы: bin/run --new-database")
    print("Заполняю пример…", flush=True)
    if _manage(environment, "fill_demo", "--if-empty")[0] != 0:
        print("Демонстрационные данные не загружены, сообщение об ошибке выше.", file=sys.stderr, flush=True)
        return ""
    code, greeting = _manage(environment, "show_demo")
    if code == 0:
        note.write_text(json.dumps({"code": fingerprint, "greeting": greeting}))
    return greeting


def forget(places: Places) -> None:
    """Some command may have changed the database: look at it anew when the portal starts next."""
    places.preparation_note.unlink(missing_ok=True)


def _migrate(environment: dict[str, str], *, advice: str) -> None:
    """Only the owner migrates; a portal that was given the runtime role alone leaves it to others."""
    if not environment.get("DATABASE_OWNER_URL"):
        return
    print("Обновляю базу данных…", flush=True)
    if _manage(environment, "migrate", "--database", "owner", "--verbosity", "0")[0] != 0:
        raise PreparationFailed("Не удалось обновить базу данных, сообщение об ошибке выше." + advice)


def _manage(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code of a Django command and what it wrote; of a failed one that is shown."""
    with tempfile.TemporaryFile() as output:
        process = processes.start([sys.executable, MANAGE, *arguments], log=output, environment=environment)
        try:
            code = process.wait()
        finally:
            processes.stop(process)
        output.seek(0)
        text = output.read().decode()
    if code != 0:
        print(text, file=sys.stderr, flush=True)
    return code, text.strip()


def _code_fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(str(path.relative_to(CHECKOUT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield CHECKOUT / "requirements.txt"
    for folder in CHECKOUT.iterdir():
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in NOT_CODE:
            yield from folder.rglob("*.py")
