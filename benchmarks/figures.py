"""What a benchmark found, and the yardstick that makes figures of different machines comparable."""

import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

_WORDS = [f"{number * 7919 % 10007:05} слово" for number in range(4000)]


class Seconds(NamedTuple):
    """Processor time of this process and its children, and what passed on the clock meanwhile.

    On a quiet machine they are equal but for what others were waited for (the database, a disk).
    """

    worked: float
    passed: float


@dataclass(frozen=True)
class Figure:
    """One answer; `counts` say how much was done, on any machine the same."""

    question: str
    seconds: Seconds
    limit: float | None = None
    counts: str = ""


@dataclass
class Figures:
    """All answers of one run."""

    found: list[Figure] = field(default_factory=list)

    def add(self, question: str, seconds: Seconds, *, limit: float | None = None, counts: str = "") -> None:
        """Keep an answer for the table at the end; fails when more than `limit` seconds were worked."""
        self.found.append(Figure(question, seconds, limit, counts))
        said = f"{question}: {seconds.worked * 1000:.1f} ms of processor time"
        assert limit is None or seconds.worked < limit, f"{said}, limit {limit * 1000:.0f} ms"

    def table(self) -> list[str]:
        """Lines of text: milliseconds, share of the limit, multiples of the yardstick, counts."""
        unit = yardstick().worked
        lines = [
            f"yardstick (a fixed piece of Python): {unit * 1000:.1f} ms",
            f"{'ms':>9} {'on clock':>9} {'of limit':>8} {'yardsticks':>10}  question",
        ]
        for one in self.found:
            worked, passed = one.seconds
            share = f"{worked / one.limit:.0%}" if one.limit else "–"
            counts = f" ({one.counts})" if one.counts else ""
            times = f"{worked * 1000:9.2f} {passed * 1000:9.2f} {share:>8} {worked / unit:10.3f}"
            lines.append(f"{times}  {one.question}{counts}")
        return lines


def fastest(work: Callable[[], object], times: int = 5) -> Seconds:
    """The quickest of several runs: what the work itself needs, whatever else the machine does."""
    return min(_timed(work) for _ in range(times))


def yardstick() -> Seconds:
    """A fixed piece of Python: words matched, counted and sorted, as our readers do."""
    return fastest(_fixed_work)


def _timed(work: Callable[[], object]) -> Seconds:
    worked, passed = _worked(), time.perf_counter()
    work()
    return Seconds(_worked() - worked, time.perf_counter() - passed)


def _worked() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _fixed_work() -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for word in _WORDS:
        for part in re.findall(r"\w", word):
            counts[part] = counts.get(part, 0) + 1
    return sorted(counts.items()) + sorted(zip(_WORDS, range(len(_WORDS)), strict=True))
