"""Import of organizations from Excel: what the preview says, what is written."""

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.common.bounded import Limits
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import Organization, OrganizationImport
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.register.matching import FIELDS, classify
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services import organization_imports
from nok_portal.tenants.services.organization_imports import (
    ImportConfirmed,
    ImportGone,
    ImportOutdated,
    ImportRefused,
    NothingChosen,
    choose_rows,
    confirm_import,
    discard_import,
    read_file,
    refresh_import,
    start_import,
)
from nok_portal.tenants.services.organizations import add_organization, change_organization
from nok_portal.tenants.views import organizations_import
from tests.factories import NOW, MunicipalityFactory, UserFactory, member_of
from tests.factories.excel import workbook

A, B, C = inn_from("990100101"), inn_from("990100202"), inn_from("012300303")
TITLES = ["№", "Наименование", "ИНН", "Сфера", "Адрес"]


# --- draft and confirmation ---------------------------------------------------------------------------


@pytest.fixture
def municipality(db):
    return MunicipalityFactory()


@pytest.fixture
def editor(municipality):
    return member_of(municipality)


@pytest.fixture
def inside(municipality):
    with scope(writable=[municipality.pk]):
        yield


def upload(municipality, editor, *rows: Any):
    content = io.BytesIO(workbook([TITLES, *rows]))
    return start_import(
        municipality=municipality, content=content, file_name="список.xlsx", sphere="", actor=editor, at=NOW
    )


MUSEUM = [1, "Музей", A, "Культура", "ул. Лесная, 1"]
CLUB = [2, "Клуб", B, "Культура", "ул. Лесная, 2"]


def names():
    return sorted(Organization.objects.values_list("name", flat=True))


def test_preview_writes_nothing_and_confirmation_writes_the_chosen(municipality, editor, inside):
    draft = upload(municipality, editor, MUSEUM, CLUB, [3, "Школа", "123", "Образование", ""])
    assert [row["kind"] for row in draft.rows] == ["new", "new", "error"]
    assert names() == []
    draft = choose_rows(draft=draft, shown=[2, 3], chosen=[2])
    draft = confirm_import(draft=draft, actor=editor, at=NOW)
    assert names() == ["Музей"]
    assert draft.result == {"new": 1, "changed": 0}
    assert sorted(AuditEntry.objects.values_list("verb", "actor_id", "reason")) == [
        ("добавлена организация", editor.pk, "файл «список.xlsx»"),
        ("загружен список организаций", editor.pk, ""),
    ]


def test_same_file_again_changes_nothing(municipality, editor, inside):
    confirm_import(draft=upload(municipality, editor, MUSEUM, CLUB), actor=editor, at=NOW)
    again = upload(municipality, editor, MUSEUM, CLUB)
    assert [row["kind"] for row in again.rows] == ["same", "same"]
    with pytest.raises(NothingChosen):
        confirm_import(draft=again, actor=editor, at=NOW)
    assert names() == ["Клуб", "Музей"]


def test_confirming_twice_writes_once(municipality, editor, inside):
    draft = upload(municipality, editor, MUSEUM)
    confirm_import(draft=draft, actor=editor, at=NOW)
    entries = AuditEntry.objects.count()
    confirm_import(draft=draft, actor=editor, at=NOW)
    assert AuditEntry.objects.count() == entries


def test_list_that_another_person_confirmed_is_not_confirmed_or_discarded(municipality, editor, inside):
    draft = upload(municipality, editor, MUSEUM, CLUB)
    confirm_import(draft=draft, actor=editor, at=NOW)
    with pytest.raises(ImportConfirmed, match=f"другой человек: {re.escape(editor.name_for_journal)}"):
        confirm_import(draft=draft, actor=member_of(municipality), at=NOW)
    with pytest.raises(ImportConfirmed, match="уже нельзя"):
        discard_import(draft=draft)
    assert OrganizationImport.objects.filter(confirmed_at=NOW).exists()


