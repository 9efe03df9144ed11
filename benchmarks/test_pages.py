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
PLAN_PAGE = 0.15  # seconds of processor time

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return MunicipalityFactory()


@pytest.fixture
def client(ours):
    client = Client()
    client.force_login(member_of(ours))
    return client


def plan_of(municipality, size):
    """A plan of so many lines; the municipality's scope is open."""
    return import_table(
        table=read_pasted(as_text(size)),
        municipality=municipality,
        actor=None,
        at=NOW,
        period=PERIOD,
        assessment_years=YEARS,
    )


def measured(figures, client, address, name, rows, limit=None):
    """Adds the page's time; gives the number of its queries."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)
    assert response.status_code == 200
    counts = f"{rows} rows, {queries} queries, {len(response.content) // 1000} KB"
    figures.add(name, fastest(lambda: client.get(address), 5), limit=limit, counts=counts)
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
            plan = plan_of(ours, size)
        address = reverse("office:plan", args=[ours.slug, plan.pk])
        queries.add(measured(figures, client, address, "page of a plan", size, limit=PLAN_PAGE))

    assert len(queries) == 1, "a larger plan needs no more queries"


def test_timeline(figures, client, ours):
    queries = set()
    for size in SIZES:
        with scope(writable=[ours.pk]):
            plan = plan_of(ours, size)
        address = reverse("office:plan_timeline", args=[ours.slug, plan.pk]) + "?year=2026"
        queries.add(measured(figures, client, address, "timeline of a plan", size, limit=0.2))

    assert len(queries) == 1, "a larger plan needs no more queries"


@pytest.mark.parametrize("view", ["calendar/?month=2026-12", "calendar/year/?year=2026"])
def test_calendar(figures, client, ours, view):
    queries = set()
    for size in SIZES:
        with scope(writable=[ours.pk]):
            plan = plan_of(ours, size)
        address = reverse("office:today", args=[ours.slug]) + f"{view}&plan={plan.pk}"
        queries.add(measured(figures, client, address, view, size))

    assert len(queries) == 1, "a larger plan needs no more queries"
