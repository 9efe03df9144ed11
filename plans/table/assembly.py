"""A document put together into a plan: which table is what, headings, sections, names, steps, findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from plans.table.abbreviations import Abbreviations
from plans.table.cells import Document, Paragraph, Table
from plans.table.check import check_plan
from plans.table.guessing import guess_head
from plans.table.headers import Head, HeadColumn, find_head, is_column_numbers, parts_at_heads
from plans.table.heading_rows import HeadingRows, is_closing, is_period_heading
from plans.table.headline import heading_of, is_title_cut, period_of, spheres_of, title_of
from plans.table.meanings import Meanings, head_of_unknown, with_meanings
from plans.table.model import ActivityRow, Column, Finding, PlanTable, SectionRow, Source, SourceCell, TargetRow
from plans.table.parties import Parties, parties_of, party_in_title
from plans.table.remarks import document_finding, row_skipped, sheet_skipped, table_skipped, title_guessed
from plans.table.rows import Line, RowReader
from plans.table.steps import propose_step
from plans.table.targets import read_targets
from plans.table.words import canonical, fold, split_number


def read_document(document: Document, meanings: Meanings | None = None) -> PlanTable:
    """The plan that a document holds. Never raises: what was not understood is among the findings.

    `meanings` are what a person says of columns (meanings.py); all other columns are read by their headings.
    """
    return _Assembly(document, meanings or {}).plan()


@dataclass
class _Assembly:
    document: Document
    meanings: Meanings
    _rows: RowReader = field(init=False)
    _targets: list[TargetRow] = field(default_factory=list)
    _columns: list[Column] = field(default_factory=list)
    _unread: list[Column] = field(default_factory=list)
    _findings: list[Finding] = field(default_factory=list)
    _lead: list[str] = field(default_factory=list)
    _head: Head | None = None
    _sheet: str | None = None
    _read: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._rows = RowReader(self.document.kind)
        self._findings = [found for code in self.document.remarks if (found := document_finding(code))]

    def plan(self) -> PlanTable:
        above: list[str] = []
        started = False
        for block in self.document.blocks:
            if isinstance(block, Paragraph):
                above.append(block.folded)
                if not started:
                    self._lead.append(block.folded)
                continue
            for table in self._parts(block):
                read = self._table(table, above)
                started = started or read
                self._read |= {table.index} if read else set()
                above = []
        self._guess()
        return self._result()

    @staticmethod
    def _parts(table: Table) -> list[Table]:
        head = find_head(table)
        return [table] if head is None else parts_at_heads(table, head)

    def _table(self, table: Table, above: Sequence[str]) -> bool:
        """Reads one table; False when it is neither a plan nor target indicators."""
        head = self._head_of(table)
        if head is not None:
            inside = [fold(" ".join(cell.folded for cell in row.cells)) for row in table.rows[: head.first]]
            if not self._columns:
                self._lead.extend(inside)
            lead = [*above, *inside]
            if head.is_plan:
                if self.document.kind == "xlsx" and self._sheet not in {None, table.name} and not head.told:
                    self._findings.append(sheet_skipped(table.name))
                    self._unread += _columns(table, head)
                    return False
                self._plan_table(table, head, lead)
            else:
                self._heading(table, lead)
                self._columns += _columns(table, head)
                self._targets += read_targets(table, head, " ".join(lead))
            return True
        if self._head is not None and self._goes_on(table):
            self._heading(table, above)
            self._rows.read(table, self._head, goes_on=True)
            return True
        if (unknown := head_of_unknown(table)) is not None:
            self._unread += _columns(table, unknown)
        if any(not row.blank for row in table.rows) and self._rows.lines:
            self._skip(table)
        return False

    def _head_of(self, table: Table) -> Head | None:
        """The table's head, with the meanings that a person gave its columns."""
        said = self.meanings.get(table.index, {})
        head = find_head(table) or (head_of_unknown(table) if said else None)
        if head is None:
            return None
        listed = [*self._columns, *self._unread]
        head = replace(head, offset=sum(column.table == table.index for column in listed))
        head = with_meanings(head, said)
        return head if head.is_plan or head.is_targets else None

    def _plan_table(self, table: Table, head: Head, lead: Sequence[str]) -> None:
        self._heading(table, lead)
        self._columns += _columns(table, head)
        if (
            head.guessed
            and head.rows
            and not head.told
            and not any(found.code == "columns_guessed" for found in self._findings)
        ):
            self._findings.append(title_guessed(head.of("title")[0].heading))
        self._head, self._sheet = head, table.name
        self._rows.read(table, head)

    def _heading(self, table: Table, lead: Sequence[str]) -> None:
        """A numbered heading above a table is a section, of several the last one; so is a month directly above it."""
        last = next((text for text in reversed(lead) if text), "")
        if is_period_heading(last):
            self._rows.lines.append(Line(table.index, 0, [(None, last, False)], None, last, is_section=True))
            self._lead = [text for text in self._lead if text != last]
            return
        found = next((heading for text in reversed(lead) if (heading := heading_of(text))), None)
        if found:
            number, title = found
            self._rows.lines.append(
                Line(table.index, 0, [(None, f"{number}. {title}", False)], number, title, is_section=True)
            )

    def _goes_on(self, table: Table) -> bool:
        """Whether a table without a head is the next page of the one before: it has as many columns."""
        if self._head is None or not table.rows or self.document.kind == "xlsx":
            return False
        widths = [row.width for row in table.rows]
        counts = [len(row.cells) for row in table.rows]
        return self._head.width in widths or len(self._head.columns) in counts

    def _guess(self) -> None:
        """No table had a head: the widest one is read by what stands in its columns."""
        if self._rows.lines and any(not line.is_section for line in self._rows.lines):
            return
        for table in self.document.tables:
            head = guess_head(table) if table.index not in self._read else None
            if head is not None:
                found = document_finding("columns_guessed")
                self._findings += [found] if found else []
                self._plan_table(table, head, ())
                self._unread = [column for column in self._unread if column.table != table.index]
                return

    def _skip(self, table: Table) -> None:
        words = fold(" ".join(cell.folded for row in table.rows[:2] for cell in row.cells))
        self._findings.append(table_skipped(table.index, words[:60]))

    def _closed(self, lines: Sequence[Line]) -> Sequence[Line]:
        """The lines without notes and signatures below the last activity."""
        end = len(lines)
        while end and lines[end - 1].is_section and not lines[end - 1].number and lines[end - 1].row:
            end -= 1
        last = next((place for place in range(end, len(lines)) if is_closing(lines[place].title)), len(lines))
        self._rows.ignored += [(line.table, line.row, fold(line.title)) for line in lines[last:]]
        return lines[:last]

    def _result(self) -> PlanTable:
        lines = self._closed(self._rows.lines)
        title = title_of(self._lead)
        if is_title_cut(self._lead) and (cut := document_finding("title_cut")):
            self._findings.append(cut)
        period = period_of(title) or next((days for text in self._lead if (days := period_of(text))), None)
        known = Abbreviations.of(
            [
                *self._lead,
                *(
                    text
                    for line in lines
                    for text in (line.title, line.texts["responsible"], line.texts["expected_result"])
                ),
            ]
        )
        sections, activities = _named(lines, known, has_parties=bool(self._head and self._head.of("responsible")))
        for table, row, words in self._rows.ignored:
            self._findings.append(row_skipped(table, row, words[:60]))
        plan = PlanTable(
            title=title,
            period=(period[0].isoformat(), period[1].isoformat()) if period else None,
            spheres=spheres_of([title]),
            columns=tuple(self._columns),
            sections=tuple(sections),
            activities=tuple(activities),
            targets=tuple(self._targets),
            findings=tuple(self._findings),
            unread_columns=tuple(self._unread),
        )
        return plan.with_findings(check_plan(plan))


