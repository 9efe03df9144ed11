"""Pages of due dates: one with its report, the list, several at once; what each role sees and may press."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, Evidence, Plan
from plans.services.reporting import accept_report, return_report
from tests.factories import NOW, LegalActFactory, MembershipFactory, OrganizationFactory, member_of, ministry_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, ResponsiblePartyFactory
from tests.plans.reporting import PDF, World, make_world

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def world():
    return make_world()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(due: DueDate) -> str:
    return reverse("office:due", args=[due.municipality.slug, due.pk])


def decide_url(due: DueDate, verb: str) -> str:
    return reverse("office:due_decide", args=[due.municipality.slug, due.pk, verb])


def many_url(world: World) -> str:
    return reverse("office:dues_many", args=[world.municipality.slug])


def list_url(world: World) -> str:
    return reverse("office:dues", args=[world.municipality.slug])


def words_of(page) -> str:
    return page.content.decode().replace("\u00a0", " ")


def fresh(due: DueDate) -> DueDate:
    with scope(readable=[due.municipality_id]):
        return DueDate.objects.get(pk=due.pk)


def proofs_of(due: DueDate) -> list[str]:
    with scope(readable=[due.municipality_id]):
        return [str(one) for one in Evidence.objects.filter(due_date=due).order_by("pk")]


def typed(**more):
    return {"do": "send", "version": 1, "done_on": TODAY.isoformat(), "report_text": "Опрос проведён", **more}


def upload(name="Акт.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def reported(world: World, **facts) -> DueDate:
    due = world.due(**facts)
    client_of(world.responsible).post(page_of(due), typed())
    return fresh(due)


# ---- one due date


def test_report_with_a_file_a_link_and_an_act_is_sent(world: World):
    due = world.due()
    with scope(writable=[world.municipality.pk]):
        act = LegalActFactory(municipality=world.municipality)
    page = client_of(world.responsible).post(
        page_of(due),
        typed(
            uploads=[upload(), upload("Фото.png", b"\x89PNG\r\n\x1a\n")], link_url="adm.example.ru", legal_act=act.pk
        ),
        follow=True,
    )
    assert (fresh(due).state, fresh(due).reported_by) == ("reported", world.responsible)
    assert proofs_of(due) == ["Акт.pdf", "Фото.png", "https://adm.example.ru", str(act)]
    assert "Отчёт отправлен на проверку" in words_of(page)
    assert "Опрос проведён" in words_of(page)


def test_new_act_is_entered_with_the_report(world: World):
    due = world.due()
    data = typed(act_kind="order", act_number="5", act_adopted_on="2026-02-03")
    client_of(world.responsible).post(page_of(due), data)
    assert proofs_of(due) == ["Приказ от 03.02.2026 № 5"]


def test_half_entered_act_is_asked_for_and_the_report_waits(world: World):
    due = world.due()
    page = client_of(world.responsible).post(page_of(due), typed(act_number="5"))
    assert page.status_code == 422
    assert "Выберите вид акта" in words_of(page)
    assert fresh(due).state == "open"


def test_file_survives_a_faulty_report(world: World):
    due = world.due()
    page = client_of(world.responsible).post(page_of(due), typed(report_text="", uploads=[upload()]))
    assert page.status_code == 422
    assert "Напишите, что сделано" in words_of(page)
    assert proofs_of(due) == ["Акт.pdf"]
    assert "Акт.pdf" in words_of(page)


def test_file_that_is_refused_is_named_and_the_rest_kept(world: World):
    due = world.due()
    files = [upload(), upload("фильм.mov", b"\x00\x00\x00\x14ftypqt")]
    page = client_of(world.responsible).post(page_of(due), typed(uploads=files))
    assert page.status_code == 422
    assert "фильм.mov" in words_of(page)
    assert "Такие файлы портал не принимает" in words_of(page)
    assert "Опрос проведён" in words_of(page)
    assert (fresh(due).state, proofs_of(due)) == ("open", ["Акт.pdf"])


def test_evidence_is_added_and_removed_while_the_words_are_typed(world: World):
    due = world.due()
    client = client_of(world.responsible)
    page = client.post(page_of(due), typed(do="attach", report_text="Ещё пишу", uploads=[upload()]))
    assert page.status_code == 200
    assert "Ещё пишу" in words_of(page)
    assert fresh(due).report_text == ""
    (row,) = page.context["rows"]
    page = client.post(page_of(due), typed(do="", remove=row.key, report_text="Ещё пишу"))
    assert "Ещё пишу" in words_of(page)
    assert proofs_of(due) == []


def test_draft_is_kept_for_the_writer(world: World):
    due = world.due()
    client = client_of(world.responsible)
    client.post(page_of(due), {"do": "draft", "version": 1, "report_text": "Начали"})
    assert (fresh(due).state, fresh(due).report_text) == ("open", "Начали")
    assert "Начали" in words_of(client.get(page_of(due)))
    assert "Начали" not in words_of(client_of(world.other).get(page_of(due)))


def test_day_before_the_plan_is_asked_about_and_then_taken(world: World):
    due = world.due()
    client = client_of(world.responsible)
    page = client.post(page_of(due), typed(done_on="2025-12-30"))
    assert page.status_code == 422
    assert "подтвердите, что сделано до начала плана" in words_of(page)
    client.post(page_of(due), typed(done_on="2025-12-30", before_period="on"))
    assert fresh(due).done_on == date(2025, 12, 30)


def test_quantity_is_asked_where_the_line_plans_one(world: World):
    due = world.due(activity=world.activity(planned_quantity=Decimal(6), quantity_unit="организаций"))
    client = client_of(world.responsible)
    assert "По плану 6" in words_of(client.get(page_of(due)))
    assert client.post(page_of(due), typed()).status_code == 422
    client.post(page_of(due), typed(quantity="4,5"))
    assert fresh(due).quantity == Decimal("4.5")
    assert 'name="quantity"' not in words_of(client.get(page_of(world.due())))


def test_what_somebody_else_did_meanwhile_is_told_and_the_text_stays(world: World):
    due = world.due()
    with scope(writable=[world.municipality.pk]):
        DueDate.objects.filter(pk=due.pk).update(version=2, report_text="Написал другой")
    client = client_of(world.responsible)
    page = client.post(page_of(due), typed(report_text="Моё"))
    assert page.status_code == 422
    assert "Пока вы работали" in words_of(page)
    assert "Моё" in words_of(page)
    assert "Написал другой" in words_of(page)
    assert fresh(due).report_text == "Написал другой"
    # pressed again it is meant
    client.post(page_of(due), typed(report_text="Моё", version=page.context["version"]))
    assert fresh(due).report_text == "Моё"


def test_report_that_was_accepted_meanwhile_is_left_and_the_text_can_be_copied(world: World):
    due = reported(world)
    with scope(writable=[world.municipality.pk]):
        accept_report(due=due, version=due.version, actor=world.editor, at=NOW)
    page = client_of(world.responsible).post(page_of(due) + "?edit=1", typed(version=due.version, report_text="Моё"))
    assert page.status_code == 422
    assert f"принят: {world.editor}" in words_of(page)
    assert "Ваш текст не отправлен" in words_of(page)
    assert "Моё" in words_of(page)
    assert fresh(due).report_text == "Опрос проведён"


def test_own_evidence_added_to_a_sent_report_is_no_change_by_another(world: World):
    due = reported(world)
    data = typed(version=due.version, report_text="С актом", uploads=[upload()])
    assert client_of(world.responsible).post(page_of(due) + "?edit=1", data).status_code == 302
    assert (fresh(due).report_text, proofs_of(due)) == ("С актом", ["Акт.pdf"])


def test_sent_report_is_withdrawn(world: World):
    due = reported(world)
    client_of(world.responsible).post(page_of(due), {"do": "withdraw", "version": due.version})
    assert (fresh(due).state, fresh(due).report_text) == ("open", "Опрос проведён")


def test_returned_report_says_what_to_mend(world: World):
    due = reported(world)
    client_of(world.editor).post(decide_url(due, "return"), {"version": due.version, "reason": "Нет даты"})
    page = client_of(world.responsible).get(page_of(due))
    assert "Возвращено:</b> Нет даты" in words_of(page)
    assert "Возвращено, " in words_of(page)
    assert "Опрос проведён" in words_of(page)


def test_after_a_decision_the_next_report_is_one_link_away(world: World):
    due, _ = reported(world), reported(world)
    client = client_of(world.editor)
    assert "Ещё 1 отчёт на проверке" not in words_of(client.get(page_of(due)))
    page = client.post(decide_url(due, "accept"), {"version": due.version}, follow=True)
    assert "Ещё 1 отчёт на проверке" in words_of(page)


def test_return_without_words_is_asked_for_on_the_page(world: World):
    due = reported(world)
    page = client_of(world.editor).post(decide_url(due, "return"), {"version": due.version, "reason": " "})
    assert page.status_code == 422
    assert "Напишите, что исправить" in words_of(page)
    assert fresh(due).state == "reported"


def test_decision_on_a_report_that_changed_meanwhile_is_told_with_the_words_kept(world: World):
    due = reported(world)
    with scope(writable=[world.municipality.pk]):
        return_report(due=due, version=due.version, reason="Раньше", actor=world.editor, at=NOW)
    page = client_of(world.editor).post(decide_url(due, "return"), {"version": due.version, "reason": "Позже"})
    assert page.status_code == 422
    assert "Раньше" in words_of(page)
    assert "Позже" in words_of(page)
    assert fresh(due).returned_reason == "Раньше"


def test_due_date_is_cancelled_and_opened_again_with_a_reason(world: World):
    due = world.due()
    client = client_of(world.editor)
    assert "Почему срок снимается" in words_of(client.get(decide_url(due, "cancel")))
    client.post(decide_url(due, "cancel") + "?version=1", {"reason": "Отменено главой"})
    assert fresh(due).state == "cancelled"
    assert "Отменено главой" in words_of(client.get(page_of(due)))
    client.post(decide_url(due, "reopen") + "?version=2", {"reason": "Вернули"})
    assert fresh(due).state == "open"


def test_unknown_decision_is_nowhere(world: World):
    assert client_of(world.editor).get(decide_url(world.due(), "report")).status_code == 404


def test_others_read_and_are_offered_nothing_to_press(world: World):
    due = reported(world)
    readers = (
        world.other,
        member_of(world.municipality, Role.COUNCIL_MEMBER),
        ministry_of(world.municipality.region),
    )
    for reader in readers:
        client = client_of(reader)
        page = words_of(client.get(page_of(due)))
        assert "Опрос проведён" in page
        for verb in ("Отправить на проверку", "Исправить отчёт", "Отозвать", "Принять", "Вернуть", "Снять срок"):
            assert verb not in page
        client.post(page_of(due), typed(version=due.version, report_text="Чужое"))
        assert fresh(due).report_text == "Опрос проведён"


def test_institution_reports_its_own_and_reads_the_others(world: World):
    with scope(writable=[world.municipality.pk]):
        ours, theirs = (OrganizationFactory(municipality=world.municipality) for _ in range(2))
        party = ResponsiblePartyFactory(municipality=world.municipality, kind="institution", organization=ours)
        activity = ActivityFactory(plan=world.plan)
        ActivityPartyFactory(activity=activity, party=party)
        mine = DueDateFactory(activity=activity, organization=ours)
        other = DueDateFactory(activity=activity, organization=theirs)
    head = MembershipFactory(municipality=world.municipality, role=Role.INSTITUTION, organization=ours).user
    client = client_of(head)
    page = words_of(client.get(page_of(mine)))
    assert "Отправить на проверку" in page
    assert theirs.short_name in page  # the same day of the others
    assert "Отправить на проверку" not in words_of(client.get(page_of(other)))
    client.post(page_of(mine), typed())
    assert fresh(mine).state == "reported"
    found = [row.due.pk for row in client.get(list_url(world) + "?show=mine").context["rows"]]
    assert found == []


@pytest.mark.parametrize("facts", [{"state": "closed"}, {"archived_at": NOW}])
def test_plan_that_is_over_is_only_read(world: World, facts):
    due = world.due()
    with scope(writable=[world.municipality.pk]):
        Plan.objects.filter(pk=world.plan.pk).update(**facts)
    page = words_of(client_of(world.editor).get(page_of(due)))
    assert "Отправить на проверку" not in page
    assert "Снять срок" not in page
    page = client_of(world.responsible).post(page_of(due), typed(report_text="Моё"))
    assert page.status_code == 422
    assert fresh(due).state == "open"


# ---- the list


def shown(world: World, user, **query) -> list[int]:
    page = client_of(user).get(list_url(world), query)
    return [row.due.pk for row in page.context["rows"]]


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


def test_page_of_a_due_date_costs_the_same_with_much_evidence(world: World):
    client = client_of(world.responsible)
    due = world.due()
    counts = []
    for number in (1, 9):
        for position in range(number):
            client.post(page_of(due), typed(do="attach", link_url=f"https://a.example.ru/{number}/{position}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(due))
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
