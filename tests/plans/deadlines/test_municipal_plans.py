"""The deadlines of five real plans, which lie outside the repository: every word of them is understood."""

import importlib.util
import json
from datetime import date
from pathlib import Path

import pytest

from plans.deadlines import Context, explain

HERE = Path(__file__).parent
CONTEXT = Context(date(2027, 1, 1), date(2028, 12, 31), (2027,))
READINGS = json.loads((HERE / "plans_of_municipalities.json").read_text(encoding="utf-8"))


def load_helper():
    spec = importlib.util.spec_from_file_location("plans_of_municipalities", HERE / "plans_of_municipalities.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


real_plans = load_helper()
pytestmark = pytest.mark.skipif(
    not real_plans.FOLDER.is_dir(),
    reason="Планов муниципалитетов рядом с репозиторием нет (../shared/seeds)",
)


def shortened(windows):
    if len(windows) <= 4:
        return windows
    return {"count": len(windows), "first": windows[:2], "last": windows[-1]}


def test_each_deadline_of_the_real_plans_is_read_completely():
    cells = real_plans.deadline_cells()

    assert len(cells) == 52
    for cell in cells:
        reading = explain(cell, CONTEXT)
        after = [[amount, unit] for amount, unit, _ in reading["after"]]
        read = {
            "windows": shortened(reading["windows"]),
            "repeats": reading["repeats"],
            "after": after,
            "flags": reading["flags"],
        }
        expected = READINGS[real_plans.key_of(cell)]
        assert {"cell": cell, **{name: value for name, value in read.items() if value}} == {"cell": cell, **expected}
        assert (reading["problems"], reading["unparsed"]) == ([], "")
