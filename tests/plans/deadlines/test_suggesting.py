"""Ready answers to impossible and doubtful dates."""

import json
from datetime import date
from pathlib import Path

import pytest

from plans.deadlines import Context, DayOffShift, describe, parse, schedule
from plans.deadlines.suggesting import day_off_suggestions, suggestions

CORPUS = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entries in CORPUS.values() for entry in entries]
CONTEXT = Context(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("до 31 ноября", {"30 ноября": "До 30 ноября", "1 декабря": "До 1 декабря"}),
        (
            "ежегодно до 31.11.2027",
            {"30 ноября 2027": "Ежегодно до 30 ноября 2027 года", "1 декабря 2027": "Ежегодно до 1 декабря 2027 года"},
        ),
        ("до тридцать первого июня", {"30 июня": "До 30 июня", "1 июля": "До 1 июля"}),
        ("32.12.2027", {"31 декабря 2027": "31 декабря 2027 года", "1 января 2028": "1 января 2028 года"}),
        ("30 февраля", {"28 февраля": "28 февраля", "29 февраля": "29 февраля", "1 марта": "1 марта"}),
        ("до 29 февраля 2027", {"28 февраля": "До 28 февраля 2027 года", "1 марта": "До 1 марта 2027 года"}),
        ("0 мая", {"1 мая": "1 мая", "30 апреля": "30 апреля"}),
        # the month is the other day's too
        ("15 и 31 сентября 2027 года", {"30 сентября": "15 сентября и 30 сентября 2027 года"}),
        ("12.25.2027", {"25 декабря 2027": "25 декабря 2027 года", "12 декабря 2027": "12 декабря 2027 года"}),
        ("V квартал 2027 года", {"IV квартал": "IV квартал 2027 года"}),
        ("III полугодие", {"II полугодие": "II полугодие"}),
        ("до 35 числа каждого месяца", {"последний день месяца": "До 31 числа каждого месяца"}),
        (
            "до 20 числа месяца, следующего за отчётным периодом",
            {
                "отчётный период – месяц": "До 20 числа месяца, следующего за отчётным месяцем",
                "отчётный период – квартал": "До 20 числа месяца, следующего за отчётным кварталом",
                "отчётный период – полугодие": "До 20 числа месяца, следующего за отчётным полугодием",
                "отчётный период – год": "До 20 числа месяца, следующего за отчётным годом",
            },
        ),
        (
            "27 декабря 2027 года (вторник)",
            {
                "27 декабря 2027, понедельник": "27 декабря 2027 года",
                "28 декабря 2027, вторник": "28 декабря 2027 года",
                "21 декабря 2027, вторник": "21 декабря 2027 года",
            },
        ),
        (
            "до десятого числа",
            {
                "каждого месяца": "До 10 числа каждого месяца",
                "месяца, следующего за отчётным": "До 10 числа месяца, следующего за отчётным месяцем",
            },
        ),
        (
            "с 1 июля",
            {"до конца года": "С 1 июля по 31 декабря", "в этот день": "1 июля", "до этого дня": "До 1 июля"},
        ),
        ("с 20.05.2027 по 10.05.2027", {"с 10.05.2027 по 20.05.2027": "С 10 мая по 20 мая 2027 года"}),
        ("не чаще 1 раза в год", {"не реже": "Ежегодно"}),
        ("до 1 мая", {}),
        ("как получится", {}),
    ],
)
def test_problem_has_ready_answers(text, answers):
    found = suggestions(parse(text))

    assert {one.label: describe(one.deadline) for one in found} == answers
    assert all(one.deadline.understood for one in found)


def test_one_answer_puts_one_date_right():
    found = suggestions(parse("до 31 июня и до 31 ноября"))

    assert [(one.label, one.deadline.problems) for one in found] == [
        ("30 июня", ("Нет такого дня: 31 ноября",)),
        ("1 июля", ("Нет такого дня: 31 ноября",)),
        ("30 ноября", ("Нет такого дня: 31 июня",)),
        ("1 декабря", ("Нет такого дня: 31 июня",)),
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_answers_leave_the_words_and_solve_what_they_answer(text):
    deadline = parse(text)
    for one in suggestions(deadline):
        assert one.deadline.text == text
        assert set(one.deadline.problems) < set(deadline.problems)
        assert one.label


def test_last_day_on_a_day_off_stays_or_moves():
    deadline = parse("до 5 декабря")  # 2026: a Saturday
    answers = {one.label: schedule(one.deadline, CONTEXT)[0].ends_on for one in day_off_suggestions(deadline, CONTEXT)}

    assert answers == {
        "на следующий рабочий день": date(2026, 12, 7),
        "на предыдущий рабочий день": date(2026, 12, 4),
    }


def test_shift_that_was_chosen_can_be_taken_back():
    moved = day_off_suggestions(parse("до 5 декабря"), CONTEXT)[0].deadline

    assert moved.day_off_shift is DayOffShift.NEXT
    assert [one.label for one in day_off_suggestions(moved, CONTEXT)] == [
        "оставить, даже если это выходной",
        "на предыдущий рабочий день",
    ]


@pytest.mark.parametrize("text", ["до 4 декабря", "в течение 5 дней после утверждения", "постоянно"])
def test_no_question_where_no_named_day_is_a_day_off(text):
    assert day_off_suggestions(parse(text), CONTEXT) == []
