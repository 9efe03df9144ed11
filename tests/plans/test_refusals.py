"""What pages of plans refuse, and that they say so: hand-made requests, slips of the pen, somebody who was faster."""

import pytest

from plans.forms import FactsForm
from plans.models import Plan, PlanImport
from plans.views import imports as import_views
from plans.views import plans as plan_views
from plans.views import review as review_views
from tests.factories.plans import TABLE, PlanFactory, PlanImportFactory
from tests.plans.pages import text_of, url

pytestmark = pytest.mark.django_db


def made(inside, factory, **values):
    with inside():
        return factory(**values)


@pytest.mark.parametrize(
    "given",
    [
        {"act": "settle:a\x00b"},
        {"act": "settle:" + "a" * 5000},
        {"act": "settle", "stamp": "\x00", "of": "line-0"},
        {"act": "inherit:" + "x" * 5000, "of": "line-0"},
        {"act": "make_line", "of": "line-0"},
        {"act": "delete", "of": "line-\x00"},
        {"act": "delete", "of": "line-999999999999"},
        {"act": "delete"},
        {},
    ],
)
def test_verb_that_no_button_sends_is_refused_and_changes_nothing(ours, client, inside, given):
    found = made(inside, PlanImportFactory, municipality=ours)
    response = client.post(url(ours, "plan_import_act", found.pk), given)
    assert response.status_code == 422
    assert "Обновите страницу и повторите" in text_of(response)
    with inside():
        found.refresh_from_db()
    assert (found.corrections, found.version) == ({}, 1)


@pytest.mark.parametrize("of", ["line-0", "target-0", ""])
def test_only_findings_that_are_there_are_settled(ours, client, inside, of):
    table = TABLE + "\nЦелевые показатели\nПоказатель\t2026\t2027\nДоля организаций, %\t33\t66\n"
    found = made(inside, PlanImportFactory, municipality=ours, pasted_text=table)
    page = client.get(url(ours, "plan_import", found.pk))
    act = {"act": "settle:no_such:thing", "of": of, "stamp": page.context["draft"].lines[0].stamp}
    response = client.post(url(ours, "plan_import_act", found.pk), act, follow=True)
    assert "Этого замечания здесь уже нет" in text_of(response)
    with inside():
        found.refresh_from_db()
    assert found.corrections == {}


def deleted_while(monkeypatch, module, name, model):
    """The object is there when the view looks and gone when the service locks it."""
    look = getattr(module, name)

    def found_and_deleted(*args):
        found = look(*args)
        model.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(module, name, found_and_deleted)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("plan_import_discard", import_views),
        ("plan_import_confirm", import_views),
        ("plan_import_columns", import_views),
        ("plan_import_choice", import_views),
        ("plan_import_act", review_views),
        ("plan_import_facts", review_views),
    ],
)
def test_document_deleted_by_another_at_this_moment_is_told(ours, client, inside, monkeypatch, name, module):
    found = made(inside, PlanImportFactory, municipality=ours)
    deleted_while(monkeypatch, module, "open_import", PlanImport)
    given = {"version": 1, "act": "settle:x", "title": "План"}
    response = client.post(url(ours, name, found.pk), given, follow=True)
    assert response.redirect_chain[-1][0] == url(ours, "plans")
    assert "Этот документ уже удалили" in text_of(response)


@pytest.mark.parametrize("name", ["plan_delete", "plan_archive", "plan_restore", "plan_edit"])
def test_plan_deleted_by_another_at_this_moment_is_told(ours, client, inside, monkeypatch, name):
    plan = made(inside, PlanFactory, municipality=ours)
    deleted_while(monkeypatch, plan_views, "plan_of", Plan)
    facts = {
        "title": "План",
        "kind": "assessment",
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
        "spheres": ["culture"],
        "version": 1,
    }
    response = client.post(url(ours, name, plan.pk) + "?version=1", facts, follow=True)
    assert response.redirect_chain[-1][0] == url(ours, "plans")
    assert "Этот план уже удалил другой человек" in text_of(response)


@pytest.mark.parametrize("reason", ["a\x00b", "а" * 501])
def test_reason_that_cannot_be_kept_is_refused(ours, client, inside, reason):
    plan = made(inside, PlanFactory, municipality=ours)
    response = client.post(url(ours, "plan_delete", plan.pk) + "?version=1", {"reason": reason})
    assert response.status_code == 422
    assert "Черновик не удалён" in text_of(response)
    with inside():
        assert Plan.objects.filter(pk=plan.pk).exists()


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("0001-01-01", "0009-12-31", "Год должен быть от 2000 до 2100"),
        ("9991-01-01", "9999-12-31", "Год должен быть от 2000 до 2100"),
        ("2026-01-01", "9999-12-31", "Год должен быть от 2000 до 2100"),
        ("2026-01-01", "2025-12-31", "Конец периода раньше начала"),
        ("2026-01-01", "2036-01-01", "Период длиннее десяти лет"),
        ("2026-01-01", "2035-12-31", ""),
        ("2026-09-01", "2036-08-31", ""),
    ],
)
def test_period_is_of_this_century_and_ten_years_at_most(start, end, words):
    facts = {"title": "План", "kind": "assessment", "spheres": ["culture"], "period_from": start, "period_to": end}
    form = FactsForm(facts)
    assert form.is_valid() is not bool(words)
    assert words in " ".join(message for errors in form.errors.values() for message in errors)


def test_value_too_large_stops_the_plan_at_its_row(ours, client, inside):
    table = TABLE + "\nЦелевые показатели\nПоказатель\t2026\t2027\nДоля организаций, %\t33\t99999999999999999\n"
    found = made(inside, PlanImportFactory, municipality=ours, pasted_text=table)
    page = client.get(url(ours, "plan_import", found.pk))
    assert "слишком большое значение (2027 год)" in text_of(page)
    response = client.post(
        url(ours, "plan_import_confirm", found.pk), {"version": page.context["import"].version}, follow=True
    )
    assert "Сначала исправьте строки, отмеченные красным" in text_of(response)
    (target,) = response.context["draft"].targets
    values = {"title": target.row.title, "year_2026": "33", "year_2027": "66,6", "stamp": target.stamp}
    form = {f"target0-{name}": value for name, value in values.items()}
    page = client.post(url(ours, "plan_import_target", found.pk, 0), form, follow=True)
    response = client.post(
        url(ours, "plan_import_confirm", found.pk), {"version": page.context["import"].version}, follow=True
    )
    assert "Черновик плана создан" in text_of(response)
