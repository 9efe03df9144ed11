"""A new edition: what it copies, what goes over to it, and that nothing is lost on the way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.file_kinds import PDF
from nok_portal.tenants.services.files import store_file
from plans.deadlines import parse
from plans.editions.comparing import Change
from plans.enums import DueState, PlanState, TargetMeasure
from plans.models import Activity, ActivityOrganization, DueDate, Evidence, Plan, ProcessEvent, TargetValue
from plans.models.dues import EVIDENCE_PURPOSE
from plans.selectors.editions import compare_editions, editions_of, reports_to_carry, work_in
from plans.services.activity_organizations import decline_named_organizations, set_activity_organizations
from plans.services.approval import ApprovalRefused, approve_plan, close_plan, reopen_plan, withdraw_approval
from plans.services.days import refresh_days
from plans.services.editing import edit_activity, set_steps
from plans.services.editions import EditionRefused, start_new_edition
from plans.services.events import change_event_day, record_event, remove_event
from plans.services.imports import import_table
from plans.services.plan_locks import WordsAreFixed
from plans.services.plans import delete_draft
from plans.services.readings import correct_activity_reading, reread_activity
from plans.services.targets import Reached, record_actuals, set_measure
from plans.services.undoing import undo_entry, undoable
from tests.factories import NOW, LegalActFactory, OrganizationFactory
from tests.factories.plans import TargetIndicatorFactory, TargetValueFactory, table_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
ENTERED = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
# before and after the edition is begun
EARLIER, LATER = NOW - timedelta(days=5), NOW + timedelta(days=5)


@pytest.fixture
def plan(ours, actor):
    """An approved plan of three years: 1.1 and 1.2, 2.1 and 2.2, with a target."""
    made = import_table(table=table_of(), municipality=ours, actor=actor, at=ENTERED)
    made.spheres = ["culture"]
    made.save()
    indicator = TargetIndicatorFactory(plan=made, position=1, title="Доля организаций", base_year=2026)
    TargetValueFactory(indicator=indicator, year=2026, planned=33)
    return approve(made, actor)


def approve(plan, actor):
    act = LegalActFactory(municipality=plan.municipality)
    return approve_plan(plan=plan, version=plan.version, act=act, actor=actor, at=NOW)


def begin(plan, actor):
    return start_new_edition(plan=plan, version=plan.version, actor=actor, at=NOW)


def due(plan, number, year):
    return DueDate.objects.get(activity__plan=plan, activity__number=number, window_to__year=year)


def report(plan, number="1.1", year=2026, **changes):
    found = due(plan, number, year)
    values = {
        "state": "accepted",
        "report_text": "Перечень утверждён",
        "done_on": date(2026, 3, 20),
        "reported_at": NOW,
    }
    for name, value in {**values, **changes}.items():
        setattr(found, name, value)
    found.save()
    return found


def prove(found, url="https://example.org/list"):
    return Evidence.objects.create(
        municipality=found.municipality, due_date=found, kind="link", url=url, title="Перечень", added_at=NOW
    )


def said(found):
    return (
        found.state,
        found.report_text,
        found.done_on,
        found.reported_at,
        found.returned_reason,
        found.cancelled_reason,
    )


def everything(plan):
    """All due dates of a plan with their reports and proofs, as they are stored."""
    return [
        (row["pk"], row, list(Evidence.objects.filter(due_date=row["pk"]).order_by("pk").values()))
        for row in DueDate.objects.filter(activity__plan=plan).order_by("pk").values("pk", *CONTENT)
    ]


CONTENT = (
    "state",
    "report_text",
    "quantity",
    "done_on",
    "returned_reason",
    "cancelled_reason",
    "window_from",
    "window_to",
)


def test_edition_says_what_the_plan_says_and_is_not_in_force(plan, actor):
    organization = OrganizationFactory(municipality=plan.municipality)
    line = plan.activities.get(number="1.2")
    ActivityOrganization.objects.create(
        municipality=plan.municipality, activity=line, organization=organization, year=2026
    )
    refresh_days(plan, actor=actor, at=NOW)
    ProcessEvent.objects.create(
        municipality=plan.municipality,
        plan=plan,
        words="отчёт оператора",
        happened_on=date(2026, 11, 30),
        recorded_at=NOW,
    )
    edition = begin(plan, actor)
    assert (edition.edition, edition.previous, edition.state) == (2, plan, PlanState.DRAFT)
    assert compare_editions(plan, edition).is_same
    copy = edition.activities.get(number="1.2")
    assert copy.previous == line
    assert [(link.organization, link.year) for link in copy.organization_links.all()] == [(organization, 2026)]
    days = [
        set(DueDate.objects.filter(activity__plan=one).values_list("activity__number", "organization", "window_to"))
        for one in (plan, edition)
    ]
    assert days[0] == days[1] != set()
    assert edition.events.count() == 1
    assert list(Plan.objects.in_force()) == [plan]
    assert [one.edition for one in editions_of(plan)] == [one.edition for one in editions_of(edition)] == [1, 2]


def test_day_that_is_late_stays_late_in_the_new_edition(plan, actor):
    assert not due(plan, "1.1", 2026).ended_before_entry
    edition = approve(begin(plan, actor), actor)
    assert not due(edition, "1.1", 2026).ended_before_entry


def test_day_that_other_words_give_is_late_as_in_a_plan_that_was_there(plan, actor):
    edition = begin(plan, actor)
    line = edition.activities.get(number="2.1")
    line.deadline_text, line.deadline_rule = "до 1 октября", {}
    line.save()
    refresh_days(edition, actor=actor, at=NOW)
    assert not due(edition, "2.1", 2026).ended_before_entry


def test_only_an_approved_plan_without_an_edition_in_hand_gets_a_new_one(plan, actor, ours):
    edition = begin(plan, actor)
    with pytest.raises(EditionRefused, match="уже готовится"):
        begin(plan, actor)
    with pytest.raises(EditionRefused, match="Черновик"):
        begin(edition, actor)
    with pytest.raises(StaleVersion):
        start_new_edition(plan=plan, version=99, actor=actor, at=NOW)


def test_approved_edition_replaces_the_previous_one_and_takes_over_its_reports(plan, actor):
    accepted = report(plan, "1.1")
    proof = prove(accepted)
    returned = report(plan, "2.1", state="open", returned_reason="Нет подписи", report_text="Отчёт готов")
    cancelled = report(
        plan, "1.2", state="cancelled", report_text="", done_on=None, reported_at=None, cancelled_reason="Отменён"
    )
    before = everything(plan)
    edition = begin(plan, actor)
    assert work_in(edition) == []
    approved = approve(edition, actor)

    plan.refresh_from_db()
    assert (plan.state, plan.closed_at) == (PlanState.CLOSED, NOW)
    assert list(Plan.objects.in_force()) == [approved]
    for old, number in ((accepted, "1.1"), (returned, "2.1"), (cancelled, "1.2")):
        assert said(due(approved, number, 2026)) == said(old)
    (copied,) = Evidence.objects.filter(due_date=due(approved, "1.1", 2026))
    assert (copied.url, copied.title, copied.added_at) == (proof.url, proof.title, proof.added_at)
    assert everything(plan) == before
    assert work_in(approved) == []


def test_report_whose_day_is_gone_stays_with_the_old_edition_and_is_named_before(plan, actor):
    gone = report(plan, "1.1")
    kept = report(plan, "2.1")
    edition = begin(plan, actor)
    line = edition.activities.get(number="1.1")
    line.deadline_text = "до 1 мая"
    line.deadline_rule = {}
    line.save()
    refresh_days(edition, actor=actor, at=NOW)
    carry = reports_to_carry(edition)
    assert carry.left == (gone,)
    assert carry.reports == 1
    approved = approve(edition, actor)
    assert due(approved, "1.1", 2026).state == DueState.OPEN
    assert said(due(approved, "2.1", 2026)) == said(kept)
    assert said(due(plan, "1.1", 2026)) == said(gone)


def test_report_of_a_removed_line_stays_with_the_old_edition(plan, actor):
    gone = report(plan, "1.1")
    edition = begin(plan, actor)
    Activity.objects.get(plan=edition, number="1.1").delete()
    assert reports_to_carry(edition).left == (gone,)
    approve(edition, actor)
    assert said(due(plan, "1.1", 2026)) == said(gone)


def test_each_organization_keeps_its_own_report(plan, actor):
    one, other = (OrganizationFactory(municipality=plan.municipality) for _ in range(2))
    line = plan.activities.get(number="2.1")
    for organization in (one, other):
        ActivityOrganization.objects.create(
            municipality=plan.municipality, activity=line, organization=organization, year=None
        )
    refresh_days(plan, actor=actor, at=NOW)
    found = DueDate.objects.get(activity=line, organization=one, window_to__year=2026)
    found.state, found.done_on, found.reported_at, found.report_text = "reported", date(2026, 11, 20), NOW, "Готово"
    found.save()
    approved = approve(begin(plan, actor), actor)
    states = DueDate.objects.filter(activity__plan=approved, activity__number="2.1", window_to__year=2026)
    assert dict(states.values_list("organization", "state")) == {one.pk: "reported", other.pk: "open"}


def test_what_happened_while_the_edition_was_prepared_goes_over_too(plan, actor):
    edition = begin(plan, actor)
    report(plan, "2.1")
    ProcessEvent.objects.create(
        municipality=plan.municipality,
        plan=plan,
        words="отчёта оператора",
        happened_on=date(2026, 11, 20),
        recorded_at=NOW,
    )
    TargetValue.objects.filter(indicator__plan=plan).update(actual=40, note="По отчёту", recorded_at=NOW)
    approved = approve(edition, actor)
    assert due(approved, "2.1", 2026).state == DueState.ACCEPTED
    # a month after the report, 20 December, is a Sunday
    assert due(approved, "2.2", 2026).window_to == date(2026, 12, 21)
    assert TargetValue.objects.get(indicator__plan=approved).actual == 40


@pytest.mark.parametrize(
    ("in_force", "in_edition", "counts"),
    [
        pytest.param((LATER, 45), (EARLIER, 40), 45, id="corrected in the plan in force"),
        pytest.param((EARLIER, 40), (LATER, 45), 45, id="corrected in the edition"),
        pytest.param((None, None), (EARLIER, 40), None, id="taken away in the plan in force"),
        pytest.param((EARLIER, 40), (None, None), None, id="taken away in the edition"),
        pytest.param((None, None), (LATER, 45), 45, id="recorded in the edition"),
        pytest.param((LATER, 45), (None, None), 45, id="recorded in the plan in force"),
    ],
)
def test_newer_of_two_actual_figures_counts(plan, actor, in_force, in_edition, counts):
    edition = begin(plan, actor)
    for one, (recorded_at, actual) in ((plan, in_force), (edition, in_edition)):
        TargetValue.objects.filter(indicator__plan=one).update(actual=actual, recorded_at=recorded_at)
    assert TargetValue.objects.get(indicator__plan=approve(edition, actor)).actual == counts


def happened(plan, day, words="отчёта оператора", at=EARLIER):
    return ProcessEvent.objects.create(
        municipality=plan.municipality, plan=plan, words=words, happened_on=day, recorded_at=at
    )


def days_of_events(plan):
    return [day for (day,) in ProcessEvent.objects.filter(plan=plan).order_by("happened_on").values_list("happened_on")]


def test_event_corrected_or_removed_in_the_plan_in_force_is_so_in_the_edition(plan, actor):
    mistaken = happened(plan, date(2026, 11, 2))
    removed = happened(plan, date(2027, 11, 2))
    edition = begin(plan, actor)
    change_event_day(event=mistaken, was=mistaken.happened_on, happened_on=date(2026, 11, 3), actor=actor, at=LATER)
    remove_event(event=removed, was=removed.happened_on, actor=actor, at=LATER)
    approved = approve(edition, actor)
    assert days_of_events(approved) == [date(2026, 11, 3)]
    # a month after the report
    assert due(approved, "2.2", 2026).window_to == date(2026, 12, 3)


def test_event_corrected_removed_or_recorded_in_the_edition_stays_so(plan, actor):
    mistaken, removed = date(2026, 11, 2), date(2027, 11, 2)
    happened(plan, mistaken)
    happened(plan, removed)
    edition = begin(plan, actor)
    event = edition.events.get(happened_on=mistaken)
    change_event_day(event=event, was=mistaken, happened_on=date(2026, 11, 3), actor=actor, at=LATER)
    remove_event(event=edition.events.get(happened_on=removed), was=removed, actor=actor, at=LATER)
    happened(edition, date(2026, 11, 5), words="размещения итогов", at=LATER)
    assert days_of_events(approve(edition, actor)) == [date(2026, 11, 3), date(2026, 11, 5)]


def own_changes(plan, actor):
    """Everything that the portal adds to an approved plan, but for what happened and was reached."""
    line, indicator = plan.activities.get(number="1.2"), plan.targets.get()
    line.refresh_from_db()
    other = parse("до 1 июня")
    who = {"actor": actor, "at": NOW}
    return {
        "step and quantity": lambda: edit_activity(
            activity=line, version=line.version, changes={"step": "survey", "planned_quantity": "5"}, **who
        ),
        "steps": lambda: set_steps(plan=plan, activity_ids=[line.pk], step="survey", **who),
        "reading": lambda: correct_activity_reading(activity=line, version=line.version, deadline=other, **who),
        "reread": lambda: reread_activity(activity=line, version=line.version, **who),
        "organizations": lambda: set_activity_organizations(
            activity=line, version=line.version, links=[(plan.organization.pk, None)], **who
        ),
        "suggestion": lambda: decline_named_organizations(activity=line, key="key", **who),
        "measure": lambda: set_measure(
            indicator=indicator, version=indicator.version, measure=TargetMeasure.ORGANIZATIONS_ASSESSED, **who
        ),
    }


CHANGES = ("step and quantity", "steps", "reading", "reread", "organizations", "suggestion", "measure")


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_edition_took_over_when_it_was_begun_is_changed_only_in_it(plan, actor, change):
    plan.organization = OrganizationFactory(municipality=plan.municipality)
    undone = edit_activity(
        activity=plan.activities.get(number="2.1"), version=1, changes={"step": "survey"}, actor=actor, at=NOW
    )
    assert undoable(plan, [undone]) == {undone.pk}
    edition = begin(plan, actor)
    edition.organization = plan.organization
    with pytest.raises(WordsAreFixed, match="Готовится новая редакция"):
        own_changes(plan, actor)[change]()
    with pytest.raises(WordsAreFixed, match="Готовится новая редакция"):
        undo_entry(plan=plan, entry=undone, actor=actor, at=NOW)
    assert undoable(plan, [undone]) == set()
    own_changes(edition, actor)[change]()
    # what happened and was reached goes on in the plan in force
    record_event(plan=plan, words="отчёта оператора", happened_on=date(2026, 11, 20), actor=actor, at=NOW)
    indicator = plan.targets.get()
    record_actuals(indicator=indicator, version=1, reached={2026: Reached(Decimal(40))}, actor=actor, at=NOW)


def test_withdrawn_edition_gives_all_back_and_may_be_approved_again(plan, actor):
    prove(report(plan, "1.1"))
    edition = begin(plan, actor)
    approved = approve(edition, actor)
    draft = withdraw_approval(plan=approved, version=approved.version, reason="Акт отменён", actor=actor, at=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.closed_at, draft.is_being_replaced) == (PlanState.APPROVED, None, True)
    assert not Evidence.objects.filter(due_date__activity__plan=draft).exists()
    assert due(plan, "1.1", 2026).state == DueState.ACCEPTED
    assert work_in(draft) == []
    again = approve(draft, actor)
    assert due(again, "1.1", 2026).state == DueState.ACCEPTED
    assert Evidence.objects.filter(due_date__activity__plan=again).count() == 1


def returned(plan, actor, number="1.1"):
    """A report that was returned: the day is open, and somebody has decided."""
    return report(
        plan,
        number,
        state="open",
        returned_reason="Нет протокола",
        decided_by=actor,
        decided_at=NOW - timedelta(days=1),
    )


def decision(found):
    return found.state, found.fell_away, found.cancelled_reason, found.decided_by, found.decided_at


def reread(line, words):
    line.deadline_text, line.deadline_rule = words, {}
    line.save()


def test_returned_report_that_falls_away_in_the_edition_keeps_its_decision_and_hinders_no_withdrawal(plan, actor):
    old = returned(plan, actor)
    approved = approve(begin(plan, actor), actor)
    line = approved.activities.get(number="1.1")
    reread(line, "постоянно")
    refresh_days(approved, actor=actor, at=NOW)
    fallen = due(approved, "1.1", 2026)
    assert (fallen.state, fallen.fell_away) == ("cancelled", True)
    assert (fallen.decided_by, fallen.decided_at) == (old.decided_by, old.decided_at)
    assert work_in(approved) == []
    draft = withdraw_approval(plan=approved, version=approved.version, reason="Акт отменён", actor=actor, at=NOW)
    assert not DueDate.objects.filter(activity__plan=draft, activity=line).exists(), "the words give no day"
    assert decision(due(plan, "1.1", 2026)) == decision(old)
    reread(line, plan.activities.get(number="1.1").deadline_text)
    again = due(approve(draft, actor), "1.1", 2026)
    assert (said(again), decision(again)) == (said(old), decision(old))


def test_day_that_fell_away_and_that_the_edition_wants_is_open_there_with_its_report(plan, actor):
    old = returned(plan, actor)
    line = plan.activities.get(number="1.1")
    words = line.deadline_text
    reread(line, "постоянно")
    refresh_days(plan, actor=actor, at=NOW)
    edition = begin(plan, actor)
    assert not DueDate.objects.filter(activity__plan=edition, activity__number="1.1").exists()
    reread(edition.activities.get(number="1.1"), words)
    approved = approve(edition, actor)
    assert decision(due(approved, "1.1", 2026)) == decision(old)
    assert due(approved, "1.1", 2026).report_text == old.report_text
    assert work_in(approved) == []


def test_edition_on_which_work_went_on_stays_approved(plan, actor):
    report(plan, "1.1")
    approved = approve(begin(plan, actor), actor)
    report(approved, "2.1")
    with pytest.raises(ApprovalRefused):
        withdraw_approval(plan=approved, version=approved.version, reason="Ошибка", actor=actor, at=NOW)


def test_discarded_edition_leaves_the_plan_in_force_as_it_was(plan, actor):
    prove(report(plan, "1.1"))
    before = everything(plan)
    edition = begin(plan, actor)
    delete_draft(plan=edition, version=edition.version, actor=actor, at=NOW, reason="Передумали")
    assert everything(plan) == before
    assert list(Plan.objects.in_force()) == [plan]
    assert begin(plan, actor).edition == 2


def test_replaced_edition_is_not_opened_again(plan, actor):
    approve(begin(plan, actor), actor)
    plan.refresh_from_db()
    with pytest.raises(ApprovalRefused, match="заменён"):
        reopen_plan(plan=plan, version=plan.version, reason="Нужен", actor=actor, at=NOW)


def test_edition_of_a_plan_that_was_closed_is_not_approved(plan, actor):
    edition = begin(plan, actor)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)
    with pytest.raises(ApprovalRefused, match="не действует"):
        approve(edition, actor)
    with pytest.raises(ApprovalRefused):
        close_plan(plan=plan, version=plan.version, reason="Ещё раз", actor=actor, at=NOW)


def test_file_under_both_editions_stays_when_one_lets_it_go(plan, actor):
    found = report(plan, "2.1", state="reported")
    stored = store_file(
        municipality=plan.municipality, content=b"%PDF-1.7", name="отчёт.pdf", purpose=EVIDENCE_PURPOSE,
        uploaded_by=actor, at=NOW, kinds=(PDF,),
    )  # fmt: skip
    Evidence.objects.create(municipality=plan.municipality, due_date=found, kind="file", file=stored, added_at=NOW)
    approved = approve(begin(plan, actor), actor)
    Evidence.objects.filter(due_date__activity__plan=approved).delete()
    assert Evidence.objects.get(due_date=found).file == stored


def test_comparison_goes_through_all_editions_between(plan, actor):
    second = begin(plan, actor)
    line = second.activities.get(number="1.1")
    line.title = "Утверждение перечня организаций"
    line.save()
    second = approve(second, actor)
    third = begin(second, actor)
    third.activities.get(number="1.2").delete()
    found = compare_editions(plan, third)
    assert (found.count(Change.CHANGED), found.count(Change.REMOVED), found.count(Change.ADDED)) == (1, 1, 0)
    back = compare_editions(third, plan)
    assert (back.count(Change.CHANGED), back.count(Change.REMOVED), back.count(Change.ADDED)) == (1, 0, 1)


def test_carrying_over_costs_the_same_for_few_reports_and_for_many(plan, actor, django_assert_max_num_queries):
    edition = begin(plan, actor)
    with django_assert_max_num_queries(4):
        reports_to_carry(edition)
    for year in (2026, 2027, 2028):
        prove(report(plan, "1.1", year))
    with django_assert_max_num_queries(4):
        assert reports_to_carry(edition).reports == 3
