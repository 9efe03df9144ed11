"""Pages of plans as a person meets them, without script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.rights import Role
from plans.models import Plan, PlanImport
from tests.factories import NOW, member_of, ministry_of
from tests.factories.plans import (
    TABLE,
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    PlanImportFactory,
    ResponsiblePartyFactory,
    SectionFactory,
)
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db


def made(inside, factory, **values):
    with inside():
        return factory(**values)


def stamp_on(response, name):
    return response.context[name]


# --- upload --------------------------------------------------------------------------------------


def test_pasted_table_is_on_its_way_to_the_preview(ours, client, inside):
    response = client.post(url(ours, "plan_new"), {"text": TABLE})
    with inside():
        found = PlanImport.objects.get()
    assert response.headers["Location"] == url(ours, "plan_import", found.pk)
    assert "Портал читает документ" in text_of(client.get(response.headers["Location"]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Выберите документ или вставьте таблицу"),
        ({"file": b"%PDF-1.7 scan"}, "Сюда подойдёт Word (.docx), Excel (.xlsx), текст (.txt), а это PDF."),
        ({"file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, "сохраните без пароля как .docx или .xlsx"),
        ({"file": b""}, "Файл пустой"),
        ({"file": TABLE.encode(), "text": TABLE}, "Оставьте одно из двух"),
    ],
)
def test_upload_that_cannot_be_read_says_what_to_do(ours, client, inside, given, words):
    if "file" in given:
        given = {**given, "file": SimpleUploadedFile("plan.docx", given["file"])}
    response = client.post(url(ours, "plan_new"), given)
    assert response.status_code == 422
    assert words in text_of(response)
    with inside():
        assert not PlanImport.objects.exists()


def test_failed_reading_says_why_and_offers_another_document(ours, client, inside):
    client.post(url(ours, "plan_new"), {"text": TABLE})
    with inside():
        found = PlanImport.objects.get()
        BackgroundJob.objects.update(state="failed", error="В таблице нет строк.", finished_at=NOW)
    words = text_of(client.get(url(ours, "plan_import", found.pk)))
    assert "Документ прочитать не удалось" in words
    assert "В таблице нет строк." in words
    assert url(ours, "plan_new") in words


def test_pages_of_the_import_are_for_editors(ours, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    client = Client()
    client.force_login(member_of(ours, Role.RESPONSIBLE))
    assert client.get(url(ours, "plan_import", found.pk)).status_code == 403
    assert client.get(url(ours, "plans")).status_code == 200


# --- preview -------------------------------------------------------------------------------------


def test_preview_shows_the_cell_beside_its_reading(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    words = text_of(client.get(url(ours, "plan_import", found.pk) + "?show=all"))
    assert "1.1 Утверждение перечня учреждений" in words
    assert "1 апреля 2026</b>, 2027, 2028" in words
    assert "Всё готово." in words


def test_line_is_corrected_without_script(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    page = client.get(url(ours, "plan_import", found.pk) + "?show=all&edit=line-0")
    form = page.context["preview"].groups[0].rows[0].form
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    data[form.add_prefix("responsible")] = "Совет\nОтдел культуры\n\nсовет"
    response = client.post(url(ours, "plan_import_line", found.pk, 0), {**data, "show": "all"})
    assert response.headers["Location"].endswith("?show=all&row=line-0#line-0")
    words = text_of(client.get(response.headers["Location"]))
    assert "Совет · Отдел культуры · совет" in words
    assert "исправлено вами" in words
    again = client.post(url(ours, "plan_import_line", found.pk, 0), data)
    assert again.status_code == 422
    assert "исправил другой человек" in text_of(again)


def test_blank_title_comes_back_with_what_was_typed(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    response = client.post(
        url(ours, "plan_import_line", found.pk, 0), {"line0-title": " ", "line0-deadline_text": "до 3 мая"}
    )
    assert response.status_code == 422
    words = text_of(response)
    assert "Напишите, что нужно сделать, или удалите строку." in words
    assert "до 3 мая</textarea>" in words


def test_words_are_read_as_they_are_typed(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    address = url(ours, "deadline_words")
    assert "1 мая 2026" in text_of(client.get(address, {"import": found.pk, "line3-deadline_text": "до 1 мая"}))
    assert "31 ноября" in text_of(client.get(address, {"line3-deadline_text": "до 31 ноября"}))
    assert "срок не указан" in text_of(client.get(address, {"line3-deadline_text": " "}))
    assert "не понято" in text_of(client.get(address, {"line3-deadline_text": "абракадабра"}))


def test_row_verbs_delete_and_restore(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    page = client.get(url(ours, "plan_import", found.pk) + "?show=all")
    stamp = page.context["draft"].lines[1].stamp
    act = {"of": "line-1", "stamp": stamp, "act": "delete", "show": "all"}
    page = client.post(url(ours, "plan_import_act", found.pk), act, follow=True)
    assert "Строка не попадёт в план." in text_of(page)
    act = {**act, "act": "restore", "stamp": page.context["draft"].lines[1].stamp}
    page = client.post(url(ours, "plan_import_act", found.pk), act, follow=True)
    assert "Строка не попадёт в план." not in text_of(page)


def test_unknown_verb_and_unknown_line_are_refused(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    assert client.post(url(ours, "plan_import_act", found.pk), {"act": "explode"}).status_code == 422
    assert client.post(url(ours, "plan_import_line", found.pk, 99)).status_code == 404
    act = {"of": "line-99", "act": "delete", "stamp": ""}
    assert "Такой строки в документе нет" in text_of(
        client.post(url(ours, "plan_import_act", found.pk), act, follow=True)
    )


@pytest.mark.parametrize("query", ["?edit=line-999", "?edit=line-x", "?show=nothing", "?edit=target-0"])
def test_strange_address_of_the_preview_shows_the_preview(ours, client, inside, query):
    found = made(inside, PlanImportFactory, municipality=ours)
    assert client.get(url(ours, "plan_import", found.pk) + query).status_code == 200


def test_facts_are_asked_for_and_checked(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours, pasted_text=TABLE.split("\n", 1)[1])
    page = client.get(url(ours, "plan_import", found.pk))
    assert "Осталось решить 3 ошибки." in text_of(page)
    facts = {
        "title": "План",
        "kind": "assessment",
        "period_from": "2026-12-31",
        "period_to": "2026-01-01",
        "assessment_years": "2026–2027",
        "stamp": page.context["draft"].facts_stamp,
    }
    words = text_of(client.post(url(ours, "plan_import_facts", found.pk), facts))
    assert "Конец периода раньше начала" in words
    assert "Отметьте хотя бы одну сферу" in words
    facts |= {"period_from": "2026-01-01", "period_to": "2027-12-31", "spheres": ["culture"]}
    response = client.post(url(ours, "plan_import_facts", found.pk), facts, follow=True)
    assert response.context["draft"].facts.assessment_years == (2026, 2027)
    assert "Всё готово." in text_of(response)


def test_confirmed_draft_opens_as_a_plan_and_the_import_leads_there(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    version = client.get(url(ours, "plan_import", found.pk)).context["import"].version
    response = client.post(url(ours, "plan_import_confirm", found.pk), {"version": version}, follow=True)
    with inside():
        plan = Plan.objects.get()
    assert response.redirect_chain[-1][0] == url(ours, "plan", plan.pk)
    assert "Черновик плана создан" in text_of(response)
    assert client.get(url(ours, "plan_import", found.pk)).headers["Location"] == url(ours, "plan", plan.pk)


def test_stale_confirmation_says_so_and_makes_nothing(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    response = client.post(url(ours, "plan_import_confirm", found.pk), {"version": "77"}, follow=True)
    assert "изменил другой человек" in text_of(response)
    with inside():
        assert not Plan.objects.exists()


def test_discarding_asks_first(ours, client, inside):
    found = made(inside, PlanImportFactory, municipality=ours)
    address = url(ours, "plan_import_discard", found.pk)
    assert "Удалить загруженный документ" in text_of(client.get(address))
    assert client.post(address).headers["Location"] == url(ours, "plans")
    with inside():
        assert not PlanImport.objects.exists()


# --- plan ----------------------------------------------------------------------------------------


def fill(plan, count):
    section = SectionFactory(plan=plan)
    for _ in range(count):
        activity = ActivityFactory(plan=plan, section=section)
        party = ResponsiblePartyFactory(municipality=plan.municipality)
        ActivityPartyFactory(activity=activity, party=party)
        DueDateFactory(activity=activity)


def cost(client, address):
    client.get(address)  # what is remembered by the process is remembered
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_plan_of_3_and_of_300_lines_costs_the_same(ours, client, inside):
    with inside():
        small, large = PlanFactory(municipality=ours), PlanFactory(municipality=ours)
        fill(small, 3)
        fill(large, 300)
        lines = [plan.activities.order_by("position").first().pk for plan in (small, large)]
    assert cost(client, url(ours, "plan", small.pk)) == cost(client, url(ours, "plan", large.pk))
    beside = [f"{url(ours, 'plan', plan.pk)}?line={pk}" for plan, pk in zip((small, large), lines, strict=True)]
    assert cost(client, beside[0]) == cost(client, beside[1])


def test_list_of_1_and_of_30_plans_costs_the_same(ours, client, inside):
    with inside():
        fill(PlanFactory(municipality=ours), 2)
    one = cost(client, url(ours, "plans"))
    with inside():
        for _ in range(29):
            fill(PlanFactory(municipality=ours), 2)
        for _ in range(3):
            PlanImportFactory(municipality=ours)
    assert cost(client, url(ours, "plans")) == one


def test_list_without_plans_says_what_to_do_first(ours, client):
    words = text_of(client.get(url(ours, "plans")))
    assert "Планов пока нет" in words
    assert url(ours, "plan_new") in words


def test_plan_shows_words_reading_and_days(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    with inside():
        fill(plan, 1)
    words = text_of(client.get(url(ours, "plan", plan.pk)))
    assert "до 1 декабря</q>" in words
    assert "не позднее 1 декабря каждого года" in words
    assert "1 декабря 2026" in words


def test_filters_of_the_plan_stand_in_the_address(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    with inside():
        fill(plan, 2)
        wanted = ActivityFactory(plan=plan, title="Отчёт оператора")
    address = url(ours, "plan", plan.pk)
    page = client.get(address, {"q": "отчет"})
    assert [row.pk for group in page.context["contents"].sections for row in group.rows] == [wanted.pk]
    assert "Найдено 1 из 3" in text_of(page)
    assert "По этому запросу в плане ничего нет" in text_of(client.get(address, {"q": "нет такого"}))
    for strange in ({"party": "x"}, {"party": "9" * 30}, {"line": "9" * 30}, {"line": "-1"}):
        assert client.get(address, strange).status_code == 200


def test_line_of_another_plan_is_not_shown_beside(ours, client, inside):
    plan, other = made(inside, PlanFactory, municipality=ours), made(inside, PlanFactory, municipality=ours)
    alien = made(inside, ActivityFactory, plan=other)
    assert client.get(url(ours, "plan", plan.pk), {"line": alien.pk}).context["line"] is None


def test_activity_page_leads_to_its_neighbours(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    with inside():
        fill(plan, 3)
        before, middle, after = plan.activities.order_by("position")
    words = text_of(client.get(url(ours, "activity", middle.pk)))
    assert url(ours, "activity", before.pk) in words
    assert url(ours, "activity", after.pk) in words


def test_edited_facts_are_saved_and_stale_ones_are_not(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    facts = {
        "title": "План на два года",
        "kind": "campaign",
        "period_from": "2026-01-01",
        "period_to": "2027-12-31",
        "assessment_years": "2026",
        "spheres": ["education"],
        "version": 1,
    }
    assert client.post(url(ours, "plan_edit", plan.pk), facts).status_code == 302
    assert "изменил другой человек" in text_of(
        client.post(url(ours, "plan_edit", plan.pk), {**facts, "title": "Другой"})
    )
    with inside():
        plan.refresh_from_db()
    assert (plan.title, plan.kind, plan.spheres) == ("План на два года", "campaign", ["education"])


def test_draft_is_deleted_after_a_question(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    page = client.get(url(ours, "plan_delete", plan.pk))
    assert "Удалить черновик" in text_of(page)
    assert client.post(page.context["url"], {"reason": "Ошибка"}).headers["Location"] == url(ours, "plans")
    with inside():
        assert not Plan.objects.exists()


def test_plan_goes_to_the_archive_and_back(ours, client, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    page = client.post(url(ours, "plan_archive", plan.pk) + "?version=1", follow=True)
    assert url(ours, "plan_restore", plan.pk) + "?version=2" in text_of(page)
    assert plan.title not in text_of(client.get(url(ours, "plans")))
    assert plan.title in text_of(client.get(url(ours, "plans"), {"archive": "1"}))
    client.post(url(ours, "plan_restore", plan.pk) + "?version=2")
    assert plan.title in text_of(client.get(url(ours, "plans")))


def test_ministry_reads_the_plan_and_is_offered_no_change(ours, inside):
    plan = made(inside, PlanFactory, municipality=ours)
    client = Client()
    client.force_login(ministry_of(ours.region))
    words = text_of(client.get(url(ours, "plan", plan.pk)))
    assert plan.title in words
    assert url(ours, "plan_edit", plan.pk) not in words
    assert url(ours, "plan_delete", plan.pk) not in words
