"""How long does it take to read a plan of 300 rows? Under 2 seconds from a document or a pasted table."""

from datetime import date

import pytest

from benchmarks.building import as_excel, as_text, as_word
from benchmarks.figures import fastest
from plans.table import PlanTable, read_pasted, read_plan
from plans.table.answer import answer_of, for_period
from plans.table.reading import read_plan_bounded

ROWS = 300
PERIOD = (date(2026, 1, 1), date(2028, 12, 31))
LIMIT = 2.0


def counts_of(plan: PlanTable, content: bytes | str) -> str:
    assert len(plan.activities) == ROWS
    return f"{len(plan.activities)} activities, {len(plan.sections)} sections, {len(content) // 1000} KB"


@pytest.mark.parametrize(("name", "make"), [("план.docx", as_word), ("план.xlsx", as_excel)])
def test_document(figures, name, make):
    content = make(ROWS)
    counts = counts_of(read_plan(content, name), content)

    figures.add(f"{name} read", fastest(lambda: read_plan(content, name), 3), limit=LIMIT, counts=counts)
    bounded = fastest(lambda: read_plan_bounded(content, name), 3)
    figures.add(f"{name} read in a process of its own, within bounds", bounded)


def test_pasted_text(figures):
    text = as_text(ROWS)
    counts = counts_of(read_pasted(text), text)

    figures.add("pasted text read", fastest(lambda: read_pasted(text), 3), limit=LIMIT, counts=counts)


def test_days_of_a_plan(figures):
    plan = read_pasted(as_text(ROWS))
    years = (2026, 2027, 2028)

    def answer() -> int:
        activities = answer_of(for_period(plan, PERIOD, years), years)["activities"]
        return sum(len(activity["due"]) for activity in activities)

    figures.add("checks and days of that plan", fastest(answer, 3), counts=f"{answer()} due days in 3 years")
