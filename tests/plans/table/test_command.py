"""The command import_plan, without a database."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from plans.management.commands.import_plan import Command

from .documents import HEAD, word

pytestmark = pytest.mark.skipif(not settings.configured, reason="Django is not set up: run through bin/test")

ROWS = (
    ("1.", "Опрос посетителей", "до 1 мая года проведения оценки", "Отдел культуры"),
    ("2", "Отчёт", "ежегодно", ""),
)


def answer(file: Path, *options: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("import_plan", str(file), *options, "--dry-run", stdout=out)
    text = out.getvalue()
    assert text.count("\n") == 1
    found: dict[str, object] = json.loads(text)
    return found


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "план.docx"
    file.write_bytes(word(HEAD, *ROWS, above=["План оценки музеев, учреждения культуры, на 2026–2027 годы"]))
    return file


def test_answer_has_the_documented_shape(plan: Path) -> None:
    found = answer(plan, "--assessment-year", "2027")
    assert list(found) == ["title", "period", "spheres", "sections", "activities", "targets", "findings"]
    assert found["period"] == ["2026-01-01", "2027-12-31"]
    assert found["activities"][0] == {  # type: ignore[index]
        "number": "1",
        "section": None,
        "title": "Опрос посетителей",
        "deadline_text": "до 1 мая года проведения оценки",
        "expected_result": "",
        "responsible": ["Отдел культуры"],
        "step": "survey",
        "due": ["2027-05-01"],
        "inherited": [],
    }
    assert [list(one) for one in found["findings"]] == [["code", "activity", "message"]]  # type: ignore[union-attr]


def test_given_period_decides(plan: Path) -> None:
    found = answer(plan, "--from", "2030-01-01", "--to", "31.12.2031")
    assert found["period"] == ["2030-01-01", "2031-12-31"]
    assert found["activities"][1]["due"] == ["2030-12-31", "2031-12-31"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--from", "2030-01-01"), "--to"), (("--from", "2031-01-01", "--to", "2030-01-01"), "раньше")],
)
def test_half_a_period_is_refused(plan: Path, options: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        answer(plan, *options)


def test_unreadable_file(tmp_path: Path) -> None:
    file = tmp_path / "план.pdf"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF"):
        answer(file)
    with pytest.raises(CommandError, match="не открывается"):
        answer(tmp_path / "нет.docx")


def test_only_a_stored_plan_needs_servers() -> None:
    assert not Command.needs_servers(["план.docx", "--dry-run"])
    assert Command.needs_servers(["план.docx", "--municipality", "sosnovka"])


@pytest.mark.django_db
def test_stored_plan_is_a_draft_of_its_municipality(plan: Path) -> None:
    from nok_portal.tenants.scope import scope
    from plans.models import Plan
    from tests.factories import MunicipalityFactory

    municipality = MunicipalityFactory()
    out = io.StringIO()
    call_command("import_plan", str(plan), "--municipality", municipality.slug, stdout=out, stderr=io.StringIO())
    assert out.getvalue().count("\n") == 1
    with scope(readable=[municipality.pk]):
        stored = Plan.objects.get()
        assert (stored.municipality_id, stored.state) == (municipality.pk, "draft")
        assert stored.activities.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("options", [(), ("--municipality", "нет-такого")])
def test_storing_needs_a_municipality(plan: Path, options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"--municipality|в портале нет"):
        call_command("import_plan", str(plan), *options, stdout=io.StringIO())
