"""Planned and actual figures of a target indicator, year by year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.targets.progress import Figure, Status, compared, progress, standing

THIS_YEAR = 2026


def told(planned, actual, *, year=2025, unit="percent", cumulative=False, base=None):
    figures = [
        Figure(year, Decimal(planned) if planned else None, Decimal(actual) if actual is not None else None),
    ]
    (one,) = progress(figures, unit=unit, is_cumulative=cumulative, base_year=base, this_year=THIS_YEAR)
    return one


@pytest.mark.parametrize(
    ("planned", "actual", "year", "status", "shortfall"),
    [
        ("33.3", "33.3", 2025, Status.MET, "0"),
        ("33.3", "40", 2025, Status.MET, "0"),
        ("66.7", "50", 2025, Status.BEHIND, "16.7"),
        ("66.7", "50", 2026, Status.UNDER_WAY, "16.7"),
        ("66.7", None, 2025, Status.NO_ACTUAL, "0"),
        ("66.7", None, 2026, Status.NOT_YET, "0"),
        ("66.7", None, 2027, Status.NOT_YET, "0"),
        ("66.7", "0", 2025, Status.BEHIND, "66.7"),
        ("0", "0", 2025, Status.MET, "0"),
    ],
)
def test_year_stands_as_its_figures_say(planned, actual, year, status, shortfall):
    one = told(planned, actual, year=year)
    assert (one.status, one.shortfall) == (status, Decimal(shortfall))


def test_base_year_promises_nothing():
    assert told("33.3", "10", base=2025).status == Status.BASE


def test_base_year_with_both_figures_is_no_shortfall():
    one = told("30", "25", base=2025)
    assert (one.status, one.shortfall, one.surplus) == (Status.BASE, 0, 0)


@pytest.mark.parametrize(
    ("planned", "actual", "status"),
    [
        ("67", "66.6666666", Status.BEHIND),
        ("66.7", "66.6666666", Status.MET),
        ("33.3", "33.25", Status.MET),
        ("33.3", "33.2499", Status.BEHIND),
        ("100", "99.96", Status.MET),
        ("100", "99.94", Status.BEHIND),
    ],
)
def test_thirds_and_the_last_tenth(planned, actual, status):
    assert told(planned, actual).status == status


def test_nothing_reached_is_a_figure_and_no_plan_has_no_share():
    years = progress(
        [Figure(2024, Decimal(0), Decimal(0)), Figure(2025, Decimal(5), Decimal(0))],
        unit="count",
        is_cumulative=False,
        base_year=None,
        this_year=THIS_YEAR,
    )
    assert [(one.status, one.shortfall) for one in years] == [
        (Status.MET, 0),
        (Status.BEHIND, 5),
    ]


def test_share_is_compared_as_precisely_as_the_plan_prints_it():
    two_thirds = Decimal(200) / 3
    assert told("66.7", two_thirds).status == Status.MET
    assert told("67", two_thirds).shortfall == Decimal("0.3")
    assert told("50", "49.6").status == Status.BEHIND
    assert told("66.67", two_thirds).status == Status.MET
    assert compared(Decimal("49.95"), Decimal(50), "percent") == Decimal("50.0")


def test_count_is_compared_as_it_is():
    assert told("50", "49.96", unit="count").shortfall == Decimal("0.04")


def test_surplus_is_what_is_above_the_plan():
    assert told("40", "50", unit="count").surplus == Decimal(10)


def test_cumulative_year_tells_what_it_adds():
    figures = [
        Figure(2024, Decimal(10), Decimal(8)),
        Figure(2025, Decimal(20), Decimal(21)),
        Figure(2026, Decimal(30), Decimal(19)),
        Figure(2027, Decimal(40)),
    ]
    years = progress(figures, unit="count", is_cumulative=True, base_year=None, this_year=THIS_YEAR)
    assert [one.added_plan for one in years] == [None, 10, 10, 10]
    assert [one.added_actual for one in years] == [None, 13, -2, None]
    assert [one.falls for one in years] == [False, False, True, False]
    alone = progress(figures, unit="count", is_cumulative=False, base_year=None, this_year=THIS_YEAR)
    assert {one.added_plan for one in alone} == {None}


@pytest.mark.parametrize(
    ("actuals", "year"),
    [
        ({2024: "10", 2025: "20", 2026: "5"}, 2026),
        ({2024: "10", 2025: "5", 2026: "40"}, 2025),
        ({2024: "10"}, 2025),
        ({2024: "1", 2025: "20"}, 2025),
    ],
)
def test_last_year_that_is_over_tells_how_the_indicator_stands(actuals, year):
    plan = {2024: "10", 2025: "20", 2026: "30", 2027: "40"}
    figures = [
        Figure(one, Decimal(planned), Decimal(actuals[one]) if one in actuals else None)
        for one, planned in plan.items()
    ]
    years = progress(figures, unit="count", is_cumulative=True, base_year=None, this_year=THIS_YEAR)
    assert standing(years, this_year=THIS_YEAR).year == year


def test_indicator_whose_years_are_all_ahead_stands_nowhere_yet():
    years = progress([Figure(2027, Decimal(1))], unit="count", is_cumulative=False, base_year=None, this_year=THIS_YEAR)
    assert standing(years, this_year=THIS_YEAR) is None


VALUES = st.decimals(min_value=0, max_value=99999, places=3)
FIGURES = st.dictionaries(st.integers(2018, 2035), st.tuples(VALUES, st.none() | VALUES), min_size=1, max_size=8)


@given(FIGURES, st.sampled_from(["count", "percent"]), st.booleans())
def test_shortfall_and_surplus_bring_the_actual_to_the_plan(values, unit, cumulative):
    figures = [Figure(year, planned, actual) for year, (planned, actual) in values.items()]
    years = progress(figures, unit=unit, is_cumulative=cumulative, base_year=None, this_year=THIS_YEAR)
    assert [one.year for one in years] == sorted(values)
    for one in years:
        assert one.shortfall >= 0
        assert one.surplus >= 0
        assert 0 in (one.shortfall, one.surplus)
        if one.actual is not None:
            assert compared(one.actual, one.planned, unit) + one.shortfall - one.surplus == one.planned
            assert (one.status == Status.MET) == (one.shortfall == 0)


@given(FIGURES)
def test_what_the_years_add_makes_the_last_figure(values):
    figures = [Figure(year, planned, planned) for year, (planned, _) in values.items()]
    years = progress(figures, unit="count", is_cumulative=True, base_year=None, this_year=THIS_YEAR)
    added = sum((one.added_plan for one in years[1:]), years[0].planned)
    assert added == years[-1].planned


@given(FIGURES, st.integers(2018, 2035))
def test_a_year_that_is_not_over_is_never_late(values, this_year):
    figures = [Figure(year, planned, actual) for year, (planned, actual) in values.items()]
    years = progress(figures, unit="count", is_cumulative=False, base_year=None, this_year=this_year)
    late = {one.year for one in years if one.status in (Status.BEHIND, Status.NO_ACTUAL)}
    assert all(year < this_year for year in late)
