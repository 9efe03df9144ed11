"""What production is told (.env.example, docker-compose.yml) is what the settings read."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT: Path = settings.BASE_DIR
PORTAL_SERVICES = ["web", "worker", "worker-pdf", "beat", "migrate"]
# DATABASE_OWNER_URL is the owner's secret: migrations alone are told it
FOR_MIGRATIONS_ONLY = {"DATABASE_OWNER_URL"}


def names_read_by_settings() -> set[str]:
    """Environment names in base, production and the modules they use; local and test are not for servers."""
    sources = set((ROOT / "nok_portal" / "settings").glob("*.py"))
    read = re.compile(r"""\b(?:env(?:\.\w+)?\(|environ(?:\[|\.get\())\s*["']([A-Z][A-Z0-9_]*)["']""")
    return {
        name
        for source in sources
        if source.name not in {"local.py", "test.py"}
        for name in read.findall(source.read_text())
    }


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def example() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_settings_read_the_environment():
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"} <= names_read_by_settings()


def test_example_names_all_that_settings_read(example: set[str]):
    assert names_read_by_settings() - example == set()


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_each_part_of_the_portal_is_told_all_that_settings_read(compose: dict[str, Any], service: str):
    told = set(compose["services"][service]["environment"])
    expected = names_read_by_settings() | {"DJANGO_SETTINGS_MODULE"}
    if service != "migrate":
        assert told & FOR_MIGRATIONS_ONLY == set()
        expected -= FOR_MIGRATIONS_ONLY
    assert told == expected


def test_compose_asks_only_for_what_the_example_names(example: set[str]):
    asked = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", (ROOT / "docker-compose.yml").read_text()))
    assert asked - example == set()


def test_web_and_workers_share_the_file_store(compose: dict[str, Any]):
    for service in PORTAL_SERVICES:
        assert (
            f"files:{compose['services'][service]['environment']['FILES_DIR']}"
            in (compose["services"][service]["volumes"])
        )


def test_every_queue_has_a_worker(compose: dict[str, Any]):
    served = set()
    for service in ("worker", "worker-pdf"):
        command = compose["services"][service]["command"]
        served |= set(command[command.index("--queues") + 1].split(","))
    # PDF documents eat memory, so they have a worker of their own (reports.jobs.JobKind.queue)
    assert served == {settings.CELERY_TASK_DEFAULT_QUEUE, "pdf"}


def test_mounted_files_exist(compose: dict[str, Any]):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists()
            else:
                assert source in compose["volumes"]
