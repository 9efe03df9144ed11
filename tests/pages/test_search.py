"""The search of the office: what is found, by whom, and at what cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.selectors.search import find_activities, find_parties, find_plans
from tests.factories import LegalActFactory, MunicipalityFactory, OrganizationFactory, UserFactory, member_of
from tests.factories.plans import ActivityFactory, PlanFactory, ResponsiblePartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return MunicipalityFactory()


@pytest.fixture
def inside(ours):
    with scope(writable=[ours.pk]):
        yield ours


def found(client, ours, words):
    page = client.get(reverse("office:search", args=[ours.slug]), {"q": words})
    assert page.status_code == 200
    return {group.title: [hit.title for hit in group.hits] for group in page.context["groups"]}


def as_role(ours, role=Role.EDITOR):
    client = Client()
    client.force_login(member_of(ours, role))
    return client


@pytest.mark.parametrize(
    "words", ["отчёт", "ОТЧЕТА", "отчетами", "отч", "отчёт оператора", "оператор отчёты", "отчёт, «оператора»!"]
)
def test_line_is_found_by_any_form_and_beginning_of_its_words(inside, words):
    line = ActivityFactory(plan=PlanFactory(municipality=inside), title="Приёмка отчётов оператора")
    ActivityFactory(plan=line.plan, title="Опрос получателей услуг")
    assert list(find_activities(inside, words)) == [line]


@pytest.mark.parametrize("words", ["", "  ", "!?", "' & | ! :*", "отчёт музея", "\\", "№", "_"])
def test_what_is_not_there_is_not_found_and_signs_do_no_harm(inside, words):
    ActivityFactory(plan=PlanFactory(municipality=inside), title="Приёмка отчётов оператора")
    assert list(find_activities(inside, words)) == []


@pytest.mark.parametrize("words", ["2.1", "2.1."])
def test_line_is_found_by_its_number(inside, words):
    plan = PlanFactory(municipality=inside)
    line = ActivityFactory(plan=plan, number="2.1.", title="Опрос")
    ActivityFactory(plan=plan, number="2.10", title="Отчёт")
    assert list(find_activities(inside, words)) == [line]


def test_plans_of_the_archive_come_last_and_their_lines_are_left_out(inside):
    old = PlanFactory(municipality=inside, title="План оценки клубов", archived_at="2026-01-01T00:00Z")
    new = PlanFactory(municipality=inside, title="План оценки клубов")
    ActivityFactory(plan=old, title="Опрос в клубах")
    assert list(find_plans(inside, "клуб")) == [new, old]
    assert list(find_activities(inside, "клуб")) == []


def test_merged_double_is_left_out(inside):
    kept = ResponsiblePartyFactory(municipality=inside, name="Отдел культуры")
    ResponsiblePartyFactory(municipality=inside, name="Отдел культуры и спорта", merged_into=kept)
    assert list(find_parties(inside, "отделу культуры")) == [kept]


def test_everything_of_the_municipality_is_found_in_one_place(ours):
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours, title="План «Пристань»")
        ActivityFactory(plan=plan, title="Опрос на пристани", number="7")
        OrganizationFactory(municipality=ours, short_name="Музей «Пристань»")
        ResponsiblePartyFactory(municipality=ours, name="Смотритель пристани")
        act = LegalActFactory(municipality=ours, title="Пристань: план оценки")
    member_of(ours, Role.RESPONSIBLE, full_name="Пристань Анна Ильинична")
    assert found(as_role(ours), ours, "пристань") == {
        "Мероприятия": ["7. Опрос на пристани"],
        "Планы": ["План «Пристань»"],
        "Организации": ["Музей «Пристань»"],
        "Исполнители": ["Смотритель пристани"],
        "Правовые акты": [str(act)],
        "Люди": ["Пристань Анна Ильинична"],
    }


def test_people_are_found_only_by_those_who_may_see_them(ours):
    member_of(ours, Role.RESPONSIBLE, full_name="Озёрная Анна Ильинична")
    assert "Люди" in found(as_role(ours), ours, "озерная")
    assert "Люди" not in found(as_role(ours, Role.RESPONSIBLE), ours, "озерная")


def test_nothing_of_another_municipality_is_found(ours):
    elsewhere = MunicipalityFactory()
    with scope(writable=[elsewhere.pk]):
        ActivityFactory(plan=PlanFactory(municipality=elsewhere, title="План клубов"), title="Опрос в клубах")
        OrganizationFactory(municipality=elsewhere, short_name="Клуб")
    assert found(as_role(ours), ours, "клуб") == {}


def test_page_says_what_to_do_when_nothing_is_found_or_asked(ours):
    client = as_role(ours)
    url = reverse("office:search", args=[ours.slug])
    assert "ничего не&nbsp;нашлось" in client.get(url, {"q": "мамонт"}).content.decode()
    assert "хотя бы две буквы" in client.get(url).content.decode()


def test_search_costs_the_same_however_much_is_found(ours):
    client = as_role(ours)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            found(client, ours, "клуб")
        return len(queries)

    def add():
        with scope(writable=[ours.pk]):
            ActivityFactory(plan=PlanFactory(municipality=ours, title="План клубов"), title="Опрос в клубах")
            OrganizationFactory(municipality=ours, short_name="Клуб")
        member_of(ours, full_name="Клубов Иван")

    add()
    cost()  # the first visit of a session is written down
    before = cost()
    for _ in range(4):
        add()
    assert cost() == before
    for _ in range(8):  # more than are shown: each kind is counted once
        add()
    assert cost() == before + 4


def test_stranger_finds_no_search(ours):
    client = Client()
    client.force_login(UserFactory())
    assert client.get(reverse("office:search", args=[ours.slug])).status_code == 404
