"""Editing a plan on its pages, without script: forms, what they refuse, two people on one line, taking back."""

import re

import pytest
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from plans.enums import PlanState
from plans.models import Activity, DueDate, Plan
from plans.services import arranging, editing
from tests.factories import LegalActFactory, member_of
from tests.factories.plans import PlanFactory
from tests.plans.pages import url, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(plan, inside):
    def found(number):
        with inside():
            return Activity.objects.get(plan=plan, number=number)

    return found


@pytest.fixture
def numbers(plan, inside):
    def found():
        with inside():
            return [f"{one.number} {one.title}" for one in plan.activities.order_by("position")]

    return found


def sent(response, **changes):
    """The fields of the page's form as a browser sends them, with what the person typed."""
    form = response.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    hidden = re.findall(r'name="(initial-[a-z_]+)"(?: value="([^"]*)")?', response.content.decode())
    return {**data, **{name: value.replace("&quot;", '"') for name, value in hidden}, **changes}


def undo_of(response):
    return re.search(r'action="(/[^"]*/undo/\d+/[^"]*)"', response.content.decode())[1]


# --- one line --------------------------------------------------------------------------------------


def test_line_is_edited_and_the_toast_takes_it_back(ours, client, line):
    activity = line("1.1")
    page = client.get(url(ours, "activity_edit", activity.pk) + "?kept=q%3Dперечня")
    assert "До 1 апреля" in words_of(page)
    data = sent(page, title="Утверждение списка", deadline_text="до 2 мая", planned_quantity="4,5", kept="q=перечня")
    done = client.post(url(ours, "activity_edit", activity.pk), data, follow=True)
    assert done.redirect_chain[0][0].endswith(
        f"?q=%D0%BF%D0%B5%D1%80%D0%B5%D1%87%D0%BD%D1%8F&line={activity.pk}#a{activity.pk}"
    )
    activity = line("1.1")
    assert (activity.title, activity.deadline_reading, str(activity.planned_quantity)) == (
        "Утверждение списка", "До 2 мая", "4.500",
    )  # fmt: skip
    assert "Строка сохранена: 1.1" in words_of(done)
    back = client.post(undo_of(done), follow=True)
    assert "Отменено: изменена строка" in words_of(back)
    assert line("1.1").title == "Утверждение перечня учреждений"


def test_only_what_was_changed_is_written(ours, client, line, inside):
    activity = line("1.1")
    page = client.get(url(ours, "activity_edit", activity.pk) + "?place=page")
    response = client.post(url(ours, "activity_edit", activity.pk), sent(page, place="page"), follow=True)
    assert "Ничего не изменено" in words_of(response)
    assert response.redirect_chain[0][0] == url(ours, "activity", activity.pk)
    with inside():
        assert not AuditEntry.objects.filter(verb=editing.EDITED).exists()


def test_blank_title_comes_back_with_what_was_typed(ours, client, line):
    activity = line("1.1")
    page = client.get(url(ours, "activity_edit", activity.pk))
    response = client.post(url(ours, "activity_edit", activity.pk), sent(page, title=" ", deadline_text="до 3 мая"))
    assert response.status_code == 422
    assert "Напишите, что нужно сделать" in words_of(response)
    assert "до 3 мая" in words_of(response)


def test_second_person_sees_both_versions_and_decides(ours, client, line):
    activity = line("1.1")
    address = url(ours, "activity_edit", activity.pk)
    mine, theirs = client.get(address), client.get(address)
    client.post(address, sent(theirs, title="Их слова", expected_result="протокол"))
    typed = {"title": "Мои слова", "deadline_text": "до 5 мая"}
    response = client.post(address, sent(mine, **typed))
    words = words_of(response)
    assert response.status_code == 422
    assert "Пока вы правили, строку изменил другой человек" in words
    assert "Мероприятие Мои слова Их слова" in words
    assert "Ожидаемый результат вы не меняли протокол" in words
    assert "Срок словами до 5 мая до 1 апреля" in words
    assert line("1.1").title == "Их слова"

    # theirs for the one, mine for the rest
    decided = client.post(address, sent(response, **{"take-title": "now"}))
    assert decided.status_code == 302
    found = line("1.1")
    assert (found.title, found.expected_result, found.deadline_text) == ("Их слова", "протокол", "до 5 мая")


def test_mine_may_stand_after_both_were_seen(ours, client, line):
    activity = line("1.1")
    address = url(ours, "activity_edit", activity.pk)
    mine, theirs = client.get(address), client.get(address)
    client.post(address, sent(theirs, title="Их слова"))
    response = client.post(address, sent(mine, title="Мои слова"))
    client.post(address, sent(response, **{"take-title": "mine"}))
    assert line("1.1").title == "Мои слова"


