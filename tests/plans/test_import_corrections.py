"""What a person corrects in the preview: beside the reading, line by line, each step to be taken back."""

from datetime import date

import pytest
from django.utils import timezone

from nok_portal.common.errors import DomainError, StaleVersion
from plans.importing.drafts import stamp_of
from plans.models import PlanImport, TargetValue
from plans.services.corrections import (
    correct_line,
    correct_section,
    correct_target,
    delete_line,
    inherit_field,
    join_parties,
    leave_field_empty,
    make_line,
    make_section,
    restore_line,
    settle_finding,
    undo_correction,
)
from plans.services.imports import (
    DraftNotReady,
    draft_of_import,
)
from tests.factories.plans import TABLE, PlanImportFactory
from tests.plans.importing import UNTOUCHED, confirm, correct, line_of, said_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TARGETS = (
    TABLE + "\nЦелевые показатели\nПоказатель\t2026\t2027\t2028\n"
    "Доля организаций, охваченных независимой оценкой, % (нарастающим итогом)\t33,3\t66,6\t60\n"
)


def test_correction_lies_beside_the_reading(ours):
    found = PlanImportFactory(municipality=ours)
    before = found.table
    correct(found, 0, title="Перечень учреждений", deadline_text="до 15 апреля", responsible=("Совет", "Отдел"))
    line = line_of(found, 0)
    assert found.table == before
    assert (line.row.title, line.row.responsible) == ("Перечень учреждений", ("Совет", "Отдел"))
    assert line.days == [date(2026, 4, 15), date(2027, 4, 15), date(2028, 4, 15)]
    assert line.read.title == "Утверждение перечня учреждений"
    assert line.is_corrected


def test_words_of_the_document_are_no_correction(ours):
    found = PlanImportFactory(municipality=ours)
    row = line_of(found, 0).row
    correct(found, 0, title="Другое")
    correct(found, 0, title=row.title, number=row.number, section_index=row.section_index)
    assert said_of(found, 0) == {}
    assert not line_of(found, 0).is_corrected


def test_line_can_leave_its_section(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, section_index=None)
    assert line_of(found, 0).row.section_index is None
    correct(found, 0, section_index=1)
    assert line_of(found, 0).row.section_index == 1
    correct(found, 0, section_index=0)
    assert said_of(found, 0) == {}


def test_stale_line_is_refused_and_nothing_is_lost(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, title="Первый")
    with pytest.raises(StaleVersion, match="исправил другой человек"):
        correct_line(plan_import=found, index=0, stamp=UNTOUCHED, values={"title": "Второй"}, at=timezone.now())
    assert line_of(found, 0).row.title == "Первый"


def test_another_line_may_be_corrected_meanwhile(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, title="Первый")
    correct_line(plan_import=found, index=1, stamp=UNTOUCHED, values={"title": "Второй"}, at=timezone.now())
    assert (line_of(found, 0).row.title, line_of(found, 1).row.title) == ("Первый", "Второй")


def test_deleted_line_stays_out_and_comes_back(ours, editor):
    found = PlanImportFactory(municipality=ours)
    delete_line(plan_import=found, part="activities", index=1, stamp=UNTOUCHED, at=timezone.now())
    found.refresh_from_db()
    draft = draft_of_import(found)
    assert [line.row.number for line in draft.kept_lines] == ["1.1", "2.1", "2.2"]
    # findings of the lines below still stand at their own lines
    assert all(finding.activity != "1.2" for finding in draft.all_findings)
    restore_line(plan_import=found, part="activities", index=1, stamp=stamp_of(said_of(found, 1)), at=timezone.now())
    assert len(draft_of_import(PlanImport.objects.get(pk=found.pk)).kept_lines) == 4


def test_impossible_day_stops_and_cannot_be_settled_by_a_word(ours, editor):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, deadline_text="до 31 ноября")
    line = line_of(found, 0)
    assert line.stops
    assert line.reading == ""
    settle_finding(
        plan_import=found,
        part="activities",
        index=0,
        stamp=line.stamp,
        key="deadline_impossible:deadline_text",
        at=timezone.now(),
    )
    with pytest.raises(DraftNotReady, match="отмеченные красным"):
        confirm(found, editor)
    correct(found, 0, deadline_text="до 30 ноября")
    assert confirm(found, editor).activities.count() == 4


