"""A person's reading of deadline words, kept beside the words it was made for. Pure.

The words are never altered. A reading stands as long as they do: once somebody changes them it is dropped, and the
screen says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plans.deadlines import Deadline, from_json, to_json

CORRECTED = "Исправлено понимание срока"


@dataclass(frozen=True)
class CorrectedReading:
    """What a person says the words mean; who and when."""

    deadline: Deadline
    by: int | None
    by_name: str
    at: datetime


def reading_as_json(reading: CorrectedReading) -> dict[str, Any]:
    """As the corrections of an import keep it; the words are those of the deadline."""
    return {
        "deadline": to_json(reading.deadline),
        "by": reading.by,
        "by_name": reading.by_name,
        "at": reading.at.isoformat(),
    }


def reading_from_json(said: Mapping[str, Any]) -> CorrectedReading:
    return CorrectedReading(
        deadline=from_json(said["deadline"]),
        by=said["by"],
        by_name=said["by_name"],
        at=datetime.fromisoformat(said["at"]),
    )


def reading_for(said: Mapping[str, Any] | None, words: str) -> tuple[CorrectedReading | None, bool]:
    """The correction that stands for these words, and whether one was made for other words and is dropped."""
    if not said:
        return None, False
    found = reading_from_json(said)
    return (found, False) if found.deadline.text == words else (None, True)
