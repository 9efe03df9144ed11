"""What stands in a Word file beside plain paragraphs and cells, read as a person sees it."""

import pytest

from plans.table import read_plan
from plans.table.cells import Document, Table
from plans.table.readers.docx import read_docx
from plans.table.words import fold

from .documents import brief, codes
from .packages import WORD, paragraph, part, table_cell, table_row, text_run, with_part, word_table, word_xml

HEAD = table_row("№", "Мероприятие", "Срок", "Исполнитель")
ROW = ["1", "Выставка книг", "май", "Библиотека"]


def read(body: str, **parts: str) -> Document:
    return read_docx(word_xml(body, **parts))


def texts(document: Document) -> list[str | list[list[str]]]:
    """Paragraphs as texts, tables as rows of texts ('^' goes on from above)."""
    return [
        [["^" if cell.merged else fold(cell.text) for cell in row.cells] for row in block.rows]
        if isinstance(block, Table)
        else fold(block.text)
        for block in document.blocks
    ]


def cell_text(content: str) -> str:
    """What is read from a cell with this markup."""
    table = read(word_table(table_row("1", table_cell(content)))).tables[0]
    return table.rows[0].cells[1].text


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
    "<w:r><w:t>код</w:t></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
PLACEHOLDER = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
DELETED = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (paragraph(FIELD.format(text_run("май 2027"))), "май 2027"),
        (paragraph('<w:fldSimple w:instr="PAGE">' + text_run("май") + "</w:fldSimple>"), "май"),
        (paragraph(text_run("тайное", "<w:vanish/>") + text_run("явное", '<w:vanish w:val="0"/>')), "явное"),
        (paragraph(PLACEHOLDER.format(text_run("Место для ввода текста."))), ""),
        (paragraph(text_run("опрос") + '<w:r><w:footnoteReference w:id="2"/></w:r>'), "опрос"),
        (paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), "✓"),
        (paragraph('<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>' + text_run(" сбор")), "• сбор"),
        (paragraph('<w:r><w:sym w:font="Arial" w:char="2116"/></w:r>' + text_run("5")), "№5"),
        (paragraph("\uf0b7 сбор"), "• сбор"),
        (paragraph("Сбор ", DELETED) + paragraph("анкет"), "Сбор анкет"),
        (paragraph('<w:moveFrom w:id="1">' + text_run("май") + "</w:moveFrom>" + text_run("июнь")), "июнь"),
        (paragraph(text_run("до ") + "<m:oMath><m:r><m:t>5</m:t></m:r></m:oMath>"), "до 5"),
    ],
)
def test_text_of_a_cell(content: str, expected: str) -> None:
    assert cell_text(content) == expected


def test_hidden_text_is_told() -> None:
    rows = HEAD + table_row(*ROW) + table_row("2", "Скрытая строка", "", "", properties="<w:hidden/>")
    plan = read_plan(word_xml(word_table(rows)), "план.docx")
    assert (len(plan.activities), "hidden_text" in codes(plan)) == (1, True)


def test_text_boxes_are_read_once() -> None:
    inner = paragraph("ПЛАН работы музея") + word_table(HEAD, table_row(*ROW))
    box = f"<w:txbxContent>{inner}</w:txbxContent>"
    twice = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>"
    head = ["№", "Мероприятие", "Срок", "Исполнитель"]
    for markup in (twice, old):
        assert texts(read(paragraph(markup))) == ["ПЛАН работы музея", [head, ROW]]


def test_a_table_beside_a_menu_is_found_inside_the_page_frame() -> None:
    plan = word_table(HEAD, table_row(*ROW), table_row("2", "Опрос посетителей музея", "июнь", "Музей"))
    frame = word_table(table_row("Меню сайта", table_cell(plan)))
    assert [row.title for row in read_plan(word_xml(frame), "план.docx").activities] == [
        "Выставка книг",
        "Опрос посетителей музея",
    ]


def test_a_table_inside_one_of_many_lines_stays_in_its_cell() -> None:
    inner = word_table(*(table_row("день", "место проведения", "ответственное лицо") for _ in range(5)))
    document = read(word_table(HEAD, table_row("1", table_cell(inner), "май", "Музей"), table_row(*ROW)))
    assert [len(table.rows) for table in document.tables] == [3]
    assert "nested_table" in document.remarks


