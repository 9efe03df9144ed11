"""The calendar feed as a program reads it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from redis import RedisError

from nok_portal.accounts.services.memberships import end_membership
from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import FeedKey
from nok_portal.messaging.services import feeds
from nok_portal.messaging.services.feeds import close_feed, feed_file, renew_feed
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import member_of
from tests.messaging.reminded import TUESDAY, days, noon
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db


def new_address(world: World) -> str:
    with scope(writable=[world.municipality.pk]):
        address = renew_feed(municipality=world.municipality, user=world.responsible, at=noon(TUESDAY))
    return address.removeprefix("http://127.0.0.1:8000")


def events(world: World, user=None) -> list:
    with scope(readable=[world.municipality.pk]):
        content = feed_file(municipality=world.municipality, user_id=(user or world.responsible).pk, at=noon(TUESDAY))
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_due_dates_are_all_day_events_with_alarms(world):
    activity = world.activity(number="1.2", title="Опрос; родителей, детей\nи педагогов")
    due = world.due(activity=activity, window_to=TUESDAY + days(7))
    (event,) = events(world)
    assert event["UID"] == f"duedate-{due.pk}@127.0.0.1"
    assert event["SUMMARY"] == "1.2 Опрос; родителей, детей\nи педагогов"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 2))
    assert event["STATUS"] == "CONFIRMED"
    assert f"/m/{world.municipality.slug}/dues/{due.pk}/" in event["DESCRIPTION"]
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [
        days(-7) + timedelta(hours=9),
        timedelta(hours=-15),
    ]


def test_done_ones_stay_without_alarms_and_cancelled_ones_leave(world):
    world.due(window_to=TUESDAY + days(1), state="accepted")
    world.due(window_to=TUESDAY + days(2), state="cancelled")
    world.due(window_to=TUESDAY - days(100))
    done, cancelled = events(world)
    assert done["SUMMARY"].startswith("Сделано: ")
    assert (done["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert not [*done.walk("VALARM"), *cancelled.walk("VALARM")]


def test_moved_day_keeps_its_uid_under_a_higher_sequence(world):
    due = world.due(window_to=TUESDAY + days(7))
    before = events(world)[0]
    with scope(writable=[world.municipality.pk]):
        due.window_to, due.version = TUESDAY + days(9), due.version + 1
        due.save()
    after = events(world)[0]
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], TUESDAY + days(9))
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_only_ones_own_work(world):
    world.due(window_to=TUESDAY)
    assert events(world, world.other) == []


def test_secret_address_opens_without_signing_in(world, client):
    world.due(window_to=TUESDAY)
    answer = client.get(new_address(world))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    calendar = Calendar.from_ical(answer.content)
    assert calendar["X-WR-CALNAME"] == f"НОК: {world.municipality.name}"
    assert calendar["X-PUBLISHED-TTL"] == "PT4H"
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75, "longer lines are folded"
    assert b"\n" not in b"".join(lines)


def test_program_that_asks_often_is_answered_shortly_until_something_changes(world, client, monkeypatch):
    due = world.due(window_to=TUESDAY)
    address = new_address(world)
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY))
    known = {"If-None-Match": client.get(address)["ETag"]}
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY) + timedelta(hours=1))
    assert client.get(address, headers=known).status_code == 304
    with scope(writable=[world.municipality.pk]):
        due.window_to, due.version = TUESDAY + days(1), due.version + 1
        due.save()
    assert client.get(address, headers=known).status_code == 200


def test_program_that_asks_too_often_is_told_to_wait_others_are_answered(world, client, monkeypatch):
    address = new_address(world)
    with scope(writable=[world.municipality.pk]):
        others = renew_feed(municipality=world.municipality, user=world.other, at=noon(TUESDAY))
    monkeypatch.setattr(feeds, "MOST_READINGS", 2)
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY) + timedelta(seconds=40))
    answers = [client.get(address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "20"
    assert client.get(others.removeprefix("http://127.0.0.1:8000")).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY) + timedelta(seconds=60))
    assert client.get(address).status_code == 200


def test_calendar_is_answered_while_the_cache_is_down(world, client, monkeypatch):
    def refuse(*args, **values):
        raise RedisError("no cache")

    monkeypatch.setattr(feeds.cache, "add", refuse)
    monkeypatch.setattr(feeds, "MOST_READINGS", 0)
    assert client.get(new_address(world)).status_code == 200


def test_when_the_address_was_last_read_is_noted_once_an_hour_and_shown(world, client, monkeypatch):
    address, page = new_address(world), f"/m/{world.municipality.slug}/reminders/mine/"
    client.force_login(world.responsible)
    assert "ещё не&nbsp;обращался" in client.get(page).text
    noted = []
    for minutes in (0, 59, 60):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: noon(TUESDAY) + timedelta(minutes=minutes))
        client.get(address)
        with scope(readable=[world.municipality.pk]):
            noted.append(FeedKey.objects.get(user=world.responsible).last_read_at)
    assert noted == [noon(TUESDAY), noon(TUESDAY), noon(TUESDAY) + timedelta(hours=1)]
    client.force_login(world.responsible)  # two days later
    assert "Последнее обращение календаря: сегодня, 13:00" in client.get(page).text
    new_address(world)
    assert "ещё не&nbsp;обращался" in client.get(page).text


def test_renewed_or_closed_address_opens_nothing(world, client):
    first = new_address(world)
    second = new_address(world)
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    with scope(writable=[world.municipality.pk]):
        close_feed(municipality=world.municipality, user=world.responsible, actor=world.responsible, at=noon(TUESDAY))
    assert client.get(second).status_code == 404


def test_address_of_another_municipality_or_of_one_who_left_opens_nothing(world, client):
    address, other = new_address(world), make_world()
    assert client.get(address.replace(world.municipality.slug, other.municipality.slug)).status_code == 404
    world.responsible.memberships.update(ended_at=noon(TUESDAY))
    assert client.get(address).status_code == 404
    member_of(world.municipality, Role.RESPONSIBLE)
    assert client.get(address).status_code == 404


def test_address_falls_with_the_last_role_and_no_new_role_opens_it(world, client):
    address = new_address(world)
    with scope(writable=[world.municipality.pk]):
        role = world.responsible.memberships.get()
        end_membership(
            membership=role,
            to=world.other.memberships.get(),
            actor=world.editor,
            at=noon(TUESDAY),
        )
        assert AuditEntry.objects.get(verb="Закрыт адрес календаря").actor == world.editor
    world.responsible.memberships.update(ended_at=None)
    type(world.responsible).objects.update(is_active=True)
    assert client.get(address).status_code == 404


def test_person_makes_an_address_sees_it_once_and_closes_it(world, client):
    world.due(window_to=TUESDAY)
    client.force_login(world.responsible)
    page = f"/m/{world.municipality.slug}/reminders/mine/"
    assert page in client.get(f"/m/{world.municipality.slug}/").text, "the rail leads there"
    assert "Закрыть адрес" not in client.get(page).text
    made = client.post(f"{page}calendar/new/")
    address = made.context["address"]
    assert address in made.text
    assert "no-store" in made["Cache-Control"]
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    listed = client.get(page).text
    assert "Закрыть адрес" in listed
    assert address not in listed
    assert client.post(f"{page}calendar/close/").status_code == 302
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404
