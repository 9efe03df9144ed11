"""The bell in the portal: its number, its panel, the page of all reminders, and what marks them as read."""

import json
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.services.support import start_visit
from nok_portal.messaging.models import Reminder
from nok_portal.tenants.scope import scope
from plans.models import DueDate
from tests.factories import MembershipFactory, UserFactory, ministry_of
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(world) -> Client:
    """Signed in as who is responsible."""
    return signed_in(world.responsible)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(world: World, name: str = "reminders", *more: int) -> str:
    return reverse(f"office:{name}", args=[world.municipality.slug, *more])


def told(world: World, count: int = 1, **facts) -> list[Reminder]:
    """Rows of the ledger about as many due dates that are late."""
    today = timezone.localdate()
    found = []
    for place in range(count):
        due = world.due(window_to=today - timedelta(days=3))
        values = {
            "kind": "overdue", "thing": f"duedate:{due.pk}", "due_on": due.window_to, "stage": 1,
            "recipient": world.responsible, "because": "вы отвечаете за мероприятие", "title": f"Опрос {place}",
            "url": reverse("office:due", args=[world.municipality.slug, due.pk]), "created_at": timezone.now(),
        }  # fmt: skip
        with scope(writable=[world.municipality.pk]):
            found.append(Reminder.objects.create(municipality=world.municipality, **{**values, **facts}))
    return found


def is_read(row: Reminder) -> bool:
    with scope(readable=[row.municipality_id]):
        return Reminder.objects.get(pk=row.pk).read_at is not None


def plain(answer) -> str:
    return answer.text.replace("&nbsp;", " ").replace("\u00a0", " ")


def number(client: Client, world: World) -> dict:
    return client.get(url(world, "bell")).json()


class TestNumber:
    def test_in_figures_and_in_words(self, world, client):
        assert number(client, world) == {"number": "", "words": "Напоминания: новых нет", "newest": 0}
        (first,) = told(world)
        assert number(client, world) == {"number": "1", "words": "Напоминания: 1\u00a0новое", "newest": first.pk}
        *_, last = told(world, 2)
        assert number(client, world) == {"number": "3", "words": "Напоминания: 3\u00a0новых", "newest": last.pk}

    def test_beyond_99_they_are_not_counted_out(self, world, client):
        told(world, 99)
        assert number(client, world)["number"] == "99"
        told(world)
        assert number(client, world)["number"] == "99+"
        assert number(client, world)["words"] == "Напоминания: больше 99 новых"

    def test_costs_the_same_whatever_there_is(self, world, client, django_assert_num_queries):
        number(client, world)
        with django_assert_num_queries(11) as none:
            number(client, world)
        told(world)
        with django_assert_num_queries(len(none) + 1):
            number(client, world)
        told(world, 20)
        with django_assert_num_queries(len(none) + 1):
            number(client, world)

    def test_pages_do_not_pay_for_it(self, world, client):
        told(world)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url(world, "today")).text
        assert "data-bell" in page
        assert not [one for one in asked if "messaging_reminder" in one["sql"]]

    def test_thing_that_is_done_leaves_it_by_itself(self, world, client):
        told(world, 2)
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=DueDate.objects.earliest("pk").pk).update(
                state="cancelled", cancelled_reason="не нужно"
            )
        assert number(client, world)["number"] == "1"

    def test_asking_is_no_deed_of_the_person(self, world, client):
        """Neither the list of sessions nor the session itself takes a page that asks by itself for somebody there."""
        client.get(url(world, "today"))
        long_ago = timezone.now() - timedelta(hours=2)
        UserSession.objects.update(last_seen_at=long_ago)
        answer = client.get(url(world, "bell"))
        assert answer.status_code == 200
        assert not answer.cookies
        assert UserSession.objects.get().last_seen_at == long_ago
        client.get(url(world, "today"))
        assert UserSession.objects.get().last_seen_at > long_ago


class TestPanelAndPage:
    def test_panel_of_the_latest_for_htmx_and_a_whole_page_without(self, world, client):
        told(world, 2)
        panel, page = client.get(url(world), headers=HTMX), client.get(url(world))
        for answer in (panel, page):
            assert answer.text.count('<li class="bell-item is-new"') == 2
            assert "просрочено на 3 дня" in plain(answer)
            assert "Почему вам: вы отвечаете за мероприятие" in plain(answer)
            assert "no-store" in answer["Cache-Control"], "one address, two answers"
        assert "<html" not in panel.text
        assert "<html" in page.text
        assert json.loads(panel["HX-Trigger-After-Swap"])["bell"] == number(client, world)

    def test_what_is_settled_is_quiet_and_what_is_read_is_not_new(self, world, client):
        told(world)
        (cancelled,) = told(world)
        with scope(writable=[world.municipality.pk]):
            DueDate.objects.filter(pk=cancelled.thing.partition(":")[2]).update(
                state="cancelled", cancelled_reason="не нужно"
            )
        told(world, read_at=timezone.now())
        page = client.get(url(world)).text
        assert page.count('<li class="bell-item') == 3
        assert page.count("is-settled") == page.count("Уже ничего не нужно") == 1
        assert page.count(">новое<") == 1
        assert client.get(f"{url(world)}?show=new").text.count('<li class="bell-item') == 1

    def test_older_ones_are_on_further_pages_at_the_same_cost(self, world, client, django_assert_max_num_queries):
        told(world, 2)
        client.get(url(world))
        with CaptureQueriesContext(connection) as few:
            client.get(url(world))
        told(world, 33)
        with django_assert_max_num_queries(len(few)):
            first = client.get(url(world))
        second = client.get(f"{url(world)}?page=2")
        assert [answer.text.count('<li class="bell-item') for answer in (first, second)] == [30, 5]
        assert client.get(f"{url(world)}?page=99").status_code == 200

    def test_empty_ones_say_so(self, world, client):
        assert "Напоминаний пока нет" in client.get(url(world)).text
        assert "Новых напоминаний нет" in client.get(f"{url(world)}?show=new").text
        assert "Напоминаний пока нет" in client.get(url(world), headers=HTMX).text


