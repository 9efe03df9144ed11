"""Reports and decisions that come too late: nothing that was typed is lost, and every refusal is said."""

import pytest
from django.test import Client
from django.utils import timezone

from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount
from plans.services.reporting import accept_report
from tests.factories import NOW, LegalActFactory
from tests.plans.due_pages import client_of, decide_url, fresh, many_url, page_of, proofs_of
from tests.plans.pages import text_of
from tests.plans.reporting import World, a_file

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def editor(world: World) -> Client:
    return client_of(world.editor)


@pytest.fixture
def writer(world: World) -> Client:
    return client_of(world.responsible)


def pairs(*dues: DueDate) -> list[str]:
    return [f"{due.pk}:{due.version}" for due in dues]


def accept(world: World, due: DueDate) -> None:
    with scope(writable=[world.municipality.pk]):
        accept_report(due=due, version=due.version, actor=world.editor, at=NOW)


def remove(world: World, due: DueDate) -> None:
    with scope(writable=[world.municipality.pk]):
        DueDate.objects.filter(pk=due.pk).delete()


def reassign(world: World) -> None:
    with scope(writable=[world.municipality.pk]):
        PartyAccount.objects.filter(user=world.responsible).delete()


def typed(**more):
    return {"do": "send", "version": 1, "done_on": TODAY.isoformat(), "report_text": "Мой отчёт", **more}


# ---- several at once


def test_reason_stays_when_one_of_several_was_decided_meanwhile(world: World, editor: Client):
    dues = [world.reported(), world.reported()]
    chosen = pairs(*dues)
    accept(world, dues[0])
    page = editor.post(many_url(world), {"act": "return", "do": "send", "due": chosen, "reason": "Нет даты"})
    assert page.status_code == 422
    assert "Нет даты" in text_of(page)


def test_reason_and_report_stay_when_nothing_fits_any_more(world: World, editor: Client, writer: Client):
    due = world.reported()
    chosen = pairs(due)
    accept(world, due)
    for client, data, words in (
        (editor, {"act": "return", "reason": "Нет даты"}, "Нет даты"),
        (writer, typed(act="report", link_url="adm.example.ru/nok"), "adm.example.ru/nok"),
        (writer, typed(act="report"), "Мой отчёт"),
    ):
        page = client.post(many_url(world), {"do": "send", "due": chosen, **data})
        assert page.status_code == 422
        assert words in text_of(page)


def test_files_are_kept_when_one_of_several_was_reported_meanwhile(world: World, writer: Client):
    good, gone = world.due(), world.due()
    chosen = pairs(good, gone)
    remove(world, gone)
    page = writer.post(many_url(world), typed(act="report", due=chosen, uploads=[a_file()]))
    assert page.status_code == 422
    assert proofs_of(good) == ["Акт.pdf"]
    assert "Мой отчёт" in text_of(page)
    assert fresh(good).state == "open"


def test_several_without_versions_were_not_seen(world: World, editor: Client):
    due = world.reported()
    page = editor.post(many_url(world), {"act": "accept", "do": "send", "due": [due.pk]})
    assert page.status_code == 422
    assert fresh(due).state == "reported"


# ---- one due date


def test_report_stays_when_the_work_was_given_to_another(world: World, writer: Client):
    due = world.due()
    reassign(world)
    page = writer.post(page_of(due), typed(link_url="adm.example.ru/nok"))
    assert page.status_code == 422
    assert "По этому сроку отчитывается другой исполнитель." in text_of(page)
    assert "Мой отчёт" in text_of(page)
    assert "adm.example.ru/nok" in text_of(page)
    assert proofs_of(due) == []


@pytest.mark.parametrize(("client", "address", "data", "words"), [
    ("writer", page_of, typed(act_number="15-р", act_adopted_on="2026-11-20"), ["Мой отчёт", "15-р"]),
    ("editor", lambda due: decide_url(due, "return"), {"version": 1, "reason": "Нет даты"}, ["Нет даты"]),
])  # fmt: skip
def test_words_stay_when_the_due_date_is_gone(world: World, request, client, address, data, words):
    due = world.due()
    remove(world, due)
    page = request.getfixturevalue(client).post(address(due), data)
    assert page.status_code == 404
    assert "Этого срока больше нет" in text_of(page)
    assert all(one in text_of(page) for one in words)


def test_link_and_act_stay_when_the_report_was_accepted_meanwhile(world: World, writer: Client):
    due = world.reported()
    accept(world, due)
    with scope(writable=[world.municipality.pk]):
        act = LegalActFactory(municipality=world.municipality)
    page = writer.post(page_of(due), typed(do="attach", link_url="adm.example.ru/nok", legal_act=act.pk))
    assert page.status_code == 422
    assert "Подтверждения уже не меняются" in text_of(page)
    assert "adm.example.ru/nok" in text_of(page)
    assert str(act) in text_of(page)


@pytest.mark.parametrize("verb", ["cancel", "reopen"])
@pytest.mark.parametrize("reason", [" ", "б" * 1001])
def test_reason_that_is_wrong_is_asked_for_again(world: World, editor: Client, verb, reason):
    due = world.due(state="cancelled" if verb == "reopen" else "open")
    page = editor.post(decide_url(due, verb) + "?version=1", {"reason": reason})
    assert page.status_code == 422
    assert 'role="alert"' in text_of(page)
    assert f'value="{reason}"' in page.content.decode()
    assert f"?version={due.version}" in text_of(page)
    assert fresh(due).state == due.state
