"""Stored files: known by their bytes, kept whole, read by right, gone without a trace when nobody needs them."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from nok_portal.tenants import file_kinds
from nok_portal.tenants.models import StoredFile
from nok_portal.tenants.rights import Right, Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services import files
from tests.factories import NOW, MunicipalityFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n%stub"


def office_file(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<x/>")  # no clock: parallel runs want equal names of tests
    return content.getvalue()


DOCX = office_file("[Content_Types].xml", "word/document.xml")
XLSX = office_file("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


@pytest.fixture(autouse=True)
def purposes(monkeypatch):
    monkeypatch.setattr(files, "_readers", {})
    files.register_purpose("test.plans", reader=Right.SEE_PLANS)
    files.register_purpose("test.edit", reader=Right.EDIT_PLANS)
    files.register_purpose("test.all", reader=None)
    files.register_purpose("test.own", reader=lambda stored, request: stored.uploaded_by_id == request.user.pk)


@pytest.fixture
def municipality():
    return MunicipalityFactory()


def store(
    municipality, content=PDF, *, name="план.pdf", purpose="test.plans", uploaded_by=None, **more: Any
) -> StoredFile:
    with scope(writable=[municipality.pk]):
        return files.store_file(
            municipality=municipality,
            content=content,
            name=name,
            purpose=purpose,
            uploaded_by=uploaded_by,
            at=NOW,
            **more,
        )


def bytes_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_store_keeps_bytes_hash_and_size(municipality, folder):
    user = UserFactory()
    stored = store(municipality, io.BytesIO(PDF), uploaded_by=user)
    with scope(readable=[municipality.pk]):
        stored = StoredFile.objects.get(pk=stored.pk)
    assert (stored.name, stored.content_type, stored.size) == ("план.pdf", "application/pdf", len(PDF))
    assert (stored.uploaded_by, stored.created_at) == (user, NOW)
    with files.open_file(stored) as content:
        assert content.read() == PDF
    assert bytes_below(folder) == [folder / stored.path]
    assert (folder / stored.path).stat().st_mode & 0o077 == 0


def test_equal_bytes_of_two_municipalities_lie_apart(municipality, folder):
    store(municipality)
    store(municipality, name="тот же.pdf")
    store(MunicipalityFactory())
    assert len(bytes_below(folder)) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, file_kinds.PDF),
        (PNG, file_kinds.PNG),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, file_kinds.JPEG),
        (DOCX, file_kinds.DOCX),
        (XLSX, file_kinds.XLSX),
        ("План\tсрок\r\n".encode(), file_kinds.TEXT),
        ("План;срок".encode("cp1251"), file_kinds.TEXT),
        (b"x" * 65535 + "ё".encode(), file_kinds.TEXT),  # a letter between two chunks
    ],
)
def test_kind_is_decided_by_content(municipality, content, kind):
    stored = store(municipality, content, name="что-то.exe")
    assert stored.content_type == kind.content_type
    assert stored.name == f"что-то.exe{kind.ending}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пустой"),
        (b"MZ\x90\0\3", "не принимает"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "старого образца"),
        (office_file("a.txt"), "Архивы"),
        (office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "макросы"),
        (DOCX[:40], "Архивы"),
    ],
)
def test_refused_content_leaves_nothing(municipality, folder, content, words):
    with pytest.raises(files.FileRefused, match=words):
        store(municipality, content)
    assert bytes_below(folder) == []


def test_too_large_is_refused_with_the_limit(municipality, settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    store(municipality, PDF.ljust(1024 * 1024))
    with pytest.raises(files.FileRefused, match="больше 1 МБ"):
        store(municipality, PDF.ljust(1024 * 1024 + 1))


def test_kind_that_does_not_belong_here_is_refused(municipality):
    with pytest.raises(files.FileRefused, match="подойдёт PNG, JPEG, а это PDF"):
        store(municipality, PDF, kinds=(file_kinds.PNG, file_kinds.JPEG))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Анна\\план.pdf", "план.pdf"),
        ("план\x00\r\nX-Evil: 1.pdf", "план X-Evil_ 1.pdf"),
        ("\u202egpj.fdp", "gpj.fdp.pdf"),
        ("план.docx", "план.pdf"),
        ("План.PDF", "План.pdf"),
        ("...", "файл.pdf"),
        ("", "файл.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ("я" * 300 + ".pdf", "я" * 150 + ".pdf"),
    ],
)
def test_name_is_cleaned(name, clean):
    assert file_kinds.clean_name(name, file_kinds.PDF) == clean


def test_purpose_without_reader_is_a_mistake(municipality):
    with pytest.raises(ImproperlyConfigured):
        store(municipality, purpose="unheard")


def test_two_readers_for_one_purpose_are_a_mistake():
    files.register_purpose("test.plans", reader=Right.SEE_PLANS)
    with pytest.raises(ImproperlyConfigured):
        files.register_purpose("test.plans", reader=None)


def test_failed_write_leaves_neither_bytes_nor_row(municipality, folder, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _handle: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(municipality)
    assert bytes_below(folder) == []
    with scope(readable=[municipality.pk]):
        assert not StoredFile.objects.exists()


def test_orphans_go_after_a_day_and_files_stay(municipality, folder):
    kept = store(municipality)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store(municipality, PNG)
        1 / 0  # noqa: B018
    for path in bytes_below(folder):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    with scope(writable=[municipality.pk]):
        assert files.remove_orphans(municipality=municipality, at=NOW + timedelta(hours=23)) == 0
        assert files.remove_orphans(municipality=municipality, at=NOW + timedelta(hours=25)) == 1
    assert bytes_below(folder) == [folder / kept.path]


def url_of(stored: StoredFile) -> str:
    return reverse("office:file", args=[stored.municipality.slug, stored.pk])


def test_member_with_the_right_reads(client, municipality):
    client.force_login(member_of(municipality))
    answer = client.get(url_of(store(municipality)))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%BF")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(url_of(store(municipality)), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_documents_are_attachments_and_pictures_open(client, municipality):
    client.force_login(member_of(municipality))
    picture = client.get(url_of(store(municipality, PNG)))
    assert picture["Content-Disposition"].startswith("inline")
    b"".join(picture)
    for content in (DOCX, XLSX, b"<script>alert(1)</script>"):
        answer = client.get(url_of(store(municipality, content)))
        assert answer["Content-Disposition"].startswith("attachment")
        b"".join(answer)


def test_who_may_read(client, municipality):
    editor, operator = member_of(municipality), member_of(municipality, Role.SURVEY_OPERATOR)
    ministry, stranger = ministry_of(municipality.region), member_of(MunicipalityFactory())
    stored = {purpose: store(municipality, purpose=purpose, uploaded_by=operator) for purpose in files._readers}
    unknown = store(municipality, purpose="test.all")
    with scope(writable=[municipality.pk]):
        StoredFile.objects.filter(pk=unknown.pk).update(purpose="gone")

    def statuses(user):
        client.force_login(user)
        found = {}
        for purpose, one in (stored | {"gone": unknown}).items():
            answer = client.get(url_of(one))
            b"".join(answer)  # the test client closes a stream that was read
            found[purpose] = answer.status_code
        return tuple(found.values())

    # plans, edit, all, own, of a purpose that nobody knows any more
    assert statuses(editor) == (200, 200, 200, 403, 403)
    assert statuses(operator) == (200, 403, 200, 200, 403)
    assert statuses(ministry) == (200, 403, 200, 403, 403)
    assert statuses(stranger) == (404,) * 5


def test_file_of_another_municipality_is_not_found(client, municipality):
    alien = store(MunicipalityFactory())
    client.force_login(member_of(municipality))
    assert client.get(reverse("office:file", args=[municipality.slug, alien.pk])).status_code == 404


def test_missing_bytes_are_told_plainly(client, municipality):
    stored = store(municipality)
    default_storage.delete(stored.path)
    client.force_login(member_of(municipality))
    answer = client.get(url_of(stored))
    assert answer.status_code == 404
    assert "Файл не найден в хранилище" in answer.content.decode()
