"""A document as tagged PDF (PDF/UA-1), by WeasyPrint from templates/reports/document.html."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..documents import Document, Heading, Stamp, Table, as_cell

STATIC = "static:"  # address of a file that comes with the portal

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
    HTML(string=html, base_url=STATIC, url_fetcher=fetch_static).write_pdf(
        content,
        stylesheets=sheets,
        pdf_variant="pdf/ua-1",
        pdf_identifier=stamp.number.encode(),
    )
    return content.getvalue()


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
