"""How the deadline of a line of a document is understood: corrected by a person, taken back, kept in the plan."""

from datetime import date

import pytest

from nok_portal.audit.models import AuditEntry
from plans.models import Activity, PlanImport
from plans.services.imports import confirm_import
from tests.factories import NOW
from tests.factories.plans import PlanImportFactory
from tests.plans.pages import text_of, url
from tests.plans.readings import BY_15_NOVEMBER, LINE, days_of, line_of

pytestmark = pytest.mark.django_db


def test_answer_puts_an_impossible_date_right_and_leaves_the_words(ours, client, inside, wrong):
    page, line = line_of(client, ours, wrong)
    assert "31 ноября" in str([finding.message for finding in line.findings])
    assert 'name="answer" value="30 ноября"' in text_of(page)

    answer = {"do": "answer", "answer": "30 ноября", "stamp": line.stamp, "show": "all"}
    response = client.post(url(ours, "plan_import_reading", wrong.pk, LINE), answer)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"?show=all&row=line-{LINE}#line-{LINE}")

    page, line = line_of(client, ours, wrong)
    assert (line.row.deadline_text, line.reading) == ("до 31 ноября", "До 30 ноября")
    assert date(2026, 11, 30) in line.days
    assert [finding for finding in line.findings if finding.field == "deadline_text"] == []
    assert page.context["draft"].errors == 0
    assert "исправлено вручную:" in text_of(page)


def test_form_says_who_corrected_and_takes_it_back(ours, client, editor, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stamp = line_of(client, ours, wrong)[1].stamp
    client.post(address, {**BY_15_NOVEMBER, "stamp": stamp})
    form = client.get(address)
    assert f"исправлено вручную: {editor.full_name}" in text_of(form)
    assert form.context["form"].parts[0]["day"].value() == "15"

    response = client.post(address, {"do": "undo", "stamp": form.context["place"].stamp})
    assert response.status_code == 302
    line = line_of(client, ours, wrong)[1]
    assert (line.correction, line.is_corrected, line.reading) == (None, False, "")


def test_what_equals_the_portals_own_reading_is_no_correction(ours, client, inside):
    with inside():
        found = PlanImportFactory(municipality=ours)
    line = line_of(client, ours, found)[1]
    by_1_december = {**BY_15_NOVEMBER, "part0-day": "1", "part0-month": "12"}
    client.post(url(ours, "plan_import_reading", found.pk, LINE), {**by_1_december, "stamp": line.stamp})
    with inside():
        found.refresh_from_db()
    assert not found.corrections.get("activities")


def test_correction_is_dropped_with_a_notice_when_the_words_change(ours, client, inside, wrong):
    line = line_of(client, ours, wrong)[1]
    client.post(url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "stamp": line.stamp})
    page, line = line_of(client, ours, wrong)
    fields = {
        "title": line.row.title,
        "deadline_text": "до 20 декабря",
        "responsible": "\n".join(line.row.responsible),
        "expected_result": line.row.expected_result,
        "number": line.row.number,
        "section_index": line.row.section_index,
        "step": line.row.step or "",
        "stamp": line.stamp,
    }
    changed = {f"line{LINE}-{name}": value for name, value in fields.items()}
    assert client.post(url(ours, "plan_import_line", wrong.pk, LINE), changed).status_code == 302

    page, line = line_of(client, ours, wrong)
    assert (line.correction, line.reading) == (None, "До 20 декабря")
    assert "слова срока изменились, поэтому исправленное понимание снято" in text_of(page)


def test_two_people_at_once_do_not_overwrite_each_other(ours, client, inside, wrong):
    address = url(ours, "plan_import_reading", wrong.pk, LINE)
    stale = line_of(client, ours, wrong)[1].stamp
    client.post(address, {"do": "answer", "answer": "1 декабря", "stamp": stale})
    response = client.post(address, {**BY_15_NOVEMBER, "stamp": stale})
    assert response.status_code == 422
    assert "исправил другой человек" in text_of(response)
    assert "До 1 декабря" in text_of(response)
    assert response.context["form"].parts[0]["day"].value() == "15"
    assert response.context["place"].stamp != stale
    assert line_of(client, ours, wrong)[1].reading == "До 1 декабря"


def test_plan_keeps_the_correction_with_its_person_and_its_history(ours, client, editor, inside, wrong):
    line = line_of(client, ours, wrong)[1]
    client.post(url(ours, "plan_import_reading", wrong.pk, LINE), {**BY_15_NOVEMBER, "stamp": line.stamp})
    with inside():
        found = PlanImport.objects.get()
        plan = confirm_import(plan_import=found, version=found.version, actor=editor, at=NOW)
        made = Activity.objects.get(plan=plan, deadline_text="до 31 ноября")
        assert (made.reading_corrected_by, made.deadline_reading) == (editor, "До 15 ноября")
        assert days_of(made) == [date(year, 11, 15) for year in (2026, 2027, 2028)]
        assert made.findings == []
        entry = AuditEntry.objects.get(object_type="plans.activity")
    assert (entry.verb, entry.before, entry.after) == (
        "Исправлено понимание срока",
        {"deadline_reading": ""},
        {"deadline_reading": "До 15 ноября"},
    )
    assert "«не понято» → «До 15 ноября»" in text_of(client.get(url(ours, "plan_history", plan.pk)))


def test_expired_document_has_no_form(ours, client, inside, wrong):
    with inside():
        PlanImport.objects.update(expires_at=NOW.replace(year=2020), created_at=NOW.replace(year=2020))
    assert client.get(url(ours, "plan_import_reading", wrong.pk, LINE)).status_code == 404