def _named(
    lines: Sequence[Line], known: Abbreviations, *, has_parties: bool
) -> tuple[list[SectionRow], list[ActivityRow]]:
    """Sections and activities with names, parties and steps."""
    sections: list[SectionRow] = []
    activities: list[ActivityRow] = []
    headings = HeadingRows(has_parties)
    for line in lines:
        if line.is_section:
            number, title = (line.number, line.title) if line.number else split_number(line.title)
            title = fold(title)
            sections.append(SectionRow(number, title, _source(line)))
            headings.enter(line, title)
        else:
            at = _section_of(line, sections, headings)
            headings.fill(line)
            activities.append(_activity(line, at, sections, known, headings.party))
    return sections, activities


def _section_of(line: Line, sections: list[SectionRow], headings: HeadingRows) -> int | None:
    """The place of an activity's section: the last heading, or the theme that stands in a column of its own."""
    if line.group is None:
        return len(sections) - 1 if sections else None
    number, title = (line.group[0], fold(line.group[1])) if line.group[0] else split_number(line.group[1])
    for place in range(len(sections) - 1, -1, -1):
        if (sections[place].number, canonical(sections[place].title)) == (number, canonical(title)):
            return place
    sections.append(SectionRow(number, title, _source(line)))
    headings.enter(line, title)
    return len(sections) - 1


