"""From the checked draft to the rows of a plan."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError, StaleVersion
from plans.enums import ImportState, PartyKind
from plans.importing.drafting import draft_of
from plans.models import Activity, ActivityParty, DueDate, Plan, ResponsibleParty, TargetValue
from plans.services.corrections import (
    correct_facts,
    delete_line,
)
from plans.services.imports import (
    DraftNotReady,
    ImportNotOpen,
    confirm_import,
    draft_of_import,
    import_table,
)
from tests.factories.plans import TABLE, PlanImportFactory, table_of
from tests.plans.importing import UNTOUCHED, confirm, correct, line_of, read, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
TARGETS = (
    TABLE + "\nЦелевые показатели\nПоказатель\t2026\t2027\t2028\n"
    "Доля организаций, охваченных независимой оценкой, % (нарастающим итогом)\t33,3\t66,6\t60\n"
)


def test_confirmed_draft_is_a_plan_with_all_its_rows(ours, editor):
    found = PlanImportFactory(municipality=ours)
    plan = confirm(found, editor)
    assert (plan.title[:16], plan.period_from, plan.period_to) == (
        "План мероприятий",
        date(2026, 1, 1),
        date(2028, 12, 31),
    )
    assert (plan.spheres, plan.assessment_years, plan.state) == (["culture"], [2026, 2027, 2028], "draft")
    assert [(section.number, section.position) for section in plan.sections.order_by("position")] == [
        ("1", 1),
        ("2", 2),
    ]
    first, _, _, last = plan.activities.order_by("position")
    assert (first.number, first.section.number, first.deadline_text) == ("1.1", "1", "до 1 апреля")
    assert [due.window_to for due in first.due_dates.order_by("window_to")] == [
        date(2026, 4, 1),
        date(2027, 4, 1),
        date(2028, 4, 1),
    ]
    assert [link.party.name for link in first.party_links.order_by("position")] == [
        "Общественный совет",
        "отдел культуры",
    ]
    assert last.due_dates.count() == 0
    assert last.deadline_rule["terms"]
    assert first.source["row"] > 0
    found.refresh_from_db()
    assert (found.state, found.plan) == (ImportState.CONFIRMED, plan)
    entry = AuditEntry.objects.get(object_type="plans.plan", object_id=str(plan.pk))
    assert (entry.verb, entry.actor, entry.after["activities"]) == ("Внесён план из документа", editor, 4)


def test_party_of_two_plans_is_one_row(ours, editor):
    confirm(PlanImportFactory(municipality=ours), editor)
    confirm(
        PlanImportFactory(municipality=ours, pasted_text=TABLE.replace("отдел культуры", "Отдел  культуры")), editor
    )
    assert ResponsibleParty.objects.filter(name_key="отдел культуры").count() == 1
    council = ResponsibleParty.objects.get(name="Общественный совет")
    assert (council.kind, council.activity_links.count()) == (PartyKind.COUNCIL, 4)


def test_confirming_twice_makes_one_plan(ours, editor):
    found = PlanImportFactory(municipality=ours)
    confirm(found, editor)
    with pytest.raises(ImportNotOpen, match="уже стал планом"):
        confirm(found, editor)
    assert Plan.objects.count() == 1


def test_draft_that_changed_since_it_was_seen_is_refused(ours, editor):
    found = PlanImportFactory(municipality=ours)
    seen = found.version
    correct(found, 0, title="Другое")
    with pytest.raises(StaleVersion):
        confirm_import(plan_import=found, version=seen, actor=editor, at=timezone.now())
    assert not Plan.objects.exists()


def test_facts_that_the_document_does_not_tell_are_asked_for(ours, editor):
    found = PlanImportFactory(municipality=ours, pasted_text=TABLE.split("\n", 1)[1])
    with pytest.raises(DraftNotReady, match="название, период, сферы"):
        confirm(found, editor)
    facts = {
        "title": "План",
        "kind": "assessment",
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 12, 31),
        "assessment_years": [2026],
        "spheres": ["education"],
    }
    correct_facts(plan_import=found, stamp=UNTOUCHED, facts=facts, at=timezone.now())
    with pytest.raises(StaleVersion):
        correct_facts(plan_import=found, stamp=UNTOUCHED, facts=facts, at=timezone.now())
    plan = confirm(found, editor)
    assert DueDate.objects.filter(activity__plan=plan).count() == 3


def test_plan_without_a_line_is_refused(ours, editor):
    found = PlanImportFactory(municipality=ours)
    for index in range(4):
        delete_line(plan_import=found, part="activities", index=index, stamp=UNTOUCHED, at=timezone.now())
    with pytest.raises(DraftNotReady, match="ни одного мероприятия"):
        confirm(found, editor)


def test_table_of_the_command_becomes_a_plan_with_its_findings(ours):
    table = table_of(TABLE.replace("до 1 апреля", "до 31 ноября").replace("Организация-оператор", ""))
    plan = import_table(
        table=table,
        municipality=ours,
        actor=None,
        at=timezone.now(),
        period=(date(2027, 1, 1), date(2027, 12, 31)),
        assessment_years=[2027],
    )
    assert (plan.period_to, plan.assessment_years) == (date(2027, 12, 31), [2027])
    codes = {finding["code"] for activity in plan.activities.all() for finding in activity.findings}
    assert codes == {"deadline_impossible", "no_responsible"}


TOO_MUCH = {
    "value": TARGETS.replace("66,6", "99999999999999999"),
    "negative value": TARGETS.replace("66,6", "-1000000000"),
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_no_plan_can_hold_stops_page_and_command(ours, editor, text):
    found = PlanImportFactory(municipality=ours, pasted_text=text)
    with pytest.raises(DraftNotReady, match="отмеченные красным"):
        confirm(found, editor)
    with pytest.raises(DraftNotReady, match="портал"), transaction.atomic():
        import_table(table=table_of(text), municipality=ours, actor=None, at=timezone.now())
    assert not Plan.objects.exists()


def test_line_with_parties_beyond_count_stops_the_plan(ours, editor):
    found = PlanImportFactory(municipality=ours)
    correct(found, 1, responsible=tuple(f"Школа № {number}" for number in range(201)))
    assert [finding.code for finding in line_of(found, 1).findings] == ["too_many_parties"]
    with pytest.raises(DraftNotReady, match="отмеченные красным"):
        confirm(found, editor)
    correct(found, 1, responsible=tuple(f"Школа № {number}" for number in range(200)))
    assert confirm(found, editor).activities.get(number="1.2").party_links.count() == 200


def test_largest_value_and_longest_words_are_kept(ours, editor):
    long = "Очень длинное название " * 150
    text = TARGETS.replace("66,6", "999999999,999").replace("33,3", "9" * 400).replace("до 1 мая", long)
    text = text.replace("отдел культуры", long).replace("Подведение итогов", long).replace("1.2\t", f"1.{'2' * 50}\t")
    found = PlanImportFactory(municipality=ours, pasted_text=text.replace("Опрос получателей", long))
    codes = {finding.code for finding in draft_of_import(found).all_findings}
    assert {"party_name_long", "target_value_not_understood"} <= codes
    plan = confirm(found, editor)
    assert list(TargetValue.objects.filter(indicator__plan=plan, year=2027).values_list("planned", flat=True)) == [
        Decimal("999999999.999")
    ]
    assert import_table(table=table_of(text), municipality=ours, actor=None, at=timezone.now()).pk


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ((date(2027, 1, 1), date(2026, 1, 1)), []),
        ((date(1, 1, 1), date(9, 12, 31)), []),
        ((date(2026, 1, 1), date(9999, 12, 31)), []),
        ((date(2026, 1, 1), date(2027, 12, 31)), [99999]),
        ((date(2026, 1, 1), date(2027, 12, 31)), [-1]),
    ],
)
def test_command_with_impossible_years_is_refused(ours, period, years):
    with pytest.raises(DomainError, match=r"период|Год"):
        import_table(
            table=table_of(), municipality=ours, actor=None, at=timezone.now(), period=period, assessment_years=years
        )


def test_table_without_a_period_wants_one(ours):
    with pytest.raises(DraftNotReady, match="--from"):
        import_table(table=table_of(TABLE.split("\n", 1)[1]), municipality=ours, actor=None, at=timezone.now())


@pytest.mark.skipif(not SEEDS.exists(), reason="the five plans of other municipalities are not on this machine")
@pytest.mark.parametrize(
    ("name", "activities"),
    [("balashikha", 17), ("dalnerechensk", 28), ("kaspiysk", 16), ("muezersky", 16), ("vidyaevo", 13)],
)
def test_real_plan_goes_through_the_database(ours, editor, name, activities):
    with (SEEDS / f"{name}.docx").open("rb") as document:
        found = start(ours, editor, upload=document, name=f"{name}.docx")
    read(found)
    found.refresh_from_db()
    facts = draft_of_import(found).facts
    correct_facts(
        plan_import=found,
        stamp=UNTOUCHED,
        facts={
            "title": facts.title or "План",
            "kind": facts.kind,
            "period_from": facts.period_from or date(2024, 1, 1),
            "period_to": facts.period_to or date(2026, 12, 31),
            "assessment_years": facts.assessment_years or [2024],
            "spheres": facts.spheres or ["culture"],
        },
        at=timezone.now(),
    )
    plan = confirm(found, editor)
    assert plan.activities.count() == activities
    read_words = Activity.objects.filter(plan=plan).exclude(deadline_text="").values_list("deadline_reading", flat=True)
    assert all(read_words)
    assert ActivityParty.objects.filter(activity__plan=plan).count() >= activities - 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_draft_of_untouched_reading_is_the_reading():
    table = table_of()
    assert draft_of(table, {}).table.activities == table.activities
