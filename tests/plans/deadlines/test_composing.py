"""A deadline put together from plain choices, and the choices that an existing reading means."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nok_portal.common.workdays import TermUnit
from plans.deadlines import Context, DayOffShift, Flag, Mode, Period, describe, parse, schedule
from plans.deadlines.choices import (
    LAST,
    LAST_WORKING,
    Composition,
    Part,
    PartKind,
    Placing,
    YearsChoice,
)
from plans.deadlines.composing import compose, faults
from plans.deadlines.decomposing import decompose

CORPUS = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entries in CORPUS.values() for entry in entries]
CONTEXT = Context(date(2027, 1, 1), date(2028, 12, 31), (2027,))
OTHERS = (CONTEXT, Context(date(2025, 9, 1), date(2031, 5, 31), (2026, 2030)), Context())

BY_1_DECEMBER = Part(PartKind.BY, day="1", month=12)


def said(*parts, **more):
    return describe(compose(Composition(parts, **more), ""))


@pytest.mark.parametrize(
    ("part", "description"),
    [
        (BY_1_DECEMBER, "До 1 декабря"),
        (replace(BY_1_DECEMBER, every="year"), "Ежегодно до 1 декабря"),
        (replace(BY_1_DECEMBER, years=YearsChoice.NAMED, named="2027, 2029"), "До 1 декабря 2027 и 2029 годов"),
        (replace(BY_1_DECEMBER, years=YearsChoice.NAMED, named="2027 - 2029 гг."), "До 1 декабря 2027–2029 годов"),
        (replace(BY_1_DECEMBER, years=YearsChoice.NEXT), "До 1 декабря года, следующего за отчётным"),
        (replace(BY_1_DECEMBER, years=YearsChoice.ASSESSMENT), "До 1 декабря (в год проведения оценки)"),
        (Part(PartKind.DAY, day=LAST, month=2), "Последний день февраля"),
        (Part(PartKind.BY, day=LAST_WORKING, month=12), "До последнего рабочего дня декабря"),
        (Part(PartKind.RANGE, month=5, month_to=10), "С мая по октябрь"),
        (Part(PartKind.RANGE, day="15", month=5, day_to="15", month_to=6), "С 15 мая по 15 июня"),
        (Part(PartKind.STRETCH, stretch="quarter-4"), "IV квартал"),
        (Part(PartKind.STRETCH, stretch="month-11", how=Mode.BY), "До конца ноября"),
        (Part(PartKind.STRETCH, stretch="year-1"), "В течение года"),
        (Part(PartKind.REPEAT, period=Period.QUARTER), "Ежеквартально"),
        (Part(PartKind.REPEAT, period=Period.YEAR, count=3), "Раз в 3 года"),
        (
            Part(PartKind.REPEAT, period=Period.QUARTER, placing=Placing.BY_DAY, day="10", where="n0"),
            "До 10 числа месяца, следующего за отчётным кварталом",
        ),
        (
            Part(PartKind.REPEAT, period=Period.MONTH, placing=Placing.ON_WEEKDAY, day="1", weekday=0),
            "1-й понедельник каждого месяца",
        ),
        (
            Part(PartKind.EVENT, amount=5, unit=TermUnit.WORKING_DAYS, link="после", event="утверждения плана"),
            "В течение 5 рабочих дней после утверждения плана",
        ),
        (
            Part(PartKind.EVENT, amount=3, unit=TermUnit.DAYS, link="до", event="заседания совета"),
            "За 3 дня до заседания совета",
        ),
        (Part(PartKind.EVENT, link="незамедлительно"), "Незамедлительно"),
    ],
)
def test_choices_are_said_back_in_plain_words(part, description):
    assert said(part) == description
    assert not faults(Composition((part,)))


def test_parts_marks_and_the_rule_for_days_off_stand_together():
    deadline = compose(
        Composition((BY_1_DECEMBER, Part(PartKind.STRETCH, stretch="quarter-1")), (Flag.ONGOING,), DayOffShift.NEXT),
        "как получится",
    )

    assert deadline.text == "как получится"
    assert describe(deadline) == "До 1 декабря; I квартал; постоянно"
    assert deadline.understood
    assert date(2029, 12, 3) not in {due.ends_on for due in schedule(deadline, CONTEXT)}
    assert date(2029, 12, 3) in {
        due.ends_on for due in schedule(deadline, Context(date(2029, 1, 1), date(2029, 12, 31)))
    }


@pytest.mark.parametrize(
    ("part", "field", "message"),
    [
        (Part(PartKind.BY, day="31", month=11), "day", "31 ноября не бывает: в ноябре 30\u00a0дней. Выберите день."),
        (Part(PartKind.BY, day="", month=11), "day", "Выберите число."),
        (Part(PartKind.BY, day="5"), "month", "Выберите месяц."),
        (
            Part(PartKind.DAY, day="29", month=2, years=YearsChoice.NAMED, named="2028, 2029"),
            "day",
            "В 2029 году нет 29 февраля. Выберите другой день.",
        ),
        (
            replace(BY_1_DECEMBER, years=YearsChoice.NAMED, named="скоро"),
            "named",
            "Напишите годы цифрами: 2027, 2029 или 2027–2029.",
        ),
        (
            replace(BY_1_DECEMBER, years=YearsChoice.NAMED, named="2029–2027"),
            "named",
            "Первый год должен быть раньше последнего.",
        ),
        (replace(BY_1_DECEMBER, years=YearsChoice.NAMED, named="0001"), "named", "Год может быть от 1990 до 2099."),
        (
            Part(PartKind.RANGE, month=5, month_to=2, years=YearsChoice.NAMED, named="2027"),
            "month_to",
            "Конец раньше начала. Если срок переходит на другой год, укажите год окончания.",
        ),
        (
            Part(PartKind.RANGE, month=5, month_to=2, until_year=2028),
            "until_year",
            "Год окончания нужен, только если начало названо с одним годом.",
        ),
        (
            Part(PartKind.RANGE, day="5", month=5, day_to="31", month_to=6),
            "day_to",
            "31 июня не бывает: в июне 30\u00a0дней. Выберите день.",
        ),
        (Part(PartKind.STRETCH), "stretch", "Выберите месяц, квартал, полугодие или год."),
        (
            Part(PartKind.STRETCH, stretch="month-5", how=Mode.FROM),
            "how",
            "Названо только начало: последнего дня нет. Выберите, как часто это повторяется, или период.",
        ),
        (
            Part(PartKind.REPEAT, period=Period.WEEK, placing=Placing.BY_DAY, day="5"),
            "placing",
            "Такой периодичности день не назначить. Выберите «без дня».",
        ),
        (
            Part(PartKind.REPEAT, period=Period.QUARTER, placing=Placing.END, where="m7"),
            "where",
            "В этом периоде нет такого месяца. Выберите другой.",
        ),
        (Part(PartKind.REPEAT, placing=Placing.BY_DAY), "day", "Выберите число."),
        (Part(PartKind.EVENT), "event", "Назовите событие или сколько дней даётся."),
        (Part(PartKind.EVENT, amount=5), "unit", "Выберите, в чём считается срок."),
    ],
)
def test_what_cannot_be_is_told_with_its_field_and_makes_no_days(part, field, message):
    composition = Composition((BY_1_DECEMBER, part))

    assert [(fault.part, fault.field, fault.message) for fault in faults(composition)] == [(1, field, message)]
    deadline = compose(composition, "до 31 ноября")
    assert deadline.problems == (message,)
    assert schedule(deadline, CONTEXT) == schedule(compose(Composition((BY_1_DECEMBER,)), ""), CONTEXT)


def test_range_over_the_new_year_has_a_year_at_each_end():
    part = Part(PartKind.RANGE, month=12, month_to=1, years=YearsChoice.NAMED, named="2027", until_year=2028)

    assert [(due.starts_on, due.ends_on) for due in schedule(compose(Composition((part,)), ""), CONTEXT)] == [
        (date(2027, 12, 1), date(2028, 1, 31))
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_choices_of_a_reading_give_the_same_days(text):
    deadline = parse(text)
    composition = decompose(deadline)
    if composition is None:
        return
    made = compose(composition, text)

    events = {term.event: date(2027, 6, 10) for term in deadline.terms if term.event}
    for context in OTHERS:
        assert windows(made, context, events) == windows(deadline, context, events)
    assert (made.repeats, made.flags) == (deadline.repeats, deadline.flags)


def windows(deadline, context, events):
    return [(due.starts_on, due.ends_on) for due in schedule(deadline, replace(context, events=events))]


def test_plain_choices_say_nearly_all_that_people_write():
    understood = [deadline for deadline in map(parse, TEXTS) if deadline.rules or deadline.terms or deadline.flags]
    said_by_choices = [deadline for deadline in understood if decompose(deadline)]

    assert len(said_by_choices) / len(understood) > 0.97


@pytest.mark.parametrize("text", ["", "как получится", "с 1 июля", "до 5 числа", "31 ноября"])
def test_nothing_is_proposed_for_what_was_not_understood(text):
    assert decompose(parse(text)) is None


def test_a_shift_off_days_off_is_kept():
    deadline = replace(parse("до 5 декабря"), day_off_shift=DayOffShift.PREVIOUS)

    assert compose(decompose(deadline), deadline.text) == deadline


PARTS = st.builds(
    Part,
    kind=st.sampled_from(PartKind),
    day=st.sampled_from(["", "1", "31", "last", "last_working", "99", "²", "-1"]),
    month=st.integers(-1, 14),
    day_to=st.sampled_from(["", "1", "31", "last", "x"]),
    month_to=st.integers(-1, 14),
    stretch=st.sampled_from(["", "month-5", "quarter-9", "year-1", "school_year-1", "week-1", "x-y", "month-99"]),
    how=st.sampled_from(Mode),
    years=st.sampled_from(YearsChoice),
    named=st.one_of(st.text(max_size=12), st.sampled_from(["2027", "2027–2029", "с 2027", "2027/2028", ", ,", ""])),
    until_year=st.integers(-1, 9999),
    every=st.sampled_from(["", "month", "quarter", "year-3", "day"]),
    period=st.sampled_from(Period),
    count=st.integers(-1, 100),
    times=st.integers(-1, 100),
    placing=st.sampled_from(Placing),
    where=st.sampled_from(["all", "next", "m0", "n0", "m11", "n99", "", "x", "m²"]),
    weekday=st.integers(0, 6),
    amount=st.one_of(st.none(), st.integers(0, 100_000)),
    unit=st.one_of(st.none(), st.sampled_from(TermUnit)),
    link=st.sampled_from(["после", "до", "при", ""]),
    event=st.text(max_size=30),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=4))
def test_any_choices_give_a_reading_or_say_what_is_wrong(parts):
    composition = Composition(tuple(parts))
    deadline = compose(composition, "слова")

    assert {fault.message for fault in faults(composition)} == set(deadline.problems)
    assert describe(deadline)
    for due in schedule(deadline, CONTEXT):
        assert due.starts_on <= due.ends_on