def _activity(
    line: Line, at: int | None, sections: Sequence[SectionRow], known: Abbreviations, party: str
) -> ActivityRow:
    title = fold(line.title)
    said = line.texts["responsible"].strip() and line.texts["responsible"]
    named = "" if said else party_in_title(title)
    words = said or named or party
    parties = parties_of(words, known)
    step, reason = propose_step(title)
    from_heading = bool(words) and not said and not named
    if named:
        line.origins["responsible"] = [replace(found, field="responsible") for found in line.origins.get("title", ())]
    inherited = [*line.inherited, *(["responsible"] if from_heading else [])]
    return ActivityRow(
        number=line.number,
        section=sections[at].number if at is not None else None,
        section_index=at,
        title=title,
        deadline_text=fold(line.texts["deadline_text"]),
        expected_result=fold(line.texts["expected_result"]),
        responsible=parties.names,
        responsible_text=fold(words),
        step=step,
        step_reason=reason,
        inherited=tuple(dict.fromkeys(inherited)),
        source=_source(line),
        remarks=tuple(_remarks(line, parties, heading=from_heading, title=bool(named))),
        origins=tuple(origin for found in line.origins.values() for origin in found),
    )


def _remarks(line: Line, parties: Parties, *, heading: bool, title: bool) -> Iterator[str]:
    if line.joined_rows:
        yield "row_joined"
    if parties.guessed:
        yield "parties_split"
    if parties.cut:
        yield "parties_cut"
    if parties.doubtful:
        yield "party_case_doubtful"
    if line.composed:
        yield "deadline_composed"
    if heading:
        yield "party_from_heading"
    if title:
        yield "party_from_title"


def _source(line: Line) -> Source:
    cells = tuple(
        SourceCell(column.heading if column else "", text, column.role if column else None, merged)
        for column, text, merged in line.cells
    )
    return Source(line.table, line.row, cells)


def _columns(table: Table, head: Head) -> Iterator[Column]:
    for index, column in enumerate(head.columns, head.offset):
        role = f"year:{column.year}" if column.year is not None else column.role
        yield Column(table.index, index, column.heading, role, _example(table, head, column))


def _example(table: Table, head: Head, column: HeadColumn) -> str:
    """The first words under a heading."""
    for row in table.rows[head.first + head.rows :]:
        if is_column_numbers(row):
            continue
        for start, cell in row.positions():
            if start == column.start and not cell.blank:
                return cell.folded[:_EXAMPLE]
    return ""


_EXAMPLE = 80
