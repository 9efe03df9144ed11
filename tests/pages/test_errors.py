"""Requests that cannot be answered get a page that says what to do, never a broken one."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MunicipalityFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def client_of_member(municipality):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member_of(municipality))
    client.get(reverse("office:plan_new", args=[municipality.slug]))
    return client


@pytest.mark.parametrize("form", [{"text": "а" * 6_000_000}, {str(n): "1" for n in range(10_001)}])
def test_too_much_in_a_form_is_413(client_of_member, municipality, form):
    response = client_of_member.post(reverse("office:plan_new", args=[municipality.slug]), form)
    assert response.status_code == 413
    assert "413" in response.templates[0].name


@pytest.mark.parametrize("address", ["/m/no\x00where/", "/?page=%00", "/?%00=1"])
def test_nul_in_an_address_is_400(client_of_member, address):
    assert client_of_member.get(address).status_code == 400


def test_form_without_token_is_told_to_be_opened_anew(client_of_member, municipality):
    response = client_of_member.post(reverse("office:plan_new", args=[municipality.slug]), {"text": "а"})
    assert response.status_code == 403
    assert response.templates[0].name == "403_csrf.html"
