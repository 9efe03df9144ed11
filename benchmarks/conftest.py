"""The suite's databases, and the table of figures at the end of a run."""

import pytest

from benchmarks.figures import Figures
from tests.conftest import django_db_setup

__all__ = ["django_db_setup"]

_FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = Figures()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a benchmark puts its answers."""
    return request.config.stash[_FIGURES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash[_FIGURES]
    if figures.found:
        terminalreporter.section("figures")
        for line in figures.table():
            terminalreporter.write_line(line)
