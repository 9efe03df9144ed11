"""Letters with reminders: one a person a day, whatever is killed when; as a person reads them."""

import threading
import time
from datetime import date, timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection
from django.utils import timezone

from nok_portal.celery import app
from nok_portal.messaging import digest, tasks
from nok_portal.messaging.digest import make_digest
from nok_portal.messaging.models import EscalationPerson, OutgoingMail, PersonalReminders, Reminder, ReminderSettings
from nok_portal.messaging.people import Contact
from nok_portal.messaging.places import Place
from nok_portal.messaging.rendering import render_letter
from nok_portal.messaging.selectors.bell import unread_things
from nok_portal.messaging.services import deciding, digests
from nok_portal.messaging.services.deciding import decide_due_places
from nok_portal.messaging.services.digests import compose_digests, compose_due_places, preview_digest
from nok_portal.messaging.services.mail import PAUSES, send_waiting
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate
from tests.factories import member_of
from tests.messaging.reminded import TUESDAY, days, due_in, ledger, noon, outbox, run, tick
from tests.plans.reporting import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def send(world: World, at) -> int:
    return send_waiting(place=Place(municipality_id=world.municipality.pk), at=at)


class TestLetter:
    def test_one_letter_holds_everything_of_the_day(self, world):
        for left in (0, 7, -1):
            due_in(world, left)
        run(TUESDAY)
        (mail,) = outbox(world.municipality)
        assert mail.recipient == world.responsible.email
        assert mail.subject == f"{world.municipality.name}: просрочено 1, сегодня 1, скоро 1"
        assert {row.mail for row in ledger(world.municipality)} == {mail}
        for said in (
            "Срок был 23 ноября: просрочено на 1\u00a0день",
            "Срок сегодня, 24 ноября",
            "Срок 1 декабря, вторник: осталось 7\u00a0дней",
            "В плане: «до 1 декабря»",
            f"Почему вам: вы работаете за исполнителя «{world.party.name}»",
        ):
            assert said in mail.text
            assert said.replace("\u00a0", " ") in mail.html.replace("\u00a0", " ")
        assert mail.text.count("Почему вам") == 1, "one reason for all of them is said once"
        assert mail.text.index("просрочено на") < mail.text.index("Срок сегодня") < mail.text.index("осталось")

    def test_single_reminder_is_its_own_subject(self, world):
        due_in(world, 1)
        run(TUESDAY)
        (mail,) = outbox(world.municipality)
        (row,) = ledger(world.municipality)
        assert mail.subject == f"Срок завтра, 25 ноября — {row.name}"

    def test_nothing_to_say_nothing_sent(self, world):
        due_in(world, 20)
        run(TUESDAY)
        run(TUESDAY + days(1))
        assert len(outbox(world.municipality)) == 1
        run(TUESDAY + days(2))
        assert len(outbox(world.municipality)) == 1

    def test_links_lead_to_where_it_is_done_and_to_the_settings(self, world, mailbox):
        due = due_in(world, 7)
        run(TUESDAY)
        send(world, noon(TUESDAY))
        (letter,) = mailbox.letters
        home = f"http://127.0.0.1:8000/m/{world.municipality.slug}"
        assert f"{home}/dues/{due.pk}/" in letter.get_body(("plain",)).get_content()
        assert f'href="{home}/dues/{due.pk}/"' in letter.get_body(("html",)).get_content()
        assert f"{home}/reminders/mine/" in letter.get_body(("html",)).get_content()
        assert (
            letter["List-Unsubscribe"].strip().startswith(f"<http://127.0.0.1:8000/{world.municipality.slug}/letters/")
        )
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        (mail,) = outbox(world.municipality)
        assert letter["Message-ID"] == mail.message_id

    def test_what_one_letter_has_no_room_for_is_told_in_figures_and_stands_in_the_portal(self, world, monkeypatch):
        monkeypatch.setattr(digest, "MOST_ITEMS", 2)
        for left in (-20, -1, 1, 14, 30):
            due_in(world, left)
        run(TUESDAY)
        mail = next(one for one in outbox(world.municipality) if one.recipient == world.responsible.email)
        assert mail.subject.endswith(": просрочено 2, скоро 3")
        assert "просрочено на 1\u00a0день" in mail.text
        assert "Срок завтра" in mail.text
        assert mail.text.count("/dues/") == mail.html.count("/dues/") == 2
        everything = f"http://127.0.0.1:8000/m/{world.municipality.slug}/reminders/"
        assert f"\n\nИ ещё 3: просрочено 1, скоро 2\nВсе напоминания: {everything}\n" in mail.text
        assert "И\u00a0ещё 3: просрочено 1, скоро 2" in mail.html
        assert f'href="{everything}"' in mail.html
        own = [row for row in ledger(world.municipality) if row.recipient == world.responsible]
        assert [row.mail for row in own] == [mail] * 5
        with scope(readable=[world.municipality.pk]):
            unread = unread_things(municipality=world.municipality, user_id=world.responsible.pk, today=TUESDAY)
        assert unread.count == 5

    def test_words_of_people_are_escaped_in_html_only(self, world):
        world.due(activity=world.activity(title="Опрос <b>детей</b> & родителей"), window_to=TUESDAY)
        run(TUESDAY)
        (mail,) = outbox(world.municipality)
        assert "Опрос <b>детей</b> & родителей" in mail.text
        assert "Опрос &lt;b&gt;детей&lt;/b&gt; &amp; родителей" in mail.html

    def test_escalations_come_first(self, world):
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=world.editor)
        due_in(world, -20)
        due_in(world, 0, state="reported", reported_by=world.responsible, reported_at=noon(TUESDAY - days(1)))
        run(TUESDAY)
        mail = next(one for one in outbox(world.municipality) if one.recipient == world.editor.email)
        assert mail.subject.endswith("на проверке 1, просрочено у других 1")
        assert mail.text.index("ПРОСРОЧЕНО У ДРУГИХ") < mail.text.index("ВАШЕ") < mail.text.index("ждёт проверки")

    def test_opening_line_and_its_preview(self, world):
        opening = "С вопросами звоните в отдел экономики."
        with scope(writable=[world.municipality.pk]):
            ReminderSettings.objects.create(municipality=world.municipality, opening=opening)
            person = Contact(world.editor.pk, "Осипова Дарья", world.editor.email)
            shown = preview_digest(municipality=world.municipality, person=person, opening=opening, at=noon(TUESDAY))
        due_in(world, 7)
        run(TUESDAY)
        (mail,) = outbox(world.municipality)
        assert f"Седов Павел, вот что ждёт вас в портале.\n\n{opening}\n\n== " in mail.text
        assert f"Осипова Дарья, вот что ждёт вас в портале.\n\n{opening}\n\n== " in shown.text
        assert "Пример мероприятия" in shown.html

    def test_declined_kind_comes_by_no_letter(self, world):
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        with scope(writable=[world.municipality.pk]):
            Reminder.objects.update(by_mail=False)
        assert compose_due_places(at=noon(TUESDAY)) == 0

    def test_kind_declined_between_decision_and_letter_comes_by_none(self, world):
        for left in (7, -1):
            due_in(world, left)
        decide_due_places(at=noon(TUESDAY))
        with scope(writable=[world.municipality.pk]):
            PersonalReminders.objects.create(
                municipality=world.municipality, user=world.responsible, kinds_off=["due_soon", "overdue"]
            )
        compose_due_places(at=noon(TUESDAY))
        assert [row.kind for row in ledger(world.municipality) if row.mail] == ["overdue"]
        assert compose_due_places(at=noon(TUESDAY)) == 0


