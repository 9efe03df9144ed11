"""Lines and sections of a plan are changed in their place, added, moved and deleted."""

from datetime import date

import pytest

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from plans.deadlines import parse
from plans.enums import PlanState
from plans.models import Activity, DueDate, Plan
from plans.services.arranging import (
    LineHasWork,
    NowhereToGo,
    PlaceGone,
    add_activity,
    delete_activity,
    move_activity,
    step_activity,
)
from plans.services.editing import Assignment, LineGone, NoLines, assign_parties, edit_activity, set_steps
from plans.services.plan_locks import WordsAreFixed
from plans.services.readings import correct_activity_reading
from plans.services.sections import SectionGone, add_section, delete_section, edit_section, move_section
from plans.services.undoing import undo_entry, undoable
from tests.factories import LegalActFactory, UserFactory
from tests.plans.editing import days, line, numbers, outline, parties

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


# --- editing ---------------------------------------------------------------------------------------


def test_other_deadline_words_are_read_anew_and_days_follow(plan, who):
    activity = line(plan, "1.1")
    entry = edit_activity(activity=activity, version=1, changes={"deadline_text": "до 15 мая"}, **who)
    activity.refresh_from_db()
    assert activity.deadline_reading == "До 15 мая"
    assert days(activity) == [date(2026, 5, 15), date(2027, 5, 15), date(2028, 5, 15)]
    assert activity.version == 2
    assert entry.verb == "Изменена строка"
    assert (entry.before["deadline_text"], entry.after["deadline_text"]) == ("до 1 апреля", "до 15 мая")


def test_corrected_reading_goes_with_its_words_and_stays_with_others(plan, who):
    activity = line(plan, "1.1")
    activity = correct_activity_reading(activity=activity, version=1, deadline=parse("до 2 апреля"), **who)
    edit_activity(activity=activity, version=2, changes={"title": "Утверждение списка"}, **who)
    activity.refresh_from_db()
    assert activity.reading_is_corrected
    entry = edit_activity(activity=activity, version=3, changes={"deadline_text": "до 3 апреля"}, **who)
    activity.refresh_from_db()
    assert not activity.reading_is_corrected
    undo_entry(plan=plan, entry=entry, **who)
    activity.refresh_from_db()
    assert (activity.deadline_text, activity.reading_is_corrected) == ("до 1 апреля", True)
    assert days(activity)[0] == date(2026, 4, 2)


@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_corrected_reading_comes_back_without_the_name_of_whoever_left_the_portal(plan, who, change):
    corrector = UserFactory()
    activity = correct_activity_reading(activity=line(plan, "1.1"), version=1, deadline=parse("до 2 апреля"), **who)
    Activity.objects.filter(pk=activity.pk).update(reading_corrected_by=corrector)
    if change == "edited":
        entry = edit_activity(activity=activity, version=2, changes={"deadline_text": "до 3 апреля"}, **who)
    else:
        entry = delete_activity(activity=activity, version=2, **who)
    User.objects.filter(pk=corrector.pk)._raw_delete("default")
    again = undo_entry(plan=plan, entry=entry, **who)
    activity = line(plan, "1.1")
    assert (activity.reading_is_corrected, activity.reading_corrected_by) == (True, None)
    assert days(activity)[0] == date(2026, 4, 2)
    assert undoable(plan, [again]) == {again.pk}


def test_parties_are_written_by_name_and_the_words_of_the_plan_follow(plan, who):
    activity = line(plan, "1.1")
    edit_activity(activity=activity, version=1, changes={"responsible": ("Отдел культуры", "Сектор связи")}, **who)
    activity.refresh_from_db()
    assert parties(activity) == ["отдел культуры", "Сектор связи"], "a party that is known keeps its name"
    assert activity.responsible_text == "Отдел культуры, Сектор связи"


def test_findings_follow(plan, who):
    activity = line(plan, "1.1")
    edit_activity(activity=activity, version=1, changes={"responsible": ()}, **who)
    activity.refresh_from_db()
    assert [one["code"] for one in activity.findings] == ["no_responsible"]


def test_nothing_different_is_no_change(plan, who):
    activity = line(plan, "1.1")
    changes = {"title": activity.title, "responsible": tuple(parties(activity)), "planned_quantity": None}
    assert edit_activity(activity=activity, version=1, changes=changes, **who) is None
    activity.refresh_from_db()
    assert activity.version == 1


