"""Files of a municipality: taken after a look at their bytes, kept under their hash, read by right.

The bytes are written before the row, inside the caller's transaction. If that is rolled back, the bytes
stay behind without a row: nobody can reach them, and `remove_orphans` takes them away a day later. The
other order would show files that are not there.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import IO, BinaryIO, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from nok_portal.common.errors import DomainError

from ..file_kinds import KINDS, FileKind, FileRefused, clean_name, kind_of, titles_of
from ..models import Municipality, StoredFile
from ..requests import PortalRequest
from ..rights import Right

MUNICIPALITY_LOGO = "municipality.logo"
ORPHAN_AGE = timedelta(days=1)
_CHUNK = 256 * 1024


class Uploader(Protocol):
    """A user, as a file sees one."""

    pk: int


class FileMissing(DomainError):
    """The row is there and the bytes are not."""

    def __init__(self) -> None:
        super().__init__("Файл не найден в хранилище. Сообщите администратору портала: его вернут из резервной копии.")


# a right, None for every member, or a question about this very file
Reader = Right | None | Callable[[StoredFile, PortalRequest], bool]

_readers: dict[str, Reader] = {}


def register_purpose(purpose: str, *, reader: Reader) -> None:
    """Say who may read the files stored for a purpose ('plans.source'); called in an app's ready()."""
    if _readers.get(purpose, reader) != reader:
        raise ImproperlyConfigured(f"files for {purpose} have two different readers")
    _readers[purpose] = reader


def may_read(stored: StoredFile, request: PortalRequest) -> bool:
    """Whether a member, whose rights are on the request, may read the file. An unknown purpose: nobody."""
    if stored.purpose not in _readers:
        return False
    reader = _readers[stored.purpose]
    if callable(reader) and not isinstance(reader, Right):
        return reader(stored, request)
    return reader is None or reader in request.rights


def store_file(
    *,
    municipality: Municipality,
    content: bytes | IO[bytes] | File,
    name: str,
    purpose: str,
    uploaded_by: Uploader | None,
    at: datetime,
    kinds: tuple[FileKind, ...] = KINDS,
) -> StoredFile:
    """Keep a file: `content` is read from its beginning, its kind is decided by its bytes, its name cleaned.

    Raises FileRefused with a Russian message when it is empty, larger than MAX_UPLOAD_BYTES or not one of
    `kinds`. `purpose` must be registered, else nobody could ever read the file.
    """
    if purpose not in _readers:
        raise ImproperlyConfigured(f"nobody has said who may read files for {purpose}")
    source: IO[bytes] | File = io.BytesIO(content) if isinstance(content, bytes) else content
    size, digest = _measure(source)
    kind = kind_of(source)
    if kind not in kinds:
        raise FileRefused(f"Сюда подойдёт {titles_of(kinds)}, а это {kind.title}.")
    stored = StoredFile(
        municipality=municipality,
        name=clean_name(name, kind),
        content_type=kind.content_type,
        purpose=purpose,
        size=size,
        sha256=digest,
        uploaded_by_id=uploaded_by.pk if uploaded_by else None,
        created_at=at,
    )
    _hold(stored.path)
    source.seek(0)
    default_storage.save(stored.path, File(source))
    stored.save(force_insert=True)
    return stored


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, open for reading; raises FileMissing."""
    try:
        return default_storage.open(stored.path, "rb")  # type: ignore[return-value]
    except FileNotFoundError:
        raise FileMissing from None


def remove_orphans(*, municipality: Municipality, at: datetime) -> int:
    """Remove bytes that have had no row for a day; answers how many. Rows are deleted by their owners."""
    removed = 0
    for path in _paths_below(str(municipality.pk)):
        if at - default_storage.get_modified_time(path) < ORPHAN_AGE:
            continue
        _hold(path)
        # looked at again under the lock: a new upload of the same bytes makes them young
        if at - default_storage.get_modified_time(path) < ORPHAN_AGE:
            continue
        if not StoredFile.objects.filter(sha256=path.rpartition("/")[2]).exists():
            default_storage.delete(path)
            removed += 1
    return removed


def _measure(source: IO[bytes] | File) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            raise FileRefused(f"Файл больше {limit} МБ. Сожмите его или разделите на части.")
        digest.update(chunk)
    if not size:
        raise FileRefused("Файл пустой. Проверьте, тот ли файл выбран.")
    return size, digest.hexdigest()


def _hold(path: str) -> None:
    """Until the transaction ends, nobody else stores or removes these bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [path])


def _paths_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from _paths_below(f"{folder}/{name}")
