"""Plan check of target indicators: figures that fall, leave their range or say nothing."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from plans.table.model import Finding, PlanTable, TargetRow
from plans.table.targets import unit_of
from plans.table.words import canonical, fold


def target_findings(table: PlanTable) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    by_title: dict[str, set[str]] = {}
    for target in table.targets:
        by_title.setdefault(canonical(target.title), set()).add(target.unit)
    for index, target in enumerate(table.targets):
        yield from _figures(index, target)
        yield from _years(index, target, table)
        key = (canonical(target.title), target.unit)
        if key in seen:
            yield _say(
                index, "target_doubled", f"Показатель {_name(target)} назван дважды. Удалите лишний или уточните."
            )
        seen.add(key)
        if unit_of(target.title) == "percent" and by_title[key[0]] == {"count"}:
            yield _say(
                index, "target_unit_doubtful",
                f"Показатель {_name(target)} назван долей, но единица измерения у него не процент. Проверьте единицу.",
            )  # fmt: skip


def _figures(index: int, target: TargetRow) -> Iterator[Finding]:
    if target.cumulative:
        planned = [(year, target.values[year]) for year in sorted(target.values) if year != target.base_year]
        for (_, before), (year, value) in pairwise(planned):
            if value < before:
                yield _say(
                    index, "cumulative_falls",
                    f"Показатель {_name(target)} считается нарастающим итогом, но в {year} году снижается с "
                    f"{_figure(before)} до {_figure(value)}. Возможно, опечатка: исправьте значение или оставьте так.",
                )  # fmt: skip
    if target.unit == "percent" and any(not 0 <= value <= 100 for value in target.values.values()):
        yield _say(
            index, "percent_out_of_range",
            f"Показатель {_name(target)} указан в процентах, но есть значение больше 100 или меньше 0. Проверьте значения.",
        )  # fmt: skip
    if target.unit == "count" and any(value < 0 for value in target.values.values()):
        yield _say(
            index, "count_below_zero", f"У показателя {_name(target)} есть значение меньше нуля. Проверьте значения."
        )
    for text in target.unread:
        yield _say(
            index, "target_value_not_understood",
            f"У показателя {_name(target)} не понято значение «{_short(text, 40)}». Впишите число.",
        )  # fmt: skip
    if not target.values and not target.unread:
        yield _say(index, "target_empty", f"У показателя {_name(target)} нет значений. Впишите их или удалите строку.")


def _years(index: int, target: TargetRow, table: PlanTable) -> Iterator[Finding]:
    """Years after the plan's end; years before it are what the plan starts from."""
    if table.period is None:
        return
    last = date.fromisoformat(table.period[1]).year
    late = [str(year) for year in sorted(target.values) if year > last]
    if late:
        yield _say(
            index, "target_year_outside_period",
            f"У показателя {_name(target)} есть значения после периода плана ({', '.join(late)}). Проверьте годы или "
            "оставьте так.",
        )  # fmt: skip


_QUESTIONS = frozenset({"target_unit_doubtful", "target_year_outside_period"})


def _say(index: int, code: str, message: str) -> Finding:
    return Finding(
        code, "question" if code in _QUESTIONS else "warning", message, target_index=index, field="values"
    )  # fmt: skip


def _name(target: TargetRow) -> str:
    return f"«{_short(target.title, 60)}»"


def _figure(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _short(text: str, length: int) -> str:
    words = fold(text)
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
