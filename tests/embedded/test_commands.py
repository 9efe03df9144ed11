"""Which commands start servers: told from the source, without Django."""

import subprocess
import sys
from pathlib import Path

import pytest

from nok_portal.embedded import commands
from nok_portal.embedded.places import CHECKOUT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "plans" / "management" / "commands"
    folder.mkdir(parents=True)
    monkeypatch.setattr(commands, "CHECKOUT", tmp_path)
    return folder


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["migrate"], True),
        (["shell"], True),
        (["no-such-command"], True),
        (["migrate", "--help"], False),
        (["help", "migrate"], False),
        (["collectstatic"], False),
        ([], False),
    ],
)
def test_commands_of_django(checkout: Path, arguments: list[str], needed: bool):
    assert commands.needs_servers(arguments) == needed


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("help = 'x'", True),
        ("needs_servers = False", False),
        ("needs_servers: bool = False", False),
        ("needs_servers = True", True),
    ],
)
def test_attribute_of_the_command(checkout: Path, body: str, needed: bool):
    (checkout / "count.py").write_text(f"import not_to_be_imported\n\n\nclass Command:\n    {body}\n")
    assert commands.needs_servers(["count", "5"]) == needed


@pytest.mark.parametrize(
    ("arguments", "needed"), [(["count", "--dry-run"], False), (["count"], True), (["count", "file"], True)]
)
def test_method_of_the_command(checkout: Path, arguments: list[str], needed: bool):
    (checkout / "count.py").write_text(
        "import not_to_be_imported\n\n\nclass Command:\n"
        "    @staticmethod\n"
        "    def needs_servers(argv: Sequence[str]) -> bool:\n"
        "        return '--dry-run' not in argv\n"
    )
    assert commands.needs_servers(arguments) == needed


WITHOUT_APPLICATIONS = """
import sys
from nok_portal.embedded import commands
from nok_portal.embedded.places import CHECKOUT
try:
    done = commands.run_without_servers(sys.argv[1:])
finally:
    from django.apps import apps
    print("applications loaded:", apps.apps_ready, file=sys.stderr)
print("left to Django:", not done, file=sys.stderr)
"""


def answer_of(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", WITHOUT_APPLICATIONS, *arguments]
    return subprocess.run(program, capture_output=True, text=True, cwd=CHECKOUT, check=False)


def test_pure_command_answers_without_the_portals_applications():
    answer = answer_of("working_day", "2027-12-30", "1", "--format", "json")

    assert answer.stdout == '{"result":"2028-01-10"}\n'
    assert "applications loaded: False\nleft to Django: False" in answer.stderr


def test_pure_command_that_cannot_answer_fails_in_words():
    answer = answer_of("working_day", "никогда", "1")

    assert answer.returncode == 1
    assert "CommandError: " in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("arguments", [[], ["migrate"], ["working_day", "--help"]])
def test_other_commands_are_left_to_django(arguments: list[str]):
    assert "left to Django: True" in answer_of(*arguments).stderr
