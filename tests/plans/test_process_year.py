"""The assessment year as a line: each step once, in the order of the year, its state from the due dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.days.process_year import (
    POINTS,
    STEPS_OF_LINE,
    StepDue,
    StepState,
    line_of_year,
    span_of_year,
    year_to_show,
    years_in_reach,
)
from plans.table.steps import STEPS

TODAY = date(2026, 11, 24)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2029, 12, 31))
DUES = st.lists(
    st.builds(
        lambda step, day, state, before: StepDue(step, day, day, state, before and state == "open"),
        st.sampled_from(sorted(STEPS_OF_LINE)),
        DAYS,
        st.sampled_from(["open", "reported", "accepted"]),
        st.booleans(),
    ),
    max_size=30,
)


def states(*dues, today=TODAY, year=2026, **more):
    return {point.title: point.state.value for point in line_of_year(dues, year=year, today=today, **more)}


def due(step, day, state="open", **more):
    return StepDue(step, day, day, state, **more)


@given(dues=DUES, year=st.integers(2024, 2029), today=DAYS)
def test_each_point_stands_once_in_the_order_of_the_year_and_one_at_most_is_present(dues, year, today):
    line = line_of_year(dues, year=year, today=today)
    order = [point.title for point in POINTS]
    places = [order.index(point.title) for point in line]
    assert places == sorted(set(places))
    assert sum(point.state == "now" for point in line) <= 1
    for point in line:
        if point.state == "late":
            assert point.day < today
        if point.state in ("now", "future"):
            assert point.day >= today
        if point.state == "done":
            assert point.done == point.total


@given(dues=DUES, today=DAYS)
def test_every_due_date_counts_for_exactly_one_assessment_year(dues, today):
    years = range(2022, 2032)
    counted = sum(point.total for year in years for point in line_of_year(dues, year=year, today=today))
    assert counted == sum(not (one.state == "open" and one.ended_before_entry) for one in dues)


def test_steps_of_the_line_are_those_that_the_import_proposes_and_none_stands_twice():
    named = [step for point in POINTS for step in point.steps]
    assert set(named) <= set(STEPS)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("year", [2024, 2026])
def test_reach_covers_the_span_of_every_point(year):
    first, after = years_in_reach(year)
    assert all(first <= span_of_year(point, year)[0] for point in POINTS)
    assert all(span_of_year(point, year)[1] <= after for point in POINTS)


def test_year_as_plans_have_it():
    assert states(
        due("organization_list", date(2025, 12, 18), "accepted"),
        due("informing", date(2026, 4, 15), ended_before_entry=True),
        due("operator_contract", date(2026, 6, 30), "reported"),
        due("survey", date(2026, 10, 31)),
        due("operator_report", date(2026, 12, 1)),
        due("ranking_approval", date(2026, 12, 31)),
        due("sending_results", date(2027, 1, 15)),
        due("remediation_approved", date(2027, 3, 10)),
        due("remediation_approved", date(2026, 3, 10), "accepted"),  # of the year before
        due("organization_list", date(2026, 12, 18)),  # of the year after
        waiting=["publication"],
    ) == {
        "Перечень организаций": "done",
        "Контракт с оператором": "review",
        "Информирование": "passed",
        "Опрос и обследование": "late",
        "Отчёт оператора": "now",
        "Итоги и рейтинг": "future",
        "Публикация итогов": "waiting",
        "Итоги в учреждения": "future",
        "Планы устранения": "future",
    }


def test_several_activities_of_a_step_join():
    dues = [due("survey", date(2026, 6, 30), "accepted", done_on=date(2026, 6, 20))]
    dues.append(due("observation", date(2026, 9, 30), "accepted", done_on=date(2026, 10, 2)))
    (point,) = line_of_year(dues, year=2026, today=TODAY)
    assert (point.state, point.day, point.done, point.total) == ("done", date(2026, 10, 2), 2, 2)
    (point,) = line_of_year([*dues, due("survey", TODAY)], year=2026, today=TODAY)
    assert (point.state, point.day, point.done, point.total) == ("now", TODAY, 2, 3)


def test_last_day_itself_is_not_late():
    assert states(due("survey", TODAY)) == {"Опрос и обследование": "now"}
    assert states(due("survey", TODAY - timedelta(days=1))) == {"Опрос и обследование": "late"}


@pytest.mark.parametrize(
    ("years", "today", "shown"),
    [
        ([2026, 2027], date(2026, 11, 24), 2026),
        ([2026, 2027], date(2027, 2, 1), 2026),
        ([2026, 2027], date(2027, 4, 1), 2027),
        ([2027], date(2027, 2, 1), 2027),
        ([2028, 2030], date(2026, 1, 1), 2028),
        ([2021], date(2026, 1, 1), 2021),
        ([], date(2026, 1, 1), None),
    ],
)
def test_year_that_is_worked_on(years, today, shown):
    assert year_to_show(years, today) == shown


@pytest.mark.parametrize(
    ("states", "today", "expected"),
    [
        (("accepted", "open"), date(2026, 7, 1), (StepState.NOW, 1)),
        (("open", "open"), date(2026, 7, 1), (StepState.LATE, 0)),
        (("reported", "open"), date(2026, 7, 1), (StepState.NOW, 0)),
        (("reported", "open"), date(2026, 11, 1), (StepState.LATE, 0)),
        (("accepted", "reported"), date(2026, 11, 1), (StepState.REVIEW, 1)),
        (("accepted", "accepted"), date(2026, 7, 1), (StepState.DONE, 2)),
    ],
)
def test_worst_of_several_due_dates_tells_the_point(states, today, expected):
    ends = (date(2026, 6, 30), date(2026, 10, 31))
    dues = [StepDue("survey", date(2026, 5, 1), end, state) for end, state in zip(ends, states, strict=True)]
    (point,) = line_of_year(dues, year=2026, today=today)
    assert (point.state, point.done, point.total) == (*expected, 2)


def test_turn_of_the_year_belongs_to_the_assessment_it_serves():
    """The list is drawn up before its year begins; results and remediation end after it."""
    windows = {
        "organization_list": (date(2025, 10, 1), date(2025, 12, 31)),
        "council_results": (date(2026, 12, 1), date(2027, 1, 20)),
        "publication": (date(2027, 1, 1), date(2027, 1, 15)),
        "review": (date(2027, 1, 1), date(2027, 2, 15)),
        "remediation_published": (date(2027, 1, 1), date(2027, 3, 15)),
    }
    dues = [StepDue(step, *window, "open") for step, window in windows.items()]
    assert sum(point.total for point in line_of_year(dues, year=2026, today=date(2026, 6, 1))) == len(windows)
    assert line_of_year(dues, year=2027, today=date(2026, 6, 1)) == []
