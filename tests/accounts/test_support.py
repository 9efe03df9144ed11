"""Support: places, first people, visits with a reason; a municipality's pages are closed without one."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import Invitation, Membership, SupportVisit, User
from nok_portal.accounts.services.support import VisitRefused, end_visit, start_visit
from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, RegionFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db
FACTS = {
    "name": "Сосновский район",
    "name_genitive": "Сосновского района",
    "name_prepositional": "Сосновском районе",
    "head_post": "Глава района",
    "head_name": "Б. В. Берёзов",
    "time_zone": "Asia/Omsk",
}


@pytest.fixture
def staff() -> User:
    return UserFactory(is_support=True, full_name="Ирина Помощникова")


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def journal(municipality: Municipality) -> list[AuditEntry]:
    with scope(readable=[municipality.pk]):
        return list(AuditEntry.objects.order_by("pk"))


class TestVisits:
    @pytest.fixture
    def municipality(self) -> Municipality:
        return MunicipalityFactory()

    def enter(self, desk: Client, municipality: Municipality, **values: Any) -> Any:
        url = reverse("support:municipality_enter", args=[municipality.slug])
        return desk.post(url, {"reason": "Обращение № 12", "hours": 2, **values})

    def test_opens_the_office_and_stands_in_its_journal(self, desk, staff, municipality):
        people = reverse("office:people", args=[municipality.slug])
        assert desk.get(people).status_code == 404
        assert self.enter(desk, municipality).url == reverse("office:today", args=[municipality.slug])
        assert desk.get(people).status_code == 200
        (entry,) = journal(municipality)
        assert (entry.verb, entry.reason) == ("Вошла поддержка портала", "Обращение № 12")
        assert entry.actor_name == "Ирина Помощникова (поддержка портала)"

    def test_wants_a_reason_and_offered_hours(self, desk, staff, municipality):
        assert self.enter(desk, municipality, reason=" ").status_code == 422
        assert self.enter(desk, municipality, hours=24).status_code == 422
        with pytest.raises(VisitRefused):
            start_visit(user=staff, municipality=municipality, reason="а", hours=3, at=timezone.now())
        with pytest.raises(VisitRefused):
            start_visit(user=UserFactory(), municipality=municipality, reason="а", hours=1, at=timezone.now())
        assert not SupportVisit.objects.exists()

    def test_ended_visit_opens_nothing(self, desk, municipality):
        self.enter(desk, municipality)
        visit = SupportVisit.objects.get()
        people = reverse("office:people", args=[municipality.slug])
        assert reverse("support:end_visit", args=[visit.pk]) in desk.get(people).content.decode()
        desk.post(reverse("support:end_visit", args=[visit.pk]))
        assert desk.get(people).status_code == 404
        assert [entry.verb for entry in journal(municipality)] == ["Вошла поддержка портала", "Поддержка портала вышла"]

    def test_visit_runs_out_by_itself(self, desk, municipality):
        self.enter(desk, municipality, hours=1)
        now = timezone.now()
        SupportVisit.objects.update(started_at=now - timedelta(hours=1, seconds=1), until=now - timedelta(seconds=1))
        assert desk.get(reverse("office:people", args=[municipality.slug])).status_code == 404

    def test_visit_is_of_one_person_and_one_municipality(self, desk, municipality):
        self.enter(desk, municipality)
        assert desk.get(reverse("office:people", args=[MunicipalityFactory().slug])).status_code == 404
        colleague = Client()
        colleague.force_login(UserFactory(is_support=True))
        assert colleague.get(reverse("office:people", args=[municipality.slug])).status_code == 404
        assert colleague.post(reverse("support:end_visit", args=[SupportVisit.objects.get().pk])).status_code == 404

    def test_second_visit_replaces_the_first(self, staff, municipality):
        now = timezone.now()
        first = start_visit(user=staff, municipality=municipality, reason="а", hours=4, at=now)
        start_visit(user=staff, municipality=municipality, reason="б", hours=1, at=now + timedelta(minutes=5))
        first.refresh_from_db()
        assert first.ended_at == now + timedelta(minutes=5)

    def test_ending_twice_is_noted_once(self, staff, municipality):
        now = timezone.now()
        visit = start_visit(user=staff, municipality=municipality, reason="а", hours=1, at=now)
        end_visit(visit=visit, actor=staff, at=now)
        end_visit(visit=visit, actor=staff, at=now + timedelta(minutes=1))
        assert len(journal(municipality)) == 2

    def test_what_support_does_is_signed_as_such(self, desk, municipality):
        member_of(municipality, Role.ADMINISTRATOR)
        self.enter(desk, municipality)
        url = reverse("office:person_invite", args=[municipality.slug])
        desk.post(url, {"email": "a@example.org", "full_name": "А", "role": "editor"})
        assert journal(municipality)[-1].actor_name.endswith("(поддержка портала)")


class TestPlaces:
    def test_region_municipality_and_first_administrator(self, desk):
        desk.post(reverse("support:region_add"), {"name": "Озёрный край", "slug": "ozerny"})
        region = Region.objects.get(slug="ozerny")
        values = {**FACTS, "slug": "sosnovka", "region": region.pk}
        assert desk.post(reverse("support:municipality_add"), values).status_code == 302
        municipality = Municipality.objects.get(slug="sosnovka")
        assert (municipality.name_genitive, municipality.time_zone) == ("Сосновского района", "Asia/Omsk")
        url = reverse("support:municipality_invite", args=["sosnovka"])
        desk.post(url, {"email": "first@example.org", "full_name": "Первый Администратор"})
        offer = Invitation.objects.get()
        assert (offer.role, offer.municipality) == (Role.ADMINISTRATOR, municipality)
        with scope(readable=[municipality.pk]):
            assert OutgoingMail.objects.get().recipient == "first@example.org"
        text = desk.get(reverse("support:municipality", args=["sosnovka"])).content.decode()
        assert "first@example.org" in text
        assert "Добавлен муниципалитет" in text

    def test_ministry_is_invited_to_its_region(self, desk):
        region = RegionFactory()
        url = reverse("support:region_invite", args=[region.slug])
        desk.post(url, {"email": "ministry@example.org", "full_name": "Министерская"})
        assert Invitation.objects.get().region == region
        assert "ministry@example.org" in desk.get(reverse("support:region", args=[region.slug])).content.decode()

    def test_ministry_s_person_loses_the_role_and_the_account_with_it(self, desk):
        region = RegionFactory()
        person = ministry_of(region)
        url = reverse("support:ministry_end", args=[Membership.objects.get(user=person).pk])
        assert url in desk.get(reverse("support:region", args=[region.slug])).content.decode()
        assert desk.post(url, {"reason": ""}).status_code == 422
        desk.post(url, {"reason": "Перешла на другую работу"})
        person.refresh_from_db()
        assert person.is_active is False
        with scope(regions=[region.pk]):
            assert AuditEntry.objects.get(verb="Роль снята").reason == "Перешла на другую работу"
        assert desk.get(url).status_code == 404

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"slug": "support"}, "занят страницами портала"),
            ({"slug": "Сосновка"}, "латинских букв"),
            ({"name": ""}, "Обязательное поле"),
            ({"time_zone": "Mars/Base"}, "Выберите корректный"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(self, desk, change, words):
        values = {**FACTS, "slug": "sosnovka", "region": RegionFactory().pk, **change}
        response = desk.post(reverse("support:municipality_add"), values)
        assert response.status_code == 422
        assert words in str(response.context["form"].errors[next(iter(change))])
        assert not Municipality.objects.exists()

    def test_taken_address_is_refused(self, desk):
        taken = MunicipalityFactory()
        values = {**FACTS, "slug": taken.slug, "region": RegionFactory().pk}
        assert desk.post(reverse("support:municipality_add"), values).context["form"].errors["slug"]

    def test_stopped_municipality_is_gone_for_its_people_until_resumed(self, desk):
        municipality = MunicipalityFactory()
        browser = Client()
        browser.force_login(member_of(municipality, Role.ADMINISTRATOR))
        page = reverse("office:people", args=[municipality.slug])
        assert browser.get(page).status_code == 200
        url = reverse("support:municipality_stop", args=[municipality.slug])
        assert desk.post(url, {"reason": ""}).status_code == 422
        desk.post(url, {"reason": "Договор окончен"})
        assert browser.get(page).status_code == 404
        assert desk.get(reverse("support:municipality_enter", args=[municipality.slug])).status_code == 404
        desk.post(reverse("support:municipality_resume", args=[municipality.slug]))
        assert browser.get(page).status_code == 200
        assert journal(municipality)[0].reason == "Договор окончен"

    def test_invitations_of_others_are_the_municipality_s_own_affair(self, desk):
        municipality = MunicipalityFactory()
        offer = Invitation.objects.create(
            token_hash="1", email="a@example.org", full_name="А", role=Role.EDITOR, municipality=municipality,
            created_at=timezone.now(), expires_at=timezone.now(),
        )  # fmt: skip
        assert desk.post(reverse("support:invitation_revoke", args=[offer.pk])).status_code == 404
        Invitation.objects.update(role=Role.ADMINISTRATOR)
        desk.post(reverse("support:invitation_revoke", args=[offer.pk]))
        assert Invitation.objects.get().revoked_at is not None

    @pytest.mark.parametrize(
        ("name", "grow"), [("support:home", MunicipalityFactory), ("support:accounts", UserFactory)]
    )
    def test_lists_ask_the_same_number_of_queries(self, desk, name, grow, django_assert_max_num_queries):
        grow()
        url = reverse(name)
        desk.get(url)
        with django_assert_max_num_queries(20) as first:
            desk.get(url)
        for _ in range(4):
            grow()
        with django_assert_max_num_queries(20) as second:
            desk.get(url)
        assert len(first) == len(second)


class TestAccounts:
    def test_lost_second_factor_is_reset_with_a_reason_and_signs_out(self, desk):
        user = member_of(MunicipalityFactory())
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        browser = Client()
        browser.force_login(user)
        browser.get(reverse("account"))
        url = reverse("support:account_reset", args=[user.pk])
        assert desk.post(url, {"reason": ""}).status_code == 422
        desk.post(url, {"reason": "Потерян телефон, проверено по телефону приёмной"})
        assert not Authenticator.objects.filter(user=user).exists()
        assert browser.get(reverse("account")).status_code == 302
        text = desk.get(reverse("support:account", args=[user.pk])).content.decode()
        assert "Потерян телефон" in text
        assert "Второй фактор сброшен поддержкой" in desk.get(reverse("support:journal")).content.decode()


class TestCommands:
    ARGUMENTS = [
        "--region=ozerny",
        "--slug=sosnovka",
        "--name=Сосновский район",
        "--name-genitive=Сосновского района",
        "--name-prepositional=Сосновском районе",
        "--head-post=Глава района",
        "--head-name=Б. В. Берёзов",
        "--time-zone=Asia/Omsk",
        "--administrator=First@Example.org",
        "--administrator-name=Первый Администратор",
    ]

    def test_municipality_comes_with_an_invitation_that_opens(self, capsys, client):
        call_command("create_municipality", *self.ARGUMENTS, "--region-name=Озёрный край", "--format=json")
        answer = json.loads(capsys.readouterr().out)
        assert (answer["region"], answer["municipality"]) == ("ozerny", "sosnovka")
        page = "/" + answer["invitation"].split("/", 3)[3]
        assert "Поддержка портала" in client.get(page).content.decode()
        values = {"full_name": "Первый", "password": "тихий-омут-2026", "password_again": "тихий-омут-2026"}
        client.post(page, values)
        assert client.get("/").url == "/m/sosnovka/"
        assert client.get(reverse("office:settings", args=["sosnovka"])).status_code == 200

    def test_second_municipality_finds_the_region(self, capsys):
        RegionFactory(slug="ozerny")
        call_command("create_municipality", *self.ARGUMENTS)
        assert "/account/invitation/" in capsys.readouterr().out
        assert Region.objects.count() == 1

    def test_unknown_region_and_reserved_address_leave_nothing(self):
        with pytest.raises(CommandError, match="--region-name"):
            call_command("create_municipality", *self.ARGUMENTS)
        with pytest.raises(CommandError, match="занят страницами портала"):
            call_command("create_municipality", *self.ARGUMENTS, "--region-name=Озёрный край", "--slug=gallery")
        assert not Region.objects.exists()

    def test_support_user_sets_a_password_by_the_printed_link(self, capsys, client):
        call_command("create_support_user", "Help@Example.org", "Ирина Помощникова", "--format=json")
        answer = json.loads(capsys.readouterr().out)
        form = client.get("/" + answer["link"].split("/", 3)[3], follow=True)
        url = form.redirect_chain[-1][0]
        client.post(url, {"password1": "сосновый-берег-17", "password2": "сосновый-берег-17"})
        client.post(reverse("account_login"), {"login": "help@example.org", "password": "сосновый-берег-17"})
        assert client.get("/").url == reverse("support:home")
        assert client.get(reverse("support:home")).status_code == 200

    def test_support_user_needs_an_address(self):
        with pytest.raises(CommandError, match="не адрес"):
            call_command("create_support_user", "нет", "Ирина")
