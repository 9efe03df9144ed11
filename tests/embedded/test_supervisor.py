"""All parts of the portal live and end together."""

import signal
import sys
from pathlib import Path

import pytest

from nok_portal.embedded import supervisor
from nok_portal.embedded.supervisor import Supervisor

SERVER = "import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Supervisor:
    """Prepared already; its web part is a trivial server."""
    monkeypatch.setattr(supervisor, "LOGS", tmp_path)
    monkeypatch.setattr(supervisor, "prepare", lambda own, environment: "Вход: demo@example")
    made = Supervisor({"PATH": "/usr/bin:/bin", "PORT": ""}, None, own=None)
    web = [sys.executable, "-c", SERVER.format(port=made.port)]
    monkeypatch.setattr(made, "_start_parts", lambda: made._start("web", web))
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield made
    for number, handler in previous.items():
        signal.signal(number, handler)


def test_portal_greets_and_stops_at_a_signal(
    portal: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def stop_after_greeting() -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(portal, "_watch", stop_after_greeting)

    assert portal.run() == 0

    said = capsys.readouterr().out
    assert "Вход: demo@example" in said
    assert f"Портал работает: {portal.address}" in said
    assert portal.parts["web"].returncode == -signal.SIGTERM


def test_part_that_ends_stops_the_others_and_its_last_words_are_shown(
    portal: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    start_web = portal._start_parts

    def start_both() -> None:
        start_web()
        portal._start("worker", [sys.executable, "-c", "import time; time.sleep(1); raise SystemExit('нет очереди')"])

    monkeypatch.setattr(portal, "_start_parts", start_both)

    assert portal.run() == 1

    said = capsys.readouterr().err
    assert "Часть портала «worker» завершилась (код 1)" in said
    assert "нет очереди" in said
    assert portal.parts["web"].returncode == -signal.SIGTERM
