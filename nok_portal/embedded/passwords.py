"""Passwords of the embedded servers, so that other accounts of the machine cannot look in."""

import json
import os
import secrets
from pathlib import Path

from .postgres import OWNER, SUPERUSER
from .valkey import USER


def passwords(path: Path) -> dict[str, str]:
    """Read them from `path`, which only we can read, or make them once."""
    if not path.exists():
        made = {name: secrets.token_hex(16) for name in (SUPERUSER, OWNER, USER)}
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        unfinished.rename(path)
    found: dict[str, str] = json.loads(path.read_text())
    return found