def test_a_merge_that_goes_on_from_nothing_keeps_its_words() -> None:
    def may(merge: str) -> str:
        return table_cell("май", merge)

    rows = [table_row("1", may("<w:vMerge/>")), table_row("2", may('<w:vMerge w:val="restart"/>'))]
    below = table_row("3", table_cell("", "<w:vMerge/>"))
    assert texts(read(word_table(*rows, below))) == [[["1", "май"], ["2", "май"], ["3", "^"]]]


def level(index: int, text: str, style: str = "decimal", more: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbered(style: str = "", level: int | None = None) -> str:
    """An empty paragraph of a list, by a style or by itself, as an automatic number column has it."""
    own = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
    return paragraph("", f'<w:pStyle w:val="{style}"/>{own}' if style else own)


def list_of(*levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{more}'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


def numbers(cells: list[str], **parts: str) -> list[str]:
    document = read(word_table(*(table_row(table_cell(cell), "x") for cell in cells)), **parts)
    return [row.cells[0].folded for row in document.tables[0].rows]


def test_levels_go_on_and_start_anew() -> None:
    given = [numbered(level=n) for n in (0, 1, 1, 0, 1)]
    roman = list_of(level(0, "%1.", "upperRoman"), level(1, "%1.%2.", more="<w:isLgl/>"))
    assert numbers(given, numbering=roman) == ["I.", "1.1.", "1.2.", "II.", "2.1."]
    endless = list_of(level(0, "%1."), level(1, "%2.", more='<w:lvlRestart w:val="0"/>'))
    assert numbers(given, numbering=endless) == ["1.", "1.", "2.", "2.", "3."]


def test_numbers_by_styles_and_what_they_build_on() -> None:
    lists = list_of(
        level(0, "%1.", more='<w:pStyle w:val="Part"/>'), level(1, "%1.%2", more='<w:pStyle w:val="Item"/>')
    )
    styles = "".join(
        f'<w:style w:styleId="{name}">{base}<w:pPr>{of_list}</w:pPr></w:style>'
        for name, base, of_list in (
            ("Part", "", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
            ("Item", "", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
            ("Kept", '<w:basedOn w:val="Item"/>', ""),
            ("Loop", '<w:basedOn w:val="Loop"/>', ""),
        )
    )
    given = [numbered("Part"), numbered("Item"), numbered("Kept"), numbered("Loop")]
    assert numbers(given, numbering=lists, styles=styles) == ["1.", "1.1", "1.2", ""]


def test_numbers_of_a_list_that_a_style_defines() -> None:
    linked = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="Own"/></w:abstractNum>'
    lists = list_of(level(0, "%1", "decimalZero"), more=linked).replace(
        '<w:num w:numId="1">', '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="1">'
    )
    lists = lists.replace(
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/>', '<w:num w:numId="1"><w:abstractNumId w:val="7"/>'
    )
    styles = '<w:style w:styleId="Own"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    assert numbers([numbered(level=0), numbered(level=0)], numbering=lists, styles=styles) == ["01", "02"]


def test_strict_files_and_other_names_of_the_main_part() -> None:
    body = word_table(HEAD, table_row(*ROW), table_row(table_cell(numbered(level=0)), "Опрос", "июнь", "Музей"))
    usual = word_xml(body, numbering=list_of(level(0, "%1.")))
    renamed = word_xml(body, numbering=list_of(level(0, "%1.")), main="word/document2.xml")
    strict = usual
    for name in ("word/document.xml", "word/numbering.xml", "_rels/.rels"):
        strict = with_part(strict, name, _strict(strict, name))
    plan = brief(read_plan(usual, "план.docx"))
    assert [row[0] for row in plan] == ["1", "1"]
    assert brief(read_plan(renamed, "план.docx")) == plan
    assert brief(read_plan(strict, "план.docx")) == plan


def _strict(content: bytes, name: str) -> bytes:
    return (
        part(content, name)
        .replace(WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        .replace(b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument")
    )
