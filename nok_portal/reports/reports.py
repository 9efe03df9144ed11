"""Reports on what lies below the products: the register of organizations."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import Right

from .documents import Column, Document, Heading, Row, Table
from .jobs import Progress
from .ordering import report
from .registry import Report


@report
class OrganizationsRegister(Report):
    """All organizations that are not merged into another, as the register lists them."""

    slug = "organizations"
    title = "Реестр организаций"
    about = "Названия, ИНН, сферы, адреса, руководители и число получателей услуг."
    right = Right.SEE_ORGANIZATIONS
    formats = ("xlsx", "pdf", "docx")
    units = "организация,организации,организаций"

    COLUMNS = (
        Column("№ п/п", 12),
        Column("Организация"),
        Column("ИНН", 27),
        Column("Сфера", 28),
        Column("Тип", 28),
        Column("Адрес", 45),
        Column("Руководитель", 38),
        Column("Получателей услуг", 24, "right"),
    )

    def document(
        self, *, municipality: Municipality, parameters: Mapping[str, Any], at: datetime, progress: Progress
    ) -> Document:
        found = Organization.objects.filter(municipality=municipality).listed().in_russian_order()
        progress.expect(found.count())
        return Document(
            title=f"Реестр организаций {municipality.name_genitive}",
            subtitle=f"по состоянию на {at:%d.%m.%Y}",
            tables=[Table(self.COLUMNS, list(self._rows(found.iterator(chunk_size=2000), progress)))],
            file_name=f"Реестр организаций {at:%d.%m.%Y}",
        )

    def _rows(self, organizations: Iterator[Organization], progress: Progress) -> Iterator[Row | Heading]:
        for place, one in enumerate(organizations, 1):
            head = ", ".join(part for part in (one.head_name, one.head_post) if part)
            yield (
                place,
                one.name,
                one.inn,
                one.get_sphere_display(),
                one.organization_type,
                one.address,
                head,
                one.recipients_last_year,
            )
            progress.advance()
