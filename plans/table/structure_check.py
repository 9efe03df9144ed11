"""Plan check of the whole: columns that were not understood, sections without rows, rows that occur twice."""

import re
from collections.abc import Iterator, Sequence

from plans.table.deadline_words import read, tells_days
from plans.table.heading_rows import days_in_heading, names_year
from plans.table.model import Column, Finding, PlanTable, SectionRow, Source
from plans.table.words import DASHES, canonical, fold

_LIST_LINE = re.compile(rf"^\s*(?:[{DASHES}•·▪*]\s|\d{{1,2}}\s*[.)]\s|[а-я]\s*\)\s)", re.IGNORECASE)


def structure_findings(table: PlanTable) -> Iterator[Finding]:
    yield from _columns(table.columns)
    yield from _mixed_columns(table)
    yield from _empty_sections(table)
    yield from _doubled(table)
    yield from _lists_in_titles(table)


def _columns(columns: Sequence[Column]) -> Iterator[Finding]:
    """Columns with words in them that go nowhere because nobody understood their heading."""
    for column in columns:
        if column.role is None and column.example:
            heading = fold(column.heading)
            name = f"Колонка «{_short(heading)}»" if heading else f"Колонка {column.index + 1} без заголовка"
            yield Finding(
                "column_unknown", "question",
                f"{name} не понята и в план не попадёт (например, «{_short(column.example)}»). Если она нужна, "
                "укажите, что в ней.",
                field=f"columns.{column.table}.{column.index}",
            )  # fmt: skip


def _mixed_columns(table: PlanTable) -> Iterator[Finding]:
    """Days where parties should stand, and no days where days should."""
    rows = [row for row in table.activities if row.responsible_text and row.deadline_text]
    if len(rows) < 2:
        return
    as_days = sum(tells_days(read(row.responsible_text)) for row in rows)
    days = sum(tells_days(read(row.deadline_text)) for row in rows)
    if as_days * 2 > len(rows) and days * 3 < len(rows):
        yield Finding(
            "columns_mixed", "warning",
            "Похоже, колонки «Срок» и «Исполнитель» поменялись местами: в исполнителях стоят дни. Укажите, что в какой "
            "колонке.",
            field="columns",
        )  # fmt: skip


def _empty_sections(table: PlanTable) -> Iterator[Finding]:
    """A heading with nothing below: neither activities nor subsections nor target indicators."""
    filled = {row.section_index for row in table.activities}
    tables_of_targets = {target.source.table for target in table.targets}
    for index, section in enumerate(table.sections):
        following = table.sections[index + 1] if index + 1 < len(table.sections) else None
        nested = following is not None and _holds(section, following)
        above_targets = section.source.row == 0 and section.source.table in tables_of_targets
        if index in filled or nested or above_targets or _nowhere(section.source):
            continue
        name = " ".join(filter(None, (section.number, section.title)))
        yield Finding(
            "section_empty", "question",
            f"В разделе «{_short(name)}» нет мероприятий. Проверьте, раздел ли это, и не потеряны ли строки под ним.",
            field=f"sections.{index}",
        )  # fmt: skip


def _holds(section: SectionRow, following: SectionRow) -> bool:
    """Whether a heading stands above another one: «1» above «1.1», «2027 год» above «Январь», «Март» above themes."""
    if section.number and (following.number or "").startswith(f"{section.number}."):
        return True
    if not days_in_heading(section.title):
        return False
    return names_year(section.title) or not days_in_heading(following.title)


def _nowhere(source: Source) -> bool:
    """A plan that is stored already may keep a section for later."""
    return source.table == 0


def _doubled(table: PlanTable) -> Iterator[Finding]:
    """The same words, days and parties a second time in one section."""
    seen: dict[tuple[object, ...], str | None] = {}
    for index, row in enumerate(table.activities):
        if not row.title:
            continue
        parties = tuple(sorted(map(canonical, row.responsible)))
        key = (row.section_index, canonical(row.title), canonical(row.deadline_text), parties)
        if key in seen:
            first = seen[key]
            where = f"мероприятие {first}" if first else "мероприятие выше"
            yield Finding(
                "activity_doubled", "warning",
                f"Строка повторяет {where}: те же слова, срок и исполнители. Удалите лишнюю или уточните.",
                row.number, index, None, "title",
            )  # fmt: skip
        else:
            seen[key] = row.number


def _lists_in_titles(table: PlanTable) -> Iterator[Finding]:
    """A title that is a list without words that introduce it («…:»): perhaps several activities in one row."""
    for index, row in enumerate(table.activities):
        lines = [line for place in row.origins_of("title") for line in place.words.split("\n") if line.strip()]
        items = sum(_LIST_LINE.match(line) is not None for line in lines[1:])
        if items and not any(line.rstrip().endswith(":") for line in lines):
            yield Finding(
                "title_is_list", "question",
                "В названии список, его строки записаны подряд. Если это разные мероприятия, внесите их отдельно.",
                row.number, index, None, "title",
            )  # fmt: skip


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
