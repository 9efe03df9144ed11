"""An event is recorded from a line that waits for it, and its day appears: on a desktop and on a phone."""

import pytest

from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "в течение 5 рабочих дней после утверждения рейтингов"


def plain(text):
    return text.replace("\u00a0", " ")


def test_event_recorded_from_a_waiting_line_gives_its_day(page, log_in, assert_accessible):
    ours = MunicipalityFactory(slug="lesnoy")
    editor = member_of(ours)
    with scope(writable=[ours.pk]):
        plan = PlanFactory(municipality=ours)
        line = ActivityFactory(
            plan=plan,
            title="Размещение итогов",
            deadline_text=WORDS,
            deadline_rule=to_json(parse(WORDS)),
            deadline_reading="в течение 5 рабочих дней после утверждения рейтингов",
        )
    log_in(page, editor)
    page.goto(f"/m/lesnoy/plans/{plan.pk}/?line={line.pk}")
    panel = page.locator("#line")
    panel.get_by_role("link", name="Записать событие").click()

    # the words are chosen already; the day tells what it gives before anything is saved
    assert page.get_by_label("Утверждение рейтингов").is_checked()
    page.get_by_label("Когда произошло").fill("2026-05-12")
    page.get_by_text("Добавится: 19 мая 2026").wait_for()
    assert_accessible(page)
    page.get_by_label("Когда произошло").fill("2026-05-13")
    page.get_by_text("Добавится: 20 мая 2026").wait_for()
    page.get_by_role("button", name="Записать").click()

    # back at the line, which has its day now
    panel.get_by_text("20 мая 2026").first.wait_for()
    page.goto(f"/m/lesnoy/plans/{plan.pk}/events/")
    page.get_by_role("heading", name="Утверждение рейтингов").wait_for()
    assert "срок 20 мая 2026" in plain(page.locator("main").inner_text())
    assert_accessible(page)

    # a wrong day is put right
    page.get_by_role("link", name="Исправить день").click()
    page.get_by_label("Когда произошло").fill("2026-05-14")
    page.get_by_text("20 мая 2026 → 21 мая 2026").wait_for()
    page.get_by_role("button", name="Исправить день").click()
    page.get_by_text("День события исправлен").wait_for()
    assert "срок 21 мая 2026" in plain(page.locator("main").inner_text())
