"""A municipality's own names and head: changed by its administrator, with history and without overwriting."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from PIL import Image

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.models.places import RESERVED_SLUGS
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.places import PlaceRefused, change_region, create_municipality, create_region
from tests.factories import NOW, MunicipalityFactory, RegionFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality() -> Municipality:
    return MunicipalityFactory(name="Лесной район", head_name="Б. В. Берёзов")


@pytest.fixture
def office(client: Client, municipality: Municipality) -> Client:
    client.force_login(member_of(municipality, Role.ADMINISTRATOR))
    return client


def values_of(municipality: Municipality, **changed: Any) -> dict[str, Any]:
    names = ("name", "name_genitive", "name_prepositional", "head_post", "head_name", "time_zone", "version")
    return {name: getattr(municipality, name) for name in names} | changed


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGBA", (4, 4), "green").save(content, "PNG")
    return SimpleUploadedFile("герб.png", content.getvalue(), "image/png")


class TestSettings:
    def test_new_head_is_kept_and_told_in_the_history(self, office, municipality):
        url = reverse("office:settings_edit", args=[municipality.slug])
        response = office.post(url, values_of(municipality, head_name="О. П. Ольхина"))
        assert response.url == reverse("office:settings", args=[municipality.slug])
        text = office.get(response.url).content.decode()
        assert "Б. В. Берёзов → <b>О. П. Ольхина</b>" in text

    def test_nothing_changed_writes_nothing(self, office, municipality):
        office.post(reverse("office:settings_edit", args=[municipality.slug]), values_of(municipality))
        municipality.refresh_from_db()
        assert municipality.version == 1
        with scope(readable=[municipality.pk]):
            assert not AuditEntry.objects.exists()

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, office, municipality):
        url = reverse("office:settings_edit", args=[municipality.slug])
        office.post(url, values_of(municipality, head_name="О. П. Ольхина"))
        response = office.post(url, values_of(municipality, head_name="Кто-то другой"))
        assert response.status_code == 422
        assert "изменил другой человек" in response.content.decode()
        municipality.refresh_from_db()
        assert municipality.head_name == "О. П. Ольхина"

    def test_coat_of_arms_is_shown_to_members(self, office, municipality):
        url = reverse("office:settings_edit", args=[municipality.slug])
        assert office.post(url, values_of(municipality, logo_file=picture())).status_code == 302
        municipality.refresh_from_db()
        address = reverse("office:file", args=[municipality.slug, municipality.logo_id])
        assert address in office.get(reverse("office:settings", args=[municipality.slug])).content.decode()
        served = office.get(address)
        assert b"".join(served.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
        served.close()

    def test_document_is_no_coat_of_arms(self, office, municipality):
        url = reverse("office:settings_edit", args=[municipality.slug])
        paper = SimpleUploadedFile("герб.png", b"%PDF-1.7", "image/png")
        response = office.post(url, values_of(municipality, logo_file=paper))
        assert response.status_code == 422
        assert "PNG" in response.content.decode()
        municipality.refresh_from_db()
        assert municipality.logo_id is None

    def test_editor_may_not(self, client, municipality):
        client.force_login(member_of(municipality, Role.EDITOR))
        assert client.get(reverse("office:settings", args=[municipality.slug])).status_code == 403


class TestServices:
    FACTS = {
        "name": "  Сосновский   район ",
        "name_genitive": "Сосновского района",
        "name_prepositional": "Сосновском районе",
        "head_post": "Глава",
        "head_name": "Б. В. Берёзов",
        "time_zone": "Europe/Moscow",
    }

    def test_names_are_folded(self):
        made = create_municipality(region=RegionFactory(), slug="sosnovka", facts=self.FACTS, actor=None, at=NOW)
        assert made.name == "Сосновский район"

    def test_same_name_twice_in_a_region_is_refused(self):
        region = RegionFactory()
        create_municipality(region=region, slug="sosnovka", facts=self.FACTS, actor=None, at=NOW)
        with pytest.raises(PlaceRefused):
            create_municipality(region=region, slug="sosnovka-2", facts=self.FACTS, actor=None, at=NOW)
        create_municipality(region=RegionFactory(), slug="sosnovka-2", facts=self.FACTS, actor=None, at=NOW)

    def test_missing_facts_are_all_named(self):
        with pytest.raises(PlaceRefused) as refusal:
            create_municipality(region=RegionFactory(), slug="x", facts={}, actor=None, at=NOW)
        assert {"slug", "name", "name_genitive", "head_name"} <= set(refusal.value.problems)

    def test_region_is_renamed_with_history(self):
        region = create_region(name="Озёрный край", slug="ozerny", actor=None, at=NOW)
        change_region(region=region, name="Озёрная область", actor=None, at=NOW)
        with scope(regions=[region.pk]):
            entry = AuditEntry.objects.order_by("pk").last()
        assert (entry.before, entry.after) == ({"name": "Озёрный край"}, {"name": "Озёрная область"})


def test_no_page_of_the_portal_can_be_the_address_of_a_municipality():
    firsts = {str(one.pattern).split("/")[0] for one in get_resolver().url_patterns}
    assert {word for word in firsts if word and "<" not in word} <= RESERVED_SLUGS
