"""Five plans as municipalities wrote them, read from both their forms.

The plans themselves lie beside the checkout and not in it. Their sentences are not repeated here: words are
compared by the hash of what a person read and checked cell by cell.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from nok_portal.common.text import fold
from plans.table import PlanTable, read_plan
from plans.table.answer import answer_of, for_period

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
NAMES = ("balashikha", "dalnerechensk", "kaspiysk", "muezersky", "vidyaevo")
FORMS = ("docx", "txt")

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the five plans are not at {SEEDS}")


@cache
def plan_of(name: str, form: str) -> PlanTable:
    file = SEEDS / f"{name}.{form}"
    return read_plan(file.read_bytes(), file.name)


def hash_of(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(fold(text) for text in texts).encode()).hexdigest()[:12]


def days_of(plan: PlanTable, period: tuple[date, date] | None, *years: int) -> dict[str, list[str]]:
    answer = answer_of(for_period(plan, period, years), years)
    return {row["number"]: row["due"] for row in answer["activities"] if row["due"]}


def every_year(day: str, *years: int) -> list[str]:
    return [f"{year}-{day}" for year in years]


NUMBERS = {
    "balashikha": [str(number) for number in range(1, 18)],
    "dalnerechensk": [
        "1", *(f"1.{n}" for n in range(1, 9)), "2", "3", "4", "5", "6",
        "7", *(f"7.{n}" for n in range(1, 6)), *(str(n) for n in range(8, 16)),
    ],
    "kaspiysk": [str(number) for number in range(1, 17)],
    "muezersky": [str(number) for number in range(1, 17)],
    "vidyaevo": ["1.1", "1.2", *(f"2.{n}" for n in range(1, 6)), *(f"3.{n}" for n in range(1, 7))],
}  # fmt: skip

# title, deadline words, expected results, parties of all rows
WORDS = {
    "balashikha": ("e42a1967bbc5", "d576b1282b05", "d66fef87c0f9", "f53e18c548a4"),
    "dalnerechensk": ("8662dff26645", "4ed14d3195d2", "a952a21273a2", "1b1cd911ddb5"),
    "kaspiysk": ("380f2a625095", "7350a4df09e3", "886760af8983", "49a6cc8ad132"),
    "muezersky": ("46d12f25753e", "e0ebb31daf63", "886760af8983", "a71f2d1e0614"),
    "vidyaevo": ("ec98741b1a83", "1c86738585f4", "35dae849c58e", "8e347a28eca7"),
}
SECTIONS = {
    "balashikha": ([], "e3b0c44298fc"),
    "dalnerechensk": (["I", "II"], "e99532052a31"),
    "kaspiysk": ([], "e3b0c44298fc"),
    "muezersky": (["I", "II", "III"], "e33b1742d6ee"),
    "vidyaevo": (["1", "2", "3"], "ff274a9b1f5c"),
}
HEADLINES = {
    "balashikha": ("84a1cc59c5ee", ("2017-01-01", "2018-12-31"), ("culture",)),
    "dalnerechensk": ("7cb222a81a37", ("2016-01-01", "2018-12-31"), ("education",)),
    "kaspiysk": ("9b866e461767", None, ()),
    "muezersky": ("4531d56deb1c", ("2021-01-01", "2023-12-31"), ("culture",)),
    "vidyaevo": ("0f013437e96e", None, ("culture", "education")),
}


@pytest.mark.parametrize("form", FORMS)
def test_ninety_activities_in_all(form: str) -> None:
    assert sum(len(plan_of(name, form).activities) for name in NAMES) == 90


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_rows_of_a_plan(name: str, form: str) -> None:
    plan = plan_of(name, form)
    assert [row.number for row in plan.activities] == NUMBERS[name]
    assert (
        hash_of(row.title for row in plan.activities),
        hash_of(row.deadline_text for row in plan.activities),
        hash_of(row.expected_result for row in plan.activities),
        hash_of("|".join(row.responsible) for row in plan.activities),
    ) == WORDS[name]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_sections_and_headline(name: str, form: str) -> None:
    plan = plan_of(name, form)
    assert ([section.number for section in plan.sections], hash_of(row.title for row in plan.sections)) == SECTIONS[
        name
    ]
    assert (hash_of([plan.title]), plan.period, plan.spheres) == HEADLINES[name]


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_of_a_plan_say_the_same(name: str) -> None:
    docx, text = (answer_of(plan_of(name, form)) for form in FORMS)
    assert docx == text


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_draft_comes_back_as_it_was(name: str) -> None:
    plan = plan_of(name, "docx")
    assert PlanTable.from_json(plan.to_json()) == plan


@pytest.mark.parametrize("form", FORMS)
def test_sections_of_activities(form: str) -> None:
    assert {row.section for row in plan_of("dalnerechensk", form).activities} == {"II"}
    assert [row.section for row in plan_of("muezersky", form).activities] == ["I"] * 4 + ["II"] * 6 + ["III"] * 6
    assert all(row.section == (row.number or "")[0] for row in plan_of("vidyaevo", form).activities)


@pytest.mark.parametrize("form", FORMS)
def test_cells_that_inherit(form: str) -> None:
    inherited = {row.number: row.inherited for row in plan_of("kaspiysk", form).activities if row.inherited}
    assert inherited == dict.fromkeys(("3", "4", "9", "10"), ("deadline_text", "responsible"))
    others = [row for name in NAMES if name != "kaspiysk" for row in plan_of(name, form).activities]
    assert not any(row.inherited for row in others)


@pytest.mark.parametrize("form", FORMS)
def test_a_single_blank_cell_stays_blank(form: str) -> None:
    plan = plan_of("dalnerechensk", form)
    assert [row.number for row in plan.activities if not row.responsible] == ["7.3", "15"]


@pytest.mark.parametrize("form", FORMS)
def test_parties(form: str) -> None:
    counts = {name: [len(row.responsible) for row in plan_of(name, form).activities] for name in NAMES}
    assert counts["balashikha"] == [1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1]
    assert counts["dalnerechensk"] == [
        1,
        1,
        1,
        1,
        1,
        1,
        2,
        1,
        1,
        1,
        2,
        1,
        1,
        1,
        1,
        2,
        2,
        0,
        1,
        1,
        1,
        2,
        2,
        2,
        1,
        1,
        1,
        0,
    ]
    assert counts["kaspiysk"] == [1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 2, 3, 3, 1, 1]
    assert counts["muezersky"] == [2, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1]
    assert counts["vidyaevo"] == [1, 2, 2, 2, 2, 1, 3, 2, 2, 2, 1, 2, 2]
    assert plan_of("kaspiysk", form).activities[7].responsible[1] == "организация-оператор"


@pytest.mark.parametrize("form", FORMS)
def test_targets(form: str) -> None:
    found = [(row.unit, row.cumulative, dict(row.values)) for row in plan_of("dalnerechensk", form).targets]
    assert found == [
        ("count", False, {2016: 0, 2017: 7, 2018: 7}),
        ("percent", False, {2016: 0, 2017: 50, 2018: 50}),
        ("count", False, {2016: 14, 2017: 14, 2018: 14}),
        ("percent", False, {2016: 100, 2017: 100, 2018: 100}),
        ("count", False, {2016: 1, 2017: 4, 2018: 4}),
    ]
    found = [(row.unit, row.cumulative, dict(row.values), row.base_year) for row in plan_of("muezersky", form).targets]
    assert found == [
        ("percent", True, {2020: 100, 2021: 0, 2022: 66.6, 2023: 100}, 2020),
        ("count", True, {2020: 3, 2021: 0, 2022: 2, 2023: 1}, 2020),
    ]
    assert [name for name in NAMES if plan_of(name, form).targets] == ["dalnerechensk", "muezersky"]


@pytest.mark.parametrize("form", FORMS)
def test_due_days_in_the_plans_own_period(form: str) -> None:
    quarters = [f"{year}-{end}" for year in (2017, 2018) for end in ("03-31", "06-30", "09-30", "12-31")]
    last = "12-31"
    assert days_of(plan_of("balashikha", form), None) == {
        **{number: every_year(last, 2017, 2018) for number in ("1", "7", "16", "17")},
        "2": ["2017-06-30", "2017-12-31", "2018-06-30", "2018-12-31"],
        "6": ["2018-12-31"],
    }
    assert days_of(plan_of("dalnerechensk", form), None) == {
        "1": quarters,
        "1.1": ["2016-12-31"],
        "1.3": every_year("03-31", 2017, 2018),
        "1.4": every_year(last, 2017, 2018),
        "1.5": every_year(last, 2017, 2018),
        "1.6": ["2018-03-31"],
        "1.7": ["2017-09-30", "2018-03-31", "2018-09-30"],
        "1.8": ["2018-12-31"],
        "2": ["2017-03-31"],
        "7": every_year(last, 2017, 2018),
        "7.1": ["2017-03-31"],
        "7.3": every_year("06-30", 2017, 2018),
        "7.4": every_year("09-30", 2017, 2018),
        **{number: ["2017-12-31"] for number in ("7.5", "8", "9")},
        **{number: ["2018-03-31"] for number in ("10", "11")},
        "14": every_year(last, 2016, 2017, 2018),
    }
    assert days_of(plan_of("muezersky", form), None, 2022) == {
        "1": every_year(last, 2022, 2023),
        "4": every_year(last, 2021, 2022, 2023),
        "9": ["2020-12-31"],
        "11": ["2021-12-31"],
        "13": every_year(last, 2021, 2022, 2023),
        "14": ["2022-12-31"],
        "16": ["2021-12-31"],
    }


@pytest.mark.parametrize("form", FORMS)
def test_due_days_in_a_given_period(form: str) -> None:
    period, years = (date(2026, 1, 1), date(2028, 12, 31)), (2026, 2027, 2028)
    ends = [("04-01", 1, 4), ("04-15", 5, 6), ("04-30", 7, 7), ("10-31", 8, 10), ("11-30", 11, 16)]
    assert days_of(plan_of("kaspiysk", form), period) == {
        str(number): every_year(end, *years) for end, first, last in ends for number in range(first, last + 1)
    }
    assert days_of(plan_of("vidyaevo", form), period, 2027) == {
        **{number: ["2027-12-31"] for number in ("1.2", "2.2", "2.4")},
        "2.1": ["2027-12-01"],
        "2.3": [f"{year}-{end}" for year in years for end in ("06-30", "12-31")],
        "3.1": ["2028-01-15"],
        **{number: ["2028-03-01"] for number in ("3.2", "3.5")},
        "3.3": ["2028-03-10"],
        "3.4": ["2028-03-15"],
    }


@pytest.mark.parametrize("form", FORMS)
def test_findings(form: str) -> None:
    found = {name: {(one.code, one.activity) for one in plan_of(name, form).findings} for name in NAMES}
    assert found["balashikha"] == set()
    assert found["dalnerechensk"] == {
        ("parties_split", "7.2"),
        ("no_responsible", "7.3"),
        ("no_responsible", "15"),
        ("same_quarter_twice", "7.5"),
        ("same_quarter_twice", "8"),
        ("same_quarter_twice", "9"),
    }
    assert found["kaspiysk"] == {
        ("no_period", None),
        ("no_spheres", None),
        *(("inherited", number) for number in ("3", "4", "9", "10")),
    }
    assert found["muezersky"] == {
        ("no_assessment_years", None),
        ("same_year_twice", "1"),
        ("year_outside_period", "9"),
        ("cumulative_falls", None),
    }
    assert {one for one in found["vidyaevo"] if one[0] == "row_joined"} == {
        ("row_joined", number) for number in ("2.1", "2.5", "3.4")
    }


def test_steps_are_proposed_for_every_activity_with_the_words_that_decided() -> None:
    rows = [row for name in NAMES for row in plan_of(name, "docx").activities]
    assert [row.number for row in rows if row.step is None] == []
    assert all(word in row.title for row in rows for word in row.step_reason.split(" … "))
    vidyaevo = [row.step for row in plan_of("vidyaevo", "docx").activities]
    assert vidyaevo == [
        "council_support", "survey_forms", "survey", "information_campaign", "bus_gov_monitoring", "council_results",
        "publication", "sending_results", "remediation_drafted", "remediation_approved", "remediation_published",
        "follow_up_measures", "remediation_controlled",
    ]  # fmt: skip
