"""Letters: a row first, sent once, tried again with growing pauses, given up in sight."""

import smtplib
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from nok_portal.celery import app
from nok_portal.messaging import tasks
from nok_portal.messaging.models import OutgoingMail
from nok_portal.messaging.places import Place
from nok_portal.messaging.services import mail as services
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import current_scope, scope
from tests.factories import NOW, MunicipalityFactory, RegionFactory

State = OutgoingMail.State
TEMPLATE = "accounts/mail/password_changed"


def write(*, place: Place = Place(), **values: Any) -> OutgoingMail:
    given = {
        "kind": "test",
        "recipient": "person@example.org",
        "subject": "Проверка\nписьма",
        "template": TEMPLATE,
        "context": {"name": "Анна & Ко"},
        "at": NOW,
    }
    with place.scope():
        return services.queue_mail(
            **{**given, **values}, municipality_id=place.municipality_id, region_id=place.region_id
        )


def reread(mail: OutgoingMail, place: Place = Place()) -> OutgoingMail:
    with place.scope():
        return OutgoingMail.objects.get(pk=mail.pk)


def own_words(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the portal itself says in the log; the tests' mail server speaks there, too."""
    return [one.getMessage() for one in caplog.records if one.name == services.__name__]


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.django_db
class TestSending:
    def test_letter_goes_as_text_and_html_under_its_message_id(self, mailbox):
        mail = write()
        assert services.send_waiting(place=Place(), at=NOW) == 1
        (letter,) = mailbox.letters
        assert letter["Message-ID"] == mail.message_id
        assert letter["To"] == "person@example.org"
        assert letter["Subject"] == "Проверка письма"
        assert letter["Auto-Submitted"] == "auto-generated"
        text, html = letter.iter_parts()
        assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
        assert "Анна & Ко" in text.get_content()
        assert "Анна &amp; Ко" in html.get_content()
        assert (reread(mail).state, reread(mail).sent_at, reread(mail).tries) == (State.SENT, NOW, 1)

    def test_sent_letter_is_not_sent_again(self, mailbox):
        mail = write()
        services.send_waiting(place=Place(), at=NOW)
        assert services.send_waiting(place=Place(), at=NOW + timedelta(days=1)) == 0
        assert services.send_waiting(place=Place(), at=NOW, mail_id=mail.pk) == 0
        assert len(mailbox.letters) == 1

    def test_more_than_a_batch_goes_in_one_run(self, mailbox, monkeypatch):
        monkeypatch.setattr(services, "BATCH", 2)
        for _ in range(5):
            write()
        assert services.send_waiting(place=Place(), at=NOW) == 5
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == 5

    def test_one_refused_address_does_not_stop_the_others(self, mailbox, monkeypatch):
        bad, good = write(recipient="кривой адрес"), write()
        assert services.send_waiting(place=Place(), at=NOW) == 1
        assert reread(bad).state == State.WAITING
        assert reread(good).state == State.SENT

    def test_secret_body_is_kept_only_until_sent(self, mailbox):
        secret, plain = write(has_secret=True), write()
        assert reread(secret).text
        services.send_waiting(place=Place(), at=NOW)
        assert (reread(secret).text, reread(secret).html) == ("", "")
        assert reread(plain).text


@pytest.mark.django_db
class TestTryingAgain:
    def test_pauses_grow_until_the_letter_is_given_up_in_sight(self, no_mail_server):
        mail, at, waited = write(has_secret=True), NOW, []
        while reread(mail).state == State.WAITING:
            services.send_waiting(place=Place(), at=at)
            row = reread(mail)
            waited.append(row.next_try_at - at)
            at = max(row.next_try_at, at + timedelta(seconds=1))
        assert waited[:-1] == list(services.PAUSES)
        assert (row.state, row.tries) == (State.FAILED, len(services.PAUSES) + 1)
        assert "ConnectionRefusedError" in row.error
        assert (row.text, row.html) == ("", "")

    def test_what_is_given_up_is_said_in_the_log_without_address_and_words(self, mailbox, caplog):
        caplog.set_level("WARNING", logger=services.__name__)  # a worker of another test may have set the root's
        mail = write()
        mailbox.answer = "451 person@example.org is busy"
        services.send_waiting(place=Place(), at=NOW)
        assert own_words(caplog) == []
        mailbox.refused = "550 person@example.org is unknown"
        services.send_waiting(place=Place(), at=NOW + services.PAUSES[0])
        (said,) = own_words(caplog)
        assert str(mail.pk) in said
        assert "SMTPRecipientsRefused" in said
        assert "person@example.org" not in said

    def test_nothing_is_tried_before_its_pause_is_over(self, no_mail_server):
        mail = write()
        services.send_waiting(place=Place(), at=NOW)
        services.send_waiting(place=Place(), at=NOW + services.PAUSES[0] - timedelta(seconds=1))
        assert reread(mail).tries == 1

    def test_letter_goes_when_the_server_is_back(self, mailbox):
        mail = write()
        mailbox.answer = "451 try later"
        services.send_waiting(place=Place(), at=NOW)
        assert (reread(mail).state, "451" in reread(mail).error) == (State.WAITING, True)
        mailbox.answer = "250 OK"
        later = NOW + services.PAUSES[0]
        services.send_waiting(place=Place(), at=later)
        row = reread(mail)
        assert (row.state, row.error, row.sent_at, row.tries) == (State.SENT, "", later, 2)

    def test_unknown_mailbox_is_given_up_at_once(self, mailbox):
        mail = write()
        mailbox.refused = "550 no such mailbox"
        services.send_waiting(place=Place(), at=NOW)
        row = reread(mail)
        assert (row.state, row.tries) == (State.FAILED, 1)
        assert "no such mailbox" in row.error

    @pytest.mark.parametrize(
        ("problem", "state"),
        [
            (smtplib.SMTPConnectError(554, b"no service"), State.WAITING),
            (smtplib.SMTPHeloError(550, b"who are you"), State.WAITING),
            (smtplib.SMTPSenderRefused(553, b"not yours", "portal@example.org"), State.WAITING),
            (smtplib.SMTPAuthenticationError(534, b"weak"), State.WAITING),
            (smtplib.SMTPDataError(451, b"later"), State.WAITING),
            (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"none"), "b@example.org": (450, b"busy")}), State.WAITING),
            (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"none")}), State.FAILED),
            (smtplib.SMTPDataError(552, b"too big"), State.FAILED),
        ],
        ids=lambda value: f"{type(value).__name__}-{value.args[0]}" if isinstance(value, Exception) else value,
    )  # fmt: skip
    def test_only_a_refused_address_or_letter_is_given_up_at_once(self, monkeypatch, problem, state):
        class Broken(EmailBackend):
            def send_messages(self, email_messages: Any) -> int:
                raise problem

        monkeypatch.setattr(services, "get_connection", Broken)
        mail = write()
        services.send_waiting(place=Place(), at=NOW)
        row = reread(mail)
        assert row.state == state
        assert state == State.FAILED or row.next_try_at == NOW + services.PAUSES[0]

    @pytest.mark.parametrize("has_secret", [False, True])
    def test_letter_that_kills_each_of_its_senders_ends_in_sight(self, mailbox, has_secret):
        mail, at = write(has_secret=has_secret), NOW
        for _ in range(len(services.PAUSES) + 1):
            assert services._claim(place=Place(), at=at, mail_id=None)  # and the sender dies
            at += services.HOLD
        assert services.send_waiting(place=Place(), at=at) == 0
        ended = reread(mail)
        assert (ended.state, ended.next_try_at, ended.claimed_until) == (State.FAILED, at, None)
        assert (ended.text == "", "SenderDied" in ended.error) == (has_secret, True)
        assert mailbox.letters == []

    def test_failure_is_told_by_the_day_of_its_last_try(self, mailbox):
        mail, late = write(), NOW + timedelta(days=20)
        mailbox.refused = "550 unknown"
        services.send_waiting(place=Place(), at=late)
        assert (reread(mail).state, reread(mail).next_try_at) == (State.FAILED, late)

    def test_letter_left_claimed_by_a_crash_goes_when_the_claim_has_run_out(self, mailbox):
        mail = write()
        services._claim(place=Place(), at=NOW, mail_id=None)  # and the sender dies
        assert services.send_waiting(place=Place(), at=NOW + services.HOLD - timedelta(seconds=1)) == 0
        assert services.send_waiting(place=Place(), at=NOW + services.HOLD) == 1
        assert mailbox.letters[0]["Message-ID"] == mail.message_id

    def test_late_sender_does_not_overwrite_what_the_next_one_noted(self):
        mail = write()
        (slow,) = services._claim(place=Place(), at=NOW, mail_id=None)
        services.send_waiting(place=Place(), at=NOW + services.HOLD)
        services._note(slow, OSError("too late"), place=Place(), at=NOW)
        assert (reread(mail).state, reread(mail).error) == (State.SENT, "")


