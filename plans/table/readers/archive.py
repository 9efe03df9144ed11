"""Parts of an office file (a zip), with bounds on what is declared and on what is really read."""

import contextlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, Any, Self, TypeAlias

from lxml import etree

from plans.table.readers.errors import UnreadableFile, broken, too_large

MAX_FILE = 20 * 1024 * 1024
MAX_PART = 24 * 1024 * 1024
MAX_STREAM = 250 * 1024 * 1024
MAX_DECLARED = 300 * 1024 * 1024
MAX_PARTS = 3000
_CHUNK = 512 * 1024

Element: TypeAlias = Any  # lxml brings no types

# Nothing is fetched and no entity is unfolded; a document type is refused anyway.
_SAFE = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip
# «Strict» files differ in the names of their namespaces only.
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)  # fmt: skip


class OfficeArchive:
    """An opened .docx or .xlsx; `kind` is what messages call it ('.docx')."""

    def __init__(self, content: bytes, kind: str) -> None:
        self.kind = kind
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
            raise broken(kind) from None
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS:
            raise too_large("В файле слишком много частей.")
        self.declared = sum(entry.file_size for entry in entries)
        if self.declared > MAX_DECLARED:
            raise too_large("Файл после распаковки слишком велик.")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise encrypted()
        self.names = {entry.filename for entry in entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes:
        """One part; stops when more comes out than may, whatever the archive declares."""
        with self._opened(name, MAX_PART) as part:
            return part.read()

    def xml(self, name: str) -> Element:
        """One part as XML, without entities and document types."""
        content = self.read(name)
        if _STRICT in content:
            for strict, usual in _TRANSITIONAL:
                content = content.replace(strict, usual)
        try:
            root = etree.fromstring(content, etree.XMLParser(**_SAFE))
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise self._unreadable(error) from None
        self._refuse_document_type(root)
        return root

    def elements(self, name: str, *tags: str, sieve: Sequence[re.Pattern[bytes]] = ()) -> Iterator[Element]:
        """The elements of these local names in one part, each when it ends; a part may be far larger than memory.

        What the patterns of `sieve` match is dropped before the parser sees it, which is much quicker.
        """
        with self._opened(name, MAX_STREAM) as opened:
            part = _Sieved(opened, sieve) if sieve else opened
            first = True
            try:
                for _, element in etree.iterparse(part, tag=[f"{{*}}{tag}" for tag in tags], **_SAFE):
                    if first:
                        self._refuse_document_type(element)
                        first = False
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
            except (etree.XMLSyntaxError, ValueError, LookupError) as error:
                raise self._unreadable(error) from None

    def main_part(self) -> str | None:
        """The document itself, wherever the package keeps it."""
        return self.related("", "officeDocument")

    def related(self, part: str, kind: str) -> str | None:
        """The part that `part` names as its `kind` ('numbering'); None when there is none."""
        return next((target for _, target in self.relations(part, kind)), None)

    def relations(self, part: str, kind: str = "") -> Iterator[tuple[str, str]]:
        """Identifiers and names of the parts that `part` refers to."""
        folder, _, name = part.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for relation in self.xml(relations) if relations in self.names else ():
            target = relation.get("Target", "")
            path = posixpath.normpath(target if target.startswith("/") else posixpath.join(folder, target)).lstrip("/")
            if path in self.names and relation.get("Type", "").endswith(f"/{kind}" if kind else ""):
                yield relation.get("Id", ""), path

    @contextlib.contextmanager
    def _opened(self, name: str, limit: int) -> Iterator["_Bounded"]:
        if name not in self.names:
            raise broken(self.kind)
        try:
            with self._zip.open(name) as part:
                yield _Bounded(part, limit)
        except (UnreadableFile, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - zlib, struct, CRC and unknown methods all mean the same here
            raise broken(self.kind) from None

    def _unreadable(self, error: Exception) -> Exception:
        """What a failed parser means: a broken file, unless its memory ran out."""
        no_memory = getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY
        return MemoryError() if no_memory else broken(self.kind)

    def _refuse_document_type(self, element: Element) -> None:
        if element.getroottree().docinfo.internalDTD is not None:
            raise broken(self.kind)


class _Bounded:
    """A file that ends in UnreadableFile when more comes out of it than may."""

    def __init__(self, source: IO[bytes], limit: int) -> None:
        self._source = source
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        found = self._source.read(wanted)
        self._left -= len(found)
        if self._left < 0:
            raise too_large("Файл после распаковки слишком велик.")
        return found


class _Sieved:
    """A file of XML without the pieces that the patterns match."""

    def __init__(self, source: _Bounded, patterns: Sequence[re.Pattern[bytes]]) -> None:
        self._source = source
        self._patterns = patterns
        self._held = b""

    def read(self, _: int = -1) -> bytes:
        while chunk := self._source.read(_CHUNK):
            content = self._held + chunk
            cut = content.rfind(b"<") if len(content) < 4 * _CHUNK else len(content)
            content, self._held = content[:cut], content[cut:]
            for pattern in self._patterns:
                content = pattern.sub(b"", content)
            if content:
                return content
        rest, self._held = self._held, b""
        return rest


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "Файл защищён паролем. Откройте его, снимите защиту (Файл → Сведения → Защита документа), сохраните "
        "и загрузите ещё раз.",
        "encrypted",
    )
