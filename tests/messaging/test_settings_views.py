"""Settings of reminders as an administrator and a person see them; what they would get; letters declined by a link."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import EscalationPerson, OutgoingMail, PersonalReminders, ReminderSettings
from nok_portal.messaging.people import Staff
from nok_portal.messaging.selectors.settings import escalation_people, personal_settings_of, settings_of, staff_of
from nok_portal.messaging.selectors.upcoming import next_letter
from nok_portal.messaging.services import settings as settings_services
from nok_portal.messaging.services.settings import decline_letters
from nok_portal.messaging.services.unsubscribing import unsubscribe_address
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import member_of
from tests.messaging.reminded import TUESDAY, days, noon, outbox, run
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db
HOSTILE = "</style><script>alert(1)</script> <b>Коллеги</b> & «все»"
TYPED = {
    "before": "20 и 3 дня", "after": "5", "every": "10", "hour": "8", "escalate_after": "4", "opening": " Коллеги,  ",
    "kinds": ["due_soon", "due_today", "overdue"], "version": "0",
}  # fmt: skip


@pytest.fixture
def chief(world, client):
    """The administrator, signed in."""
    person = member_of(world.municipality, Role.ADMINISTRATOR, full_name="Крылова Нина")
    client.force_login(person)
    return person


def once_meanwhile(act: Callable[[], object]) -> Callable[[Municipality], Staff]:
    """Asked who works there for the first time, somebody else acts."""
    acts = [act]

    def answer(municipality: Municipality) -> Staff:
        if acts:
            acts.pop()()
        return staff_of(municipality)

    return answer


def page_of(world: World, rest: str = "") -> str:
    return f"/m/{world.municipality.slug}/settings/reminders/{rest}"


def saved(world: World) -> ReminderSettings:
    with scope(readable=[world.municipality.pk]):
        return settings_of(world.municipality)


class TestMunicipality:
    def test_way_there_and_what_is_shipped(self, world, client, chief):
        assert page_of(world) in client.get(f"/m/{world.municipality.slug}/settings/").text
        answer = client.get(page_of(world))
        assert answer.context["form"]["before"].value() == "30, 14, 7, 1"
        assert "Часовой пояс: Москва" in unescape(answer.text)
        assert "Вернуть как было" not in answer.text, "it is so"
        client.force_login(world.editor)
        assert client.get(page_of(world)).status_code == 403

    def test_saved_with_a_history_of_what_changed(self, world, client, chief):
        assert client.post(page_of(world), {**TYPED, "people": [world.other.pk]}).status_code == 302
        row = saved(world)
        assert (row.before, row.after, row.every, row.hour) == ([20, 3], [5], 10, 8)
        assert (row.opening, row.escalate_after) == ("Коллеги,", 4)
        assert "report_waiting" in row.kinds_off
        assert not {"due_soon", "overdue"} & set(row.kinds_off)
        with scope(readable=[world.municipality.pk]):
            assert escalation_people(world.municipality) == [world.other.pk]
        (entry,) = client.get(page_of(world)).context["history"]
        told = {change.label: (change.before, change.after) for change in entry.changes}
        assert told["до срока, дней"] == ("30, 14, 7, 1", "20, 3")
        assert told["кому ещё"] == ("никому", str(world.other))
        assert "вступление" in told
        client.post(page_of(world), {**TYPED, "people": [world.other.pk], "version": "1"})
        assert saved(world).version == 1, "nothing changed"

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("before", "две недели", "Слово «две» непонятно"),
            ("before", "0", "сам день срока"),
            ("after", "400", "больше года"),
            ("every", "-1", "Меньше нуля"),
            ("every", "часто", "целое число дней"),
            ("hour", "24", "Выберите"),
            ("hour", "", "Выберите час"),
            ("escalate_after", "", "Напишите число рабочих дней"),
            ("escalate_after", "0", "Самое меньшее 1"),
            ("opening", "а" * 501, "500"),
            ("people", "0", "работает в этом муниципалитете"),
        ],
    )
    def test_errors_say_what_to_do_and_keep_what_was_typed(self, world, client, chief, field, typed, words):
        answer = client.post(page_of(world), {**TYPED, field: typed})
        assert answer.status_code == 422
        form = answer.context["form"]
        assert words in form.errors[field][0]
        assert form["opening"].value() == (typed if field == "opening" else TYPED["opening"])
        assert f'href="#id_{field}"' in answer.text, "the list on top leads to the field"
        assert saved(world).version == 0

    def test_empty_lists_are_meant(self, world, client, chief):
        assert client.post(page_of(world), {**TYPED, "before": "", "after": "", "every": ""}).status_code == 302
        row = saved(world)
        assert (row.before, row.after, row.every) == ([], [], 0)

    def test_somebody_was_quicker_what_was_typed_stays_and_can_be_saved(self, world, client, chief):
        client.post(page_of(world), TYPED)
        answer = client.post(page_of(world), {**TYPED, "before": "9", "people": [world.other.pk]})
        assert answer.status_code == 409
        form = answer.context["form"]
        assert form["before"].value() == "9"
        told = {change.label: (change.before, change.after) for change in answer.context["conflict"]}
        assert told == {"до срока, дней": ("9", "20, 3"), "кому ещё": (str(world.other), "никому")}
        again = {**TYPED, "before": "9", "version": form["version"].value()}
        assert client.post(page_of(world), again).status_code == 302
        assert saved(world).before == [9]

    def test_the_same_people_named_one_after_the_other_are_no_change(self, world, client, chief):
        first, second = sorted([world.other.pk, world.editor.pk])
        client.post(page_of(world), {**TYPED, "people": [second]})
        client.post(page_of(world), {**TYPED, "people": [first, second], "version": "1"})
        answer = client.post(page_of(world), {**TYPED, "before": "9", "people": [first, second]})
        assert [change.label for change in answer.context["conflict"]] == ["до срока, дней"]

    def test_two_who_set_it_for_the_first_time_at_once(self, world, client, chief, monkeypatch):
        monkeypatch.setattr(settings_services, "staff_of", once_meanwhile(lambda: client.post(page_of(world), TYPED)))
        answer = client.post(page_of(world), {**TYPED, "before": "9"})
        assert answer.status_code == 409
        assert answer.context["form"]["before"].value() == "9"

    def test_back_to_what_was_shipped(self, world, client, chief):
        client.post(page_of(world), {**TYPED, "people": [world.other.pk]})
        assert "Вернуть как было" in client.get(page_of(world)).text
        assert client.get(page_of(world, "shipped/")).status_code == 200
        assert saved(world).version == 1, "only asked"
        assert client.post(page_of(world, "shipped/")).status_code == 302
        row = saved(world)
        assert (row.before, row.opening, row.kinds_off, row.version) == ([30, 14, 7, 1], "", [], 2)
        with scope(readable=[world.municipality.pk]):
            assert not EscalationPerson.objects.exists()
            assert AuditEntry.objects.filter(verb="Изменены настройки напоминаний").count() == 2

    def test_looked_at_without_saving(self, world, client, chief):
        answer = client.post(page_of(world), {**TYPED, "look": "1"})
        assert answer.status_code == 200
        assert "Коллеги," in answer.context["shown"].text
        assert saved(world).version == 0


class TestForetold:
    def told(self, world, client, **typed):
        return unescape(client.post(page_of(world, "foretold/"), {**TYPED, **typed}).text).replace("\u00a0", " ")

    def test_of_a_real_due_day_by_the_typed_numbers(self, world, client, chief):
        today = world.municipality.day_of(timezone.now())
        world.due(window_to=today + days(2))
        world.due(activity=world.activity(number="4.2", title="Опрос"), window_to=today + days(40))
        words = self.told(world, client, people=[world.other.pk])
        assert "Это срок «4.2 Опрос»" in words, "the first reminder of the nearer one is over"
        assert "затем каждые 10 дней" in words
        assert str(world.other) in words

    def test_without_due_days_of_an_example(self, world, client, chief):
        assert "показан пример" in self.told(world, client)
        assert "этот вид отключён" in self.told(world, client, kinds=["due_soon"])

    def test_numbers_that_cannot_be_read_are_waited_for(self, world, client, chief):
        assert "Исправьте числа" in self.told(world, client, before="две")


class TestPreview:
    def test_letter_of_the_person_chosen_with_the_typed_opening(self, world, client, chief):
        activity = world.activity(title="Опрос <i>родителей</i>")
        world.due(activity=activity, window_to=timezone.localdate() - days(60))
        values = {**TYPED, "person": world.responsible.pk, "opening": HOSTILE}
        answer = client.post(page_of(world, "preview/"), values)
        shown = answer.context["shown"]
        assert not shown.is_example
        assert shown.text.startswith("Седов Павел, ")
        assert HOSTILE in shown.text
        assert "Опрос <i>родителей</i>" in shown.text
        assert "<script>" not in answer.text
        letter = client.get(answer.context["letter_url"])
        assert "<script>" not in letter.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;Коллеги&lt;/b&gt; &amp;" in letter.text
        assert "Опрос &lt;i&gt;родителей&lt;/i&gt;" in letter.text
        assert "/letters/" not in letter.text, "the link that declines letters is its owner's alone"
        assert saved(world).opening == ""

    def test_strange_numbers_show_ones_own(self, world, client, chief):
        for person in ("", "0", "99999999", "x"):
            answer = client.post(page_of(world, "preview/"), {**TYPED, "person": person})
            assert answer.context["person"].user_id == chief.pk
            assert answer.context["shown"].is_example

    def test_only_the_letter_may_have_styles_of_its_own_and_nothing_else(self, world, client, chief):
        letter = client.get(page_of(world, "letter/"))
        assert '<head><base target="_blank">' in letter.text, "a link opens beside the settings, not in the frame"
        policy = dict(part.strip().partition(" ")[::2] for part in letter["Content-Security-Policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "frame-ancestors": "'self'",
            "sandbox": "allow-popups allow-popups-to-escape-sandbox",
        }
        assert letter["X-Frame-Options"] == "SAMEORIGIN"
        page = client.get(page_of(world))
        assert "frame-src 'self'" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"

    def test_trial_goes_to_whoever_asks_and_changes_nothing(self, world, client, chief):
        values = {**TYPED, "person": world.responsible.pk, "before": "две"}
        answer = client.post(page_of(world, "trial/"), values)
        assert answer.context["form"]["before"].value() == "две", "what was typed stays"
        with scope(readable=[world.municipality.pk]):
            (mail,) = OutgoingMail.objects.all()
        assert (mail.recipient, mail.user, mail.state) == (chief.email, chief, "waiting")
        assert mail.subject.startswith("Проба: ")
        assert "Это проба" in mail.html
        assert "Седов Павел, " in mail.text
        assert "Коллеги," in mail.text
        assert mail.unsubscribe_url == ""
        assert saved(world).version == 0
        quick = client.post(page_of(world, "trial/"), values, headers={"HX-Request": "true"})
        assert f"Пробное письмо отправлено на {chief.email}" in quick.text

    def test_queries_do_not_grow_with_people(self, world, client, chief):
        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page_of(world))
                client.get(f"/m/{world.municipality.slug}/reminders/mine/")
            return len(queries)

        world.due(window_to=timezone.localdate() - days(60))
        count()
        before = count()
        for _ in range(12):
            member_of(world.municipality, Role.RESPONSIBLE)
            world.due(window_to=timezone.localdate() - days(60))
        assert count() == before


class TestNextLetter:
    def letter(self, world, day, person=None):
        with scope(readable=[world.municipality.pk]):
            found = next_letter(world.municipality, user_id=(person or world.responsible).pk, at=noon(day))
        return found.day, [(row.kind, row.stage) for row in found.rows], found.is_decided

    def test_what_would_come_today_then_what_came_then_what_comes_next(self, world):
        due = world.due(window_to=TUESDAY + days(1))
        assert self.letter(world, TUESDAY) == (TUESDAY, [("due_soon", -1)], False)
        run(TUESDAY)
        assert self.letter(world, TUESDAY) == (TUESDAY, [("due_soon", -1)], True)
        with scope(writable=[world.municipality.pk]):
            type(due).objects.filter(pk=due.pk).update(window_to=TUESDAY + days(3))
        assert self.letter(world, TUESDAY) == (TUESDAY + days(1), [("due_soon", -7)], False), "begins anew"

    def test_on_a_day_off_of_the_next_working_day(self, world):
        sunday = TUESDAY - days(2)
        world.due(window_to=sunday)
        assert self.letter(world, sunday) == (sunday + days(1), [("overdue", 1)], False)

    def test_in_the_persons_rhythm_and_of_what_they_want(self, world):
        world.due(window_to=TUESDAY + days(5))
        with scope(writable=[world.municipality.pk]):
            PersonalReminders.objects.create(municipality=world.municipality, user=world.responsible, weekday=3)
        assert self.letter(world, TUESDAY) == (TUESDAY + days(2), [("due_soon", -1)], False)
        with scope(writable=[world.municipality.pk]):
            decline_letters(municipality=world.municipality, user=world.responsible, at=noon(TUESDAY))
        assert self.letter(world, TUESDAY)[1] == []

    def test_it_is_what_is_sent(self, world):
        world.due(window_to=TUESDAY)
        world.due(window_to=TUESDAY - days(10))
        foreseen = self.letter(world, TUESDAY)[1]
        run(TUESDAY)
        with scope(readable=[world.municipality.pk]):
            mail = next(one for one in outbox(world.municipality) if one.user == world.responsible)
            assert sorted((row.kind, row.stage) for row in mail.reminders.all()) == sorted(foreseen)


class TestPersonalPage:
    def page(self, world, client):
        client.force_login(world.responsible)
        answer = client.get(f"/m/{world.municipality.slug}/reminders/mine/")
        return unescape(answer.text).replace("\u00a0", " ")

    def test_says_what_comes_and_what_cannot_be_declined(self, world, client):
        assert "Сейчас вам не о чем напоминать" in self.page(world, client)
        world.due(activity=world.activity(title="Опрос родителей"), window_to=timezone.localdate() - days(60))
        page = self.page(world, client)
        assert "Опрос родителей" in page
        assert "просрочено на" in page
        assert "от этих писем отказаться нельзя" in page

    def test_says_what_is_off_for_everybody_and_who_stands_in(self, world, client):
        today = world.municipality.day_of(timezone.now())
        with scope(writable=[world.municipality.pk]):
            ReminderSettings.objects.create(municipality=world.municipality, kinds_off=["due_soon"])
            PersonalReminders.objects.create(
                municipality=world.municipality,
                user=world.responsible,
                paused_from=today,
                paused_to=today + days(3),
                deputy=world.editor,
            )
        page = self.page(world, client)
        assert "отключено администратором" in page
        assert "Ваши напоминания получает Осипова Дарья" in page
        with scope(writable=[world.municipality.pk]):
            PersonalReminders.objects.create(
                municipality=world.municipality, user=world.editor, paused_from=today, paused_to=today
            )
        assert "Замещать вас сейчас некому: ваши напоминания получает администратор" in self.page(world, client)


class TestUnsubscribing:
    def address(self, world, person=None):
        return unsubscribe_address(
            municipality=world.municipality, user_id=(person or world.responsible).pk
        ).removeprefix("http://127.0.0.1:8000")

    def wishes(self, world):
        with scope(readable=[world.municipality.pk]):
            return personal_settings_of(world.municipality, world.responsible.pk)

    def test_opening_the_link_only_asks_a_bare_post_declines(self, world):
        stranger = Client(enforce_csrf_checks=True)
        address = self.address(world)
        assert "Не" in stranger.get(address).text
        assert self.wishes(world).version == 0, "programs that look into letters open links"
        answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Таких писем больше" in answer.text
        row = self.wishes(world)
        assert "due_soon" in row.kinds_off
        assert "overdue" not in row.kinds_off
        stranger.post(address)
        with scope(readable=[world.municipality.pk]):
            (entry,) = AuditEntry.objects.filter(verb="Отказ от писем по ссылке из письма")
        assert entry.actor == world.responsible

    def test_two_presses_at_once_decline_once(self, world, monkeypatch):
        with scope(writable=[world.municipality.pk]):
            kinds, facts = settings_services.all_kinds, {"municipality": world.municipality, "user": world.responsible}

            def meanwhile():
                monkeypatch.setattr(settings_services, "all_kinds", kinds)
                decline_letters(**facts, at=noon(TUESDAY))
                return kinds()

            monkeypatch.setattr(settings_services, "all_kinds", meanwhile)
            decline_letters(**facts, at=noon(TUESDAY))
        assert "due_soon" in self.wishes(world).kinds_off

    def test_afterwards_only_what_is_late_comes(self, world, client):
        client.post(self.address(world))
        world.due(window_to=TUESDAY + days(1))
        run(TUESDAY)
        assert outbox(world.municipality) == []
        run(TUESDAY + days(2))
        assert [mail.user for mail in outbox(world.municipality)] == [world.responsible]

    def test_link_of_the_letter_is_the_readers_own(self, world, client):
        world.due(window_to=TUESDAY)
        run(TUESDAY)
        (mail,) = outbox(world.municipality)
        assert mail.unsubscribe_url.endswith(self.address(world))

    def test_forged_foreign_or_outlived_links_are_not_there(self, world, client):
        address, other = self.address(world), make_world()
        for wrong in (
            address[:-3] + "x/",
            address.replace(world.municipality.slug, other.municipality.slug),
            self.address(world, other.responsible),
            f"/{world.municipality.slug}/letters/nothing/",
        ):
            assert (client.get(wrong).status_code, client.post(wrong).status_code) == (404, 404)
        world.responsible.memberships.update(ended_at=noon(TUESDAY))
        assert client.post(address).status_code == 404
        assert self.wishes(world).version == 0
