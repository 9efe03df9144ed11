"""Reports on due dates: each step, who may do it, from which state, what the journal and the letters say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from nok_portal.audit.selectors import timeline_for
from nok_portal.common.errors import StaleVersion
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.rights import Role
from plans.enums import DueState
from plans.models import DueDate
from plans.services.due_locks import DueGone, NotYours, PlanAsksNothing
from plans.services.report_steps import DoneBeforePeriod, NoReason, ReportWrong, WrongState
from plans.services.reporting import (
    accept_report,
    cancel_due,
    edit_report,
    reopen,
    report_due,
    return_report,
    save_draft,
    take_back_acceptance,
    withdraw_report,
)
from plans.services.reporting_many import (
    SeveralRefused,
    accept_many,
    cancel_many,
    report_many,
    return_many,
    take_back_acceptances,
)
from tests.factories import NOW, MembershipFactory, OrganizationFactory, UserFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory
from tests.plans.reporting import World, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_world")]


def fresh(due: DueDate) -> DueDate:
    return DueDate.objects.get(pk=due.pk)


# ---- one report


def test_report_is_sent_and_the_journal_of_the_line_tells_it(world: World):
    due = world.due()
    sent = report_due(due=due, version=1, report=report(), actor=world.responsible, at=NOW)
    now = fresh(due)
    assert (now.state, now.report_text, now.done_on) == ("reported", "Опрос проведён", date(2026, 11, 20))
    assert (now.reported_by, now.reported_at, now.version) == (world.responsible, NOW, 2)
    assert sent == now
    entry = timeline_for(due.activity).first()
    assert (entry.verb, entry.actor_id) == ("Отчёт отправлен", world.responsible.pk)
    assert entry.after == {
        "report_text": "Опрос проведён",
        "quantity": None,
        "done_on": "2026-11-20",
        "due_id": due.pk,
        "due": "1 декабря 2026",
    }


def test_draft_is_kept_without_being_asked_anything_and_is_no_report(world: World):
    due = world.due()
    save_draft(due=due, version=1, report=report("Начали", done_on=None), actor=world.responsible, at=NOW)
    assert (fresh(due).state, fresh(due).report_text, fresh(due).reported_at) == ("open", "Начали", None)
    # the same again changes nothing
    save_draft(due=due, version=2, report=report("Начали", done_on=None), actor=world.responsible, at=NOW)
    assert fresh(due).version == 2


def test_report_is_corrected_until_it_is_accepted_and_the_journal_keeps_what_was_there(world: World):
    due = world.reported()
    edit_report(due=due, version=2, report=report("Опрос проведён и обработан"), actor=world.responsible, at=NOW)
    entry = timeline_for(due.activity).first()
    assert entry.before["report_text"] == "Опрос проведён"
    assert entry.after["report_text"] == "Опрос проведён и обработан"
    accept_report(due=due, version=3, actor=world.editor, at=NOW)
    with pytest.raises(WrongState, match="уже принят"):
        edit_report(due=due, version=4, report=report("Иначе"), actor=world.responsible, at=NOW)
    assert fresh(due).report_text == "Опрос проведён и обработан"


def test_withdrawn_report_leaves_its_text(world: World):
    due = world.reported()
    withdraw_report(due=due, version=2, actor=world.responsible, at=NOW)
    assert (fresh(due).state, fresh(due).report_text, fresh(due).is_returned) == ("open", "Опрос проведён", False)


def test_returned_report_is_open_again_with_its_reason_and_a_letter(world: World):
    due = world.reported()
    return_report(due=due, version=2, reason=" Нет даты на фото ", actor=world.editor, at=NOW)
    now = fresh(due)
    assert now.is_returned
    assert (now.returned_reason, now.report_text, now.decided_by) == (
        "Нет даты на фото",
        "Опрос проведён",
        world.editor,
    )
    letter = OutgoingMail.objects.get()
    assert (letter.recipient, letter.kind) == (world.responsible.email, "plans.report_returned")
    assert "Нет даты на фото" in letter.text
    assert f"/dues/{due.pk}/" in letter.text
    assert timeline_for(due.activity).first().reason == "Нет даты на фото"


def test_whoever_returns_their_own_report_gets_no_letter(world: World):
    due = world.due()
    report_due(due=due, version=1, report=report(), actor=world.editor, at=NOW)
    return_report(due=due, version=2, reason="Поправлю", actor=world.editor, at=NOW)
    assert not OutgoingMail.objects.exists()


def test_corrected_report_keeps_the_remark_for_whoever_checks_it(world: World):
    due = world.reported()
    return_report(due=due, version=2, reason="Нет даты", actor=world.editor, at=NOW)
    report_due(due=due, version=3, report=report("С датой"), actor=world.responsible, at=NOW)
    assert (fresh(due).returned_reason, fresh(due).is_returned) == ("Нет даты", False)
    withdraw_report(due=due, version=4, actor=world.responsible, at=NOW)
    assert fresh(due).is_returned  # it still has to be mended
    report_due(due=due, version=5, report=report("С датой"), actor=world.responsible, at=NOW)
    accept_report(due=due, version=6, actor=world.editor, at=NOW)
    assert (fresh(due).state, fresh(due).returned_reason) == ("accepted", "Нет даты")
    assert not fresh(due).is_returned


def test_accepted_report_that_is_opened_again_goes_back_to_whoever_sent_it(world: World):
    due = world.reported()
    accept_report(due=due, version=2, actor=world.editor, at=NOW)
    reopen(due=due, version=3, reason="Файл не тот", actor=world.editor, at=NOW)
    assert fresh(due).is_returned
    assert OutgoingMail.objects.get().recipient == world.responsible.email


def test_cancelled_due_date_keeps_the_report_and_comes_back_with_it(world: World):
    due = world.reported()
    cancel_due(due=due, version=2, reason="Опрос перенесён", actor=world.editor, at=NOW)
    assert (fresh(due).state, fresh(due).cancelled_reason) == ("cancelled", "Опрос перенесён")
    reopen(due=due, version=3, reason="Опрос вернули", actor=world.editor, at=NOW)
    now = fresh(due)
    assert (now.state, now.cancelled_reason, now.report_text) == ("open", "", "Опрос проведён")
    assert not OutgoingMail.objects.exists()  # nothing was returned


def test_day_that_fell_away_is_opened_again_by_a_person(world: World):
    due = world.due(state="cancelled", cancelled_reason="День отпал", fell_away=True)
    reopen(due=due, version=1, reason="Нужен", actor=world.editor, at=NOW)
    assert (fresh(due).state, fresh(due).fell_away) == ("open", False)


@pytest.mark.parametrize("reason", ["", "   "])
def test_decisions_against_somebodys_work_want_a_reason(world: World, reason):
    due = world.reported()
    for decide in (return_report, cancel_due):
        with pytest.raises(NoReason):
            decide(due=due, version=2, reason=reason, actor=world.editor, at=NOW)
    accept_report(due=due, version=2, actor=world.editor, at=NOW)
    with pytest.raises(NoReason):
        reopen(due=due, version=3, reason=reason, actor=world.editor, at=NOW)
    assert fresh(due).state == "accepted"


# ---- which step begins where

STEPS = {
    "report": lambda due, world: report_due(due=due, version=1, report=report(), actor=world.editor, at=NOW),
    "draft": lambda due, world: save_draft(due=due, version=1, report=report(), actor=world.editor, at=NOW),
    "edit": lambda due, world: edit_report(due=due, version=1, report=report("Иначе"), actor=world.editor, at=NOW),
    "withdraw": lambda due, world: withdraw_report(due=due, version=1, actor=world.editor, at=NOW),
    "accept": lambda due, world: accept_report(due=due, version=1, actor=world.editor, at=NOW),
    "return": lambda due, world: return_report(due=due, version=1, reason="Так", actor=world.editor, at=NOW),
    "cancel": lambda due, world: cancel_due(due=due, version=1, reason="Так", actor=world.editor, at=NOW),
    "reopen": lambda due, world: reopen(due=due, version=1, reason="Так", actor=world.editor, at=NOW),
    "unaccept": lambda due, world: take_back_acceptance(due=due, version=1, actor=world.editor, at=NOW),
}
ALLOWED = {
    "open": {"report", "draft", "cancel"},
    "reported": {"edit", "withdraw", "accept", "return", "cancel"},
    "accepted": {"reopen", "unaccept"},
    "cancelled": {"reopen"},
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("name", STEPS)
def test_step_begins_only_in_its_states(world: World, name, state):
    due = world.due(state=state, report_text="Сделано")
    if name in ALLOWED[state]:
        assert STEPS[name](due, world).version == 2
    else:
        with pytest.raises(WrongState):
            STEPS[name](due, world)
        assert (fresh(due).version, fresh(due).state, fresh(due).report_text) == (1, state, "Сделано")


# ---- what a report must say


def test_report_without_words_is_refused(world: World):
    refused(world, "report_text", text="  ")


def test_report_of_a_day_to_come_is_refused(world: World):
    refused(world, "done_on", done_on=date(2026, 11, 25))


def test_report_without_a_day_is_refused(world: World):
    refused(world, "done_on", done_on=None)


def test_today_is_that_of_the_municipality(world: World):
    """At 21:30 in London a new day has begun in Moscow."""
    due = world.due()
    late = NOW.replace(hour=21, minute=30)
    report_due(due=due, version=1, report=report(done_on=date(2026, 11, 25)), actor=world.responsible, at=late)


def test_day_before_the_plan_begins_is_taken_only_when_it_is_meant(world: World):
    due = world.due()
    early = date(2025, 12, 30)
    with pytest.raises(DoneBeforePeriod, match="1 января 2026"):
        report_due(due=due, version=1, report=report(done_on=early), actor=world.responsible, at=NOW)
    meant = report(done_on=early, before_period=True)
    report_due(due=due, version=1, report=meant, actor=world.responsible, at=NOW)


def test_line_that_plans_a_quantity_wants_one(world: World):
    activity = world.activity(planned_quantity=Decimal(6), quantity_unit="организаций")
    with pytest.raises(ReportWrong, match="6 организаций"):
        report_due(due=world.due(activity=activity), version=1, report=report(), actor=world.responsible, at=NOW)
    due = DueDate.objects.get(activity=activity)
    report_due(due=due, version=1, report=report(quantity=Decimal(4)), actor=world.responsible, at=NOW)
    assert fresh(due).quantity == 4
    other = world.due(activity=world.activity(planned_quantity=Decimal(6)))
    with pytest.raises(ReportWrong, match="меньше нуля"):
        report_due(due=other, version=1, report=report(quantity=Decimal(-1)), actor=world.responsible, at=NOW)


def refused(world: World, field: str, **facts) -> None:
    due = world.due()
    with pytest.raises(ReportWrong) as error:
        report_due(due=due, version=1, report=report(**facts), actor=world.responsible, at=NOW)
    assert error.value.field == field
    assert fresh(due).state == DueState.OPEN


# ---- two people, and plans that ask for nothing


def test_second_person_is_told_what_the_first_one_did(world: World):
    due = world.reported()
    accept_report(due=due, version=2, actor=world.editor, at=NOW)
    with pytest.raises(StaleVersion, match="принят: Осипова Дарья"):
        return_report(due=due, version=2, reason="Не то", actor=world.editor, at=NOW)
    other = world.reported()
    return_report(due=other, version=2, reason="Нет даты", actor=world.editor, at=NOW)
    with pytest.raises(StaleVersion, match="Нет даты"):
        edit_report(due=other, version=2, report=report("Моё"), actor=world.responsible, at=NOW)
    third = world.due()
    cancel_due(due=third, version=1, reason="Отменили", actor=world.editor, at=NOW)
    with pytest.raises(StaleVersion, match="снят: «Отменили»"):
        report_due(due=third, version=1, report=report(), actor=world.responsible, at=NOW)
    assert fresh(due).state == "accepted"
    assert fresh(other).report_text == "Опрос проведён"


def test_day_that_was_computed_away_is_told(world: World):
    due = world.due()
    DueDate.objects.filter(pk=due.pk).delete()
    with pytest.raises(DueGone):
        report_due(due=due, version=1, report=report(), actor=world.responsible, at=NOW)


@pytest.mark.parametrize("facts", [{"state": "closed"}, {"archived_at": NOW}])
def test_closed_and_archived_plans_take_no_reports(world: World, facts):
    due, sent = world.due(), world.reported()
    for name, value in facts.items():
        setattr(world.plan, name, value)
    world.plan.save()
    with pytest.raises(PlanAsksNothing):
        report_due(due=due, version=1, report=report(), actor=world.responsible, at=NOW)
    with pytest.raises(PlanAsksNothing):
        accept_report(due=sent, version=2, actor=world.editor, at=NOW)


# ---- who may


def test_only_whose_work_it_is_reports(world: World):
    due = world.due()
    for stranger in (world.other, UserFactory(), member_of(world.municipality, Role.COUNCIL_MEMBER)):
        with pytest.raises(NotYours):
            report_due(due=due, version=1, report=report(), actor=stranger, at=NOW)
    report_due(due=due, version=1, report=report(), actor=world.editor, at=NOW)


def test_only_editors_and_administrators_decide(world: World):
    due = world.reported()
    for decide in (accept_report, return_report, cancel_due, reopen):
        more = {} if decide is accept_report else {"reason": "Так"}
        with pytest.raises(NotYours):
            decide(due=due, version=2, actor=world.responsible, at=NOW, **more)
    accept_report(due=due, version=2, actor=member_of(world.municipality, Role.ADMINISTRATOR), at=NOW)


def test_institution_reports_its_own_due_date_only(world: World):
    ours, theirs = (OrganizationFactory(municipality=world.municipality) for _ in range(2))
    head = MembershipFactory(municipality=world.municipality, role=Role.INSTITUTION, organization=ours).user
    activity = ActivityFactory(plan=world.plan)
    world.party.kind, world.party.group_sphere = "institutions", "culture"
    world.party.save()
    ActivityPartyFactory(activity=activity, party=world.party)
    mine = DueDateFactory(activity=activity, organization=ours)
    of_others = DueDateFactory(activity=activity, organization=theirs)
    report_due(due=mine, version=1, report=report(), actor=head, at=NOW)
    with pytest.raises(NotYours):
        report_due(due=of_others, version=1, report=report(), actor=head, at=NOW)
    assert timeline_for(activity).first().after["due"] == f"1 декабря 2026 ({ours.short_name})"


# ---- several at once


def test_same_report_for_several_due_dates(world: World):
    quantified = world.due(activity=world.activity(planned_quantity=Decimal(6)))
    dues = [world.due(), world.due(), quantified]
    report_many(dues=dues, report=report(), quantities={quantified.pk: Decimal(5)}, actor=world.responsible, at=NOW)
    assert {fresh(due).state for due in dues} == {"reported"}
    assert [fresh(due).quantity for due in dues] == [None, None, 5]
    accept_many(dues=[fresh(due) for due in dues], actor=world.editor, at=NOW)
    assert {fresh(due).state for due in dues} == {"accepted"}


def test_with_one_that_cannot_be_reported_none_is_and_each_is_named(world: World):
    good = world.due()
    taken = world.reported()
    alien = DueDateFactory(activity=ActivityFactory(plan=world.plan))
    moved = world.due()
    DueDate.objects.filter(pk=moved.pk).update(version=2)
    wants = world.due(activity=world.activity(planned_quantity=Decimal(6), quantity_unit="школ"))
    gone = world.due()
    DueDate.objects.filter(pk=gone.pk).delete()
    with pytest.raises(SeveralRefused) as error:
        report_many(dues=[good, taken, alien, moved, wants, gone], report=report(), actor=world.responsible, at=NOW)
    why = {one.due.pk: one.why for one in error.value.refused}
    assert set(why) == {taken.pk, alien.pk, moved.pk, wants.pk, gone.pk}
    assert "уже отправлен" in why[taken.pk]
    assert "другой исполнитель" in why[alien.pk]
    assert "изменил другой человек" in why[moved.pk]
    assert "6 школ" in why[wants.pk]
    assert "больше нет" in why[gone.pk]
    assert fresh(good).state == "open"


def test_several_are_returned_with_one_letter_a_person(world: World):
    dues = [world.reported(), world.reported()]
    own = world.due()
    dues.append(report_due(due=own, version=1, report=report(), actor=world.editor, at=NOW))
    return_many(dues=dues, reason="Нет подтверждений", actor=world.editor, at=NOW)
    assert {fresh(due).is_returned for due in dues} == {True}
    letter = OutgoingMail.objects.get()
    assert letter.recipient == world.responsible.email
    assert all(f"/dues/{due.pk}/" in letter.text for due in dues[:2])
    assert f"/dues/{own.pk}/" not in letter.text


def test_several_are_not_returned_when_one_was_accepted_meanwhile(world: World):
    dues = [world.reported(), world.reported()]
    accept_report(due=dues[0], version=2, actor=world.editor, at=NOW)
    for decide in (accept_many, return_many, cancel_many):
        more = {} if decide is accept_many else {"reason": "Так"}
        with pytest.raises(SeveralRefused) as error:
            decide(dues=dues, actor=world.editor, at=NOW + timedelta(minutes=1), **more)
        assert [one.due.pk for one in error.value.refused] == [dues[0].pk]
    assert fresh(dues[1]).state == "reported"


def test_several_are_cancelled(world: World):
    dues = [world.due(), world.reported()]
    cancel_many(dues=dues, reason="Отменено главой", actor=world.editor, at=NOW)
    assert {fresh(due).cancelled_reason for due in dues} == {"Отменено главой"}


def test_acceptances_are_taken_back_where_nothing_has_happened_since(world: World):
    accepted = accept_many(dues=[world.reported() for _ in range(5)], actor=world.editor, at=NOW)
    still, other, opened, again, gone = accepted
    decided = {"actor": world.editor, "at": NOW}
    reopen(due=opened, version=opened.version, reason="Файл не тот", **decided)
    waits = take_back_acceptance(due=again, version=again.version, **decided)
    accept_report(due=waits, version=waits.version, **decided)
    DueDate.objects.filter(pk=gone.pk).delete()
    taken = take_back_acceptances(dues=accepted, **decided)
    assert [due.pk for due in taken.done] == [still.pk, other.pk]
    assert {fresh(due).state for due in (still, other)} == {"reported"}
    assert fresh(still).decided_by is None
    assert timeline_for(still.activity).first().verb == "Принятие отчёта отменено"
    assert {one.due.pk: one.why.split(":")[0] for one in taken.refused} == {
        opened.pk: "По этому сроку отчёт не отправлен.",
        again.pk: "Пока вы работали, отчёт по этому сроку принят",
        gone.pk: "Этого срока больше нет",
    }
    assert (fresh(opened).state, fresh(again).state) == ("open", "accepted")
    with pytest.raises(NotYours):
        take_back_acceptances(dues=[again], actor=world.responsible, at=NOW)
