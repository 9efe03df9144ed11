"""Files that are no plan in .docx, .xlsx or text: each is refused with words that say what to do."""

import contextlib
import io
import re
import struct
import time

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.table import UnreadableFile, read_pasted, read_plan, read_plan_bounded
from plans.table.readers import archive as archive_reader
from plans.table.readers.archive import MAX_PART

from .documents import HEAD, ROWS, brief, excel, word
from .packages import package, packed, part, with_part

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(content: bytes, filename: str) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_plan(content, filename)
    return caught.value


@pytest.mark.parametrize(
    ("content", "filename", "code", "words"),
    [
        (b"", "план.docx", "empty", "пуст"),
        (b"%PDF-1.7\n...", "план.pdf", "pdf", ".docx"),
        (b"%PDF-1.7\n...", "план.docx", "pdf", "PDF"),
        (b"{\\rtf1\\ansi ...}", "план.rtf", "rtf", "сохраните как"),
        (b"{\\rtf1\\ansi ...}", "план.docx", "rtf", "RTF"),
        (OLE, "план.doc", "doc", "сохраните как «Документ Word (.docx)»"),
        (OLE, "план.docx", "doc", ".doc"),
        (OLE, "план.xls", "xls", "«Книга Excel (.xlsx)»"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "план.docx", "encrypted", "паролем"),
        (b"no zip at all", "план.docx", "broken", "повреждён"),
        (b"PK\x03\x04 cut off", "план.docx", "broken", "повреждён"),
        (b"GIF89a", "план.gif", "picture", ".gif"),
        (b"\xff\xd8\xff\xe0 scan", "план.docx", "picture", "исходный документ"),
        (b"RAR!\x1a\x07", "план.rar", "unknown", ".rar"),
        (b"<html><body><table>", "план.doc", "html", "веб-страница (.doc)"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "план.xls", "html", "скопируйте таблицу"),
        (packed({"Index/Document.iwa": b"x"}), "план.pages", "pages", "Pages"),
        (package("xl/workbook.bin"), "план.xlsb", "xlsb", "двоичная"),
        (package("ppt/presentation.xml"), "план.pptx", "pptx", "презентация"),
        (packed({"readme.txt": b"x"}), "план.zip", "archive", "архив"),
        (packed({"readme.txt": b"x"}), "план.docx", "broken", "повреждён"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "план.odt", "odt", "OpenDocument"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "план.ods", "ods", "(.ods)"),
        (bytes(range(256)), "план.txt", "encoding", "не текст"),
    ],
)
def test_refused_with_what_to_do(content: bytes, filename: str, code: str, words: str) -> None:
    error = refusal(content, filename)
    assert (error.code, words in str(error)) == (code, True)


def test_macros() -> None:
    content = with_part(word(HEAD, *ROWS), "word/vbaProject.bin", b"\0")
    assert refusal(content, "план.docx").code == "macros"
    assert refusal(content, "план.docm").code == "macros"


def test_broken_xml_and_entities() -> None:
    plain = word(HEAD, *ROWS)
    assert refusal(with_part(plain, "word/document.xml", b"<w:document"), "план.docx").code == "broken"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    assert refusal(with_part(plain, "word/document.xml", bomb), "план.docx").code == "broken"


def test_part_that_unpacks_too_large() -> None:
    content = with_part(word(HEAD, *ROWS), "word/document.xml", b"<a>" + b" " * (MAX_PART + 1) + b"</a>")
    assert len(content) < 100_000
    assert refusal(content, "план.docx").code == "too_large"


def test_part_that_lies_about_its_size() -> None:
    """The declared size is small, what comes out is not."""
    content = bytearray(with_part(word(HEAD, *ROWS), "word/document.xml", b" " * (MAX_PART + 1)))
    real = struct.pack("<L", MAX_PART + 1)
    while (place := content.find(real)) >= 0:
        content[place : place + 4] = struct.pack("<L", 1000)
    assert refusal(bytes(content), "план.docx").code in {"too_large", "broken"}


