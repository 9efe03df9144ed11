"""How a due date and a line stand today, in one word."""

from datetime import date, timedelta

import pytest

from nok_portal.tenants.scope import scope
from plans.days.standing import due_standing, standing
from plans.selectors import line_of_activity
from tests.factories import MunicipalityFactory
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def activity():
    ours = MunicipalityFactory()
    with scope(writable=[ours.pk]):
        yield ActivityFactory(plan=PlanFactory(municipality=ours))


def due(activity, days, **facts):
    return DueDateFactory(activity=activity, window_to=TODAY + timedelta(days=days), **facts)


@pytest.mark.parametrize(
    ("days", "facts", "kind", "words"),
    [
        (30, {"returned_reason": "Нет даты"}, "returned", "Возвращено"),
        (3, {"returned_reason": "Нет даты"}, "returned", "Возвращено, осталось 3 дня"),
        (-8, {"returned_reason": "Нет даты"}, "late", "Возвращено, просрочено на 8 дней"),
        (-8, {"returned_reason": "Нет даты", "state": "reported"}, "review", "На проверке"),
        (-8, {}, "late", "Просрочено на 8 дней"),
        (-8, {"ended_before_entry": True}, "open", "До внесения плана"),
        (-8, {"state": "cancelled"}, "off", "Снято"),
        (-8, {"state": "accepted"}, "done", "Принято"),
    ],
)
def test_due_date_says_both_that_it_was_returned_and_that_it_is_late(activity, days, facts, kind, words):
    stands = due_standing(due(activity, days, **facts), TODAY)
    assert (stands.kind, stands.text.replace("\u00a0", " ")) == (kind, words)


def test_line_says_what_needs_a_person_first(activity):
    def said():
        return standing(line_of_activity(activity), TODAY).kind

    due(activity, -400, state="accepted")
    assert said() == "done"
    due(activity, 300)
    assert said() == "open"
    due(activity, -30, state="reported")
    assert said() == "review"
    due(activity, 200, returned_reason="Нет даты")
    assert said() == "returned"
    due(activity, -5)
    assert said() == "late"
