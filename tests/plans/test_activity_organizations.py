"""Organizations of a line: chosen, suggested from its words, picked on a page, merged."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.merging import merge_organizations, undo_merge
from plans.deadlines import parse, to_json
from plans.models import Activity, ActivityOrganization, DueDate, Plan
from plans.moves import dues_that_stay, links_that_stay
from plans.selectors import line_of_activity
from plans.selectors.activity_organizations import organizations_of_line
from plans.services.activity_organizations import (
    OrganizationsWrong,
    accept_named_organizations,
    decline_named_organizations,
    set_activity_organizations,
)
from plans.services.days import refresh_days
from plans.services.plan_locks import WordsAreFixed
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db

TITLE = "Оценка организаций: 2026 год – школа № 1, школа № 2; 2027 год – детский сад «Ромашка»"


@pytest.fixture
def register(ours, inside):
    names = ("Школа № 1", "Школа № 2", "Детский сад «Ромашка»")
    with inside():
        return [
            OrganizationFactory(municipality=ours, name=f"МБУ «{name}»", short_name=name, sphere="education")
            for name in names
        ]


@pytest.fixture
def activity(ours, inside, register):
    with inside():
        found = ActivityFactory(
            plan=PlanFactory(municipality=ours), title=TITLE, deadline_rule=to_json(parse("до 1 декабря"))
        )
        refresh_days(found.plan, actor=None, at=NOW)
        return found


def days(activity):
    rows = DueDate.objects.filter(activity=activity).order_by("window_to", "organization__sort_key")
    return [(due.window_to.year, due.organization.short_name if due.organization else "") for due in rows]


def panel(activity):
    return organizations_of_line(line_of_activity(Activity.objects.get(pk=activity.pk)), with_suggestion=True)


def test_chosen_organizations_have_days_and_nobody_brings_the_common_one_back(inside, activity, register, editor):
    one, two, garden = register
    with inside():
        links = [(one.pk, 2026), (two.pk, 2026), (garden.pk, None), (garden.pk, 2027)]
        told = set_activity_organizations(activity=activity, version=1, links=links, actor=editor, at=NOW)
        assert days(activity) == [
            (2026, "Детский сад «Ромашка»"),
            (2026, "Школа № 1"),
            (2026, "Школа № 2"),
            (2027, "Детский сад «Ромашка»"),
            (2028, "Детский сад «Ромашка»"),
        ]
        assert (len(told.added), len(told.gone)) == (5, 3)
        entry = AuditEntry.objects.get(verb="Указаны организации")
        assert entry.after["organizations"] == {"Детский сад «Ромашка»": [], "Школа № 1": [2026], "Школа № 2": [2026]}
        activity.refresh_from_db()
        assert activity.version == 2
        set_activity_organizations(activity=activity, version=2, links=[], actor=editor, at=NOW)
        assert days(activity) == [(2026, ""), (2027, ""), (2028, "")]


def test_wrong_choices_are_refused(inside, activity, register, editor):
    with inside():
        double = OrganizationFactory(municipality=activity.municipality, merged_into=register[0])
        for links in ([(double.pk, None)], [(10**9, None)], [(register[0].pk, 1999)]):
            with pytest.raises(OrganizationsWrong):
                set_activity_organizations(activity=activity, version=1, links=links, actor=editor, at=NOW)
        with pytest.raises(StaleVersion):
            set_activity_organizations(activity=activity, version=7, links=[], actor=editor, at=NOW)
        Plan.objects.update(state="closed")
        with pytest.raises(WordsAreFixed):
            set_activity_organizations(activity=activity, version=1, links=[], actor=editor, at=NOW)


def test_names_in_the_words_are_suggested_and_accepted(inside, activity, editor):
    with inside():
        found = panel(activity)
        assert [(group.years, [str(one) for one in group.organizations]) for group in found.suggested] == [
            ((2026,), ["Школа № 1", "Школа № 2"]),
            ((2027,), ["Детский сад «Ромашка»"]),
        ]
        with pytest.raises(StaleVersion, match="реестр"):
            accept_named_organizations(activity=activity, version=1, key="x", actor=editor, at=NOW)
        accept_named_organizations(activity=activity, version=1, key=found.key, actor=editor, at=NOW)
        assert days(activity) == [
            (2026, "Школа № 1"),
            (2026, "Школа № 2"),
            (2027, "Детский сад «Ромашка»"),
            (2028, ""),
        ]
        found = panel(activity)
        assert (found.suggested, len(found.chosen)) == ((), 2)


def test_declined_names_are_not_suggested_again_and_others_are(inside, activity, editor):
    with inside():
        decline_named_organizations(activity=activity, key=panel(activity).key, actor=editor, at=NOW)
        assert panel(activity).suggested == ()
        Activity.objects.filter(pk=activity.pk).update(title=TITLE.replace(", школа № 2", ""))
        assert len(panel(activity).suggested) == 2


def test_one_institution_without_a_year_is_not_suggested(inside, activity):
    with inside():
        Activity.objects.filter(pk=activity.pk).update(title="Ремонт входа", responsible_text="Директор школы № 1")
        assert panel(activity).suggested == ()


def test_year_without_a_day_is_told(inside, activity, register, editor):
    with inside():
        Activity.objects.filter(pk=activity.pk).update(deadline_rule=to_json(parse("до 1 декабря 2026 года")))
        links = [(register[0].pk, 2026), (register[1].pk, 2028)]
        set_activity_organizations(activity=activity, version=1, links=links, actor=editor, at=NOW)
        (idle,) = panel(activity).idle
        assert (idle.years, idle.organizations) == ((2028,), (register[1],))


def test_merged_organizations_share_their_days_and_part_again(ours, inside, activity, register, editor):
    kept, double, _ = register
    with inside():
        links = [(kept.pk, 2026), (double.pk, 2026), (double.pk, 2027)]
        set_activity_organizations(activity=activity, version=1, links=links, actor=editor, at=NOW)
        DueDate.objects.filter(organization=double, window_to=date(2026, 12, 1)).update(
            state="accepted", done_on=date(2026, 11, 1), reported_at=NOW
        )
        merge_organizations(kept=kept, double=double, facts={}, actor=editor, at=NOW)
        assert ActivityOrganization.objects.filter(organization=kept).count() == 2
        assert days(activity) == [(2026, "Школа № 1"), (2026, "Школа № 2"), (2027, "Школа № 1"), (2028, "")]
        # the next recomputation knows one organization and keeps what was reported for the double
        refresh_days(Plan.objects.get(), actor=editor, at=NOW)
        assert days(activity) == [(2026, "Школа № 1"), (2026, "Школа № 2"), (2027, "Школа № 1"), (2028, "")]
        assert [group.years for group in panel(activity).chosen] == [(2026, 2027)]
        double.refresh_from_db()
        undo_merge(double=double, actor=editor, at=NOW)
        refresh_days(Plan.objects.get(), actor=editor, at=NOW)
        assert days(activity) == [(2026, "Школа № 1"), (2026, "Школа № 2"), (2027, "Школа № 2"), (2028, "")]


def test_what_stays_with_a_merged_double_is_asked_at_once(ours, inside, activity, register):
    kept, double, _ = register
    with inside():
        links = [(one, year) for one in (kept, double) for year in (None, 2026, 2027)]
        for one, year in [*links, (kept, 2025), (double, 2028)]:
            ActivityOrganization.objects.create(municipality=ours, activity=activity, organization=one, year=year)
        # what another line says of the one that is kept keeps nothing here
        other = ActivityFactory(plan=activity.plan)
        ActivityOrganization.objects.create(municipality=ours, activity=other, organization=kept, year=2028)
        for line, one, year in [
            (activity, kept, 2026),
            (activity, double, 2026),
            (activity, double, 2028),
            (other, kept, 2028),
        ]:
            DueDateFactory(activity=line, organization=one, window_to=date(year, 5, 1))
        with CaptureQueriesContext(connection) as caught:
            links = set(links_that_stay(double.pk, kept.pk).values_list("year", flat=True))
            dues = set(dues_that_stay(double.pk, kept.pk).values_list("window_to__year", flat=True))
        assert (links, dues, len(caught)) == ({None, 2026, 2027}, {2026}, 2)


# pages


def test_panel_offers_days_for_named_organizations(ours, client, inside, activity):
    address = url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"
    page = client.get(address)
    assert "В строке названы организации:" in text_of(page)
    sent = {"version": 1, "key": page.context["organizations"].key, "do": "accept"}
    client.post(url(ours, "activity_named_organizations", activity.pk), sent)
    words = text_of(client.get(address))
    assert "В строке названы организации" not in words
    assert "<b>1 декабря 2026, вторник</b>" in words
    assert words.count("Школа № 1") >= 2


def test_declining_on_the_panel_keeps_the_common_day(ours, client, inside, activity):
    address = url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"
    key = client.get(address).context["organizations"].key
    client.post(url(ours, "activity_named_organizations", activity.pk), {"key": key, "do": "decline"})
    assert "В строке названы организации" not in text_of(client.get(address))
    with inside():
        assert len(days(activity)) == 3


def test_organizations_are_found_added_and_saved_after_their_days_were_shown(ours, client, inside, activity, register):
    one, two, _ = register
    address = url(ours, "activity_organizations", activity.pk)
    assert "Пока ни одной" in text_of(client.get(address))
    found = client.post(address, {"version": 1, "q": "школа", "do": "find"})
    assert [str(organization) for organization in found.context["found"]] == ["Школа № 1", "Школа № 2"]
    added = client.post(address, {"version": 1, "year": "2026", "do": f"add-{one.pk}"})
    assert [(row.organization, row.years) for row in added.context["rows"]] == [(one, (2026,))]
    assert "Добавится: <b>1 декабря 2026</b>" in text_of(added)
    rows = {"version": 1, "organization": [one.pk, two.pk], f"year-{one.pk}": ["2026"], f"year-{two.pk}": ["every"]}
    first = client.post(address, {**rows, "do": "save", "seen": added.context["difference"].stamp})
    assert first.status_code == 200  # other days than those shown
    done = client.post(address, {**rows, "do": "save", "seen": first.context["difference"].stamp})
    assert done.headers["Location"] == url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"
    with inside():
        assert days(activity) == [(2026, "Школа № 1"), (2026, "Школа № 2"), (2027, "Школа № 2"), (2028, "Школа № 2")]


def test_whole_group_is_added_by_one_button(ours, client, inside, activity, register):
    with inside():
        party = ResponsiblePartyFactory(municipality=ours, kind="institutions", group_sphere="education")
        ActivityPartyFactory(activity=activity, party=party)
        OrganizationFactory(municipality=ours, sphere="culture")
    address = url(ours, "activity_organizations", activity.pk)
    assert f"Все: {party.name} (3)" in text_of(client.get(address))
    page = client.post(address, {"version": 1, "year": "every", "do": f"group-{party.pk}"})
    assert [row.organization for row in page.context["rows"]] == [register[2], register[0], register[1]]
    gone = client.post(
        address,
        {"version": 1, "organization": [one.pk for one in register], "do": f"remove-{register[0].pk}"},
    )
    assert [row.organization for row in gone.context["rows"]] == register[1:]


def test_hand_made_requests_break_nothing(ours, client, inside, activity, register):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        alien = OrganizationFactory(municipality=theirs)
    address = url(ours, "activity_organizations", activity.pk)
    for sent in (
        {"organization": ["x", "9" * 40, str(alien.pk)], "do": "save"},
        {"do": f"add-{alien.pk}"},
        {"do": "add-²", "year": "x"},
        {"do": "group-1"},
        {"organization": [register[0].pk], f"year-{register[0].pk}": ["1", "x"], "do": "save"},
    ):
        assert client.post(address, {"version": 1, **sent}).status_code in (200, 422)
    with inside():
        assert not ActivityOrganization.objects.exists()


def test_panel_and_picker_cost_the_same_for_many_organizations(ours, client, inside, activity, register, editor):
    addresses = [
        url(ours, "plan", activity.plan_id) + f"?line={activity.pk}",
        url(ours, "activity_organizations", activity.pk),
    ]
    cost = []
    for count in (1, 3):
        with inside():
            activity.refresh_from_db()
            links = [(one.pk, None) for one in register[:count]]
            set_activity_organizations(activity=activity, version=activity.version, links=links, actor=editor, at=NOW)
        for address in addresses:
            client.get(address)
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        cost.append(counts)
    assert cost[0] == cost[1]
