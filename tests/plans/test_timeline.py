"""The timeline of a plan: bars, their states and words, years, what it costs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.tenants.scope import scope
from tests.factories import OrganizationFactory
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(ours):
    with scope(writable=[ours.pk]):
        return PlanFactory(municipality=ours)


def get(client, plan, **query):
    page = client.get(reverse("office:plan_timeline", args=[plan.municipality.slug, plan.pk]), query)
    assert page.status_code == 200
    return page


def line(plan, *windows, **activity):
    """A line with due dates in these windows."""
    with scope(writable=[plan.municipality_id]):
        made = ActivityFactory(plan=plan, **activity)
        ActivityPartyFactory(activity=made)
        for first, last in windows:
            DueDateFactory(activity=made, window_from=first, window_to=last, label="")
        return made


def rows(page):
    return [row for _, found in page.context["groups"] for row in found]


def plain(page):
    return page.content.decode().replace("\u00a0", " ")


def test_bar_ends_with_the_last_day_and_says_state_and_days(client, plan):
    line(plan, (date(2027, 4, 1), date(2027, 6, 30)))
    (row,) = rows(get(client, plan, year=2027))
    (bar,) = row.bars
    assert (bar.x, bar.right, bar.width) == ("25.00%", "50.00%", "25.00%")
    assert bar.said.endswith("с 1 апреля 2027 по 30 июня 2027")
    assert not row.note


def test_window_of_several_years_is_cut_with_a_mark_in_each(client, plan):
    line(plan, (date(2026, 11, 1), date(2028, 2, 29)))
    cuts = []
    for year in (2026, 2027, 2028):
        ((bar,),) = (row.bars for row in rows(get(client, plan, year=year)))
        cuts.append((bar.is_cut_left, bar.is_cut_right))
    assert cuts == [(False, True), (True, True), (True, False)]
    assert "до 29 февраля 2028" in plain(get(client, plan, year=2027))


def test_lines_without_days_are_named(client, plan):
    line(plan, deadline_rule={"terms": [[3, "days", "протокола"]]})
    line(plan, deadline_rule={"flags": ["ongoing"]})
    line(plan, (date(2028, 3, 1), date(2028, 3, 1)))
    assert [row.note for row in rows(get(client, plan, year=2026))] == [
        "ждёт события",
        "постоянно",
        "в 2026 году сроков нет",
    ]


def test_organizations_of_one_window_share_a_bar_with_the_most_urgent_state(client, ours, plan):
    made = line(plan)
    with scope(writable=[ours.pk]):
        for state in ("accepted", "reported", "open"):
            organization = OrganizationFactory(municipality=ours)
            DueDateFactory(
                activity=made,
                organization=organization,
                state=state,
                window_from=date(2026, 1, 1),
                window_to=date(2026, 3, 31),
            )
    (bar,) = rows(get(client, plan, year=2026))[0].bars
    assert (bar.kind, bar.words) == ("late", "1 из 3")
    assert bar.said.endswith("3\u00a0организации")


def test_overlapping_windows_lie_below_each_other(client, plan):
    line(plan, (date(2027, 1, 1), date(2027, 12, 31)), (date(2027, 4, 1), date(2027, 4, 30)))
    (row,) = rows(get(client, plan, year=2027))
    assert len({bar.y for bar in row.bars}) == 2
    assert max(bar.y for bar in row.bars) + 24 <= row.height


def test_sections_group_the_lines_and_empty_ones_are_left_out(client, ours, plan):
    with scope(writable=[ours.pk]):
        first, _ = SectionFactory(plan=plan), SectionFactory(plan=plan)
    line(plan)
    line(plan, section=first)
    groups = get(client, plan).context["groups"]
    assert [(section, len(found)) for section, found in groups] == [(None, 1), (first, 1)]


def test_years_are_those_of_the_plan_and_of_its_days(client, plan):
    line(plan, (date(2029, 3, 1), date(2029, 3, 10)))
    page = get(client, plan, year=2029)
    assert (page.context["year"], page.context["next"]) == (2029, None)
    assert get(client, plan, year=2031).context["year"] in range(2026, 2030)


def test_party_and_lateness_narrow(client, ours, plan):
    late = line(plan, (date(2026, 1, 1), date(2026, 1, 31)))
    line(plan, (date(2026, 1, 1), date(2099, 12, 31)))
    with scope(readable=[ours.pk]):
        party = late.party_links.get().party_id
    assert [row.pk for row in rows(get(client, plan, year=2026, party=party))] == [late.pk]
    assert [row.pk for row in rows(get(client, plan, year=2026, late=1))] == [late.pk]


def test_words_of_people_are_escaped(client, plan):
    made = line(plan, title="<b>Опрос</b>")
    with scope(writable=[plan.municipality_id]):
        DueDateFactory(
            activity=made, window_from=date(2026, 2, 1), window_to=date(2026, 11, 30), label="<script>alert(1)</script>"
        )
    page = plain(get(client, plan, year=2026))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_timeline_asks_as_often_for_many_lines_as_for_one(client, plan):
    counts = []
    for size in (1, 12):
        for _ in range(size):
            line(plan, (date(2026, 12, 1), date(2026, 12, 1)), (date(2027, 1, 1), date(2027, 2, 1)))
        get(client, plan)
        with CaptureQueriesContext(connection) as queries:
            get(client, plan)
        counts.append(len(queries))
    assert counts[0] == counts[1]