def test_second_of_two_people_overwrites_nothing(plan, who):
    activity = line(plan, "1.1")
    edit_activity(activity=activity, version=1, changes={"title": "Первый"}, **who)
    with pytest.raises(StaleVersion):
        edit_activity(activity=activity, version=1, changes={"title": "Второй"}, **who)
    activity.refresh_from_db()
    assert activity.title == "Первый"
    delete_activity(activity=activity, version=2, **who)
    with pytest.raises(LineGone):
        edit_activity(activity=activity, version=2, changes={"title": "Второй"}, **who)


def test_words_of_an_approved_plan_are_fixed_but_not_what_the_portal_adds(plan, who, ours):
    activity = line(plan, "1.1")
    entry = edit_activity(activity=activity, version=1, changes={"title": "Первый"}, **who)
    Plan.objects.update(state=PlanState.APPROVED, approved_by=LegalActFactory(municipality=ours))
    edit_activity(
        activity=activity,
        version=2,
        changes={"step": "survey", "planned_quantity": "3", "quantity_unit": "школ"},
        **who,
    )
    forbidden = [
        lambda: edit_activity(activity=activity, version=3, changes={"title": "Иначе"}, **who),
        lambda: add_activity(plan=plan, values={"title": "Новая"}, **who),
        lambda: delete_activity(activity=activity, version=3, **who),
        lambda: step_activity(activity=activity, way=1, **who),
        lambda: move_activity(activity=activity, section_id=None, above_id=None, **who),
        lambda: assign_parties(plan=plan, activity_ids=[activity.pk], how=Assignment.ADD, names=["Отдел"], **who),
        lambda: add_section(plan=plan, title="Итоги", **who),
        lambda: undo_entry(plan=plan, entry=entry, **who),
    ]
    for change in forbidden:
        with pytest.raises(WordsAreFixed, match="создайте новую редакцию"):
            change()
    plan.refresh_from_db()
    last = AuditEntry.objects.filter(object_id=str(activity.pk)).latest("pk")
    assert undoable(plan, [entry, last]) == {last.pk}
    undo_entry(plan=plan, entry=last, **who)
    assert line(plan, "1.1").planned_quantity is None


# --- several lines ---------------------------------------------------------------------------------


def test_parties_of_several_lines_are_added_replaced_and_removed(plan, who):
    some = [line(plan, "1.1"), line(plan, "2.2")]
    keys = [one.pk for one in some]

    def assign(how, *names):
        assign_parties(plan=plan, activity_ids=keys, how=how, names=names, **who)
        return [parties(one) for one in some]

    council, department = "Общественный совет", "отдел культуры"
    assert [parties(one) for one in some] == [[council, department], [council]]
    assert assign(Assignment.ADD, "Отдел культуры") == [[council, department], [council, department]]
    assert assign(Assignment.REMOVE, council) == [[department], [department]]
    assert assign(Assignment.REPLACE, "Сектор связи") == [["Сектор связи"], ["Сектор связи"]]
    assert Activity.objects.get(pk=keys[0]).responsible_text == "Сектор связи"
    assert Activity.objects.get(pk=keys[0]).version == 3


def test_step_of_several_lines_is_set(plan, who):
    keys = list(plan.activities.values_list("pk", flat=True))
    entry = set_steps(plan=plan, activity_ids=keys, step="survey", **who)
    assert set(plan.activities.values_list("step", flat=True)) == {"survey"}
    assert set_steps(plan=plan, activity_ids=keys, step="survey", **who) is None
    undo_entry(plan=plan, entry=entry, **who)
    assert len(set(plan.activities.values_list("step", flat=True))) > 1


def test_several_lines_are_chosen_and_still_there(plan, who):
    with pytest.raises(NoLines):
        set_steps(plan=plan, activity_ids=[], step="survey", **who)
    gone = line(plan, "1.1")
    delete_activity(activity=gone, version=1, **who)
    with pytest.raises(LineGone):
        set_steps(plan=plan, activity_ids=[gone.pk, line(plan, "1.1").pk], step="survey", **who)


# --- adding, moving, deleting ----------------------------------------------------------------------


def test_new_line_stands_behind_another_and_numbers_go_on(plan, who):
    added, entry = add_activity(
        plan=plan, above=line(plan, "1.1"), values={"title": "Сбор сведений", "deadline_text": "до 5 мая"}, **who
    )
    assert numbers(plan) == ["1.1", "1.2", "1.3", "2.1", "2.2"]
    added.refresh_from_db()
    assert (added.number, added.section.number, days(added)[0]) == ("1.2", "1", date(2026, 5, 5))
    assert [one["code"] for one in added.findings] == ["no_responsible"]
    assert entry.after["numbers"] == {str(line(plan, "1.3").pk): "1.3"}


