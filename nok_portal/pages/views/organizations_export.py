"""Excel files of the organizations register: the list as it is shown, and an example to fill in."""

import io
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from nok_portal.tenants.access import office_page
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.forms.organizations import OrganizationFilterForm
from nok_portal.tenants.register.cells import without_control
from nok_portal.tenants.register.columns import letter_of
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from nok_portal.tenants.selectors.organizations import organizations_for_list

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# titles that the import understands: a file from here can be corrected and loaded again
COLUMNS = (
    ("name", "Полное наименование", 60),
    ("short_name", "Краткое наименование", 32),
    ("inn", "ИНН", 14),
    ("sphere", "Сфера", 24),
    ("organization_type", "Тип", 22),
    ("founder", "Учредитель", 36),
    ("address", "Адрес", 44),
    ("site", "Сайт", 30),
    ("head_post", "Должность руководителя", 24),
    ("head_name", "Руководитель", 32),
    ("recipients_last_year", "Получателей услуг за прошлый год", 20),
    ("active_from", "Действует с", 14),
    ("active_to", "Действует по", 14),
)
EXAMPLE: tuple[dict[str, Any], ...] = (
    {
        "name": "Муниципальное бюджетное учреждение культуры «Центральная библиотека»",
        "short_name": "МБУК «Центральная библиотека»",
        "inn": inn_from("990100101"),
        "sphere": Sphere.CULTURE.label,
        "organization_type": "библиотека",
        "founder": "Администрация района",
        "address": "пос. Лесной, ул. Школьная, д. 1",
        "site": "https://library.example.ru",
        "head_post": "Директор",
        "head_name": "Фамилия Имя Отчество",
        "recipients_last_year": 1850,
        "active_from": date(2005, 9, 1),
    },
    {
        "name": "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 2»",
        "short_name": "МБОУ СОШ № 2",
        "inn": inn_from("990100202"),
        "sphere": Sphere.EDUCATION.label,
        "organization_type": "школа",
        "address": "пос. Лесной, ул. Садовая, д. 14",
        "head_post": "Директор",
        "head_name": "Фамилия Имя Отчество",
        "recipients_last_year": 412,
    },
)


@office_page(Right.SEE_ORGANIZATIONS)
@require_safe
def organizations_export(request: OfficeRequest) -> HttpResponse:
    """What the list shows with the same filters, all its pages."""
    municipality, today = request.municipality, timezone.localdate()
    form = OrganizationFilterForm(request.GET, municipality=municipality)
    found = organizations_for_list(municipality, form.wanted, today=today)
    rows = [
        {**{name: getattr(one, name) for name, _, _ in COLUMNS}, "sphere": one.get_sphere_display()} for one in found
    ]
    return _answer(rows, f"организации_{municipality.slug}_{today:%Y-%m-%d}.xlsx")


@office_page(Right.SEE_ORGANIZATIONS)
@require_safe
def organizations_example(request: OfficeRequest) -> HttpResponse:
    """A filled example of the list that the import reads."""
    return _answer(EXAMPLE, "пример_списка_организаций.xlsx")


def _answer(rows: Any, file_name: str) -> HttpResponse:
    response = HttpResponse(_workbook(rows), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = _disposition(file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(file_name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=file_name) or "attachment"


def _workbook(rows: Any) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Организации")
    sheet.freeze_panes = "B2"
    for index, (_, _, width) in enumerate(COLUMNS):
        sheet.column_dimensions[letter_of(index)].width = width
    sheet.append([_cell(sheet, title, bold=True) for _, title, _ in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, row.get(name)) for name, _, _ in COLUMNS])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that holds the value and never a formula: text stays text whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=None)
    if isinstance(value, str):
        cell._value, cell.data_type = without_control(value), "s"
    elif value is not None:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = "DD.MM.YYYY"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
