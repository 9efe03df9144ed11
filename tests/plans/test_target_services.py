"""Target indicators: what was reached, what the portal counts, what a draft promises."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.audit.models import AuditEntry
from plans.models import Plan, TargetIndicator
from plans.selectors.history import history_of_plan
from plans.selectors.targets import targets_at_glance, targets_with_progress
from plans.services.plan_locks import WordsAreFixed
from plans.services.targets import (
    Reached,
    TargetStale,
    add_indicator,
    delete_indicator,
    edit_indicator,
    record_actuals,
    set_measure,
)
from plans.services.undo_checks import CannotUndo
from plans.services.undoing import undo_entry, undoable
from plans.targets.progress import Status
from tests.factories import NOW, OrganizationFactory
from tests.factories.plans import (
    ActivityFactory,
    DueDateFactory,
    PlanFactory,
    TargetIndicatorFactory,
    TargetValueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TODAY = date(2027, 6, 1)


def target(municipality, planned, *, plan=None, **values):
    indicator = TargetIndicatorFactory(plan=plan or PlanFactory(municipality=municipality), **values)
    for year, figure in planned.items():
        TargetValueFactory(indicator=indicator, year=year, planned=Decimal(figure))
    return indicator


def assess(indicator, organization, year, *, state="accepted", step="council_results"):
    activity = ActivityFactory(plan=indicator.plan, step=step)
    DueDateFactory(activity=activity, organization=organization, window_to=date(year, 12, 1), state=state)


def shown(indicator, *, today=TODAY):
    (view,) = targets_with_progress(indicator.plan, today=today)
    return view


def actuals(indicator, **options):
    return {one.progress.year: one.progress.actual for one in shown(indicator, **options).years}


def write(indicator, actor, version=1, **reached):
    figures = {int(year[1:]): value for year, value in reached.items()}
    return record_actuals(indicator=indicator, reached=figures, version=version, actor=actor, at=NOW)


def test_actual_figure_is_written_with_who_and_when(ours, editor):
    indicator = target(ours, {2026: "33.3", 2027: "66.7"})
    write(indicator, editor, y2026=Reached(Decimal(20), " Театр  на ремонте "), y2027=Reached(None))
    value = indicator.values.get(year=2026)
    assert (value.actual, value.note, value.recorded_by) == (Decimal(20), "Театр на ремонте", editor)
    year = shown(indicator).years[0].progress
    assert (year.status, year.shortfall) == (Status.BEHIND, Decimal("13.3"))
    entry = AuditEntry.objects.get()
    assert entry.before == {"2026": {"actual": None, "note": ""}}
    assert entry.after == {"2026": {"actual": "20", "note": "Театр на ремонте"}}


def test_figure_that_is_the_same_writes_nothing(ours, editor):
    indicator = target(ours, {2026: "33.3"})
    assert write(indicator, editor, y2026=Reached(None), y2040=Reached(Decimal(1))).version == 1
    assert not AuditEntry.objects.exists()


def test_figure_from_an_old_page_is_refused(ours, editor):
    indicator = target(ours, {2026: "33.3"})
    write(indicator, editor, y2026=Reached(Decimal(20)))
    with pytest.raises(TargetStale):
        write(indicator, editor, y2026=Reached(Decimal(30)))
    assert indicator.values.get().actual == Decimal(20)


def test_approved_plan_takes_figures_and_keeps_its_promises(ours, editor):
    indicator = target(ours, {2026: "33.3"}, plan=PlanFactory(municipality=ours, state="approved"))
    write(indicator, editor, y2026=Reached(Decimal(20)))
    facts = {"title": "Другое", "unit": "count", "is_cumulative": False, "base_year": None}
    indicator.refresh_from_db()
    with pytest.raises(WordsAreFixed):
        edit_indicator(indicator=indicator, facts=facts, planned={}, version=indicator.version, actor=editor, at=NOW)
    with pytest.raises(WordsAreFixed):
        delete_indicator(indicator=indicator, version=indicator.version, actor=editor, at=NOW)
    with pytest.raises(WordsAreFixed):
        add_indicator(plan=indicator.plan, facts=facts, planned={}, actor=editor, at=NOW)


def test_figure_is_taken_back_from_the_history_and_done_again(ours, editor):
    indicator = target(ours, {2026: "33.3", 2027: "66.7"}, plan=PlanFactory(municipality=ours, state="approved"))
    plan = indicator.plan
    write(indicator, editor, y2026=Reached(Decimal(20), "Театр на ремонте"))
    write(indicator, editor, 2, y2026=Reached(Decimal("25.5")))
    last, first = history_of_plan(plan)
    assert undoable(plan, [last, first]) == {last.pk}  # somebody has built on the first
    with pytest.raises(CannotUndo, match="С тех пор изменён факт за 2026 год"):
        undo_entry(plan=plan, entry=first, actor=editor, at=NOW)
    undone = undo_entry(plan=plan, entry=last, actor=editor, at=NOW)
    assert undone.verb == "Отменено: внесён факт показателя"
    assert actuals(indicator) == {2026: Decimal(20), 2027: None}
    assert indicator.values.get(year=2026).note == "Театр на ремонте"
    undo_entry(plan=plan, entry=undone, actor=editor, at=NOW)
    assert actuals(indicator)[2026] == Decimal("25.5")
    Plan.objects.filter(pk=plan.pk).update(state="closed", closed_at=NOW)
    plan.refresh_from_db()
    assert undoable(plan, history_of_plan(plan)) == set()
    with pytest.raises(WordsAreFixed):
        undo_entry(plan=plan, entry=last, actor=editor, at=NOW)


def test_closed_plan_takes_nothing(ours, editor):
    plan = PlanFactory(municipality=ours, state="closed", closed_at=NOW)
    with pytest.raises(WordsAreFixed):
        write(target(ours, {2026: "33.3"}, plan=plan), editor, y2026=Reached(Decimal(20)))


def test_draft_gets_changes_and_loses_an_indicator(ours, editor):
    plan = PlanFactory(municipality=ours)
    facts = {"title": " Число  заседаний ", "unit": "count", "is_cumulative": False, "base_year": None}
    added = add_indicator(plan=plan, facts=facts, planned={2026: Decimal(4)}, actor=editor, at=NOW)
    assert (added.title, added.position) == ("Число заседаний", 1)
    changed = edit_indicator(
        indicator=added,
        facts=facts | {"is_cumulative": True},
        planned={2027: Decimal(8), 2028: Decimal(6)},
        version=1,
        actor=editor,
        at=NOW,
    )
    assert list(changed.values.order_by("year").values_list("year", "planned")) == [(2027, 8), (2028, 6)]
    # the plan check looks at the new figures at once: a cumulative one must not fall
    changed.refresh_from_db()
    assert changed.findings
    entry = AuditEntry.objects.get(verb="Изменён показатель")
    assert entry.before == {"is_cumulative": False, "planned": {"2026": "4"}}
    delete_indicator(indicator=changed, version=2, actor=editor, at=NOW)
    assert not TargetIndicator.objects.exists()
    told = history_of_plan(plan).values_list("verb", flat=True)
    assert list(told) == ["Удалён показатель", "Изменён показатель", "Добавлен показатель"]


def test_change_keeps_what_was_written_about_years_that_stay(ours, editor):
    indicator = target(ours, {2026: "33.3", 2027: "66.7"})
    write(indicator, editor, y2026=Reached(Decimal(20), "Театр на ремонте"))
    facts = {"title": indicator.title, "unit": "percent", "is_cumulative": True, "base_year": None}
    edit_indicator(indicator=indicator, facts=facts, planned={2026: Decimal(30)}, version=2, actor=editor, at=NOW)
    value = indicator.values.get()
    assert (value.planned, value.actual, value.note) == (Decimal(30), Decimal(20), "Театр на ремонте")


def test_portal_counts_organizations_with_an_accepted_report(ours, editor):
    indicator = target(ours, {2026: "50", 2027: "100"}, is_cumulative=False)
    first, second, third, other = (OrganizationFactory(municipality=ours) for _ in range(4))
    school = OrganizationFactory(municipality=ours, sphere="education")
    for organization in (first, second, school):
        assess(indicator, organization, 2026)
    assess(indicator, first, 2026, step="survey")
    assess(indicator, third, 2026, state="reported")
    assess(indicator, other, 2026, step="informing")
    assess(indicator, first, 2027)
    assert actuals(indicator) == {2026: None, 2027: None}
    set_measure(indicator=indicator, measure="organizations_assessed", version=1, actor=editor, at=NOW)
    assert actuals(indicator) == {2026: Decimal(50), 2027: Decimal(25)}
    computed = shown(indicator).years[0].computed
    assert (set(computed.organizations), computed.active) == ({first, second}, 4)


def test_count_over_years_takes_each_organization_once(ours):
    indicator = target(ours, {2026: "2", 2027: "3"}, unit="count", is_cumulative=True, measure="organizations_assessed")
    first, second, third = (OrganizationFactory(municipality=ours) for _ in range(3))
    for organization, year in ((first, 2026), (second, 2026), (second, 2027), (third, 2027)):
        assess(indicator, organization, year)
    assert actuals(indicator) == {2026: 2, 2027: 3}


def test_share_is_of_those_that_worked_at_the_end_of_the_year(ours):
    indicator = target(ours, {2026: "50", 2027: "50"}, is_cumulative=True, measure="organizations_assessed")
    first = OrganizationFactory(municipality=ours)
    OrganizationFactory(municipality=ours, active_to=date(2026, 11, 30))
    OrganizationFactory(municipality=ours, active_from=date(2027, 6, 1))
    OrganizationFactory(municipality=ours, active_from=date(2027, 6, 2))
    assess(indicator, first, 2026)
    assert actuals(indicator) == {2026: 100, 2027: 50}


def test_years_ahead_and_years_without_named_organizations_are_not_known(ours):
    indicator = target(
        ours, {2026: "50", 2027: "50", 2028: "50"}, is_cumulative=False, measure="organizations_assessed"
    )
    assess(indicator, OrganizationFactory(municipality=ours), 2027, state="open")
    assert actuals(indicator) == {2026: None, 2027: 0, 2028: None}
    assert [one.progress.status for one in shown(indicator).years] == [
        Status.NO_ACTUAL,
        Status.UNDER_WAY,
        Status.NOT_YET,
    ]


def test_what_a_person_wrote_comes_before_what_the_portal_counts(ours, editor):
    indicator = target(ours, {2026: "50"}, is_cumulative=False, measure="organizations_assessed")
    assess(indicator, OrganizationFactory(municipality=ours), 2026)
    write(indicator, editor, y2026=Reached(Decimal(40)))
    (year,) = shown(indicator).years
    assert (year.progress.actual, year.computed.value, year.by_hand, year.differs) == (40, 100, True, True)


def test_glance_shows_what_is_behind_before_what_has_no_figure(ours, editor):
    plan = PlanFactory(municipality=ours, state="approved")
    target(ours, {2026: "50"}, plan=plan, title="Без факта")
    target(ours, {2028: "50"}, plan=plan, title="Впереди")
    behind = target(ours, {2026: "50"}, plan=plan, title="Отстаёт")
    met = target(ours, {2026: "50"}, plan=plan, title="Достигнут")
    write(behind, editor, y2026=Reached(Decimal(10)))
    write(met, editor, y2026=Reached(Decimal(50)))
    target(ours, {2026: "50"}, plan=PlanFactory(municipality=ours, archived_at=NOW), title="В архиве")
    found = targets_at_glance(ours, today=TODAY)
    assert [(one.indicator.title, one.is_behind, one.wants_figure) for one in found] == [
        ("Отстаёт", True, False),
        ("Без факта", False, True),
    ]


def test_targets_cost_the_same_for_1_and_12(ours):
    plan = PlanFactory(municipality=ours)

    def fill(count):
        for _ in range(count):
            indicator = target(ours, {2026: "50", 2027: "60"}, plan=plan, measure="organizations_assessed")
            assess(indicator, OrganizationFactory(municipality=ours), 2026)

    def cost(read):
        with CaptureQueriesContext(connection) as caught:
            read()
        return len(caught)

    fill(1)
    few = (
        cost(lambda: targets_with_progress(plan, today=TODAY)),
        cost(lambda: targets_at_glance(ours, today=TODAY)),
    )
    fill(11)
    assert few == (4, 5)
    assert cost(lambda: targets_with_progress(plan, today=TODAY)) == 4
    assert cost(lambda: targets_at_glance(ours, today=TODAY)) == 5
