"""Bars of the timeline: inside the year, at their last day, never on top of each other."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plans.days.timeline import LEAST_WIDTH, begin_of, end_of, span_of, stacked

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2029, 12, 31))
WINDOWS = st.tuples(DAYS, st.integers(0, 900)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
YEARS = st.integers(2024, 2029)


@given(window=WINDOWS, year=YEARS)
def test_bar_lies_inside_the_year_and_is_never_too_thin(window, year):
    span = span_of(*window, year)
    touches = window[0].year <= year <= window[1].year
    assert (span is not None) == touches
    if span:
        assert 0 <= span.left < span.right <= 1 + 1e-9
        assert span.width >= LEAST_WIDTH - 1e-9
        assert (span.is_cut_left, span.is_cut_right) == (window[0].year < year, window[1].year > year)
        if span.is_cut_right:
            assert span.right == 1


@given(window=WINDOWS)
def test_right_edge_is_the_last_day(window):
    span = span_of(*window, window[1].year)
    if end_of(window[1]) >= LEAST_WIDTH:
        assert abs(span.right - end_of(window[1])) < 1e-9


@given(day=DAYS)
def test_days_follow_each_other_without_a_gap(day):
    after = day + timedelta(days=1)
    assert abs(end_of(day) - (begin_of(after) if after.year == day.year else 1)) < 1e-9


@given(windows=st.lists(WINDOWS, max_size=12), year=YEARS)
def test_bars_of_one_track_never_cover_each_other_and_none_is_lost(windows, year):
    spans = [(n, span) for n, window in enumerate(windows) if (span := span_of(*window, year))]
    placed = stacked(spans)
    assert sorted(one.item for one in placed) == [n for n, _ in spans]
    for track in {one.track for one in placed}:
        inside = sorted((one.span for one in placed if one.track == track), key=lambda span: span.left)
        assert all(a.right <= b.left + 1e-6 for a, b in itertools.pairwise(inside))
    assert {one.track for one in placed} == set(range(len({one.track for one in placed})))


def rounded(span):
    return (round(span.left * 12, 3), round(span.right * 12, 3), span.is_cut_left, span.is_cut_right)


def test_places_by_examples():
    """In months of the year, each a twelfth wide whatever its length."""
    examples = {
        (date(2026, 5, 1), date(2026, 10, 31)): (4.0, 10.0, False, False),
        (date(2025, 10, 1), date(2026, 4, 1)): (0.0, 3.033, True, False),
        (date(2026, 12, 1), date(2027, 3, 1)): (11.0, 12.0, False, True),
        (date(2025, 1, 1), date(2027, 12, 31)): (0.0, 12.0, True, True),
        (date(2026, 1, 1), date(2026, 2, 28)): (0.0, 2.0, False, False),
    }
    assert {window: rounded(span_of(*window, 2026)) for window in examples} == examples
    assert rounded(span_of(date(2028, 2, 1), date(2028, 2, 29), 2028)) == (1.0, 2.0, False, False)
    assert span_of(date(2025, 1, 1), date(2025, 12, 31), 2026) is None


def test_bars_that_only_touch_share_a_track():
    quarters = [(date(2026, month, 1), date(2026, month + 2, 28)) for month in (1, 4, 7, 10)]
    placed = stacked((window, span_of(*window, 2026)) for window in quarters)
    assert [one.track for one in placed] == [0, 0, 0, 0]
    same = stacked((number, span_of(*quarters[0], 2026)) for number in range(3))
    assert sorted(one.track for one in same) == [0, 1, 2]