@pytest.mark.django_db
class TestPlaces:
    def test_letter_of_the_portal_needs_no_scope_and_leaves_none(self):
        services.queue_mail(kind="test", recipient="a@example.org", subject="С", template=TEMPLATE, context={}, at=NOW)
        assert current_scope() is None

    def test_letter_of_a_municipality_wants_its_scope(self):
        ours, theirs = MunicipalityFactory(), MunicipalityFactory()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), scope(writable=[ours.pk]):
            services.queue_mail(
                kind="test",
                recipient="a@example.org",
                subject="С",
                template=TEMPLATE,
                context={},
                at=NOW,
                municipality_id=theirs.pk,
            )

    def test_each_place_sends_its_own_only(self, mailbox):
        municipality, region = MunicipalityFactory(), RegionFactory()
        places = [Place(), Place(municipality_id=municipality.pk), Place(region_id=region.pk)]
        mails = [write(place=place) for place in places]
        services.send_waiting(place=places[1], at=NOW)
        states = [reread(mail, place).state for mail, place in zip(mails, places, strict=True)]
        assert states == [State.WAITING, State.SENT, State.WAITING]

    def test_sweep_sends_what_waits_anywhere(self, mailbox):
        municipality, region = MunicipalityFactory(), RegionFactory()
        places = [Place(), Place(municipality_id=municipality.pk), Place(region_id=region.pk)]
        mails = [write(place=place, at=timezone.now()) for place in places]
        tasks.send_waiting_mail.apply()
        assert [reread(mail, place).state for mail, place in zip(mails, places, strict=True)] == [State.SENT] * 3

    def test_sweep_opens_only_places_with_something_due(self, django_assert_num_queries):
        busy = MunicipalityFactory()
        write(place=Place(municipality_id=busy.pk))

        def look() -> list[Place]:
            ids = list(Municipality.objects.values_list("pk", flat=True))
            return services.places_with_waiting_mail(municipality_ids=ids, region_ids=[], at=NOW)

        with django_assert_num_queries(6):
            assert look() == [Place(municipality_id=busy.pk)]
        for _ in range(3):
            MunicipalityFactory()
        with django_assert_num_queries(6):
            assert look() == [Place(municipality_id=busy.pk)]


