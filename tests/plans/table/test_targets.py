"""Tables of target indicators."""

import pytest
from docx.table import Table

from plans.table import read_pasted
from plans.table.targets import unit_of, value_of

from .documents import codes, from_text, from_word, word


def brief(plan: object) -> list[tuple[str, str, bool, dict[int, float]]]:
    return [(row.title, row.unit, row.cumulative, dict(row.values)) for row in plan.targets]  # type: ignore[attr-defined]


def test_units_from_titles_values_and_a_column() -> None:
    plan = from_text(
        ("№", "Наименование показателя", "Единица измерения", "2026 год", "2027 год"),
        ("1", "Доля музеев, прошедших оценку", "", "33,3", "66,7 %"),
        ("2", "Музеи, прошедшие оценку", "ед.", "1", "2"),
        ("3", "Удовлетворённость", "%", "не менее 80", "85"),
        ("4", "Анкеты", "шт.", "1 200", "-"),
    )
    assert brief(plan) == [
        ("Доля музеев, прошедших оценку", "percent", False, {2026: 33.3, 2027: 66.7}),
        ("Музеи, прошедшие оценку", "count", False, {2026: 1, 2027: 2}),
        ("Удовлетворённость", "percent", False, {2026: 80, 2027: 85}),
        ("Анкеты", "count", False, {2026: 1200}),
    ]


def test_counts_and_shares_under_each_year() -> None:
    def merge(table: Table) -> None:
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 3).merge(table.cell(0, 4))
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(3, 1).merge(table.cell(3, 2))
        table.cell(3, 3).merge(table.cell(3, 4))

    plan = from_word(
        word(
            ("Показатель", "2026", "", "2027", ""),
            ("", "кол-во", "доля, %", "кол-во", "доля, %"),
            ("Музеи, прошедшие оценку", "2", "40", "5", "100"),
            ("Число заседаний", "1", "", "4", ""),
            change=merge,
        )
    )
    assert brief(plan) == [
        ("Музеи, прошедшие оценку", "count", False, {2026: 2, 2027: 5}),
        ("Музеи, прошедшие оценку", "percent", False, {2026: 40, 2027: 100}),
        ("Число заседаний", "count", False, {2026: 1, 2027: 4}),
    ]


def test_cumulative_figures_that_fall_and_base_year() -> None:
    plan = from_text(
        ("Показатель", "2025 (базовый год)", "2026", "2027"),
        ("Доля музеев нарастающим итогом, %", "100", "60", "50"),
        ("Число музеев нарастающим итогом", "9", "3", "5"),
    )
    assert [row.base_year for row in plan.targets] == [2025, 2025]
    assert [(one.code, one.target_index) for one in plan.findings if one.target_index is not None] == [
        ("cumulative_falls", 0)
    ]


def test_cumulative_said_above_the_table() -> None:
    rows = (("Показатель", "2026", "2027"), ("Число музеев", "3", "5"))
    plan = read_pasted("Целевые показатели (нарастающим итогом)\n\n" + "\n".join("\t".join(row) for row in rows))
    assert [row.cumulative for row in plan.targets] == [True]


def test_values_that_are_no_numbers_are_told() -> None:
    plan = from_text(("Показатель", "2026", "2027"), ("Доля музеев, %", "по плану", "120"))
    assert dict(plan.targets[0].values) == {2027: 120}
    assert {"target_value_not_understood", "percent_out_of_range"} <= set(codes(plan))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("66.6", 66.6), ("66,60 %", 66.6), ("100%", 100), ("3 ед.", 3), ("не менее 50", 50), ("≥ 7", 7),
        ("1 200", 1200), ("-", None), ("", None), ("десять", None), ("5-7", None), ("2026 год 5", None),
    ],
)  # fmt: skip
def test_value(text: str, value: float | None) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("доля (%)", "percent"), ("количество", "count"), ("ед.", "count"), ("Процент охвата", "percent"),
        ("Доля музеев от общего количества", "percent"), ("В натуральном выражении", "count"), ("Охват", None),
    ],
)  # fmt: skip
def test_unit(text: str, unit: str | None) -> None:
    assert unit_of(text) == unit
