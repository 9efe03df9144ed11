"""From rows of cells to a plan: what a clerk's document says, cell beside understanding.

    document bytes → readers → Document (paragraphs and tables of cells) → assembly → PlanTable → check

Pure Python, no Django. Nothing is repaired in silence: whatever was joined, inherited, split or not understood
is a Finding that says what to do.

What was understood from where: `PlanTable.columns` says what each heading was taken for, `unread_columns` lists
the columns of tables that were passed over, `source` of a line shows its cells, and `origins` names for each
value (`origins_of("deadline_text")`) the cells it came from: table, row, column, heading, words. All of it is in
`to_json`.

Columns that were understood wrongly are set by a person: the same document is read again with `meanings`,
`{table: {column index: meaning}}` (meanings.py; ROLES lists the meanings, "other" is «не нужна», "year:2027" a
value of that year). Tables in `unread_columns` can be given meanings too, then they are read:

    plan = read_plan(content, name)
    plan = read_plan(content, name, {2: {0: "number", 1: "title", 3: "deadline", 4: "other"}})

All doors take it: `read_plan`, `read_plan_bounded`, `read_pasted`, `read_document`; `meanings_from_json` reads it
where it was stored, with keys as texts.
"""

from plans.table.assembly import read_document
from plans.table.check import check_plan
from plans.table.meanings import ROLES, Meanings, meanings_from_json
from plans.table.model import (
    ActivityRow,
    Column,
    Finding,
    Origin,
    PlanTable,
    SectionRow,
    Source,
    SourceCell,
    TargetRow,
)
from plans.table.readers.errors import UnreadableFile
from plans.table.reading import read_pasted, read_pasted_bounded, read_plan, read_plan_bounded
from plans.table.steps import STEPS

__all__ = [
    "ROLES",
    "STEPS",
    "ActivityRow",
    "Column",
    "Finding",
    "Meanings",
    "Origin",
    "PlanTable",
    "SectionRow",
    "Source",
    "SourceCell",
    "TargetRow",
    "UnreadableFile",
    "check_plan",
    "meanings_from_json",
    "read_document",
    "read_pasted",
    "read_pasted_bounded",
    "read_plan",
    "read_plan_bounded",
]
