"""What a person sees and does with reminders in the portal."""

from datetime import date

import pytest
from django.utils import timezone

from nok_portal.accounts.services.support import start_visit
from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.messaging.models import Reminder
from nok_portal.messaging.selectors.bell import BellItem, items_of_things, latest_things, unread_things
from nok_portal.messaging.selectors.sent import reminders_in
from nok_portal.messaging.selectors.settings import escalation_people, personal_settings_of, settings_of
from nok_portal.messaging.services.bell import mark_read
from nok_portal.messaging.services.settings import (
    MunicipalWishes,
    PersonalWishes,
    SettingsRefused,
    change_personal_reminders,
    change_reminder_settings,
)
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate
from tests.factories import UserFactory, member_of, ministry_of
from tests.messaging.reminded import TUESDAY, days, noon, outbox, run
from tests.plans.reporting import World

pytestmark = pytest.mark.django_db
WISHES = MunicipalWishes(before=(3, 20, 3), after=(5,), every=10, hour=8, escalate_after=4, opening=" Коллеги,  ")


def told(world: World, due_id: int) -> None:
    """A row of the ledger about a due date, whether there is one or not."""
    due = DueDate.objects.filter(pk=due_id).first()
    Reminder.objects.create(
        municipality=world.municipality, kind="overdue", thing=f"duedate:{due_id}",
        due_on=due.window_to if due else TUESDAY, stage=1, recipient=world.responsible, because="ваш срок",
        title="Опрос", url="/", created_at=noon(TUESDAY),
    )  # fmt: skip


def unread_count(**mine) -> int:
    return unread_things(**mine).count


def bell_items(*, today: date, **mine) -> list[BellItem]:
    """The latest twenty, as a page of them is read."""
    return items_of_things(latest_things(**mine)[:20], today=today, **mine)


