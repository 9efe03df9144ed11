"""Parts of an office file (a zip), with bounds on what is declared and on what is really read."""

import io
import zipfile
from types import TracebackType
from typing import Self
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from plans.table.readers.errors import UnreadableFile, broken, too_large

MAX_FILE = 20 * 1024 * 1024
MAX_PART = 12 * 1024 * 1024
MAX_DECLARED = 150 * 1024 * 1024
MAX_PARTS = 3000
_CHUNK = 64 * 1024


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
        if name not in self.names:
            raise broken(self.kind)
        parts, size = [], 0
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_PART:
                        raise too_large("Файл после распаковки слишком велик.")
                    parts.append(chunk)
        except UnreadableFile:
            raise
        except Exception:  # noqa: BLE001 - zlib, struct, CRC and unknown methods all mean the same here
            raise broken(self.kind) from None
        return b"".join(parts)

    def xml(self, name: str) -> Element:
        """One part as XML, without entities and document types."""
        try:
            root: Element = ElementTree.fromstring(self.read(name), forbid_dtd=True)
        except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
            raise broken(self.kind) from None
        return root

    def check_total(self) -> None:
        """Reads everything once to see that the parts really are as small as they claim to be."""
        total = 0
        for name in self.names:
            if name.endswith("/"):
                continue
            total += len(self.read(name)) if self._parsed_by_others(name) else 0
            if total > MAX_PART * 3:
                raise too_large("Файл после распаковки слишком велик.")

    @staticmethod
    def _parsed_by_others(name: str) -> bool:
        return name.endswith((".xml", ".rels"))


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "Файл защищён паролем. Откройте его, снимите защиту (Файл → Сведения → Защита документа), сохраните "
        "и загрузите ещё раз.",
        "encrypted",
    )
