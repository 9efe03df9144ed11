"""«Письма», the notice of «Сегодня», who was reminded of a due date, and the mail as support sees it."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.services.invitations import invite_person
from nok_portal.messaging import letter_kinds
from nok_portal.messaging.models import OutgoingMail, Reminder
from nok_portal.messaging.resending import stamp_of
from nok_portal.messaging.services.letters import send_again
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right, Role
from nok_portal.tenants.scope import scope
from plans.selectors.reminded import reminded_of
from tests.factories import MunicipalityFactory, UserFactory, member_of, ministry_of
from tests.messaging.reminded import TUESDAY, noon, outbox, run
from tests.messaging.test_letters import make_letter, reread
from tests.plans.reporting import make_world

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture
def municipality() -> Municipality:
    return MunicipalityFactory()


@pytest.fixture
def client(municipality) -> Client:
    return signed_in(member_of(municipality, Role.ADMINISTRATOR, full_name="Ильина Вера"))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, municipality: Municipality, *arguments) -> str:
    return reverse(f"office:{name}", args=[municipality.slug, *arguments])


def failed(municipality, **facts) -> OutgoingMail:
    now = timezone.now()
    return make_letter(municipality, **({"created_at": now, "next_try_at": now} | facts))


def read(page) -> str:
    """The page's words, with plain spaces."""
    return page.content.decode().replace("\u00a0", " ")


def subjects(page) -> list[str]:
    return [row.mail.subject for row in page.context["rows"]]


class TestList:
    def test_says_to_whom_about_what_and_what_became_of_it(self, municipality, client):
        member = member_of(municipality, full_name="Седов Павел", email="sedov@example.org")
        failed(
            municipality, user=member, recipient=member.email, subject="Срок завтра",
            error="SMTPRecipientsRefused: 552 5.2.2 Mailbox full",
        )  # fmt: skip
        failed(municipality, state=State.WAITING, tries=3, error="TimeoutError: timed out", subject="Ещё идёт")
        text = read(client.get(address("letters", municipality)))
        for words in ("Седов Павел", "sedov@example.org", "Срок завтра", "Напоминания", "Почтовый ящик переполнен"):
            assert words in text
        assert "3 попытки, следующая" in text
        assert "5.2.2" not in text, "the server's own words are on the letter's page"

    def test_filters_are_of_the_address_and_nonsense_is_left_out(self, municipality, client):
        old = timezone.now() - timedelta(days=20)
        failed(municipality, subject="Старое", created_at=old)
        failed(municipality, subject="Отзыв", error="Withdrawn: приглашение отозвано", kind="invitation")
        failed(municipality, subject="Ушло", state=State.SENT, sent_at=old, error="")
        failed(municipality, subject="Новое", recipient="novik@example.org")
        url = address("letters", municipality)
        day = (timezone.now() - timedelta(days=10)).date()
        assert subjects(client.get(url)) == ["Новое", "Ушло", "Отзыв", "Старое"]
        assert subjects(client.get(url, {"state": "failed"})) == ["Новое", "Старое"]
        assert subjects(client.get(url, {"state": "failed", "since": day})) == ["Новое"]
        assert subjects(client.get(url, {"till": day})) == ["Старое"]
        assert subjects(client.get(url, {"q": "novik"})) == ["Новое"]
        assert subjects(client.get(url, {"kind": "invitation"})) == ["Отзыв"]
        page = client.get(url, {"state": "?", "kind": "nothing", "since": "31.02.2026", "page": "x", "q": " "})
        assert len(subjects(page)) == 4
        assert [count for _, count, _, _ in page.context["picks"]] == [4, 2, 0, 1]
        assert "Таких писем нет" in read(client.get(url, {"q": "никого"}))

    def test_costs_the_same_for_one_letter_and_for_many(self, municipality, client):
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(address("letters", municipality))
            return len(captured)

        failed(municipality)
        queries()  # the first visit of a session costs more
        one = queries()
        for _ in range(5):
            failed(municipality, user=member_of(municipality))
        assert queries() == one

    def test_fields_of_days_say_which_they_are(self, municipality, client):
        assert '<label class="small muted"' in read(client.get(address("letters", municipality)))

    def test_empty_list_says_when_letters_come(self, municipality, client):
        assert "Писем пока не было" in read(client.get(address("letters", municipality)))

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.RESPONSIBLE, Role.COUNCIL_CHAIR, Role.INSTITUTION, "ministry"])
    def test_addresses_are_for_those_who_manage_people(self, municipality, role):
        user = ministry_of(municipality.region) if role == "ministry" else member_of(municipality, role)
        mail = failed(municipality)
        visitor = signed_in(user)
        for page in (address("letters", municipality), address("letter", municipality, mail.pk)):
            assert visitor.get(page).status_code == 403
        assert visitor.post(address("letter_again", municipality, mail.pk)).status_code == 403
        assert visitor.post(address("letters_again", municipality), {"letter": f"{mail.pk}"}).status_code == 403
        assert reread(mail).state == State.FAILED
        assert "Не отправлено" not in read(visitor.get(address("today", municipality)))

    def test_letters_of_others_are_not_there(self, municipality, client):
        mails = [failed(MunicipalityFactory(), subject="Чужое"), failed(None, subject="Портала")]
        assert subjects(client.get(address("letters", municipality))) == []
        for mail in mails:
            assert client.get(address("letter", municipality, mail.pk)).status_code == 404
            assert client.post(address("letter_again", municipality, mail.pk)).status_code == 404
            client.post(address("letters_again", municipality), {"letter": f"{mail.pk}@{stamp_of(mail)}"})
            assert reread(mail).state == State.FAILED