class TestBell:
    def test_same_items_as_the_letter_unread_until_seen(self, world):
        due = world.due(window_to=TUESDAY + days(1))
        run(TUESDAY)
        mine = {"municipality": world.municipality, "user_id": world.responsible.pk, "today": TUESDAY}
        with scope(writable=[world.municipality.pk]):
            assert unread_count(**mine) == 1
            (item,) = bell_items(**mine)
            assert ([note.text for note in item.notes], item.is_unread) == (["срок завтра, 25 ноября"], True)
            assert item.reminder.url == f"/m/{world.municipality.slug}/dues/{due.pk}/"
            assert mark_read(municipality=world.municipality, user=world.responsible, at=noon(TUESDAY)) == 1
            assert (unread_count(**mine), bell_items(**mine)[0].is_unread) == (0, False)
            assert unread_count(**{**mine, "user_id": world.editor.pk}) == 0

    def test_what_is_done_asks_for_nothing(self, world):
        due = world.due(window_to=TUESDAY + days(1))
        run(TUESDAY)
        mine = {"municipality": world.municipality, "user_id": world.responsible.pk, "today": TUESDAY}
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(state="cancelled", cancelled_reason="не нужно")
            assert unread_count(**mine) == 0
            assert bell_items(**mine)[0].is_settled

    def test_newer_stage_of_one_thing_replaces_the_older(self, world):
        world.due(window_to=TUESDAY + days(14))
        run(TUESDAY)
        run(TUESDAY + days(7))
        with scope(readable=[world.municipality.pk]):
            found = bell_items(municipality=world.municipality, user_id=world.responsible.pk, today=TUESDAY + days(7))
        assert [(item.reminder.stage, item.is_unread) for item in found] == [(-7, True)]

    def test_several_kinds_about_one_thing_are_one_item_as_in_the_letter(self, world):
        """Soon, today, late, and returned besides: one thing to do, which says both that still hold."""
        due = world.due(window_to=TUESDAY + days(1))
        for ahead in (0, 1, 2):
            run(TUESDAY + days(ahead))
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=due.pk).update(
                decided_at=noon(TUESDAY + days(2)), returned_reason="нет фото", reported_by=world.responsible
            )
        run(TUESDAY + days(3))
        mine = {"municipality": world.municipality, "user_id": world.responsible.pk, "today": TUESDAY + days(3)}
        with scope(writable=[world.municipality.pk]):
            (item,) = bell_items(**mine)
            assert [note.text.partition(":")[0] for note in item.notes] == [
                "отчёт возвращён 26 ноября",
                "срок был 25 ноября",
            ]
            assert [note.is_late for note in item.notes] == [False, True]
            assert unread_count(**mine) == 1
            newest = item.reminder.pk
            mark_read(municipality=world.municipality, user=world.responsible, at=noon(TUESDAY), reminder_id=newest)
            assert unread_count(**mine) == 0, "the older ones were about the same"

    def test_what_came_after_the_screen_was_shown_stays_new(self, world):
        world.due(window_to=TUESDAY + days(7))
        run(TUESDAY)
        mine = {"municipality": world.municipality, "user_id": world.responsible.pk, "today": TUESDAY + days(1)}
        with scope(readable=[world.municipality.pk]):
            shown = unread_things(**mine).newest
        world.due(window_to=TUESDAY + days(2))
        run(TUESDAY + days(1))
        with scope(writable=[world.municipality.pk]):
            assert unread_count(**mine) == 2
            mark_read(municipality=world.municipality, user=world.responsible, at=noon(TUESDAY), until=shown)
            assert unread_count(**mine) == 1

    def test_a_day_that_passed_is_late_before_anybody_is_told_again(self, world):
        world.due(window_to=TUESDAY)
        run(TUESDAY)
        with scope(readable=[world.municipality.pk]):
            (item,) = bell_items(municipality=world.municipality, user_id=world.responsible.pk, today=TUESDAY + days(1))
        assert [(note.text, note.is_late) for note in item.notes] == [
            ("срок был 24 ноября: просрочено на 1\u00a0день", True)
        ]

    def test_counting_costs_the_same_for_one_and_for_a_thousand(self, world, django_assert_num_queries):
        """What is done does not hide what is older and still waits."""
        activity = world.activity()
        with scope(writable=[world.municipality.pk]):
            waiting = [world.due(activity=activity, window_to=TUESDAY - days(ahead)) for ahead in range(150)]
            mine = {"municipality": world.municipality, "user_id": world.responsible.pk, "today": TUESDAY}
            with django_assert_num_queries(1):
                assert unread_count(**mine) == 0
            told(world, waiting[0].pk)
            with django_assert_num_queries(2):
                assert unread_count(**mine) == 1
            for due in waiting[1:]:
                told(world, due.pk)
            for key in range(10_000_000, 10_000_850):  # taken out of the plan since
                told(world, key)
            with django_assert_num_queries(2):
                assert unread_count(**mine) == 150
            with django_assert_num_queries(3):
                assert len(bell_items(**mine)) == 20

    def test_only_ones_own_are_marked(self, world):
        world.due(window_to=TUESDAY)
        run(TUESDAY)
        with scope(writable=[world.municipality.pk]):
            (row,) = reminders_in(outbox(world.municipality)[0])
            said = {"municipality": world.municipality, "at": noon(TUESDAY), "reminder_id": row.pk}
            assert mark_read(user=world.editor, **said) == 0
            assert mark_read(user=world.responsible, **said) == 1


