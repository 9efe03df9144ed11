"""A document as PDF that can be archived and read aloud, by WeasyPrint from templates/reports/document.html.

It claims PDF/A-3a (ISO 19005-3: fonts and colours inside, tags) and PDF/UA-1 (ISO 14289-1) at once.
"""

import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..documents import Document, Heading, Stamp, Table, as_cell

STATIC = "static:"  # address of a file that comes with the portal
PDF_UA = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.WARNING)


class FetchRefused(Exception):
    """A document asked for something that does not come with the portal."""


def write_pdf(document: Document, stamp: Stamp) -> bytes:
    """The document on A4 landscape. The same document and stamp give the same bytes."""
    from weasyprint import CSS, HTML  # loads Pango; only workers need it

    html = render_to_string("reports/document.html", _context(document, stamp))
    sheets = [
        CSS(url=f"{STATIC}css/print.css", url_fetcher=fetch_static),
        CSS(string=_widths(document.tables), url_fetcher=fetch_static),
    ]
    content = io.BytesIO()
    with warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        HTML(string=html, base_url=STATIC, url_fetcher=fetch_static).write_pdf(
            content,
            finisher=_claim_accessibility,
            stylesheets=sheets,
            pdf_variant="pdf/a-3a",
            pdf_identifier=stamp.number.encode(),
        )
    return content.getvalue()


def _claim_accessibility(document: Any, pdf: Any) -> None:
    """WeasyPrint names one standard; the other is named here, with the schema that PDF/A asks for."""
    reference = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[reference]
    stream.stream = [b"".join(stream.stream).replace(b"</rdf:RDF>", f"{PDF_UA}</rdf:RDF>".encode())]


def fetch_static(url: str, *args: Any, **kwargs: Any) -> Any:
    """WeasyPrint's only way to anything: files below static/. No network, no other file of the machine."""
    from weasyprint.urls import URLFetcherResponse

    name = url.removeprefix(STATIC)
    found = finders.find(name) if url.startswith(STATIC) and ".." not in name else None
    if not isinstance(found, str):
        raise FetchRefused(url)
    return URLFetcherResponse(url, Path(found).read_bytes())


def _context(document: Document, stamp: Stamp) -> dict[str, Any]:
    return {
        "document": document,
        "stamp": stamp,
        "qr": _qr(stamp.check_url),
        "tables": [{"table": table, "rows": _rows(table)} for table in document.tables],
    }


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    """Words of a cell that goes on are repeated: a merged cell would lose them on the next page."""
    for row in table.rows:
        if isinstance(row, Heading):
            yield {"heading": row.text}
        else:
            yield {"cells": list(zip(table.columns, map(as_cell, row), strict=True))}


def _qr(address: str) -> SafeString:
    return mark_safe(segno.make(address, error="m").svg_inline(border=0, omitsize=True, dark="#17252b"))  # noqa: S308


def _widths(tables: Any) -> str:
    return "\n".join(
        f"#t{number} col:nth-child({place}) {{ width: {column.width}mm }}"
        for number, table in enumerate(tables, 1)
        for place, column in enumerate(table.columns, 1)
        if column.width
    )