def test_number_that_went_on_with_its_neighbours_is_no_conflict(ours, client, line, plan, inside):
    activity = line("1.2")
    page = client.get(url(ours, "activity_edit", activity.pk))
    with inside():
        actor = member_of(ours)
        arranging.add_activity(plan=plan, above=line("1.1"), values={"title": "Новая"}, actor=actor, at=timezone.now())
    response = client.post(url(ours, "activity_edit", activity.pk), sent(page, title="Иначе"))
    assert response.status_code == 302
    assert line("1.3").title == "Иначе"


def test_line_deleted_meanwhile_shows_what_was_typed(ours, client, line, inside):
    activity = line("1.1")
    address = url(ours, "activity_edit", activity.pk)
    page = client.get(address)
    client.post(url(ours, "activity_delete", activity.pk), {"version": activity.version})
    response = client.post(address, sent(page, title="Мои слова"))
    assert response.status_code == 422
    assert "Эту строку удалили, пока вы работали" in words_of(response)
    assert "Мои слова" in words_of(response)
    assert client.get(url(ours, "activity_edit", 10**9)).status_code == 404


def test_of_an_approved_plan_only_step_and_quantity_are_edited(ours, client, line, inside):
    activity = line("1.1")
    with inside():
        Plan.objects.update(state=PlanState.APPROVED, approved_by=LegalActFactory(municipality=ours))
    page = client.get(url(ours, "activity_edit", activity.pk))
    assert set(page.context["form"].fields) == {"step", "planned_quantity", "quantity_unit", "version"}
    client.post(url(ours, "activity_edit", activity.pk), sent(page, planned_quantity="7", title="Тайком"))
    found = line("1.1")
    assert (str(found.planned_quantity), found.title) == ("7.000", "Утверждение перечня учреждений")
    refused = client.post(url(ours, "activity_delete", activity.pk), {"version": found.version}, follow=True)
    assert "создайте новую редакцию" in words_of(refused)


def test_other_words_that_touch_reported_days_are_shown_before_they_are_saved(ours, client, line, inside):
    activity = line("1.1")
    with inside():
        due = DueDate.objects.filter(activity=activity).earliest("window_to")
        due.state, due.done_on, due.reported_at = "accepted", due.window_to, timezone.now()
        due.save()
    address = url(ours, "activity_edit", activity.pk)
    asked = client.post(address, sent(client.get(address), deadline_text="IV квартал"))
    assert "По срокам этой строки уже работали" in words_of(asked)
    assert line("1.1").deadline_text == "до 1 апреля"
    stamp = asked.context["to_confirm"].stamp
    assert client.post(address, sent(asked, seen=stamp)).status_code == 302
    assert line("1.1").deadline_text == "IV квартал"
    with inside():
        assert DueDate.objects.filter(pk=due.pk, state="accepted").exists()


# --- rows and sections -----------------------------------------------------------------------------


def test_row_is_added_and_deleted(ours, client, plan, line, numbers):
    address = url(ours, "plan_row_new", plan.pk)
    page = client.get(f"{address}?above={line('1.1').pk}")
    assert "После строки 1.1" in words_of(page)
    assert client.post(address, {"title": ""}).status_code == 422
    done = client.post(address, {"title": "Сбор сведений", "above": line("1.1").pk, "kept": "mode=rows"}, follow=True)
    assert "Строка добавлена: 1.2 Сбор сведений" in words_of(done)
    assert "mode=rows" in done.redirect_chain[0][0]
    assert numbers()[1] == "1.2 Сбор сведений"
    added = line("1.2")
    gone = client.post(url(ours, "activity_delete", added.pk), {"version": added.version}, follow=True)
    assert "Строка удалена: 1.2 Сбор сведений" in words_of(gone)
    client.post(undo_of(gone))
    assert numbers()[1] == "1.2 Сбор сведений"


def test_row_with_a_report_says_what_to_do_instead(ours, client, line, inside, numbers):
    activity = line("1.1")
    with inside():
        DueDate.objects.filter(activity=activity).update(report_text="сделано")
    refused = client.post(url(ours, "activity_delete", activity.pk), {"version": 1}, follow=True)
    assert "Снимите её сроки с указанием причины" in words_of(refused)
    assert len(numbers()) == 4


