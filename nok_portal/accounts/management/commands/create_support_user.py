"""`bin/manage create_support_user`: the first account of the portal's support staff."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from nok_portal.accounts.services.people import open_support_account, password_link


class Command(BaseCommand):
    help = "Даёт человеку права поддержки портала и печатает ссылку, по которой он задаст пароль."
    needs_servers = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="ПОЧТА")
        parser.add_argument("full_name", metavar="ФИО")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as refusal:
            raise CommandError(f"{options['email']}: это не адрес электронной почты.") from refusal
        user = open_support_account(
            email=options["email"], full_name=options["full_name"], actor=None, at=timezone.now()
        )
        link = password_link(user)
        if options["format"] == "json":
            answer = {"email": user.email, "link": link}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
        else:
            self.stdout.write(f"Сотрудник поддержки: {user.full_name}, {user.email}")
            self.stdout.write("Ссылка, чтобы задать пароль, действует три дня:")
            self.stdout.write(link)
