"""A document as Word: styles instead of formatting by hand, so that a person can go on working with it."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ..documents import Column, Document, Heading, Row, Stamp, Table, as_cell, clean, in_words

FONT = "Times New Roman"  # on every clerk's machine
PAGE = (297, 210)  # millimetres
MARGINS = {"left": 20, "right": 12, "top": 15, "bottom": 18}
WIDTH = PAGE[0] - MARGINS["left"] - MARGINS["right"]
ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}

# name: based on, size, bold, alignment, space before and after in points
STYLES: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Normal": ("", 12, False, "left", 0, 0),
    "Title": ("Normal", 14, True, "center", 12, 0),
    "Subtitle": ("Normal", 12, False, "center", 0, 12),
    "Heading 1": ("Normal", 12, True, "left", 14, 6),
    "Гриф": ("Normal", 12, False, "left", 0, 0),
    "Шапка таблицы": ("Normal", 11, True, "center", 2, 2),
    "Раздел таблицы": ("Normal", 12, True, "center", 3, 3),
    "Текст таблицы": ("Normal", 12, False, "left", 2, 2),
    "Пояснение": ("Normal", 10, False, "left", 8, 0),
    "Footer": ("Normal", 9, False, "left", 0, 0),
}


def write_docx(document: Document, stamp: Stamp) -> bytes:
    """The document on A4 landscape, without the small words under values: they are no part of an act."""
    word = docx.Document()
    _set_up_page(word)
    _set_up_styles(word)
    _describe(word, document, stamp)
    for line in document.mark:
        paragraph = word.add_paragraph(clean(line), style="Гриф")
        paragraph.paragraph_format.left_indent = Mm(WIDTH - 90)
    word.add_paragraph(clean(document.title), style="Title")
    # an empty paragraph keeps the table away from the title when there is nothing to say
    word.add_paragraph(clean(document.subtitle), style="Subtitle")
    for table in document.tables:
        if table.title:
            word.add_paragraph(clean(table.title), style="Heading 1")
        _add_table(word, table)
    _add_footer(word, stamp)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _set_up_page(word: Any) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.footer_distance = Mm(9)
    for side, size in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(size))


def _set_up_styles(word: Any) -> None:
    known = {style.name for style in word.styles}
    for title, (base, size, bold, align, before, after) in STYLES.items():
        style = word.styles[title] if title in known else word.styles.add_style(title, WD_STYLE_TYPE.PARAGRAPH)
        if base:
            style.base_style = word.styles[base]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        # what the library's own template brings along: a line under the title, wide letters, tab stops
        for place, name in (("pPr", "pBdr"), ("rPr", "spacing"), ("rPr", "kern"), ("pPr", "tabs")):
            for found in style.element.findall(f"{qn(f'w:{place}')}/{qn(f'w:{name}')}"):
                found.getparent().remove(found)
        style.paragraph_format.alignment = ALIGN[align]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "ru-RU")


def _describe(word: Any, document: Document, stamp: Stamp) -> None:
    about = word.core_properties
    about.title, about.author, about.comments = clean(document.title)[:255], "НОК-портал", f"Документ № {stamp.number}"
    about.language = "ru-RU"
    about.created = about.modified = stamp.made_at.replace(tzinfo=None)


def _add_table(word: Any, table: Table) -> None:
    widths = _widths(table.columns)
    drawn = word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for place, width in enumerate(widths):
        drawn.columns[place].width = Mm(width)
    _add_head(drawn, [column.title for column in table.columns], widths)
    if table.numbered:
        _add_head(drawn, [str(place) for place in range(1, len(table.columns) + 1)], widths)
    above: list[Any] = []
    for row in table.rows:
        if isinstance(row, Heading):
            _add_heading(drawn, row, widths)
            above = []
        else:
            above = _add_row(drawn, row, table.columns, widths, above)


def _add_head(drawn: Any, words: Sequence[str], widths: Sequence[float]) -> None:
    row = _new_row(drawn, widths)
    repeat = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(repeat)
    for cell, text in zip(row.cells, words, strict=True):
        _write(cell, text, "Шапка таблицы")


def _add_heading(drawn: Any, heading: Heading, widths: Sequence[float]) -> None:
    cells = _new_row(drawn, widths).cells
    merged = cells[0].merge(cells[-1])
    _write(merged, heading.text, "Раздел таблицы")
    merged.paragraphs[0].paragraph_format.keep_with_next = True


def _add_row(
    drawn: Any, row: Row, columns: Sequence[Column], widths: Sequence[float], above: Sequence[Any]
) -> list[Any]:
    """Cells that go on are merged with the one above; answers the cells that the next row may go on from."""
    cells = list(_new_row(drawn, widths).cells)
    for place, value in enumerate(row):
        cell = as_cell(value)
        if cell.continued and above:
            cells[place] = above[place].merge(cells[place])
        else:
            _write(cells[place], in_words(cell.value), "Текст таблицы")
            if columns[place].align != "left":
                cells[place].paragraphs[0].alignment = ALIGN[columns[place].align]
    return cells


def _new_row(drawn: Any, widths: Sequence[float]) -> Any:
    row = drawn.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
    return row


def _write(cell: Any, text: str, style: str) -> None:
    """Lines of the text are lines of one paragraph."""
    paragraph = cell.paragraphs[0]
    # by its identifier, as python-docx makes it: by its name it would be looked for among all styles in each cell
    paragraph._p.style = style.replace(" ", "")
    paragraph.add_run(clean(text))


def _widths(columns: Sequence[Column]) -> list[float]:
    free = [column for column in columns if column.width is None]
    left = WIDTH - sum(column.width for column in columns if column.width is not None)
    return [column.width if column.width is not None else left / len(free) for column in columns]


def _add_footer(word: Any, stamp: Stamp) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = "Footer"
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(
        f"Документ № {stamp.number}, сформирован {stamp.made_at:%d.%m.%Y} в {stamp.made_at:%H:%M}."
        f" Проверить: {stamp.check_url}\tЛист "
    )
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" из ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
