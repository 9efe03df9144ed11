"""The calendar's grid: whole weeks, and every due day once in its month."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.days.month_grid import MOST_A_DAY, Month, weeks_of

DAYS = st.dates(min_value=date(2016, 1, 1), max_value=date(2040, 12, 31))
MONTHS = DAYS.map(Month.of)


def cells_of(month, items):
    return [cell for week in weeks_of(month, items, lambda day: day) for cell in week]


@given(month=MONTHS)
def test_grid_is_made_of_whole_weeks_that_cover_the_month(month):
    weeks = weeks_of(month, [], lambda day: day)
    assert all(len(week) == 7 for week in weeks)
    assert all([cell.day.weekday() for cell in week] == list(range(7)) for week in weeks)
    days = [cell.day for week in weeks for cell in week]
    assert days == sorted(set(days))
    inside = [cell.day for week in weeks for cell in week if not cell.is_outside]
    assert (inside[0], inside[-1], len(inside)) == (month.first, month.last, month.last.day)


@given(month=MONTHS, dues=st.lists(DAYS, max_size=60))
def test_every_due_day_appears_exactly_once_in_its_month(month, dues):
    near = [*dues, month.first, month.last, month.last]
    for one in {Month.of(day) for day in near}:
        shown = Counter(day for cell in cells_of(one, near) if not cell.is_outside for day in cell.items)
        assert shown == Counter(day for day in near if Month.of(day) == one)


@given(count=st.integers(0, 40))
def test_many_lines_of_a_day_fold_and_none_is_lost(count):
    month = Month(2026, 12)
    cell = next(cell for cell in cells_of(month, [month.first] * count) if cell.day == month.first)
    assert len(cell.shown) + cell.folded == count
    assert len(cell.shown) <= MOST_A_DAY
    assert cell.folded != 1, "a line about one more takes the room of that line"


@given(month=MONTHS, count=st.integers(-60, 60))
def test_months_go_there_and_back(month, count):
    assert month.moved(count).moved(-count) == month
    assert (month.moved(1).first - month.last).days == 1


@pytest.mark.parametrize(
    ("day", "is_off", "note"),
    [
        (date(2026, 12, 5), True, ""),
        (date(2026, 12, 31), True, "выходной, перенос с 4 января"),
        (date(2026, 12, 30), False, ""),
    ],
)
def test_days_off_are_marked_and_transfers_named(day, is_off, note):
    cell = next(cell for cell in cells_of(Month(2026, 12), []) if cell.day == day)
    assert (cell.is_off, cell.note) == (is_off, note)


def test_working_days_are_those_of_the_production_calendar():
    assert Month(2026, 12).working_days == 22