class TestLongLetter:
    @pytest.mark.parametrize(("letters", "items"), [(60, 60), (300, 60), (3000, 7)])
    def test_no_program_cuts_it(self, letters, items):
        title = ("Провести опрос " * 250)[:letters]
        rows = [
            Reminder(
                kind=("due_soon", "overdue")[number % 2],
                thing=f"duedate:{number}",
                due_on=TUESDAY + days(number // 2 + 1) * (-1) ** number,
                title=title,
                words="до 1 декабря 2026 года",
                url="/m/place/dues/10000/",
                group_title=f"План {number % 5}",
                group_url="/m/place/plans/10000/",
                because=f"вы работаете за исполнителя «Отдел {number % 7}»",
            )
            for number in range(200)
        ]
        found = make_digest(rows, place="Место", day=TUESDAY, portal_url="https://portal.example")
        shown = [entry for group in found.own for entry in group.entries]
        assert (len(shown), found.rest.count) == (items, 200 - items)
        letter = render_letter(digests.TEMPLATE, subject=found.subject, context={"digest": found})
        assert max(len(letter.html.encode()), len(letter.text.encode())) < 100_000

    def test_what_is_late_for_long_is_named_before_what_is_far_ahead(self):
        rows = [
            self.row(1, left=-400),
            self.row(2, left=-60, is_escalation=True),
            *(self.row(number, left=30) for number in range(3, 80)),
            self.row(80, left=1),
        ]
        found = make_digest(rows, place="Место", day=TUESDAY, portal_url="https://portal.example")
        named = [entry.url.split("/")[-2] for group in (*found.escalations, *found.own) for entry in group.entries]
        assert (named[:3], named[-1], len(named), found.rest.words) == (["2", "1", "80"], "59", 60, "скоро 20")

    def test_long_titles_of_many_plans_take_room(self):
        rows = [
            self.row(number, left=-1, title="Опрос", group_title=f"{number} {'План ' * 190}") for number in range(60)
        ]
        found = make_digest(rows, place="Место", day=TUESDAY, portal_url="https://portal.example")
        letter = render_letter(digests.TEMPLATE, subject=found.subject, context={"digest": found})
        assert found.rest.count > 0
        assert len(letter.html.encode()) < 100_000

    def row(self, number, *, left, **fields):
        fields = {"title": "Опрос", "group_title": "План", "because": "вы ведёте планы", **fields}
        return Reminder(
            kind="overdue" if left < 0 else "due_soon",
            thing=f"duedate:{number}",
            due_on=TUESDAY + days(left),
            url=f"/m/place/dues/{number}/",
            group_url=f"/m/place/plans/{fields['group_title'][:2]}/",
            **fields,
        )


class TestNeverLostNeverDoubled:
    def test_killed_while_deciding(self, world, monkeypatch):
        due_in(world, 7)
        monkeypatch.setattr(Reminder.objects, "bulk_create", kill)
        with pytest.raises(KeyboardInterrupt):
            tick(noon(TUESDAY))
        monkeypatch.undo()
        assert ledger(world.municipality) == []
        run(TUESDAY)
        assert len(outbox(world.municipality)) == 1

    def test_killed_between_ledger_and_letters(self, world):
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        run(TUESDAY)
        assert (len(ledger(world.municipality)), len(outbox(world.municipality))) == (1, 1)

    def test_killed_while_writing_letters(self, world, monkeypatch):
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=world.other)
        due_in(world, -20)
        honest, written = digests.queue_mail, []

        def dies_at_the_second(**values):
            written.append(values)
            return honest(**values) if len(written) < 2 else kill()

        monkeypatch.setattr(digests, "queue_mail", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            tick(noon(TUESDAY))
        assert outbox(world.municipality) == []
        monkeypatch.undo()
        run(TUESDAY)
        assert [mail.recipient for mail in outbox(world.municipality)] == sorted(
            [world.responsible.email, world.other.email]
        )

    def test_letters_left_by_a_crash_tell_the_latest_and_what_still_stands(self, world):
        soon, done = due_in(world, 7), due_in(world, 14)
        decide_due_places(at=noon(TUESDAY))
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=done.pk).update(state="cancelled", cancelled_reason="не нужно")
        later = TUESDAY + days(6)
        run(later)
        (mail,) = outbox(world.municipality)
        assert mail.subject.startswith("Срок завтра, 1 декабря")
        assert {row.thing for row in ledger(world.municipality) if row.mail} == {f"duedate:{soon.pk}"}
        run(later)
        assert len(outbox(world.municipality)) == 1

    def test_killed_after_the_mail_server_took_it_goes_again_under_its_message_id(self, world, mailbox, monkeypatch):
        due_in(world, 7)
        run(TUESDAY)
        monkeypatch.setattr("nok_portal.messaging.services.mail._note", kill)
        with pytest.raises(KeyboardInterrupt):
            send(world, noon(TUESDAY))
        monkeypatch.undo()
        send(world, noon(TUESDAY) + timedelta(minutes=20))
        assert len(mailbox.letters) == 2
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1

    def test_half_of_the_addresses_refused_at_first(self, world, mailbox):
        people = [world.responsible, *(member_of(world.municipality, Role.RESPONSIBLE) for _ in range(3))]
        for person in people[1:]:
            with scope(writable=[world.municipality.pk]):
                EscalationPerson.objects.create(municipality=world.municipality, user=person)
        due_in(world, -20)
        run(TUESDAY)
        mailbox.refuses = {people[0].email: "451 later", people[1].email: "550 no such mailbox"}
        assert send(world, noon(TUESDAY)) == 2
        mailbox.refuses = {people[1].email: "550 no such mailbox"}
        assert send(world, noon(TUESDAY) + PAUSES[0]) == 1
        found = {mail.recipient: (mail.state, mail.error) for mail in outbox(world.municipality)}
        assert found[people[1].email][0] == OutgoingMail.State.FAILED
        assert "no such mailbox" in found[people[1].email][1]
        assert [state for state, _ in found.values()].count(OutgoingMail.State.SENT) == 3
        assert len(mailbox.letters) == len({letter["To"] for letter in mailbox.letters}) == 3

    def test_person_who_left_meanwhile_gets_no_letter(self, world):
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        world.responsible.memberships.update(ended_at=noon(TUESDAY))
        assert compose_digests(municipality=world.municipality, at=noon(TUESDAY)) == 0
        assert compose_due_places(at=noon(TUESDAY)) == 0

    def test_letters_wait_for_the_hour_and_for_a_working_day(self, world):
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        night, saturday = noon(TUESDAY) + timedelta(hours=14), noon(date(2026, 11, 28))
        assert [compose_due_places(at=at) for at in (night, saturday)] == [0, 0]

    def test_one_broken_municipality_does_not_stop_the_letters_of_others(self, world, monkeypatch, caplog):
        broken = make_world()
        due_in(world, 7)
        due_in(broken, 7)
        honest = digests.settings_of

        def settings_of(municipality):
            return kill(ValueError) if municipality == broken.municipality else honest(municipality)

        monkeypatch.setattr(digests, "settings_of", settings_of)
        run(TUESDAY)
        assert (len(outbox(world.municipality)), len(outbox(broken.municipality))) == (1, 0)
        assert broken.municipality.slug in caplog.text
        monkeypatch.undo()
        tick(noon(TUESDAY) + timedelta(minutes=10))
        assert len(outbox(broken.municipality)) == 1

    def test_one_broken_letter_does_not_take_back_the_others(self, world, monkeypatch, caplog):
        with scope(writable=[world.municipality.pk]):
            EscalationPerson.objects.create(municipality=world.municipality, user=world.other)
        due_in(world, -20)
        honest = digests.make_digest

        def breaks(rows, **facts):
            return kill(ValueError) if rows[0].recipient_id == world.responsible.pk else honest(rows, **facts)

        monkeypatch.setattr(digests, "make_digest", breaks)
        run(TUESDAY)
        assert [mail.recipient for mail in outbox(world.municipality)] == [world.other.email]
        assert world.municipality.slug in caplog.text
        monkeypatch.undo()
        tick(noon(TUESDAY) + timedelta(minutes=10))
        assert len(outbox(world.municipality)) == 2

    def test_switched_off_nobody_is_reminded(self, world, monkeypatch, settings):
        monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY))
        due_in(world, 7)
        settings.REMINDERS = False
        tasks.remind.apply()
        assert ledger(world.municipality) == []
        settings.REMINDERS = True
        tasks.remind.apply()
        assert len(outbox(world.municipality)) == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_beats_write_everything_once(self):
        worlds = [make_world() for _ in range(3)]
        for world in worlds:
            due_in(world, 7)
        start = threading.Barrier(2)

        def beat() -> None:
            start.wait()
            tick(noon(TUESDAY))
            connection.close()

        beats = [threading.Thread(target=beat) for _ in range(2)]
        for one in beats:
            one.start()
        for one in beats:
            one.join()
        tick(noon(TUESDAY))  # what one of them skipped because the other had it in its hands
        for world in worlds:
            assert (len(ledger(world.municipality)), len(outbox(world.municipality))) == (1, 1)

    def test_municipality_in_other_hands_is_left_alone(self):
        world = make_world()
        due_in(world, 7)
        decide_due_places(at=noon(TUESDAY))
        locked, done = threading.Event(), threading.Event()

        def other() -> None:
            with scope(writable=[world.municipality.pk]):
                deciding.lock_run(world.municipality)
                locked.set()
                done.wait(10)
            connection.close()

        holder = threading.Thread(target=other)
        holder.start()
        locked.wait(10)
        assert compose_due_places(at=noon(TUESDAY)) == 0
        done.set()
        holder.join()
        assert compose_due_places(at=noon(TUESDAY)) == 1

    def test_from_beat_to_mailbox_through_the_real_broker(self, mailbox, monkeypatch):
        world = make_world()
        world.due(window_to=TUESDAY)
        queue = "test-reminders"
        monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY))
        monkeypatch.setattr(
            tasks.send_mail, "delay", lambda **values: tasks.send_mail.apply_async(kwargs=values, queue=queue)
        )
        with start_worker(app, perform_ping_check=False, pool="solo", queues=[queue], shutdown_timeout=20):
            for _ in range(2):
                tasks.remind.apply_async(queue=queue)
            deadline = time.monotonic() + 15
            while not mailbox.letters and time.monotonic() < deadline:
                time.sleep(0.05)
        assert [letter["To"] for letter in mailbox.letters] == [world.responsible.email]


def kill(how: type[BaseException] = KeyboardInterrupt, *args, **values):
    """What a killed process looks like from inside: nothing after it runs."""
    raise how if isinstance(how, type) else KeyboardInterrupt
