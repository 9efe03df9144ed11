"""The calendar of due dates: what stands where, what an address asks for, what it costs; the list as a file."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from nok_portal.reports import services, tasks
from nok_portal.reports.jobs import Progress
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.files import open_file
from plans.due_reports import DueDatesList, parameters_of
from plans.models import Evidence, PartyAccount
from plans.selectors.due_filters import DuesFilter
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, member_of, ministry_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(ours):
    with scope(writable=[ours.pk]):
        return PlanFactory(municipality=ours)


def get(client, ours, view="calendar", **query):
    page = client.get(reverse(f"office:{view}", args=[ours.slug]), query)
    assert page.status_code == 200
    return page


def due_on(plan, day, *, first=None, activity=None, **due):
    with scope(writable=[plan.municipality_id]):
        line = activity or ActivityFactory(plan=plan)
        ActivityPartyFactory(activity=line)
        return DueDateFactory(activity=line, window_from=first or day, window_to=day, **due)


def cell_of(page, day):
    return next(cell for week in page.context["weeks"] for cell in week if cell.day == day)


def plain(page):
    return page.content.decode().replace("\u00a0", " ")


def test_month_shows_each_due_on_its_last_day(client, ours, plan):
    due = due_on(plan, date(2026, 12, 8), first=date(2026, 11, 1))
    page = get(client, ours, month="2026-12")
    assert [line.dues for line in cell_of(page, date(2026, 12, 8)).items] == [(due,)]
    assert f"до</span> {due.activity.number} {due.activity.title}" in plain(page)
    assert "1 срок, 22 рабочих дня" in plain(page)
    assert "выходной, перенос с 4 января" in plain(page)


def test_party_of_another_plan_is_no_filter(client, ours, plan):
    shown = due_on(plan, date(2026, 12, 8))
    with scope(writable=[ours.pk]):
        other = PlanFactory(municipality=ours)
    due_on(other, date(2026, 12, 8))
    with scope(readable=[ours.pk]):
        alien = other.activities.get().party_links.get().party_id
    page = get(client, ours, month="2026-12", plan=plan.pk, party=alien)
    assert [line.dues for line in cell_of(page, date(2026, 12, 8)).items] == [(shown,)]


def test_organizations_of_one_line_share_a_line_of_the_day(client, ours, plan):
    with scope(writable=[ours.pk]):
        line = ActivityFactory(plan=plan)
        for state in ("accepted", "open"):
            organization = OrganizationFactory(municipality=ours)
            DueDateFactory(activity=line, organization=organization, window_to=date(2026, 12, 8), state=state)
    (shown,) = cell_of(get(client, ours, month="2026-12"), date(2026, 12, 8)).items
    assert (len(shown.dues), shown.foremost.state) == (2, "open")


def test_many_dues_of_a_day_lead_to_the_day(client, ours, plan):
    for _ in range(7):
        due_on(plan, date(2026, 12, 30))
    page = get(client, ours, month="2026-12")
    assert len(cell_of(page, date(2026, 12, 30)).shown) == 3
    assert "Ещё 4" in plain(page)
    assert len(get(client, ours, "calendar_day", day="2026-12-30").context["dues"]) == 7


def test_days_of_neighbouring_months_are_shown_but_not_counted(client, ours, plan):
    due_on(plan, date(2026, 11, 30))
    page = get(client, ours, month="2026-12")
    assert len(cell_of(page, date(2026, 11, 30)).items) == 1
    assert page.context["bar"].facts.startswith("0\u00a0сроков")


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "0000-01", "x", "9999-12"])
def test_month_that_is_none_is_the_present_one(client, ours, month):
    page = get(client, ours, month=month)
    assert page.context["value"].first == timezone.localdate().replace(day=1)


def test_year_counts_months_and_leads_to_them(client, ours, plan):
    due_on(plan, date(2025, 3, 1))
    due_on(plan, date(2025, 3, 31), state="accepted")
    due_on(plan, date(2025, 12, 31), state="reported")
    page = get(client, ours, "calendar_year", year=2025)
    counts = {
        one.month.month: (one.total, one.late, one.reported, one.accepted, one.ahead) for one in page.context["months"]
    }
    assert counts[3] == (2, 1, 0, 1, 0)
    assert counts[12] == (1, 0, 1, 0, 0)
    assert page.context["sums"] == {"late": 1, "reported": 1, "accepted": 1, "cancelled": 0, "ahead": 0, "before": 0}
    assert "?month=2025-03" in plain(page)


def test_filter_is_kept_in_every_link(client, ours, plan):
    due = due_on(plan, date(2026, 12, 8))
    due_on(plan, date(2026, 12, 9))
    with scope(readable=[ours.pk]):
        party = due.activity.party_links.get().party_id
    page = get(client, ours, month="2026-12", party=party, state="late")
    assert "month=2027-01&amp;party=" in plain(page)
    assert f"year=2026&amp;party={party}&amp;state=late" in plain(page)
    page = get(client, ours, month="2026-12", party=party)
    assert [len(cell_of(page, date(2026, 12, n)).items) for n in (8, 9)] == [1, 0]


def test_own_dues_are_offered_to_those_who_report(ours, plan):
    person = member_of(ours, Role.RESPONSIBLE)
    mine, _ = due_on(plan, date(2026, 12, 8)), due_on(plan, date(2026, 12, 8))
    with scope(writable=[ours.pk]):
        party = mine.activity.party_links.get().party
        PartyAccount.objects.create(municipality=ours, party=party, user=person)
    client = Client()
    client.force_login(person)
    page = get(client, ours, month="2026-12", mine="1")
    assert [line.dues for line in cell_of(page, date(2026, 12, 8)).items] == [(mine,)]
    assert "Только мои" in plain(page)
    reader = Client()
    reader.force_login(ministry_of(ours.region))
    page = get(reader, ours, month="2026-12", mine="1")
    assert len(cell_of(page, date(2026, 12, 8)).items) == 2
    assert "Только мои" not in plain(page)
    assert "Выгрузить" not in plain(page)


@pytest.mark.parametrize(
    ("view", "query"),
    [("calendar", {"month": "2026-12"}), ("calendar_year", {"year": 2026}), ("calendar_day", {"day": "2026-12-08"})],
)
def test_calendar_asks_as_often_for_many_lines_as_for_one(client, ours, plan, view, query):
    counts = []
    for size in (1, 12):
        for _ in range(size):
            due_on(plan, date(2026, 12, 8))
        get(client, ours, view, **query)
        with CaptureQueriesContext(connection) as queries:
            get(client, ours, view, **query)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_calendar_shows_nothing_of_another_municipality(client, ours):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        due = due_on(PlanFactory(municipality=theirs), date(2026, 12, 8))
    assert due.activity.title not in plain(get(client, ours, month="2026-12", plan=due.activity.plan_id))


def document_of(client, ours, query, file_format="xlsx"):
    """What the list says that this address orders."""
    answer = client.post(reverse("office:dues_export", args=[ours.slug]) + f"?{query}", {"format": file_format})
    assert answer.status_code == 302
    with scope(readable=[ours.pk]):
        job = BackgroundJob.objects.latest("created_at")
        return DueDatesList().document(municipality=ours, parameters=job.parameters, at=NOW, progress=Progress())


def titles_of(document):
    return [row[1] for row in document.tables[0].rows]


def test_export_holds_what_the_page_shows(client, ours, plan, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    december = due_on(plan, date(2026, 12, 8), first=date(2026, 11, 1))
    due_on(plan, date(2027, 1, 8))
    page = get(client, ours, month="2026-12")
    document = document_of(client, ours, page.context["export"])
    assert titles_of(document) == [december.activity.title]
    assert document.subtitle == "с 1 декабря 2026 по 31 декабря 2026; по состоянию на 24.11.2026"
    (row,) = document.tables[0].rows
    assert row[3:5] == ("01.11.2026 – 08.12.2026", date(2026, 12, 8))
    assert row[7] == "В работе"


def test_export_is_of_the_day_that_it_is_in_the_municipality(ours, plan):
    ours.time_zone = "Asia/Kamchatka"
    due_on(plan, date(2026, 11, 24))
    late = NOW.replace(hour=21)  # in Kamchatka the next day has begun
    with scope(readable=[ours.pk]):
        wanted = {**parameters_of(DuesFilter()), "format": "xlsx"}
        document = DueDatesList().document(municipality=ours, parameters=wanted, at=late, progress=Progress())
    assert (document.subtitle, document.file_name) == ("по состоянию на 25.11.2026", "Сроки плана 25.11.2026")
    assert [row[7] for row in document.tables[0].rows] == ["Просрочено"]


def test_export_says_what_was_reported_and_why_it_was_returned(client, ours, plan, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    with scope(writable=[ours.pk]):
        organization = OrganizationFactory(municipality=ours)
    accepted = due_on(
        plan, date(2026, 12, 1), state="accepted", report_text="Сделано", quantity=5, organization=organization
    )
    due_on(plan, date(2026, 12, 2), report_text="Почти", returned_reason="Нет акта")
    with scope(writable=[ours.pk]):
        Evidence.objects.create(
            municipality=ours, due_date=accepted, kind="link", url="https://example.ru/a", title="Новость", added_at=NOW
        )
    first, second = document_of(client, ours, "").tables[0].rows
    assert first[5] == organization.short_name
    assert first[7:] == ("Принято", date(2026, 12, 1), "Сделано", 5, "Новость")
    assert (second[7], second[9]) == ("Возвращено", "Почти\nВозвращено: Нет акта")


def test_export_for_paper_says_the_same_in_fewer_columns(client, ours, plan, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    with scope(writable=[ours.pk]):
        organization = OrganizationFactory(municipality=ours)
        line = ActivityFactory(plan=plan, quantity_unit="организаций")
    last = date(2026, 12, 1)
    due_on(plan, last, first=date(2026, 11, 1), activity=line, state="accepted", quantity=5, organization=organization)
    table = document_of(client, ours, "", "pdf").tables[0]
    (row,) = table.rows
    assert len(row) == len(table.columns) == 8
    assert row[3] == "01.12.2026\nс 01.11.2026"
    assert row[4].endswith(f"\n{organization.short_name}")
    assert row[5:7] == ("Принято\nисполнено 01.12.2026", "количество: 5 организаций")


def test_export_of_own_dues_stays_with_the_person(ours, plan, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    person = member_of(ours, Role.RESPONSIBLE)
    mine, _ = due_on(plan, date(2026, 12, 8)), due_on(plan, date(2026, 12, 8))
    with scope(writable=[ours.pk]):
        PartyAccount.objects.create(municipality=ours, party=mine.activity.party_links.get().party, user=person)
    client = Client()
    client.force_login(person)
    assert titles_of(document_of(client, ours, "mine=1")) == [mine.activity.title]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("file_format", ["xlsx", "pdf", "docx"])
def test_ordered_list_becomes_a_file(client, ours, monkeypatch, file_format):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours)
    due_on(plan, date(2026, 12, 8))
    choices = {"file_format": file_format, "first": "2026-12-01", "last": "2026-12-31", "plan": plan.pk}
    answer = client.post(reverse("office:report", args=[ours.slug, "dues"]), choices)
    assert answer.status_code == 302
    with scope(readable=[ours.pk]):
        job = BackgroundJob.objects.get()
    assert job.title == "Сроки плана с 1 декабря 2026 по 31 декабря 2026"
    services.run_job(municipality_id=ours.pk, job_id=job.pk)
    with scope(readable=[ours.pk]):
        job = BackgroundJob.objects.select_related("file").get()
    assert (job.state, job.done_units, job.error) == ("done", 1, "")
    assert job.file.name.endswith(f".{file_format}")
    if file_format == "xlsx":
        with open_file(job.file) as content:
            cells = [cell.value for row in load_workbook(io.BytesIO(content.read())).active for cell in row]
        assert "Последний день" in cells


def test_days_in_the_wrong_order_are_told(client, ours):
    answer = client.post(
        reverse("office:report", args=[ours.slug, "dues"]),
        {"file_format": "pdf", "first": "2026-12-31", "last": "2026-12-01"},
    )
    assert answer.status_code == 422
    assert "Поменяйте их местами" in answer.content.decode()


def test_ministry_reads_and_orders_nothing(ours):
    client = Client()
    client.force_login(ministry_of(ours.region))
    assert client.post(reverse("office:dues_export", args=[ours.slug]), {"format": "pdf"}).status_code == 403


def test_list_to_work_through_is_exported_as_it_is_seen(client, ours, plan, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    late = due_on(plan, date(2026, 1, 8), activity=None)
    due_on(plan, date(2100, 1, 8))
    page = client.get(reverse("office:dues", args=[ours.slug]), {"show": "overdue"})
    assert f"{reverse('office:dues_export', args=[ours.slug])}?show=overdue&amp;list=1" in page.content.decode()
    document = document_of(client, ours, "show=overdue&list=1")
    assert titles_of(document) == [late.activity.title]
    assert document.subtitle == "просроченные; по состоянию на 24.11.2026"
    assert titles_of(document_of(client, ours, "show=overdue&q=нетакого&list=1")) == []