def test_list_that_another_person_discarded_is_told(municipality, editor, inside):
    draft = upload(municipality, editor, MUSEUM)
    seen = OrganizationImport.objects.get(pk=draft.pk)
    discard_import(draft=draft)
    for act in (
        lambda: confirm_import(draft=seen, actor=editor, at=NOW),
        lambda: choose_rows(draft=seen, shown=[2], chosen=[]),
        lambda: refresh_import(draft=seen),
        lambda: discard_import(draft=seen),
    ):
        with pytest.raises(ImportGone, match="отменил другой человек"):
            act()
    assert names() == []


def test_change_goes_through_the_journal(municipality, editor, inside):
    confirm_import(draft=upload(municipality, editor, MUSEUM), actor=editor, at=NOW)
    moved = [1, "Музей", A, "Культура", "ул. Новая, 9"]
    confirm_import(draft=upload(municipality, editor, moved), actor=editor, at=NOW)
    museum = Organization.objects.get()
    assert (museum.address, museum.version) == ("ул. Новая, 9", 2)
    entry = AuditEntry.objects.filter(verb="изменены сведения").get()
    assert (entry.before["address"], entry.after["address"]) == ("ул. Лесная, 1", "ул. Новая, 9")


def test_register_that_changed_since_the_preview_is_not_overwritten(municipality, editor, inside):
    museum = add_organization(
        municipality=municipality,
        facts={"name": "Музей", "inn": A, "sphere": Sphere.CULTURE},
        actor=editor,
        at=NOW,
    )
    draft = upload(municipality, editor, MUSEUM, CLUB)
    change_organization(organization=museum, facts={"address": "ул. Чужая, 5"}, version=1, actor=editor, at=NOW)
    with pytest.raises(ImportOutdated):
        confirm_import(draft=draft, actor=editor, at=NOW)
    assert names() == ["Музей"], "one transaction: all or nothing"
    fresh = refresh_import(draft=draft)
    assert fresh.rows[0]["changes"] == [{"field": "address", "before": "ул. Чужая, 5", "after": "ул. Лесная, 1"}]
    confirm_import(draft=fresh, actor=editor, at=NOW)
    assert names() == ["Клуб", "Музей"]


def test_confirmation_takes_the_same_queries_for_3_and_300(municipality, editor, inside):
    counts = []
    for street in ("ул. Лесная", "ул. Новая"):
        for first, amount in ((0, 3), (1000, 300)):
            numbers = range(first, first + amount)
            draft = upload(municipality, editor, *([n, f"Музей № {n}", None, "Культура", street] for n in numbers))
            with CaptureQueriesContext(connection) as queries:
                confirmed = confirm_import(draft=draft, actor=editor, at=NOW)
            assert sum(confirmed.result.values()) == amount
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]


def test_lines_are_written_and_told_as_if_each_were_saved_alone(municipality, editor, inside):
    def told(name):
        found = Organization.objects.filter(name=name).values(*FIELDS, "sort_key", "search_text", "version").get()
        pk = Organization.objects.get(name=name).pk
        entries = AuditEntry.objects.filter(object_type="tenants.organization", object_id=str(pk)).order_by("pk")
        kept = ("verb", "object_title", "before", "after", "reason", "at", "actor_id", "actor_name", "municipality_id")
        return found, list(entries.values(*kept))

    name = "Муниципальное бюджетное учреждение культуры «Музей»"
    confirm_import(draft=upload(municipality, editor, [1, name, A, "Культура", "ул. Лесная, 1"]), actor=editor, at=NOW)
    confirm_import(draft=upload(municipality, editor, [1, name, A, "Культура", "ул. Новая, 9"]), actor=editor, at=NOW)
    written, entries = told(name)
    Organization.objects.all().delete()
    facts = {"name": name, "inn": A, "sphere": "culture", "address": "ул. Лесная, 1"}
    reason = "файл «список.xlsx»"
    alone = add_organization(municipality=municipality, facts=facts, actor=editor, at=NOW, reason=reason)
    change_organization(
        organization=alone, facts={"address": "ул. Новая, 9"}, version=1, actor=editor, at=NOW, reason=reason
    )
    assert (written, entries) == told(name)
    assert written["version"] == 2
    assert "новая" in written["search_text"]
    assert [entry["after"]["version"] for entry in entries] == [1, 2]


