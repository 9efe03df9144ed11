"""«Мои сроки» and several due dates at once: what each sort shows, what is done to all or to none."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.scope import scope
from plans.models import DueDate
from plans.services.reporting import accept_report, reopen
from tests.factories import NOW, OrganizationFactory, ministry_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, ResponsiblePartyFactory
from tests.plans.due_pages import (
    TODAY,
    client_of,
    fresh,
    list_url,
    many_url,
    page_of,
    proofs_of,
    typed,
    upload,
    words_of,
)
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db


def reported(world: World, **facts) -> DueDate:
    due = world.due(**facts)
    client_of(world.responsible).post(page_of(due), typed())
    return fresh(due)


# ---- the list


def shown(world: World, user, **query) -> list[int]:
    page = client_of(user).get(list_url(world), query)
    return [row.due.pk for row in page.context["rows"]]


def test_words_are_found_with_and_without_the_dots(world: World):
    here = {"municipality": world.municipality}
    line = world.activity(title="Учёт отзывов, Подготовка ОТЧЁТА")
    with scope(writable=[world.municipality.pk]):
        ActivityPartyFactory(activity=line, party=ResponsiblePartyFactory(name="Счётная палата", **here))
        club = OrganizationFactory(short_name="Клуб «Берёзка»", **here)
    wanted, other = world.due(activity=line), world.due()
    theirs = world.due(activity=other.activity, organization=club)
    for words in ("учёт", "учет", "отчёта", "счётная", "счетная палата"):
        assert shown(world, world.editor, show="all", q=words) == [wanted.pk], words
    for words in ("берёзка", "«БЕРЕЗКА»"):
        assert shown(world, world.editor, show="all", q=words) == [theirs.pk], words


def test_list_shows_each_sort(world: World):
    late = world.due(window_to=TODAY - timedelta(days=3))
    soon = world.due(window_to=TODAY + timedelta(days=5))
    far = world.due(window_to=TODAY + timedelta(days=90))
    sent = world.due(state="reported", window_to=TODAY - timedelta(days=9))
    returned = world.due(window_to=TODAY + timedelta(days=60), returned_reason="Нет даты")
    done = world.due(state="accepted", window_to=TODAY - timedelta(days=30))
    with scope(writable=[world.municipality.pk]):
        others = DueDateFactory(activity=ActivityFactory(plan=world.plan), window_to=TODAY + timedelta(days=2))
    mine = [late.pk, soon.pk, returned.pk, far.pk]
    assert shown(world, world.responsible) == mine
    assert shown(world, world.responsible, show="waiting") == [sent.pk]
    assert shown(world, world.responsible, show="returned") == [returned.pk]
    assert shown(world, world.responsible, show="overdue") == [late.pk]
    assert shown(world, world.responsible, show="soon") == [others.pk, soon.pk]
    everything = {late.pk, soon.pk, far.pk, sent.pk, returned.pk, done.pk, others.pk}
    assert set(shown(world, world.responsible, show="all")) == everything
    assert shown(world, world.responsible, show="нет такого") == mine


def test_list_finds_by_number_title_and_party(world: World):
    one = world.due(activity=world.activity(number="7.3", title="Изучение отзывов"))
    world.due(activity=world.activity(number="8.1", title="Опрос"))
    assert shown(world, world.responsible, q="7.3") == [one.pk]
    assert shown(world, world.responsible, q="отзыв") == [one.pk]
    assert len(shown(world, world.responsible, q=world.party.name)) == 2
    assert shown(world, world.responsible, q="ничего такого") == []


def test_list_offers_only_what_the_person_may_do(world: World):
    world.due()
    reported(world)
    page = client_of(world.responsible).get(list_url(world) + "?show=all")
    assert [words for _, words in page.context["bulk"]] == ["Отчитаться"]
    page = client_of(world.editor).get(list_url(world) + "?show=all")
    assert [words for _, words in page.context["bulk"]] == ["Отчитаться", "Принять", "Вернуть", "Снять"]
    page = client_of(ministry_of(world.municipality.region)).get(list_url(world) + "?show=all")
    assert page.context["bulk"] == []


def test_list_costs_the_same_for_one_and_for_many(world: World):
    client = client_of(world.editor)
    counts = []
    for more in (1, 12):
        for _ in range(more):
            world.due()
        client.get(list_url(world) + "?show=all")
        with CaptureQueriesContext(connection) as queries:
            client.get(list_url(world) + "?show=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- several at once


def pairs(*dues: DueDate) -> list[str]:
    return [f"{due.pk}:{fresh(due).version}" for due in dues]


def test_several_are_reported_with_one_text_and_one_file(world: World):
    dues = [world.due(), world.due()]
    client = client_of(world.responsible)
    page = client.get(many_url(world), {"act": "report", "due": pairs(*dues)})
    assert [row.due.pk for row in page.context["fit"]] == [due.pk for due in dues]
    client.post(many_url(world), typed(act="report", due=pairs(*dues), uploads=[upload()]))
    assert {fresh(due).state for due in dues} == {"reported"}
    assert [proofs_of(due) for due in dues] == [["Акт.pdf"], ["Акт.pdf"]]


def test_several_want_the_quantity_of_each_that_plans_one(world: World):
    plain, planned = world.due(), world.due(activity=world.activity(planned_quantity=Decimal(3)))
    client = client_of(world.responsible)
    data = typed(act="report", due=pairs(plain, planned), uploads=[upload()])
    page = client.post(many_url(world), data)
    assert page.status_code == 422
    assert "Укажите, сколько сделано" in words_of(page)
    assert proofs_of(plain) == ["Акт.pdf"]  # kept although the form was faulty
    client.post(many_url(world), typed(act="report", due=pairs(plain, planned), **{f"quantity_{planned.pk}": "2"}))
    assert (fresh(plain).quantity, fresh(planned).quantity) == (None, 2)


def test_those_that_do_not_fit_are_named_beforehand(world: World):
    good, sent = world.due(), reported(world)
    with scope(writable=[world.municipality.pk]):
        alien = DueDateFactory(activity=ActivityFactory(plan=world.plan))
    page = client_of(world.responsible).get(many_url(world), {"act": "report", "due": pairs(good, sent, alien)})
    assert [row.due.pk for row in page.context["fit"]] == [good.pk]
    assert {due.pk: why[:22] for due, why in page.context["refused"]} == {
        sent.pk: "Отчёт по этому сроку у",
        alien.pk: "По этому сроку отчитыв",
    }


def test_nothing_is_done_when_one_was_decided_meanwhile_and_the_rest_can_follow(world: World):
    dues = [reported(world), reported(world)]
    chosen = pairs(*dues)
    with scope(writable=[world.municipality.pk]):
        accept_report(due=dues[0], version=dues[0].version, actor=world.editor, at=NOW)
    client = client_of(world.editor)
    data = {"act": "return", "do": "send", "due": chosen, "reason": "Нет даты"}
    page = client.post(many_url(world), data)
    assert page.status_code == 422
    assert "Ничего не изменено" in words_of(page)
    assert fresh(dues[1]).state == "reported"
    rest = [f"{row.due.pk}:{row.due.version}" for row in page.context["fit"]]
    client.post(many_url(world), {**data, "due": rest})
    assert fresh(dues[1]).is_returned
    assert fresh(dues[0]).state == "accepted"


def test_stale_version_of_one_stops_all(world: World):
    dues = [reported(world), reported(world)]
    chosen = pairs(*dues)
    with scope(writable=[world.municipality.pk]):
        DueDate.objects.filter(pk=dues[0].pk).update(version=9)
    page = client_of(world.editor).post(many_url(world), {"act": "accept", "do": "send", "due": chosen})
    assert page.status_code == 422
    assert {fresh(due).state for due in dues} == {"reported"}


def test_several_are_accepted_and_cancelled(world: World):
    client = client_of(world.editor)
    dues = [reported(world), reported(world)]
    client.post(many_url(world), {"act": "accept", "do": "send", "due": pairs(*dues)})
    assert {fresh(due).state for due in dues} == {"accepted"}
    dues = [world.due(), world.due()]
    page = client.post(many_url(world), {"act": "cancel", "do": "send", "due": pairs(*dues), "reason": ""})
    assert page.status_code == 422
    client.post(many_url(world), {"act": "cancel", "do": "send", "due": pairs(*dues), "reason": "Отменено"})
    assert {fresh(due).state for due in dues} == {"cancelled"}


def undo_in(page) -> str | None:
    """Where the toast takes back what it tells of."""
    found = re.search(r'class="toast".*?action="([^"]+)"', page.content.decode(), re.DOTALL)
    return found and html.unescape(found[1])


def test_toast_takes_back_just_the_acceptances_it_told_of(world: World):
    client = client_of(world.editor)
    first, second, later = (reported(world) for _ in range(3))
    data = {"act": "accept", "do": "send"}
    undo = undo_in(client.post(many_url(world), {**data, "due": pairs(first, second)}, follow=True))
    client.post(many_url(world), {**data, "due": pairs(later)})
    assert client_of(world.responsible).post(undo).status_code == 403
    page = client.post(undo, follow=True)
    assert "Принятие отменено: 2 срока, отчёты снова на проверке" in words_of(page)
    assert "Осталось как есть" not in words_of(page)
    assert {due.pk for due in (first, second)} == {row.due.pk for row in page.context["rows"]}
    assert fresh(later).state == "accepted"
    page = client.post(undo, follow=True)  # pressed again, or in a tab that was left open
    assert "Осталось как есть: 2 срока. Отчёт по этому сроку уже отправлен и ждёт проверки." in words_of(page)
    assert "Принятие отменено" not in words_of(page)


def test_toast_says_which_acceptances_stay_and_why(world: World):
    client = client_of(world.editor)
    taken, opened, gone = (reported(world) for _ in range(3))
    page = client.post(many_url(world), {"act": "accept", "do": "send", "due": pairs(taken, opened, gone)}, follow=True)
    with scope(writable=[world.municipality.pk]):
        reopen(due=opened, version=fresh(opened).version, reason="Файл не тот", actor=world.editor, at=NOW)
        DueDate.objects.filter(pk=gone.pk).delete()
    words = words_of(client.post(undo_in(page), follow=True))
    assert "Принятие отменено: 1 срок, " in words
    assert "Осталось как есть: 2 срока. 1 срок: по этому сроку отчёт не отправлен. 1 срок: этого срока больше" in words
    assert (fresh(taken).state, fresh(opened).state) == ("reported", "open")


def test_only_acceptances_are_taken_back_by_the_toast(world: World):
    dues = [world.due(), world.due()]
    data = {"act": "cancel", "do": "send", "due": pairs(*dues), "reason": "Отменено"}
    assert undo_in(client_of(world.editor).post(many_url(world), data, follow=True)) is None


def test_without_a_choice_the_person_is_sent_back(world: World):
    page = client_of(world.responsible).get(many_url(world), {"act": "report"}, follow=True)
    assert "Сначала отметьте сроки" in words_of(page)


def test_due_dates_of_another_municipality_are_not_found(world: World):
    other = make_world()
    alien = other.due()
    client = client_of(world.editor)
    page = client.get(many_url(world), {"act": "cancel", "due": [f"{alien.pk}:1"]})
    assert page.context["fit"] == []
    client.post(many_url(world), {"act": "cancel", "do": "send", "due": [f"{alien.pk}:1"], "reason": "Так"})
    assert fresh(alien).state == "open"
