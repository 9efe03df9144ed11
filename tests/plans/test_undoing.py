"""Every change of lines and sections is taken back and made again, or what has changed since is told."""

import pytest

from nok_portal.audit.models import AuditEntry
from plans.deadlines import parse
from plans.models import Activity, ActivityOrganization
from plans.services.arranging import (
    add_activity,
    delete_activity,
    move_activity,
    step_activity,
)
from plans.services.days import refresh_days
from plans.services.editing import Assignment, assign_parties, edit_activity
from plans.services.readings import correct_activity_reading
from plans.services.sections import add_section, delete_section, edit_section, move_section
from plans.services.undo_checks import CannotUndo
from plans.services.undoing import undo_entry, undoable
from tests.factories import OrganizationFactory
from tests.plans.editing import everything, line, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


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
