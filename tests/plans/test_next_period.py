"""A plan copied to another period."""

from datetime import UTC, date, datetime

import pytest

from nok_portal.audit.models import AuditEntry
from plans.deadlines import parse
from plans.models import ActivityOrganization, DueDate, ProcessEvent, TargetValue
from plans.selectors.next_period import rewordings
from plans.services.imports import import_table
from plans.services.next_period import CopyRefused, copy_plan
from plans.services.readings import correct_activity_reading
from tests.factories import NOW, OrganizationFactory
from tests.factories.plans import TargetIndicatorFactory, TargetValueFactory, table_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]

TABLE = (
    "План независимой оценки в сфере культуры на 2026-2028 годы\n"
    "№ п/п\tМероприятие\tСрок исполнения\tРезультат\tИсполнители\n"
    "1\tПодготовка в 2026 году\t\t\t\n"
    "1.1\tПеречень по приказу от 31.05.2018 № 344н\tдо 1 апреля 2026 года\tсписок на 2026 год\tСовет\n"
    "1.2\tОпрос 2027 получателей\tмай – октябрь\tанкеты\tОператор\n"
    "1.3\tОтчёт\tк зиме 2026 года\tотчёт\tОператор\n"
)


@pytest.fixture
def plan(ours, actor):
    at = datetime(2026, 1, 15, tzinfo=UTC)
    made = import_table(table=table_of(TABLE), municipality=ours, actor=actor, at=at)
    made.assessment_years = [2026, 2028]
    made.save()
    indicator = TargetIndicatorFactory(plan=made, position=1, title="Доля к 2028 году", base_year=2026)
    TargetValueFactory(indicator=indicator, year=2026, planned=33, actual=30)
    return made


def copied(plan, actor, **changes):
    asked = {
        "period_from": date(2029, 1, 1), "period_to": date(2031, 12, 31), "assessment_years": [2029, 2031], **changes,
    }  # fmt: skip
    return copy_plan(plan=plan, version=plan.version, actor=actor, at=NOW, **asked)


def test_what_will_be_said_otherwise_is_known_before(plan):
    assert [(one.before, one.after) for one in rewordings(plan, 3)] == [
        ("План независимой оценки в сфере культуры на 2026-2028 годы", "План независимой оценки в сфере культуры на 2029-2031 годы"),
        ("Подготовка в 2026 году", "Подготовка в 2029 году"),
        ("до 1 апреля 2026 года", "до 1 апреля 2029 года"),
        ("список на 2026 год", "список на 2029 год"),
        ("к зиме 2026 года", "к зиме 2029 года"),
        ("Доля к 2028 году", "Доля к 2031 году"),
    ]  # fmt: skip
    assert rewordings(plan, 0) == []


def test_copy_is_a_draft_of_its_own_with_the_days_of_its_period(plan, actor):
    ProcessEvent.objects.create(
        municipality=plan.municipality, plan=plan, words="отчёт", happened_on=date(2026, 11, 1), recorded_at=NOW
    )
    copy = copied(plan, actor)
    assert (copy.is_draft, copy.previous, copy.edition, copy.assessment_years) == (True, None, 1, [2029, 2031])
    assert copy.title.endswith("на 2029-2031 годы")
    line = copy.activities.get(number="1.1")
    assert (line.previous, line.title) == (None, "Перечень по приказу от 31.05.2018 № 344н")
    assert [due.window_to for due in line.due_dates.all()] == [date(2029, 4, 1)]
    survey = copy.activities.get(number="1.2")
    assert survey.title == "Опрос 2027 получателей"
    assert sorted(due.window_to.year for due in survey.due_dates.all()) == [2029, 2030, 2031]
    assert not DueDate.objects.filter(activity__plan=copy, is_outside_period=True).exists()
    assert copy.events.count() == 0
    assert [party.name for party in (link.party for link in survey.party_links.all())] == ["Оператор"]


def test_unticked_words_stay(plan, actor):
    line = plan.activities.get(number="1.1")
    copy = copied(plan, actor, kept={"title", f"line-{line.pk}-deadline_text"})
    assert copy.title == plan.title
    assert copy.activities.get(number="1.1").deadline_text == "до 1 апреля 2026 года"
    assert copy.activities.get(number="1.1").expected_result == "список на 2029 год"


def test_corrected_reading_moves_with_its_words_or_stays_with_them(plan, actor):
    line = plan.activities.get(number="1.3")
    correct_activity_reading(
        activity=line, version=line.version, deadline=parse("до 1 декабря 2026 года"), actor=actor, at=NOW
    )
    plan.refresh_from_db()
    moved = copied(plan, actor).activities.get(number="1.3")
    assert [due.window_to for due in moved.due_dates.all()] == [date(2029, 12, 1)]
    assert moved.reading_is_corrected
    stays = copied(plan, actor, kept={f"line-{line.pk}-deadline_text"}).activities.get(number="1.3")
    assert [due.window_to for due in stays.due_dates.all()] == [date(2026, 12, 1)]


def test_targets_come_empty_or_with_their_planned_figures(plan, actor):
    empty = copied(plan, actor)
    assert [(one.title, one.base_year, one.values.count()) for one in empty.targets.all()] == [
        ("Доля к 2031 году", 2029, 0)
    ]
    full = copied(plan, actor, with_values=True)
    values = TargetValue.objects.filter(indicator__plan=full)
    assert list(values.values_list("year", "planned", "actual")) == [(2029, 33, None)]


def test_organizations_of_a_line_move_with_their_year(plan, actor):
    organization = OrganizationFactory(municipality=plan.municipality)
    ActivityOrganization.objects.create(
        municipality=plan.municipality, activity=plan.activities.get(number="1.2"), organization=organization, year=2027
    )
    line = copied(plan, actor).activities.get(number="1.2")
    assert [(link.organization, link.year) for link in line.organization_links.all()] == [(organization, 2030)]
    assert line.due_dates.get(organization=organization).window_to == date(2030, 10, 31)


def test_merged_double_that_a_line_names_is_the_organization_that_was_kept(plan, actor):
    kept = OrganizationFactory(municipality=plan.municipality)
    double = OrganizationFactory(municipality=plan.municipality, merged_into=kept)
    line = plan.activities.get(number="1.2")
    for organization in (kept, double):
        ActivityOrganization.objects.create(
            municipality=plan.municipality, activity=line, organization=organization, year=2027
        )
    days = copied(plan, actor).activities.get(number="1.2").due_dates.filter(window_to=date(2030, 10, 31))
    assert [due.organization for due in days] == [kept]
    assert not AuditEntry.objects.filter(verb="Сроки пересчитаны").exists()


def test_period_that_ends_before_it_begins_is_refused(plan, actor):
    with pytest.raises(CopyRefused):
        copied(plan, actor, period_to=date(2028, 1, 1))
