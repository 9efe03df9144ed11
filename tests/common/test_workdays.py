"""The official calendar of twelve years, day by day, and the terms of ст. 190–193 ГК РФ."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nok_portal.common import workdays
from nok_portal.common.workdays import (
    OFFICIAL_YEARS,
    TermUnit,
    WorkCalendar,
    add_months,
    add_term,
    add_working_days,
    is_provisional,
    is_working_day,
)

# The yearly постановления Правительства on transfers of days off, with ст. 112 ТК РФ: for each year the
# days off from Monday to Friday, and the weekend days that are worked.
OFF_ON_WEEKDAYS = {
    2016: "01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-07 03-08 05-02 05-03 05-09 06-13 11-04",
    2017: "01-02 01-03 01-04 01-05 01-06 02-23 02-24 03-08 05-01 05-08 05-09 06-12 11-06",
    2018: "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 03-09 04-30 05-01 05-02 05-09 06-11 06-12 11-05 12-31",
    2019: "01-01 01-02 01-03 01-04 01-07 01-08 03-08 05-01 05-02 05-03 05-09 05-10 06-12 11-04",
    2020: "01-01 01-02 01-03 01-06 01-07 01-08 02-24 03-09 05-01 05-04 05-05 05-11 06-12 11-04",
    2021: "01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31",
    2022: "01-03 01-04 01-05 01-06 01-07 02-23 03-07 03-08 05-02 05-03 05-09 05-10 06-13 11-04",
    2023: "01-02 01-03 01-04 01-05 01-06 02-23 02-24 03-08 05-01 05-08 05-09 06-12 11-06",
    2024: "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 12-30 12-31",
    2025: "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31",
    2026: "01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31",
    2027: "01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31",
}
WORKED_WEEKENDS = {
    2016: "02-20",
    2018: "04-28 06-09 12-29",
    2021: "02-20",
    2022: "03-05",
    2024: "04-27 11-02 12-28",
    2025: "11-01",
    2027: "02-20",
}


def days_of(year, written):
    return {date.fromisoformat(f"{year}-{day}") for day in written.split()}


def all_days(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", OFFICIAL_YEARS)
def test_every_day_of_year_is_as_the_official_calendar_has_it(year):
    off = days_of(year, OFF_ON_WEEKDAYS[year])
    worked = days_of(year, WORKED_WEEKENDS.get(year, ""))

    expected = {day: day in worked or (day.weekday() < 5 and day not in off) for day in all_days(year)}

    assert {day: is_working_day(day) for day in all_days(year)} == expected


@pytest.mark.parametrize(
    ("year", "count"), [(2016, 247), (2019, 247), (2020, 248), (2024, 248), (2025, 247), (2026, 247)]
)
def test_number_of_working_days_of_year_is_the_published_one(year, count):
    assert sum(map(is_working_day, all_days(year))) == count


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2024-04-25", 1, "2024-04-26"),
        ("2024-04-26", 1, "2024-04-27"),  # a Saturday that is worked
        ("2024-04-27", 1, "2024-05-02"),
        ("2026-12-28", 5, "2027-01-13"),
        ("2027-01-08", 1, "2027-01-11"),
        ("2027-01-09", 1, "2027-01-11"),
        ("2027-01-11", -1, "2026-12-30"),
        ("2027-05-12", -3, "2027-05-06"),
        ("2027-03-03", 0, "2027-03-03"),
        ("2027-03-06", 0, "2027-03-09"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, result):
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(result)


@pytest.mark.parametrize(
    ("day", "amount", "unit", "result"),
    [
        ("2027-03-01", 10, "days", "2027-03-11"),
        ("2027-03-01", 5, "days", "2027-03-09"),  # Saturday, Sunday and the holiday of 8 March give way
        ("2027-03-01", 2, "weeks", "2027-03-15"),
        ("2027-08-31", 1, "months", "2027-09-30"),  # September has no 31st
        ("2028-01-31", 1, "months", "2028-02-29"),
        ("2027-01-31", 1, "months", "2027-03-01"),  # 28 February is a Sunday
        ("2027-11-30", 1, "months", "2027-12-30"),
        ("2027-12-01", 1, "months", "2028-01-10"),  # 1 January: the first working day is Monday the 10th
        ("2028-02-29", 1, "years", "2029-02-28"),
        ("2027-03-01", 3, "years", "2030-03-01"),
        ("2027-04-12", 5, "working_days", "2027-04-19"),
        ("2027-06-21", -5, "days", "2027-06-16"),
        ("2027-06-18", -5, "days", "2027-06-11"),  # 13 June is a Sunday, 12 a holiday: the days left stay whole
        ("2027-03-31", -1, "months", "2027-02-26"),  # 28 February is a Sunday
        ("2027-04-15", -3, "working_days", "2027-04-12"),
        ("2027-04-15", 0, "days", "2027-04-15"),
        ("2027-04-17", 0, "days", "2027-04-19"),  # a Saturday
        ("2027-04-16", 1, "days", "2027-04-19"),
    ],
)
def test_terms_end_as_the_civil_code_says(day, amount, unit, result):
    assert add_term(date.fromisoformat(day), amount, unit) == date.fromisoformat(result)


def test_add_term_unknown_unit_is_refused():
    with pytest.raises(ValueError):
        add_term(date(2027, 1, 1), 1, "decades")


def test_is_provisional_only_where_no_official_calendar_is_known():
    assert [year for year in range(2014, 2030) if is_provisional(year)] == [2014, 2015, 2028, 2029]


def test_year_without_calendar_moves_holidays_by_law():
    assert not is_working_day(date(2028, 11, 4))  # a Saturday
    assert not is_working_day(date(2028, 11, 6))  # the Monday that replaces it
    assert is_working_day(date(2028, 11, 7))
    assert is_working_day(date(2028, 1, 10))
    # Victory Day of 2032 is a Sunday; the holiday before it, 8 May, is an ordinary Saturday
    assert not is_working_day(date(2032, 5, 10))


def test_presidential_days_off_are_working_days_unless_asked_for():
    calendar = WorkCalendar(presidential_days_off=True)

    assert is_working_day(date(2020, 4, 15))
    assert not calendar.is_working_day(date(2020, 4, 15))
    assert not calendar.is_working_day(date(2021, 11, 1))
    assert calendar.is_working_day(date(2020, 5, 12))
    assert calendar.add_working_days(date(2020, 3, 27), 1) == date(2020, 5, 12)


def test_corrections_overrule_the_calendar():
    calendar = WorkCalendar(corrections={date(2028, 2, 19): True, date(2028, 2, 21): False})

    assert calendar.is_working_day(date(2028, 2, 19))
    assert not calendar.is_working_day(date(2028, 2, 21))
    assert is_working_day(date(2028, 2, 21))


def test_use_calendar_changes_the_default_and_gives_the_old_one_back():
    before = workdays.use_calendar(WorkCalendar(corrections={date(2027, 3, 10): False}))
    try:
        assert not is_working_day(date(2027, 3, 10))
    finally:
        workdays.use_calendar(before)
    assert is_working_day(date(2027, 3, 10))


def test_read_corrections_from_file(tmp_path):
    path = tmp_path / "corrections.json"
    path.write_text('{"working": ["2028-02-19"], "days_off": ["2028-02-21"]}', encoding="utf-8")

    assert workdays.read_corrections(path) == {date(2028, 2, 19): True, date(2028, 2, 21): False}


def test_read_corrections_contradiction_is_refused(tmp_path):
    path = tmp_path / "corrections.json"
    path.write_text('{"working": ["2028-02-19"], "days_off": ["2028-02-19"]}', encoding="utf-8")

    with pytest.raises(ValueError, match=r"19\.02\.2028"):
        workdays.read_corrections(path)


DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(1, 40))
def test_working_days_there_and_back(day, count):
    start = workdays.default_calendar().next_working_day(day)
    end = add_working_days(start, count)

    assert is_working_day(end)
    assert add_working_days(end, -count) == start
    assert sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)) == count


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(1, 40), st.sampled_from(TermUnit))
def test_term_never_ends_on_a_day_off_nor_early(day, amount, unit):
    end = add_term(day, amount, unit)

    assert is_working_day(end)
    if unit is TermUnit.DAYS:
        assert end >= day + timedelta(days=amount)
    if unit is TermUnit.MONTHS:
        assert end >= add_months(day, amount)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 12), "День России"),
        (date(2026, 12, 31), "выходной, перенос с 4 января"),
        (date(2025, 11, 1), "рабочий день"),
        (date(2026, 5, 11), "выходной за День Победы"),
        (date(2026, 12, 1), ""),
        (date(2026, 12, 5), ""),
    ],
)
def test_unusual_day_is_named(day, words):
    assert workdays.about_day(day) == words


def test_correction_of_ours_is_named_too():
    before = workdays.use_calendar(WorkCalendar(corrections={date(2026, 6, 12): True, date(2026, 12, 1): False}))
    try:
        assert workdays.about_day(date(2026, 6, 12)) == "рабочий день"
        assert workdays.about_day(date(2026, 12, 1)) == "выходной"
    finally:
        workdays.use_calendar(before)
