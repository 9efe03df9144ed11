"""Many organizations written at once."""

from datetime import date

import pytest

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import Organization
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.organizations import (
    ActivePeriodWrong,
    OrganizationExists,
    add_organizations,
    change_organizations,
    lock_organizations,
)
from tests.factories import NOW, MunicipalityFactory, member_of


def test_many_changes_are_refused_as_a_whole(db):
    municipality = MunicipalityFactory()
    editor = member_of(municipality)
    with scope(writable=[municipality.pk]):
        facts = [{"name": name, "sphere": Sphere.CULTURE} for name in ("Музей", "Клуб")]
        museum, club = add_organizations(municipality=municipality, facts=facts, actor=editor, at=NOW)
        entries = AuditEntry.objects.count()
        locked = lock_organizations([museum.pk, club.pk])
        with pytest.raises(OrganizationExists):
            change_organizations(
                changes=[(locked[museum.pk], {"address": "ул. Новая"}), (locked[club.pk], {"name": "Музей"})],
                actor=editor,
                at=NOW,
            )
        locked = lock_organizations([museum.pk, club.pk])
        period = {"active_from": date(2026, 2, 1), "active_to": date(2026, 1, 1)}
        with pytest.raises(ActivePeriodWrong, match="раньше"):
            change_organizations(changes=[(locked[club.pk], period)], actor=editor, at=NOW)
        assert set(Organization.objects.values_list("name", "address", "version")) == {
            ("Музей", "", 1),
            ("Клуб", "", 1),
        }
        assert AuditEntry.objects.count() == entries
