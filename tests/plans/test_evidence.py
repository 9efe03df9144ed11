"""Evidence of due dates: files, links, acts and what the portal made; added and removed while nobody has decided."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nok_portal.audit.selectors import timeline_for
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.models import LegalAct, StoredFile
from nok_portal.tenants.rights import Role
from plans.models import DueDate, Evidence, Plan
from plans.selectors import summaries
from plans.services import evidence
from plans.services.due_locks import NotYours, PlanAsksNothing, lock_dues
from plans.services.evidence import (
    EvidenceFixed,
    LinkWrong,
    add_files,
    add_legal_act,
    add_link,
    add_new_act,
    add_portal_proof,
    remove_evidence,
)
from plans.services.plans import PlanNotDraft, delete_draft
from plans.services.reporting import accept_report, cancel_due
from tests.factories import NOW, LegalActFactory, member_of
from tests.plans.reporting import World, a_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_world")]


def told(due: DueDate) -> list[str]:
    return [str(one) for one in due.evidence.order_by("pk")]


def test_files_are_kept_and_those_refused_are_named_with_the_reason(world: World):
    due = world.due()
    files = [a_file(), a_file("фильм.mov", b"\x00\x00\x00\x14ftypqt"), a_file("Снимок.png", b"\x89PNG\r\n\x1a\n")]
    done = add_files(dues=[due], files=files, actor=world.responsible, at=NOW)
    assert told(due) == ["Акт.pdf", "Снимок.png"]
    assert [(one.name, one.why[:5]) for one in done.refused] == [("фильм.mov", "Такие")]
    entry = timeline_for(due.activity).first()
    assert (entry.verb, entry.after["evidence"]) == ("Приложено подтверждение", "Снимок.png")


def test_the_same_file_sent_twice_stands_once(world: World):
    due = world.due()
    for _ in range(2):
        add_files(dues=[due], files=[a_file()], actor=world.responsible, at=NOW)
    assert told(due) == ["Акт.pdf"]
    assert StoredFile.objects.count() == 1


def test_file_of_evidence_is_read_by_members_of_the_municipality(world: World):
    add_files(dues=[world.due()], files=[a_file()], actor=world.responsible, at=NOW)
    url = reverse("office:file", args=[world.municipality.slug, StoredFile.objects.get().pk])
    client = Client()
    client.force_login(member_of(world.municipality, Role.COUNCIL_MEMBER))
    assert b"".join(client.get(url)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://adm.example.ru/nok?year=2026", "https://adm.example.ru/nok?year=2026"),
        (" adm.example.ru/nok ", "https://adm.example.ru/nok"),
        ("http://сосновский.рф/план", "http://сосновский.рф/план"),
    ],
)
def test_address_of_a_page_is_kept(world: World, typed, kept):
    due = world.due()
    add_link(dues=[due], url=typed, title="Раздел сайта", actor=world.responsible, at=NOW)
    assert due.evidence.get().url == kept
    assert told(due) == ["Раздел сайта"]


@pytest.mark.parametrize(
    "typed",
    ["", "javascript:alert(1)", "ftp://adm.example.ru/", "file:///etc/passwd", "просто слова", "https://a:b@adm.ru/"],
)
def test_what_is_no_address_is_refused(world: World, typed):
    due = world.due()
    with pytest.raises(LinkWrong):
        add_link(dues=[due], url=typed, actor=world.responsible, at=NOW)
    assert not due.evidence.exists()


def test_act_of_the_register_and_a_new_one(world: World):
    due = world.due()
    act = LegalActFactory(municipality=world.municipality)
    add_legal_act(dues=[due], act=act, actor=world.responsible, at=NOW)
    facts = {"kind": ActKind.ORDER, "number": "№ 17", "adopted_on": date(2026, 11, 2)}
    add_new_act(dues=[due], facts=facts, actor=world.responsible, at=NOW)
    assert told(due) == [str(act), "Приказ от 02.11.2026 № 17"]
    # entered once more it is the one that is there
    other = world.due()
    add_new_act(dues=[other], facts=facts, actor=world.responsible, at=NOW)
    assert LegalAct.objects.filter(number="17").count() == 1
    assert told(other) == ["Приказ от 02.11.2026 № 17"]


def test_what_the_portal_made_is_a_page_of_the_portal(world: World):
    due = world.due()
    add_portal_proof(dues=[due], title="Рейтинг утверждён", path="/m/x/rankings/3/", actor=world.editor, at=NOW)
    assert (due.evidence.get().kind, due.evidence.get().url) == ("portal", "/m/x/rankings/3/")


def test_one_file_under_several_due_dates_is_stored_once_and_goes_with_the_last(world: World):
    dues = [world.due(), world.due()]
    add_files(dues=dues, files=[a_file()], actor=world.responsible, at=NOW)
    assert StoredFile.objects.count() == 1
    remove_evidence(evidence=list(dues[0].evidence.all()), actor=world.responsible, at=NOW)
    assert StoredFile.objects.count() == 1
    remove_evidence(evidence=list(dues[1].evidence.all()), actor=world.responsible, at=NOW)
    assert StoredFile.objects.count() == 0
    assert timeline_for(dues[1].activity).first().verb == "Убрано подтверждение"


def test_removing_what_somebody_has_removed_already_is_no_error(world: World):
    due = world.due()
    (link,) = add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    for _ in range(2):
        remove_evidence(evidence=[link], actor=world.responsible, at=NOW)
    assert not due.evidence.exists()


def test_what_another_removes_at_this_moment_is_removed_and_told_once(world: World, monkeypatch):
    due = world.reported()
    (link,) = add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    version = DueDate.objects.get(pk=due.pk).version

    def somebody_was_faster(*args: Any, **options: Any) -> list[DueDate]:
        monkeypatch.undo()
        remove_evidence(evidence=[link], actor=world.editor, at=NOW)
        return lock_dues(*args, **options)

    monkeypatch.setattr(evidence, "lock_dues", somebody_was_faster)
    remove_evidence(evidence=[link], actor=world.responsible, at=NOW)
    assert timeline_for(due.activity).filter(verb="Убрано подтверждение").count() == 1
    assert DueDate.objects.get(pk=due.pk).version == version + 1


def test_evidence_changes_no_more_once_somebody_has_decided(world: World):
    accepted, cancelled = world.reported(), world.due()
    (link,) = add_link(dues=[accepted], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    accept_report(due=accepted, version=3, actor=world.editor, at=NOW)
    cancel_due(due=cancelled, version=1, reason="Отменено", actor=world.editor, at=NOW)
    for due in (accepted, cancelled):
        with pytest.raises(EvidenceFixed):
            add_files(dues=[due], files=[a_file()], actor=world.editor, at=NOW)
    with pytest.raises(EvidenceFixed):
        remove_evidence(evidence=[link], actor=world.editor, at=NOW)
    assert Evidence.objects.count() == 1
    assert StoredFile.objects.count() == 0


def test_evidence_is_added_and_removed_by_whose_work_it_is(world: World):
    due = world.due()
    (link,) = add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    with pytest.raises(NotYours):
        add_link(dues=[due], url="https://b.example.ru/", actor=world.other, at=NOW)
    with pytest.raises(NotYours):
        remove_evidence(evidence=[link], actor=world.other, at=NOW)


def test_whoever_checks_a_report_is_told_that_its_evidence_changed(world: World):
    due = world.reported()
    add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    assert DueDate.objects.get(pk=due.pk).version == 3
    # while nobody can decide, the one who writes the report is not disturbed
    opened = world.due()
    add_link(dues=[opened], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    assert DueDate.objects.get(pk=opened.pk).version == 1


def test_plan_in_the_archive_takes_no_evidence(world: World):
    due = world.due()
    world.plan.archived_at = NOW
    world.plan.save()
    with pytest.raises(PlanAsksNothing):
        add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)


def test_draft_of_a_plan_is_not_deleted_with_the_proofs_of_its_due_dates(world: World):
    due = world.due()
    add_link(dues=[due], url="https://a.example.ru/", actor=world.responsible, at=NOW)
    Plan.objects.filter(pk=world.plan.pk).update(state="draft")
    world.plan.refresh_from_db()
    with pytest.raises(PlanNotDraft, match="уже отчитались"):
        delete_draft(plan=world.plan, version=world.plan.version, actor=world.editor, at=NOW)
    assert due.evidence.exists()


def test_list_of_plans_counts_what_waits_and_what_was_returned(world: World):
    world.due(window_to=date(2026, 10, 1))
    world.reported()
    world.due(returned_reason="Нет даты")
    (summary,) = summaries([world.plan], NOW.date())
    assert (summary.overdue, summary.waiting, summary.returned) == (1, 1, 1)
    assert summary.next_due == date(2026, 12, 1)
