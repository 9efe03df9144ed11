"""What the database keeps of a deadline, and reads back."""

import json
from dataclasses import replace

import pytest

from plans.deadlines import DayOffShift, Deadline, from_json, parse, to_json


@pytest.mark.parametrize(
    "text",
    [
        "до 10 числа второго месяца, следующего за отчётным кварталом",
        "не позднее чем за 10 рабочих дней до начала учебного года",
        "2027–2028 годы, ежеквартально",
        "IV квартал 2027 – I квартал 2028",
        "в течение 10 дней после окончания квартала",
        "последняя пятница месяца; раз в три года; по запросу",
        "до 31 ноября, тарабарщина",
        "до 5 числа",
    ],
)
def test_deadline_survives_storing(text):
    deadline = replace(parse(text), day_off_shift=DayOffShift.NEXT)

    assert from_json(json.loads(json.dumps(to_json(deadline)))) == deadline


def test_defaults_are_left_out():
    assert to_json(parse("постоянно")) == {"version": 1, "text": "постоянно", "flags": ["ongoing"]}


def test_unknown_version_is_refused():
    with pytest.raises(ValueError, match="Неизвестная версия"):
        from_json({"version": 99, "text": ""})


def test_empty_deadline_round_trip():
    assert from_json(to_json(Deadline(""))) == Deadline("")