def test_row_is_moved_by_buttons_by_hand_and_by_a_form(ours, client, plan, line, numbers):
    first = line("1.1")
    address = url(ours, "plan_move", plan.pk)
    done = client.post(address, {"down": first.pk, "kept": "mode=rows"}, follow=True)
    assert "Строка теперь 1.2: Утверждение перечня учреждений" in words_of(done)
    assert done.redirect_chain[0][0].endswith(f"?mode=rows#a{first.pk}")
    client.post(address, {"up": first.pk})
    assert "Строка уже первая в плане." in words_of(client.post(address, {"up": first.pk}, follow=True))
    target = line("2.1")
    client.post(address, {"row": first.pk, "section": target.section_id, "above": target.pk})
    assert numbers()[2] == "2.2 Утверждение перечня учреждений"
    page = client.get(url(ours, "activity_move", first.pk))
    assert page.context["form"].initial == {"section": target.section_id, "above": target.pk}
    client.post(url(ours, "activity_move", first.pk), {"section": line("1.1").section_id, "above": ""})
    assert numbers()[0] == "1.1 Утверждение перечня учреждений"
    for nonsense in ({}, {"row": "x"}, {"up": "9" * 40}, {"row": 10**9}):
        assert client.post(address, nonsense).status_code == 404


def test_several_rows_are_given_a_party_and_a_step(ours, client, plan, line, inside):
    address = url(ours, "plan_several", plan.pk)
    keys = [line("1.1").pk, line("2.1").pk]
    done = client.post(address, {"row": keys, "do": "parties", "how": "replace", "party": "Сектор связи"}, follow=True)
    assert "Исполнитель «Сектор связи» назначен вместо прежних: 2 строки" in words_of(done)
    with inside():
        assert [one.party_links.get().party.name for one in plan.activities.filter(pk__in=keys)] == ["Сектор связи"] * 2
    undone = client.post(undo_of(done), follow=True)
    assert "Отменено: назначены исполнители" in words_of(undone)
    done = client.post(address, {"row": keys, "do": "step", "step": "survey"}, follow=True)
    assert "Шаг оценки указан: " in words_of(done)
    for data, words in (
        ({"do": "step", "step": "survey"}, "Не выбрано ни одной строки"),
        ({"row": keys, "do": "parties", "party": " "}, "Напишите, кого назначить"),
        ({"row": [10**9], "do": "step"}, "строки, которых больше нет"),
        ({"row": keys, "do": "step", "step": "survey"}, "уже так"),
    ):
        assert words in words_of(client.post(address, data, follow=True))


def test_sections_are_added_changed_moved_and_deleted(ours, client, plan, inside, numbers):
    done = client.post(url(ours, "plan_section_new", plan.pk), {"title": "Гласность"}, follow=True)
    assert "Раздел добавлен: 3. Гласность" in words_of(done)
    with inside():
        section = plan.sections.get(title="Гласность")
    edit, act = url(ours, "section_edit", section.pk), url(ours, "section_act", section.pk)
    data = {"number": "3", "title": "Открытость", "version": section.version}
    client.post(edit, data)
    again = client.post(edit, data | {"title": "Ещё иначе"})
    assert again.status_code == 422
    assert "Сейчас в плане: «3. Открытость»" in words_of(again)
    client.post(act, {"do": "up"})
    assert numbers()[-1].startswith("3.2 ")
    with inside():
        version = plan.sections.get(pk=section.pk).version
    gone = client.post(act, {"do": "delete", "version": version}, follow=True)
    assert "Раздел удалён" in words_of(gone)
    assert numbers()[-1].startswith("2.2 ")


def test_history_tells_what_was_changed_and_takes_back(ours, client, plan, line, inside, numbers):
    activity = line("1.1")
    page = client.get(url(ours, "activity_edit", activity.pk))
    client.post(url(ours, "activity_edit", activity.pk), sent(page, title="Иначе"), follow=True)
    client.post(url(ours, "activity_delete", activity.pk), {"version": 2}, follow=True)
    history = client.get(url(ours, "plan_history", plan.pk))
    words = words_of(history)
    assert "Удалена строка" in words
    assert "Мероприятие: «Утверждение перечня учреждений» → «Иначе»" in words
    assert words.count("Отменить") == 1, "the edit of a line that is gone cannot be taken back"
    undone = client.post(undo_of(history), {"place": "history"}, follow=True)
    assert undone.redirect_chain[0][0] == url(ours, "plan_history", plan.pk)
    assert numbers()[0] == "1.1 Иначе"
    assert words_of(client.get(url(ours, "plan_history", plan.pk))).count("Отменить") == 2


def test_what_changed_since_is_told_instead_of_taken_back(ours, client, plan, line, inside):
    activity = line("1.1")
    for title in ("Иначе", "Опять иначе"):
        page = client.get(url(ours, "activity_edit", activity.pk))
        client.post(url(ours, "activity_edit", activity.pk), sent(page, title=title))
    with inside():
        first = AuditEntry.objects.filter(verb=editing.EDITED).earliest("pk")
        other = PlanFactory(municipality=ours)
    refused = client.post(url(ours, "plan_undo", plan.pk, first.pk), follow=True)
    assert "С тех пор изменено: мероприятие" in words_of(refused)
    assert line("1.1").title == "Опять иначе"
    assert client.post(url(ours, "plan_undo", other.pk, first.pk)).status_code == 404