def test_double_that_was_merged_since_the_preview_is_not_changed(municipality, editor, inside):
    confirm_import(draft=upload(municipality, editor, MUSEUM, CLUB), actor=editor, at=NOW)
    draft = upload(municipality, editor, [1, "Музей", A, "Культура", "ул. Новая, 9"])
    club = Organization.objects.get(name="Клуб")
    Organization.objects.filter(name="Музей").update(merged_into=club)
    with pytest.raises(ImportOutdated):
        confirm_import(draft=draft, actor=editor, at=NOW)
    assert not Organization.objects.filter(address="ул. Новая, 9").exists()


def test_reading_that_takes_too_long_is_stopped_and_told(monkeypatch):
    monkeypatch.setattr(organization_imports, "LIMITS", Limits(memory=500, cpu=25, wall=0.01))
    with pytest.raises(ImportRefused, match=r"слишком много времени\. Скопируйте таблицу в новую книгу"):
        read_file(io.BytesIO(workbook([TITLES, MUSEUM])))


@pytest.mark.parametrize("place", ["Dockerfile", "nok_portal/embedded/supervisor.py"])
def test_reading_ends_before_the_server_gives_the_request_up(place):
    text = (settings.BASE_DIR / place).read_text()
    (timeout,) = re.findall(r'"--timeout", "(\d+)"', text)
    assert organization_imports.LIMITS.wall <= int(timeout) / 2, "the rest of the request needs time too"


# --- screens -------------------------------------------------------------------------------------------