@pytest.mark.django_db(transaction=True)
class TestBesideTheDatabase:
    def test_committed_letter_is_handed_to_the_worker(self, monkeypatch):
        handed: list[dict[str, Any]] = []
        monkeypatch.setattr(tasks.send_mail, "delay", lambda **values: handed.append(values))
        with transaction.atomic():
            mail = write(at=timezone.now())
            assert handed == []
        assert handed == [{"mail_id": str(mail.pk), "municipality_id": None, "region_id": None}]
        tasks.send_mail.apply(kwargs=handed[0])
        assert reread(mail).state == State.SENT

    def test_letter_travels_through_the_real_broker_and_mail_server(self, mailbox, monkeypatch):
        queue = "test-mail"
        monkeypatch.setattr(
            tasks.send_mail, "delay", lambda **values: tasks.send_mail.apply_async(kwargs=values, queue=queue)
        )
        with start_worker(app, perform_ping_check=False, pool="solo", queues=[queue], shutdown_timeout=20):
            mail = write(at=timezone.now())
            deadline = time.monotonic() + 15
            while not mailbox.letters and time.monotonic() < deadline:
                time.sleep(0.05)
        assert [letter["Message-ID"] for letter in mailbox.letters] == [mail.message_id]
        assert reread(mail).state == State.SENT

    def test_saved_letter_stands_with_the_broker_down(self, monkeypatch, caplog):
        def delay(**values: Any) -> None:
            tasks.send_mail.apply_async(kwargs=values, connection=app.connection_for_write("redis://127.0.0.1:1/0"))

        monkeypatch.setattr(tasks.send_mail, "delay", delay)
        mail = write()
        assert "Connection refused" in caplog.text
        assert reread(mail).state == State.WAITING

    def test_two_senders_at_once_send_each_letter_once(self, mailbox):
        for _ in range(6):
            write()
        start = threading.Barrier(2)
        gone: list[int] = []

        def send() -> None:
            start.wait()
            gone.append(services.send_waiting(place=Place(), at=NOW))
            connection.close()

        senders = [threading.Thread(target=send) for _ in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert sum(gone) == 6
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == len(mailbox.letters) == 6
