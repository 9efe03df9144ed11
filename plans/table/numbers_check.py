"""Numbers of activities: what is left out, given twice or out of order."""

from collections.abc import Iterator

from plans.table.model import Finding, PlanTable

_Key = tuple[int, ...]


def numbering_findings(table: PlanTable) -> list[Finding]:
    """Gaps, repetitions and disorder, level by level; numbers may begin anew with each section."""
    return list(_walk(table))


def _walk(table: PlanTable) -> Iterator[Finding]:
    last: dict[_Key, int] = {}
    seen: dict[_Key, str] = {}
    section: int | None = None
    for index, activity in enumerate(table.activities):
        if activity.section_index != section:
            section = activity.section_index
            seen.clear()
            own = _key(table.sections[section].number) if section is not None else None
            if own and own not in seen:
                last[own[:-1]] = own[-1]
        key = _key(activity.number)
        if key is None:
            continue
        before = last.get(key[:-1])
        fresh = key[-1] == 1
        if key in seen and (not fresh or before == 1):
            yield _finding(
                "number_repeated",
                f"Номер {activity.number} стоит у двух мероприятий. Исправьте номер.",
                activity.number,
                index,
            )
        elif before is not None and key[-1] > before + 1:
            left_out = ".".join(map(str, (*key[:-1], before + 1)))
            yield _finding(
                "numbering_gap",
                f"После номера {'.'.join(map(str, (*key[:-1], before)))} идёт {activity.number}: номер {left_out} "
                "пропущен. Проверьте, не потеряна ли строка.",
                activity.number, index,
            )  # fmt: skip
        elif before is not None and key[-1] < before and not fresh:
            yield _finding(
                "numbering_disorder",
                f"Номер {activity.number} стоит после большего. Проверьте порядок строк.",
                activity.number, index,
            )  # fmt: skip
        seen[key] = activity.number or ""
        last[key[:-1]] = key[-1]
        for deeper in [prefix for prefix in last if prefix[: len(key)] == key]:
            del last[deeper]


def _key(number: str | None) -> _Key | None:
    """'1.10' → (1, 10); None for letters and roman numbers."""
    parts = (number or "").split(".")
    return (
        tuple(map(int, parts)) if all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts) else None
    )


def _finding(code: str, message: str, number: str | None, index: int) -> Finding:
    return Finding(
        code, "question" if code == "numbering_disorder" else "warning", message, number, index, None, "number"
    )