class TestOneLetter:
    def test_tells_what_it_said_what_it_reminded_of_and_the_answer_of_the_server(self):
        world = make_world()
        world.due(window_to=TUESDAY)
        run(TUESDAY)
        with scope(writable=[world.municipality.pk]):
            (mail,) = outbox(world.municipality)
            OutgoingMail.objects.update(state=State.FAILED, error="SMTPRecipientsRefused: 550 5.1.1 User unknown")
        client = signed_in(member_of(world.municipality, Role.ADMINISTRATOR))
        page = client.get(address("letter", world.municipality, mail.pk))
        text = read(page)
        assert [row.recipient for row, _ in page.context["told"]] == [world.responsible]
        for words in ("Такого адреса нет", "550 5.1.1 User unknown", "Срок сегодня", mail.subject):
            assert words in text

    @pytest.mark.parametrize("state", [State.WAITING, State.SENT])
    def test_link_that_opens_something_is_shown_to_nobody(self, municipality, client, state):
        said = {"actor": member_of(municipality, Role.ADMINISTRATOR), "at": timezone.now()}
        with scope(writable=[municipality.pk]):
            offer = invite_person(email="new@example.org", full_name="Н", role=Role.EDITOR, place=municipality, **said)
            OutgoingMail.objects.update(state=state)
            mail = OutgoingMail.objects.get()
            assert offer.link in mail.text
        text = read(client.get(address("letter", municipality, mail.pk)))
        assert offer.link not in text
        assert "портал его текст не показывает" in text
        assert address("letter_again", municipality, mail.pk) not in text
        assert ("Новую ссылку отправляют" in text) == (state == State.SENT)

    def test_sent_again_once_with_an_entry_and_the_new_address(self, municipality, client):
        member = member_of(municipality, email="new@example.org")
        mail = failed(municipality, user=member, recipient="old@example.org")
        page = read(client.get(address("letter", municipality, mail.pk)))
        assert "уйдёт на new@example.org" in page
        url, seen = address("letter_again", municipality, mail.pk), {"seen": stamp_of(mail)}
        done = read(client.post(url, seen, follow=True))
        assert "Письмо для new@example.org уйдёт" in done
        assert "old@example.org → new@example.org" in done
        assert "и так ждёт отправки" in read(client.post(url, seen, follow=True))
        with scope(writable=[municipality.pk]):
            OutgoingMail.objects.update(state=State.SENT)
        assert "уже отправили" in read(client.post(url, seen, follow=True))
        assert "уже отправили" in read(client.post(url, follow=True)), "who sends no stamp has seen nothing"

    def test_costs_the_same_for_one_reminder_and_for_many(self, municipality, client):
        mail = failed(municipality)

        def told(count: int) -> None:
            with scope(writable=[municipality.pk]):
                for _ in range(count):
                    Reminder.objects.create(
                        municipality=municipality, kind="overdue", thing=f"duedate:{uuid4()}", due_on=TUESDAY, stage=1,
                        recipient=UserFactory(), because="вы", title="Т", url="/", mail=mail, created_at=noon(TUESDAY),
                    )  # fmt: skip

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(address("letter", municipality, mail.pk))
            return len(captured)

        told(1)
        queries()  # the first visit of a session costs more
        one = queries()
        told(4)
        assert queries() == one


