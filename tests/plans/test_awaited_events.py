"""Events that terms wait for: their words, who waits for which, and the days they give. Pure."""

from datetime import date

import pytest

from plans.days.awaited_events import LineTerms, awaited_events, days_of_event, is_event_of, waiting_for
from plans.deadlines import Context, parse

PERIOD = Context(date(2026, 1, 1), date(2027, 12, 31))


def lines(*deadlines):
    return [LineTerms(number, str(number), "Мероприятие", parse(words)) for number, words in enumerate(deadlines, 1)]


def who_waits(*deadlines):
    return [(event.words, [line.activity for line in event.lines]) for event in awaited_events(lines(*deadlines))]


@pytest.mark.parametrize(
    ("deadline", "event"),
    [
        ("в течение 5 рабочих дней после заключения контракта", "заключение контракта"),
        ("в течение месяца после получения отчёта оператора", "получение отчёта оператора"),
        ("не позднее 3 рабочих дней с даты подписания протокола", "подписание протокола"),
        ("за 5 дней до заседания общественного совета", "заседание общественного совета"),
        ("в трёхдневный срок с момента поступления обращения", "поступление обращения"),
        ("в течение 5 дней после встречи с оператором", "встреча с оператором"),
        ("через 10 дней после выезда комиссии", "выезд комиссии"),
        ("в течение 3 дней после решения совета", "решение совета"),
    ],
)
def test_event_is_called_in_the_nominative(deadline, event):
    assert who_waits(deadline) == [(event, [1])]


@pytest.mark.parametrize(
    "deadline",
    [
        "до 1 мая",
        "ежеквартально",
        "постоянно",
        "в течение 10 дней после окончания квартала",
        "до 10 числа месяца, следующего за отчётным кварталом",
        "после проведения оценки",
        "",
    ],
)
def test_places_in_the_calendar_and_events_without_a_term_are_not_awaited(deadline):
    assert who_waits(deadline) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("в течение 5 дней после заключения контракта", "в течение 10 дней со дня заключения контракта"),
        ("за 5 дней до заседания совета", "в течение 3 дней после заседания совета"),
        ("в течение 5 дней после утверждения отчёта оператора", "через 5 дней после утверждения отчета оператора"),
        (
            "в течение 5 дней после заключения муниципального контракта с оператором",
            "в течение 10 дней со дня заключения контракта",
        ),
    ],
)
def test_equal_events_are_recorded_once(one, other):
    ((_, waiting),) = who_waits(one, other)
    assert waiting == [1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("после заключения контракта", "после расторжения контракта"),
        ("после утверждения перечня организаций", "после утверждения результатов"),
        ("после получения отчёта", "после направления отчёта"),
        ("после заседания совета", "после заседания комиссии"),
        ("после начала опроса", "после завершения опроса"),
    ],
)
def test_events_that_share_a_word_are_two(one, other):
    assert [waiting for _, waiting in who_waits(f"в течение 5 дней {one}", f"в течение 5 дней {other}")] == [[1], [2]]


def test_line_that_waits_for_two_events_stands_under_both():
    both = "в течение 5 дней после заключения контракта, в течение 10 дней после получения отчёта"
    assert who_waits(both) == [("заключение контракта", [1]), ("получение отчёта", [1])]


@pytest.mark.parametrize(
    ("words", "waits"),
    [
        ("заключение контракта", True),
        ("Заключения Контракта", True),
        ("заключение муниципального контракта с оператором", True),
        ("расторжение контракта", False),
        ("заключение соглашения", False),
        ("", False),
    ],
)
def test_recorded_words_find_the_lines_that_wait(words, waits):
    found = waiting_for(words, lines("в течение 5 дней после заключения контракта", "до 1 мая"))
    assert [line.activity for line in found] == ([1] if waits else [])


@pytest.mark.parametrize(
    ("deadline", "event", "happened", "expected"),
    [
        # 12 June is a day off
        ("в течение 5 рабочих дней после заключения контракта", "заключение контракта", (2026, 6, 10), (2026, 6, 18)),
        ("в течение месяца после получения отчёта", "получение отчёта", (2026, 10, 31), (2026, 11, 30)),
        # a Saturday moves to Monday
        ("в течение 10 дней после получения отчёта", "получение отчёта", (2026, 10, 7), (2026, 10, 19)),
        ("за 5 дней до заседания совета", "заседание совета", (2026, 6, 15), (2026, 6, 10)),
        ("до 1 мая 2026 года, в течение 5 дней после отчёта", "отчёт", (2026, 10, 5), (2026, 10, 12)),
        ("в течение 10 дней после получения отчёта", "направление отчёта", (2026, 10, 7), None),
    ],
)
def test_event_gives_its_days_and_no_others(deadline, event, happened, expected):
    days = days_of_event(parse(deadline), PERIOD, event, date(*happened))
    assert [one.ends_on for one in days] == ([date(*expected)] if expected else [])


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Заключение муниципального контракта с организацией-оператором", "заключение контракта"),
        ("Заключить контракт с оператором", "заключение контракта"),
        ("Проведение заседаний общественного совета", "заседание общественного совета"),
        ("Организация и проведение опроса получателей услуг", "проведение опроса"),
        ("Подготовка, утверждение результатов", "утверждение результатов"),
    ],
)
def test_line_that_does_the_event(title, event):
    assert is_event_of(title, event)


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Информирование о заключении контракта", "заключение контракта"),
        ("Подготовка к заседанию общественного совета", "заседание общественного совета"),
        ("Отчёт по итогам проведения опроса", "проведение опроса"),
        ("Подготовка проекта контракта", "заключение контракта"),
        ("Расторжение контракта", "заключение контракта"),
        ("Размещение результатов оценки на сайте", "утверждение результатов оценки"),
        ("Заседание", "заседание совета"),
        ("", "заседание совета"),
        ("Заседание совета", ""),
        ("", " "),
    ],
)
def test_line_that_only_speaks_of_the_event(title, event):
    assert not is_event_of(title, event)
