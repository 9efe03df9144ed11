"""People and roles of a municipality: list, change, end with hand-over, the last administrator."""

from datetime import datetime
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts import handover
from nok_portal.accounts.models import Invitation, Membership, User
from nok_portal.accounts.services.memberships import (
    LastAdministrator,
    RoleTaken,
    WorkNotHandedOver,
    change_membership,
    end_membership,
)
from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import MembershipFactory, MunicipalityFactory, OrganizationFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality() -> Municipality:
    return MunicipalityFactory()


@pytest.fixture
def administrator(municipality: Municipality) -> User:
    return member_of(municipality, Role.ADMINISTRATOR, full_name="Пётр Орлов")


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def end(membership: Membership, actor: User, **values: Any) -> bool:
    with scope(writable=[membership.municipality_id]):
        return end_membership(membership=membership, actor=actor, at=timezone.now(), **{"to": None, **values})


class Desk:
    """Work that a person has, for as long as the test runs."""

    def __init__(self) -> None:
        self.papers: dict[int, int] = {}

    def count(self, membership: Membership) -> int:
        return self.papers.get(membership.pk, 0)

    def hand_over(self, *, membership: Membership, to: Membership, actor: User, at: datetime) -> int:
        passed = self.papers.pop(membership.pk, 0)
        self.papers[to.pk] = self.papers.get(to.pk, 0) + passed
        return passed


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(handover, "_hooks", {})
    handover.register("test.papers", words=("бумага", "бумаги", "бумаг"), count=desk.count, hand_over=desk.hand_over)
    return desk


class TestList:
    def test_shows_role_post_and_second_factor(self, office, municipality):
        MembershipFactory(
            municipality=municipality, user=UserFactory(full_name="Ёлкина Анна"), role=Role.EDITOR, post="Методист"
        )
        text = office.get(reverse("office:people", args=[municipality.slug])).content.decode()
        for words in ("Ёлкина Анна", "Редактор", "Методист", "Пётр Орлов", "Администратор"):
            assert words in text

    def test_is_in_russian_order(self, office, municipality):
        for name in ("Жуков", "Ёлкин", "Егоров", "Ёжиков", "Еремин"):
            member_of(municipality, full_name=name)
        page = office.get(reverse("office:people", args=[municipality.slug])).context["page"]
        names = [membership.user.full_name for membership in page]
        assert names == ["Егоров", "Еремин", "Ёжиков", "Ёлкин", "Жуков", "Пётр Орлов"]

    def test_filters_by_words_role_and_state(self, office, municipality, administrator):
        secretary = member_of(municipality, Role.COUNCIL_SECRETARY, full_name="Вера Лисицына")
        gone = member_of(municipality, full_name="Бывший Сотрудник")
        Membership.objects.filter(user=gone).update(ended_at=timezone.now())

        def found(**query: str) -> list[str]:
            page = office.get(reverse("office:people", args=[municipality.slug]), query).context["page"]
            return [membership.user.full_name for membership in page]

        assert found(q="лисицына") == [secretary.full_name]
        assert found(role="council_secretary") == [secretary.full_name]
        assert found(state="ended") == [gone.full_name]
        assert gone.full_name not in found()
        assert found(role="nonsense", state="nonsense") == ["Вера Лисицына", "Пётр Орлов"]

    def test_asks_the_same_number_of_queries_for_any_number_of_people(
        self, office, municipality, django_assert_num_queries
    ):
        url = reverse("office:people", args=[municipality.slug])

        def grow(count: int) -> None:
            for _ in range(count):
                member_of(municipality)
                Invitation.objects.create(
                    token_hash=f"{Invitation.objects.count()}",
                    email="a@example.org",
                    full_name="А",
                    role=Role.EDITOR,
                    municipality=municipality,
                    created_at=timezone.now(),
                    expires_at=timezone.now(),
                )

        grow(1)
        office.get(url)
        with django_assert_num_queries(19):
            office.get(url)
        grow(4)
        with django_assert_num_queries(19):
            office.get(url)

    def test_editor_sees_people_and_manages_nobody(self, client, municipality):
        editor = member_of(municipality, Role.EDITOR)
        client.force_login(editor)
        assert "Пригласить" not in client.get(reverse("office:people", args=[municipality.slug])).content.decode()
        assert client.get(reverse("office:person_invite", args=[municipality.slug])).status_code == 403


