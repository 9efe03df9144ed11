"""Lines and sections of a plan are changed in their place, added, moved, deleted, and every change is taken back."""

from datetime import date

import pytest

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from plans.deadlines import parse
from plans.enums import PlanState
from plans.models import Activity, ActivityOrganization, DueDate, Plan
from plans.services.arranging import (
    LineHasWork,
    NowhereToGo,
    PlaceGone,
    add_activity,
    delete_activity,
    move_activity,
    step_activity,
)
from plans.services.days import refresh_days
from plans.services.editing import Assignment, LineGone, NoLines, assign_parties, edit_activity, set_steps
from plans.services.plan_locks import WordsAreFixed
from plans.services.readings import correct_activity_reading
from plans.services.sections import SectionGone, add_section, delete_section, edit_section, move_section
from plans.services.undo_checks import CannotUndo
from plans.services.undoing import undo_entry, undoable
from tests.factories import NOW, LegalActFactory, OrganizationFactory, UserFactory, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.fixture
def who(ours):
    return {"actor": member_of(ours), "at": NOW}


def line(plan, number):
    return Activity.objects.get(plan=plan, number=number)


def outline(plan):
    """Sections and rows as a person reads them; positions have no gaps."""
    rows = list(Activity.objects.filter(plan=plan).order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    sections = list(plan.sections.order_by("position"))
    assert [one.position for one in sections] == list(range(1, len(sections) + 1))
    order = {None: 0, **{one.pk: one.position for one in sections}}
    assert sorted(rows, key=lambda row: order[row.section_id]) == rows
    return [
        (str(one or ""), [f"{row.number} {row.title}" for row in rows if row.section_id == (one.pk if one else None)])
        for one in (None, *sections)
    ][0 if any(row.section_id is None for row in rows) else 1 :]


def numbers(plan):
    return [row.partition(" ")[0] for _, rows in outline(plan) for row in rows]


def parties(activity):
    return [link.party.name for link in activity.party_links.order_by("position")]


def days(activity):
    return list(activity.due_dates.order_by("window_to").values_list("window_to", flat=True))


def everything(plan):
    """All that a person sees of the plan."""
    return outline(plan), {
        row.pk: (row.number, row.title, row.deadline_text, row.deadline_reading, row.expected_result, row.step,
                 row.planned_quantity, row.quantity_unit, row.responsible_text, row.reading_corrected_at, tuple(parties(row)),
                 tuple(days(row)), tuple(row.organization_links.values_list("organization_id", "year")))
        for row in Activity.objects.filter(plan=plan)
    }  # fmt: skip


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


# --- undo ------------------------------------------------------------------------------------------


def changes_of(plan, who):
    first, last = line(plan, "1.1"), line(plan, "2.2")
    section = plan.sections.get(number="1")
    return {
        "edit": lambda: edit_activity(
            activity=first,
            version=first.version,
            changes={"number": "7", "title": "Иначе", "deadline_text": "до 9 мая", "planned_quantity": "4.5",
                     "quantity_unit": "школ", "responsible": ("Кто-то",), "step": "", "expected_result": ""},
            **who,
        ),
        "add": lambda: add_activity(plan=plan, above=first, values={"title": "Ещё", "responsible": ("Кто-то",)}, **who)[1],
        "delete": lambda: delete_activity(activity=first, version=first.version, **who),
        "move": lambda: move_activity(activity=first, section_id=last.section_id, above_id=last.pk, **who),
        "step": lambda: step_activity(activity=last, way=-1, **who),
        "assign": lambda: assign_parties(
            plan=plan, activity_ids=[first.pk, last.pk], how=Assignment.REPLACE, names=["Кто-то"], **who
        ),
        "section add": lambda: add_section(plan=plan, title="Гласность", after=section, **who)[1],
        "section edit": lambda: edit_section(section=section, version=1, number="3", title="Иначе", **who),
        "section delete": lambda: delete_section(section=section, version=1, **who),
        "section move": lambda: move_section(section=section, way=1, **who),
    }  # fmt: skip


CHANGES = ["edit", "add", "delete", "move", "step", "assign"] + [
    f"section {one}" for one in ("add", "edit", "delete", "move")
]


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_taken_back_and_made_again(plan, who, ours, name):
    named = OrganizationFactory(municipality=ours)
    ActivityOrganization.objects.create(municipality=ours, activity=line(plan, "1.1"), organization=named, year=2027)
    refresh_days(plan, **who)
    before = everything(plan)
    entry = changes_of(plan, who)[name]()
    after = everything(plan)
    assert after != before
    assert undoable(plan, [entry]) == {entry.pk}

    undone = undo_entry(plan=plan, entry=entry, **who)
    assert everything(plan) == before
    assert undone.verb == f"Отменено: {entry.verb[0].lower()}{entry.verb[1:]}"
    assert undoable(plan, [entry]) == set()
    with pytest.raises(CannotUndo):
        undo_entry(plan=plan, entry=entry, **who)

    again = undo_entry(plan=plan, entry=undone, **who)
    assert everything(plan) == after
    assert again.verb == undone.verb


@pytest.mark.parametrize(
    ("name", "then", "reason"),
    [
        ("edit", "edit again", "С тех пор изменено: мероприятие"),
        ("edit", "delete", "с тех пор удалена"),
        ("add", "edit new", "С тех пор изменено: мероприятие"),
        ("move", "move again", "с тех пор переместили"),
        ("assign", "edit again", "С тех пор изменены строки: "),
        ("section add", "fill", "добавили строки"),
        ("section edit", "section delete", "раздел с тех пор удалён"),
        ("delete", "section delete", "Раздел, в котором стояла строка, с тех пор удалён"),
    ],
)
def test_what_has_changed_since_is_told(plan, who, name, then, reason):
    entry = changes_of(plan, who)[name]()
    first = Activity.objects.filter(plan=plan, title__in=("Иначе", "Утверждение перечня учреждений")).first()
    match then:
        case "edit again":
            changes = {"title": "Опять иначе", "responsible": ("Другой",)}
            edit_activity(activity=first, version=first.version, changes=changes, **who)
        case "delete":
            delete_activity(activity=first, version=first.version, **who)
        case "edit new":
            new = plan.activities.get(title="Ещё")
            edit_activity(activity=new, version=new.version, changes={"title": "Опять"}, **who)
        case "move again":
            step_activity(activity=first, way=-1, **who)
        case "fill":
            add_activity(plan=plan, section=plan.sections.get(title="Гласность"), values={"title": "Новая"}, **who)
        case "section delete":
            section = plan.sections.order_by("position").first()
            delete_section(section=section, version=section.version, **who)
    with pytest.raises(CannotUndo, match=reason):
        undo_entry(plan=plan, entry=entry, **who)
    assert undoable(plan, [entry]) == set()


def test_deletions_are_taken_back_in_any_order(plan, who):
    before = everything(plan)
    first, second = line(plan, "1.1"), line(plan, "1.2")
    one = delete_activity(activity=first, version=1, **who)
    second.refresh_from_db()
    other = delete_activity(activity=second, version=second.version, **who)
    again = undo_entry(plan=plan, entry=other, **who)
    undo_entry(plan=plan, entry=one, **who)
    assert everything(plan) == before

    delete_activity(activity=line(plan, "1.1"), version=line(plan, "1.1").version, **who)
    deleted = undo_entry(plan=plan, entry=again, **who)
    undo_entry(plan=plan, entry=one, **who)
    undo_entry(plan=plan, entry=deleted, **who)
    assert numbers(plan) == ["1.1", "1.2", "2.1", "2.2"], "where it stood nobody knows, but no number stands twice"


def test_other_changes_meanwhile_do_not_hinder(plan, who):
    entry = edit_activity(activity=line(plan, "1.1"), version=1, changes={"title": "Иначе"}, **who)
    add_activity(plan=plan, section=plan.sections.get(number="1"), values={"title": "Ещё"}, **who)
    edited = line(plan, "1.1")
    edit_activity(activity=edited, version=edited.version, changes={"expected_result": "протокол"}, **who)
    undo_entry(plan=plan, entry=entry, **who)
    edited.refresh_from_db()
    assert (edited.title, edited.expected_result) == ("Утверждение перечня учреждений", "протокол")


def test_entries_of_other_things_are_not_taken_back_here(plan, who):
    activity = line(plan, "1.1")
    correct_activity_reading(activity=activity, version=1, deadline=parse("до 2 апреля"), **who)
    other = AuditEntry.objects.filter(object_id=str(activity.pk)).latest("pk")
    assert undoable(plan, [other]) == set()
    with pytest.raises(CannotUndo):
        undo_entry(plan=plan, entry=other, **who)