def test_settled_warning_is_not_said_again(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, responsible=())
    line = line_of(found, 0)
    assert [finding.code for finding in line.findings] == ["no_responsible"]
    settle_finding(
        plan_import=found,
        part="activities",
        index=0,
        stamp=line.stamp,
        key="no_responsible:responsible",
        at=timezone.now(),
    )
    assert line_of(found, 0).findings == ()


def test_blank_cell_inherits_or_stays_blank(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 1, deadline_text="")
    inherit_field(
        plan_import=found, index=1, stamp=stamp_of(said_of(found, 1)), name="deadline_text", at=timezone.now()
    )
    line = line_of(found, 1)
    assert (line.row.deadline_text, line.row.inherited) == ("до 1 апреля", ("deadline_text",))
    leave_field_empty(plan_import=found, index=1, stamp=line.stamp, name="deadline_text", at=timezone.now())
    line = line_of(found, 1)
    assert (line.row.deadline_text, line.row.inherited) == ("", ())


def test_first_line_has_nothing_to_inherit(ours):
    found = PlanImportFactory(municipality=ours)
    with pytest.raises(DomainError, match="взять нечего"):
        inherit_field(plan_import=found, index=0, stamp=UNTOUCHED, name="responsible", at=timezone.now())


def test_words_written_over_inherited_ones_are_the_lines_own(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 1, deadline_text="")
    inherit_field(
        plan_import=found, index=1, stamp=stamp_of(said_of(found, 1)), name="deadline_text", at=timezone.now()
    )
    correct(found, 1, deadline_text="до 5 мая")
    assert line_of(found, 1).row.inherited == ()


def test_target_that_falls_is_noticed_and_corrected(ours, editor):
    found = PlanImportFactory(municipality=ours, pasted_text=TARGETS)
    found.refresh_from_db()
    (target,) = draft_of_import(found).targets
    assert [finding.code for finding in target.findings] == ["cumulative_falls"]
    correct_target(
        plan_import=found,
        index=0,
        stamp=target.stamp,
        title=target.row.title,
        values={2026: 33.3, 2027: 66.6, 2028: 100},
        at=timezone.now(),
    )
    found.refresh_from_db()
    assert draft_of_import(found).targets[0].findings == ()
    plan = confirm(found, editor)
    values = TargetValue.objects.filter(indicator__plan=plan).order_by("year").values_list("year", "planned")
    assert [(year, float(value)) for year, value in values] == [(2026, 33.3), (2027, 66.6), (2028, 100)]


def at_stamp(found, part, index):
    return {"plan_import": found, "stamp": stamp_of(said_of(found, index, part)), "at": timezone.now()}


def outline(found):
    """Each section with the numbers of its lines."""
    found.refresh_from_db()
    draft = draft_of_import(found)
    names = [section.title for section in draft.sections]
    return [(names, [(line.row.number, line.row.section_index) for line in draft.kept_lines])]


def undo(found):
    found.refresh_from_db()
    undo_correction(plan_import=found, serial=str(found.past[-1]["serial"]), at=timezone.now())
    found.refresh_from_db()


def test_line_becomes_a_section_of_the_lines_below_and_back(ours, editor):
    found = PlanImportFactory(municipality=ours)
    before = outline(found)
    correct(found, 1, title="Опрос")
    make_section(index=1, **at_stamp(found, "activities", 1))
    assert outline(found) == [
        (["Подготовительные мероприятия", "Опрос", "Подведение итогов"], [("1.1", 0), ("2.1", 2), ("2.2", 2)])
    ]
    correct(found, 0, section_index=3)  # the new section's key
    assert outline(found)[0][1] == [("1.1", 1), ("2.1", 2), ("2.2", 2)]
    plan = confirm(found, editor)
    assert plan.activities.get(number="1.1").section.title == "Опрос"
    other = PlanImportFactory(municipality=ours)
    make_section(index=1, **at_stamp(other, "activities", 1))
    make_line(key=3, **at_stamp(other, "sections", 3))
    assert (outline(other), other.corrections) == (before, {})


