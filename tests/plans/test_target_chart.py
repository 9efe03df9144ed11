"""Bars of planned and actual figures."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plans.targets.chart import HEIGHT, chart_of
from plans.targets.progress import Figure, progress


def chart(values, *, unit="count", this_year=2026):
    figures = [Figure(year, planned, actual) for year, (planned, actual) in values.items()]
    years = progress(figures, unit=unit, is_cumulative=False, base_year=None, this_year=this_year)
    return chart_of(years, unit=unit)


def test_highest_count_fills_the_height_and_others_follow():
    bars = chart({2025: (Decimal(4), Decimal(2)), 2026: (Decimal(4), None)}).bars
    assert [(bar.kind, bar.height) for bar in bars] == [("plan", HEIGHT), ("short", HEIGHT // 2), ("plan", HEIGHT)]


def test_share_is_drawn_against_the_whole():
    bars = chart({2026: (Decimal(50), Decimal(25))}, unit="percent").bars
    assert [(bar.kind, bar.height) for bar in bars] == [("plan", HEIGHT // 2), ("actual", HEIGHT // 4)]


VALUES = st.decimals(min_value=0, max_value=99999, places=3)


@given(
    st.dictionaries(st.integers(2020, 2032), st.tuples(VALUES, st.none() | VALUES), min_size=1),
    st.sampled_from(["count", "percent"]),
)
def test_bars_stay_in_the_drawing_and_never_overlap(values, unit):
    drawn = chart(values, unit=unit)
    for bar in drawn.bars:
        assert 0 <= bar.height <= HEIGHT
        assert bar.y + bar.height == drawn.base
        assert bar.x >= 0
        assert bar.x + bar.width <= drawn.width
        assert bar.label_y > 0
    places = sorted((bar.x, bar.x + bar.width) for bar in drawn.bars)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert len(drawn.years) == len(values)
