"""What was sent, and sending it again: to the present address, once, all of several or none."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from nok_portal.accounts.models import Membership
from nok_portal.accounts.services.invitations import invite_person, resend_invitation, revoke_invitation
from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from nok_portal.messaging.places import Place
from nok_portal.messaging.resending import stamp_of
from nok_portal.messaging.selectors.letters import letters_to_show
from nok_portal.messaging.selectors.sent import (
    MailFilter,
    count_by_state,
    count_failed_lately,
    letters_of,
    mail_health,
    reminders_in,
    reminders_of_things,
)
from nok_portal.messaging.services.letters import (
    CannotSendAgain,
    SeveralRefused,
    send_again,
    send_several_again,
)
from nok_portal.messaging.services.mail import SENDER_DIED, _claim, _note, send_waiting
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, RegionFactory, member_of
from tests.messaging.reminded import TUESDAY, noon, outbox, run

State = OutgoingMail.State
NOON = noon(TUESDAY)


def make_letter(municipality: Municipality | None, **facts: Any) -> OutgoingMail:
    """A letter that failed at noon, unless said otherwise."""
    given = {
        "kind": "reminders.digest",
        "recipient": "a@example.org",
        "subject": "Письмо",
        "text": "Текст",
        "state": State.FAILED,
        "tries": 1,
        "error": "SMTPDataError: 554 no",
        "message_id": f"<{uuid4()}@example.org>",
        "created_at": NOON,
        "next_try_at": NOON,
    } | facts
    region = given.get("region")
    place = Place(municipality.pk if municipality else None, region.pk if region else None)
    with place.scope():
        return OutgoingMail.objects.create(municipality=municipality, **given)


def reread(mail: OutgoingMail) -> OutgoingMail:
    with Place(mail.municipality_id, mail.region_id).scope():
        return OutgoingMail.objects.get(pk=mail.pk)


@pytest.mark.django_db
class TestSent:
    def test_letters_with_what_they_told_and_what_failed(self, world, mailbox):
        due = world.due(window_to=TUESDAY)
        run(TUESDAY)
        mailbox.refused = "550 no such mailbox"
        send_waiting(place=Place(municipality_id=world.municipality.pk), at=NOON)
        with scope(readable=[world.municipality.pk]):
            (mail,) = letters_of(world.municipality, MailFilter(words="седов", state="failed"))
            assert "no such mailbox" in mail.error
            assert mail.reminder_count == 1
            assert count_by_state(world.municipality, MailFilter()) == {"waiting": 0, "sent": 0, "failed": 1, "all": 1}
            assert [row.thing for row in reminders_in(mail)] == [f"duedate:{due.pk}"]
            (told,) = reminders_of_things(world.municipality, [f"duedate:{due.pk}"])
            assert (told.mail, told.mail_state) == (mail, "failed")
            assert not letters_of(world.municipality, MailFilter(words="никто")).exists()

    def test_failures_are_told_until_sent_again_called_back_or_old(self, world):
        municipality = world.municipality
        failed = make_letter(municipality)
        make_letter(municipality, error="Withdrawn: приглашение отозвано")
        make_letter(municipality, state=State.SENT)
        make_letter(municipality, next_try_at=NOON - timedelta(days=14))
        make_letter(MunicipalityFactory())
        with scope(writable=[municipality.pk]):
            assert count_failed_lately(municipality, at=NOON) == 1
            send_again(mail=failed, actor=world.editor, at=NOON)
            assert count_failed_lately(municipality, at=NOON) == 0

    def test_health_of_all_places_in_figures(self, world):
        region = RegionFactory()
        other = MunicipalityFactory()
        make_letter(other, next_try_at=NOON - timedelta(hours=2))
        make_letter(other, next_try_at=NOON - timedelta(hours=3))
        make_letter(None, next_try_at=NOON - timedelta(hours=1), error="SMTPAuthenticationError: 535 no")
        make_letter(None, region=region, state=State.WAITING, created_at=NOON - timedelta(days=1))
        make_letter(world.municipality, state=State.WAITING, tries=0)
        found = mail_health(at=NOON)
        assert (found.waiting, found.stuck, found.waiting_since) == (2, 1, NOON - timedelta(days=1))
        assert (found.failed, found.failed_in) == (3, [(other, 2)])
        assert found.last_failed_at == NOON - timedelta(hours=1)
        assert found.last_reason.words == "Почтовый сервер не принимает почту портала"


@pytest.mark.django_db
class TestSendingAgain:
    def test_failed_letter_goes_to_the_present_address(self, world, mailbox):
        world.due(window_to=TUESDAY)
        run(TUESDAY)
        place = Place(municipality_id=world.municipality.pk)
        mailbox.refused = "550 no such mailbox"
        send_waiting(place=place, at=NOON)
        mailbox.refused = ""
        world.responsible.email = "new@example.org"
        world.responsible.save()
        with scope(writable=[world.municipality.pk]):
            (mail,) = outbox(world.municipality)
            send_again(mail=mail, actor=world.editor, at=NOON)
            (entry,) = AuditEntry.objects.filter(verb="Письмо отправлено ещё раз")
            assert (entry.before["tries"], "no such mailbox" in entry.before["error"]) == (1, True)
            with pytest.raises(CannotSendAgain, match="ждёт отправки"):
                send_again(mail=mail, actor=world.editor, at=NOON)
        assert send_waiting(place=place, at=NOON) == 1
        (letter,) = mailbox.letters
        assert (letter["To"], letter["Message-ID"]) == ("new@example.org", mail.message_id)

    @pytest.mark.parametrize("state", [State.SENT, State.FAILED])
    def test_letter_whose_text_is_gone_is_not_sent_and_says_where_a_new_link_is_made(self, world, state):
        mail = make_letter(world.municipality, kind="invitation", text="", has_secret=True, state=state)
        with (
            scope(writable=[world.municipality.pk]),
            pytest.raises(CannotSendAgain, match=r"текст не хранится.*Люди и роли"),
        ):
            send_again(mail=mail, actor=world.editor, at=NOON)

    def test_who_does_not_work_here_any_more_is_sent_nothing(self, world):
        mail = make_letter(world.municipality, user=world.other)
        Membership.objects.filter(user=world.other).update(ended_at=NOON)
        with scope(writable=[world.municipality.pk]), pytest.raises(CannotSendAgain, match="больше не работает"):
            send_again(mail=mail, actor=world.editor, at=NOON)

    def test_letter_that_went_while_the_page_was_open_is_not_sent_twice(self, world, mailbox):
        mail = make_letter(world.municipality, state=State.SENT, sent_at=NOON)
        place = Place(municipality_id=world.municipality.pk)
        with place.scope():
            send_again(mail=mail, actor=world.editor, at=NOON + timedelta(minutes=1), seen=stamp_of(mail))
        send_waiting(place=place, at=NOON + timedelta(minutes=2))
        assert reread(mail).state == State.SENT
        with place.scope(), pytest.raises(CannotSendAgain, match="уже отправили"):
            send_again(mail=mail, actor=world.editor, at=NOON + timedelta(minutes=3), seen=stamp_of(mail))
        assert len(mailbox.letters) == 1

    def test_letter_that_a_worker_holds_is_left_to_it(self, world):
        mail = make_letter(world.municipality, state=State.WAITING, tries=0, error="")
        place = Place(municipality_id=world.municipality.pk)
        (held,) = _claim(place=place, at=NOON, mail_id=None)
        with place.scope(), pytest.raises(CannotSendAgain, match="ждёт отправки"):
            send_again(mail=mail, actor=world.editor, at=NOON, seen=stamp_of(mail))
        _note(held, None, place=place, at=NOON)
        assert (reread(mail).state, reread(mail).tries) == (State.SENT, 1)

    def test_letter_that_waits_for_its_next_try_goes_now(self, world, mailbox):
        later = {"state": State.WAITING, "next_try_at": NOON + timedelta(hours=3), "error": "TimeoutError: timed out"}
        own, key = (
            make_letter(world.municipality, user=world.other, recipient="old@example.org", **later, has_secret=secret)
            for secret in (False, True)
        )
        place = Place(municipality_id=world.municipality.pk)
        assert send_waiting(place=place, at=NOON) == 0
        with place.scope():
            for mail in (own, key):
                send_again(mail=mail, actor=world.editor, at=NOON, seen=stamp_of(mail))
            with pytest.raises(CannotSendAgain, match="ждёт отправки"):
                send_again(mail=own, actor=world.editor, at=NOON, seen=stamp_of(own))
            assert AuditEntry.objects.filter(verb="Письмо отправлено, не дожидаясь повтора").count() == 2
        assert send_waiting(place=place, at=NOON) == 2
        # what opens something goes to nobody else than whom it was written to
        assert {letter["To"] for letter in mailbox.letters} == {world.other.email, "old@example.org"}

    def test_letter_that_waits_goes_also_when_the_portal_tried_meanwhile(self, world, mailbox):
        mail = make_letter(world.municipality, state=State.WAITING)
        mailbox.answer = "451 later"
        place = Place(municipality_id=world.municipality.pk)
        send_waiting(place=place, at=NOON)
        with place.scope():
            again = send_again(mail=mail, actor=world.editor, at=NOON, seen=stamp_of(mail))
        assert (again.pk, again.tries, again.next_try_at) == (mail.pk, 0, NOON)

    def test_several_go_together_or_none(self, world):
        fit, gone = make_letter(world.municipality), make_letter(world.municipality, text="", has_secret=True)
        foreign = make_letter(MunicipalityFactory())
        seen = {mail.pk: stamp_of(mail) for mail in (fit, gone, foreign)}
        said = {"municipality": world.municipality, "actor": world.editor, "at": NOON}
        with scope(writable=[world.municipality.pk, foreign.municipality_id]):
            with pytest.raises(SeveralRefused) as refusal:
                send_several_again(seen=seen, **said)
            assert [one.mail for one in refusal.value.refused] == [gone]
            assert reread(fit).state == State.FAILED
            del seen[gone.pk]
            sent = make_letter(world.municipality, state=State.SENT)
            with pytest.raises(SeveralRefused) as refusal:
                send_several_again(seen={**seen, sent.pk: stamp_of(sent)}, **said)
            assert [one.mail for one in refusal.value.refused] == [sent]
            assert send_several_again(seen=seen, **said) == [fit]
        assert (reread(fit).state, reread(foreign).state) == (State.WAITING, State.FAILED)


FULL = "SMTPRecipientsRefused: 552 5.2.2 Mailbox full"
IS_FULL = "Почтовый ящик переполнен."
NEW_LINK = {"kind": "invitation", "text": "", "has_secret": True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"error": FULL}, [("late", IS_FULL, "Попросите человека освободить место", False)]),
        ({"error": FULL, **NEW_LINK}, [("late", IS_FULL, "В письме была ссылка-ключ", True)]),
        (
            {"error": FULL, "text": ""},
            [
                ("late", IS_FULL, "Попросите человека освободить место", False),
                ("info", "Ещё раз отправить нельзя.", "В письме была ссылка-ключ", False),
            ],
        ),
        ({"error": FULL, "state": State.WAITING}, [("soon", IS_FULL, "Портал повторит отправку сам", False)]),
        ({"error": "", "state": State.WAITING, "tries": 0}, []),
        ({"error": "", "state": State.SENT}, []),
        (
            {"error": "", "state": State.SENT, **NEW_LINK},
            [("info", "Ещё раз отправить нельзя.", "В письме была ссылка-ключ", True)],
        ),
        (
            {"error": "Withdrawn: приглашение отозвано", **NEW_LINK},
            [("info", "Письмо отозвано.", "Ссылка в нём больше не действует", False)],
        ),
        ({"error": SENDER_DIED}, [("late", "Письмо не отправилось.", "Отправьте его ещё раз", False)]),
    ],
)
def test_page_says_what_became_of_a_letter_and_what_to_do(world, facts, said):
    mail = make_letter(world.municipality, **facts)
    with scope(readable=[world.municipality.pk]):
        (letter,) = letters_to_show(world.municipality, [mail])
    assert [(one.kind, one.strong, one.leads_on) for one in letter.findings] == [
        (kind, strong, leads_on) for kind, strong, _, leads_on in said
    ]
    for one, (_, _, beginning, _) in zip(letter.findings, said, strict=True):
        assert one.text.startswith(beginning)


@pytest.mark.django_db
class TestInvitations:
    def test_letter_of_an_invitation_that_is_replaced_or_revoked_is_no_failure(self):
        municipality = MunicipalityFactory()
        admin = member_of(municipality, Role.ADMINISTRATOR)
        said = {"actor": admin, "at": timezone.now()}
        with scope(writable=[municipality.pk]):
            offer = invite_person(
                email="new@example.org", full_name="Н", role=Role.EDITOR, place=municipality, **said
            ).invitation
            OutgoingMail.objects.update(state=State.FAILED, error="SMTPDataError: 554 no", text="")
            assert count_failed_lately(municipality, at=timezone.now()) == 1
            resend_invitation(invitation=offer, **said)
            assert count_failed_lately(municipality, at=timezone.now()) == 0
            revoke_invitation(invitation=offer, **said)
            assert list(OutgoingMail.objects.values_list("state", "text")) == [(State.FAILED, "")] * 2
            assert count_failed_lately(municipality, at=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_sent_again_once() -> None:
    municipality = MunicipalityFactory()
    admin = member_of(municipality, Role.ADMINISTRATOR)
    mail = make_letter(municipality)
    start = threading.Barrier(2)
    answers: list[str] = []

    def press() -> None:
        start.wait()
        try:
            with scope(writable=[municipality.pk]):
                send_again(mail=mail, actor=admin, at=timezone.now(), seen=stamp_of(mail))
            answers.append("sent")
        except CannotSendAgain as refusal:
            answers.append(str(refusal))
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(answers) == ["sent", "Письмо и так ждёт отправки: оно уйдёт само."]
    with scope(readable=[municipality.pk]):
        assert AuditEntry.objects.filter(verb="Письмо отправлено ещё раз").count() == 1
