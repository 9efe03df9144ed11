"""`explain_deadline` and `working_day`: JSON lines on standard output, all else elsewhere."""

import io
import json
import sys

import pytest
from django.core.management.base import CommandError

from plans.management.commands.explain_deadline import Command as ExplainDeadline
from plans.management.commands.working_day import Command as WorkingDay

PERIOD = ["--from", "2027-01-01", "--to", "2028-12-31", "--format", "json"]


def run(command_class, *arguments: str):
    out, errors = io.StringIO(), io.StringIO()
    command = command_class(stdout=out, stderr=errors, no_color=True)
    parser = command.create_parser("manage.py", "command")
    command._called_from_command_line = True
    options = vars(parser.parse_args(list(arguments)))
    command.handle(**options)
    return [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue(), out.getvalue()


def test_explain_deadline_answers_in_one_compact_line():
    lines, errors, raw = run(
        ExplainDeadline, "до 1 декабря (в год проведения оценки)", *PERIOD, "--assessment-year", "2027"
    )

    assert lines == [
        {
            "description": "До 1 декабря (в год проведения оценки)",
            "due": ["2027-12-01"],
            "windows": [["2027-01-01", "2027-12-01"]],
            "repeats": None,
            "after": [],
            "flags": [],
            "problems": [],
            "unparsed": "",
        },
    ]
    assert errors == ""
    assert raw.count("\n") == 1
    assert "декабря" in raw
    assert '": ' not in raw


def test_explain_deadline_takes_events():
    lines, _, _ = run(
        ExplainDeadline,
        "в течение 5 рабочих дней после утверждения плана",
        *PERIOD,
        "--event",
        "утверждение плана=2027-03-10",
    )

    assert lines[0]["due"] == ["2027-03-17"]
    assert lines[0]["after"] == [[5, "working_days", "утверждения плана"]]


def test_explain_deadline_reads_lines_of_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("постоянно\n\nежегодно\n"))

    lines, _, _ = run(ExplainDeadline, "-", *PERIOD)

    assert [line["flags"] for line in lines] == [["ongoing"], [], []]
    assert [line["repeats"] for line in lines] == [None, None, "yearly"]


def test_explain_deadline_period_the_wrong_way_round_is_refused():
    with pytest.raises(CommandError, match="Конец периода раньше его начала"):
        run(ExplainDeadline, "постоянно", "--from", "2028-01-01", "--to", "2027-01-01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["постоянно", "--from", "2027-01-01"], "Укажите период плана"),
        (["постоянно", "--from", "2027-01-01", "--to", "вчера"], "«вчера» — не дата"),
        (["постоянно", *PERIOD, "--event", "утверждение"], "событие пишется так"),
        (["постоянно", *PERIOD, "--assessment-year", "27"], "«27» — не год"),
        (PERIOD, "Не указан срок исполнения"),
    ],
)
def test_explain_deadline_wrong_question_is_an_error(arguments, message):
    with pytest.raises(CommandError, match=message):
        run(ExplainDeadline, *arguments)


def test_working_day_counts():
    assert run(WorkingDay, "2026-12-28", "5", "--format", "json")[0] == [{"result": "2027-01-13"}]
    assert run(WorkingDay, "2027-01-11", "-1")[0] == [{"result": "2026-12-30"}]


def test_working_day_reads_lines_and_answers_each(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("2027-04-12 5\n2027-04-30 1\n"))

    lines, errors, _ = run(WorkingDay, "-")

    assert lines == [{"result": "2027-04-19"}, {"result": "2027-05-04"}]
    assert errors == ""


@pytest.mark.parametrize(
    "arguments", [("2027-13-01", "5"), ("2027-01-01",), ("9999-12-30", "50"), ("2027-01-01", "пять"), ()]
)
def test_working_day_wrong_question_is_an_error(arguments):
    with pytest.raises(CommandError):
        run(WorkingDay, *arguments)


@pytest.mark.parametrize("command", [ExplainDeadline, WorkingDay])
def test_commands_need_no_servers(command):
    assert command.needs_servers is False
    assert command.requires_system_checks == []