class TestSettings:
    def change(self, world, wishes=WISHES, people=(), version=0):
        with scope(writable=[world.municipality.pk]):
            return change_reminder_settings(
                municipality=world.municipality,
                wishes=wishes,
                escalation_people=people,
                version=version,
                actor=world.editor,
                at=noon(TUESDAY),
            )

    def test_of_the_municipality(self, world):
        row = self.change(world, people=[world.other.pk])
        assert (row.before, row.opening, row.version) == ([20, 3], "Коллеги,", 1)
        with scope(readable=[world.municipality.pk]):
            assert settings_of(world.municipality).hour == 8
            assert escalation_people(world.municipality) == [world.other.pk]
            assert AuditEntry.objects.filter(verb="Изменены настройки напоминаний").count() == 1
        with pytest.raises(StaleVersion):
            self.change(world)
        assert self.change(world, people=[world.other.pk], version=1).version == 1, "nothing changed"

    @pytest.mark.parametrize(("field", "value"), [("before", (0,)), ("after", (400,)), ("hour", 24)])
    def test_impossible_ones_are_refused(self, world, field, value):
        with pytest.raises(SettingsRefused):
            self.change(world, MunicipalWishes(**{**vars(WISHES), field: value}))

    def test_stranger_cannot_watch_over_lateness(self, world):
        with pytest.raises(SettingsRefused, match="работает в этом муниципалитете"):
            self.change(world, people=[UserFactory().pk])

    @pytest.mark.parametrize(
        ("wishes", "words"),
        [
            (PersonalWishes(paused_from=TUESDAY), "оба дня"),
            (PersonalWishes(paused_from=TUESDAY, paused_to=TUESDAY - days(1)), "раньше, чем начинается"),
            (PersonalWishes(paused_from=TUESDAY, paused_to=TUESDAY), "кто замещает"),
        ],
    )
    def test_pause_needs_days_and_a_deputy(self, world, wishes, words):
        with scope(writable=[world.municipality.pk]), pytest.raises(SettingsRefused, match=words):
            self.change_own(world, wishes)

    def change_own(self, world, wishes, *, user=None, sees_people=True):
        return change_personal_reminders(
            municipality=world.municipality,
            user=user or world.responsible,
            wishes=wishes,
            sees_people=sees_people,
            version=0,
            at=noon(TUESDAY),
        )

    def test_of_a_person_by_the_page_every_letter_leads_to(self, world, client):
        client.force_login(world.editor)
        address = f"/m/{world.municipality.slug}/reminders/mine/"
        page = client.get(address).text
        assert "О чём присылать письма" in page
        assert "необязательно" not in page, "nothing here must be filled in"
        values = {
            "kinds": ["due_today"], "weekday": "2", "paused_from": "2026-12-01", "paused_to": "2026-12-10",
            "deputy": world.other.pk, "version": 0,
        }  # fmt: skip
        assert client.post(address, values).status_code == 302
        with scope(readable=[world.municipality.pk]):
            row = personal_settings_of(world.municipality, world.editor.pk)
        assert (row.weekday, row.deputy_id) == (2, world.other.pk)
        assert "due_soon" in row.kinds_off
        assert not {"due_today", "overdue"} & set(row.kinds_off)
        answer = client.post(address, {**values, "deputy": "", "version": 1})
        assert answer.status_code == 422
        assert "кто замещает" in answer.text

    def test_saved_in_another_tab_meanwhile_can_be_saved_again(self, world, client):
        client.force_login(world.responsible)
        address = f"/m/{world.municipality.slug}/reminders/mine/"
        client.post(address, {"weekday": "2", "version": 0})
        answer = client.post(address, {"weekday": "3", "version": 0})
        assert answer.status_code == 409
        assert "тем временем изменены" in answer.text
        shown = answer.context["form"]
        assert shown["weekday"].value() == "3", "what was typed stays"
        assert client.post(address, {"weekday": "3", "version": shown["version"].value()}).status_code == 302

    def test_who_may_not_see_people_chooses_among_administrators_and_the_present_deputy(self, world, client):
        hidden = member_of(world.municipality, Role.RESPONSIBLE, full_name="Яковлев Тайный")
        chief = member_of(world.municipality, Role.ADMINISTRATOR, full_name="Андреев Главный")
        client.force_login(world.responsible)
        address = f"/m/{world.municipality.slug}/reminders/mine/"
        pause = {"paused_from": "2026-12-01", "paused_to": "2026-12-10", "version": 0}
        page = client.get(address).text
        assert ("Андреев Главный" in page, "Яковлев Тайный" in page) == (True, False)
        assert client.post(address, {**pause, "deputy": hidden.pk}).status_code == 422
        wishes = PersonalWishes(paused_from=TUESDAY, paused_to=TUESDAY, deputy_id=hidden.pk)
        with scope(writable=[world.municipality.pk]):
            with pytest.raises(SettingsRefused, match="из списка"):
                self.change_own(world, wishes, sees_people=False)
            self.change_own(world, wishes)
        assert "Яковлев Тайный" in client.get(address).text, "who stands in already"
        assert client.post(address, {**pause, "deputy": chief.pk, "version": 1}).status_code == 302

    def test_visitors_have_none(self, world, client):
        address = f"/m/{world.municipality.slug}/reminders/mine/"
        support = UserFactory(is_support=True)
        start_visit(user=support, municipality=world.municipality, reason="обращение", hours=1, at=timezone.now())
        for visitor in (support, ministry_of(world.municipality.region)):
            client.force_login(visitor)
            assert "Напоминания этого муниципалитета" in client.get(address).text
            for post in (address, f"{address}calendar/new/", f"{address}calendar/close/"):
                assert client.post(post, {"weekday": "2", "version": 0}).status_code == 403
        with scope(writable=[world.municipality.pk]), pytest.raises(SettingsRefused, match="кто работает"):
            self.change_own(world, PersonalWishes(weekday=2), user=support)
