"""Pages of the import: rows answered one by one, parts of a long document, columns, a document that is known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from nok_portal.reports.models import BackgroundJob
from plans.importing.drafts import stamp_of
from plans.models import PlanImport
from tests.factories import member_of
from tests.factories.plans import TABLE, PlanFactory, PlanImportFactory
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
PAGE_QUERIES, ACT_QUERIES = 16, 21
HEAD = "План в сфере культуры на 2026 год\n№\tМероприятие\tСрок\tИсполнители\n"


@pytest.fixture
def make(ours, inside):
    def made(text=TABLE, **values):
        with inside():
            return PlanImportFactory(municipality=ours, pasted_text=text, **values)

    return made


def long_table(lines):
    """Every third line lacks its parties."""
    rows = [f"{n}\tОпрос № {n}\tдо 1 мая\t{'Отдел' if n % 3 else ''}\n" for n in range(1, lines + 1)]
    return HEAD + "".join(rows)


def act(**given):
    return {"stamp": stamp_of({}), "show": "findings", **given}


def rows_in(response):
    """The rows of an answer, by their anchors."""
    html = response.content.decode()
    return [part.split('"')[0] for part in html.split('<tr id="')[1:]]


def test_correction_is_answered_by_what_it_changed(ours, client, make):
    found = make(long_table(9))
    given = act(act="delete", of="line-2", seen="line-0,line-1,line-2,line-5,line-8")
    response = client.post(url(ours, "plan_import_act", found.pk), given, **HTMX)
    # its own row, and none of those that say what they said before
    assert rows_in(response) == ["line-2"]
    text = text_of(response)
    assert "Строка не попадёт в план" in text
    assert 'id="said" hx-swap-oob="innerHTML">Строка 4: не попадёт в план' in text
    assert 'id="version" name="version" value="2"' in text
    assert response["HX-Push-Url"] == "false"


def test_neighbour_that_changed_is_answered_too(ours, client, make):
    found = make(HEAD + "1\tОпрос\tдо 1 мая\tОтдел\n2\tСводка\tдо 1 июня\t\n3\tОтчёт\tдо 1 июля\tСовет\n")
    # with the first line gone there is nothing above the second to take its parties from
    given = act(act="delete", of="line-0", seen="line-0,line-1,line-2")
    response = client.post(url(ours, "plan_import_act", found.pk), given, **HTMX)
    assert rows_in(response) == ["line-0", "line-1"]
    assert "Взять исполнителей" not in text_of(response)


def test_rows_that_move_bring_the_whole_draft(ours, client, make):
    found = make()
    given = act(act="make_section", of="line-1", seen="line-0,line-1")
    response = client.post(url(ours, "plan_import_act", found.pk), given, **HTMX)
    assert (response["HX-Retarget"], response["HX-Reselect"]) == ("#draft", "#draft")
    assert 'id="section-3"' in text_of(response)


def test_without_script_a_correction_leads_back_to_its_row(ours, client, make):
    found = make()
    response = client.post(url(ours, "plan_import_act", found.pk), act(act="delete", of="line-1"))
    assert response.url == url(ours, "plan_import", found.pk) + "?show=findings&row=line-1#line-1"


def test_row_says_where_its_values_were_read(ours, client, make):
    found = make()
    page = url(ours, "plan_import", found.pk)
    response = client.get(page + "?source=line-0", **HTMX)
    assert rows_in(response) == ["line-0"]
    text = text_of(response)
    assert "таблица 1, строка 3, колонка «Срок исполнения»" in text
    assert "таблица 1, строка 3, колонка «Исполнители»" in text
    assert "таблица 1" not in text_of(client.get(page))


def test_faulty_form_comes_back_in_its_row(ours, client, make):
    found = make()
    given = {"line0-title": " ", "line0-number": "1.1", "line0-stamp": stamp_of({}), "show": "findings"}
    response = client.post(url(ours, "plan_import_line", found.pk, 0), given, **HTMX)
    assert response.status_code == 422
    assert 'id="line-0"' in text_of(response)
    assert "Напишите, что нужно сделать" in text_of(response)


def test_section_is_corrected_in_its_row(ours, client, make, inside):
    found = make()
    given = {"section1-title": "Итоги", "section1-number": "II.", "section1-stamp": stamp_of({}), "seen": "line-2"}
    response = client.post(url(ours, "plan_import_section", found.pk, 1), given, **HTMX)
    assert "Раздел II. Итоги" in text_of(response)
    empty = {**given, "section1-title": " "}
    assert client.post(url(ours, "plan_import_section", found.pk, 1), empty, **HTMX).status_code == 422
    assert client.post(url(ours, "plan_import_section", found.pk, 7), given).status_code == 404


def test_long_document_comes_in_parts(ours, client, make):
    found = make(long_table(130))
    page = url(ours, "plan_import", found.pk) + "?show=all"
    first = client.get(page)
    assert [line.line.index for group in first.context["preview"].groups for line in group.rows] == list(range(60))
    assert "Показать остальные строки" in text_of(first)
    second = client.get(page + "&after=59", **HTMX)
    assert rows_in(second) == [*(f"line-{n}" for n in range(60, 120)), "more"]
    third = client.get(page + "&after=119", **HTMX)
    assert rows_in(third) == [f"line-{n}" for n in range(120, 130)]
    # a row that must be in sight brings all above it
    kept = client.get(page + "&row=line-100")
    assert len([line for group in kept.context["preview"].groups for line in group.rows]) == 101


@pytest.mark.parametrize("lines", [3, 300])
def test_preview_and_correction_cost_the_same_queries_however_long(
    ours, client, make, django_assert_num_queries, lines
):
    found = make(long_table(lines))
    page = url(ours, "plan_import", found.pk)
    client.get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page)
    given = act(act="delete", of="line-2", seen=",".join(f"line-{n}" for n in range(lines)))
    with django_assert_num_queries(ACT_QUERIES):
        client.post(url(ours, "plan_import_act", found.pk), given, **HTMX)


def test_columns_are_shown_and_can_be_set(ours, client, make, inside):
    found = make()
    page = client.get(url(ours, "plan_import", found.pk))
    columns = page.context["tables"][0].columns
    assert [column.meaning for column in columns] == ["number", "title", "deadline", "result", "responsible"]
    sent = {column.name: column.meaning for column in columns} | {columns[3].name: "other", "version": 1}
    response = client.post(url(ours, "plan_import_columns", found.pk), sent)
    assert response.url == url(ours, "plan_import", found.pk)
    with inside():
        found.refresh_from_db()
    assert found.rereading == {
        "columns": {"1": {"0": "number", "1": "title", "2": "deadline", "3": "other", "4": "responsible"}}
    }
    assert "Портал читает документ" in text_of(client.get(url(ours, "plan_import", found.pk)))
    kept = client.post(url(ours, "plan_import_choice", found.pk), {"choice": "keep"}, follow=True)
    assert "Оставлено прежнее чтение" in text_of(kept)


def test_offer_of_a_new_reading_says_what_would_be_lost(ours, client, make, inside):
    found = make()
    with inside():
        lost = {"activities": {"0": {"deadline_text": "до 5 апреля"}}}
        other = make(TABLE.replace("до 1 апреля", "до 2 апреля")).table
        PlanImport.objects.filter(pk=found.pk).update(corrections=lost, rereading={"columns": {}, "table": other})
    text = text_of(client.get(url(ours, "plan_import", found.pk)))
    assert "не будет места 1 вашему исправлению" in text
    assert "Строка 3, срок: «до 5 апреля»" in text
    taken = client.post(url(ours, "plan_import_choice", found.pk), {"choice": "take", "version": 1}, follow=True)
    assert "Новое чтение принято" in text_of(taken)
    assert "до 5 апреля" not in text_of(taken)


def test_document_that_is_known_is_told_before_it_is_read(ours, client, make, inside):
    with inside():
        plan = PlanFactory(municipality=ours, title="План на 2026 год")
    editor = member_of(ours)
    first = make(state="confirmed", plan=plan, created_by=editor)
    client.post(url(ours, "plan_new"), {"text": TABLE})
    with inside():
        PlanImport.objects.filter(pk=first.pk).update(source_hash=PlanImport.objects.latest("pk").source_hash)
    response = client.post(url(ours, "plan_new"), {"text": TABLE}, follow=True)
    text = text_of(response)
    assert "Этот документ уже загружали" in text
    assert "План на 2026 год" in text
    assert str(editor) in text
    with inside():
        known = PlanImport.objects.latest("pk")
    assert "Уже загружали" in text_of(client.get(url(ours, "plans")))
    opened = client.post(url(ours, "plan_import_discard", known.pk), {"open": "1"})
    assert opened.url == url(ours, "plan_import", first.pk)
    again = client.post(url(ours, "plan_new"), {"text": TABLE}, follow=True).redirect_chain[-1][0]
    read = client.post(f"{again}go-on/", follow=True)
    assert "Портал читает документ" in text_of(read)


def test_document_without_activities_offers_what_can_be_done(ours, client, make):
    text = text_of(client.get(url(ours, "plan_import", make("Просто письмо без таблицы.").pk)))
    assert "Таблицы с мероприятиями в документе не нашлось" in text
    assert "Загрузить другой документ" in text
    assert "Создать черновик плана" not in text


def test_expiry_is_shown(ours, client, make):
    found = make()
    last = timezone.localtime(found.expires_at)
    assert f"хранится до {last.day}" in text_of(client.get(url(ours, "plan_import", found.pk)))
    assert "хранится до" in text_of(client.get(url(ours, "plans")))
    assert f"{last:%Y}" in text_of(client.get(url(ours, "plan_new")))


def test_second_tab_is_told_and_sees_the_row_as_it_is(ours, client, make):
    found = make()
    address = url(ours, "plan_import_act", found.pk)
    client.post(address, act(act="delete", of="line-1"))
    stale = client.post(address, act(act="delete", of="line-1", seen="line-1"), follow=True, **HTMX)
    assert "исправил другой человек" in text_of(stale)
    assert rows_in(stale) == ["line-1"]
    assert "Строка не попадёт в план" in text_of(stale)


def test_reading_whose_worker_died_says_that_it_begins_anew(ours, client, inside):
    page = client.post(url(ours, "plan_new"), {"text": TABLE}).url
    assert "Чтение прервалось" not in text_of(client.get(page))
    with inside():
        long_ago = timezone.now() - timedelta(minutes=1)
        BackgroundJob.objects.update(state="running", heartbeat_at=long_ago, queued_at=long_ago)
    assert "портал начнёт читать его заново сам" in text_of(client.get(page))


def test_failed_reading_keeps_what_was_pasted(ours, client, inside):
    page = client.post(url(ours, "plan_new"), {"text": TABLE}).url
    with inside():
        BackgroundJob.objects.update(state="failed", error="Таблица слишком велика.", finished_at=timezone.now())
    text = text_of(client.get(page))
    assert "Таблица слишком велика." in text
    assert "Утверждение перечня учреждений" in text
    assert "Прочитать ещё раз" in text
