"""A request is one transaction: a view that raises leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from nok_portal.tenants.access import office_page
from nok_portal.tenants.models import Organization
from nok_portal.tenants.scope import current_scope, scope
from nok_portal.urls import urlpatterns as real_urls
from tests.factories import MunicipalityFactory, OrganizationFactory, member_of

pytestmark = pytest.mark.django_db


@office_page()
def write_then(request: HttpRequest, how: str) -> HttpResponse:
    OrganizationFactory(municipality=request.municipality)
    if how == "error":
        raise ZeroDivisionError
    if how == "not-found":
        raise Http404
    return HttpResponse("ok")


urlpatterns = [path("m/<slug:municipality>/write/<str:how>/", write_then), *real_urls]


@pytest.mark.parametrize(("how", "status", "left"), [("fine", 200, 1), ("error", 500, 0), ("not-found", 404, 0)])
def test_view_that_raises_leaves_nothing(how, status, left):
    municipality = MunicipalityFactory()
    client = Client(raise_request_exception=False)
    client.force_login(member_of(municipality))
    with override_settings(ROOT_URLCONF=__name__):
        assert client.get(f"/m/{municipality.slug}/write/{how}/").status_code == status
    assert current_scope() is None
    with scope(readable=[municipality.pk]):
        assert Organization.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_a_long_request_does_not_hold_the_session_of_its_person():
    """Two requests of one person run side by side: the first holds no row that the second wants."""
    municipality = MunicipalityFactory()
    client = Client()
    client.force_login(member_of(municipality))
    held: list[int] = []

    def second(request: HttpRequest) -> HttpResponse:
        with ThreadPoolExecutor(1) as pool:
            held.append(pool.submit(_visit_with_same_session, client, municipality.slug).result(timeout=10))
        return HttpResponse("ok")

    _during.append(second)
    with override_settings(ROOT_URLCONF=__name__):
        assert client.get(f"/m/{municipality.slug}/during/").status_code == 200
    assert held == [200]


def _visit_with_same_session(client: Client, slug: str) -> int:
    other = Client()
    other.cookies = client.cookies
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return other.get(f"/m/{slug}/write/fine/").status_code
    finally:
        connection.close()


_during: list = []


@office_page()
def run_during(request: HttpRequest) -> HttpResponse:
    return _during.pop()(request)


urlpatterns.insert(0, path("m/<slug:municipality>/during/", run_during))
