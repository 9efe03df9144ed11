"""What the tests of recorded and of hand-written readings share."""

import json
from datetime import date
from pathlib import Path

import pytest

from plans.deadlines import Context

CONTEXT = Context(date(2027, 1, 1), date(2028, 12, 31), (2027,))


def corpus(name):
    """Expressions with their readings by kind."""
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def cases(by_kind):
    return [
        pytest.param(entry, id=f"{kind}: {entry['text']}") for kind, entries in by_kind.items() for entry in entries
    ]


def shortened(windows):
    """Many windows as their count, the first two and the last one."""
    if len(windows) <= 4:
        return windows
    return {"count": len(windows), "first": windows[:2], "last": windows[-1]}
