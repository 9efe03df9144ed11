"""The table of a plan: its filters alone and together, what it costs, the panel beside it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.forms.plans import FLAGS, address_of, filter_of
from plans.models import PartyAccount
from plans.selectors import PlanFilter, plan_contents
from plans.services.imports import import_table
from tests.factories import NOW, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    SectionFactory,
    table_of,
)
from tests.plans.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "line"}


@pytest.fixture
def here(ours):
    with scope(writable=[ours.pk]):
        yield ours


def fill(plan, count):
    for _ in range(count):
        link = ActivityPartyFactory(activity=ActivityFactory(plan=plan))
        DueDateFactory(activity=link.activity, window_to=date(2026, 11, 1))


def shown(plan, mine=(), **wanted):
    contents = plan_contents(plan, PlanFilter(**wanted), today=TODAY, mine=mine)
    return [row.pk for group in contents.sections for row in group.rows]


def lined(plan, deadline, **values):
    rule = to_json(parse(deadline))
    return ActivityFactory(plan=plan, deadline_text=deadline, deadline_rule=rule, **values)


def test_contents_cost_the_same_for_3_and_300(here):
    small, large = PlanFactory(municipality=here), PlanFactory(municipality=here)
    fill(small, 3)
    fill(large, 300)
    costs = []
    for plan, count in ((small, 3), (large, 300)):
        with CaptureQueriesContext(connection) as captured:
            assert plan_contents(plan, today=TODAY).total == count
        costs.append(len(captured))
    assert costs == [4, 4]


def test_search_finds_words_of_title_deadline_and_party_in_any_spelling(here):
    plan = PlanFactory(municipality=here)
    wanted = ActivityFactory(plan=plan, title="Отчёт оператора")
    ActivityFactory(plan=plan, title="Опрос")
    party = ActivityPartyFactory(activity=wanted).party
    for words in ("отчет", "ОПЕРАТОРА отчёт", party.name.upper()):
        assert shown(plan, search=words) == [wanted.pk]
    contents = plan_contents(plan, PlanFilter(search="отчет"), today=TODAY)
    assert (contents.shown, contents.total) == (1, 2)


def test_each_filter_leaves_its_rows(here):
    plan = PlanFactory(municipality=here)
    link = ActivityPartyFactory(activity=ActivityFactory(plan=plan, step="survey"))
    doubtful = ActivityFactory(plan=plan, findings=[{"code": "no_party", "message": "Нет исполнителя"}])
    late = DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 11, 23)).activity
    DueDateFactory(activity=late, window_to=date(2027, 11, 23))
    soon = DueDateFactory(activity=ActivityFactory(plan=plan), window_to=date(2026, 12, 8)).activity
    for values in (
        {"window_to": date(2026, 12, 9)},
        {"window_to": date(2026, 11, 1), "state": "reported"},
        {"window_to": date(2026, 11, 2), "ended_before_entry": True},
    ):
        DueDateFactory(activity=ActivityFactory(plan=plan), **values)
    waiting = lined(plan, "в течение 5 дней после заседания совета")
    unread = lined(plan, "когда рак на горе свистнет", deadline_reading="")
    partly = lined(plan, "до 31 ноября")

    assert shown(plan, party=link.party_id) == [link.activity_id]
    assert shown(plan, step="survey") == [link.activity_id]
    contents = plan_contents(plan, PlanFilter(mine=True), today=TODAY, mine={link.party_id})
    assert [row.pk for group in contents.sections for row in group.rows] == [link.activity_id]
    assert shown(plan, with_findings=True) == [doubtful.pk]
    assert shown(plan, overdue=True) == [late.pk]
    assert shown(plan, soon=True) == [soon.pk]
    assert shown(plan, waiting=True) == [waiting.pk]
    assert shown(plan, not_understood=True) == [unread.pk, partly.pk]
    assert contents.counts == {
        "overdue": 1, "soon": 1, "mine": 1, "waiting": 1, "not_understood": 2, "with_findings": 1,
    }  # fmt: skip
    assert contents.steps == ("survey",)


def test_filters_hold_together(here):
    plan = PlanFactory(municipality=here)
    link = ActivityPartyFactory(activity=ActivityFactory(plan=plan, title="Опрос жителей"))
    other = ActivityPartyFactory(activity=ActivityFactory(plan=plan, title="Опрос"), party=link.party)
    for activity in (link.activity, ActivityFactory(plan=plan)):
        DueDateFactory(activity=activity, window_to=date(2026, 11, 23))
    assert shown(plan, party=link.party_id, overdue=True, search="опрос") == [link.activity_id]
    assert shown(plan, party=link.party_id, search="опрос") == [link.activity_id, other.activity_id]
    assert shown(plan, party=link.party_id, overdue=True, soon=True) == []


def test_empty_section_stays_until_a_filter_is_set(here):
    plan = PlanFactory(municipality=here)
    section = SectionFactory(plan=plan)
    ActivityFactory(plan=plan)
    assert [group.section for group in plan_contents(plan, today=TODAY).sections] == [None, section]
    narrowed = plan_contents(plan, PlanFilter(search="опрос"), today=TODAY)
    assert [group.section for group in narrowed.sections] == [None]


def test_address_gives_its_filter_and_back():
    wanted = filter_of({"q": " опрос ", "party": "7", "step": "survey"} | dict.fromkeys(FLAGS, "1"))
    assert filter_of(address_of(wanted)) == wanted
    assert wanted.is_active
    nonsense = {"party": "٣", "step": "<b>", "soon": "maybe", "line": "x"}
    assert filter_of(nonsense) == PlanFilter()
    assert address_of(PlanFilter()) == {}


# --- the page --------------------------------------------------------------------------------------


def page(client, ours, plan, query="", **extra):
    response = client.get(reverse("office:plan", args=[ours.slug, plan.pk]) + query, **extra)
    assert response.status_code == 200
    return response


def row_keys(response):
    return [row.pk for group in response.context["contents"].sections for row in group.rows]


def test_page_tells_how_many_are_found_and_keeps_the_filter_in_its_links(ours, client, plan):
    response = page(client, ours, plan, "?q=отчет&waiting=1")
    words = text_of(response)
    assert "Найдено 1 из 4" in words
    key = row_keys(response)[0]
    assert f"?q=%D0%BE%D1%82%D1%87%D0%B5%D1%82&amp;waiting=1&amp;line={key}" in words
    opened = text_of(page(client, ours, plan, f"?q=отчет&waiting=1&line={key}"))
    assert "Найдено 1 из 4" in opened
    assert 'id="line-title"' in opened
    assert "По этому запросу в плане ничего нет." in text_of(page(client, ours, plan, "?q=неттакого"))


def test_mine_are_those_of_the_parties_a_person_stands_behind(ours, client, editor, plan):
    with scope(writable=[ours.pk]):
        activity = plan.activities.get(number="2.1")
        PartyAccount.objects.create(municipality=ours, party=activity.party_links.get().party, user=editor)
        wanted = set(
            plan.activities.filter(party_links__party__name="Организация-оператор").values_list("pk", flat=True)
        )
    response = page(client, ours, plan, "?mine=1")
    assert set(row_keys(response)) == wanted
    assert f"Мои {len(wanted)}" in text_of(response)


def test_panel_alone_is_sent_to_whoever_asks_for_it(ours, client, plan):
    with scope(writable=[ours.pk]):
        activity = plan.activities.get(number="2.1")
    whole = page(client, ours, plan, f"?line={activity.pk}")
    alone = page(client, ours, plan, f"?line={activity.pk}", **HTMX)
    assert len(alone.content) < len(whole.content)
    assert "<table" not in text_of(alone).split("История")[0]
    assert f'data-line="a{activity.pk}"' in text_of(alone)
    assert '<div id="line"></div>' in text_of(page(client, ours, plan, "", **HTMX))


def test_page_costs_the_same_whatever_its_length(ours, client, plan):
    with scope(writable=[ours.pk]):
        long = import_table(
            table=table_of("План в сфере культуры на 2026 год\n№\tМероприятие\tСрок\tИсполнители\n" + "".join(
                f"{n}\tОпрос {n}\tдо {n % 28 + 1} мая\tОтдел {n}\n" for n in range(1, 60)
            )),
            municipality=ours,
            actor=None,
            at=NOW,
            period=(date(2026, 1, 1), date(2026, 12, 31)),
        )  # fmt: skip
    costs = []
    for one in (plan, long):
        page(client, ours, one)
        with CaptureQueriesContext(connection) as captured:
            page(client, ours, one)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_only_editors_of_a_draft_may_change_rows(ours, client, plan):
    assert "Править строки" in text_of(page(client, ours, plan))
    assert "Закончить правку" in text_of(page(client, ours, plan, "?mode=rows"))
    reader = Client()
    reader.force_login(member_of(ours, Role.RESPONSIBLE))
    words = text_of(page(reader, ours, plan, "?mode=rows"))
    assert "Править строки" not in words
    assert "Закончить правку" not in words
