"""Rows of a target table that hold no figures of their own: blank ones, heads once more, units, goings-on."""

from collections.abc import Sequence

import pytest

from plans.table import PlanTable

from .documents import from_text, from_word, word

YEARS_ACROSS = ("Показатель", "Ед. изм.", "2026", "2027")
YEARS_DOWN = ("Показатель", "Ед. изм.", "Год", "Значение")
READ = [("Охват библиотек", "percent", {2026: 30, 2027: 60}), ("Число музеев", "count", {2026: 1, 2027: 2})]


def both_ways(rows: Sequence[Sequence[str]]) -> list[PlanTable]:
    """The table as pasted text and as a document."""
    return [from_text(*rows, above=["Целевые показатели"]), from_word(word(*rows, above=["Целевые показатели"]))]


@pytest.mark.parametrize(
    "rows",
    [
        [
            YEARS_ACROSS,
            ("Охват библиотек", "%", "30", "60"),
            ("", "", "", ""),
            YEARS_ACROSS,
            ("1", "2", "3", "4"),
            ("Число музеев", "ед.", "1", "2"),
        ],
        # what stands in the unit's column holds on for the years below
        [
            YEARS_DOWN,
            ("Охват библиотек", "%", "2026", "30"),
            ("", "", "2027", "60"),
            YEARS_DOWN,
            ("Число музеев", "ед.", "2026", "1"),
            ("", "", "2027", "2"),
            ("", "", "итого", "3"),
        ],
    ],
)
def test_rows_without_figures_are_no_indicators(rows: list[tuple[str, ...]]) -> None:
    for plan in both_ways(rows):
        assert [(row.title, row.unit, row.values) for row in plan.targets] == READ


def test_row_of_units_holds_for_all_indicators_below() -> None:
    rows = [
        ("Показатель", "2026", "2027"),
        ("", "%", "%"),
        ("Охват библиотек", "30", "60"),
        ("Охват клубов", "10", "20"),
    ]
    for plan in both_ways(rows):
        assert [(row.unit, row.values) for row in plan.targets] == [
            ("percent", {2026: 30, 2027: 60}),
            ("percent", {2026: 10, 2027: 20}),
        ]
