"""The portal's own plan: every deadline read, every step known, nothing to remark."""

import pytest

from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.scope import scope
from plans.deadlines import parse
from plans.editions.template_plan import LENGTHS, ROWS, template_plan
from plans.models import DueDate, ResponsibleParty
from plans.services.template import TemplateRefused, take_template
from plans.table import STEPS
from tests.factories import NOW, MunicipalityFactory, UserFactory

# steps that other lines of the plan contain, or that are done once and for all
NOT_OF_A_YEAR = {"legal_framework", "assessment"}


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) > 2], ids=lambda row: row[0])
def test_each_deadline_is_read_to_its_last_word(row):
    deadline = parse(row[2])
    assert deadline.understood
    assert deadline.rules or deadline.terms


@pytest.mark.parametrize("years", LENGTHS)
@pytest.mark.parametrize("spheres", [["culture"], list(Sphere.values)])
def test_template_is_read_as_it_is_meant(years, spheres):
    table, facts = template_plan(first_year=2027, years=years, spheres=spheres)
    # the facts tell the years
    assert [one.code for one in table.findings] == ["no_assessment_years"]
    assert set(table.spheres) == set(spheres)
    assert facts.assessment_years == tuple(range(2027, 2027 + years))
    assert [row.number for row in table.activities] == [row[0] for row in ROWS if len(row) > 2]
    assert [section.title for section in table.sections] == [row[1] for row in ROWS if len(row) == 2]
    assert [target.values.get(2027 + years - 1) for target in table.targets] == [100, 100, 95, 90]


def test_all_steps_of_a_year_are_there():
    table, _ = template_plan(first_year=2027, years=1, spheres=["culture"])
    assert {row.step for row in table.activities} >= set(STEPS) - NOT_OF_A_YEAR


def test_words_of_a_title_agree():
    title = template_plan(first_year=2027, years=3, spheres=["culture", "health", "social"])[0].title
    assert title.endswith("в сферах культуры, охраны здоровья и социального обслуживания на 2027–2029 годы")


@pytest.mark.django_db
@pytest.mark.parametrize("years", LENGTHS)
def test_template_becomes_a_draft_without_findings(years):
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        plan = take_template(
            municipality=municipality, first_year=2027, years=years, spheres=["culture"], actor=UserFactory(), at=NOW
        )
        assert plan.is_draft
        assert (plan.findings, list(plan.activities.exclude(findings=[]))) == ([], [])
        assert not plan.activities.filter(step="").exists()
        names = ResponsibleParty.objects.filter(activity_links__activity__plan=plan).distinct()
        assert set(names.values_list("name", flat=True)) == {
            "Уполномоченный орган", "Общественный совет", "Оператор", "Учреждения",
        }  # fmt: skip
        assert not DueDate.objects.filter(activity__plan=plan, is_outside_period=True).exists()
        years_of_days = {due.window_to.year for due in DueDate.objects.filter(activity__plan=plan)}
        assert years_of_days == set(range(2027, 2028 + years))


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"years": 2}, {"spheres": []}, {"spheres": ["sport"]}, {"first_year": 202}])
def test_what_there_is_no_template_for_is_refused(wrong):
    asked = {"first_year": 2027, "years": 1, "spheres": ["culture"], **wrong}
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]), pytest.raises(TemplateRefused):
        take_template(municipality=municipality, actor=UserFactory(), at=NOW, **asked)
