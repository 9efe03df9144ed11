"""Windows, events, days off, labels and the edges of the plan's period."""

from dataclasses import replace
from datetime import date

import pytest

from nok_portal.common.workdays import WorkCalendar
from plans.deadlines import Context, DayOffShift, explain, parse, schedule

PERIOD = Context(date(2027, 1, 1), date(2027, 12, 31))


def due_days(text, context=PERIOD):
    return [item.ends_on.isoformat() for item in schedule(parse(text), context)]


def with_event(name, *days: date):
    return Context(date(2027, 1, 1), date(2027, 12, 31), events={name: tuple(days)})


def test_term_without_event_has_no_day_yet():
    assert due_days("в течение 5 рабочих дней после утверждения плана") == []


def test_recorded_event_gives_the_term_its_day():
    due = schedule(
        parse("в течение 5 рабочих дней после утверждения плана мероприятий"),
        with_event("Утверждение плана мероприятий", date(2027, 3, 3)),
    )

    assert [(item.starts_on, item.ends_on, item.event) for item in due] == [
        (date(2027, 3, 4), date(2027, 3, 11), "утверждения плана мероприятий"),
    ]


@pytest.mark.parametrize("name", ["утверждение плана", "утверждения ПЛАНА мероприятий", "к утверждению плана"])
def test_event_is_recognised_in_another_case(name):
    assert due_days("в течение 3 дней после утверждения плана", with_event(name, date(2027, 3, 1))) == ["2027-03-04"]


def test_other_event_gives_no_day():
    assert (
        due_days("в течение 3 дней после утверждения плана", with_event("утверждение отчёта", date(2027, 3, 1))) == []
    )


def test_event_that_happened_twice_gives_two_days():
    context = with_event("поступления информации", date(2027, 2, 1), date(2027, 5, 31))

    assert due_days("в течение месяца со дня поступления информации", context) == ["2027-03-01", "2027-06-30"]


def test_term_that_ends_on_a_day_off_moves_to_the_next_working_day():
    context = with_event("поступления отчёта", date(2027, 11, 25))

    assert due_days("в течение 10 дней после поступления отчёта", context) == ["2027-12-06"]


def test_term_before_an_event_keeps_its_days_whole():
    context = with_event("заседания", date(2027, 6, 18))

    assert due_days("за 5 дней до заседания", context) == ["2027-06-11"]


def test_same_day_term_is_the_day_itself_even_if_off():
    assert due_days("в день голосования", with_event("голосования", date(2027, 9, 19))) == ["2027-09-19"]


def test_days_of_plan_stay_on_days_off_and_say_so():
    due = schedule(parse("до 1 мая 2027 года"), PERIOD)

    assert [(item.ends_on, item.on_day_off) for item in due] == [(date(2027, 5, 1), True)]


@pytest.mark.parametrize(
    ("shift", "day"),
    [
        (DayOffShift.STAYS, date(2027, 5, 1)),
        (DayOffShift.NEXT, date(2027, 5, 4)),
        (DayOffShift.PREVIOUS, date(2027, 4, 30)),
    ],
)
def test_person_may_choose_that_days_off_move(shift, day):
    deadline = replace(parse("до 1 мая 2027 года"), day_off_shift=shift)

    assert [item.ends_on for item in schedule(deadline, PERIOD)] == [day]


def test_explicit_years_outside_the_period_are_kept_and_flagged():
    due = schedule(parse("IV квартал 2026 года, I квартал 2027 года"), PERIOD)

    assert [(item.label, item.outside_period) for item in due] == [("IV квартал 2026", True), ("I квартал 2027", False)]


def test_following_period_may_lie_outside_the_plan():
    due = schedule(parse("до 10 числа месяца, следующего за отчётным кварталом"), PERIOD)

    assert [item.ends_on.isoformat() for item in due] == ["2027-04-10", "2027-07-10", "2027-10-10", "2028-01-10"]
    assert [item.outside_period for item in due] == [False, False, False, True]


def test_only_periods_that_the_plan_touches_recur():
    context = Context(date(2027, 5, 10), date(2027, 11, 20))

    assert due_days("ежеквартально", context) == ["2027-06-30", "2027-09-30", "2027-12-31"]
    assert due_days("ежемесячно", context)[:1] == ["2027-05-31"]


def test_without_a_period_only_explicit_years_give_days():
    assert due_days("до 1 апреля", Context()) == []
    assert due_days("до 1 апреля 2027 года", Context()) == ["2027-04-01"]
    assert due_days("ежеквартально в 2027 году", Context())[-1] == "2027-12-31"


def test_assessment_years_come_from_the_context():
    context = replace(PERIOD, assessment_years=(2025, 2028))

    assert due_days("до 1 декабря (в год проведения оценки)", context) == ["2025-12-01", "2028-12-01"]
    assert due_days("до 15 января (в год, следующий за годом проведения оценки)", context) == [
        "2026-01-15",
        "2029-01-15",
    ]


def test_missing_assessment_years_are_a_problem():
    reading = explain("в год проведения оценки", PERIOD)

    assert reading["due"] == []
    assert reading["problems"] == ["Срок зависит от года проведения оценки, а годы оценки не указаны"]


def test_calendar_of_the_context_counts_the_days():
    calendar = WorkCalendar(corrections={date(2027, 3, 2): False})
    context = replace(with_event("утверждения", date(2027, 3, 1)), calendar=calendar)

    assert due_days("в течение 1 рабочего дня после утверждения", context) == ["2027-03-03"]


def test_working_days_of_a_year_without_calendar_are_provisional():
    due = schedule(parse("в течение 3 рабочих дней после утверждения"), with_event("утверждения", date(2029, 3, 1)))

    assert [item.provisional for item in due] == [True]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("до 1 декабря 2027", "до 1 декабря 2027"),
        ("1 декабря 2027", "1 декабря 2027"),
        ("ноябрь 2027", "ноябрь 2027"),
        ("II полугодие 2027", "II полугодие 2027"),
        ("IV квартал 2027", "IV квартал 2027"),
        ("2027 год", "2027 год"),
        ("2027–2029 годы", "2027–2029 годы"),
        ("2027/2028 учебный год", "2027/2028 учебный год"),
        ("с 15 мая по 10 июня 2027", "15 мая 2027 – 10 июня 2027"),
        ("до конца марта 2027", "до 31 марта 2027"),
    ],
)
def test_label_names_the_window(text, label):
    assert [item.label for item in schedule(parse(text), PERIOD)] == [label]


def test_days_beyond_the_calendar_are_no_error():
    context = Context(date(9998, 1, 1), date(9999, 12, 31), (9999,), {"утверждения": date(9999, 12, 31)})

    assert due_days("в течение 5 дней после утверждения", context) == []
    happened = with_event("утверждения", date(9999, 12, 31), date(2027, 3, 1))
    assert due_days("в течение 5 дней после утверждения", happened) == ["2027-03-09"]
    assert due_days("до 1 марта года, следующего за отчётным", context) == []
