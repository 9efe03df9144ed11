"""Keys for programs: what they open, for how long, and who sees them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import AccessToken, Membership
from nok_portal.accounts.services.memberships import end_membership
from nok_portal.accounts.services.people import close_account_without_roles, password_link, reset_second_factor
from nok_portal.accounts.services.support import start_visit
from nok_portal.accounts.services.tokens import MOST, READABLE, TokenRefused, create_token, revoke_token, token_for_key
from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.rights import Right, Role
from nok_portal.tenants.scope import scope
from tests.factories import PASSWORD, MembershipFactory, MunicipalityFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return MunicipalityFactory()


def made_for(user, place, **changes):
    facts = {"name": "Выгрузка", "rights": READABLE, "days": 30, "at": timezone.now()} | changes
    return create_token(user=user, place=place, **facts)


def read(key, municipality):
    return (
        Client()
        .get(reverse("api:plans", args=[municipality.slug]), headers={"Authorization": f"Bearer {key}"})
        .status_code
    )


def test_key_is_kept_as_a_hash_only(ours):
    made = made_for(member_of(ours), ours)
    assert made.key not in str(AccessToken.objects.values().get())
    assert made.key.startswith(made.token.beginning)


def test_key_opens_until_its_day(ours):
    made = made_for(member_of(ours), ours)
    assert token_for_key(made.key, at=timezone.now() + timedelta(days=29)) == made.token
    assert token_for_key(made.key, at=timezone.now() + timedelta(days=31)) is None


def test_revoked_key_opens_nothing_and_the_journal_tells(ours):
    user = member_of(ours)
    made = made_for(user, ours)
    assert read(made.key, ours) == 200
    revoke_token(token=made.token, actor=user, at=timezone.now())
    assert read(made.key, ours) == 401
    with scope(readable=[ours.pk]):
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["Создан ключ для программ", "Отозван ключ для программ"]


def test_key_falls_with_the_role_and_with_the_account(ours):
    user = member_of(ours)
    made = made_for(user, ours)
    Membership.objects.filter(user=user).update(ended_at=timezone.now())
    assert read(made.key, ours) == 404
    Membership.objects.filter(user=user).update(ended_at=None)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert read(made.key, ours) == 401


def test_day_of_the_last_use_is_noted(ours):
    made = made_for(member_of(ours), ours)
    read(made.key, ours)
    assert AccessToken.objects.get().last_used_on == timezone.now().date()


def test_nobody_makes_a_key_to_where_they_have_no_role(ours):
    with pytest.raises(TokenRefused):
        made_for(member_of(MunicipalityFactory()), ours)
    with pytest.raises(TokenRefused):
        made_for(ministry_of(MunicipalityFactory().region), ours.region)


def test_key_never_writes(ours):
    with pytest.raises(TokenRefused):
        made_for(member_of(ours), ours, rights=[Right.EDIT_PLANS])


def test_keys_are_not_endless(ours):
    user = member_of(ours)
    for _ in range(MOST):
        made_for(user, ours)
    with pytest.raises(TokenRefused, match="Отзовите ненужные"):
        made_for(user, ours)


def test_too_many_requests_a_minute_are_put_off(ours, monkeypatch):
    from nok_portal.accounts.api import KeyThrottle

    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "2/min"})
    key = made_for(member_of(ours), ours).key
    assert [read(key, ours) for _ in range(3)] == [200, 200, 429]


@pytest.fixture
def client(ours):
    """Signed in with the password just now, so that the page of a new key does not ask for it again."""
    client = Client()
    user = member_of(ours, Role.EDITOR)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_person_makes_a_key_sees_it_once_and_revokes_it(ours, client):
    form = {"name": "Таблица сроков", "place": f"municipality-{ours.pk}", "rights": ["see_plans"], "days": "90"}
    page = client.post(reverse("access_token_new"), form)
    key = page.context["made"].key
    assert key in page.content.decode()
    listed = client.get(reverse("access_tokens")).content.decode()
    assert "Таблица сроков" in listed
    assert key not in listed
    client.post(reverse("access_token_revoke", args=[AccessToken.objects.get().pk]))
    assert "Ключей нет" in client.get(reverse("access_tokens")).content.decode()


def test_form_says_what_is_missing(client):
    page = client.post(reverse("access_token_new"), {"name": "", "days": "90"})
    assert page.status_code == 422
    assert "Отметьте хотя бы одно." in page.content.decode()


def test_new_key_asks_who_is_there(ours):
    client = Client()
    client.force_login(member_of(ours))
    assert client.get(reverse("access_token_new")).status_code == 302


def test_keys_of_another_person_do_not_exist(ours, client):
    token = made_for(member_of(ours), ours).token
    assert client.post(reverse("access_token_revoke", args=[token.pk])).status_code == 404


def test_without_a_role_there_is_nothing_to_open():
    client = Client()
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "нет роли" in client.get(reverse("access_token_new")).content.decode()


class TestKeyStandsOnTheRoleItWasMadeFor:
    def test_not_on_a_support_visit(self, ours):
        user = member_of(ours, is_support=True)
        made = made_for(user, ours)
        Membership.objects.filter(user=user).update(ended_at=timezone.now())
        start_visit(user=user, municipality=ours, reason="обращение", hours=1, at=timezone.now())
        assert read(made.key, ours) == 404

    def test_key_of_a_region_not_on_a_role_in_its_municipality(self, ours):
        user = ministry_of(ours.region)
        made = made_for(user, ours.region)
        MembershipFactory(user=user, municipality=ours)
        assert read(made.key, ours) == 200
        Membership.objects.filter(user=user, region=ours.region).update(ended_at=timezone.now())
        assert read(made.key, ours) == 404

    def test_key_of_a_municipality_not_on_a_role_in_the_ministry(self, ours):
        user = ministry_of(ours.region)
        MembershipFactory(user=user, municipality=ours)
        made = made_for(user, ours)
        Membership.objects.filter(user=user, municipality=ours).update(ended_at=timezone.now())
        assert read(made.key, ours) == 404
        with pytest.raises(TokenRefused):
            made_for(user, ours)


class TestKeysFall:
    def is_open(self, made):
        return token_for_key(made.key, at=timezone.now()) is not None

    def test_with_the_last_role_in_the_place_and_no_new_role_opens_them(self, ours):
        user, elsewhere = member_of(ours), MunicipalityFactory()
        MembershipFactory(user=user, municipality=elsewhere)
        here, there = made_for(user, ours), made_for(user, elsewhere)
        with scope(writable=[ours.pk]):
            role = Membership.objects.get(user=user, municipality=ours)
            end_membership(membership=role, to=None, actor=user, at=timezone.now())
        assert (self.is_open(here), self.is_open(there)) == (False, True)
        with scope(readable=[ours.pk]):
            assert AuditEntry.objects.filter(verb="Отозван ключ для программ").count() == 1

    def test_while_another_role_there_is_left_they_stay(self, ours):
        user = member_of(ours)
        MembershipFactory(user=user, municipality=ours, role=Role.RESPONSIBLE)
        made = made_for(user, ours)
        with scope(writable=[ours.pk]):
            end_membership(membership=user.memberships.first(), to=None, actor=user, at=timezone.now())
        assert self.is_open(made)

    def test_with_the_account(self, ours):
        user = member_of(ours)
        made = made_for(user, ours)
        user.memberships.update(ended_at=timezone.now())
        assert close_account_without_roles(user=user, actor=user, at=timezone.now())
        type(user).objects.update(is_active=True)
        assert not self.is_open(made)

    def test_with_a_second_factor_that_support_resets(self, ours):
        user = member_of(ours)
        made = made_for(user, ours)
        reset_second_factor(user=user, actor=user, reason="телефон утерян", at=timezone.now())
        assert not self.is_open(made)

    def test_with_the_password_and_the_page_says_so(self, ours, client):
        made = made_for(Membership.objects.get().user, ours)
        address = reverse("account_change_password")
        assert "ключи для программ перестанут действовать" in client.get(address).text
        new = "ясное-утро-77"
        client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert not self.is_open(made)

    def test_with_a_password_set_by_the_link_of_a_letter(self, ours):
        user = member_of(ours)
        made, client, new = made_for(user, ours), Client(), "ясное-утро-77"
        form = client.get(password_link(user), follow=True)
        client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
        assert not self.is_open(made)
