"""What kind of file was sent, judged by its first bytes and then by its name; clear words for the wrong ones."""

import re
from typing import Literal

from plans.table.readers.archive import MAX_FILE, OfficeArchive, encrypted
from plans.table.readers.errors import UnreadableFile, broken, too_large

Format = Literal["docx", "xlsx", "text"]

_PASTE = "или скопируйте таблицу и вставьте её в поле для текста."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS_DOCX = f"Откройте файл в Word или LibreOffice, сохраните как «Документ Word (.docx)» и загрузите его {_PASTE}"
_SAVE_AS_XLSX = f"Откройте файл в Excel или LibreOffice, сохраните как «Книга Excel (.xlsx)» и загрузите её {_PASTE}"

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"AT&TFORM")
_PICTURES_LATER = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<meta|<table|mime-version:)", re.IGNORECASE)

_SMALL_TEXT = 200 * 1024
_SMALL_PARTS = 4 * 1024 * 1024

_USUAL_PARTS = ("word/document.xml", "xl/workbook.xml")
_MACRO_TYPES = (b"macroEnabled", b"vbaProject")


def format_of(content: bytes, filename: str) -> Format:
    """The format to read, or UnreadableFile with what to do instead."""
    extension = filename.rpartition(".")[2].casefold() if "." in filename else ""
    if len(content) > MAX_FILE:
        raise too_large(f"Файл больше {MAX_FILE // 1024 // 1024} МБ.")
    if not content.strip():
        raise UnreadableFile("Файл пуст. Проверьте, тот ли файл выбран.", "empty")
    if content.startswith(_OLE):
        raise _of_ole(content, extension)
    if content.lstrip()[:5] == b"%PDF-" or extension == "pdf":
        raise UnreadableFile(
            "Это файл PDF, таблицу в нём надёжно прочитать нельзя. Найдите исходный документ Word (.docx) "
            f"или книгу Excel (.xlsx) и загрузите его {_PASTE}",
            "pdf",
        )
    if content.lstrip()[:5] == b"{\\rtf" or extension == "rtf":
        raise UnreadableFile(f"Это файл RTF. {_SAVE_AS_DOCX}", "rtf")
    if content.startswith(_PICTURES) or content[4:12] in _PICTURES_LATER:
        raise UnreadableFile(
            f"Это картинка{_named(extension)}, портал читает только текст. Найдите исходный документ Word (.docx) "
            f"или книгу Excel (.xlsx) и загрузите его {_PASTE}",
            "picture",
        )
    if _WEB_PAGE.match(content[:1000]):
        raise UnreadableFile(
            f"Это веб-страница{_named(extension)}. Откройте её в Word, Excel или браузере, скопируйте таблицу и вставьте "
            "её в поле для текста.",
            "html",
        )
    if content.startswith(b"PK"):
        return _of_archive(content, extension)
    if extension in {"docx", "xlsx"}:
        raise broken(f".{extension}")
    if extension in {"doc", "xls", "odt", "ods", "docm", "xlsm"}:
        raise _wrong(extension)
    if extension in {"txt", "tsv", "csv", ""}:
        return "text"
    raise UnreadableFile(
        f"Файлы .{extension[:10]} портал не читает. Нужен документ Word (.docx), книга Excel (.xlsx) или текст (.txt).",
        "unknown",
    )


def is_small(content: bytes) -> bool:
    """Whether a file is so small that reading it needs no bounds: its parts may not be larger than they declare."""
    if not content.startswith(b"PK"):
        return len(content) <= _SMALL_TEXT
    try:
        with OfficeArchive(content, ".docx") as archive:
            return archive.declared <= _SMALL_PARTS
    except UnreadableFile:
        return True


def _of_archive(content: bytes, extension: str) -> Format:
    with OfficeArchive(content, f".{extension}" if extension in {"docx", "xlsx"} else ".docx") as archive:
        if "mimetype" in archive.names and b"opendocument" in archive.read("mimetype")[:100]:
            raise _wrong("ods" if b"spreadsheet" in archive.read("mimetype")[:100] else "odt")
        found = _office_format(archive)
        if found is None:
            if extension in {"docx", "xlsx"}:
                raise broken(f".{extension}")
            if any(name.endswith(".iwa") for name in archive.names):
                raise _wrong("pages")
            raise UnreadableFile(
                "Это архив. Распакуйте его и загрузите сам документ (.docx, .xlsx или .txt).", "archive"
            )
        macros = any(name.endswith("vbaProject.bin") for name in archive.names)
        types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.names else b""
        if macros or any(mark in types for mark in _MACRO_TYPES):
            raise _wrong("docm" if found == "docx" else "xlsm")
        return found


def _office_format(archive: OfficeArchive) -> Format | None:
    main = archive.main_part() or next((name for name in archive.names if name in _USUAL_PARTS), "")
    if main.endswith(".bin"):
        raise _wrong("xlsb")
    if main.startswith("ppt/"):
        raise _wrong("pptx")
    if main.startswith("xl/"):
        return "xlsx"
    return "docx" if main.startswith("word/") else None


def _named(extension: str) -> str:
    return f" (.{extension[:10]})" if extension else ""


def _of_ole(content: bytes, extension: str) -> UnreadableFile:
    """An old binary container: an encrypted .docx, or .doc and .xls."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return encrypted()
    if "Workbook".encode("utf-16-le") in content or extension == "xls":
        return _wrong("xls")
    return _wrong("doc")


def _wrong(extension: str) -> UnreadableFile:
    if extension in {"docm", "xlsm"}:
        better = _SAVE_AS_DOCX if extension == "docm" else _SAVE_AS_XLSX
        return UnreadableFile(f"В файле есть макросы, такие файлы портал не принимает. {better}", "macros")
    names = {
        "doc": ("старый формат Word (.doc)", _SAVE_AS_DOCX),
        "odt": ("документ OpenDocument (.odt)", _SAVE_AS_DOCX),
        "xls": ("старый формат Excel (.xls)", _SAVE_AS_XLSX),
        "xlsb": ("двоичная книга Excel (.xlsb)", _SAVE_AS_XLSX),
        "pages": ("документ Pages или Numbers", "Сохраните его как .docx или .xlsx и загрузите " + _PASTE),
        "pptx": ("презентация", "Загрузите план документом Word (.docx) или книгой Excel (.xlsx) " + _PASTE),
        "ods": ("таблица OpenDocument (.ods)", _SAVE_AS_XLSX),
    }
    name, better = names[extension]
    return UnreadableFile(f"Это {name}. {better}", extension)