class TestInviting:
    VALUES = {"email": "New@Example.org", "full_name": "Новый Человек", "role": "editor", "post": "Методист"}

    def test_invitation_is_sent_and_listed(self, office, municipality, administrator):
        url = reverse("office:person_invite", args=[municipality.slug])
        assert office.post(url, self.VALUES).status_code == 302
        offer = Invitation.objects.get()
        assert (offer.email, offer.role, offer.invited_by) == ("new@example.org", Role.EDITOR, administrator)
        text = office.get(reverse("office:people", args=[municipality.slug])).content.decode()
        assert "Письмо отправляется" in text
        with scope(writable=[municipality.pk]):
            OutgoingMail.objects.update(state="failed")
        text = office.get(reverse("office:people", args=[municipality.slug])).content.decode()
        assert "Письмо не\u00a0отправлено" in text

    def test_institution_must_be_named(self, office, municipality):
        url = reverse("office:person_invite", args=[municipality.slug])
        response = office.post(url, {**self.VALUES, "role": "institution"})
        assert response.status_code == 422
        assert "Выберите учреждение" in response.content.decode()
        with scope(writable=[municipality.pk]):
            library = OrganizationFactory(municipality=municipality)
        office.post(url, {**self.VALUES, "role": "institution", "organization": library.pk})
        assert Invitation.objects.get().organization_id == library.pk

    def test_institution_of_another_municipality_does_not_exist(self, office, municipality):
        elsewhere = MunicipalityFactory()
        with scope(writable=[elsewhere.pk]):
            alien = OrganizationFactory(municipality=elsewhere)
        url = reverse("office:person_invite", args=[municipality.slug])
        response = office.post(url, {**self.VALUES, "role": "institution", "organization": alien.pk})
        assert response.status_code == 422
        assert not Invitation.objects.exists()

    def test_ministry_cannot_be_invited_here(self, office, municipality):
        url = reverse("office:person_invite", args=[municipality.slug])
        assert office.post(url, {**self.VALUES, "role": "ministry"}).status_code == 422

    def test_sent_again_and_revoked(self, office, municipality):
        office.post(reverse("office:person_invite", args=[municipality.slug]), self.VALUES)
        offer = Invitation.objects.get()
        office.post(reverse("office:invitation_resend", args=[municipality.slug, offer.pk]))
        assert Invitation.objects.get().token_hash != offer.token_hash
        office.post(reverse("office:invitation_revoke", args=[municipality.slug, offer.pk]))
        assert Invitation.objects.get().revoked_at is not None
        text = office.get(reverse("office:people", args=[municipality.slug])).content.decode()
        assert "new@example.org" not in text.split("toasts")[0]
        with scope(readable=[municipality.pk]):
            verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["Отправлено приглашение", "Приглашение отправлено ещё раз", "Приглашение отозвано"]


class TestChanging:
    def test_role_and_post_change_with_history(self, office, municipality):
        anna = member_of(municipality, Role.EDITOR)
        url = reverse("office:person_change", args=[municipality.slug, role_of(anna).pk])
        response = office.post(url, {"role": "responsible", "post": "Начальник отдела", "version": 1})
        assert response.url == reverse("office:person", args=[municipality.slug, role_of(anna).pk])
        assert (role_of(anna).role, role_of(anna).post) == (Role.RESPONSIBLE, "Начальник отдела")
        text = office.get(response.url).content.decode()
        assert "Роль: Редактор → <b>Ответственный исполнитель</b>" in text

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, office, municipality):
        anna = member_of(municipality, Role.EDITOR)
        url = reverse("office:person_change", args=[municipality.slug, role_of(anna).pk])
        office.post(url, {"role": "responsible", "post": "Начальник отдела", "version": 1})
        response = office.post(url, {"role": "editor", "post": "Методист", "version": 1})
        assert response.status_code == 422
        assert "изменил другой человек" in response.content.decode()
        assert role_of(anna).post == "Начальник отдела"

    def test_only_administrator_stays_one(self, municipality, administrator):
        with scope(writable=[municipality.pk]), pytest.raises(LastAdministrator):
            change_membership(
                membership=role_of(administrator),
                role=Role.EDITOR,
                post="",
                organization=None,
                version=1,
                actor=administrator,
                at=timezone.now(),
            )

    def test_same_role_twice_is_refused(self, municipality, administrator):
        anna = member_of(municipality, Role.EDITOR)
        second = MembershipFactory(user=anna, municipality=municipality, role=Role.RESPONSIBLE)
        with scope(writable=[municipality.pk]), pytest.raises(RoleTaken):
            change_membership(
                membership=second,
                role=Role.EDITOR,
                post="",
                organization=None,
                version=1,
                actor=administrator,
                at=timezone.now(),
            )