class TestSeveral:
    def test_marked_ones_are_shown_and_go_together(self, municipality, client):
        first, second = failed(municipality, subject="Первое"), failed(municipality, subject="Второе")
        url = address("letters_again", municipality)
        page = client.get(url, {"letter": [first.pk, second.pk, "нет", uuid4()]})
        assert [row.mail.subject for row in page.context["fit"]] == ["Второе", "Первое"]
        marks = [f"{row.mail.pk}@{row.stamp}" for row in page.context["fit"]]
        assert "Уйдёт в течение минуты: 2" in read(client.post(url, {"letter": marks}, follow=True))
        assert {reread(first).state, reread(second).state} == {State.WAITING}

    def test_one_that_waits_for_its_next_try_is_sent_now_by_itself_or_with_others(self, municipality, client):
        paused = failed(municipality, subject="Пауза", state=State.WAITING, error="TimeoutError: timed out")
        failed(municipality, subject="Сейчас уйдёт", state=State.WAITING, tries=0, error="")
        rows = client.get(address("letters", municipality)).context["rows"]
        assert [row.mail.subject for row in rows if row.may_be_marked] == ["Пауза"]
        page = read(client.get(address("letter", municipality, paused.pk)))
        assert "Отправить сейчас" in page
        assert "Отправить ещё раз" not in page
        url = address("letters_again", municipality)
        (fit,) = client.get(url, {"letter": [paused.pk]}).context["fit"]
        client.post(url, {"letter": [f"{fit.mail.pk}@{fit.stamp}"]})
        assert reread(paused).tries == 0
        assert "Отправить сейчас" not in read(client.get(address("letter", municipality, paused.pk)))

    def test_all_that_have_not_gone_by_the_filter(self, municipality, client):
        failed(municipality, subject="Первое")
        failed(municipality, subject="Второе")
        failed(municipality, subject="Ушло", state=State.SENT, error="")
        failed(municipality, subject="Приглашение", kind="invitation", text="", has_secret=True)
        page = client.get(address("letters_again", municipality), {"all": "1", "state": "sent"})
        assert [row.mail.subject for row in page.context["fit"]] == ["Второе", "Первое"]
        assert [row.mail.subject for row in page.context["refused"]] == ["Приглашение"]
        page = client.get(address("letters_again", municipality), {"all": "1", "q": "перв"})
        assert [row.mail.subject for row in page.context["fit"]] == ["Первое"]

    def test_none_goes_when_one_was_sent_meanwhile(self, municipality, client):
        first, second = failed(municipality), failed(municipality)
        marks = [f"{mail.pk}@{stamp_of(mail)}" for mail in (first, second)]
        with scope(writable=[municipality.pk]):
            send_again(mail=second, actor=member_of(municipality), at=timezone.now())
        page = client.post(address("letters_again", municipality), {"letter": marks})
        assert page.status_code == 422
        assert "не подходят 1 из 2" in read(page)
        assert [row.mail for row in page.context["fit"]] == [first]
        assert [row.why_not for row in page.context["refused"]] == ["Письмо и так ждёт отправки: оно уйдёт само."]
        assert reread(first).state == State.FAILED

    def test_nothing_marked_leads_back(self, municipality, client):
        page = client.get(address("letters_again", municipality), {"letter": "нет"}, follow=True)
        assert "Сначала отметьте письма" in read(page)


class TestToday:
    def test_failures_are_told_until_sent_again(self, municipality, client):
        url = address("today", municipality)
        client.get(url)  # the first visit of a session costs more
        with CaptureQueriesContext(connection) as calm:
            assert "Не отправлено" not in read(client.get(url))
        mails = [failed(municipality) for _ in range(3)]
        failed(municipality, next_try_at=timezone.now() - timedelta(days=15))
        with CaptureQueriesContext(connection) as told:
            text = read(client.get(url))
        assert "Не отправлено: 3 письма" in text
        assert f"{address('letters', municipality)}?state=failed" in text
        assert len(told) == len(calm)
        for mail in mails:
            client.post(address("letter_again", municipality, mail.pk), {"seen": stamp_of(mail)})
        assert "Не отправлено" not in read(client.get(url))


