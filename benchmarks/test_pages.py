"""How long does the server work on the pages of a large plan, and how often does it ask the database?"""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.building import as_text
from benchmarks.figures import fastest
from nok_portal.tenants.scope import scope
from plans.services.imports import import_table
from plans.table import read_pasted
from tests.factories import NOW, MunicipalityFactory, member_of
from tests.factories.plans import PlanImportFactory

SIZES = (30, 300)
PERIOD = (date(2026, 1, 1), date(2028, 12, 31))
YEARS = (2026, 2027, 2028)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return MunicipalityFactory()


@pytest.fixture
def client(ours):
    client = Client()
    client.force_login(member_of(ours))
    return client


def measured(figures, client, address, name, rows):
    """Adds the page's time; gives the number of its queries."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)
    assert response.status_code == 200
    counts = f"{rows} rows, {queries} queries, {len(response.content) // 1000} KB"
    figures.add(name, fastest(lambda: client.get(address), 5), counts=counts)
    return queries


@pytest.mark.parametrize("view", ["", "?show=all"])
def test_import_preview(figures, client, ours, view):
    queries = set()
    for size in SIZES:
        with scope(writable=[ours.pk]):
            found = PlanImportFactory(municipality=ours, pasted_text=as_text(size))
        address = reverse("office:plan_import", args=[ours.slug, found.pk]) + view
        queries.add(measured(figures, client, address, f"import preview {view}".strip(), size))

    assert len(queries) == 1, "a larger document needs no more queries"


def test_plan(figures, client, ours):
    queries = set()
    for size in SIZES:
        with scope(writable=[ours.pk]):
            plan = import_table(
                table=read_pasted(as_text(size)),
                municipality=ours,
                actor=None,
                at=NOW,
                period=PERIOD,
                assessment_years=YEARS,
            )
        address = reverse("office:plan", args=[ours.slug, plan.pk])
        queries.add(measured(figures, client, address, "page of a plan", size))

    assert len(queries) == 1, "a larger plan needs no more queries"
