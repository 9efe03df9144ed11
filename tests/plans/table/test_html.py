"""Tables as programs put them on the clipboard."""

import pytest

from plans.table import UnreadableFile, read_pasted
from plans.table.cells import Document, Table
from plans.table.readers.html import read_html
from plans.table.words import fold

from .documents import HEAD, ROWS, brief

PLAIN = [(number, title, deadline, (party,)) for number, title, deadline, party in ROWS]


def row(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


TABLE = f"<table>{row(*HEAD, tag='th')}{''.join(row(*cells) for cells in ROWS)}</table>"


def texts(html: str) -> list[str | list[list[str]]]:
    """Paragraphs as texts, tables as rows of texts ('^' goes on from above)."""
    return [
        [["^" if cell.merged else fold(cell.text) for cell in line.cells] for line in block.rows]
        if isinstance(block, Table)
        else fold(block.text)
        for block in read_html(html).blocks
    ]


def cell(html: str) -> str:
    document: Document = read_html(f"<table><tr><td>1<td>{html}</table>")
    return document.tables[0].rows[0].cells[1].text


def test_a_pasted_table_is_preferred_to_its_plain_text() -> None:
    text = "\n".join("\t".join(cells) for cells in (HEAD, *ROWS[:1]))
    assert brief(read_pasted(text, html=f"<h1>План</h1>{TABLE}")) == PLAIN
    assert brief(read_pasted("", html=TABLE)) == PLAIN
    for useless in ("<p>no table</p>", "<table><tr><td>меню</table>", ""):
        assert len(read_pasted(text, html=useless).activities) == 1


def test_spans_make_merged_cells() -> None:
    html = """<table><tr><td rowspan=2>№<td rowspan="2">Дело<td colspan=2>Срок<tr><td>с<td>по
        <tr><td>1<td>Опрос<td>май<td rowspan=3>июнь<tr><td colspan=3>Итоги<tr><td>2<td>Отчёт<td>июль</table>"""
    table = read_html(html).tables[0]
    assert [[(part.text.strip(), part.span, part.merged) for part in line.cells] for line in table.rows[:2]] == [
        [("№", 1, False), ("Дело", 1, False), ("Срок", 2, False)],
        [("", 1, True), ("", 1, True), ("с", 1, False), ("по", 1, False)],
    ]
    assert texts(html)[0][2:] == [["1", "Опрос", "май", "июнь"], ["Итоги", "^"], ["2", "Отчёт", "июль", "^"]]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("выставка<br>книг", "выставка\nкниг"),
        ("<p>выставка\n книг</p><p>опрос</p>", "выставка книг\nопрос"),
        ("&laquo;Дом&raquo; &lt;1&gt; &madeup;", "«Дом» <1> &madeup;"),
        ("опрос<script>x<y</script><style>p{}</style><!-- нет -->", "опрос"),
        ("опрос<span style='DISPLAY: none'>тайна</span><o:p>&nbsp;</o:p>", "опрос"),
        ("<del>март</del><ins>май</ins>", "май"),
        ("опрос<a href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a>", "опрос"),
        ("опрос<span class=MsoFootnoteReference>1</span>", "опрос"),
        ("<a href='#part'>опрос</a>", "опрос"),
        ("<ol start=3><li><p>сбор</p></li><li>печать</li></ol>", "3. сбор\n4. печать"),
        ("<ol type=a><li>сбор</ol><ul><li>печать</ul>", "a. сбор\n• печать"),
        ("<ol style='list-style-type: upper-roman'><li></li></ol>", "I."),
        ("<table><tr><td>день<td>место</table>", "день место"),
        (
            "<p><![if !supportLists]><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span><![endif]>сбор</p>",
            "2. сбор",
        ),
        (
            "<!--[if !supportLists]--><span style='mso-list:Ignore'>o<span>&nbsp;</span></span><!--[endif]-->сбор",
            "• сбор",
        ),
    ],
)
def test_text_of_a_cell(html: str, expected: str) -> None:
    assert "\n".join(fold(line) for line in cell(html).split("\n")) == expected


def test_what_word_excel_google_and_sites_wrap_around() -> None:
    word = f"<html><head><meta charset=windows-1251><style><!-- td {{}} --></style></head><body>{TABLE}</body></html>"
    excel = TABLE.replace("<table>", "<table><!--StartFragment--><col width=64>").replace(
        "</table>", "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td></tr><![endif]></table>"
    )
    google = f'<meta charset="utf-8"><google-sheets-html-origin><style><!--td {{}}--></style>{TABLE}'
    site = f"<table><tr><td>Меню</td><td>{TABLE}</td></tr></table>"
    for html in (word, excel, google, site):
        assert brief(read_pasted("", html=html)) == PLAIN


def test_headings_between_tables_are_sections() -> None:
    plan = read_pasted("", html=f"<h2>I. Подготовка</h2>{TABLE}<h2>II. Итоги</h2>{TABLE}")
    assert [section.number for section in plan.sections] == ["I", "II"]
    assert [activity.section for activity in plan.activities] == ["I"] * 3 + ["II"] * 3


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + ("<tr>" + "<td rowspan=300 colspan=200>x" * 300) * 100,
        "<table><tr><td>" * 100,
        "<table><tr><td>" + "x" * (8 * 1024 * 1024),
    ],
)
def test_html_without_end_is_refused(html: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_pasted("", html=html)
    assert caught.value.code == "too_large"


def test_html_that_is_broken_is_read_as_far_as_it_goes() -> None:
    html = (
        f"</td></table><ol></ol></li><td>{TABLE}<table><td>x<li><tr rowspan=x><td colspan=-1 rowspan=0>" + "<b>" * 5000
    )
    assert brief(read_pasted("", html=html)) == PLAIN
