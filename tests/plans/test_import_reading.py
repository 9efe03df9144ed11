"""An uploaded document until it is read, and what becomes of it without a plan."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.reports.jobs import Progress
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.file_kinds import FileRefused
from nok_portal.tenants.models import StoredFile
from nok_portal.tenants.scope import scope
from plans.enums import ImportState
from plans.jobs import read_uploaded_document
from plans.models import PlanImport
from plans.selectors import doubles_of, unfinished_imports
from plans.services.corrections import (
    delete_line,
)
from plans.services.document_reading import (
    carried_to_offer,
    keep_former_reading,
    keep_reading,
    set_columns,
    take_reading,
)
from plans.services.imports import (
    DraftNotReady,
    ImportGone,
    ImportNotOpen,
    confirm_import,
    discard_import,
    draft_of_import,
    drop_expired_imports,
    read_again,
)
from tests.factories import MunicipalityFactory
from tests.factories.plans import TABLE, PlanImportFactory, table_of
from tests.plans.importing import UNTOUCHED, confirm, correct, line_of, read, said_of, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


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
        read_uploaded_document(found.job, Progress())
    keep_reading(plan_import_id=found.pk, table=table_of())


def test_import_of_another_municipality_is_not_there(ours, editor):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        alien = PlanImportFactory(municipality=theirs)
    with pytest.raises(ImportGone), transaction.atomic():
        confirm_import(plan_import=alien, version=1, actor=editor, at=timezone.now())


# --- loaded before -------------------------------------------------------------------------------


def test_document_that_is_known_is_read_only_when_a_person_says_so(ours, editor):
    first = start(ours, editor, text=TABLE)
    read(first)
    second = start(ours, editor, text=TABLE)
    assert (second.state, second.job) == (ImportState.READING, None)
    # what waits for that answer is no reason to ask about a third
    assert doubles_of(start(ours, editor, text=TABLE)).imports == (first,)
    read_again(plan_import=second, actor=editor, at=timezone.now())
    read(second)
    assert second.state == ImportState.REVIEW


def test_document_whose_reading_failed_may_be_loaded_again(ours, editor):
    first = start(ours, editor, text=TABLE)
    BackgroundJob.objects.filter(pk=first.job_id).update(state="failed", finished_at=timezone.now())
    assert start(ours, editor, text=TABLE).job is not None


def test_pasted_table_is_read_as_its_program_formats_it(ours, editor):
    html = (
        "<table><tr><td>№</td><td>Мероприятие</td><td>Срок</td><td>Исполнители</td></tr>"
        "<tr><td>1</td><td>Опрос</td><td rowspan=2>до 1 мая 2027 г.</td><td>Отдел</td></tr>"
        "<tr><td>2</td><td>Отчёт</td><td>Совет</td></tr></table>"
    )
    text = "№\tМероприятие\tСрок\tИсполнители\n1\tОпрос\tдо 1 мая 2027 г.\tОтдел\n2\tОтчёт\t\tСовет\n"
    found = start(ours, editor, text=text, html=html)
    read(found)
    assert line_of(found, 1).row.inherited == ("deadline_text",)


# --- columns -------------------------------------------------------------------------------------

SWAPPED = {"1": {"0": "number", "1": "title", "2": "result", "3": "deadline", "4": "responsible"}}


def set_other_columns(found, editor):
    found.refresh_from_db()
    set_columns(plan_import=found, version=found.version, columns=SWAPPED, actor=editor, at=timezone.now())


def test_document_is_read_again_with_the_columns_a_person_set(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    former = found.job_id
    correct(found, 0, title="Утверждение списка")
    correct(found, 1, responsible=("Отдел",))
    delete_line(plan_import=found, part="activities", index=2, stamp=UNTOUCHED, at=timezone.now())
    set_other_columns(found, editor)
    found.refresh_from_db()
    assert found.state == ImportState.READING
    read(found)
    # nothing is lost, so nobody is asked
    assert (found.state, found.rereading, found.columns) == (ImportState.REVIEW, None, SWAPPED)
    lines = draft_of_import(found).lines
    assert [line.row.deadline_text for line in lines][:2] == ["перечень утверждён", "опрос проведён"]
    assert (lines[0].row.title, lines[1].row.responsible) == ("Утверждение списка", ("Отдел",))
    assert lines[2].is_deleted
    assert not BackgroundJob.objects.filter(pk=former).exists()


def test_corrections_that_would_be_lost_are_named_before_they_are(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    correct(found, 0, deadline_text="до 5 апреля", number="1.7")
    correct(found, 1, expected_result="май – октябрь")  # what the new reading says by itself
    set_other_columns(found, editor)
    read(found)
    carried = carried_to_offer(found)
    assert [(one.row, one.words) for one in carried.lost] == [(3, "срок: «до 5 апреля»")]
    assert line_of(found, 0).row.deadline_text == "до 5 апреля"
    take_reading(plan_import=found, version=found.version, actor=editor, at=timezone.now())
    line = line_of(found, 0)
    assert (line.row.deadline_text, line.row.number) == ("перечень утверждён", "1.7")
    assert said_of(found, 1) == {}
    assert found.past == []


def test_former_reading_can_be_kept(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    correct(found, 0, deadline_text="до 5 апреля")
    before = found.table
    set_other_columns(found, editor)
    read(found)
    seen = found.version
    keep_former_reading(plan_import=found, at=timezone.now())
    found.refresh_from_db()
    assert (found.table, found.rereading, found.columns) == (before, None, {})
    for answer in (
        lambda: take_reading(plan_import=found, version=seen, actor=editor, at=timezone.now()),
        lambda: keep_former_reading(plan_import=found, at=timezone.now()),
    ):
        with pytest.raises(StaleVersion, match="уже принято или отклонено"):
            answer()


def test_reading_that_failed_leaves_the_former_one(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    set_other_columns(found, editor)
    keep_former_reading(plan_import=found, at=timezone.now())  # the worker never came
    assert line_of(found, 0).row.deadline_text == "до 1 апреля"


def test_columns_are_set_by_who_has_seen_the_draft_as_it_is(ours, editor):
    found = start(ours, editor, text=TABLE)
    read(found)
    seen = found.version
    correct(found, 0, title="Другое")
    with pytest.raises(StaleVersion):
        set_columns(plan_import=found, version=seen, columns=SWAPPED, actor=editor, at=timezone.now())
