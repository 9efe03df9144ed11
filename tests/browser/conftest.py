"""A real Chromium against the real portal: each test runs on a desktop and on a phone.

A test fails when the page writes anything to the console, asks another host or breaks an axe rule it checks.
Of an answer that a test means to be a refusal the browser itself writes to the console: `intended` names those.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from nok_portal.accounts.models import User
from nok_portal.celery import app
from tests.factories import PASSWORD

# playwright's loop runs in this thread, so Django takes ordinary ORM calls in tests for async ones
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
# Without preload: axe asks for imported stylesheets at wrong addresses. Of rules that a page keeps axe gathers
# no details, and tells nothing: that took half the time. At the end its messages have all come to the console.
RUN_AXE = """async () => {
    const found = await axe.run({preload: false, resultTypes: ["violations"]});
    await new Promise(resolve => setTimeout(resolve, 50));
    return found.violations;
}"""
# pages that axe is looking at: it tries inline styles, which the policy refuses with a message
looked_at: set[Page] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield _launch(playwright)


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(params=list(WIDTHS))
def width(request: pytest.FixtureRequest) -> str:
    """'desktop' or 'phone'."""
    return request.param


@pytest.fixture
def intended() -> set[tuple[int, str]]:
    """Refusals that the test brings about on purpose: add (status, path) before going there."""
    return set()


def _is_intended(message: ConsoleMessage, intended: set[tuple[int, str]]) -> bool:
    """The browser's own line about an answer named, and nothing else from that page."""
    path = urlsplit(message.location["url"]).path
    return any(
        path == wanted
        and message.text.startswith(f"Failed to load resource: the server responded with a status of {n}")
        for n, wanted in intended
    )


@pytest.fixture
def new_page(
    chromium: Browser, width: str, live_server: Any, intended: set[tuple[int, str]]
) -> Iterator[Callable[[], Page]]:
    """Makes pages of separate visitors; at the end no page may have complained or left the portal."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def make() -> Page:
        size = WIDTHS[width]
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            locale="ru-RU",
            has_touch=width == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda message: (
                None
                if page in looked_at or _is_intended(message, intended)
                else complaints.append(f"console {message.type}: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:", "blob:"))
                else complaints.append(f"another host: {request.url}")
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()


@pytest.fixture
def log_in() -> Callable[..., None]:
    """`log_in(page, user, secret=…)` through the real form; `secret` is the base32 secret of the second factor."""

    def through_form(page: Page, user: User, *, secret: str = "") -> None:
        page.goto("/account/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        if secret:
            page.fill("input[name=code]", totp_code(secret))
            page.click("main button[type=submit]")

    return through_form


def totp_code(secret: str) -> str:
    """The code that an authenticator app would show now."""
    counters = list(yield_hotp_counters_from_time())
    counter = counters[len(counters) // 2]  # around it stand those that a slow clock is forgiven
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """axe finds no violation on the page as it stands; nothing scrolls sideways."""

    def check(page: Page) -> None:
        looked_at.add(page)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        violations = page.evaluate(RUN_AXE)
        looked_at.discard(page)
        assert violations == [], AxeResults({"violations": violations}).generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "page scrolls sideways"

    return check


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A Celery worker on the real broker, in a thread, for all queues."""
    app.control.purge()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20, queues=["default", "pdf"]):
        yield


def wait_until(condition: Callable[[], Any], *, seconds: float = 10) -> Any:
    """What the condition gives once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("did not happen in time")
