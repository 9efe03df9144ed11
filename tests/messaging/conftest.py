"""A municipality with a plan, and a mail server on loopback that does as it is told."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default as email_policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.plans.reporting import World, make_world


@pytest.fixture
def world() -> World:
    return make_world()


class Mailbox:
    """What the mail server does with a letter; `refuses` answers for single addresses, `script` holds the answers to
    the next letters. Without `may_answer` a letter that it has got waits for its answer."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.answer = "250 OK"
        self.refused = ""
        self.refuses: dict[str, str] = {}
        self.script: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if refusal := self.refused or self.refuses.get(address, ""):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.script.pop(0) if self.script else self.answer
        if answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=email_policy))
        await asyncio.to_thread(self.may_answer.wait)
        return answer


@pytest.fixture
def smtp_port() -> int:
    """Where nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(box: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        box.may_answer.set()
        controller.stop()


@pytest.fixture
def mailbox(settings: Any, smtp_port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_port
    with serving(box, smtp_port):
        yield box
