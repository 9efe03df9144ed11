"""The preview of a document, row by row: the cells as they stand beside what goes into the plan. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from nok_portal.common.text import fold_spaces
from plans.deadlines import Deadline
from plans.deadlines.suggesting import Suggestion, suggestions
from plans.importing.drafts import INHERITABLE, Draft, DraftLine, DraftSection, DraftTarget, Show, key_of, words_above
from plans.table import Finding, Source
from plans.table.steps import STEPS

_KINDS = {"error": "late", "warning": "soon", "question": "info"}
# what is said of deadline words is put right by another reading of them: the words stay
ABOUT_THE_READING = frozenset(
    {"deadline_impossible", "deadline_doubtful", "deadline_not_understood", "deadline_partly_understood"}
)
_ROLES = {
    "number": "number",
    "title": "title",
    "deadline_text": "deadline",
    "responsible": "responsible",
    "expected_result": "result",
}
_HEADING_ROLES = ("number", "title")
_VALUES = {
    "number": "Номер",
    "title": "Мероприятие",
    "deadline_text": "Срок",
    "expected_result": "Результат",
    "responsible": "Исполнители",
}


@dataclass(frozen=True)
class SourcePart:
    """A cell under its heading."""

    heading: str
    text: str
    is_doubtful: bool = False
    is_merged: bool = False


@dataclass(frozen=True)
class Verb:
    """What a person can do about a finding: `edit` opens the form at the field `value`, others are sent at once."""

    label: str
    act: str
    value: str = ""


@dataclass(frozen=True)
class ShownFinding:
    kind: str
    message: str
    verbs: tuple[Verb, ...] = ()


@dataclass(frozen=True)
class ValueSource:
    """A value of the plan and a cell it came from."""

    value: str
    table: int
    row: int
    heading: str
    words: str


@dataclass(frozen=True)
class PreviewRow:
    """A line of the document and what it becomes. `sources` are filled where a person asked for them."""

    line: DraftLine
    heading: str
    heading_is_doubtful: bool
    parts: tuple[SourcePart, ...]
    findings: tuple[ShownFinding, ...]
    step: str
    fields: tuple[Verb, ...] = ()
    form: Any = None
    sources: tuple[ValueSource, ...] = ()

    @property
    def anchor(self) -> str:
        return f"line-{self.line.index}"


@dataclass(frozen=True)
class PreviewSection:
    """A heading of the document and what it becomes."""

    section: DraftSection
    findings: tuple[ShownFinding, ...]
    form: Any = None

    @property
    def anchor(self) -> str:
        return f"section-{self.section.key}"


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
    """Lines under their section; without one where they stand outside or the part before has the heading."""

    section: PreviewSection | None
    rows: tuple[PreviewRow, ...]


@dataclass(frozen=True)
class Preview:
    """A part of the rows; where more follow, `next_after` is the last line of it and `last` that of all."""

    groups: tuple[PreviewGroup, ...]
    targets: tuple[PreviewTarget, ...]
    next_after: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class View:
    """What a person looks at: the filter, rows that stay in sight (by anchor), forms and sources that are open.

    `after`: only the part that follows that line.
    """

    show: Show = "findings"
    also: frozenset[str] = frozenset()
    forms: Mapping[str, Any] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    after: int | None = None

    @property
    def kept(self) -> frozenset[str]:
        return self.also | set(self.forms) | self.sources


PART = 60


def preview_of(draft: Draft, view: View) -> Preview:
    """What the page shows of a draft, at most PART lines beyond those that must be in sight."""
    wanted = draft.lines_to_show(view.show, _keys("line", view.kept))
    lines, last = _part(wanted, view)
    is_end = last is None
    targets = draft.targets_to_show(view.show, _keys("target", view.kept)) if is_end else []
    return Preview(
        groups=tuple(_groups(draft, lines, view, ends=is_end)),
        targets=tuple(_target(one, view) for one in targets),
        next_after=last,
        last=None if is_end else wanted[-1].index,
    )


def document_findings(draft: Draft) -> list[ShownFinding]:
    """What was noticed about the document as a whole."""
    return [_shown(finding) for finding in draft.findings]


def rows_of(draft: Draft, view: View, anchors: Iterable[str]) -> dict[str, PreviewRow | PreviewSection | PreviewTarget]:
    """Those rows of the draft by their anchors; what is no row any more is left out."""
    found: dict[str, PreviewRow | PreviewSection | PreviewTarget] = {}
    lines = {line.index: line for line in draft.lines}
    for anchor in anchors:
        kind, key = parsed(anchor)
        if kind == "line" and key in lines:
            found[anchor] = _row(lines[key], draft, view)
        elif kind == "section" and (section := draft.section(key)) is not None:
            found[anchor] = _section(section, view)
        elif kind == "target" and (target := draft.target(key)) is not None:
            found[anchor] = _target(target, view)
    return found


def parsed(anchor: str) -> tuple[str, int]:
    """'line-3' → ('line', 3); ('', -1) for what is no anchor."""
    kind, _, number = anchor.partition("-")
    is_anchor = kind in {"line", "section", "target"} and number.isascii() and number.isdigit() and len(number) < 6
    return (kind, int(number)) if is_anchor else ("", -1)


def _keys(kind: str, anchors: Iterable[str]) -> set[int]:
    return {key for one, key in map(parsed, anchors) if one == kind}


def _part(lines: list[DraftLine], view: View) -> tuple[list[DraftLine], int | None]:
    """The lines of one part, and the last of them where others follow."""
    order = {line.index: place for place, line in enumerate(lines)}
    begin = order[view.after] + 1 if view.after in order else 0
    kept = [order[key] + 1 for key in _keys("line", view.kept) if key in order]
    end = max(begin + PART, *kept) if kept else begin + PART
    return lines[begin:end], lines[end - 1].index if end < len(lines) else None


def _groups(draft: Draft, lines: list[DraftLine], view: View, *, ends: bool) -> Iterator[PreviewGroup]:
    """Sections with their lines; sections without any line where they are to be seen."""
    before = draft.line(view.after) if view.after is not None else None
    told = before.row.section_index if before and before.row.section_index is not None else -1
    for place, some in groupby(lines, key=lambda line: line.row.section_index):
        heading = None
        if place is not None and place != told:
            yield from _lone_sections(draft, range(told + 1, place), view)
            heading, told = _section(draft.sections[place], view), place
        yield PreviewGroup(heading, tuple(_row(line, draft, view) for line in some))
    if ends:
        yield from _lone_sections(draft, range(told + 1, len(draft.sections)), view)


def _lone_sections(draft: Draft, places: Iterable[int], view: View) -> Iterator[PreviewGroup]:
    """Headings none of whose lines is shown."""
    for place in places:
        section = draft.sections[place]
        wanted = {"all": True, "findings": bool(section.findings), "corrected": section.is_corrected}[view.show]
        if wanted or f"section-{section.key}" in view.kept:
            yield PreviewGroup(_section(section, view), ())


def _section(section: DraftSection, view: View) -> PreviewSection:
    return PreviewSection(
        section=section,
        findings=tuple(_shown(finding, "section") for finding in section.findings),
        form=view.forms.get(f"section-{section.key}"),
    )


def _row(line: DraftLine, draft: Draft, view: View) -> PreviewRow:
    doubtful = {_ROLES.get(finding.field or "") for finding in line.findings}
    if any(finding.code == "inherited" for finding in line.findings):
        doubtful |= {_ROLES.get(name) for name in line.row.inherited}
    heading, parts = _source(line.read.source, doubtful, fallback=line.read.title)
    anchor = f"line-{line.index}"
    return PreviewRow(
        line=line,
        heading=heading,
        heading_is_doubtful="title" in doubtful,
        parts=parts,
        findings=tuple(_shown(finding, "line", line) for finding in line.findings),
        step=STEPS.get(line.row.step or "", ""),
        fields=tuple(_field_verbs(line, draft)),
        form=view.forms.get(anchor),
        sources=tuple(_sources(line)) if anchor in view.sources else (),
    )


def _target(target: DraftTarget, view: View) -> PreviewTarget:
    heading, parts = _source(target.read.source, set(), fallback=target.read.title)
    return PreviewTarget(
        target=target,
        heading=heading,
        parts=parts,
        findings=tuple(_shown(finding, "target") for finding in target.findings),
        form=view.forms.get(f"target-{target.index}"),
    )


def _sources(line: DraftLine) -> Iterator[ValueSource]:
    """Where each value was read; a step by which words."""
    read = line.read
    for name, value in _VALUES.items():
        for origin in read.origins_of(name):
            yield ValueSource(value, origin.table, origin.row, fold_spaces(origin.heading), fold_spaces(origin.words))
    if read.step and read.step_reason:
        yield ValueSource("Шаг", read.source.table, read.source.row, "", read.step_reason)


def _source(source: Source, doubtful: set[str | None], fallback: str) -> tuple[str, tuple[SourcePart, ...]]:
    """The words of number and title together, the other cells each under its heading."""
    named = sorted((cell for cell in source.cells if cell.role in _HEADING_ROLES), key=lambda cell: cell.role or "")
    heading = " ".join(fold_spaces(cell.text) for cell in named if cell.text.strip())
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


def _shown(finding: Finding, of: str = "", line: DraftLine | None = None) -> ShownFinding:
    verbs = tuple(_verbs(finding, of, line))
    return ShownFinding(kind=_KINDS[finding.severity], message=finding.message, verbs=verbs)


def _verbs(finding: Finding, of: str, line: DraftLine | None) -> Sequence[Verb]:
    """What can be done about a finding; `of` is the kind of row it is about, empty for the document."""
    settle = Verb({"warning": "Оставить так", "question": "Верно"}.get(finding.severity, ""), "settle", key_of(finding))
    edit = Verb("Исправить", "edit", finding.field or "")
    if not of:
        return [] if finding.severity == "error" else [replace(settle, label="Понятно")]
    if finding.code == "section_empty":
        return [replace(settle, label="Это раздел"), Verb("Сделать мероприятием", "make_line")]
    if line and finding.code in ABOUT_THE_READING:
        answers = [Verb(one.label, "answer", one.label) for one in _suggestions(line.deadline)]
        return [*answers, Verb("Исправить понимание", "reading"), *([settle] if settle.label else [])]
    if finding.severity == "error":
        return [edit]
    other = replace(edit, label="Указать другое")
    if finding.code == "parties_split":
        return [settle, Verb("Это один исполнитель", "join"), other]
    if finding.severity == "question":
        return [settle, other]
    missing = {"no_responsible": "Назначить", "no_deadline": "Указать срок"}.get(finding.code, "Исправить")
    return [replace(edit, label=missing), settle]


@lru_cache(maxsize=1024)
def _suggestions(deadline: Deadline) -> tuple[Suggestion, ...]:
    """A few ready answers, remembered: rows are compared again and again."""
    return tuple(suggestions(deadline)[:3])


def _field_verbs(line: DraftLine, draft: Draft) -> Iterable[Verb]:
    """For each field that can stand in a row above: take it from there, or leave it blank."""
    names = {"deadline_text": "срок", "expected_result": "результат", "responsible": "исполнителей"}
    for name in INHERITABLE:
        if name in line.row.inherited:
            yield Verb(f"Не брать {names[name]} из строки выше", "leave_empty", name)
        elif not getattr(line.row, name) and words_above(draft, line, name):
            yield Verb(f"Взять {names[name]} из строки выше", "inherit", name)
