"""What repeats inside a stretch, what crosses a border of months, years or the plan, and what has no days."""

from datetime import date

import pytest

from plans.deadlines import Context, describe, explain, parse, schedule

CONTEXT = Context(date(2027, 1, 1), date(2028, 12, 31), (2027,))


def windows(text, context=CONTEXT):
    return [f"{due.starts_on:%d.%m.%y}–{due.ends_on:%d.%m.%y}" for due in schedule(parse(text), context)]


@pytest.mark.parametrize(
    ("text", "count", "first"),
    [
        ("ежемесячно в I квартале 2027 года", 3, "01.01.27–31.01.27"),
        ("ежемесячно летом 2027 года", 3, "01.06.27–30.06.27"),
        ("ежеквартально в I квартале 2027 года", 1, "01.01.27–31.03.27"),
        ("ежеквартально в I полугодии 2027 года", 2, "01.01.27–31.03.27"),
        ("раз в полугодие в I полугодии 2027 года", 1, "01.01.27–30.06.27"),
        ("ежемесячно в 2027/2028 учебном году", 12, "01.09.27–30.09.27"),
        ("раз в полугодие в 2027/2028 учебном году", 3, "01.09.27–31.12.27"),
        ("ежемесячно с мая по октябрь 2027 года", 6, "01.05.27–31.05.27"),
        # the months at the ends of a quarter that lie outside do not count
        ("ежеквартально с февраля по ноябрь 2027 года", 4, "01.02.27–31.03.27"),
        ("ежеквартально с сентября 2027 по май 2028", 4, "01.09.27–30.09.27"),
        # a half-year does not repeat inside a part of a year
        ("раз в полугодие с марта по ноябрь 2027 года", 1, "01.03.27–30.11.27"),
        # a season, quarter or date that is named once a year is named, not split
        ("ежегодно, IV квартал", 2, "01.10.27–31.12.27"),
        ("ежегодно до 1 декабря", 2, "01.01.27–01.12.27"),
    ],
)
def test_recurrence_repeats_inside_a_longer_stretch(text, count, first):
    found = windows(text)

    assert (len(found), found[0]) == (count, first)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("с 15 декабря по 10 января", ["15.12.27–10.01.28", "15.12.28–10.01.29"]),
        ("с 1 октября до конца года", ["01.10.27–31.12.27", "01.10.28–31.12.28"]),
        ("вторая неделя мая", ["08.05.27–14.05.27", "08.05.28–14.05.28"]),
        ("последняя неделя мая", ["25.05.27–31.05.27", "25.05.28–31.05.28"]),
        ("пятая неделя мая 2027 года", ["29.05.27–31.05.27"]),
        ("пятая неделя февраля", ["29.02.28–29.02.28"]),
        ("с 1 декабря 2027 по 10 января 2029", ["01.12.27–10.01.29"]),
        ("последний рабочий день декабря", ["30.12.27–30.12.27", "29.12.28–29.12.28"]),
        # the year that has no such day gives none
        ("29 февраля", ["29.02.28–29.02.28"]),
        ("с 10 по 29 февраля", ["10.02.28–29.02.28"]),
        # years that people name are meant even where the recurrence alone tells no days
        ("раз в два года (2027, 2029)", ["01.01.27–31.12.27", "01.01.29–31.12.29"]),
        ("раз в три года", []),
        ("еженедельно в 2027 году", []),
        ("раз в 5 месяцев в 2027 году", []),
    ],
)
def test_windows_over_borders_and_without_days(text, expected):
    assert windows(text) == expected


def test_quarter_that_the_plan_touches_by_one_day_counts():
    context = Context(date(2027, 3, 31), date(2027, 10, 1))

    assert windows("ежеквартально", context) == [
        "01.01.27–31.03.27",
        "01.04.27–30.06.27",
        "01.07.27–30.09.27",
        "01.10.27–31.12.27",
    ]


def test_first_and_last_day_of_the_plan_lie_in_it():
    due = schedule(parse("1 марта, 31 октября, 1 ноября"), Context(date(2027, 3, 1), date(2027, 10, 31)))

    assert [(day.ends_on, day.outside_period) for day in due] == [
        (date(2027, 3, 1), False),
        (date(2027, 10, 31), False),
        (date(2027, 11, 1), True),
    ]


