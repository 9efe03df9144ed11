"""Which commands start servers: told from the source, without Django."""

from pathlib import Path

import pytest

from nok_portal.embedded import commands


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
