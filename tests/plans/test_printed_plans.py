"""Plans of many kinds, kept, printed and read again: the same plan."""

from datetime import date

import pytest

from nok_portal.reports.documents import Stamp, digest_of
from nok_portal.reports.jobs import Progress
from nok_portal.reports.writers.docx import write_docx
from nok_portal.reports.writers.xlsx import write_xlsx
from nok_portal.tenants.scope import scope
from plans.reports import PlanDocument
from plans.services.imports import import_table
from plans.table import PlanTable, check_plan, read_document, read_plan
from tests.factories import NOW, MunicipalityFactory

from .table.by_hand import PLANS, HandPlan

pytestmark = pytest.mark.django_db


def kept(plan: HandPlan) -> bool:
    """Plans that a municipality can keep without a decision, and whole."""
    table = read_document(plan.document)
    findings = check_plan(table)
    cut = {"number_too_long"}
    return bool(table.activities) and all(found.severity != "error" and found.code not in cut for found in findings)


def said(table: PlanTable) -> list[object]:
    rows = [
        (row.number, row.section_index, row.title, row.deadline_text, row.expected_result, row.responsible, row.step)
        for row in table.activities
    ]
    targets = [(target.title, target.unit, target.cumulative, dict(target.values)) for target in table.targets]
    return [[(section.number, section.title) for section in table.sections], rows, targets]


@pytest.mark.parametrize("plan", list(filter(kept, PLANS)), ids=lambda plan: plan.name)
def test_printed_plan_read_again_is_the_same(plan: HandPlan) -> None:
    municipality = MunicipalityFactory()
    table = read_document(plan.document)
    with scope(writable=[municipality.pk]):
        stored = import_table(
            table=table,
            municipality=municipality,
            actor=None,
            at=NOW,
            period=(date(2027, 1, 1), date(2027, 12, 31)),
        )
        document = PlanDocument().document(
            municipality=municipality, parameters={"plan": stored.pk}, at=NOW, progress=Progress()
        )
    stamp = Stamp("2026-0001", NOW, digest_of(document), "https://portal.example/")
    assert said(read_plan(write_docx(document, stamp), "план.docx")) == said(table)
    assert said(read_plan(write_xlsx(document, stamp), "план.xlsx")) == said(table)
