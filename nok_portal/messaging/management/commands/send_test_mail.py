"""`bin/manage send_test_mail ADDRESS`: whether letters leave this portal."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from nok_portal.messaging.models import OutgoingMail
from nok_portal.messaging.places import Place
from nok_portal.messaging.services.mail import queue_mail, send_waiting


class Command(BaseCommand):
    """Sends a letter at once, by the way that all letters go, and says what the mail server answered."""

    help = "Отправляет пробное письмо и печатает, что ответил почтовый сервер."
    needs_servers = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ПОЧТА")

    def handle(self, **options: Any) -> None:
        address = options["address"]
        try:
            validate_email(address)
        except ValidationError as refusal:
            raise CommandError(f"{address}: это не адрес электронной почты.") from refusal
        at = timezone.now()
        mail = queue_mail(
            kind="test",
            recipient=address,
            subject="Проверка почты портала",
            template="messaging/mail/test",
            context={"at": timezone.localtime(at)},
            at=at,
        )
        send_waiting(place=Place(), at=timezone.now(), mail_id=mail.pk)
        mail = _after_one_try(mail)
        if mail.state != OutgoingMail.State.SENT:
            reason = mail.error or "почтовый сервер не отвечает"
            raise CommandError(f"Письмо не ушло: {reason}. Проверьте EMAIL_URL и почтовый сервер.")
        self.stdout.write(f"Письмо принято почтовым сервером для {address}: {mail.message_id}")


def _after_one_try(mail: OutgoingMail) -> OutgoingMail:
    """The letter with what became of it; a worker of the portal may have taken it first."""
    deadline = time.monotonic() + settings.EMAIL_TIMEOUT + 5
    while True:
        with Place().scope():
            mail = OutgoingMail.objects.get(pk=mail.pk)
        if mail.state != OutgoingMail.State.WAITING or mail.error or time.monotonic() > deadline:
            return mail
        time.sleep(0.2)
