"""What happens in the plan in force and in its edition while that one is prepared."""

from datetime import date
from decimal import Decimal

import pytest

from plans.deadlines import parse
from plans.enums import DueState, TargetMeasure
from plans.models import ProcessEvent, TargetValue
from plans.services.activity_organizations import decline_named_organizations, set_activity_organizations
from plans.services.editing import edit_activity, set_steps
from plans.services.events import change_event_day, record_event, remove_event
from plans.services.plan_locks import WordsAreFixed
from plans.services.readings import correct_activity_reading, reread_activity
from plans.services.targets import Reached, record_actuals, set_measure
from plans.services.undoing import undo_entry, undoable
from tests.factories import NOW, OrganizationFactory
from tests.plans.editions import (
    EARLIER,
    LATER,
    approve,
    begin,
    due,
    plan_in_force,
    report,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


@pytest.fixture
def plan(ours, actor):
    return plan_in_force(ours, actor)


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
