"""Plans of very different municipalities, read as a careful clerk would."""

import pytest

from plans.table import read_document

from .by_hand import ANY, PLANS, HandPlan


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_plan_is_read_as_by_hand(plan: HandPlan) -> None:
    read = read_document(plan.document)
    if plan.acts is not None:
        rows = [
            (row.number, row.section, row.title, row.deadline_text, row.expected_result, list(row.responsible))
            for row in read.activities
        ]
        wanted = [
            (act[0], row[1], *act[2:]) if act[1] == ANY else act for act, row in zip(plan.acts, rows, strict=False)
        ]
        assert rows == [*wanted, *plan.acts[len(wanted) :]]
    if plan.sections is not None:
        assert [(section.number, section.title) for section in read.sections] == plan.sections
    if plan.targets is not None:
        found = [(target.title, target.unit, target.cumulative, dict(target.values)) for target in read.targets]
        assert found == plan.targets
    codes = {finding.code for finding in read.findings}
    assert set(plan.codes) <= codes
    assert not set(plan.nocodes) & codes
    assert plan.period is None or read.period == plan.period
    assert plan.title is None or read.title == plan.title
    assert plan.spheres is None or sorted(read.spheres) == sorted(plan.spheres)
    if plan.inherited is not None:
        assert [sorted(row.inherited) for row in read.activities] == [sorted(names) for names in plan.inherited]
    if plan.of_sections is not None:
        places = [row.section_index for row in read.activities]
        assert [None if at is None else read.sections[at].title for at in places] == plan.of_sections
