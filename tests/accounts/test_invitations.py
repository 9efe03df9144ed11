"""Invitations by link: the only way to an account. The link is in the letter, its hash in the table."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import Invitation, Membership, User
from nok_portal.accounts.services import invitations
from nok_portal.accounts.services.invitations import InvitationRefused, Invited
from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import (
    PASSWORD,
    MunicipalityFactory,
    OrganizationFactory,
    RegionFactory,
    UserFactory,
    member_of,
)

pytestmark = pytest.mark.django_db
NEW = {"full_name": "Анна Соколова", "password": "тихий-омут-2026", "password_again": "тихий-омут-2026"}


@pytest.fixture
def municipality() -> Municipality:
    return MunicipalityFactory(name="Заозёрный район")


def invite(place: Municipality | Region, **values: Any) -> Invited:
    given = {
        "email": "Anna@Example.org",
        "full_name": "Соколова Анна",
        "role": Role.EDITOR if isinstance(place, Municipality) else Role.MINISTRY,
        "actor": None,
        "at": timezone.now(),
        "post": "Главный специалист",
    }
    opened = {"writable": [place.pk]} if isinstance(place, Municipality) else {"regions": [place.pk]}
    with scope(**opened):
        return invitations.invite_person(place=place, **{**given, **values})


def page_of(invited: Invited) -> str:
    return "/" + invited.link.split("/", 3)[3]


def journal(municipality: Municipality) -> list[str]:
    with scope(readable=[municipality.pk]):
        return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


class TestInviting:
    def test_letter_brings_the_only_copy_of_the_link(self, municipality):
        administrator = member_of(municipality, Role.ADMINISTRATOR, full_name="Пётр Орлов")
        invited = invite(municipality, actor=administrator)
        with scope(readable=[municipality.pk]):
            mail = OutgoingMail.objects.get()
        assert (mail.recipient, mail.has_secret, mail.municipality_id) == ("anna@example.org", True, municipality.pk)
        assert invited.link in mail.text
        assert invited.link in mail.html
        assert "Пётр Орлов" in mail.text
        token = invited.link.rstrip("/").rpartition("/")[2]
        assert token not in str(Invitation.objects.values().get())
        assert journal(municipality) == ["Отправлено приглашение"]

    def test_same_role_twice_is_refused_while_the_first_is_open(self, municipality):
        now = timezone.now()
        invite(municipality)
        with pytest.raises(InvitationRefused, match="уже приглашён"):
            invite(municipality)
        invite(municipality, role=Role.COUNCIL_SECRETARY)
        invite(municipality, at=now + timedelta(days=15))

    def test_who_has_the_role_is_not_invited_to_it(self, municipality):
        editor = member_of(municipality, Role.EDITOR)
        with pytest.raises(InvitationRefused, match="уже есть эта роль"):
            invite(municipality, email=editor.email)

    def test_institution_needs_an_organization_of_the_same_municipality(self, municipality):
        elsewhere = MunicipalityFactory()
        with scope(writable=[elsewhere.pk]):
            alien = OrganizationFactory(municipality=elsewhere)
        with pytest.raises(InvitationRefused, match="Выберите учреждение"):
            invite(municipality, role=Role.INSTITUTION)
        with pytest.raises(InvitationRefused, match="нет в реестре"):
            invite(municipality, role=Role.INSTITUTION, organization=alien)

    def test_ministry_is_of_a_region_and_nothing_else_is(self, municipality):
        with pytest.raises(InvitationRefused, match="дать нельзя"):
            invite(municipality, role=Role.MINISTRY)
        with pytest.raises(InvitationRefused, match="дать нельзя"):
            invite(RegionFactory(), role=Role.EDITOR)

    def test_database_holds_the_place_of_a_role(self, municipality):
        invited = invite(municipality)
        with pytest.raises(IntegrityError, match="accounts_invitation_place"), transaction.atomic():
            Invitation.objects.filter(pk=invited.invitation.pk).update(role=Role.MINISTRY)

    def test_sent_again_only_the_last_link_opens(self, client, municipality):
        first = invite(municipality)
        with scope(writable=[municipality.pk]):
            second = invitations.resend_invitation(invitation=first.invitation, actor=None, at=timezone.now())
        assert client.get(page_of(first)).status_code == 404
        assert client.get(page_of(second)).status_code == 200
        with scope(readable=[municipality.pk]):
            states = OutgoingMail.objects.order_by("created_at").values_list("state", "text")
            assert [(state, bool(text)) for state, text in states] == [("failed", False), ("waiting", True)]


class TestNewPerson:
    def test_page_says_who_invites_where_as_what(self, client, municipality):
        administrator = member_of(municipality, Role.ADMINISTRATOR, full_name="Пётр Орлов")
        text = client.get(page_of(invite(municipality, actor=administrator))).content.decode()
        for words in ("Заозёрный район", "Редактор", "Главный специалист", "Пётр Орлов", "anna@example.org"):
            assert words in text

    def test_takes_the_role_with_name_and_password_and_is_in(self, client, municipality):
        response = client.post(page_of(invite(municipality)), NEW)
        assert response.url == "/"
        user = User.objects.get(email="anna@example.org")
        assert (user.full_name, user.check_password(NEW["password"])) == ("Анна Соколова", True)
        assert client.session["_auth_user_id"] == str(user.pk)
        membership = Membership.objects.get(user=user)
        assert (membership.role, membership.post, membership.municipality) == (
            Role.EDITOR,
            "Главный специалист",
            municipality,
        )
        assert client.get("/").url == reverse("office:today", args=[municipality.slug])
        assert EmailAddress.objects.get(user=user).verified
        assert journal(municipality) == ["Отправлено приглашение", "Приглашение принято", "Получена роль"]

    def test_weak_or_mistyped_password_leaves_the_invitation_open(self, client, municipality):
        page = page_of(invite(municipality))
        weak = client.post(page, {**NEW, "password": "1234567890", "password_again": "1234567890"})
        assert weak.context["form"].errors["password"]
        mistyped = client.post(page, {**NEW, "password_again": "тихий-омут-2025"})
        assert mistyped.context["form"].errors["password_again"] == [
            "Пароли различаются. Введите один и тот же дважды."
        ]
        assert not User.objects.exists()
        assert client.post(page, NEW).url == "/"

    def test_person_of_an_institution_sees_which(self, client, municipality):
        with scope(writable=[municipality.pk]):
            school = OrganizationFactory(municipality=municipality, short_name="Школа у озера")
        page = page_of(invite(municipality, role=Role.INSTITUTION, organization=school))
        assert "Школа у озера" in client.get(page).content.decode()
        client.post(page, NEW)
        assert Membership.objects.get().organization_id == school.pk

    def test_ministry_comes_to_its_region(self, client):
        region = RegionFactory()
        client.post(page_of(invite(region)), NEW)
        assert client.get("/").url == reverse("region:home", args=[region.slug])
        with scope(regions=[region.pk]):
            assert AuditEntry.objects.filter(region=region, verb="Получена роль").exists()

    def test_closed_account_is_reopened_with_a_new_password(self, client, municipality):
        user = UserFactory(email="anna@example.org", is_active=False)
        client.post(page_of(invite(municipality)), NEW)
        user.refresh_from_db()
        assert (user.is_active, user.check_password(NEW["password"])) == (True, True)
        assert User.objects.count() == 1


class TestExistingAccount:
    @pytest.fixture
    def anna(self) -> User:
        user = UserFactory(email="anna@example.org")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def test_must_sign_in_then_accepts(self, client, municipality, anna):
        page = page_of(invite(municipality))
        text = client.get(page).content.decode()
        assert "У вас уже есть учётная запись" in text
        assert client.post(page, NEW).status_code == 200
        assert not Membership.objects.exists()
        link = re.search(r'href="(/account/login/\?next=[^"]+)"', text)
        response = client.post(link[1], {"login": anna.email, "password": PASSWORD, "next": page})
        assert response.url == page
        assert client.post(page).url == reverse("home")
        assert Membership.objects.get(user=anna).municipality == municipality
        anna.refresh_from_db()
        assert anna.check_password(PASSWORD)

    def test_somebody_else_who_is_signed_in_cannot_take_it(self, client, municipality, anna):
        page = page_of(invite(municipality))
        client.force_login(UserFactory(full_name="Чужой Человек"))
        text = client.get(page).content.decode()
        assert "Вы вошли как Чужой Человек" in text
        client.post(page, NEW)
        assert not Membership.objects.exists()


class TestTooLate:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"expires_at": timezone.now() - timedelta(days=1)}, "Срок приглашения истёк"),
            ({"revoked_at": timezone.now()}, "Приглашение отозвано"),
            ({"accepted_at": timezone.now()}, "Приглашение уже принято"),
        ],
    )
    def test_link_says_why_and_opens_nothing(self, client, municipality, change, words):
        administrator = member_of(municipality, Role.ADMINISTRATOR, full_name="Пётр Орлов")
        invited = invite(municipality, actor=administrator)
        Invitation.objects.update(**change)
        response = client.get(page_of(invited))
        assert response.status_code == 410
        assert words in response.content.decode()
        assert client.post(page_of(invited), NEW).status_code == 410
        assert not User.objects.filter(email="anna@example.org").exists()

    def test_unknown_link_says_what_to_do(self, client):
        response = client.get("/account/invitation/net-takoy/")
        assert response.status_code == 404
        assert "По этой ссылке приглашения нет" in response.content.decode()

    def test_link_is_used_once_even_by_two_at_once(self, municipality):
        invited = invite(municipality)
        stale = Invitation.objects.select_related("municipality").get()
        invitations.accept_with_new_account(
            invitation=invited.invitation, full_name="Анна", password=PASSWORD, at=timezone.now()
        )
        with pytest.raises(InvitationRefused):
            invitations.accept_with_new_account(
                invitation=stale, full_name="Не Анна", password=PASSWORD, at=timezone.now()
            )

    def test_municipality_that_left_lets_nobody_in(self, municipality):
        page = page_of(invite(municipality))
        Municipality.objects.update(is_active=False)
        response = Client().post(page, NEW)
        assert "больше не работает" in response.content.decode()
        assert not User.objects.exists()


def test_support_is_never_given_a_role(municipality):
    UserFactory(is_support=True, email="support@example.org")
    with pytest.raises(InvitationRefused, match="по обращению"):
        invite(municipality, email="support@example.org")


def test_secret_of_the_second_factor_is_not_readable_in_the_database():
    user = UserFactory()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert stored != secret
    assert decrypt(stored) == secret
