"""What comes out of the writers, read back by other programs' eyes."""

import io
import zipfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import docx
import openpyxl
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn

from nok_portal.reports.documents import Cell, Column, Document, Heading, Stamp, Table, digest_of, in_words
from nok_portal.reports.writers import pdf
from nok_portal.reports.writers.docx import write_docx
from nok_portal.reports.writers.pdf import FetchRefused, fetch_static, write_pdf
from nok_portal.reports.writers.xlsx import write_xlsx

STAMP = Stamp(
    "2026-0418",
    datetime(2026, 11, 24, 10, 32, tzinfo=timezone(timedelta(hours=3))),
    "9f4c21ae" * 8,
    "https://portal.example/les/check/abc/",
)
ROWS = [
    Heading("I. Подготовка"),
    ("1.", "Перечень\x00 организаций", Cell("до 1 апреля", note="1 апреля 2026"), 1234),
    ("2.", "=HYPERLINK(1)", Cell("до 1 апреля", continued=True), Decimal("33.30")),
    ("3.", "Опрос", date(2026, 12, 1), None),
]
COLUMNS = (Column("№", 12), Column("Мероприятие"), Column("Срок", 40), Column("Число", 30, "right"))
DOCUMENT = Document(
    title="План мероприятий: 2026/2028",
    subtitle="на 2026–2028 годы",
    mark=["УТВЕРЖДЁН", "распоряжением"],
    tables=[Table(COLUMNS, ROWS, numbered=True), Table(COLUMNS[:2], [("1.", "Доля")], title="Целевые показатели")],
    legend="Мелким шрифтом указаны дни.",
)


def text_of_pdf(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


def long_table(count: int) -> Document:
    return Document(title="План", tables=[Table(COLUMNS, [(f"{n}.", "Опрос", "май", n) for n in range(count)])])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (1234567, "1234567"),
        (Decimal("33.30"), "33,3"),
        (Decimal("100.000"), "100"),
        (66.6, "66,6"),
        (date(2026, 12, 1), "01.12.2026"),
        ("при\x07вет\n", "привет\n"),
    ],
)
def test_values_are_written_as_people_write_them(value, words):
    assert in_words(value) == words


def test_digest_follows_what_is_said():
    other = Document(title=DOCUMENT.title, tables=[Table(COLUMNS, [*ROWS[:3], ("3.", "Опрос", None, None)])])
    assert digest_of(DOCUMENT) == digest_of(DOCUMENT)
    assert digest_of(other) != digest_of(Document(title=DOCUMENT.title, tables=[Table(COLUMNS, ROWS)]))


# --- PDF -------------------------------------------------------------------------------------------


def test_pdf_says_everything_and_where_to_check_it():
    text = text_of_pdf(write_pdf(DOCUMENT, STAMP))
    for words in (
        "УТВЕРЖДЁН",
        "I. Подготовка",
        "Перечень организаций",
        "1 апреля 2026",
        "=HYPERLINK(1)",
        "33,3",
        "01.12.2026",
        "Целевые показатели",
        "Мелким шрифтом",
        "Документ № 2026-0418, сформирован 24 ноября 2026 года в 10:32",
        "Контрольная сумма 9f4c 21ae 9f4c 21ae 9f4c 21ae",
        "https://portal.example/les/check/abc/",
        "Лист 1 из 1",
    ):
        assert words in text


def test_pdf_is_tagged_speaks_russian_and_carries_its_fonts():
    with pikepdf.open(io.BytesIO(write_pdf(DOCUMENT, STAMP))) as found:
        assert found.Root.MarkInfo.Marked
        assert str(found.Root.Lang) == "ru"
        assert found.Root.StructTreeRoot.K
        assert found.Root.ViewerPreferences.DisplayDocTitle
        with found.open_metadata() as about:
            assert about["dc:title"] == DOCUMENT.title
            assert about["pdfuaid:part"] == "1"
        fonts = {str(font.BaseFont): font for page in found.pages for font in page.Resources.Font.values()}
        assert {name.partition("+")[2].rpartition("-")[0] or name.partition("+")[2] for name in fonts} <= {
            "PT-Serif", "PT-Sans", "PT-Serif-Bold", "PT-Sans-Bold", "PT",
        }  # fmt: skip
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts.values())


def test_pdf_can_be_archived():
    """What PDF/A-3a asks for and can be seen from outside: its claim, colours inside, dates that agree, an identifier."""
    with pikepdf.open(io.BytesIO(write_pdf(DOCUMENT, STAMP))) as found:
        (intent,) = found.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        with found.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
            assert about["xmp:CreateDate"] == "2026-11-24T10:32:00+03:00"
        assert str(found.docinfo["/CreationDate"]) == "D:20261124103200+03'00"
        # a schema that is not of PDF/A itself is described
        said = str(found.Root.Metadata.read_bytes(), "utf-8")
        assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in said
        assert found.trailer.ID
        assert "/Encrypt" not in found.trailer


def test_pdf_of_the_same_document_is_the_same():
    assert write_pdf(DOCUMENT, STAMP) == write_pdf(DOCUMENT, STAMP)


