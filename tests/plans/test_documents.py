"""The plan printed: in its own words, and so that reading it again gives the same plan."""

import io
from datetime import date
from typing import Any

import docx
import pypdf
import pytest
from django.urls import reverse

from nok_portal.reports import services, tasks
from nok_portal.reports.documents import Document, Stamp, digest_of
from nok_portal.reports.jobs import Progress
from nok_portal.reports.models import BackgroundJob
from nok_portal.reports.writers.docx import write_docx
from nok_portal.reports.writers.xlsx import write_xlsx
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.files import open_file
from plans.enums import DueState
from plans.models import DueDate, Plan
from plans.reports import PlanDocument, days_in_words
from plans.selectors import Line
from plans.services.approval import approve_plan
from plans.services.editions import start_new_edition
from plans.services.imports import import_table
from plans.services.plans import delete_draft
from plans.table import PlanTable, read_plan
from tests.factories import NOW, LegalActFactory, MunicipalityFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db

SOURCE = """\
План мероприятий по проведению независимой оценки качества учреждениями культуры Лесного района на 2026-2028 годы

№ п/п\tМероприятие\tСрок исполнения\tОжидаемый результат\tОтветственные исполнители
I. Подготовка
1.1.\tФормирование перечня организаций\tIV квартал 2026 года\tПеречень утверждён\tОбщественный совет; отдел культуры
1.2.\tЗаключение контракта с оператором\tдо 1 апреля\tКонтракт заключён\t"Отдел культуры
Отдел закупок"
1.3.\tИнформирование учреждений\t\t\t
II. Итоги
2.1.\tУтверждение рейтинга\tв течение 5 рабочих дней после представления отчёта\tПротокол\tОбщественный совет
2.2.\tРазмещение результатов\tежеквартально\tСведения на сайте\tОтдел культуры

Целевые показатели
№ п/п\tПоказатель\t2025 (базовый год)\t2026\t2027\t2028
1\tДоля учреждений, охваченных оценкой, нарастающим итогом, %\t0\t33,3\t66,7\t100
2\tКоличество учреждений, охваченных оценкой, нарастающим итогом, единиц\t0\t5\t10\t15
"""


@pytest.fixture
def municipality():
    return MunicipalityFactory()


def make_plan(municipality, source: str = SOURCE) -> Plan:
    table = read_plan(source.encode(), "план.txt")
    with scope(writable=[municipality.pk]):
        return import_table(table=table, municipality=municipality, actor=None, at=NOW)


def document_of(plan: Plan) -> Document:
    with scope(readable=[plan.municipality_id]):
        return PlanDocument().document(
            municipality=plan.municipality, parameters={"plan": plan.pk}, at=NOW, progress=Progress()
        )


def as_word(document: Document) -> bytes:
    return write_docx(document, Stamp("2026-0001", NOW, digest_of(document), "https://portal.example/"))


def as_excel(document: Document) -> bytes:
    return write_xlsx(document, Stamp("2026-0001", NOW, digest_of(document), "https://portal.example/"))


def approve(plan: Plan, **act: Any) -> Plan:
    """By an act whose words look like a plan's."""
    facts = {"kind": "decree", "number": "41-п", "issuer": "администрации Лесного района", **act}
    with scope(writable=[plan.municipality_id]):
        current = Plan.objects.get(pk=plan.pk)
        current.spheres = ["culture"]
        current.save()
        approving = LegalActFactory(municipality=plan.municipality, adopted_on=date(2026, 1, 15), **facts)
        return approve_plan(plan=current, version=current.version, act=approving, actor=UserFactory(), at=NOW)


def said(table: PlanTable) -> list[Any]:
    return [
        table.title,
        table.period,
        [(section.number, section.title) for section in table.sections],
        [
            (a.number, a.section_index, a.title, a.deadline_text, a.expected_result, a.responsible, a.inherited, a.step)
            for a in table.activities
        ],
        [(t.title, t.unit, t.cumulative, dict(t.values), t.base_year) for t in table.targets],
    ]


SOURCES = [
    SOURCE,
    # without results, sections and targets
    "План на 2026 год\n№\tМероприятие\tСрок\tИсполнитель\n1\tОпрос\tмай\tОтдел\n2\tОтчёт\tиюнь\tОтдел\n",
    # cumulative by the words above the table alone
    SOURCE.replace(", нарастающим итогом", "").replace("Целевые", "Нарастающим итогом: целевые"),
]
FORMS = {"план.docx": as_word, "план.xlsx": as_excel}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("source", SOURCES)
def test_document_read_again_gives_the_same_plan(municipality, source, name):
    printed = FORMS[name](document_of(make_plan(municipality, source)))
    assert said(read_plan(printed, name)) == said(read_plan(source.encode(), "план.txt"))


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("source", SOURCES)
def test_approved_document_read_again_gives_the_same_plan(municipality, source, name):
    plan = approve(make_plan(municipality, source))
    printed = FORMS[name](document_of(plan))
    assert said(read_plan(printed, name)) == said(read_plan(source.encode(), "план.txt"))


def test_document_keeps_words_and_adds_days(municipality):
    document = document_of(make_plan(municipality))
    assert document.mark == ["Проект"]
    heading, first, second, third, *_ = document.tables[0].rows
    assert heading.text == "I. Подготовка"
    assert [getattr(cell, "value", cell) for cell in first] == [
        "1.1.", "Формирование перечня организаций", "IV квартал 2026 года", "Перечень утверждён",
        "Общественный совет; отдел культуры",
    ]  # fmt: skip
    assert first[2].note == "31 декабря 2026"
    assert second[2].note == "1 апреля 2026, 2027, 2028"
    assert second[4].value == "Отдел культуры\nОтдел закупок"
    assert [cell.continued for cell in third[2:]] == [True, True, True]


