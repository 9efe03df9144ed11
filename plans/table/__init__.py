"""From rows of cells to a plan: what a clerk's document says, cell beside understanding.

    document bytes → readers → Document (paragraphs and tables of cells) → assembly → PlanTable → check

Pure Python, no Django. Nothing is repaired in silence: whatever was joined, inherited, split or not understood
is a Finding that says what to do.
"""

from plans.table.assembly import read_document
from plans.table.check import check_plan
from plans.table.model import (
    ActivityRow,
    Column,
    Finding,
    PlanTable,
    SectionRow,
    Source,
    SourceCell,
    TargetRow,
)
from plans.table.readers.errors import UnreadableFile
from plans.table.reading import read_pasted, read_plan, read_plan_bounded
from plans.table.steps import STEPS

__all__ = [
    "STEPS",
    "ActivityRow",
    "Column",
    "Finding",
    "PlanTable",
    "SectionRow",
    "Source",
    "SourceCell",
    "TargetRow",
    "UnreadableFile",
    "check_plan",
    "read_document",
    "read_pasted",
    "read_plan",
    "read_plan_bounded",
]