@pytest.fixture
def office(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def url(municipality):
    return lambda name, *args: reverse(f"office:{name}", args=[municipality.slug, *args])


def send(office, url, *rows: Any):
    content = workbook([TITLES, *rows])
    return office.post(url("organization_import"), {"file": SimpleUploadedFile("список.xlsx", content)})


def test_upload_preview_confirm_list(office, url):
    response = send(office, url, MUSEUM, [2, "Клуб", "123", "Культура", ""])
    preview = office.get(response.url)
    page = preview.content.decode()
    assert "Столбец C «ИНН»." in page
    assert "а здесь 3" in page
    done = office.post(response.url, {"shown": ["2"], "chosen": ["2"], "confirm": "1"}, follow=True)
    assert [one.name for one in done.context["page"]] == ["Музей"]
    assert "Список загружен" in office.get(response.url).content.decode()


def test_choice_survives_walking_through_pages(office, url, municipality):
    rows = [[number, f"Музей № {number}", None, "Культура", ""] for number in range(1, 131)]
    address = send(office, url, *rows).url
    first = [str(number) for number in range(2, 102)]
    response = office.post(address, {"shown": first, "chosen": ["2"], "go": ":2"})
    assert response.url == f"{address}?kind=&page=2"
    assert len(office.get(response.url).context["rows"]) == 30
    office.post(address, {"shown": ["102"], "chosen": [], "confirm": "1"})
    with scope(readable=[municipality.pk]):
        assert Organization.objects.count() == 1 + 29


def test_all_lines_are_chosen_or_left_at_once(office, url):
    rows = [[number, f"Музей № {number}", None, "Культура", ""] for number in range(1, 131)]
    address = send(office, url, *rows).url
    office.post(address, {"all": "off"})
    assert office.get(address).context["chosen"] == 0
    office.post(address, {"all": "on"})
    assert office.get(address).context["chosen"] == 130


def test_wrong_file_is_told_beside_the_field(office, url):
    response = office.post(url("organization_import"), {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")})
    assert response.status_code == 422
    assert "а это PDF" in response.context["form"].errors["file"][0]


def test_draft_waits_30_days_and_is_listed_for_its_owner(office, url, municipality, editor):
    address = send(office, url, MUSEUM).url
    assert "список.xlsx" in office.get(url("organization_import")).content.decode()
    colleague = Client()
    colleague.force_login(member_of(municipality))
    assert colleague.get(address).status_code == 200
    assert "список.xlsx" not in colleague.get(url("organization_import")).content.decode()
    with scope(writable=[municipality.pk]):
        OrganizationImport.objects.update(created_at=timezone.now() - timezone.timedelta(days=31))
    assert office.get(address).status_code == 404
    assert "список.xlsx" not in office.get(url("organization_import")).content.decode()


def test_discarded_draft_is_gone(office, url, municipality):
    address = send(office, url, MUSEUM).url
    office.post(f"{address}discard/")
    assert office.get(address).status_code == 404
    with scope(readable=[municipality.pk]):
        assert not Organization.objects.exists()


@pytest.fixture
def deleted_meanwhile(monkeypatch):
    """Another person discards the list after a request has found it."""
    find = organizations_import._draft

    def found(request, list_id):
        draft = find(request, list_id)
        OrganizationImport.objects.filter(pk=draft.pk).delete()
        return draft

    return lambda: monkeypatch.setattr(organizations_import, "_draft", found)


def test_list_discarded_while_confirming_is_told_on_the_upload_page(office, url, deleted_meanwhile):
    address = send(office, url, MUSEUM).url
    deleted_meanwhile()
    response = office.post(address, {"shown": ["2"], "chosen": ["2"], "confirm": "1"}, follow=True)
    assert response.redirect_chain == [(url("organization_import"), 302)]
    assert "Этого списка больше нет" in response.content.decode()


def test_list_discarded_by_two_at_once_is_gone(office, url, deleted_meanwhile):
    address = send(office, url, MUSEUM).url
    deleted_meanwhile()
    response = office.post(f"{address}discard/", follow=True)
    assert response.redirect_chain == [(url("organizations"), 302)]
    assert "Загрузка отменена" in response.content.decode()


def test_list_that_is_in_the_register_cannot_be_discarded(office, url):
    address = send(office, url, MUSEUM).url
    office.post(address, {"confirm": "1"})
    response = office.post(f"{address}discard/", follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "Отменить загрузку уже нельзя" in response.content.decode()
    assert "реестр не изменился" not in response.content.decode()


def test_example_is_read_without_a_fault(office, url):
    content = office.get(url("organizations_example")).content
    table = read_file(io.BytesIO(content))
    outcomes = classify(table.lines, [])
    assert [outcome.kind for outcome in outcomes] == ["new", "new"]
    assert set(table.columns) == set(FIELDS)


def test_export_can_be_loaded_again(office, url):
    address = send(office, url, MUSEUM, CLUB, [3, "Школа № 2", C, "Образование", ""]).url
    office.post(address, {"confirm": "1"})
    exported = office.get(url("organizations_export")).content
    response = office.post(url("organization_import"), {"file": SimpleUploadedFile("выгрузка.xlsx", exported)})
    preview = office.get(response.url)
    assert [row.kind for row in preview.context["rows"]] == ["same"] * 3


def test_stranger_and_reader_cannot_load(url, municipality):
    for user, status in ((UserFactory(), 404), (member_of(municipality, "responsible"), 403)):
        client = Client()
        client.force_login(user)
        assert client.post(url("organization_import")).status_code == status


def test_preview_takes_the_same_queries_for_3_and_300(office, url):
    counts = []
    for amount in (3, 3, 300):
        rows = [[number, f"Музей № {number}", None, "Культура", ""] for number in range(amount)]
        address = send(office, url, *rows).url
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        counts.append(len(queries))
    assert all(one == other for one, other in pairwise(counts))