class TestReminded:
    def test_line_and_due_date_say_who_was_told_to_those_who_may_see_people(self):
        world = make_world()
        due = world.due(window_to=TUESDAY + timedelta(days=1))
        run(TUESDAY)
        pages = [address("activity", world.municipality, due.activity_id), address("due", world.municipality, due.pk)]
        with scope(writable=[world.municipality.pk]):
            OutgoingMail.objects.update(state=State.FAILED)
            mail = OutgoingMail.objects.get()
        for page in pages:
            text = read(signed_in(world.editor).get(page))
            assert "Напоминали" in text
            for words in ("Седов Павел", "срок скоро, за 1 день", "письмо не отправлено"):
                assert words in text
            assert address("letter", world.municipality, mail.pk) not in text
            text = read(signed_in(member_of(world.municipality, Role.ADMINISTRATOR)).get(page))
            assert address("letter", world.municipality, mail.pk) in text
            for visitor in (world.responsible, ministry_of(world.municipality.region)):
                assert "Напоминали" not in read(signed_in(visitor).get(page))

    def test_what_was_told_before_a_weekend_says_how_long_before(self):
        world = make_world()
        friday = TUESDAY + timedelta(days=3)
        due = world.due(window_to=friday + timedelta(days=2))
        run(friday)
        with scope(readable=[world.municipality.pk]):
            (one,) = reminded_of([due], municipality=world.municipality, rights=[Right.SEE_PEOPLE])
        assert one.what == "срок скоро, за 2\u00a0дня"

    def test_all_due_dates_of_a_line_cost_one_query(self):
        world = make_world()
        activity = world.activity()
        client = signed_in(world.editor)

        def asked() -> list[str]:
            with CaptureQueriesContext(connection) as captured:
                client.get(address("activity", world.municipality, activity.pk))
            return [one["sql"] for one in captured if 'FROM "messaging_reminder"' in one["sql"]]

        world.due(activity=activity, window_to=TUESDAY + timedelta(days=1))
        world.due(activity=activity, window_to=TUESDAY + timedelta(days=7))
        run(TUESDAY)
        page = client.get(address("activity", world.municipality, activity.pk))
        assert len(page.context["reminded"]) == 2
        about_dues = [sql for sql in asked() if "duedate:" in sql]
        assert len(about_dues) == 1


class TestSupport:
    def test_sees_how_the_mail_does_and_no_addresses(self, municipality):
        support = signed_in(UserFactory(is_support=True))

        def facts() -> dict[str, str]:
            said = re.findall(
                r"<dt>(.*?)</dt>\s*<dd>\s*(.*?)\s*</dd>", read(support.get(reverse("support:home"))), re.DOTALL
            )
            return dict(said)

        assert facts() == {"Ждут отправки": "нет", "Не отправлены за 14 дней": "нет"}
        with CaptureQueriesContext(connection) as before:
            facts()
        for recipient in ("a@example.org", "b@example.org"):
            failed(municipality, recipient=recipient, error="SMTPAuthenticationError: 535 bad a@example.org")
        failed(None, state=State.WAITING, error="")
        with CaptureQueriesContext(connection) as after:
            found = facts()
        assert len(after) == len(before)
        assert found["Ждут отправки"].startswith("1 письмо, первое ждёт с ")
        assert found["Не отправлены за 14 дней"].startswith("2 письма: ")
        assert found["Последний отказ"].endswith("Почтовый сервер не принимает почту портала")
        assert "example.org" not in read(support.get(reverse("support:home")))


def test_every_letter_that_the_portal_sends_has_a_name_and_none_else() -> None:
    sent = {kind for source in sources() for kind in kinds_sent_by(ast.parse(source.read_text()))}
    assert sent == set(letter_kinds._kinds)


def sources() -> Iterator[Path]:
    for package in ("nok_portal", "plans"):
        yield from (settings.BASE_DIR / package).rglob("*.py")


def kinds_sent_by(module: ast.Module) -> Iterator[str]:
    """The kind of each letter that a module writes: said at the call, or by a constant of the module."""
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "queue_mail":
            (said,) = (keyword.value for keyword in call.keywords if keyword.arg == "kind")
            yield ast.literal_eval(constants[said.id] if isinstance(said, ast.Name) else said)
