"""The second start repeats nothing: same code, same database, same greeting."""

from pathlib import Path

import pytest

from nok_portal.embedded import preparation
from nok_portal.embedded.places import Places
from nok_portal.embedded.preparation import PreparationFailed, forget, prepare

OWNER = {"DATABASE_OWNER_URL": "postgres://…"}


class Commands:
    """Stands in for manage.py: remembers what was called, fails where it is told to."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.failing: set[str] = set()

    def __call__(self, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
        self.called.append(arguments[0])
        return (1, "") if arguments[0] in self.failing else (0, f"слова {arguments[0]}")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    made = Commands()
    monkeypatch.setattr(preparation, "_manage", made)
    return made


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout of one file."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "requirements.txt").touch()
    file = tmp_path / "plans" / "models.py"
    file.write_text("first")
    monkeypatch.setattr(preparation, "CHECKOUT", tmp_path)
    return file


def test_same_code_is_prepared_once(commands: Commands, code: Path, tmp_path: Path):
    places = Places(tmp_path)
    greetings = [prepare(places, OWNER), prepare(places, OWNER)]
    assert greetings == ["слова show_demo"] * 2
    assert commands.called == ["migrate", "fill_demo", "show_demo"]


def test_changed_code_and_any_command_in_between_prepare_anew(commands: Commands, code: Path, tmp_path: Path):
    places = Places(tmp_path)
    prepare(places, OWNER)
    code.write_text("second")
    prepare(places, OWNER)
    forget(places)
    prepare(places, OWNER)
    assert commands.called.count("migrate") == 3


def test_failed_migration_stops_with_advice(commands: Commands, code: Path, tmp_path: Path):
    commands.failing = {"migrate"}
    with pytest.raises(PreparationFailed, match="bin/run --new-database"):
        prepare(Places(tmp_path), OWNER)


def test_failed_demo_is_tried_again_next_time(commands: Commands, code: Path, tmp_path: Path):
    commands.failing = {"fill_demo"}
    assert prepare(Places(tmp_path), OWNER) == ""
    commands.failing = set()
    assert prepare(Places(tmp_path), OWNER) == "слова show_demo"


def test_given_database_gets_no_demo(commands: Commands):
    assert prepare(None, OWNER) == ""
    assert commands.called == ["migrate"]


def test_runtime_role_alone_does_not_migrate(commands: Commands):
    prepare(None, {"DATABASE_URL": "postgres://…"})
    assert commands.called == []
