"""Office files written part by part, for what the libraries that write them cannot make."""

import io
import zipfile

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPACES = {
    "w": WORD,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())


def packed(parts: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """A copy of an office file with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        return packed({entry: given.read(entry) for entry in given.namelist() if entry != name} | {name: data})


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        return given.read(name)


def relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{links}</Relationships>'


def package(main: str) -> bytes:
    """A file that holds nothing but its relation to the document itself."""
    return packed({"_rels/.rels": relations({"officeDocument": main}), main: "<x/>"})


def word_xml(body: str, *, numbering: str = "", styles: str = "", main: str = "word/document.xml") -> bytes:
    """A .docx with this markup; its main part may have any name."""
    folder, _, name = main.rpartition("/")
    return packed({
        "_rels/.rels": relations({"officeDocument": f"/{main}"}),
        f"{folder}/_rels/{name}.rels": relations({"numbering": "numbering.xml", "styles": "styles.xml"}),
        main: f"<w:document {_DECLARED}><w:body>{body}</w:body></w:document>",
        f"{folder}/numbering.xml": f"<w:numbering {_DECLARED}>{numbering}</w:numbering>",
        f"{folder}/styles.xml": f"<w:styles {_DECLARED}>{styles}</w:styles>",
    })  # fmt: skip


def text_run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of a text or of markup."""
    inner = content if content.startswith("<") or not content else text_run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def table_cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table_row(*cells: str, properties: str = "") -> str:
    inner = "".join(cell if cell.startswith("<w:tc>") else table_cell(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def word_table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def sheet_xml(rows: str, *, after: str = "", shared: str = "") -> bytes:
    """A workbook with one sheet of this markup."""
    return packed({
        "_rels/.rels": relations({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": relations(
            {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
        ),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="План" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{shared}</sst>',
    })  # fmt: skip


def sheet_row(number: int, *texts: str, properties: str = "") -> str:
    cells = "".join(
        f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in enumerate(texts)
        if text
    )
    return f'<row r="{number}" {properties}>{cells}</row>'
