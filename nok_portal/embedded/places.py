"""Where the embedded servers keep their files, and as whom they run."""

import hashlib
import os
import pwd
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL_STATE = CHECKOUT / ".state"
CHECKOUT_MARK = ".state/checkout"
LONGEST_SOCKET_FOLDER = 70
THROWAWAY_PREFIX = "nok-portal-test-"


@dataclass(frozen=True)
class Account:
    """An account without rights, for servers that refuse to run as root."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def unprivileged_account() -> Account | None:
    """Whom the servers run as; None when we are not root and they run as we do."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class Places:
    """Files of one set of servers: a checkout's, or a test run's that is thrown away afterwards."""

    state: Path
    throwaway: bool = False

    @property
    def keeper_lock(self) -> Path:
        return self.state / "keeper.lock"

    @property
    def start_lock(self) -> Path:
        return self.state / "start.lock"

    @property
    def keeper_log(self) -> Path:
        return self.state / "keeper.log"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets.json"

    @property
    def preparation_note(self) -> Path:
        return self.state / "prepared.json"

    @property
    def sockets(self) -> Path:
        """The path of a Unix socket may have some hundred bytes only: a deep checkout puts them elsewhere."""
        if len(os.fsencode(self.state)) <= LONGEST_SOCKET_FOLDER:
            return self.state
        return Path(tempfile.gettempdir()) / f"nok-portal-{os.geteuid()}-{_digest(self.state)}"

    @property
    def keeper_socket(self) -> Path:
        return self.sockets / "keeper.sock"

    def make(self) -> None:
        """Create the folders; servers of another account pass through them but do not list them."""
        for folder in (self.state, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.stat().st_uid != os.geteuid():
                raise PermissionError(f"Папка {folder} принадлежит другому пользователю.")
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def erase(self) -> None:
        """Remove what the servers have stored. Their folder stays, with its locks."""
        for name in ("pgdata", "pgdata.new", "valkey"):
            shutil.rmtree(self.state / name, ignore_errors=True)
        self.preparation_note.unlink(missing_ok=True)

    def make_folder(self, path: Path) -> Path:
        """A folder that the servers' account owns."""
        path.mkdir(exist_ok=True)
        path.chmod(0o700)
        if account := unprivileged_account():
            account.own(path)
        return path


def checkout_places() -> Places:
    """The servers' files of this checkout: beside it, or outside when we are root.

    An account without rights cannot reach into a root's private folder, so root's servers live in
    the machine's folder, named by the checkout's path and by a mark inside the checkout: a new
    checkout at an old path does not get the old one's database.
    """
    if os.geteuid() != 0:
        return Places(LOCAL_STATE / "servers")
    places = Places(machine_folder() / f"{_digest(CHECKOUT)}-{_checkout_mark()}")
    places.make()
    (places.state / "checkout").write_text(str(CHECKOUT))
    return places


def throwaway_places() -> Places:
    folder = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
    return Places(folder, throwaway=True)


def machine_folder() -> Path:
    """Root's folder for servers' files and for copies of their programs."""
    for folder in (Path("/var/lib/nok-portal"), Path(tempfile.gettempdir()) / "nok-portal-root"):
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        if folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK):
            folder.chmod(0o755)
            return folder
    raise PermissionError("Некуда положить базу данных: нельзя писать ни в /var/lib, ни во временную папку.")


def _checkout_mark() -> str:
    path = CHECKOUT / CHECKOUT_MARK
    LOCAL_STATE.mkdir(exist_ok=True)
    try:
        with path.open("x") as file:
            file.write(secrets.token_hex(4))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
