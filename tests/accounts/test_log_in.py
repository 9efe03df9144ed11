"""Log-in, password, second factor, lock-out, devices: by e-mail, in plain Russian, in the journal."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import PASSWORD, MunicipalityFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW_PASSWORD = "сосновый-берег-17"


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    cache.clear()


def person(**values: Any) -> User:
    user = UserFactory(**values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def with_second_factor(user: User) -> User:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def log_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def verbs(user: User) -> list[str]:
    with scope(system=True):
        return list(
            AuditEntry.objects.filter(object_type="accounts.user", object_id=str(user.pk))
            .order_by("pk")
            .values_list("verb", flat=True)
        )


class TestLogIn:
    def test_with_mail_and_password_leads_home(self, client):
        user = person()
        response = log_in(client, user)
        assert (response.status_code, response.url) == (302, "/")
        assert client.session["_auth_user_id"] == str(user.pk)
        assert verbs(user) == ["Вход в портал"]

    def test_letters_of_the_address_may_be_large(self, client):
        user = person(email="anna@example.org")
        response = client.post(reverse("account_login"), {"login": " Anna@Example.org ", "password": PASSWORD})
        assert response.url == "/"
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_leads_where_the_person_wanted_but_never_elsewhere(self, client):
        user = person()
        values = {"login": user.email, "password": PASSWORD}
        response = client.post(reverse("account_login"), {**values, "next": "/account/"})
        assert response.url == "/account/"
        client.logout()
        response = client.post(reverse("account_login"), {**values, "next": "https://evil.example/"})
        assert response.url == "/"

    def test_wrong_password_and_unknown_address_look_the_same(self, client):
        user = person()
        wrong = log_in(client, user, "не тот")
        unknown = client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "не тот"})
        for response in (wrong, unknown):
            assert response.context["form"].non_field_errors() == [
                "Адрес или пароль не подошли. Проверьте раскладку и Caps Lock."
            ]

    def test_closed_account_says_so(self, client):
        response = log_in(client, person(is_active=False))
        assert response.url == reverse("account_inactive")
        assert "Учётная запись закрыта" in client.get(response.url).content.decode()
        assert "_auth_user_id" not in client.session

    def test_log_out_asks_by_page_and_happens_by_post(self, client):
        log_in(client, person())
        assert "Выйти" in client.get(reverse("account_logout")).content.decode()
        assert "_auth_user_id" in client.session
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session


class TestLockOut:
    def test_sixth_attempt_is_refused_with_the_minutes_even_with_the_right_password(self, client):
        user = person()
        for _ in range(5):
            log_in(client, user, "не тот")
        response = log_in(client, user)
        (message,) = response.context["form"].non_field_errors()
        assert re.search(r"Вход закрыт ещё на (10|9)\u00a0минут", message)
        assert "_auth_user_id" not in client.session
        log_in(client, user)
        assert verbs(user) == ["Вход закрыт после неудачных попыток"]

    def test_lock_of_one_account_leaves_others_alone(self, client):
        user, other = person(), person()
        for _ in range(6):
            log_in(client, user, "не тот")
        assert log_in(client, other).url == "/"

    def test_new_password_by_mail_opens_at_once(self, client):
        user = person()
        for _ in range(6):
            log_in(client, user, "не тот")
        set_password(client, reset_link(client, user))
        assert log_in(client, user, NEW_PASSWORD).url == "/"

    def test_codes_of_the_second_factor_cannot_be_guessed_for_long(self, client):
        user = with_second_factor(person())
        log_in(client, user)
        for _ in range(6):
            response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "Слишком много" in str(response.context["form"].errors)
        response = client.post(reverse("mfa_authenticate"), {"code": code()})
        assert "_auth_user_id" not in client.session


def reset_link(client: Client, user: User) -> str:
    response = client.post(reverse("account_reset_password"), {"email": user.email})
    assert response.url == reverse("account_reset_password_done")
    with scope(system=True):
        mail = OutgoingMail.objects.get(kind="password_reset", recipient=user.email)
    link = re.search(r"http://\S+/account/password/reset/key/\S+", mail.text)
    assert link is not None
    return link[0].removeprefix("http://127.0.0.1:8000")


def set_password(client: Client, link: str, password: str = NEW_PASSWORD) -> Any:
    form = client.get(link, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


class TestPassword:
    def test_reset_letter_is_a_row_with_a_link_of_the_portal_s_own_address(self, client):
        user = person()
        link = reset_link(client, user)
        with scope(system=True):
            mail = OutgoingMail.objects.get(kind="password_reset")
        assert (mail.user_id, mail.has_secret, mail.municipality_id) == (user.pk, True, None)
        assert link.startswith("/account/password/reset/key/")

    def test_reset_sets_the_password_once_and_tells_the_person(self, client):
        user = person()
        link = reset_link(client, user)
        response = set_password(client, link)
        assert response.url == reverse("account_reset_password_from_key_done")
        assert log_in(client, user, NEW_PASSWORD).url == "/"
        client.logout()
        assert "Ссылка больше" in client.get(link).content.decode()
        assert "Пароль задан по ссылке из письма" in verbs(user)
        with scope(system=True):
            assert OutgoingMail.objects.filter(kind="password_changed", recipient=user.email).exists()

    def test_unknown_address_gets_no_letter_and_the_same_answer(self, client):
        response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
        assert response.url == reverse("account_reset_password_done")
        with scope(system=True):
            assert not OutgoingMail.objects.exists()

    def test_weak_password_is_refused_in_words(self, client):
        response = set_password(client, reset_link(client, person()), "12345")
        assert "10" in str(response.context["form"].errors)

    def test_change_signs_out_everywhere_else(self, client):
        user = person()
        log_in(client, user)
        elsewhere = Client()
        log_in(elsewhere, user)
        values = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert client.post(reverse("account_change_password"), values).url == reverse("account")
        assert client.get(reverse("account")).status_code == 200
        assert elsewhere.get(reverse("account")).status_code == 302
        assert verbs(user)[-1] == "Изменён пароль"


class TestSecondFactor:
    def test_code_is_asked_after_the_password(self, client):
        user = with_second_factor(person())
        assert log_in(client, user).url == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert client.post(reverse("mfa_authenticate"), {"code": code()}).url == "/"
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_wrong_code_does_not_open(self, client):
        user = with_second_factor(person())
        log_in(client, user)
        response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "Код не подошёл" in response.content.decode()
        assert "_auth_user_id" not in client.session
        assert verbs(user) == ["Неверный код второго фактора"]

    def test_recovery_code_opens_once(self, client):
        user = with_second_factor(person())
        spare = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
        log_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": spare})
        assert client.session["_auth_user_id"] == str(user.pk)
        client.logout()
        log_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": spare})
        assert "_auth_user_id" not in client.session
        assert "Использован запасной код" in verbs(user)

    def test_set_up_shows_a_picture_and_a_key_then_recovery_codes(self, client, django_capture_on_commit_callbacks):
        user = person()
        log_in(client, user)
        page = client.get(reverse("mfa_activate_totp"))
        assert "data:image/svg+xml;base64," in page.content.decode()
        secret = page.context["form"].secret
        counter = next(iter(yield_hotp_counters_from_time()))
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, counter))}
            )
        assert response.url == reverse("mfa_view_recovery_codes")
        codes = client.get(response.url).context["unused_codes"]
        assert len(codes) == 10
        assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
        assert "Второй фактор включён" in verbs(user)

    def test_set_up_asks_for_the_password_again_after_a_while(self, client):
        log_in(client, person())
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 301
        session.save()
        response = client.get(reverse("mfa_activate_totp"))
        assert response.url.startswith(reverse("account_reauthenticate"))
        assert client.post(response.url, {"password": "не тот"}).status_code == 200
        assert client.post(response.url, {"password": PASSWORD}).url == reverse("mfa_activate_totp")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_administrator_gets_no_further_without_it_where_it_is_required(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        municipality = MunicipalityFactory()
        administrator, editor = member_of(municipality, Role.ADMINISTRATOR), member_of(municipality, Role.EDITOR)
        page = reverse("office:journal", args=[municipality.slug])
        client.force_login(administrator)
        assert client.get(page).url == reverse("mfa_activate_totp")
        with_second_factor(administrator)
        assert client.get(page).status_code == 200
        client.force_login(editor)
        assert client.get(page).status_code == 200

    def test_administrator_cannot_take_it_off_where_it_is_required(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        administrator = member_of(MunicipalityFactory(), Role.ADMINISTRATOR)
        EmailAddress.objects.create(user=administrator, email=administrator.email, verified=True, primary=True)
        with_second_factor(administrator)
        log_in(client, administrator)
        client.post(reverse("mfa_authenticate"), {"code": code()})
        response = client.post(reverse("mfa_deactivate_totp"))
        assert "обязателен" in response.content.decode()
        assert Authenticator.objects.filter(user=administrator, type="totp").exists()


class TestDevices:
    def test_other_devices_are_listed_and_signed_out(self, client):
        user = person()
        elsewhere = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
        log_in(elsewhere, user)
        elsewhere.get(reverse("account"))
        log_in(client, user)
        page = client.get(reverse("usersessions_list")).content.decode()
        assert "Firefox, Linux" in page
        assert page.count("Это устройство") == 1
        client.post(reverse("usersessions_list"))
        assert elsewhere.get(reverse("account")).status_code == 302
        assert client.get(reverse("account")).status_code == 200

    def test_closed_account_is_out_at_its_next_click(self, client):
        user = person()
        log_in(client, user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get(reverse("account")).status_code == 302


ALLAUTH_PAGES = [
    ("account_login", False),
    ("account_inactive", False),
    ("account_reset_password", False),
    ("account_reset_password_done", False),
    ("account_reset_password_from_key_done", False),
    ("account_logout", True),
    ("account_change_password", True),
    ("account_reauthenticate", True),
    ("mfa_index", True),
    ("mfa_reauthenticate", True),
    ("mfa_view_recovery_codes", True),
    ("mfa_generate_recovery_codes", True),
    ("mfa_deactivate_totp", True),
    ("usersessions_list", True),
    ("account", True),
]


@pytest.mark.parametrize(("name", "signed_in"), ALLAUTH_PAGES)
def test_page_wears_the_portal_s_look(client, name, signed_in):
    if signed_in:
        user = with_second_factor(person())
        log_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code()})
    page = client.get(reverse(name), follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    assert "plain-main" in text
    assert "placeholder=" not in text
    assert not re.search(r"\b(Sign|Password|Email|Confirm)\b", re.sub(r"<[^>]*>", "", text))


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/set/", "login/code/", "2fa/webauthn/"]
)
def test_what_the_portal_does_not_offer_does_not_exist(client, path):
    client.force_login(person())
    assert client.get(f"/account/{path}").status_code == 404