class TestEnding:
    def test_access_ends_with_the_next_click(self, municipality, administrator, desk):
        anna = member_of(municipality)
        MembershipFactory(user=anna)
        browser = Client()
        browser.force_login(anna)
        url = reverse("office:people", args=[municipality.slug])
        assert browser.get(url).status_code == 200
        assert end(Membership.objects.get(user=anna, municipality=municipality), administrator) is False
        assert browser.get(url).status_code == 404
        assert browser.get(reverse("account")).status_code == 200

    def test_last_role_closes_the_account_and_its_sessions(self, municipality, administrator, desk):
        anna = member_of(municipality)
        browser = Client()
        browser.force_login(anna)
        browser.get(reverse("account"))
        assert UserSession.objects.filter(user=anna).exists()
        assert end(role_of(anna), administrator) is True
        anna.refresh_from_db()
        assert anna.is_active is False
        assert not UserSession.objects.filter(user=anna).exists()
        assert browser.get(reverse("account")).status_code == 302
        with scope(system=True):
            assert AuditEntry.objects.filter(verb="Учётная запись закрыта", object_id=str(anna.pk)).exists()

    def test_only_administrator_cannot_be_removed(self, municipality, administrator, desk):
        with pytest.raises(LastAdministrator):
            end(role_of(administrator), administrator)
        closed = member_of(municipality, Role.ADMINISTRATOR, is_active=False)
        with pytest.raises(LastAdministrator):
            end(role_of(administrator), administrator)
        User.objects.filter(pk=closed.pk).update(is_active=True)
        end(role_of(administrator), administrator)

    def test_open_work_passes_to_the_chosen_person(self, municipality, administrator, desk):
        anna, vera = member_of(municipality), member_of(municipality, full_name="Вера")
        desk.papers[role_of(anna).pk] = 3
        with pytest.raises(WorkNotHandedOver):
            end(role_of(anna), administrator)
        end(role_of(anna), administrator, to=role_of(vera))
        assert desk.papers == {role_of(vera).pk: 3}
        with scope(readable=[municipality.pk]):
            entry = AuditEntry.objects.get(verb="Роль снята")
        assert entry.after["handed_over_to"] == "Вера"
        assert entry.after["handed_over"] == ["3\u00a0бумаги"]

    def test_work_goes_neither_to_oneself_nor_elsewhere(self, municipality, administrator, desk):
        anna = member_of(municipality)
        desk.papers[role_of(anna).pk] = 3
        for wrong in (role_of(anna), MembershipFactory()):
            with pytest.raises(WorkNotHandedOver):
                end(role_of(anna), administrator, to=wrong)

    def test_page_says_what_passes_and_to_whom(self, office, municipality, desk):
        anna, vera = member_of(municipality), member_of(municipality, full_name="Вера Лисицына")
        desk.papers[role_of(anna).pk] = 3
        url = reverse("office:person_end", args=[municipality.slug, role_of(anna).pk])
        text = office.get(url).content.decode()
        assert "3\u00a0бумаги" in text
        assert "Вера Лисицына" in text
        refused = office.post(url, {"reason": "Уволилась"})
        assert refused.status_code == 422
        assert "Выберите, кому передать работу" in refused.content.decode()
        assert office.post(url, {"reason": "Уволилась", "to": role_of(vera).pk}).status_code == 302
        assert role_of(anna).ended_at is not None
        person = office.get(reverse("office:person", args=[municipality.slug, role_of(anna).pk])).content.decode()
        assert "Причина: Уволилась" in person

    def test_second_administrator_finds_it_done(self, municipality, administrator, desk):
        anna = member_of(municipality)
        stale = role_of(anna)
        end(stale, administrator)
        with pytest.raises(StaleVersion):
            end(stale, administrator)

    def test_kind_of_work_is_registered_once(self, desk):
        with pytest.raises(Exception, match="registered twice"):
            handover.register("test.papers", words=("а", "б", "в"), count=desk.count, hand_over=desk.hand_over)
