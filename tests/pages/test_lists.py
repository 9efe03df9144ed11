"""Lists of several products cost the same number of queries for 3 rows and for 300."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.audit.services import record
from nok_portal.pages.selectors import municipalities_at_glance
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, RegionFactory, member_of, ministry_of
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db


def cost_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(url)
    assert page.status_code == 200
    return page.content.decode(), len(queries)


def test_journal_costs_the_same_however_long_it_is():
    municipality = MunicipalityFactory()
    client = Client()
    client.force_login(member_of(municipality, Role.ADMINISTRATOR))
    url = reverse("office:journal", args=[municipality.slug])

    def write(count):
        with scope(writable=[municipality.pk]):
            organization = OrganizationFactory(municipality=municipality)
            for number in range(count):
                record(verb=f"Сделано дело {number}", on=organization, actor=None, at=NOW)

    write(3)
    cost_of(client, url)  # the first visit notes the session
    few, cost_of_few = cost_of(client, url)
    write(297)
    many, cost_of_many = cost_of(client, url)
    assert "Сделано дело 2:" in few
    assert "Сделано дело 296" in many
    assert "Сделано дело 2:" not in cost_of(client, url + "?q=296")[0]
    assert cost_of_few == cost_of_many


def test_region_costs_the_same_however_many_municipalities_it_has():
    region = RegionFactory()
    client = Client()
    client.force_login(ministry_of(region))
    url = reverse("region:home", args=[region.slug])

    def add(count):
        for municipality in MunicipalityFactory.create_batch(count, region=region):
            with scope(writable=[municipality.pk]):
                OrganizationFactory(municipality=municipality)
                DueDateFactory(activity=ActivityFactory(plan=PlanFactory(municipality=municipality)))

    add(3)
    cost_of(client, url)
    _, cost_of_few = cost_of(client, url)
    add(27)
    page, cost_of_many = cost_of(client, url)
    assert page.count("/m/lesnoy-") >= 30
    assert cost_of_few == cost_of_many


def test_region_tells_what_is_late_and_what_share_was_accepted():
    region = RegionFactory()
    municipality = MunicipalityFactory(region=region)
    today = date(2026, 11, 24)
    with scope(writable=[municipality.pk]):
        line = ActivityFactory(plan=PlanFactory(municipality=municipality))
        for day, state in enumerate(("open", "accepted", "accepted", "reported", "cancelled"), start=1):
            DueDateFactory(activity=line, window_to=date(2026, 11, day), state=state)
        DueDateFactory(activity=line, window_to=date(2026, 11, 10), ended_before_entry=True)
        DueDateFactory(activity=line, window_to=date(2026, 11, 11), ended_before_entry=True, state="accepted")
        DueDateFactory(activity=line, window_to=today)
        closed = PlanFactory(municipality=municipality, state="closed")
        DueDateFactory(activity=ActivityFactory(plan=closed), window_to=date(2026, 11, 1))
        (row,) = municipalities_at_glance(region, today=today)
    assert (row.due, row.accepted, row.overdue, row.next_due) == (5, 3, 1, today)
