"""Pages of target indicators."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import TargetIndicator, TargetValue
from plans.services.targets import Reached, record_actuals
from tests.factories import OrganizationFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    DueDateFactory,
    PlanFactory,
    TargetIndicatorFactory,
    TargetValueFactory,
)
from tests.plans.pages import url

pytestmark = pytest.mark.django_db

LAST = timezone.localdate().year - 1


@pytest.fixture
def make(ours):
    """Makes an indicator of the municipality with planned figures by year."""

    def target(planned, *, plan=None, **values):
        with scope(writable=[ours.pk]):
            plan = plan or PlanFactory(
                municipality=ours, period_from=date(LAST, 1, 1), period_to=date(LAST + 2, 12, 31)
            )
            indicator = TargetIndicatorFactory(plan=plan, **values)
            for year, figure in planned.items():
                TargetValueFactory(indicator=indicator, year=year, planned=Decimal(figure))
        return indicator

    return target


def text(response):
    words = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return " ".join(words.split())


def sent(client, ours, indicator, **changes):
    """What the page would send after these changes."""
    form = client.get(url(ours, "target", indicator)).context["form"]
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return values | changes


def value(ours, indicator, year=LAST):
    with scope(readable=[ours.pk]):
        return TargetValue.objects.get(indicator=indicator.pk, year=year)


def test_tab_tells_the_shortfall_by_word(ours, editor, make, client):
    indicator = make({LAST: "33.3", LAST + 1: "66.7", LAST + 2: "100"})
    page = text(client.get(url(ours, "plan_targets", indicator.plan)))
    for state in ("Факт не внесён", "Год идёт", "Впереди"):
        assert page.count(state) == 1
    client.post(url(ours, "target", indicator), sent(client, ours, indicator, **{f"actual_{LAST}": "20 %"}))
    page = text(client.get(url(ours, "plan_targets", indicator.plan)))
    assert "Не хватает 13,3 п. п." in page
    assert f"{LAST} год: план 33,3, факт 20." in page


def test_figures_are_written_as_people_write_them(ours, editor, make, client):
    indicator = make({LAST: "1200"}, unit="count")
    figure = {f"actual_{LAST}": "1 250,5", f"note_{LAST}": "С филиалами"}
    response = client.post(url(ours, "target", indicator), sent(client, ours, indicator, **figure))
    assert response.url == url(ours, "plan_targets", indicator.plan) + f"#target-{indicator.pk}"
    assert (value(ours, indicator).actual, value(ours, indicator).note) == (Decimal("1250.5"), "С филиалами")
    assert f"{Decimal('1250.5'):f}".replace(".", ",") in text(client.get(url(ours, "target", indicator)))


@pytest.mark.parametrize(("typed", "told"), [("много", "Впишите число"), ("-1", "меньше нуля"), ("1,2345", "трёх")])
def test_wrong_figure_is_said_at_its_field(ours, editor, make, client, typed, told):
    indicator = make({LAST: "33.3"})
    response = client.post(url(ours, "target", indicator), sent(client, ours, indicator, **{f"actual_{LAST}": typed}))
    assert response.status_code == 422
    assert told in text(response)
    assert typed in text(response)
    assert value(ours, indicator).actual is None


def test_second_person_loses_nothing_and_overwrites_nothing(ours, editor, make, client):
    indicator = make({LAST: "10", LAST + 1: "20"}, unit="count")
    mine = sent(client, ours, indicator, **{f"actual_{LAST}": "5"})
    with scope(writable=[ours.pk]):
        record_actuals(
            indicator=indicator,
            reached={LAST: Reached(Decimal(9)), LAST + 1: Reached(Decimal(19))},
            version=1,
            actor=editor,
            at=timezone.now(),
        )
    response = client.post(url(ours, "target", indicator), mine)
    assert response.status_code == 409
    assert "Сейчас: 9" in text(response)
    form = response.context["form"]
    assert [form[f"actual_{year}"].value() for year in (LAST, LAST + 1)] == ["5", "19"]
    assert value(ours, indicator).actual == 9
    again = {name: form[name].value() for name in form.fields}
    assert client.post(url(ours, "target", indicator), again).status_code == 302
    assert (value(ours, indicator).actual, value(ours, indicator, LAST + 1).actual) == (5, 19)


def test_portal_counts_when_asked_and_says_from_what(ours, editor, make, client):
    indicator = make({LAST: "50"}, is_cumulative=False)
    with scope(writable=[ours.pk]):
        theatre = OrganizationFactory(municipality=ours, short_name="Театр «Лад»")
        OrganizationFactory(municipality=ours)
        activity = ActivityFactory(plan=indicator.plan, step="council_results")
        DueDateFactory(activity=activity, organization=theatre, window_to=date(LAST, 12, 1), state="accepted")
    asked = sent(client, ours, indicator, measure="organizations_assessed")
    assert client.post(url(ours, "target", indicator), asked).status_code == 302
    page = text(client.get(url(ours, "plan_targets", indicator.plan)))
    assert "Достигнуто" in page
    assert "Из чего посчитано: 1 из 2 организаций" in page
    assert "Театр «Лад»" in page


def test_draft_is_given_an_indicator_changed_and_emptied(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours)
    page = text(client.get(url(ours, "plan_targets", plan)))
    assert "Добавить показатель" in page
    typed = {"title": "Число заседаний", "unit": "count", "planned_2026": "4", "planned_2027": ""}
    assert client.post(url(ours, "target_add", plan), typed).status_code == 302
    with scope(readable=[ours.pk]):
        added = TargetIndicator.objects.get()
    assert value(ours, added, 2026).planned == 4
    assert client.post(url(ours, "target_add", plan), typed | {"planned_2026": ""}).status_code == 422
    changed = typed | {"title": "Заседания", "version": 1, "base_year": "2025"}
    assert client.post(url(ours, "target_edit", added), changed).status_code == 422
    assert client.post(url(ours, "target_edit", added), changed | {"planned_2025": "2"}).status_code == 302
    stale = client.post(url(ours, "target_edit", added), typed | {"version": 1})
    assert stale.status_code == 409
    assert "«Заседания», 2025 – 2, 2026 – 4" in text(stale)
    with scope(readable=[ours.pk]):
        assert TargetIndicator.objects.get().title == "Заседания"
    assert "Удалить показатель" in text(client.get(url(ours, "target_delete", added)))
    client.post(url(ours, "target_delete", added) + "?version=2")
    with scope(readable=[ours.pk]):
        assert not TargetIndicator.objects.exists()


def test_approved_plan_offers_figures_only_and_says_no_to_the_rest(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours, state="approved")
    indicator = make({2026: "33.3"}, plan=plan)
    page = text(client.get(url(ours, "plan_targets", plan)))
    assert "Внести факт" in page
    assert "Изменить показатель" not in page
    typed = {"title": "Другое", "unit": "count", "planned_2026": "1", "version": 1}
    assert "новую редакцию" in text(client.post(url(ours, "target_edit", indicator), typed))


def test_while_the_next_edition_is_prepared_figures_are_written_and_how_they_are_counted_stays(
    ours, editor, make, client
):
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours, state="approved")
    indicator = make({LAST: "50"}, plan=plan, is_cumulative=False)
    opened_before = sent(client, ours, indicator, measure="organizations_assessed")
    with scope(writable=[ours.pk]):
        PlanFactory(municipality=ours, previous=plan, edition=2)
    refused = client.post(url(ours, "target", indicator), opened_before)
    assert (refused.status_code, "Готовится новая редакция плана" in text(refused)) == (422, True)
    assert "Как считается факт" not in text(client.get(url(ours, "target", indicator)))
    asked = sent(client, ours, indicator, **{f"actual_{LAST}": "20"})
    assert client.post(url(ours, "target", indicator), asked).status_code == 302
    assert value(ours, indicator).actual == 20


def test_reader_sees_figures_and_no_forms(ours, make, client):
    client.force_login(member_of(ours, Role.COUNCIL_MEMBER))
    indicator = make({LAST: "33.3"})
    page = text(client.get(url(ours, "plan_targets", indicator.plan)))
    assert "33,3 %" in page
    assert "Внести факт" not in page
    assert client.get(url(ours, "target", indicator)).status_code == 403


def test_changes_are_in_the_history_of_the_plan(ours, editor, make, client):
    indicator = make({LAST: "33.3"})
    client.post(url(ours, "target", indicator), sent(client, ours, indicator, **{f"actual_{LAST}": "20"}))
    assert "Внесён факт показателя" in text(client.get(url(ours, "plan_history", indicator.plan)))


def test_tab_costs_the_same_for_1_and_10(ours, editor, make, client):
    plan = make({LAST: "10"}).plan

    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(ours, "plan_targets", plan)).status_code == 200
        return len(caught)

    cost()  # the first page of a session writes it
    few = cost()
    for _ in range(9):
        make({LAST: "10", LAST + 1: "20"}, plan=plan)
    assert cost() == few