def test_workbook_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet is a stream and may be larger than other parts, yet not without end."""
    monkeypatch.setattr(archive_reader, "MAX_STREAM", 2_000_000)
    content = with_part(excel([HEAD, *ROWS]), "xl/worksheets/sheet1.xml", b"<worksheet>" + b"<row/>" * 400_000)
    assert refusal(content, "план.xlsx").code == "too_large"


def test_thousands_of_parts() -> None:
    content = packed({f"word/{number}.xml": b"" for number in range(3100)})
    assert refusal(content, "план.docx").code == "too_large"


def test_nesting_without_end() -> None:
    deep = b"<w:tbl><w:tr><w:tc>" * 3000 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 3000
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = b'<w:document xmlns:w="' + space + b'"><w:body>' + deep + b"</w:body></w:document>"
    assert refusal(with_part(word(HEAD, *ROWS), "word/document.xml", document), "план.docx").code == "broken"


def test_polyglot_is_read_as_what_its_bytes_are() -> None:
    assert refusal(b"%PDF-1.4\n" + word(HEAD, *ROWS), "план.docx").code == "pdf"
    assert len(read_plan(word(HEAD, *ROWS), "план.xlsx").activities) == 3
    assert len(read_plan(excel([HEAD, *ROWS]), "план").activities) == 3


def test_wrong_name_of_a_good_file() -> None:
    assert brief(read_plan(word(HEAD, *ROWS), "план.doc")) == brief(read_plan(word(HEAD, *ROWS), "план.docx"))


def test_bounded_reading_gives_the_same_plan_and_the_same_refusals() -> None:
    content = word(HEAD, *ROWS)
    assert read_plan_bounded(content, "план.docx") == read_plan(content, "план.docx")
    with pytest.raises(UnreadableFile) as caught:
        read_plan_bounded(with_part(content, "word/document.xml", b"<w:document"), "план.docx")
    assert caught.value.code == "broken"


def test_a_table_too_large_for_the_bounds_is_refused_in_words() -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=2)
    content = io.BytesIO()
    document.save(content)
    row = b"<w:tr>" + b"<w:tc><w:p/></w:tc>" * 60 + b"</w:tr>"
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    big = b'<w:document xmlns:w="' + space + b'"><w:body><w:tbl>' + row * 1700 + b"</w:tbl></w:body></w:document>"
    with pytest.raises(UnreadableFile) as caught:
        read_plan_bounded(with_part(content.getvalue(), "word/document.xml", big), "план.docx")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("unit", ["2026, ", " совместно с Отдел", "(далее ", "«", "и ", "\n- x"])
@pytest.mark.parametrize("place", ["above", "title", "deadline", "party"])
def test_endless_text_is_read_in_reasonable_time(unit: str, place: str) -> None:
    big = (unit * 40_000)[:15_000]
    cells = {"title": "Опрос", "deadline": "май", "party": "Отдел"} | ({place: f'"{big}"'} if place != "above" else {})
    text = "\t".join(HEAD) + "\n1\t" + "\t".join(cells.values())
    started = time.process_time()
    read_pasted(f"{big}\n{text}" if place == "above" else text)
    assert time.process_time() - started < 3


WHOLE = {
    "план.docx": word(HEAD, *ROWS, above=["План"]),
    "план.xlsx": excel([HEAD, *ROWS], merged=["A3:A4"]),
    "план.txt": "\n".join("\t".join(row) for row in (HEAD, *ROWS)).encode(),
}
MUTATIONS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8), st.integers(0, 8)), max_size=4)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(content: bytes, name: str) -> None:
    with contextlib.suppress(UnreadableFile):
        read_plan(content, name)


@SLOW
@given(st.binary(max_size=400), st.sampled_from([*WHOLE, "план.doc", "план"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        read_or_refused(start + content, name)


def mutated(content: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """A copy with bytes put in, and some after them left out, at places given as shares of the whole."""
    for place, put, left_out in changes:
        at = int(place * len(content))
        content = content[:at] + put + content[at + left_out :]
    return content


@SLOW
@given(st.sampled_from(sorted(WHOLE)), MUTATIONS)
def test_any_damaged_file_is_read_or_refused(name: str, changes: list[tuple[float, bytes, int]]) -> None:
    read_or_refused(mutated(WHOLE[name], changes), name)


PIECES = [
    "",
    "-1",
    "99999999999999999999",
    "²",
    "<w:tbl>",
    "</w:tc>",
    "<w:tr/>",
    "<w:vMerge/>",
    "&#1;",
    "A1:ZZZ9",
    "e",
    '"',
]
PARTS = {
    "план.docx": ["word/document.xml", "word/styles.xml", "_rels/.rels", "word/_rels/document.xml.rels"],
    "план.xlsx": ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"],
}


@SLOW
@given(st.data())
def test_any_damaged_markup_is_read_or_refused(data: st.DataObject) -> None:
    """Attributes with other values, pieces of markup put in or left out, the archive around them whole."""
    name = data.draw(st.sampled_from(sorted(PARTS)))
    inner = data.draw(st.sampled_from(PARTS[name]))
    markup = part(WHOLE[name], inner).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        values = [found.span(1) for found in re.finditer(r'"([^"]*)"|>([^<]*)<', markup) if found[1] is not None]
        start, end = data.draw(st.sampled_from(values))
        if data.draw(st.booleans()):
            end = start = markup.find(">", end) + 1
        markup = markup[:start] + data.draw(st.sampled_from(PIECES)) + markup[end:]
    read_or_refused(with_part(WHOLE[name], inner, markup.encode()), name)


@SLOW
@given(st.lists(st.sampled_from("<table>|<tr>|<td rowspan=2>|<td colspan=3>|</td>|</tr>|</table>|<ol>|<li>|</ol>|<p>|<br>"
                                "|<span style='mso-list:Ignore'>|</span>|1|опрос|<th>|<tr hidden>|<!--|-->|&".split("|")),
                max_size=30))  # fmt: skip
def test_any_html_is_read_or_refused(pieces: list[str]) -> None:
    with contextlib.suppress(UnreadableFile):
        read_pasted("", html="<table>" + "".join(pieces))


def test_a_mistake_of_the_reader_is_a_refusal_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("plans.table.reading.run_bounded", fails)
    with pytest.raises(UnreadableFile) as caught:
        read_plan_bounded(WHOLE["план.docx"], "план.docx")
    assert caught.value.code == "unreadable"
