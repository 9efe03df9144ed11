"""Kinds of long work. An app registers its own in its `jobs.py`:

    @job_kind("plans.import", title="Чтение плана", right=Right.EDIT_PLANS, units="строка,строки,строк")
    def read_document(job: BackgroundJob, progress: Progress) -> JobResult: …

The function runs in a worker, in one transaction in the scope of the job's municipality. What it raises
undoes that transaction: a DomainError ends the job with its message, anything else with a general one.
A worker that dies leaves nothing behind, and the job is begun again from the start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from nok_portal.tenants.models import StoredFile
from nok_portal.tenants.rights import Right

from .models import BackgroundJob


class JobStopped(Exception):
    """Somebody pressed «Остановить», or another worker has taken the job over."""


@dataclass
class Progress:
    """How far the work is, in units that the person knows (rows, organizations); kept in the row by a pulse."""

    total: int = 0
    done: int = 0
    stop_asked: bool = False

    def expect(self, total: int) -> None:
        self.total = total

    def advance(self, units: int = 1) -> None:
        """Say that more is done; raises JobStopped when the work is no longer wanted."""
        self.done += units
        if self.stop_asked:
            raise JobStopped


@dataclass(frozen=True)
class JobFile:
    """A file that came out of a job."""

    name: str
    content: bytes


@dataclass(frozen=True)
class JobResult:
    """What a job leaves: a file to take away, or a page to go to (with the words of its link).

    `keep` writes what belongs to the result, in the transaction that marks the job done; it gets the file.
    """

    file: JobFile | None = None
    url: str = ""
    link: str = "Открыть"
    data: dict[str, Any] = field(default_factory=dict)
    keep: Callable[[StoredFile | None], None] | None = None


Work = Callable[[BackgroundJob, Progress], JobResult]


@dataclass(frozen=True)
class JobKind:
    """One kind of work.

    `right`: who may see such a job and take its file. `units`: forms for 1, 2, 5. `queue`: 'pdf' for what
    eats memory. `snapshot`: read everything as it is at one moment; such work only reads, its file is
    stored afterwards.
    """

    name: str
    title: str
    right: Right
    work: Work
    units: str = ""
    queue: str = "default"
    snapshot: bool = False


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, title: str, right: Right, units: str = "", queue: str = "default", snapshot: bool = False
) -> Callable[[Work], Work]:
    """Register a function as the work of a kind."""

    def register(work: Work) -> Work:
        if name in _kinds:
            raise ImproperlyConfigured(f"two kinds of jobs are called {name}")
        _kinds[name] = JobKind(name, title, right, work, units, queue, snapshot)
        return work

    return register


def find_kind(name: str) -> JobKind | None:
    """The kind, or None when a newer or older portal wrote the row."""
    return _kinds.get(name)
