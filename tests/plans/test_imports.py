"""From a document to the draft of a plan: services and the job that reads."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.reports.jobs import Progress
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.file_kinds import FileRefused
from nok_portal.tenants.models import StoredFile
from nok_portal.tenants.scope import scope
from plans.drafting import draft_of
from plans.drafts import stamp_of
from plans.enums import ImportState, PartyKind
from plans.jobs import read_uploaded_document
from plans.models import Activity, ActivityParty, DueDate, Plan, PlanImport, ResponsibleParty, TargetValue
from plans.selectors import doubles_of, unfinished_imports
from plans.services.corrections import (
    correct_facts,
    correct_line,
    correct_target,
    delete_line,
    inherit_field,
    leave_field_empty,
    restore_line,
    settle_finding,
)
from plans.services.document_reading import keep_reading
from plans.services.imports import (
    DraftNotReady,
    ImportGone,
    ImportNotOpen,
    confirm_import,
    discard_import,
    draft_of_import,
    drop_expired_imports,
    import_table,
    start_import,
)
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import TABLE, PlanImportFactory, table_of

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
UNTOUCHED = stamp_of({})
TARGETS = (
    TABLE + "\nЦелевые показатели\nПоказатель\t2026\t2027\t2028\n"
    "Доля организаций, охваченных независимой оценкой, % (нарастающим итогом)\t33,3\t66,6\t60\n"
)


@pytest.fixture
def ours():
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        yield municipality


@pytest.fixture
def editor(ours):
    return member_of(ours)


def said_of(found, index, part="activities"):
    found.refresh_from_db()
    return found.corrections.get(part, {}).get(str(index), {})


def line_of(found, index):
    found.refresh_from_db()
    return draft_of_import(found).line(index)


def correct(found, index, **values):
    correct_line(
        plan_import=found, index=index, stamp=stamp_of(said_of(found, index)), values=values, at=timezone.now()
    )


def confirm(found, editor):
    found.refresh_from_db()
    return confirm_import(plan_import=found, version=found.version, actor=editor, at=timezone.now())


# --- reading -------------------------------------------------------------------------------------


def start(ours, editor, **given):
    return start_import(municipality=ours, actor=editor, at=timezone.now(), **given)


def read(found):
    return read_uploaded_document(found.job, Progress())


def test_pasted_table_becomes_a_preview(ours, editor):
    found = start(ours, editor, text=TABLE)
    assert (found.state, found.job.state, found.job.kind) == (ImportState.READING, "waiting", "plans.import")
    read(found)
    found.refresh_from_db()
    assert found.state == ImportState.REVIEW
    assert [line.row.number for line in draft_of_import(found).lines] == ["1.1", "1.2", "2.1", "2.2"]


def test_reading_twice_keeps_what_was_corrected_meanwhile(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    correct(found, 0, title="Другое")
    read(found)
    assert line_of(found, 0).row.title == "Другое"


def test_text_file_is_stored_and_read(ours, editor):
    found = start(ours, editor, upload=ContentFile(TABLE.encode()), name="план.txt")
    read(found)
    found.refresh_from_db()
    assert (found.source_name, found.pasted_text, found.state) == ("план.txt", "", ImportState.REVIEW)


def test_broken_document_ends_the_job_with_words_for_a_person(ours, editor):
    content = b"PK\x03\x04 [Content_Types].xml word/document" + b"\0" * 50 + b"PK\x05\x06" + b"\0" * 18
    found = start(ours, editor, upload=ContentFile(content), name="a.docx")
    with pytest.raises(DomainError) as refused:
        read(found)
    assert str(refused.value)[0].isupper()
    found.refresh_from_db()
    assert found.state == ImportState.READING


def test_text_without_a_table_cannot_become_a_plan(ours, editor):
    found = start(ours, editor, text="Просто письмо без таблицы.")
    read(found)
    with pytest.raises(DraftNotReady):
        confirm(found, editor)


def test_pdf_is_refused_with_what_is_taken(ours, editor):
    with pytest.raises(FileRefused, match=r"Word \(\.docx\), Excel \(\.xlsx\)"):
        start(ours, editor, upload=ContentFile(b"%PDF-1.7"), name="plan.docx")
    assert not PlanImport.objects.exists()


def test_nothing_given_is_refused(ours, editor):
    with pytest.raises(DomainError, match="Приложите документ"):
        start(ours, editor, text="  \n")


def test_same_document_again_is_noticed(ours, editor):
    first = start(ours, editor, text=TABLE)
    read(first)
    second = start(ours, editor, text=TABLE)
    assert doubles_of(second).imports == (first,)
    plan = confirm(first, editor)
    found = doubles_of(second)
    assert ([one.plan for one in found.plans], found.imports) == ([plan], ())
    assert doubles_of(start(ours, editor, text=TABLE + "\n")).plans == ()


# --- corrections ---------------------------------------------------------------------------------


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


# --- confirmation --------------------------------------------------------------------------------


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


def test_expired_draft_is_refused_and_forgotten(ours, editor):
    found = PlanImportFactory(municipality=ours)
    later = found.expires_at
    with pytest.raises(ImportNotOpen, match="30 дней"):
        confirm_import(plan_import=found, version=1, actor=editor, at=later)
    assert unfinished_imports(ours, later) == []
    assert drop_expired_imports(municipality=ours, at=later - timedelta(seconds=1)) == 0
    assert drop_expired_imports(municipality=ours, at=later) == 1
    assert not PlanImport.objects.exists()


def test_confirmed_import_outlives_its_draft(ours, editor):
    found = PlanImportFactory(municipality=ours)
    confirm(found, editor)
    assert drop_expired_imports(municipality=ours, at=found.expires_at) == 0


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


def test_import_of_another_municipality_is_not_there(ours, editor):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        alien = PlanImportFactory(municipality=theirs)
    with pytest.raises(ImportGone), transaction.atomic():
        confirm_import(plan_import=alien, version=1, actor=editor, at=timezone.now())


def test_discarded_document_leaves_file_job_and_row(ours, editor):
    found = start(ours, editor, upload=ContentFile(TABLE.encode()), name="план.txt")
    discard_import(plan_import=found, actor=editor, at=timezone.now())
    assert not PlanImport.objects.exists()
    assert not StoredFile.objects.exists()
    assert not BackgroundJob.objects.exists()
    assert AuditEntry.objects.filter(verb="Загрузка документа отменена").exists()


def test_confirmed_import_is_not_discarded(ours, editor):
    found = PlanImportFactory(municipality=ours)
    confirm(found, editor)
    with pytest.raises(ImportNotOpen):
        discard_import(plan_import=found, actor=editor, at=timezone.now())


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


def test_document_deleted_meanwhile_is_said_to_be_deleted(ours, editor):
    found = PlanImportFactory(municipality=ours)
    discard_import(plan_import=PlanImport.objects.get(pk=found.pk), actor=editor, at=timezone.now())
    for work in (
        lambda: confirm_import(plan_import=found, version=1, actor=editor, at=timezone.now()),
        lambda: discard_import(plan_import=found, actor=editor, at=timezone.now()),
        lambda: delete_line(plan_import=found, part="activities", index=0, stamp=UNTOUCHED, at=timezone.now()),
    ):
        with pytest.raises(ImportGone, match="уже удалили"):
            work()


def test_reading_of_a_document_that_was_deleted_ends_plainly(ours, editor):
    found = start(ours, editor, text=TABLE)
    PlanImport.objects.filter(pk=found.pk).delete()
    with pytest.raises(DomainError, match="уже удалён"):
        read(found)
    keep_reading(plan_import_id=found.pk, table=table_of())


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
