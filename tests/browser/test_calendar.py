"""Calendar and timeline by keyboard, on a desktop and on a phone."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from nok_portal.tenants.scope import scope
from plans.models import ResponsibleParty
from tests.factories import MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, DueDateFactory, PlanFactory, SectionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def plan_with(municipality, *windows):
    """A plan with a line for each of these windows."""
    with scope(writable=[municipality.pk]):
        plan = PlanFactory(municipality=municipality)
        section = SectionFactory(plan=plan)
        for place, (first, last) in enumerate(windows, 1):
            line = ActivityFactory(plan=plan, section=section, number=f"1.{place}", title=f"Шаг {place}")
            ActivityPartyFactory(activity=line)
            DueDateFactory(activity=line, window_from=first, window_to=last)
        return plan


def focused(page, what):
    return page.evaluate(f"document.activeElement.{what}")


def tab_into(page, inside):
    """Press Tab until the focus is inside; gives how often."""
    for count in range(1, 80):
        page.keyboard.press("Tab")
        if page.evaluate(f"!!document.activeElement.closest({inside!r})"):
            return count
    raise AssertionError(f"Tab never comes into {inside}")


def test_calendar_by_keyboard(page, log_in, assert_accessible, width):
    ours = MunicipalityFactory(slug="sosnovskiy")
    plan_with(
        ours,
        *[(date(2026, 12, 8), date(2026, 12, 8))] * 6,
        (date(2026, 10, 1), date(2026, 12, 10)),
        (date(2027, 1, 8), date(2027, 1, 8)),
    )
    log_in(page, member_of(ours))
    page.goto("/m/sosnovskiy/calendar/?month=2026-12")
    assert_accessible(page)
    tab_into(page, ".month .d")
    if width == "phone":  # only days that have something, one below the other
        assert focused(page, "id") == "d-2026-12-08"
        page.keyboard.press("ArrowDown")
        assert focused(page, "id") == "d-2026-12-10"
        page.keyboard.press("Home")
    else:
        assert focused(page, "id") == "d-2026-12-01"
        for key, day in (("ArrowDown", "08"), ("End", "13"), ("Home", "07"), ("ArrowRight", "08")):
            page.keyboard.press(key)
            assert focused(page, "id") == f"d-2026-12-{day}"
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/day/?day=2026-12-08")
    assert page.locator("tbody tr").count() == 6
    assert_accessible(page)
    page.go_back()

    # another month, on the same day of it
    page.locator("#d-2026-12-08").focus()
    page.keyboard.press("PageDown")
    page.wait_for_url("**month=2027-01**")
    page.locator("#d-2027-01-08:focus").wait_for()

    # the filter changes what is shown, and the keys go on working
    page.get_by_label("Состояние").select_option("accepted")
    page.get_by_text("По этому запросу в этом месяце сроков нет").wait_for()
    assert "state=accepted" in page.url
    page.get_by_role("link", name="Год", exact=True).click()
    page.wait_for_url("**/calendar/year/**state=accepted")
    assert_accessible(page)


def test_arrows_leave_the_month_at_its_edge(page, log_in, width):
    if width == "phone":
        pytest.skip("a phone shows a list without edges")
    ours = MunicipalityFactory(slug="sosnovskiy")
    plan_with(ours, (date(2026, 12, 8), date(2026, 12, 8)))
    log_in(page, member_of(ours))
    page.goto("/m/sosnovskiy/calendar/?month=2026-12#d-2026-12-01")
    page.locator("#d-2026-12-01:focus").wait_for()
    page.keyboard.press("ArrowUp")  # the week of 30 November is the first one shown
    page.wait_for_url("**month=2026-11**")
    page.locator("#d-2026-11-24:focus").wait_for()


def test_timeline_by_keyboard(page, log_in, assert_accessible, width):
    ours = MunicipalityFactory(slug="sosnovskiy")
    plan = plan_with(
        ours,
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 11, 1), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    )
    log_in(page, member_of(ours))
    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/timeline/?year=2026")
    assert_accessible(page)
    tab_into(page, ".gantt")
    assert "Шаг 1" in focused(page, "textContent")
    page.keyboard.press("ArrowDown")
    assert "Шаг 2" in focused(page, "textContent")
    page.keyboard.press("ArrowRight")
    assert "с 1 ноября 2026 по 29 февраля 2028" in focused(page, "textContent")
    page.keyboard.press("End")
    assert "Шаг 3" in focused(page, "textContent")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.gantt')"), "the table is one stop of Tab"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Шаг 2").first.wait_for()


def test_what_was_chosen_stays_with_the_next_click(page, log_in, width):
    if width == "phone":
        pytest.skip("the same on both")
    ours = MunicipalityFactory(slug="sosnovskiy")
    plan = plan_with(ours, (date(2026, 1, 1), date(2026, 1, 31)), (date(2027, 2, 1), date(2027, 2, 28)))
    other = plan_with(ours, (date(2026, 3, 1), date(2026, 3, 31)))
    with scope(readable=[ours.pk]):
        party, alien = (
            ResponsibleParty.objects.filter(activity_links__activity__plan=one).first() for one in (plan, other)
        )
    log_in(page, member_of(ours))

    page.goto(f"/m/sosnovskiy/plans/{plan.pk}/timeline/?year=2026")
    page.get_by_label("Исполнитель").select_option(str(party.pk))
    expect(page.locator(".gantt tbody th a")).to_have_count(1)
    expect(page.get_by_role("link", name="Календарь плана")).to_have_attribute("href", re.compile(f"party={party.pk}"))
    page.get_by_role("link", name="Просрочено 1").click()
    page.get_by_role("link", name="2027 год").click()
    page.wait_for_url(f"**year=2027&party={party.pk}&late=1")

    page.goto("/m/sosnovskiy/dues/?show=all")
    page.get_by_label("Найти срок").fill("нет такого")
    page.get_by_role("link", name="Показать без поиска").wait_for()
    page.get_by_role("link", name="Просроченные").click()
    page.wait_for_url("**show=overdue**")
    expect(page.get_by_label("Найти срок")).to_have_value("нет такого")

    page.goto(f"/m/sosnovskiy/calendar/year/?year=2026&plan={plan.pk}&party={party.pk}")
    page.get_by_label("План", exact=True).select_option(str(other.pk))
    expect(page.get_by_label("Исполнитель")).to_contain_text(alien.name)
    expect(page.get_by_label("Исполнитель")).to_have_value("")


def test_today_leads_to_what_is_late(page, log_in, assert_accessible):
    ours = MunicipalityFactory(slug="sosnovskiy")
    plan_with(ours, (date(2026, 1, 1), date(2026, 1, 31)))
    log_in(page, member_of(ours))
    page.goto("/m/sosnovskiy/")
    assert_accessible(page)
    page.locator("section[aria-labelledby=late]").get_by_role("link", name="Шаг 1", exact=True).click()
    page.get_by_role("heading", name="Шаг 1").first.wait_for()
