"""Reports from the order to the file, and the page where a document is checked."""

import io

import openpyxl
import pytest
from django.urls import reverse

from nok_portal.reports import services, tasks
from nok_portal.reports.models import BackgroundJob, IssuedDocument
from nok_portal.reports.ordering import UnknownFormat, order_report
from nok_portal.reports.registry import find_report
from nok_portal.reports.selectors import published_document
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.files import open_file
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db
real_transactions = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: None)


@pytest.fixture
def municipality():
    return MunicipalityFactory()


def order(municipality, owner, file_format="xlsx") -> BackgroundJob:
    with scope(writable=[municipality.pk]):
        return order_report(
            report=find_report("organizations"),
            file_format=file_format,
            parameters={},
            municipality=municipality,
            owner=owner,
            at=NOW,
        )


def document_of(job: BackgroundJob) -> IssuedDocument:
    with scope(readable=[job.municipality_id]):
        return IssuedDocument.objects.select_related("job__file").get(job=job)


@real_transactions
def test_order_becomes_a_numbered_file(municipality):
    with scope(writable=[municipality.pk]):
        OrganizationFactory(
            municipality=municipality, short_name="Читальня", inn="7700000001", recipients_last_year=120
        )
        merged = OrganizationFactory(municipality=municipality, short_name="Дубль")
        merged.merged_into_id = OrganizationFactory(municipality=municipality, short_name="Клуб").pk
        merged.save()
    job = order(municipality, member_of(municipality))
    services.run_job(municipality_id=municipality.pk, job_id=job.pk)
    issued = document_of(job)
    assert (issued.job.state, issued.job.error, issued.job.done_units) == ("done", "", 2)
    assert (issued.number, issued.title) == ("2026-0001", f"Реестр организаций {municipality.name_genitive}")
    assert issued.file_sha256 == issued.job.file.sha256
    assert issued.job.file.name.startswith("Реестр организаций ")
    with open_file(issued.job.file) as content:
        sheet = openpyxl.load_workbook(io.BytesIO(content.read())).worksheets[0]
    assert [cell.value for cell in sheet[6]][2:4] == ["7700000001", "Культура"]
    assert sheet.max_row == 6


def test_numbers_follow_each_other_in_each_municipality(municipality):
    owner = member_of(municipality)
    first, same, second = (order(municipality, owner, way) for way in ("xlsx", "xlsx", "pdf"))
    assert same == first
    assert [document_of(job).number for job in (first, second)] == ["2026-0001", "2026-0002"]
    elsewhere = MunicipalityFactory()
    assert document_of(order(elsewhere, member_of(elsewhere))).number == "2026-0001"


def test_unknown_format_is_refused(municipality):
    with pytest.raises(UnknownFormat, match="Excel, PDF, Word"):
        order(municipality, member_of(municipality), "exe")


@real_transactions
def test_repeated_order_keeps_its_number(municipality, monkeypatch):
    job = order(municipality, member_of(municipality))
    with scope(writable=[municipality.pk]):
        BackgroundJob.objects.filter(pk=job.pk).update(state="failed", finished_at=NOW)
        services.repeat_job(job=job, at=NOW)
    services.run_job(municipality_id=municipality.pk, job_id=job.pk)
    assert document_of(job).number == "2026-0001"
    assert document_of(job).made_at is not None


# --- pages -----------------------------------------------------------------------------------------


def test_page_orders_a_report_and_leads_to_its_job(client, municipality):
    client.force_login(member_of(municipality))
    lists = client.get(reverse("office:reports", args=[municipality.slug])).content.decode()
    page = reverse("office:report", args=[municipality.slug, "organizations"])
    assert page in lists
    answer = client.post(page, {"file_format": "pdf"})
    with scope(readable=[municipality.pk]):
        job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("office:job", args=[municipality.slug, job.pk])
    assert job.parameters == {"format": "pdf"}
    assert job.title in client.get(reverse("office:reports", args=[municipality.slug])).content.decode()


def test_page_with_a_faulty_choice_says_so(client, municipality):
    client.force_login(member_of(municipality))
    answer = client.post(reverse("office:report", args=[municipality.slug, "organizations"]), {"file_format": "exe"})
    assert answer.status_code == 422


def test_unknown_report_is_not_found(client, municipality):
    client.force_login(member_of(municipality))
    assert client.get(reverse("office:report", args=[municipality.slug, "nothing"])).status_code == 404


def test_report_without_the_right_is_neither_listed_nor_made(client, municipality, monkeypatch):
    monkeypatch.setattr(type(find_report("organizations")), "right", "see_journal")
    client.force_login(member_of(municipality, Role.INSTITUTION))
    page = reverse("office:report", args=[municipality.slug, "organizations"])
    assert page not in client.get(reverse("office:reports", args=[municipality.slug])).content.decode()


def test_ministry_reads_and_orders_nothing_in_a_municipality(client, municipality):
    client.force_login(ministry_of(municipality.region))
    page = reverse("office:report", args=[municipality.slug, "organizations"])
    answer = client.post(page, {"file_format": "pdf"})
    assert answer.status_code == 403
    assert "заказывают его сотрудники" in answer.content.decode()


@real_transactions
def test_whoever_holds_a_document_can_check_it(client, municipality):
    job = order(municipality, member_of(municipality), "docx")
    address = reverse("check", args=[municipality.slug, document_of(job).code])
    assert client.get(address).status_code == 404  # ordered and not made yet
    services.run_job(municipality_id=municipality.pk, job_id=job.pk)
    issued = document_of(job)
    page = client.get(address).content.decode()
    for words in (issued.number, issued.short_digest, "Документ сделан порталом"):
        assert words in page
    assert client.get(address.replace(issued.code, issued.code.upper())).status_code == 200
    assert client.get(reverse("check", args=[MunicipalityFactory().slug, issued.code])).status_code == 404
    missing = client.get(reverse("check", args=[municipality.slug, "nothing"]))
    assert missing.status_code == 404
    assert "Такого документа портал не делал" in missing.content.decode()


def test_code_that_looks_like_none_is_asked_of_no_database(client, municipality, django_assert_num_queries):
    with scope(readable=[municipality.pk]), django_assert_num_queries(0):
        for code in ("\x00", "a\x00b", "a" * 21, "а" * 12, "abc-def", "abc\n", ""):
            assert published_document(code) is None
    for code in ("a" * 3000, "а" * 12, "a b"):
        assert client.get(reverse("check", args=[municipality.slug, code])).status_code == 404
    # nothing with that character goes further than the middleware
    assert client.get(f"/{municipality.slug}/check/%00/").status_code in {400, 404}
