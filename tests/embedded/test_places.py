"""Ports and paths that are taken, too long or a stranger's."""

import socket
from pathlib import Path

import pytest

from nok_portal.embedded import supervisor
from nok_portal.embedded.places import Places
from nok_portal.embedded.supervisor import RunFailed, choose_port


def listener_on(port: int) -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def test_sockets_of_a_deep_checkout_lie_elsewhere():
    deep = Places(Path("/srv") / ("очень-глубоко/" * 10))
    assert len(str(deep.keeper_socket).encode()) < 100
    assert Places(Path("/srv/portal")).keeper_socket == Path("/srv/portal/keeper.sock")


def test_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch):
    with listener_on(0) as busy:
        port = busy.getsockname()[1]
        monkeypatch.setattr(supervisor, "FIRST_PORT", port)
        monkeypatch.setattr(supervisor, "LAST_PORT", port + 50)
        assert port < choose_port("") <= port + 50


@pytest.mark.parametrize("wanted", ["восемь", "0", "70000"])
def test_wanted_port_must_be_a_port(wanted: str):
    with pytest.raises(RunFailed, match="это не номер порта"):
        choose_port(wanted)


def test_wanted_port_that_is_busy_is_named():
    with listener_on(0) as busy:
        port = str(busy.getsockname()[1])
        with pytest.raises(RunFailed, match=f"Порт {port} занят другой программой"):
            choose_port(port)
