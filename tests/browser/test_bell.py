"""A reminder comes while the page is open, is opened, followed and gone: on a desktop and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from nok_portal.messaging.models import Reminder
from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, DueDateFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def every_second(settings):
    settings.BELL_SECONDS = 1


def remind(municipality, person, title):
    """What a run of the day writes."""
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality, state="approved")
        day = timezone.localdate() - timedelta(days=3)
        due = DueDateFactory(activity=ActivityFactory(plan=plan, number="2.5", title=title), window_to=day)
        Reminder.objects.create(
            municipality=municipality, kind="overdue", thing=f"duedate:{due.pk}", due_on=day, stage=1,
            recipient=person, because="вы ведёте планы", number="2.5", title=title, group_title=plan.title,
            url=reverse("office:due", args=[municipality.slug, due.pk]), created_at=timezone.now(),
        )  # fmt: skip
        return due


def test_reminder_comes_is_followed_and_gone(page, log_in, assert_accessible):
    ours = MunicipalityFactory(slug="sosnovskiy")
    person = member_of(ours)
    log_in(page, person)
    page.goto("/m/sosnovskiy/")
    bell = page.locator("[data-bell]:visible")
    expect(bell).to_have_accessible_name("Напоминания: новых нет")

    # it comes by itself, is said, and takes no focus
    due = remind(ours, person, "Опрос получателей")
    expect(bell).to_have_accessible_name("Напоминания: 1\u00a0новое")
    expect(page.locator("[data-bell-said]")).to_have_text("Пришло новое. Напоминания: 1\u00a0новое")
    expect(page.locator("body")).to_be_focused()
    assert_accessible(page)

    # by keyboard into the panel and back
    bell.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Напоминания")).to_be_focused()
    expect(panel.get_by_role("listitem")).to_contain_text("просрочено на 3 дня")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()

    # what comes meanwhile leaves the open panel as it is, and is offered
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Напоминания")).to_be_focused()
    link = panel.get_by_role("link", name="2.5 Опрос получателей")
    link.focus()
    remind(ours, person, "Размещение итогов")
    more = panel.get_by_role("link", name="Пришло новое: показать")
    expect(more).to_be_visible()
    expect(link).to_be_focused()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    more.click()
    expect(panel.get_by_role("listitem")).to_have_count(2)

    # in another tab it is read as well, at its next question
    other = page.context.new_page()
    other.goto("/m/sosnovskiy/reminders/")
    expect(other.locator("[data-bell]:visible")).to_have_accessible_name("Напоминания: 2\u00a0новых")
    assert_accessible(other)
    page.bring_to_front()
    link.click()
    page.wait_for_url(f"**/dues/{due.pk}/")
    for tab in (page, other):
        expect(tab.locator("[data-bell]:visible")).to_have_accessible_name("Напоминания: 1\u00a0новое")

    page.locator("[data-bell]:visible").click()
    panel.get_by_role("button", name="Отметить все прочитанными").click()
    expect(panel.get_by_text("новое", exact=True)).to_have_count(0)
    expect(page.locator("[data-bell-number]:visible")).to_have_count(0)

    # logged out elsewhere: the bell falls silent, the page says nothing of it
    page.keyboard.press("Escape")
    page.context.clear_cookies()
    expect(page.locator("[data-bell]:visible")).to_have_accessible_name("Напоминания")
    expect(page.locator(".toast")).to_have_count(0)
