"""Pages of due dates: one with its report; what each role sees and may press."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, Plan
from plans.services.reporting import accept_report, return_report
from tests.factories import NOW, LegalActFactory, MembershipFactory, OrganizationFactory, member_of, ministry_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)
from tests.plans.due_pages import (
    TODAY,
    client_of,
    decide_url,
    fresh,
    list_url,
    page_of,
    proofs_of,
    typed,
    upload,
    words_of,
)
from tests.plans.reporting import World

pytestmark = pytest.mark.django_db


def reported(world: World, **facts) -> DueDate:
    due = world.due(**facts)
    client_of(world.responsible).post(page_of(due), typed())
    return fresh(due)


def undo_in(page, due: DueDate) -> str:
    """Where the toast of an acceptance takes it back."""
    return re.search(rf'action="({decide_url(due, "unaccept")}\?version=\d+)"', page.content.decode())[1]


def finding_of(page) -> str:
    """What the page says above the report about how it stands."""
    found = re.search(r'<div class="finding.*?</div>', page.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


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


def test_toast_takes_an_acceptance_back_once(world: World):
    due = world.reported()
    client = client_of(world.editor)
    page = client.post(decide_url(due, "accept"), {"version": due.version}, follow=True)
    undo = undo_in(page, due)
    page = client.post(undo, follow=True)
    assert "Принятие отменено, отчёт снова на проверке" in words_of(page)
    assert "Решение" in words_of(page)
    found = fresh(due)
    assert (found.state, found.decided_by, found.returned_reason) == ("reported", None, "")
    page = client.post(undo, follow=True)  # pressed again, or in a tab that was left open
    assert page.status_code == 422
    assert fresh(due).version == found.version
    assert client_of(world.responsible).post(undo).status_code == 403


def test_report_mended_after_a_return_has_its_remark_again_when_its_acceptance_is_taken_back(world: World):
    due = reported(world)
    client = client_of(world.editor)
    client.post(decide_url(due, "return"), {"version": due.version, "reason": "Нет даты"})
    client_of(world.responsible).post(page_of(due), typed(version=fresh(due).version))
    page = client.post(decide_url(due, "accept"), {"version": fresh(due).version}, follow=True)
    assert "Нет даты" not in finding_of(page)
    page = client.post(undo_in(page, due), follow=True)
    assert (fresh(due).state, fresh(due).returned_reason) == ("reported", "Нет даты")
    assert finding_of(page) == "Возвращался с замечанием: Нет даты", "who returned it is not known any more"


def test_toast_of_an_acceptance_does_not_take_a_later_one_back(world: World):
    due = world.reported()
    client = client_of(world.editor)
    page = client.post(decide_url(due, "accept"), {"version": due.version}, follow=True)
    client.post(decide_url(due, "reopen"), {"version": fresh(due).version, "reason": "Файл не тот"})
    client_of(world.responsible).post(page_of(due), typed(version=fresh(due).version))
    client.post(decide_url(due, "accept"), {"version": fresh(due).version})
    assert fresh(due).state == "accepted"
    assert client.post(undo_in(page, due)).status_code == 422
    assert fresh(due).state == "accepted"


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


@pytest.mark.parametrize("facts", [{"state": "closed"}, {"archived_at": NOW}, {"state": "draft", "approved_by": None}])
def test_report_is_offered_nowhere_where_it_would_be_refused(world: World, facts):
    due = world.due(window_from=TODAY, window_to=TODAY)
    client = client_of(world.responsible)
    line = reverse("office:activity", args=[world.municipality.slug, due.activity_id])
    several = reverse("office:dues_many", args=[world.municipality.slug]) + f"?act=report&due={due.pk}:1"
    assert "Отчитаться<" in words_of(client.get(line))
    assert [row.due.pk for row in client.get(several).context["fit"]] == [due.pk]
    with scope(writable=[world.municipality.pk]):
        if "approved_by" in facts:  # an edition that is being prepared
            facts = {**facts, "previous": PlanFactory(municipality=world.municipality, state="approved")}
        Plan.objects.filter(pk=world.plan.pk).update(**facts)
    assert "Отчитаться<" not in words_of(client.get(line))
    page = client.get(several)
    assert [due.pk for due, _ in page.context["refused"]] == [due.pk]
    assert str(page.context["refused"][0][1]) in words_of(page)


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