def test_a_plan_of_centuries_gives_no_endless_list():
    assert len(schedule(parse("ежемесячно"), Context(date(2000, 1, 1), date(2999, 12, 31)))) == 2000


@pytest.mark.parametrize(
    ("text", "happened", "provisional"),
    [
        ("в течение 3 рабочих дней после утверждения", date(2029, 3, 1), True),
        ("в течение 3 рабочих дней после утверждения", date(2027, 3, 1), False),
        ("в течение 3 дней после утверждения", date(2029, 3, 1), False),
    ],
)
def test_only_working_days_of_a_year_without_calendar_are_provisional(text, happened, provisional):
    context = Context(date(2027, 1, 1), date(2029, 12, 31), events={"утверждения": happened})

    assert [due.provisional for due in schedule(parse(text), context)] == [provisional]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("с 1 мая по 15 июня 2027", "1 мая 2027 – 15 июня 2027"),
        ("с 15 мая по 30 июня 2027", "15 мая 2027 – 30 июня 2027"),
        ("май–июль 2027", "1 мая 2027 – 31 июля 2027"),
        ("февраль–июль 2027", "1 февраля 2027 – 31 июля 2027"),
        ("август–декабрь 2027", "1 августа 2027 – 31 декабря 2027"),
        ("июль–август 2027", "1 июля 2027 – 31 августа 2027"),
        ("с 1 октября 2027 по 30 сентября 2028", "1 октября 2027 – 30 сентября 2028"),
        ("до 10 числа каждого месяца 2027 года", "до 10 января 2027"),
        ("апрель–июнь 2027", "II квартал 2027"),
    ],
)
def test_label_never_names_more_than_the_window(text, label):
    assert schedule(parse(text), CONTEXT)[0].label == label


@pytest.mark.parametrize(
    ("years", "problems"),
    [
        ((2027, 2029), ["В 2027 году нет 29 февраля", "В 2029 году нет 29 февраля"]),
        ((2099, 2101), ["В 2099 году нет 29 февраля", "В 2100 году нет 29 февраля", "В 2101 году нет 29 февраля"]),
        ((2000, 2000), []),
        ((2028, 2028), []),
    ],
)
def test_years_without_29_february_are_named(years, problems):
    context = Context(date(years[0], 1, 1), date(years[1], 12, 31))

    assert explain("29 февраля", context)["problems"] == problems
    assert explain("28 февраля", context)["problems"] == []


@pytest.mark.parametrize("text", ["в год проведения оценки", "до 1 мая (в год, следующий за годом проведения оценки)"])
def test_assessment_years_are_asked_for_only_where_they_are_not_known(text):
    assert len(explain(text, Context(date(2027, 1, 1), date(2028, 12, 31)))["problems"]) == 1
    assert explain(text, CONTEXT)["problems"] == []


def test_understood_means_without_unread_words_and_without_problems():
    assert parse("до 1 мая").understood
    assert not parse("до 1 мая, как получится").understood
    assert not parse("до 31 ноября").understood


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("с 1 октября до конца года", "С 1 октября до конца года"),
        ("с 1 октября до конца 2027 года", "С 1 октября до конца 2027 года"),
        ("к началу следующего года", "До 1 января года, следующего за отчётным"),
        ("предыдущий учебный год", "Предыдущий учебный год"),
        ("ежемесячно в сентябре", "Ежемесячно: сентябрь"),
        ("ежемесячно с сентября по май", "Ежемесячно с сентября по май"),
    ],
)
def test_description_is_plain_russian(text, description):
    assert describe(parse(text)) == description
    assert parse(description).rules == parse(text).rules


def test_last_days_are_no_more_than_the_month_has():
    due = schedule(parse("последние 31 день каждого месяца"), Context(date(2027, 2, 1), date(2027, 2, 28)))

    assert [(day.starts_on, day.ends_on) for day in due] == [(date(2027, 2, 1), date(2027, 2, 28))]
