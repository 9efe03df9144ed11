"""How long does a person at a terminal wait for a command that needs no servers? Under 2 seconds once set up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.building import as_excel, as_text, as_word
from benchmarks.figures import fastest

ROOT = Path(__file__).parents[1]
LIMIT = 2.0
PERIOD = ("--from", "2026-01-01", "--to", "2028-12-31")


def run(*command: str, given: str = "") -> int:
    """How many lines it answered."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=True)
    return done.stdout.count("\n")


def manage(*arguments: str, given: str = "") -> int:
    return run(str(ROOT / "bin" / "manage"), *arguments, given=given)


def test_python_alone(figures):
    figures.add("python -c pass, to compare with", fastest(lambda: run(sys.executable, "-c", "pass")))


def test_explain_deadline(figures):
    seconds = fastest(lambda: manage("explain_deadline", "до 1 декабря", *PERIOD), 3)
    figures.add("bin/manage explain_deadline", seconds, limit=LIMIT)

    given = "до 10 числа месяца, следующего за отчётным кварталом\n" * 1000
    assert manage("explain_deadline", "-", *PERIOD, given=given) == 1000
    seconds = fastest(lambda: manage("explain_deadline", "-", *PERIOD, given=given), 2)
    figures.add("bin/manage explain_deadline -", seconds, counts="1000 lines")


def test_working_day(figures):
    figures.add("bin/manage working_day", fastest(lambda: manage("working_day", "2026-12-30", "5"), 3), limit=LIMIT)


@pytest.mark.parametrize(("name", "make"), [("plan.docx", as_word), ("plan.xlsx", as_excel), ("plan.txt", as_text)])
@pytest.mark.parametrize(("rows", "limit"), [(20, LIMIT), (300, None)])
def test_import_plan(figures, tmp_path, name, make, rows, limit):
    content = make(rows)
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)

    seconds = fastest(lambda: manage("import_plan", str(file), "--dry-run", *PERIOD), 3)

    figures.add(f"bin/manage import_plan {name} --dry-run", seconds, limit=limit, counts=f"{rows} rows")