def test_column_of_results_is_there_only_with_results(municipality):
    plain = "План на 2026 год\n№\tМероприятие\tСрок\tИсполнитель\n1\tОпрос\tмай\tОтдел\n"
    titles = [column.title for column in document_of(make_plan(municipality, plain)).tables[0].columns]
    assert titles == ["№ п/п", "Мероприятие", "Срок исполнения", "Ответственные исполнители"]


def test_approved_plan_names_its_act(municipality):
    plan = approve(make_plan(municipality))
    block = ["УТВЕРЖДЁН", "постановлением администрации Лесного района", "от 15 января 2026 года № 41-п"]
    assert document_of(plan).mark == block
    paragraphs = docx.Document(io.BytesIO(as_word(document_of(plan)))).paragraphs
    assert [paragraph.text for paragraph in paragraphs[:3]] == block


def test_new_edition_names_the_first_act_and_its_own(municipality):
    plan = approve(make_plan(municipality))
    with scope(writable=[municipality.pk]):
        edition = start_new_edition(plan=plan, version=plan.version, actor=UserFactory(), at=NOW)
    assert document_of(edition).mark == ["Проект", "редакция 2"]
    edition = approve(edition, kind="order", number="7", issuer="")
    assert document_of(edition).mark == [
        "УТВЕРЖДЁН", "постановлением администрации Лесного района", "от 15 января 2026 года № 41-п",
        "(в редакции приказа", "от 15 января 2026 года № 7)",
    ]  # fmt: skip
    assert document_of(plan).mark[-1] == "от 15 января 2026 года № 41-п"
    assert document_of(edition).file_name == "План мероприятий 2026–2028, редакция 2"
    for name, write in FORMS.items():
        assert said(read_plan(write(document_of(edition)), name)) == said(read_plan(SOURCE.encode(), "план.txt"))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([date(2026, 12, 31)], "31 декабря 2026"),
        ([date(2028, 12, 31), date(2026, 12, 31)], "31 декабря 2026, 2028"),
        ([date(y, m, 1) for y in (2026, 2027) for m in (3, 6)], "1 марта, 1 июня 2026, 2027"),
        ([date(2026, 12, 31), date(2027, 4, 1)], "31 декабря 2026, 1 апреля 2027"),
        ([date(2026, m, 1) for m in range(1, 13)], "1 января 2026 … 1 декабря 2026, всего 12 дней"),
    ],
)
def test_days_are_told_shortly(days, words):
    dues = tuple(DueDate(window_from=day, window_to=day, state=DueState.OPEN) for day in days)
    cancelled = DueDate(window_from=date(2030, 1, 1), window_to=date(2030, 1, 1), state=DueState.CANCELLED)
    line = Line(activity=None, parties=(), dues=(*dues, cancelled))  # type: ignore[arg-type]
    assert days_in_words(line).replace("\u00a0", " ") == words


def url_of(plan: Plan, file_format: str = "pdf") -> str:
    return reverse("office:plan_document", args=[plan.municipality.slug, plan.pk, file_format])


@pytest.mark.django_db(transaction=True)
def test_button_of_the_plan_ends_in_a_file(client, municipality, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    plan = make_plan(municipality)
    client.force_login(member_of(municipality, Role.COUNCIL_MEMBER))
    answer = client.post(url_of(plan))
    with scope(readable=[municipality.pk]):
        job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("office:job", args=[municipality.slug, job.pk])
    assert job.title == plan.title
    services.run_job(municipality_id=municipality.pk, job_id=job.pk)
    with scope(readable=[municipality.pk]):
        job = BackgroundJob.objects.select_related("file").get()
    assert (job.state, job.done_units, job.error) == ("done", 5, "")
    assert job.file.name == "План мероприятий 2026–2028.pdf"
    with open_file(job.file) as content:
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(content).pages).replace("\u00a0", " ")
    assert "Формирование перечня организаций" in " ".join(text.split())
    assert "1 апреля 2026, 2027, 2028" in " ".join(text.split())
    assert "Документ № 20" in text


@pytest.mark.django_db(transaction=True)
def test_plan_deleted_after_the_order_is_told_plainly(client, municipality, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)
    plan = make_plan(municipality)
    editor = member_of(municipality)
    client.force_login(editor)
    client.post(url_of(plan))
    with scope(writable=[municipality.pk]):
        delete_draft(plan=plan, version=plan.version, actor=editor, at=NOW)
        job = BackgroundJob.objects.get()
    services.run_job(municipality_id=municipality.pk, job_id=job.pk)
    with scope(readable=[municipality.pk]):
        job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "План удалён, документ сделать не из чего.")


def test_document_of_no_plan_in_no_format_or_for_the_ministry(client, municipality):
    plan = make_plan(municipality)
    alien = make_plan(MunicipalityFactory())
    client.force_login(member_of(municipality))
    assert client.get(url_of(plan)).status_code == 405
    assert client.post(url_of(plan, "exe")).status_code == 404
    assert client.post(reverse("office:plan_document", args=[municipality.slug, alien.pk, "pdf"])).status_code == 404
    client.force_login(ministry_of(municipality.region))
    assert client.post(url_of(plan)).status_code == 403