def test_pdf_repeats_the_head_on_each_page():
    pages = pypdf.PdfReader(io.BytesIO(write_pdf(long_table(80), STAMP))).pages
    assert len(pages) > 2
    assert all("Мероприятие" in page.extract_text() for page in pages)
    assert f"Лист 2 из {len(pages)}" in pages[1].extract_text().replace("\u00a0", " ")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.css",
        "file:///etc/passwd",
        "static:../manage.py",
        "static:css/../../manage.py",
        "static:no",
    ],
)
def test_pdf_fetches_nothing_but_static_files(address):
    with pytest.raises(FetchRefused):
        fetch_static(address)


def test_markup_in_values_stays_words(monkeypatch):
    asked = []
    monkeypatch.setattr(pdf, "fetch_static", lambda url, *rest: asked.append(url) or fetch_static(url))
    words = '<img src="file:///etc/passwd"> <b>и</b>'
    content = write_pdf(Document(title=words, tables=[Table(COLUMNS[:1], [(words,)])]), STAMP)
    assert asked == ["static:css/print.css"]
    assert words in text_of_pdf(content)


# --- Word ------------------------------------------------------------------------------------------


def test_docx_is_a_lying_sheet_with_styles_and_a_head_that_repeats():
    word = docx.Document(io.BytesIO(write_docx(DOCUMENT, STAMP)))
    section = word.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == (pytest.approx(297, abs=1), pytest.approx(210, abs=1))
    assert [(p.style.name, p.text) for p in word.paragraphs if p.text] == [
        ("Гриф", "УТВЕРЖДЁН"),
        ("Гриф", "распоряжением"),
        ("Title", DOCUMENT.title),
        ("Subtitle", DOCUMENT.subtitle),
        ("Heading 1", "Целевые показатели"),
    ]
    rows = word.tables[0].rows
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert [cell.text for cell in rows[3].cells] == ["1.", "Перечень организаций", "до 1 апреля", "1234"]
    assert rows[2].cells[0]._tc is rows[2].cells[3]._tc  # the heading goes across
    assert rows[3].cells[2]._tc is rows[4].cells[2]._tc  # the cell that goes on
    assert [round(cell.width.mm) for cell in rows[5].cells] == [12, 183, 40, 30]
    footer = section.footer.paragraphs[0]
    assert "Документ № 2026-0418" in footer.text
    assert [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_docx_has_no_small_words_of_the_portal():
    with zipfile.ZipFile(io.BytesIO(write_docx(DOCUMENT, STAMP))) as archive:
        said = archive.read("word/document.xml").decode()
    assert "до 1 апреля" in said
    assert "1 апреля 2026" not in said


# --- Excel -----------------------------------------------------------------------------------------


def test_xlsx_keeps_numbers_days_and_words_apart():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(DOCUMENT, STAMP)))
    assert book.sheetnames == ["План мероприятий  2026 2028", "Целевые показатели", "О документе"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["D"][:2]] == ["УТВЕРЖДЁН", "распоряжением"]
    assert [cell.value for cell in sheet["A"][2:6]] == [DOCUMENT.title, DOCUMENT.subtitle, None, "№"]
    assert sheet.freeze_panes == "A7"
    assert sheet.auto_filter.ref == "A6:D10"
    assert sheet["A7"].value == "I. Подготовка"
    assert sheet["B8"].value == "Перечень организаций"
    assert (sheet["D8"].value, sheet["D8"].number_format) == (1234, "#,##0")
    assert (sheet["D9"].value, sheet["D9"].data_type) == (33.3, "n")
    assert (sheet["C10"].value, sheet["C10"].number_format) == (datetime(2026, 12, 1), "dd.mm.yyyy")
    assert (sheet["B9"].value, sheet["B9"].data_type, sheet["B9"].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert sheet["A8"].quotePrefix is False
    about = [cell.value for cell in book.worksheets[-1]["A"]]
    assert about == [
        "Документ № 2026-0418, сформирован 24.11.2026 10:32",
        "Контрольная сумма 9f4c 21ae 9f4c 21ae 9f4c 21ae",
        "Проверить: https://portal.example/les/check/abc/",
    ]


def test_xlsx_cells_that_go_on_are_one_cell():
    rows = [("1.", Cell("до 1 мая")), ("2.", Cell("до 1 мая", continued=True)), ("3.", Cell("до 1 мая", continued=True)),
            ("4.", Cell("до 1 июня"))]  # fmt: skip
    table = Table((Column("№", 12), Column("Срок")), rows)
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(Document("План", [table]), STAMP))).worksheets[0]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["B4:B6"]
    assert [sheet[f"B{row}"].value for row in (4, 7)] == ["до 1 мая", "до 1 июня"]


def test_xlsx_names_of_sheets_are_short_plain_and_once():
    tables = [Table(COLUMNS[:1], [], title=title) for title in ("Итоги: [за] год/" + "я" * 40, "ИТОГИ", "итоги", "''")]
    names = openpyxl.load_workbook(io.BytesIO(write_xlsx(Document("План", tables), STAMP))).sheetnames
    assert names == ["Итоги   за  год " + "я" * 15, "ИТОГИ", "итоги (2)", "Лист", "О документе"]


def test_xlsx_cuts_what_no_cell_can_hold():
    table = Table(COLUMNS[:1], [("я" * 40_000,)])
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(Document("План", [table]), STAMP))).worksheets[0]
    assert len(sheet["A4"].value) == 32_767