class TestReading:
    def test_following_the_link_leads_there_and_marks(self, world, client):
        row, other = told(world, 2)
        answer = client.get(url(world, "reminder", row.pk))
        assert (answer.status_code, answer["Location"]) == (302, row.url)
        assert "no-store" in answer["Cache-Control"], "the next click must come through"
        assert (is_read(row), is_read(other)) == (True, False)

    @pytest.mark.parametrize(
        "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"Sec-Fetch-Dest": "image"}]
    )
    def test_what_no_person_followed_marks_nothing(self, world, client, headers):
        (row,) = told(world)
        assert client.get(url(world, "reminder", row.pk), headers=headers).status_code == 302
        assert client.head(url(world, "reminder", row.pk)).status_code == 302
        assert not is_read(row)

    @pytest.mark.parametrize(
        "address", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/account/", ""]
    )
    def test_leads_to_pages_of_municipalities_only(self, world, client, address):
        (row,) = told(world, url=address)
        assert client.get(url(world, "reminder", row.pk)).status_code == 404

    def test_one_by_its_button_or_all_that_were_on_the_screen(self, world, client):
        first, second, third, late = told(world, 4)
        here = f"{url(world)}?show=new"
        answer = client.post(url(world, "reminders_read"), {"reminder": second.pk, "next": here})
        assert (answer.status_code, answer["Location"]) == (302, here)
        assert [is_read(row) for row in (first, second, third, late)] == [False, True, False, False]
        answer = client.post(url(world, "reminders_read"), {"until": third.pk}, headers=HTMX)
        assert json.loads(answer["HX-Trigger-After-Swap"])["bell"]["number"] == "1"
        assert [is_read(row) for row in (first, second, third, late)] == [True, True, True, False]

    def test_comes_back_to_the_portal_only(self, world, client):
        told(world)
        for there in ("//evil.example/", "https://evil.example/m/x/", "javascript:alert(1)"):
            answer = client.post(url(world, "reminders_read"), {"until": 1, "next": there})
            assert answer["Location"] == url(world)

    @pytest.mark.parametrize("values", [{}, {"until": "всё"}, {"reminder": "-1"}])
    def test_nothing_named_marks_nothing(self, world, client, values):
        (row,) = told(world)
        assert client.post(url(world, "reminders_read"), values).status_code == 404
        assert not is_read(row)


class TestWhose:
    def test_a_colleague_comes_to_the_thing_and_marks_nothing(self, world):
        """The address of a link may be handed on."""
        (row,) = told(world)
        for colleague in (world.editor, world.other):
            visitor = signed_in(colleague)
            assert visitor.get(url(world, "reminder", row.pk))["Location"] == row.url
            visitor.post(url(world, "reminders_read"), {"reminder": row.pk})
            visitor.post(url(world, "reminders_read"), {"until": row.pk})
            assert number(visitor, world)["number"] == ""
            assert row.title not in visitor.get(url(world)).text
        assert not is_read(row)

    def test_other_municipality_is_another_bell(self, world, client):
        """Also of one person who works in both."""
        (row,) = told(world)
        elsewhere = make_world()
        (theirs,) = told(elsewhere, recipient=world.responsible)
        MembershipFactory(user=world.responsible, municipality=elsewhere.municipality)
        assert number(client, world)["newest"] == row.pk
        assert client.get(url(world, "reminder", theirs.pk)).status_code == 404
        client.post(url(world, "reminders_read"), {"until": theirs.pk})
        client.post(url(world, "reminders_read"), {"reminder": theirs.pk})
        assert (is_read(row), is_read(theirs)) == (True, False)

    def test_visitors_have_no_bell(self, world):
        support = UserFactory(is_support=True)
        start_visit(user=support, municipality=world.municipality, reason="обращение", hours=1, at=timezone.now())
        (row,) = told(world, recipient=support)
        for visitor in map(signed_in, (support, ministry_of(world.municipality.region))):
            assert "data-bell" not in visitor.get(url(world, "today")).text
            assert number(visitor, world)["number"] == ""
            assert visitor.post(url(world, "reminders_read"), {"until": row.pk}).status_code == 403
            assert visitor.get(url(world, "reminder", row.pk)).status_code == 302
            assert "те, кто в" in visitor.get(url(world)).text
        assert not is_read(row)

    def test_whoever_is_logged_out_is_told_so_by_the_status(self, world):
        """htmx would put the page of log-in into the panel; the number stops at the redirect by itself."""
        assert Client().get(url(world), headers=HTMX).status_code == 401
        assert Client().get(url(world, "bell")).status_code == 302
