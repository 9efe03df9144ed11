"""What a file is, decided by its bytes: the name and the browser's word are not asked."""

import codecs
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from nok_portal.common.errors import DomainError
from nok_portal.common.text import fold_spaces

_HEAD = 64 * 1024
_TAIL = 1024 * 1024  # the list of names at the end of an archive; longer ones are no documents
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_END_OF_ARCHIVE = b"PK\x05\x06"
LONGEST_NAME = 150


class FileRefused(DomainError):
    """The file cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class FileKind:
    """One kind of file that the portal takes.

    Only pictures open in the browser: a PDF behind the sandbox that guards strangers' files stays blank there.
    """

    title: str
    content_type: str
    endings: tuple[str, ...]
    opens_in_browser: bool = False

    @property
    def ending(self) -> str:
        return self.endings[0]


PDF = FileKind("PDF", "application/pdf", (".pdf",))
DOCX = FileKind("Word (.docx)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileKind("Excel (.xlsx)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
PNG = FileKind("PNG", "image/png", (".png",), opens_in_browser=True)
JPEG = FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg"), opens_in_browser=True)
TEXT = FileKind("текст (.txt)", "text/plain", (".txt", ".csv", ".tsv"))

KINDS = (PDF, DOCX, XLSX, PNG, JPEG, TEXT)
BY_CONTENT_TYPE = {kind.content_type: kind for kind in KINDS}


def kind_of(content: IO[bytes]) -> FileKind:
    """The kind of the whole file; raises FileRefused for any other. The position is lost."""
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "Это документ старого образца (.doc, .xls) или документ с паролем."
            " Откройте его и сохраните без пароля как .docx или .xlsx."
        )
    if _is_text(content):
        return TEXT
    raise FileRefused(f"Такие файлы портал не принимает. Подойдут: {titles_of(KINDS)}.")


def titles_of(kinds: tuple[FileKind, ...]) -> str:
    """'PDF, Word (.docx), PNG': for hints and refusals."""
    return ", ".join(kind.title for kind in kinds)


def clean_name(name: str, kind: FileKind) -> str:
    """A name fit for a header, a file system and a page: no folders, no control or direction characters.

    The ending is one of the kind's, so that the name cannot promise what the content is not.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = fold_spaces(
        "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} else sign for sign in name)
    )
    name = re.sub(
        r'[<>:"|?*]', "_", "".join(sign for sign in name if unicodedata.category(sign) not in {"Cs", "Co", "Cn"})
    )
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    if ending not in kind.endings:
        known = {one for each in KINDS for one in each.endings}
        stem, ending = (stem if ending in known else name), kind.ending
    stem = stem.strip(". ")[:LONGEST_NAME].rstrip(". ")
    return f"{stem or 'файл'}{ending}"


def _office_kind(content: IO[bytes]) -> FileKind:
    """Looks for names in the archive's own list without unpacking anything; reading it is a bounded child's work."""
    size = content.seek(0, io.SEEK_END)
    content.seek(max(0, size - _TAIL))
    tail = content.read()
    if _END_OF_ARCHIVE in tail and b"[Content_Types].xml" in tail:
        if b"vbaProject" in tail:
            raise FileRefused("В документе есть макросы. Сохраните его как обычный .docx или .xlsx.")
        if b"word/document" in tail:
            return DOCX
        if b"xl/workbook" in tail:
            return XLSX
    raise FileRefused("Архивы портал не принимает. Приложите сами документы, каждый отдельно.")


def _is_text(content: IO[bytes]) -> bool:
    content.seek(0)
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1251")}
    empty = True
    while chunk := content.read(_HEAD):
        empty = False
        for name, decoder in list(decoders.items()):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                del decoders[name]
                continue
            if _CONTROL.search(text):
                return False
        if not decoders:
            return False
    if empty:
        raise FileRefused("Файл пустой. Проверьте, тот ли файл выбран.")
    return True
