"""A person says what deadline words mean: on a line of a document that is being checked and in a plan."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.enums import DueState, PlanState
from plans.models import Activity, DueDate, Plan, PlanImport
from plans.services.imports import confirm_import
from tests.factories import NOW, MunicipalityFactory, member_of
from tests.factories.plans import TABLE, ActivityFactory, DueDateFactory, PlanFactory, PlanImportFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WRONG = TABLE.replace("до 1 декабря", "до 31 ноября")
LINE = 2  # «Отчёт оператора»
# the form says «до 15 ноября каждого года плана»
BY_15_NOVEMBER = {
    "do": "save",
    "parts": "1",
    "part0-kind": "by",
    "part0-day": "15",
    "part0-month": "11",
    "part0-years": "every",
    "day_off": "stays",
}


@pytest.fixture
def ours():
    return MunicipalityFactory()


@pytest.fixture
def editor(ours):
    return member_of(ours)


@pytest.fixture
def client(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def inside(ours):
    return lambda: scope(writable=[ours.pk])


@pytest.fixture
def wrong(ours, inside):
    """A document with «до 31 ноября» in it."""
    with inside():
        return PlanImportFactory(municipality=ours, pasted_text=WRONG)


@pytest.fixture
def activity(ours, inside):
    """An activity with «до 31 ноября» that has no days."""
    words = "до 31 ноября"
    with inside():
        return ActivityFactory(
            plan=PlanFactory(municipality=ours),
            deadline_text=words,
            deadline_rule=to_json(parse(words)),
            deadline_reading="",
            findings=[{"code": "deadline_impossible", "severity": "error", "message": "Нет такого дня", "field": ""}],
        )


def url(ours, name, *args):
    return reverse(f"office:{name}", args=[ours.slug, *args])


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def line_of(client, ours, found):
    page = client.get(url(ours, "plan_import", found.pk) + "?show=all")
    return page, next(line for line in page.context["draft"].lines if line.index == LINE)


def days_of(activity):
    return sorted(activity.due_dates.values_list("window_to", flat=True))


# on a line of a document


def test_answer_puts_an_impossible_date_right_and_leaves_the_words(ours, client, inside, wrong):
    page, line = line_of(client, ours, wrong)
    assert "31 ноября" in str([finding.message for finding in line.findings])
    assert 'name="answer" value="30 ноября"' in text_of(page)

    answer = {"do": "answer", "answer": "30 ноября", "stamp": line.stamp, "show": "all"}
    response = client.post(url(ours, "plan_import_reading", wrong.pk, LINE), answer)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"?show=all&row=line-{LINE}#line-{LINE}")

    page, line = line_of(client, ours, wrong)
    assert (line.row.deadline_text, line.reading) == ("до 31 ноября", "До 30 ноября")
    assert date(2026, 11, 30) in line.days
    assert [finding for finding in line.findings if finding.field == "deadline_text"] == []
    assert page.context["draft"].errors == 0
    assert "исправлено вручную:" in text_of(page)


def test_form_says_who_corrected_and_takes_it_back(ours, client, editor, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stamp = line_of(client, ours, wrong)[1].stamp
    client.post(address, {**BY_15_NOVEMBER, "stamp": stamp})
    form = client.get(address)
    assert f"исправлено вручную: {editor.full_name}" in text_of(form)
    assert form.context["form"].parts[0]["day"].value() == "15"

    response = client.post(address, {"do": "undo", "stamp": form.context["place"].stamp})
    assert response.status_code == 302
    line = line_of(client, ours, wrong)[1]
    assert (line.correction, line.is_corrected, line.reading) == (None, False, "")


def test_what_equals_the_portals_own_reading_is_no_correction(ours, client, inside):
    with inside():
        found = PlanImportFactory(municipality=ours)
    line = line_of(client, ours, found)[1]
    by_1_december = {**BY_15_NOVEMBER, "part0-day": "1", "part0-month": "12"}
    client.post(url(ours, "plan_import_reading", found.pk, LINE), {**by_1_december, "stamp": line.stamp})
    with inside():
        found.refresh_from_db()
    assert not found.corrections.get("activities")


def test_correction_is_dropped_with_a_notice_when_the_words_change(ours, client, inside, wrong):
    line = line_of(client, ours, wrong)[1]
    client.post(url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "stamp": line.stamp})
    page, line = line_of(client, ours, wrong)
    fields = {
        "title": line.row.title,
        "deadline_text": "до 20 декабря",
        "responsible": "\n".join(line.row.responsible),
        "expected_result": line.row.expected_result,
        "number": line.row.number,
        "section_index": line.row.section_index,
        "step": line.row.step or "",
        "stamp": line.stamp,
    }
    changed = {f"line{LINE}-{name}": value for name, value in fields.items()}
    assert client.post(url(ours, "plan_import_line", wrong.pk, LINE), changed).status_code == 302

    page, line = line_of(client, ours, wrong)
    assert (line.correction, line.reading) == (None, "До 20 декабря")
    assert "слова срока изменились, поэтому исправленное понимание снято" in text_of(page)


def test_two_people_at_once_do_not_overwrite_each_other(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stale = line_of(client, ours, wrong)[1].stamp
    client.post(address, {"do": "answer", "answer": "1 декабря", "stamp": stale})
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": stale})
    assert response.status_code == 422
    assert "исправил другой человек" in text_of(response)
    assert "До 1 декабря" in text_of(response)
    assert response.context["form"].parts[0]["day"].value() == "15"
    assert response.context["place"].stamp != stale
    assert line_of(client, ours, wrong)[1].reading == "До 1 декабря"


def test_plan_keeps_the_correction_with_its_person_and_its_history(ours, client, editor, inside, wrong):
    line = line_of(client, ours, wrong)[1]
    client.post(url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "stamp": line.stamp})
    with inside():
        found = PlanImport.objects.get()
        plan = confirm_import(plan_import=found, version=found.version, actor=editor, at=AT)
        made = Activity.objects.get(plan=plan, deadline_text="до 31 ноября")
        assert (made.reading_corrected_by, made.deadline_reading) == (editor, "До 15 ноября")
        assert days_of(made) == [date(year, 11, 15) for year in (2026, 2027, 2028)]
        assert made.findings == []
        entry = AuditEntry.objects.get(object_type="plans.activity")
    assert (entry.verb, entry.before, entry.after) == (
        "Исправлено понимание срока",
        {"deadline_reading": ""},
        {"deadline_reading": "До 15 ноября"},
    )
    assert "«не понято» → «До 15 ноября»" in text_of(client.get(url(ours, "plan_history", plan.pk)))


# in a plan


def test_correction_in_a_plan_gives_days_and_settles_the_finding(ours, client, editor, inside, activity):
    address = url(ours, "activity_reading", activity.pk)
    response = client.post(address, {"do": "answer", "answer": "30 ноября", "stamp": "1"})
    assert response.status_code == 302
    with inside():
        activity.refresh_from_db()
        assert (activity.deadline_text, activity.deadline_reading) == ("до 31 ноября", "До 30 ноября")
        assert (activity.reading_corrected_by, activity.version, activity.findings) == (editor, 2, [NO_PARTY])
        assert days_of(activity) == [date(year, 11, 30) for year in (2026, 2027, 2028)]
    panel = text_of(client.get(response.headers["Location"]))
    assert f"исправлено вручную: {editor.full_name}" in panel
    assert "Исправлено понимание срока" in panel


NO_PARTY = {
    "code": "no_responsible",
    "severity": "warning",
    "message": "Нет исполнителя: напоминания отправить некому. Назначьте исполнителя.",
    "field": "responsible",
}


def test_undo_in_a_plan_reads_the_words_again_and_keeps_what_was_reported(ours, client, inside, activity):
    address = url(ours, "activity_reading", activity.pk)
    client.post(address, {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        DueDate.objects.filter(window_to=date(2026, 11, 15)).update(
            state=DueState.REPORTED, done_on=date(2026, 11, 15), reported_at=NOW
        )
    client.post(address, {"do": "undo", "stamp": "2"})
    with inside():
        activity.refresh_from_db()
        assert (activity.reading_corrected_at, activity.reading_corrected_by, activity.deadline_reading) == (
            None,
        ) * 2 + ("",)
        assert days_of(activity) == [date(2026, 11, 15)]
        assert [finding["code"] for finding in activity.findings] == ["no_responsible", "deadline_impossible"]
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "Исправлено понимание срока",
        "Сроки пересчитаны",
        "Возвращено понимание срока по словам",
        "Сроки пересчитаны",
    ]


def test_other_activities_keep_their_days(ours, client, inside, activity):
    with inside():
        other = ActivityFactory(plan=activity.plan, deadline_rule=to_json(parse("до 1 декабря")))
        for year in (2026, 2027, 2028):
            DueDateFactory(activity=other, window_from=date(year, 1, 1), window_to=date(year, 12, 1))
        before = list(other.due_dates.order_by("pk").values_list("pk", flat=True))
    client.post(url(ours, "activity_reading", activity.pk), {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        assert list(other.due_dates.order_by("pk").values_list("pk", flat=True)) == before


def test_correction_outlives_a_change_of_the_period(ours, client, inside, activity):
    client.post(url(ours, "activity_reading", activity.pk), {**BY_15_NOVEMBER, "stamp": "1"})
    with inside():
        plan = Plan.objects.get()
    facts = {
        "title": plan.title, "kind": plan.kind, "period_from": "2026-01-01", "period_to": "2026-12-31",
        "assessment_years": "2026", "spheres": plan.spheres, "version": plan.version,
    }  # fmt: skip
    shown = client.post(url(ours, "plan_edit", plan.pk), facts).context["difference"]
    assert client.post(url(ours, "plan_edit", plan.pk), {**facts, "seen": shown.stamp}).status_code == 302
    with inside():
        activity.refresh_from_db()
        assert days_of(activity) == [date(2026, 11, 15)]
        assert activity.findings == [NO_PARTY]


def test_stale_version_closed_plan_and_words_that_are_not_there(ours, client, inside, activity):
    address = url(ours, "activity_reading", activity.pk)
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": "7"})
    assert response.status_code == 422
    with inside():
        Plan.objects.update(state=PlanState.CLOSED)
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": "1"})
    assert response.status_code == 422
    assert "План закрыт" in text_of(response)
    panel = client.get(url(ours, "activity", activity.pk))
    assert "Исправить понимание" not in text_of(panel)
    with inside():
        Plan.objects.update(state=PlanState.DRAFT, archived_at=NOW)
    for sent in ({**BY_15_NOVEMBER, "stamp": "1"}, {"do": "undo", "stamp": "1"}):
        response = client.post(address, sent)
        assert (response.status_code, "План в архиве" in text_of(response)) == (422, True)
    with inside():
        Activity.objects.update(deadline_text="")
    assert client.get(address).status_code == 404
    with inside():
        assert Activity.objects.get().version == 1


def test_who_only_sees_plans_is_offered_no_correction(ours, inside, activity):
    reader = Client()
    reader.force_login(member_of(ours, Role.RESPONSIBLE))
    for page in (url(ours, "activity", activity.pk), url(ours, "plan", activity.plan_id) + f"?line={activity.pk}"):
        words = text_of(reader.get(page))
        assert "до 31 ноября" in words
        assert "Исправить понимание" not in words
        assert "Указать срок" not in words
    assert reader.post(url(ours, "activity_reading", activity.pk), BY_15_NOVEMBER).status_code == 403


def test_table_of_the_plan_leads_to_the_form_where_words_were_not_understood(ours, client, inside, activity):
    link = f'<a href="{url(ours, "activity_reading", activity.pk)}" hx-boost="false">Указать срок</a>'
    assert link in text_of(client.get(url(ours, "plan", activity.plan_id)))


def test_expired_document_has_no_form(ours, client, inside, wrong):
    with inside():
        PlanImport.objects.update(expires_at=AT.replace(year=2020), created_at=AT.replace(year=2020))
    assert client.get(url(ours, "plan_import_reading", wrong.pk, LINE)).status_code == 404


# the form


def test_form_begins_with_what_was_understood(ours, client, inside):
    with inside():
        found = PlanImportFactory(municipality=ours)
    form = client.get(url(ours, "plan_import_reading", found.pk, LINE)).context["form"]
    part = form.parts[0]
    assert (part["kind"].value(), part["day"].value(), part["month"].value()) == ("by", "1", 12)


def test_form_begins_empty_and_says_so_where_nothing_was_understood(ours, client, inside, wrong):
    response = client.get(url(ours, "plan_import_reading", wrong.pk, LINE))
    assert "поэтому форма пустая" in text_of(response)
    assert response.context["form"].parts[0]["day"].value() == ""


def test_parts_are_added_taken_away_and_reshaped_without_saving(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    added = client.post(address, {**BY_15_NOVEMBER, "do": "add"})
    assert added.status_code == 200
    assert [part["day"].value() for part in added.context["form"].parts] == ["15", None]
    two = {**BY_15_NOVEMBER, "parts": "2", "part1-kind": "repeat", "part1-period": "month", "part1-placing": "by_day"}
    reshaped = client.post(address, {**two, "do": "reshape"})
    second = reshaped.context["form"].parts[1]
    assert {"day", "where", "times"} <= set(second.fields)
    assert "weekday" not in second.fields
    left = client.post(address, {**two, "do": "remove-0"})
    assert [part.part_kind for part in left.context["form"].parts] == ["repeat"]
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


def test_wrong_choices_stand_at_their_fields_and_nothing_is_kept(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stamp = line_of(client, ours, wrong)[1].stamp
    response = client.post(address, {**BY_15_NOVEMBER, "part0-day": "31", "stamp": stamp})
    assert response.status_code == 422
    assert response.context["form"].parts[0].errors == {
        "day": ["31 ноября не бывает: в ноябре 30\u00a0дней. Выберите день."]
    }
    nothing = client.post(address, {"do": "save", "parts": "0", "stamp": stamp})
    assert nothing.status_code == 422
    assert "Пока ничего не выбрано" in text_of(nothing)
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "explode"},
        {"do": "remove-99999", "parts": "1"},
        {"do": "remove-²", "parts": "²"},
        {"do": "add", "parts": "99999999"},
        {"do": "answer", "answer": "1 апреля"},
        {"do": "answer", "answer": "30 ноября\x00", "stamp": "\x00"},
        {**BY_15_NOVEMBER, "parts": "13", "part12-kind": "by"},
        {**BY_15_NOVEMBER, "part0-kind": "\x00", "part0-years": "x" * 9000},
        {**BY_15_NOVEMBER, "part0-kind": "event", "part0-event": "x" * 9000, "part0-link": "<b>" * 100},
        {**BY_15_NOVEMBER, "part0-kind": "event", "part0-amount": "9" * 500, "part0-unit": "eons"},
        {**BY_15_NOVEMBER, "part0-kind": "repeat", "part0-period": "eon", "part0-times": "-1"},
        {**BY_15_NOVEMBER, "part0-kind": "stretch", "part0-stretch": "month-99"},
        {**BY_15_NOVEMBER, "part0-years": "named", "part0-named": "9" * 90},
        {**BY_15_NOVEMBER, "marks": ["ongoing", "nonsense"], "day_off": "never"},
    ],
)
def test_hand_made_forms_are_refused_and_break_nothing(ours, client, inside, wrong, given):
    stamp = line_of(client, ours, wrong)[1].stamp
    for address in (url(ours, "plan_import_reading", wrong.pk, LINE), url(ours, "deadline_parts")):
        response = client.post(address, {"stamp": stamp, **given})
        assert response.status_code in (200, 422)
    with inside():
        wrong.refresh_from_db()
    assert wrong.corrections == {}


def test_a_part_beyond_the_most_is_not_read(ours, client, inside, wrong):
    response = client.post(
        url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "parts": "500", "do": "add"}
    )
    assert len(response.context["form"].parts) == 12


# live


def test_choices_are_read_as_they_are_made(ours, client, inside, wrong, activity):
    for query in ({"import": wrong.pk}, {"plan": activity.plan_id}):
        address = url(ours, "deadline_parts") + f"?{next(iter(query))}={next(iter(query.values()))}"
        words = text_of(client.post(address, BY_15_NOVEMBER))
        assert "До 15 ноября" in words
        assert "15 ноября 2026" in words
    weekend = text_of(client.post(address, {**BY_15_NOVEMBER, "part0-day": "28"}))
    assert "выходные дни: 28 ноября 2026, 28 ноября 2027" in weekend
    wrong_day = text_of(client.post(address, {**BY_15_NOVEMBER, "part0-day": "31"}))
    assert "31 ноября не бывает" in wrong_day


def test_documents_and_plans_of_others_tell_nothing(ours, client):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        their_import = PlanImportFactory(municipality=theirs)
        their_plan = PlanFactory(municipality=theirs)
    for query in (f"import={their_import.pk}", f"plan={their_plan.pk}"):
        assert client.get(url(ours, "deadline_words") + "?" + query).status_code == 404
        assert client.post(url(ours, "deadline_parts") + "?" + query, BY_15_NOVEMBER).status_code == 404
    assert client.get(url(ours, "deadline_words") + "?import=abc&plan=" + "9" * 40).status_code == 200


def test_every_page_costs_the_same_however_long_the_plan_is(ours, client, inside, activity, django_assert_num_queries):
    address = url(ours, "activity_reading", activity.pk)
    client.get(address)
    with django_assert_num_queries(FORM_QUERIES):
        client.get(address)
    with inside():
        ActivityFactory.create_batch(10, plan=activity.plan)
    with django_assert_num_queries(FORM_QUERIES):
        client.get(address)


def test_correction_costs_the_same_however_long_the_plan_is(ours, client, inside, activity):
    address = url(ours, "activity_reading", activity.pk)
    cost = []
    for version in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            client.post(address, {**BY_15_NOVEMBER, "part0-day": str(14 + version), "stamp": str(version)})
        cost.append(len(queries))
        with inside():
            activity.refresh_from_db()
            assert activity.version == version + 1
            ActivityFactory.create_batch(10, plan=activity.plan, deadline_rule={})
    # the second time there are days of the first to be taken away, if nothing proves anything about them
    assert cost[1] - cost[0] <= 2


FORM_QUERIES = 17
