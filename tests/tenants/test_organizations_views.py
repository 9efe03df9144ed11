"""Screens of the organizations register: who may, what is found, what is written."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import Organization
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.organizations import add_organization
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def editor(municipality):
    return member_of(municipality)


@pytest.fixture
def office(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def url(municipality):
    return lambda name, *args: reverse(f"office:{name}", args=[municipality.slug, *args])


def add(municipality, **facts: Any):
    facts = {"name": "Библиотека", "sphere": Sphere.CULTURE, **facts}
    with scope(writable=[municipality.pk]):
        return add_organization(municipality=municipality, facts=facts, actor=None, at=NOW)


def listed(response):
    return [one.short_name for one in response.context["page"]]


def typed(**changes: Any):
    return {
        "name": "Муниципальное бюджетное учреждение культуры «Клуб»",
        "short_name": "",
        "inn": inn_from("990100101"),
        "sphere": "culture",
        "organization_type": "клуб",
        "founder": "",
        "address": "",
        "site": "",
        "head_post": "",
        "head_name": "",
        "recipients_last_year": "",
        "active_from": "",
        **changes,
    }


def test_list_stands_in_russian_order(office, url, municipality):
    for name in ("Школа № 10", "Школа № 2", "Ежевика", "Ёлочка", "Жемчуг", "«Аист»"):
        add(municipality, name=name)
    assert listed(office.get(url("organizations"))) == [
        "«Аист»", "Ежевика", "Ёлочка", "Жемчуг", "Школа № 2", "Школа № 10",
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["берёзка", "БЕРЕЗКА сад", "9901001", "садовая 5", "ёлкина", "«Берёзка»"])
def test_search_finds_by_each_field_without_ё_and_case(office, url, municipality, words):
    add(
        municipality,
        name="Детский сад «Берёзка»",
        inn=inn_from("990100101"),
        address="ул. Садовая, 5",
        head_name="Елкина Анна Ивановна",
    )
    add(municipality, name="Музей", address="ул. Лесная, 7")
    assert listed(office.get(url("organizations"), {"q": words})) == ["Детский сад «Берёзка»"]


def test_percent_and_underscore_are_no_wildcards(office, url, municipality):
    add(municipality, name="Музей")
    assert listed(office.get(url("organizations"), {"q": "%"})) == []
    assert listed(office.get(url("organizations"), {"q": "_"})) == []


def test_filters_by_sphere_type_and_closing(office, url, municipality):
    add(municipality, name="Клуб", organization_type="клуб")
    add(municipality, name="Школа", sphere=Sphere.EDUCATION)
    add(municipality, name="Старый клуб", organization_type="клуб", active_to=NOW.date().replace(year=2020))
    assert listed(office.get(url("organizations"))) == ["Клуб", "Школа"]
    assert listed(office.get(url("organizations"), {"state": "closed"})) == ["Старый клуб"]
    assert listed(office.get(url("organizations"), {"state": "all", "type": "клуб"})) == ["Клуб", "Старый клуб"]
    assert listed(office.get(url("organizations"), {"sphere": "education"})) == ["Школа"]
    assert listed(office.get(url("organizations"), {"sphere": "nonsense", "state": "x", "page": "z"})) != []


def test_list_takes_the_same_queries_for_3_and_300(office, url, municipality):
    counts = []
    office.get(url("organizations"))  # the first visit also notes the person's session
    for amount in (3, 297):
        with scope(writable=[municipality.pk]):
            OrganizationFactory.create_batch(amount, municipality=municipality)
        with CaptureQueriesContext(connection) as queries:
            response = office.get(url("organizations"))
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_empty_register_offers_to_load_or_add(office, url):
    page = office.get(url("organizations")).content.decode()
    assert "Организаций пока нет" in page
    assert url("organization_import") in page


def test_add_writes_facts_and_journal(office, url, editor, municipality):
    response = office.post(url("organization_add"), typed())
    with scope(readable=[municipality.pk]):
        added = Organization.objects.get()
        entry = AuditEntry.objects.get()
    assert response.url == url("organization", added.pk)
    assert added.short_name == "МБУК «Клуб»"
    assert (entry.verb, entry.actor_id, entry.object_id) == ("добавлена организация", editor.pk, str(added.pk))
    assert entry.after["inn"] == inn_from("990100101")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("inn", "9901001010", "опечатка"),
        ("inn", "77012345", "10 цифр"),
        ("name", "", "Впишите полное название"),
        ("recipients_last_year", "-1", "больше либо равно 0"),
        ("site", "javascript:alert(1)", "URL"),
        ("active_from", "31.02.2020", "дату"),
    ],
)
def test_add_refuses_what_cannot_be(office, url, municipality, field, value, message):
    response = office.post(url("organization_add"), typed(**{field: value}))
    assert response.status_code == 422
    assert message in str(response.context["form"].errors[field])
    with scope(readable=[municipality.pk]):
        assert not Organization.objects.exists()


def test_add_of_the_same_name_and_inn_is_told(office, url, municipality):
    office.post(url("organization_add"), typed())
    response = office.post(url("organization_add"), typed())
    assert response.status_code == 422
    assert "уже есть в реестре" in response.content.decode()


def test_edit_keeps_what_was_not_touched_and_tells_before_and_after(office, url, municipality):
    club = add(municipality, name="Клуб", address="ул. Старая, 1", founder="Администрация")
    office.post(
        url("organization_edit", club.pk),
        typed(
            name="Клуб",
            short_name="Клуб",
            inn="",
            address="ул. Новая, 2",
            founder="Администрация",
            version=1,
            organization_type="",
        ),
    )
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
        entry = AuditEntry.objects.order_by("pk").last()
    assert (club.address, club.founder, club.version) == ("ул. Новая, 2", "Администрация", 2)
    assert entry.before == {"address": "ул. Старая, 1", "version": 1}
    assert entry.after == {"address": "ул. Новая, 2", "version": 2}
    page = office.get(url("organization", club.pk)).content.decode()
    assert "ул. Старая, 1 → <b>ул. Новая, 2</b>" in page


def test_second_editor_sees_both_versions_and_overwrites_nothing(office, url, municipality):
    club = add(municipality, name="Клуб", address="ул. Старая, 1", founder="Район")
    as_opened = typed(name="Клуб", short_name="Клуб", inn="", organization_type="", version=1)
    office.post(url("organization_edit", club.pk), {**as_opened, "address": "ул. Чужая, 2", "founder": "Округ"})
    late = office.post(
        url("organization_edit", club.pk),
        {**as_opened, "address": "ул. Моя, 3", "founder": "Район", "head_name": "Иванова"},
    )
    assert late.status_code == 409
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
    assert (club.address, club.founder, club.head_name) == ("ул. Чужая, 2", "Округ", "")
    told = {one.name: (one.opened, one.current, one.mine, one.is_conflict) for one in late.context["disagreements"]}
    assert told == {
        "address": ("ул. Старая, 1", "ул. Чужая, 2", "ул. Моя, 3", True),
        "founder": ("Район", "Округ", "Район", False),
    }
    offered = late.context["form"].initial
    assert (offered["address"], offered["founder"], offered["head_name"]) == ("ул. Моя, 3", "Округ", "Иванова")
    office.post(
        url("organization_edit", club.pk),
        {name: "" if value is None else value for name, value in offered.items() if name != "active_to"},
    )
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
    assert (club.address, club.founder, club.head_name, club.version) == ("ул. Моя, 3", "Округ", "Иванова", 3)


def test_edit_without_a_version_is_not_written(office, url, municipality):
    club = add(municipality, name="Клуб")
    response = office.post(url("organization_edit", club.pk), typed())
    assert response.status_code == 409
    with scope(readable=[municipality.pk]):
        assert Organization.objects.get().name == "Клуб"


def test_close_and_reopen(office, url, municipality):
    club = add(municipality, name="Клуб", active_from=NOW.date())
    early = office.post(url("organization_close", club.pk), {"last_day": "2020-01-01", "version": 1})
    assert early.status_code == 422
    assert "не может быть раньше" in early.content.decode()
    office.post(url("organization_close", club.pk), {"last_day": "2026-12-31", "reason": "присоединён", "version": 1})
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
        assert AuditEntry.objects.order_by("pk").last().reason == "присоединён"
    assert club.active_to.isoformat() == "2026-12-31"
    office.post(url("organization_reopen", club.pk), {"version": 1})
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
    assert club.active_to is not None, "an outdated page must not reopen"
    office.post(url("organization_reopen", club.pk), {"version": 2})
    with scope(readable=[municipality.pk]):
        club.refresh_from_db()
    assert club.active_to is None


PAGES = ["organizations", "organization", "organizations_export", "organizations_example"]
WRITES = [
    "organization_add", "organization_edit", "organization_close", "organization_import", "organizations_doubles",
    "organization_merge_choose", "organization_reopen", "organization_unmerge",
]  # fmt: skip
WITH_ID = {name for name in PAGES + WRITES if name.startswith("organization_")} | {"organization"}
WITH_ID -= {"organization_add", "organization_import"}


@pytest.mark.parametrize("name", PAGES + WRITES)
def test_each_page_by_person(url, municipality, name):
    club = add(municipality)
    address = url(name, *([club.pk] if name in WITH_ID else []))
    expected = {
        "stranger": 404,
        "neighbour": 404,
        "ministry elsewhere": 404,
        "ministry": 403 if name in WRITES else 200,
        "member": 403 if name in WRITES else 200,
    }
    people = {
        "stranger": UserFactory(),
        "neighbour": member_of(MunicipalityFactory()),
        "ministry elsewhere": ministry_of(MunicipalityFactory().region),
        "ministry": ministry_of(municipality.region),
        "member": member_of(municipality, Role.RESPONSIBLE),
    }
    got = {}
    for who, user in people.items():
        client = Client()
        client.force_login(user)
        got[who] = client.get(address).status_code
    assert got == expected
    anonymous = Client().get(address)
    assert (anonymous.status_code, "/account/login/" in anonymous.url) == (302, True)


def test_reader_sees_no_buttons_that_write(url, municipality):
    club = add(municipality)
    client = Client()
    client.force_login(ministry_of(municipality.region))
    for page in (url("organizations"), url("organization", club.pk)):
        text = client.get(page).content.decode()
        assert "Добавить" not in text
        assert "Изменить" not in text


def test_organization_of_another_municipality_is_not_found(office, url):
    alien = add(MunicipalityFactory())
    for name in ("organization", "organization_edit", "organization_close", "organization_merge_choose"):
        assert office.get(url(name, alien.pk)).status_code == 404


def test_export_holds_what_the_list_shows(office, url, municipality):
    add(municipality, name="Школа № 10", sphere=Sphere.EDUCATION)
    add(municipality, name="Школа № 2", sphere=Sphere.EDUCATION, inn=inn_from("012345678"))
    add(municipality, name="Клуб", address="=1+1")
    response = office.get(url("organizations_export"), {"sphere": "education"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Полное наименование", "Школа № 2", "Школа № 10"]
    assert rows[1][2] == inn_from("012345678")


def test_export_never_makes_a_formula(office, url, municipality):
    add(municipality, name='=HYPERLINK("http://x")', head_name="+7")
    response = office.get(url("organizations_export"))
    cells = next(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(min_row=2))
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert cells[0].value == '=HYPERLINK("http://x")'
