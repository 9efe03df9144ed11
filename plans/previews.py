"""The preview of a document, row by row: the cells as they stand beside what goes into the plan. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from nok_portal.common.text import fold_spaces
from plans.drafts import INHERITABLE, Draft, DraftLine, DraftTarget, Show, key_of, words_above
from plans.table import Finding, PlanTable, SectionRow, Source
from plans.table.steps import STEPS

_KINDS = {"error": "late", "warning": "soon", "question": "info"}
_ROLES = {
    "number": "number",
    "title": "title",
    "deadline_text": "deadline",
    "responsible": "responsible",
    "expected_result": "result",
}
_HEADING_ROLES = ("number", "title")


@dataclass(frozen=True)
class SourcePart:
    """A cell under its heading."""

    heading: str
    text: str
    is_doubtful: bool = False
    is_merged: bool = False


@dataclass(frozen=True)
class Verb:
    """What a person can do about a finding: `edit` opens the form, others are sent at once."""

    label: str
    act: str
    value: str = ""


@dataclass(frozen=True)
class ShownFinding:
    kind: str
    message: str
    verbs: tuple[Verb, ...] = ()


@dataclass(frozen=True)
class PreviewRow:
    """A line of the document and what it becomes."""

    line: DraftLine
    heading: str
    heading_is_doubtful: bool
    parts: tuple[SourcePart, ...]
    findings: tuple[ShownFinding, ...]
    step: str
    fields: tuple[Verb, ...] = ()
    form: Any = None

    @property
    def anchor(self) -> str:
        return f"line-{self.line.index}"


@dataclass(frozen=True)
class PreviewTarget:
    target: DraftTarget
    heading: str
    parts: tuple[SourcePart, ...]
    findings: tuple[ShownFinding, ...]
    form: Any = None

    @property
    def anchor(self) -> str:
        return f"target-{self.target.index}"


@dataclass(frozen=True)
class PreviewGroup:
    section: SectionRow | None
    rows: tuple[PreviewRow, ...]


@dataclass(frozen=True)
class Preview:
    groups: tuple[PreviewGroup, ...]
    targets: tuple[PreviewTarget, ...]
    findings: tuple[ShownFinding, ...] = field(default=())


@dataclass(frozen=True)
class ColumnMeaning:
    heading: str
    meaning: str


_MEANINGS = {
    "number": "номер",
    "title": "мероприятие",
    "deadline": "срок",
    "deadline_from": "срок, начало",
    "deadline_to": "срок, конец",
    "result": "ожидаемый результат",
    "responsible": "исполнители",
    "unit": "единица измерения",
    "other": "в план не попадает",
}


def columns_of(table: PlanTable) -> list[ColumnMeaning]:
    """What each heading of the document was taken for, each once."""
    found = {}
    for column in table.columns:
        role = column.role or ""
        meaning = f"значение за {role.removeprefix('year:')} год" if role.startswith("year:") else _MEANINGS.get(role)
        heading = fold_spaces(column.heading) or "Без заголовка"
        found[heading, role] = ColumnMeaning(heading, meaning or "не понята, в план не попадает")
    return list(found.values())


def preview_of(
    draft: Draft,
    *,
    show: Show,
    also: Iterable[int] = (),
    also_targets: Iterable[int] = (),
    forms: Mapping[str, Any],
    may_edit: bool,
) -> Preview:
    """What the page shows; `forms` holds the open ones by anchor ('line-3', 'target-0')."""
    lines = draft.lines_to_show(show, also)
    groups = [
        PreviewGroup(
            section=draft.sections[index] if index is not None else None,
            rows=tuple(_row(line, draft, forms, may_edit) for line in some),
        )
        for index, some in groupby(lines, key=lambda line: line.row.section_index)
    ]
    return Preview(
        groups=tuple(groups),
        targets=tuple(_target(target, forms, may_edit) for target in draft.targets_to_show(show, also_targets)),
        findings=tuple(_shown(finding, may_edit=may_edit) for finding in draft.findings),
    )


def _row(line: DraftLine, draft: Draft, forms: Mapping[str, Any], may_edit: bool) -> PreviewRow:
    doubtful = {_ROLES.get(finding.field or "") for finding in line.findings}
    if any(finding.code == "inherited" for finding in line.findings):
        doubtful |= {_ROLES.get(name) for name in line.row.inherited}
    heading, parts = _source(line.read.source, doubtful, fallback=line.read.title)
    return PreviewRow(
        line=line,
        heading=heading,
        heading_is_doubtful="title" in doubtful,
        parts=parts,
        findings=tuple(_shown(finding, may_edit=may_edit, line=line) for finding in line.findings),
        step=STEPS.get(line.row.step or "", ""),
        fields=tuple(_field_verbs(line, draft)) if may_edit else (),
        form=forms.get(f"line-{line.index}"),
    )


def _target(target: DraftTarget, forms: Mapping[str, Any], may_edit: bool) -> PreviewTarget:
    heading, parts = _source(target.read.source, set(), fallback=target.read.title)
    return PreviewTarget(
        target=target,
        heading=heading,
        parts=parts,
        findings=tuple(_shown(finding, may_edit=may_edit) for finding in target.findings),
        form=forms.get(f"target-{target.index}"),
    )


def _source(source: Source, doubtful: set[str | None], fallback: str) -> tuple[str, tuple[SourcePart, ...]]:
    """The words of number and title together, the other cells each under its heading."""
    heading = " ".join(
        fold_spaces(cell.text) for cell in source.cells if cell.role in _HEADING_ROLES and cell.text.strip()
    )
    parts = [
        SourcePart(
            heading=fold_spaces(cell.heading) or "Без заголовка",
            text=fold_spaces(cell.text),
            is_doubtful=cell.role in doubtful,
            is_merged=cell.merged,
        )
        for cell in source.cells
        if cell.role not in _HEADING_ROLES
    ]
    kept = [part for part in parts if part.text or part.is_doubtful]
    return heading or fallback, tuple(kept)


def _shown(finding: Finding, *, may_edit: bool, line: DraftLine | None = None) -> ShownFinding:
    return ShownFinding(
        kind=_KINDS[finding.severity],
        message=finding.message,
        verbs=tuple(_verbs(finding, line)) if may_edit else (),
    )


def _verbs(finding: Finding, line: DraftLine | None) -> Sequence[Verb]:
    key = key_of(finding)
    has_lines = finding.activity_index is not None or finding.target_index is not None
    if finding.severity == "error":
        return [Verb("Исправить", "edit")] if has_lines else []
    if finding.severity == "question":
        agree = Verb("Верно", "settle", key)
        return [agree, Verb("Указать другое", "edit")] if has_lines else [Verb("Понятно", "settle", key)]
    if not has_lines:
        return [Verb("Понятно", "settle", key)]
    missing = {"no_responsible": "Назначить", "no_deadline": "Указать срок"}.get(finding.code, "Исправить")
    return [Verb(missing, "edit"), Verb("Оставить так", "settle", key)]


def _field_verbs(line: DraftLine, draft: Draft) -> Iterable[Verb]:
    """For each field that can stand in a row above: take it from there, or leave it blank."""
    names = {"deadline_text": "срок", "expected_result": "результат", "responsible": "исполнителей"}
    for name in INHERITABLE:
        if name in line.row.inherited:
            yield Verb(f"Не брать {names[name]} из строки выше", "leave_empty", name)
        elif not getattr(line.row, name) and words_above(draft, line, name):
            yield Verb(f"Взять {names[name]} из строки выше", "inherit", name)