def test_new_line_at_the_end_of_a_section(plan, who):
    section = plan.sections.get(number="2")
    added, _ = add_activity(plan=plan, section=section, values={"title": "Отчёт", "responsible": ("Отдел",)}, **who)
    assert (added.number, parties(added)) == ("2.3", ["Отдел"])
    assert numbers(plan) == ["1.1", "1.2", "2.1", "2.2", "2.3"]
    delete_activity(activity=added, version=added.version, **who)
    with pytest.raises(PlaceGone):
        add_activity(plan=plan, above=added, values={"title": "Ещё"}, **who)


def test_line_moves_by_steps_through_the_plan(plan, who):
    first = line(plan, "1.1")
    seen = []
    for _ in range(3):
        step_activity(activity=first, way=1, **who)
        first.refresh_from_db()
        seen.append((first.number, first.section.number))
    assert seen == [("1.2", "1"), ("2.1", "2"), ("2.2", "2")]
    step_activity(activity=first, way=1, **who)
    with pytest.raises(NowhereToGo, match="уже последняя"):
        step_activity(activity=first, way=1, **who)
    for _ in range(4):
        step_activity(activity=first, way=-1, **who)
    with pytest.raises(NowhereToGo, match="уже первая"):
        step_activity(activity=first, way=-1, **who)
    assert outline(plan)[0][1][0].startswith("1.1 Утверждение перечня")


def test_line_is_put_behind_another(plan, who):
    moved, target = line(plan, "1.1"), line(plan, "2.1")
    other_version = line(plan, "1.2").version
    move_activity(activity=moved, section_id=target.section_id, above_id=target.pk, **who)
    assert numbers(plan) == ["1.1", "2.1", "2.2", "2.3"]
    moved.refresh_from_db()
    assert moved.number == "2.2"
    assert line(plan, "1.1").version == other_version + 1, "who edits it is told of its other number"
    assert move_activity(activity=moved, section_id=target.section_id, above_id=target.pk, **who) is None
    with pytest.raises(PlaceGone):
        move_activity(activity=moved, section_id=None, above_id=target.pk, **who)


def test_line_with_a_report_is_not_deleted(plan, who):
    activity = line(plan, "1.1")
    DueDate.objects.filter(activity=activity).update(report_text="сделано")
    with pytest.raises(LineHasWork, match="Снимите её сроки"):
        delete_activity(activity=activity, version=1, **who)
    with pytest.raises(StaleVersion):
        delete_activity(activity=activity, version=7, **who)
    assert numbers(plan) == ["1.1", "1.2", "2.1", "2.2"]


# --- sections --------------------------------------------------------------------------------------


def test_sections_are_added_moved_renamed_and_deleted(plan, who):
    first, second = plan.sections.order_by("position")
    added, _ = add_section(plan=plan, title="Гласность", after=first, **who)
    assert [head for head, _ in outline(plan)] == [
        "1. Подготовительные мероприятия", "2. Гласность", "3. Подведение итогов",
    ]  # fmt: skip
    assert numbers(plan) == ["1.1", "1.2", "3.1", "3.2"]
    move_section(section=second, way=-1, **who)
    assert numbers(plan) == ["1.1", "1.2", "2.1", "2.2"]
    added.refresh_from_db()
    edit_section(section=added, version=added.version, number="IV", title="Открытость", **who)
    second.refresh_from_db()
    delete_section(section=second, version=second.version, **who)
    heads = [head for head, _ in outline(plan)]
    assert heads == ["1. Подготовительные мероприятия", "IV. Открытость"]
    assert numbers(plan) == ["1.1", "1.2", "1.3", "1.4"], "rows stay in the plan"
    with pytest.raises(SectionGone):
        move_section(section=second, way=1, **who)
    with pytest.raises(NowhereToGo):
        move_section(section=first, way=-1, **who)
    with pytest.raises(StaleVersion):
        delete_section(section=first, version=99, **who)


def test_rows_of_the_first_section_stand_outside_when_it_goes(plan, who):
    delete_section(section=plan.sections.get(number="1"), version=1, **who)
    assert [head for head, _ in outline(plan)] == ["", "1. Подведение итогов"]
