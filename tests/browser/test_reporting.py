"""Find my work, report with a file, have it returned, mend it, have it accepted: on a desktop and on a phone."""

import pytest
from playwright.sync_api import expect

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
PDF = {"name": "Акт осмотра.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 "}
FILM = {"name": "Открытие.mov", "mimeType": "video/quicktime", "buffer": b"\x00\x00\x00\x14ftypqt"}


def plain(text):
    return text.replace("\u00a0", " ")


def test_report_is_sent_returned_mended_and_accepted(new_page, log_in, assert_accessible, intended):
    ours = MunicipalityFactory(slug="sosnovskiy")
    editor = member_of(ours, full_name="Осипова Дарья")
    responsible = member_of(ours, Role.RESPONSIBLE, full_name="Седов Павел")
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours, state="approved")
        party = ResponsiblePartyFactory(municipality=ours)
        PartyAccount.objects.create(municipality=ours, party=party, user=responsible)
        due = DueDateFactory(activity=ActivityFactory(plan=plan, number="2.5", title="Обновление стендов"))
        ActivityPartyFactory(activity=due.activity, party=party)
        DueDateFactory(activity=ActivityFactory(plan=plan, title="Чужая работа"))
    due_path = f"/m/sosnovskiy/dues/{due.pk}/"
    intended.update({(422, due_path), (422, f"{due_path}decide/return/")})

    # my work, and nobody else's
    mine = new_page()
    log_in(mine, responsible)
    mine.goto("/m/sosnovskiy/")
    mine.get_by_role("link", name="Мои сроки").locator("visible=true").first.click()
    expect(mine.get_by_role("heading", name="Мои сроки", level=1)).to_be_visible()
    expect(mine.get_by_text("Чужая работа")).to_have_count(0)
    assert_accessible(mine)
    mine.get_by_role("link", name="2.5 Обновление стендов").first.click()

    # a file is kept at once, one that is refused is named, and what was typed stays
    mine.get_by_label("Что сделано").fill("На шести стендах размещены сроки опроса.")
    mine.set_input_files("input[type=file]", files=[PDF, FILM])
    expect(mine.locator("#evidence").get_by_role("link", name="Акт осмотра.pdf")).to_be_visible()
    expect(mine.locator("#evidence .bad")).to_contain_text("Открытие.mov")
    mine.get_by_text("Указать ссылку").click()
    mine.get_by_label("Адрес страницы").fill("adm.example.ru/nok")
    mine.get_by_role("button", name="Приложить ссылку").click()
    expect(mine.locator("#evidence").get_by_role("link", name="https://adm.example.ru/nok")).to_be_visible()
    assert mine.get_by_label("Что сделано").input_value() == "На шести стендах размещены сроки опроса."
    assert_accessible(mine)

    # the day is forgotten: told, and nothing lost
    mine.get_by_role("button", name="Отправить на проверку").click()
    expect(mine.get_by_role("alert")).to_contain_text("Укажите день исполнения")
    assert_accessible(mine)
    mine.get_by_label("День исполнения").fill("2026-01-20")
    mine.get_by_role("button", name="Отправить на проверку").click()
    expect(mine.locator(".toast")).to_contain_text("Отчёт отправлен на проверку")
    expect(mine.get_by_role("link", name="Акт осмотра.pdf")).to_be_visible()
    assert_accessible(mine)

    # who accepts finds it, and returns it with a reason
    theirs = new_page()
    log_in(theirs, editor)
    theirs.goto("/m/sosnovskiy/dues/?show=waiting")
    theirs.get_by_role("link", name="Проверить").click()
    expect(theirs.get_by_text("На шести стендах")).to_have_count(2)  # the report, and its history
    theirs.get_by_role("button", name="Вернуть").click()
    expect(theirs.get_by_text("Напишите, что исправить").first).to_be_visible()
    assert_accessible(theirs)
    theirs.get_by_label("Замечание").fill("Нет фотографии стенда в музее")
    theirs.get_by_role("button", name="Вернуть").click()
    expect(theirs.locator(".toast")).to_contain_text("Отчёт возвращён")

    # it comes back with the reason, is mended and goes again
    mine.goto("/m/sosnovskiy/dues/?show=returned")
    mine.get_by_role("link", name="Исправить").click()
    expect(mine.locator(".finding")).to_contain_text("Нет фотографии стенда в музее")
    mine.locator("#evidence li", has_text="adm.example.ru").get_by_role("button").click()
    expect(mine.locator("#evidence").get_by_role("link", name="https://adm.example.ru/nok")).to_have_count(0)
    mine.set_input_files(
        "input[type=file]", files=[{"name": "Музей.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}]
    )
    expect(mine.locator("#evidence").get_by_role("link", name="Музей.png")).to_be_visible()
    mine.get_by_role("button", name="Отправить на проверку").click()
    expect(mine.locator(".toast")).to_contain_text("Отчёт отправлен на проверку")

    # accepted together with others from the list, by its box
    theirs.goto("/m/sosnovskiy/dues/?show=waiting")
    theirs.get_by_role("checkbox", name="Отметить: 2.5").check()
    expect(theirs.locator("[data-count]")).to_have_text("Отмечено: 1 срок")
    assert_accessible(theirs)
    theirs.get_by_role("button", name="Принять").click()
    expect(theirs.get_by_role("heading", name="Принять несколько отчётов")).to_be_visible()
    assert_accessible(theirs)
    theirs.get_by_role("button", name="Принять: 1 срок").click()
    expect(theirs.locator(".toast")).to_contain_text("Принято")

    with scope(readable=[ours.pk]):
        now = DueDate.objects.get(pk=due.pk)
        assert (now.state, now.report_text) == ("accepted", "На шести стендах размещены сроки опроса.")
        assert sorted(str(one) for one in now.evidence.all()) == ["Акт осмотра.pdf", "Музей.png"]
    mine.goto(due_path)
    expect(mine.locator(".page-head")).to_contain_text("Принято")
    assert "Отчёт возвращён" in plain(mine.locator(".history").inner_text())
    assert_accessible(mine)