def test_section_becomes_a_line_and_back(ours, editor):
    found = PlanImportFactory(municipality=ours)
    before = outline(found)
    make_line(key=1, **at_stamp(found, "sections", 1))
    assert outline(found) == [
        (["Подготовительные мероприятия"], [("1.1", 0), ("1.2", 0), ("2", 0), ("2.1", 0), ("2.2", 0)])
    ]
    line = line_of(found, 5)
    assert (line.row.title, line.was_section, line.is_corrected) == ("Подведение итогов", True, True)
    correct(found, 5, deadline_text="до 31 декабря", responsible=("Совет",))
    assert len(line_of(found, 5).days) == 3
    make_section(index=5, **at_stamp(found, "activities", 5))
    assert outline(found) == before


def test_section_is_called_otherwise(ours, editor):
    found = PlanImportFactory(municipality=ours)
    correct_section(key=1, number="II", title="Итоги", **at_stamp(found, "sections", 1))
    assert line_of(found, 2).row.section == "II"
    plan = confirm(found, editor)
    assert [(one.number, one.title) for one in plan.sections.order_by("position")][1] == ("II", "Итоги")


def test_section_without_lines_is_asked_about(ours):
    found = PlanImportFactory(municipality=ours)
    for index in (2, 3):
        correct(found, index, section_index=0)
    section = draft_of_import(PlanImport.objects.get(pk=found.pk)).section(1)
    assert [finding.code for finding in section.findings] == ["section_empty"]
    where = at_stamp(found, "sections", 1)
    settle_finding(part="sections", index=1, key="section_empty:title", **where)
    assert draft_of_import(PlanImport.objects.get(pk=found.pk)).section(1).findings == ()


def test_parties_that_are_one_are_joined(ours):
    text = TABLE.replace("Общественный совет, отдел культуры", "Отдел культуры Управление образования")
    found = PlanImportFactory(municipality=ours, pasted_text=text)
    assert line_of(found, 0).row.responsible == ("Отдел культуры", "Управление образования")
    join_parties(index=0, **at_stamp(found, "activities", 0))
    line = line_of(found, 0)
    assert (line.row.responsible, line.findings) == (("Отдел культуры Управление образования",), ())


def test_every_correction_can_be_taken_back_the_last_one_first(ours):
    found = PlanImportFactory(municipality=ours, pasted_text=TARGETS)
    steps = [
        lambda: correct(found, 0, title="Другое"),
        lambda: correct(found, 0, responsible=("Совет",)),
        lambda: delete_line(part="activities", index=1, **at_stamp(found, "activities", 1)),
        lambda: make_line(key=1, **at_stamp(found, "sections", 1)),
        lambda: correct_section(key=0, number="I", title="Начало", **at_stamp(found, "sections", 0)),
        lambda: settle_finding(part="targets", index=0, key="cumulative_falls:values", **at_stamp(found, "targets", 0)),
        lambda: restore_line(part="activities", index=0, **at_stamp(found, "activities", 0)),
    ]
    seen = []
    for step in steps:
        found.refresh_from_db()
        seen.append(found.corrections)
        step()
    found.refresh_from_db()
    assert len(found.past) == len(steps)
    for before in reversed(seen):
        undo(found)
        assert {name: said for name, said in found.corrections.items() if said} == before
    assert found.past == []


def test_only_the_step_that_a_person_sees_is_taken_back(ours):
    found = PlanImportFactory(municipality=ours)
    correct(found, 0, title="Первый")
    found.refresh_from_db()
    seen = str(found.past[-1]["serial"])
    correct(found, 1, title="Второй")
    for serial in (seen, "", "nonsense"):
        with pytest.raises(StaleVersion, match="уже нельзя"):
            undo_correction(plan_import=found, serial=serial, at=timezone.now())
    assert line_of(found, 1).row.title == "Второй"


def test_hundred_steps_are_kept(ours):
    found = PlanImportFactory(municipality=ours)
    for number in range(102):
        correct(found, 0, title=f"Название {number}")
    found.refresh_from_db()
    assert len(found.past) == 100
    undo(found)
    assert line_of(found, 0).row.title == "Название 100"
