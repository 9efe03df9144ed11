"""The ministry's weekly letter."""

from datetime import timedelta

import pytest

from nok_portal.messaging.places import Place
from nok_portal.messaging.services.mail import send_waiting
from nok_portal.messaging.services.regional import tell_regions
from plans.models import DueDate
from tests.factories import ministry_of
from tests.messaging.reminded import TUESDAY, noon
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db
MONDAY = TUESDAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def days(count: int) -> timedelta:
    return timedelta(days=count)


def due_in(world: World, left: int, **facts) -> DueDate:
    return world.due(window_to=TUESDAY + days(left), **facts)


def test_weekly_figures_and_no_single_reminders(world, mailbox):
    ministry = ministry_of(world.municipality.region)
    quiet = make_world()
    quiet.municipality.region = world.municipality.region
    quiet.municipality.save()
    due_in(world, -3, activity=world.activity(title="Опрос родителей"))
    assert tell_regions(at=noon(MONDAY)) == 1
    assert tell_regions(at=noon(MONDAY)) == 0
    assert tell_regions(at=noon(TUESDAY)) == 0
    place = Place(region_id=world.municipality.region_id)
    assert send_waiting(place=place, at=noon(TUESDAY)) == 1
    (letter,) = mailbox.letters
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert letter["To"] == ministry.email
    assert letter["Subject"].strip() == f"{world.municipality.region.name}: просрочено 1"
    assert f"{world.municipality.name}\n  Просрочено: 1" in text
    assert "Ещё 1\u00a0муниципалитет, где всё спокойно" in text
    assert "Опрос родителей" not in text


def test_monday_that_no_run_came_on_is_made_up_for(world):
    ministry_of(world.municipality.region)
    due_in(world, -20)
    assert tell_regions(at=noon(MONDAY - days(7))) == 1
    assert tell_regions(at=noon(TUESDAY)) == 1
    assert tell_regions(at=noon(TUESDAY + days(1))) == 0


def test_nothing_to_say_nothing_sent(world):
    ministry_of(world.municipality.region)
    assert tell_regions(at=noon(MONDAY)) == 0
