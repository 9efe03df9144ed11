"""Screens of legal acts: who may, what is found, what is written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.tenants.models import LegalAct
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import LegalActFactory, MunicipalityFactory, member_of, ministry_of
from tests.factories.plans import PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def office(municipality):
    return signed_in(member_of(municipality))


@pytest.fixture
def url(municipality):
    return lambda name, *args: reverse(f"office:{name}", args=[municipality.slug, *args])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def made(municipality, **facts):
    with scope(writable=[municipality.pk]):
        return LegalActFactory(municipality=municipality, **facts)


def typed(**changes):
    return {
        "kind": "decree", "number": "41-р", "adopted_on": "2026-02-10", "issuer": "администрации района",
        "title": "О плане", **changes,
    }  # fmt: skip


def test_empty_list_says_what_to_do(office, url, municipality):
    assert url("act_add") in office.get(url("acts")).content.decode()
    reader = signed_in(member_of(municipality, Role.COUNCIL_MEMBER))
    assert url("act_add") not in reader.get(url("acts")).content.decode()


def test_act_is_entered_with_its_scan_and_shown(office, url, municipality):
    scan = SimpleUploadedFile("акт.pdf", b"%PDF-1.7 scan")
    response = office.post(url("act_add"), {**typed(), "file": scan})
    with scope(readable=[municipality.pk]):
        act = LegalAct.objects.get()
        assert response.url == url("act", act.pk)
        page = office.get(response.url).content.decode()
        assert "Постановление от 10.02.2026 № 41-р" in page
        assert url("file", act.file.pk) in page
    file = office.get(url("file", act.file_id))
    assert b"".join(file.streaming_content) == b"%PDF-1.7 scan"


def test_faulty_act_is_told_at_its_field_and_typed_words_stay(office, url):
    response = office.post(url("act_add"), typed(number="", adopted_on="2126-02-10"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"number"}
    response = office.post(url("act_add"), typed(adopted_on="2126-02-10"))
    assert list(response.context["form"].errors) == ["adopted_on"]
    assert 'value="41-р"' in response.content.decode()


def test_form_offers_the_issuer_of_the_last_act(office, url, municipality):
    assert office.get(url("act_add")).context["form"]["issuer"].value().startswith("администрации")
    made(municipality, issuer="отдела культуры")
    assert office.get(url("act_add")).context["form"]["issuer"].value() == "отдела культуры"


def test_second_of_two_editors_sees_both_versions_and_may_save_theirs(office, url, municipality):
    act = made(municipality, number="1")
    office.post(url("act_edit", act.pk), typed(number="2", version="1"))
    response = office.post(url("act_edit", act.pk), typed(number="3", version="1"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "изменил другой человек" in page
    assert "№ 2" in page
    assert 'value="3"' in page
    sent = typed(number="3", version=response.context["form"]["version"].value())
    assert office.post(url("act_edit", act.pk), sent).status_code == 302


def test_act_that_approves_a_plan_cannot_be_removed(office, url, municipality):
    act = made(municipality)
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality, state="approved", approved_by=act)
    page = office.get(url("act", act.pk)).content.decode()
    assert url("plan", plan.pk) in page
    assert url("act_delete", act.pk) not in page
    response = office.post(f"{url('act_delete', act.pk)}?version=1", follow=True)
    assert "Удалить акт нельзя" in response.content.decode()


def test_unused_act_is_removed_after_a_question(office, url, municipality):
    act = made(municipality)
    assert "Удалить акт" in office.get(url("act_delete", act.pk)).content.decode()
    office.post(f"{url('act_delete', act.pk)}?version=1", {"reason": "Внесён дважды"})
    with scope(readable=[municipality.pk]):
        assert not LegalAct.objects.exists()


def test_reason_that_is_too_long_removes_nothing(office, url, municipality):
    act = made(municipality)
    response = office.post(f"{url('act_delete', act.pk)}?version=1", {"reason": "б" * 501})
    assert response.status_code == 422
    assert f'value="{"б" * 501}"' in response.content.decode()
    with scope(readable=[municipality.pk]):
        assert LegalAct.objects.exists()


def test_list_is_filtered_by_the_address_and_costs_the_same_for_many(office, url, municipality):
    made(municipality, number="7-а", kind="order", adopted_on="2025-01-10")

    def queries():
        with CaptureQueriesContext(connection) as found:
            office.get(url("acts"))
        return len(found)

    queries()  # the first page of a session writes to it
    few = queries()
    for number in range(4):
        made(municipality, number=f"{number}-б")
    assert queries() == few
    assert office.get(url("acts"), {"q": "7-А", "year": "2025", "kind": "order"}).context["page"].paginator.count == 1
    assert office.get(url("acts"), {"year": "нет", "kind": "нет"}).context["page"].paginator.count == 5


def test_ministry_reads_and_does_not_write(url, municipality):
    act = made(municipality)
    ministry = signed_in(ministry_of(municipality.region))
    assert ministry.get(url("act", act.pk)).status_code == 200
    assert ministry.post(url("act_add"), typed()).status_code == 403
